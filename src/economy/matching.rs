//! Separations, search, hiring, training.
//!
//! The employed lose their job with hazard s, quit into outside jobs with hazard q, are given notice.
//! Seekers are the unemployed and, with intensity xi, those in outside jobs. In each region and
//! occupation
//!
//! ```text
//! M = min(V, M0 (S/S0)^mu (V/V0)^(1-mu))
//! ```
//!
//! hires happen, spread over seekers as a hazard; the hired take vacant slots at random, none twice.
//! The unemployed also find outside jobs with hazard f_out0 (O0/O)^chi: other services can absorb only
//! so many. Those in outside jobs lose them with hazard s and search again in their occupation. A
//! trainee leaves the search for the course, and from `lag` on finds outside jobs more easily.
//!
//! A notice is a displacement as long as the site's robots have absorbed more heads than it has
//! displaced; the rest are ordinary layoffs.
//!
//! Left out: moves from job to job without a break, between occupations of the model, between regions.
//! Source: matching function with constant returns, Petrongolo and Pissarides, JEL 2001.

use super::people::{
    ASKED, Claim, Cohort, DISMISSED, Employer, GIG, INSURED, Market, Markets, NEVER, Occupation, REFUSES, Scarred,
    Since, Skill, Status, SteadyState, Trained, WAITING, Work,
};
use super::policy::{Clock, InForce};
use super::sites::{ByRegion, Site, Staff};
use super::{Luckbox, Parameters, blocks};
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths;
use crate::ground::random::{Chance, Stream, threshold, whole};
use crate::ground::units::{HoursPerWeek, Number, Persons, Rate, Share, Size, Span, UsdPerWeek};
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryItem;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of labour markets.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LabourParameters {
    /// People employed in manufacturing at the start.
    pub manufacturing: ByRegion<Persons>,
    /// Share of them who are production workers.
    pub production_share: Share,
    /// Share of production workers by factory occupation.
    #[schemars(schema_with = "super::people::some_of::<Occupation, ByRegion<Share>>")]
    pub factory_mix: std::collections::BTreeMap<Occupation, ByRegion<Share>>,
    /// People who pick orders in warehouses at the start.
    pub pickers: ByRegion<Persons>,
    /// People who deliver parcels at the start, full-time equivalents.
    pub couriers: ByRegion<Persons>,
    /// w0: wage of a mean worker, by occupation and region.
    pub wage: super::people::Table<Occupation, ByRegion<UsdPerWeek>>,
    /// Share of sites with regular contracts: factories, warehouses, depots.
    pub organised: super::people::Table<super::sites::SiteType, ByRegion<Share>>,
    /// Weekly hours.
    pub weekly_hours: ByRegion<HoursPerWeek>,
    /// u0: unemployment rate at the start.
    pub unemployment: ByRegion<Share>,
    /// f0: how fast the unemployed find work at the start.
    pub job_finding: ByRegion<Rate>,
    /// rho: people in outside jobs per person employed, by occupation.
    pub outside_ratio: super::people::Table<Occupation, Size>,
    /// q: how fast the employed leave for outside jobs.
    pub quits: super::people::Table<Occupation, Rate>,
    /// Pay of outside jobs against an assembler's.
    pub outside_wage: Size,
    /// How long a vacancy stays open at the start.
    pub vacancy_length: Span,
    /// mu: elasticity of hires in seekers.
    pub matching_elasticity: Share,
    /// chi: how fast outside jobs fill up.
    pub outside_congestion: Number,
    /// Length of a training course.
    pub course: Span,
    /// Time from its start to its effect.
    pub course_lag: Span,
    /// Rise of the hazard of finding outside work, and of the speed at which the scar fades.
    pub course_effect: Number,
    /// Stipend, as a share of the wage.
    pub stipend: Share,
    /// Cost of a course, as a share of the annual wage.
    pub course_cost: Share,
}

/// E0: people employed in an occupation of a region at the start.
pub fn employment(labour: &LabourParameters, region: usize, occupation: Occupation) -> f64 {
    match occupation {
        Occupation::Picker => labour.pickers[region].0,
        Occupation::Courier => labour.couriers[region].0,
        _ => {
            let share = labour.factory_mix.get(&occupation).map_or(0.0, |mix| mix[region].0);
            labour.manufacturing[region].0 * labour.production_share.0 * share
        }
    }
}

