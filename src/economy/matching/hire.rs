//! Who takes which vacancy, and who attends a course.

use super::{Leavers, People, PeopleItem, Place, Queue, Queues};
use crate::economy::Luckbox;
use crate::economy::policy::{InForce, Today};
use crate::economy::shared::blocks;
use crate::economy::shared::streams::Stream;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::{ASKED, DISMISSED, INSURED, NO_SITE, REFUSES, WAITING, Work};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::maths::running_sum;
use crate::ground::random::Chance;
use bevy_ecs::prelude::*;
use rand::Rng;
use std::mem::take;

/// A market when its vacancies are filled, with what belongs to it alone.
struct Opening<'a, 'w, 's> {
    market: &'a mut Market,
    queue: &'a mut Queue,
    cohorts: &'a mut [PeopleItem<'w, 's>],
    /// Vacancies of the sites up to each, its own included.
    ends: &'a [i64],
    /// Who joined each site.
    joined: &'a mut [Leavers],
    training_places: f64,
}

/// Those who found a vacancy take one at random, none twice; where there are too few, chance
/// decides who is first. Courses fill up.
pub fn hire(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    mut markets: ResMut<Markets>,
    mut queues: ResMut<Queues>,
    mut sites: Query<(&Site, &mut Staff)>,
    mut cohorts: Query<People>,
) {
    let mut staff: Vec<_> = sites.iter_mut().map(|(_, staff)| staff).collect();
    let mut people: Vec<_> = cohorts.iter_mut().collect();
    let mut ends = Vec::with_capacity(markets.0.len() * staff.len());
    for cohort in people.chunk_by(are_colleagues).map(|people| people[0].cohort) {
        let crews = cohort.own(&staff).iter().map(|crew| &crew.0[cohort.occupation.slot()]);
        ends.extend(running_sum(crews.map(|crew| crew.vacancies)));
    }
    let mut joined = vec![Leavers::default(); ends.len()];
    let openings = open(&mut people, (&mut markets, &mut queues), &in_force, &ends, &mut joined);
    let (slots, now) = (luck.0.at(Stream::Vacancy, clock.tick), clock.row_tick());
    blocks::over(openings, |mut opening| {
        opening.take_vacancies(slots, now);
        opening.fill_courses(now);
    });
    let mut joined = joined.as_slice();
    for cohort in people.chunk_by(are_colleagues).map(|people| people[0].cohort) {
        let mine = split_off(&mut joined, cohort.sites.1);
        for (n, joined) in mine.iter().enumerate().filter(|(_, joined)| joined.heads != 0) {
            let crew = &mut staff[cohort.sites.0 + n].0[cohort.occupation.slot()];
            crew.vacancies -= joined.heads;
            crew.heads += joined.heads;
            crew.skill += joined.skill;
        }
    }
}

/// Are two blocks of people of one market?
fn are_colleagues(one: &PeopleItem, other: &PeopleItem) -> bool {
    one.cohort.market == other.cohort.market
}

/// The markets that have people, each with what of the lists belongs to it.
fn open<'a, 'w, 's>(
    people: &'a mut [PeopleItem<'w, 's>],
    (markets, queues): (&'a mut Markets, &'a mut Queues),
    in_force: &InForce,
    mut ends: &'a [i64],
    mut joined: &'a mut [Leavers],
) -> Vec<Opening<'a, 'w, 's>> {
    let mut openings = Vec::with_capacity(markets.0.len());
    let mut books = markets.0.iter_mut().zip(&mut queues.0).zip(&in_force.markets).enumerate();
    for cohorts in people.chunk_by_mut(are_colleagues) {
        let cohort = cohorts[0].cohort;
        let book = books.find(|(place, _)| *place == cohort.market);
        let (_, ((market, queue), law)) = book.expect("people stand in the order of their markets");
        let people = market.heads.iter().sum::<i64>() as f64;
        let training_places = law.training_places.0 * people + market.courses.extra_places;
        let (ends, joined) = (split_off(&mut ends, cohort.sites.1), split_off_mut(&mut joined, cohort.sites.1));
        openings.push(Opening { market, queue, cohorts, ends, joined, training_places });
    }
    openings
}

/// Takes so many off the front of a list.
fn split_off<'a, T>(list: &mut &'a [T], count: usize) -> &'a [T] {
    let (front, rest) = list.split_at(count);
    *list = rest;
    front
}

