//! Who takes which vacancy, and who attends a course.

use super::{Leavers, People, PeopleItem, Place, Queue, Queues};
use crate::economy::Luckbox;
use crate::economy::policy::Today;
use crate::economy::shared::blocks;
use crate::economy::shared::streams::Stream;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::{ASKED, DISMISSED, INSURED, NO_SITE, REFUSES, WAITING, Work};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::maths::running_sum;
use crate::ground::random::Chance;
use bevy_ecs::prelude::*;
use rand::Rng;

/// A market when its vacancies are filled, with what belongs to it alone.
struct Opening<'a> {
    market: &'a mut Market,
    queue: &'a mut Queue,
    cohorts: Vec<PeopleItem<'a, 'a>>,
    vacancies: Vec<i64>,
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
    let mut openings: Vec<Opening> = markets
        .0
        .iter_mut()
        .zip(&mut queues.0)
        .zip(&in_force.markets)
        .map(|((market, queue), law)| {
            let people = market.heads.iter().sum::<i64>() as f64;
            let training_places = law.training_places.0 * people + market.courses.extra_places;
            Opening { market, queue, cohorts: Vec::new(), vacancies: Vec::new(), training_places }
        })
        .collect();
    for people in cohorts.iter_mut() {
        let cohort = people.cohort;
        let opening = &mut openings[cohort.market];
        if opening.cohorts.is_empty() {
            let crews = staff[cohort.sites.0..cohort.sites.0 + cohort.sites.1].iter();
            opening.vacancies = crews.map(|crew| crew.0[cohort.occupation.slot()].vacancies).collect();
        }
        opening.cohorts.push(people);
    }
    let slots = luck.0.at(Stream::Vacancy, clock.tick);
    let now = clock.row_tick();
    let hired = blocks::over(openings, |mut opening| {
        let first = opening.cohorts.first().map(|people| people.cohort);
        let joined = opening.take_vacancies(slots, now);
        opening.fill_courses(now);
        first.map(|cohort| (cohort, joined))
    });
    for (cohort, joined) in hired.into_iter().flatten() {
        for (n, joined) in joined.iter().enumerate().filter(|(_, joined)| joined.heads != 0) {
            let crew = &mut staff[cohort.sites.0 + n].0[cohort.occupation.slot()];
            crew.vacancies -= joined.heads;
            crew.heads += joined.heads;
            crew.skill += joined.skill;
        }
    }
}

impl Opening<'_> {
    /// Where somebody in a queue stands: cohort of the market, and row.
    fn find(&self, who: Place) -> (usize, usize) {
        let first = self.cohorts.first().map_or(0, |people| people.cohort.index);
        (who.cohort as usize - first, who.row as usize)
    }

    /// Hires; returns who joined each site.
    fn take_vacancies(&mut self, slots: Chance, now: i16) -> Vec<Leavers> {
        let mut joined = vec![Leavers::default(); self.vacancies.len()];
        let ends: Vec<i64> = running_sum(&self.vacancies);
        let open = ends.last().copied().unwrap_or(0);
        let mut queue = std::mem::take(&mut self.queue.seekers);
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
            let place = free_slot(&ends, &joined, || draws.next_u64());
            joined[place].heads += 1;
            joined[place].skill += i64::from(people.skill.0[row]);
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
        joined
    }

    /// Courses take those who want one, drawn by lot, as far as places go.
    fn fill_courses(&mut self, now: i16) {
        let mut queue = std::mem::take(&mut self.queue.courses);
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
        let ends = running_sum(&[1, 0, 3]);
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