/// The flows that keep the first week as it is.
///
/// `heads` are the agents at the start by [`Work`]; `find` and `quit` are probabilities per tick.
pub fn steady_state(heads: [i64; 4], find: f64, quit: f64, vacancy_ticks: f64) -> SteadyState {
    let (employed, unemployed, outside) = (heads[0] as f64, heads[1] as f64, heads[2] as f64);
    let at_work = employed + outside;
    let separation = find * unemployed / at_work;
    let find_inside = find * employed / at_work;
    let outside_search = if outside > 0.0 { quit * employed / (find_inside * outside) } else { 0.0 };
    let hires = (separation + quit) * employed;
    SteadyState {
        separation,
        quit,
        find_inside,
        find_outside: find - find_inside,
        outside_search,
        hires,
        vacancies: hires * vacancy_ticks,
        seekers: unemployed + outside_search * outside,
    }
}

/// M: hires of a tick.
pub fn hires(steady: &SteadyState, seekers: f64, vacancies: f64, elasticity: f64) -> f64 {
    if seekers <= 0.0 || vacancies <= 0.0 || steady.seekers <= 0.0 || steady.vacancies <= 0.0 {
        return 0.0;
    }
    let m = steady.hires
        * maths::pow(seekers / steady.seekers, elasticity)
        * maths::pow(vacancies / steady.vacancies, 1.0 - elasticity);
    m.min(vacancies)
}

/// Somebody in a queue: for a vacancy, a course, or a displacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    priority: u32,
    cohort: u32,
    row: u32,
}

/// Who searches with success this tick, and who would attend a course, by market.
#[derive(Resource, Debug, Default)]
pub struct Queues(Vec<Queue>);

#[derive(Debug, Default)]
struct Queue {
    seekers: Vec<Place>,
    courses: Vec<Place>,
}

impl Queues {
    /// Empty queues for so many markets.
    pub fn new(markets: usize) -> Self {
        Queues((0..markets).map(|_| Queue::default()).collect())
    }
}

/// Thresholds of 32-bit draws for a market.
struct Hazards {
    /// Below which anything can happen at all, by [`Work`]: most rows are done with one comparison.
    anything: [u32; 4],
    /// The mark of those dismissed for refusing, where that can happen.
    dismissed: u8,
    separation: u32,
    separation_or_quit: u32,
    notice: Vec<u32>,
    unemployed_in: u32,
    unemployed_out: u32,
    unemployed_out_trained: u32,
    course: u32,
    outside_in: u32,
    outside_lost: u32,
    course_ticks: i32,
    lag_ticks: i32,
    cover: f64,
}

/// Those who left a crew: heads, and their skill factors.
#[derive(Clone, Copy, Default)]
struct Leavers {
    heads: i64,
    skill: i64,
}

#[derive(Default)]
struct Moves {
    left: Vec<Leavers>,
    noticed: Vec<(u16, Place)>,
    seekers: Vec<Place>,
    courses: Vec<Place>,
    change: [i64; 4],
    dismissed: i64,
    reemployed: i64,
    forfeited: i128,
}

type People = (
    &'static Cohort,
    &'static mut Status,
    &'static mut super::people::Marks,
    &'static mut Since,
    &'static mut Scarred,
    &'static mut Claim,
    &'static mut Employer,
    &'static mut Trained,
    &'static Skill,
);