/// Takes so many off the front of a list that is written to.
fn split_off_mut<'a, T>(list: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (front, rest) = take(list).split_at_mut(count);
    *list = rest;
    front
}

impl Opening<'_, '_, '_> {
    /// Where somebody in a queue stands: cohort of the market, and row.
    fn find(&self, who: Place) -> (usize, usize) {
        let first = self.cohorts.first().map_or(0, |people| people.cohort.index);
        (who.cohort as usize - first, who.row as usize)
    }

    /// Hires.
    fn take_vacancies(&mut self, slots: Chance, now: i16) {
        let open = self.ends.last().copied().unwrap_or(0);
        let mut queue = take(&mut self.queue.seekers);
        let most = open.unsigned_abs() as usize;
        if queue.len() > most {
            queue.select_nth_unstable(most);
            queue.truncate(most);
            queue.sort_unstable();
        }
        for &who in &queue {
            let (at, row) = self.find(who);
            let people = &mut self.cohorts[at];
            let mut draws = slots.draws(people.cohort.worker(row));
            let place = free_slot(self.ends, self.joined, || draws.next_u64());
            self.joined[place].heads += 1;
            self.joined[place].skill += i64::from(people.skill.0[row]);
            self.market.flows.hires += 1;
            self.market.heads[usize::from(people.status.0[row])] -= 1;
            self.market.heads[Work::Employed as usize] += 1;
            people.status.0[row] = Work::Employed as u8;
            people.since.0[row] = now;
            self.market.turnover.never_hired -= i64::from(people.employer.0[row] == NO_SITE);
            people.employer.0[row] = place as u16;
            if people.marks.0[row] & WAITING != 0 {
                self.market.flows.reemployed_total += 1;
            }
            people.marks.0[row] &= !(WAITING | INSURED | ASKED | REFUSES | DISMISSED);
        }
        self.queue.seekers = queue;
    }

    /// Courses take those who want one, drawn by lot, as far as places go.
    fn fill_courses(&mut self, now: i16) {
        let mut queue = take(&mut self.queue.courses);
        queue.sort_unstable();
        for &who in &queue {
            if self.market.heads[Work::Training as usize] as f64 >= self.training_places {
                break;
            }
            let (at, row) = self.find(who);
            let people = &mut self.cohorts[at];
            self.market.heads[Work::Unemployed as usize] -= 1;
            self.market.heads[Work::Training as usize] += 1;
            self.market.courses.enrolled += 1;
            people.status.0[row] = Work::Training as u8;
            people.since.0[row] = now;
            people.trained.0[row] = now;
            people.marks.0[row] &= !INSURED;
        }
        self.queue.courses = queue;
    }
}

/// A site with a free slot, each free slot of the market with the same chance: slots are numbered
/// site by site up to `ends`, the first ones of a site are taken first, and a draw that hits a taken one
/// is repeated. So where somebody goes depends on the own draw, and on others only where they collide.
fn free_slot(ends: &[i64], joined: &[Leavers], mut draw: impl FnMut() -> u64) -> usize {
    let all = ends.last().map_or(0, |&end| end.unsigned_abs());
    loop {
        // the high half of a 64 by 64 bit product: uniform below `all` to within 2^-64
        let slot = ((u128::from(draw()) * u128::from(all)) >> 64) as i64;
        let place = ends.partition_point(|&end| end <= slot);
        let first = if place > 0 { ends[place - 1] } else { 0 };
        if slot - first >= joined[place].heads {
            return place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::random::{Key, Luck};

    #[test]
    fn slots_are_taken_once_and_each_with_the_same_chance() {
        // three sites with 1, 0 and 3 slots; four draws fill them all, whatever the draws
        let ends: Vec<i64> = running_sum([1, 0, 3]).collect();
        let mut rng = Luck::new(5, 0).at(Stream::Vacancy, 0).draws(Key::numbered(1));
        let mut first = [0; 3];
        for _ in 0..4_000 {
            let mut joined = vec![Leavers::default(); 3];
            for n in 0..4 {
                let place = free_slot(&ends, &joined, || rng.next_u64());
                joined[place].heads += 1;
                first[place] += i64::from(n == 0);
            }
            assert_eq!([joined[0].heads, joined[1].heads, joined[2].heads], [1, 0, 3]);
        }
        // a quarter of the first draws: 1,000 with a standard deviation of 27; four of them
        assert!((first[0] - 1_000).abs() < 110 && first[1] == 0, "{first:?}");
    }
}