/// 10a. People lose, leave and look for work.
pub fn separate_and_search(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    parameters: Res<Parameters>,
    in_force: Res<InForce>,
    mut markets: ResMut<Markets>,
    mut queues: ResMut<Queues>,
    mut sites: Query<(&Site, &mut Staff)>,
    mut cohorts: Query<People>,
) {
    let crews: Vec<(&Site, &Staff)> = sites.iter().collect();
    let mut by_market: Vec<Option<Hazards>> = markets.0.iter().map(|_| None).collect();
    for (cohort, ..) in &cohorts {
        let hazards = || hazards(&clock, &parameters, &in_force, &markets.0[cohort.market], cohort, &crews);
        by_market[cohort.market].get_or_insert_with(hazards);
    }
    let columns: Vec<_> = cohorts.iter_mut().collect();
    let moves = blocks::over(columns, |mut people| {
        let cohort = people.0;
        let hazards = by_market[cohort.market].as_ref().expect("every market with people has hazards");
        let is_portable = in_force.law[cohort.region].royalty_portable;
        (cohort, move_people(&clock, &luck, hazards, is_portable, &mut people))
    });
    for (market, queue) in markets.0.iter_mut().zip(&mut queues.0) {
        (market.displaced, market.laid_off, market.dismissed, market.hires) = (0, 0, 0, 0);
        queue.seekers.clear();
        queue.courses.clear();
    }
    let mut staff: Vec<_> = sites.iter_mut().map(|(site, staff)| (site.is_organised, staff)).collect();
    let mut noticed: Vec<(usize, usize, Place)> = Vec::new();
    for (cohort, moves) in moves {
        let market = &mut markets.0[cohort.market];
        for (heads, change) in market.heads.iter_mut().zip(moves.change) {
            *heads += change;
        }
        market.reemployed_total += moves.reemployed;
        market.dismissed += moves.dismissed;
        market.claims -= moves.forfeited;
        let slot = cohort.occupation.slot();
        for (n, left) in moves.left.iter().enumerate() {
            let crew = &mut staff[cohort.sites.0 + n].1.0[slot];
            crew.heads -= left.heads;
            crew.skill -= left.skill;
        }
        noticed.extend(moves.noticed.iter().map(|&(place, who)| (cohort.sites.0 + usize::from(place), slot, who)));
        queues.0[cohort.market].seekers.extend(moves.seekers);
        queues.0[cohort.market].courses.extend(moves.courses);
    }
    // robots displace as many as they have absorbed and not yet displaced; luck decides who
    noticed.sort_unstable();
    let mut columns: Vec<_> = cohorts.iter_mut().collect();
    for (site, slot, who) in noticed {
        let (is_organised, staff) = &mut staff[site];
        let crew = &mut staff.0[slot];
        let (cohort, _, marks, _, scarred, ..) = &mut columns[who.cohort as usize];
        let market = &mut markets.0[cohort.market];
        if (crew.displaced + 1) as f64 > crew.absorbed {
            market.laid_off += 1;
            continue;
        }
        crew.displaced += 1;
        market.displaced += 1;
        market.displaced_total += 1;
        let row = who.row as usize;
        scarred.0[row] = i16::try_from(clock.tick).expect("ticks fit 16 bits");
        marks.0[row] = (marks.0[row] & !GIG) | WAITING | if *is_organised { 0 } else { GIG };
    }
}

fn hazards(
    clock: &Clock,
    parameters: &Parameters,
    in_force: &InForce,
    market: &Market,
    cohort: &Cohort,
    crews: &[(&Site, &Staff)],
) -> Hazards {
    let labour = &parameters.labour;
    let steady = &market.steady;
    let law = &in_force.markets[cohort.market];
    let [employed, unemployed, outside, training] = market.heads.map(|heads| heads as f64);
    let seekers = unemployed + steady.outside_search * outside;
    let found = hires(steady, seekers, market.vacancies as f64, labour.matching_elasticity.0);
    let inside = if seekers > 0.0 { (found / seekers).min(1.0) } else { 0.0 };
    let room = if outside > 0.0 { market.heads_initial[2] as f64 / outside } else { 1.0 };
    let out = steady.find_outside * maths::pow(room, labour.outside_congestion.0);
    let out_trained = out * (1.0 + labour.course_effect.0);
    let places = law.training_places.0 * (employed + unemployed + outside + training) + market.extra_places;
    let free = (places - training).max(0.0);
    let course = if unemployed > 0.0 { (free / unemployed).min(1.0) } else { 0.0 };
    let outside_in = (steady.outside_search * inside).min(1.0);
    let loss = steady.separation + steady.quit;
    let slot = cohort.occupation.slot();
    let notice = (0..cohort.sites.1).map(|n| threshold(loss + crews[cohort.sites.0 + n].1.0[slot].notice));
    let ticks = |span: Span| i32::try_from(whole((span.0 / clock.weeks).round())).unwrap_or(i32::MAX);
    let notice: Vec<u32> = notice.collect();
    let out_of_work = if course > 0.0 { u32::MAX } else { threshold(inside + out.max(out_trained)) };
    let outside_any = threshold(outside_in + steady.separation);
    let is_dismissal = parameters.risk.dismissal[law.data_rights].0 > 0.0;
    Hazards {
        anything: [notice.iter().copied().max().unwrap_or(0), out_of_work, outside_any, u32::MAX],
        dismissed: if is_dismissal { DISMISSED } else { 0 },
        separation: threshold(steady.separation),
        separation_or_quit: threshold(loss),
        notice,
        unemployed_in: threshold(inside),
        unemployed_out: threshold(inside + out),
        unemployed_out_trained: threshold(inside + out_trained),
        course: threshold(course),
        outside_in: threshold(outside_in),
        outside_lost: outside_any,
        course_ticks: ticks(labour.course),
        lag_ticks: ticks(labour.course_lag),
        cover: law.insurance_cover.0,
    }
}

fn move_people(
    clock: &Clock,
    luck: &Luckbox,
    hazards: &Hazards,
    is_portable: bool,
    people: &mut QueryItem<'_, '_, People>,
) -> Moves {
    let (cohort, status, marks, since, _, claim, employer, trained, skill) = people;
    let (status, marks, since) = (status.0.as_mut_slice(), marks.0.as_mut_slice(), since.0.as_mut_slice());
    let (claim, employer) = (claim.0.as_mut_slice(), employer.0.as_slice());
    let (trained, skill) = (trained.0.as_slice(), skill.0.as_slice());
    let chance = luck.0.at(Stream::Labour, clock.tick);
    let queue = luck.0.at(Stream::Queue, clock.tick);
    let cover = luck.0.at(Stream::Cover, clock.tick);
    let now = i16::try_from(clock.tick).expect("ticks fit 16 bits");
    let mut moves = Moves { left: vec![Leavers::default(); cohort.sites.1], ..Moves::default() };
    let (mut flags, mut draws) = ([0; STRIP], [0; STRIP]);
    for first in (0..status.len()).step_by(STRIP) {
        let strip = first..(first + STRIP).min(status.len());
        let keys = cohort.key.wrapping_add((first / 2) as u64);
        flags.fill(0);
        crate::wide!(flag_movers(
            hazards,
            chance,
            keys,
            &status[strip.clone()],
            &marks[strip.clone()],
            &mut draws,
            &mut flags
        ));
        for at in marked(&flags) {
            let row = first + at;
            let draw = draws[at];
            let key = cohort.key.wrapping_add(row as u64);
            let place =
                || Place { priority: (queue.bits(key) >> 32) as u32, cohort: cohort.index as u32, row: row as u32 };
            let was = Work::of(status[row]);
            let becomes = match was {
                Work::Employed => {
                    let at = employer[row];
                    let mark = marks[row];
                    let is_dismissed = mark & DISMISSED != 0;
                    if draw >= hazards.notice[usize::from(at)] && !is_dismissed {
                        continue;
                    }
                    let is_quit = !is_dismissed && draw >= hazards.separation && draw < hazards.separation_or_quit;
                    if is_dismissed {
                        moves.dismissed += 1;
                    } else if draw >= hazards.separation_or_quit {
                        moves.noticed.push((at, place()));
                    }
                    let left = &mut moves.left[usize::from(at)];
                    left.heads += 1;
                    left.skill += i64::from(skill[row]);
                    marks[row] = mark & !(ASKED | REFUSES | DISMISSED);
                    if !is_portable {
                        moves.forfeited += i128::from(claim[row]);
                        claim[row] = 0;
                    }
                    if is_quit { Work::Outside } else { Work::Unemployed }
                }
                Work::Unemployed => {
                    if draw < hazards.unemployed_in {
                        moves.seekers.push(place());
                        continue;
                    }
                    let is_trained = trained[row] != NEVER && clock.tick - i32::from(trained[row]) >= hazards.lag_ticks;
                    let out = if is_trained { hazards.unemployed_out_trained } else { hazards.unemployed_out };
                    if draw >= out {
                        if hazards.course > 0 && (chance.bits(!key) as u32) < hazards.course {
                            moves.courses.push(place());
                        }
                        continue;
                    }
                    Work::Outside
                }
                Work::Outside => {
                    if draw < hazards.outside_in {
                        moves.seekers.push(place());
                        continue;
                    }
                    if draw >= hazards.outside_lost {
                        continue;
                    }
                    Work::Unemployed
                }
                Work::Training => {
                    if clock.tick - i32::from(since[row]) < hazards.course_ticks {
                        continue;
                    }
                    Work::Unemployed
                }
            };
            moves.change[was as usize] -= 1;
            moves.change[becomes as usize] += 1;
            status[row] = becomes as u8;
            since[row] = now;
            let mut mark = marks[row] & !INSURED;
            if becomes == Work::Unemployed && was != Work::Training && cover.happens(key, hazards.cover) {
                mark |= INSURED;
            }
            if becomes == Work::Outside && mark & WAITING != 0 {
                mark &= !WAITING;
                moves.reemployed += 1;
            }
            marks[row] = mark;
        }
    }
    moves
}

/// Draws for a strip of rows, and flags for those to whom something may happen this tick.
#[inline(always)]
fn flag_movers(
    hazards: &Hazards,
    chance: Chance,
    keys: u64,
    status: &[u8],
    marks: &[u8],
    draws: &mut [u32; STRIP],
    flags: &mut Flags,
) {
    chance.strip(keys, draws);
    let [employed, unemployed, outside, training] = hazards.anything;
    let mask = |is_true: bool| 0_u32.wrapping_sub(u32::from(is_true));
    for ((flag, &draw), (&work, &mark)) in flags.iter_mut().zip(draws.iter()).zip(status.iter().zip(marks)) {
        let limit = (employed & mask(work == Work::Employed as u8))
            | (unemployed & mask(work == Work::Unemployed as u8))
            | (outside & mask(work == Work::Outside as u8))
            | (training & mask(work == Work::Training as u8));
        *flag = u8::from(draw < limit) | (mark & hazards.dismissed);
    }
}

/// A market when its vacancies are filled, with what belongs to it alone.
struct Opening<'a> {
    market: &'a mut Market,
    queue: &'a mut Queue,
    cohorts: Vec<QueryItem<'a, 'a, People>>,
    vacancies: Vec<i64>,
    training_places: f64,
}

/// 10b. Those who found a vacancy take one at random, none twice; where there are too few, luck
/// decides who is first. Courses fill up.
pub fn hire(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    in_force: Res<InForce>,
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
            let training_places = law.training_places.0 * people + market.extra_places;
            Opening { market, queue, cohorts: Vec::new(), vacancies: Vec::new(), training_places }
        })
        .collect();
    for people in cohorts.iter_mut() {
        let cohort = people.0;
        let opening = &mut openings[cohort.market];
        if opening.cohorts.is_empty() {
            let crews = staff[cohort.sites.0..cohort.sites.0 + cohort.sites.1].iter();
            opening.vacancies = crews.map(|crew| crew.0[cohort.occupation.slot()].vacancies).collect();
        }
        opening.cohorts.push(people);
    }
    let slots = luck.0.at(Stream::Vacancy, clock.tick);
    let now = i16::try_from(clock.tick).expect("ticks fit 16 bits");
    let hired = blocks::over(openings, |mut opening| {
        let first = opening.cohorts.first().map(|people| people.0);
        let joined = opening.take_vacancies(slots, now);
        opening.fill_courses(now);
        first.map(|cohort| (cohort, joined))
    });
    for (cohort, joined) in hired.into_iter().flatten() {
        for (n, joined) in joined.iter().enumerate() {
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
        let first = self.cohorts.first().map_or(0, |people| people.0.index);
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
            let (cohort, status, marks, since, _, _, employer, _, skill) = &mut self.cohorts[at];
            let mut draws = slots.draws(cohort.key + u64::from(who.row));
            let place = free_slot(&ends, &joined, || draws.next_u64());
            joined[place].heads += 1;
            joined[place].skill += i64::from(skill.0[row]);
            self.market.hires += 1;
            self.market.heads[usize::from(status.0[row])] -= 1;
            self.market.heads[Work::Employed as usize] += 1;
            status.0[row] = Work::Employed as u8;
            since.0[row] = now;
            employer.0[row] = place as u16;
            if marks.0[row] & WAITING != 0 {
                self.market.reemployed_total += 1;
            }
            marks.0[row] &= !(WAITING | INSURED | ASKED | REFUSES | DISMISSED);
        }
        self.queue.seekers = queue;
        joined
    }

    /// Courses take those who want one, the first by luck, as far as places go.
    fn fill_courses(&mut self, now: i16) {
        let mut queue = std::mem::take(&mut self.queue.courses);
        queue.sort_unstable();
        for &who in &queue {
            if self.market.heads[Work::Training as usize] as f64 >= self.training_places {
                break;
            }
            let (at, row) = self.find(who);
            let (_, status, marks, since, _, _, _, trained, _) = &mut self.cohorts[at];
            self.market.heads[Work::Unemployed as usize] -= 1;
            self.market.heads[Work::Training as usize] += 1;
            self.market.enrolled += 1;
            status.0[row] = Work::Training as u8;
            since.0[row] = now;
            trained.0[row] = now;
            marks.0[row] &= !INSURED;
        }
        self.queue.courses = queue;
    }
}

fn running_sum(parts: &[i64]) -> Vec<i64> {
    parts
        .iter()
        .scan(0, |sum, part| {
            *sum += part;
            Some(*sum)
        })
        .collect()
}

/// A site with a free slot, each free slot of the market with the same chance: slots are numbered
/// site by site up to `ends`, the first ones of a site are taken first, and a draw that hits a taken one
/// is repeated. So where somebody goes hangs on the own draw, and on others only where they collide.
fn free_slot(ends: &[i64], joined: &[Leavers], mut draw: impl FnMut() -> u64) -> usize {
    let all = ends.last().map_or(0, |&end| end.unsigned_abs());
    loop {
        // the high half of a 64 by 64 bit product: uniform below `all` to within 2^-64
        let slot = (u128::from(draw()) * u128::from(all) >> 64) as i64;
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

    #[test]
    fn the_first_week_stands_still() {
        // E 1000, O 500, U 75: u = 4.76 %; f = 2.4 %; q = 0.3 %
        let s = steady_state([1000, 75, 500, 0], 0.024, 0.003, 3.0);
        let (e, u, o) = (1000.0, 75.0, 500.0);
        // employed: (s + q) E leave, f_in U + xi f_in O come
        let come = s.find_inside * u + s.outside_search * s.find_inside * o;
        assert!(((s.separation + s.quit) * e - come).abs() < 1e-12);
        // unemployed: f0 U leave, s (E + O) come
        assert!((0.024 * u - s.separation * (e + o)).abs() < 1e-12);
        // s = 0.024 * 75 / 1500 = 0.0012; M0 = 4.2; V0 = 12.6
        assert!((s.separation - 0.0012).abs() < 1e-15 && (s.vacancies - 12.6).abs() < 1e-12);
        // at the start the matching function gives M0
        assert!((hires(&s, s.seekers, s.vacancies, 0.5) - s.hires).abs() < 1e-12);
    }

    #[test]
    fn slots_are_taken_once_and_each_with_the_same_chance() {
        // three sites with 1, 0 and 3 slots; four draws fill them all, whatever the draws
        let ends = running_sum(&[1, 0, 3]);
        let mut rng = crate::ground::random::Luck::new(5, 0).at(Stream::Vacancy, 0).draws(1);
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

    #[test]
    fn hires_never_exceed_vacancies() {
        let s = steady_state([1000, 75, 500, 0], 0.024, 0.003, 3.0);
        assert_eq!(hires(&s, 1e9, 5.0, 0.5), 5.0);
        assert_eq!(hires(&s, s.seekers, 0.0, 0.5), 0.0);
        // four times the seekers, mu = 0.5: twice the hires
        assert!((hires(&s, 4.0 * s.seekers, s.vacancies, 0.5) - 2.0 * s.hires).abs() < 1e-9);
    }
}
