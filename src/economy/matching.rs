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
use crate::ground::maths;
use crate::ground::random::{Chance, Stream, threshold, whole};
use crate::ground::units::{HoursPerWeek, Number, Persons, Rate, Share, Size, Span, UsdPerWeek};
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryItem;
use serde::{Deserialize, Serialize};

/// Parameters of labour markets.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LabourParameters {
    /// People employed in manufacturing at the start.
    pub manufacturing: ByRegion<Persons>,
    /// Share of them who are production workers.
    pub production_share: Share,
    /// Share of production workers by factory occupation.
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

/// Why somebody stopped working at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Separation,
    Quit,
    Notice,
    Dismissal,
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
pub struct Queues {
    seekers: Vec<Vec<Place>>,
    courses: Vec<Vec<Place>>,
}

impl Queues {
    /// Empty queues for so many markets.
    pub fn new(markets: usize) -> Self {
        Queues { seekers: vec![Vec::new(); markets], courses: vec![Vec::new(); markets] }
    }
}

/// Thresholds of 32-bit draws for a market.
struct Hazards {
    /// Below which anything can happen at all, by [`Work`]: most rows are done with one comparison.
    anything: [u32; 4],
    /// Can somebody have been dismissed for refusing?
    checks_marks: bool,
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

#[derive(Default)]
struct Moves {
    leavers: Vec<(u16, u16, Cause, Place)>,
    seekers: Vec<Place>,
    courses: Vec<Place>,
    change: [i64; 4],
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
    let columns: Vec<_> = cohorts.iter_mut().collect();
    let moves = blocks::over(columns, |mut people| {
        let cohort = people.0;
        let hazards = hazards(&clock, &parameters, &in_force, &markets.0[cohort.market], cohort, &crews);
        let is_portable = in_force.law[cohort.region].royalty_portable;
        (
            cohort.market,
            cohort.sites.0,
            cohort.occupation,
            move_people(&clock, &luck, &hazards, is_portable, &mut people),
        )
    });
    for market in &mut markets.0 {
        (market.displaced, market.laid_off, market.dismissed, market.hires) = (0, 0, 0, 0);
    }
    let queues = &mut *queues;
    queues.seekers.iter_mut().chain(&mut queues.courses).for_each(Vec::clear);
    let mut staff: Vec<_> = sites.iter_mut().map(|(site, staff)| (site.is_organised, staff)).collect();
    let mut noticed: Vec<(usize, usize, Place)> = Vec::new();
    for (index, first, occupation, moves) in moves {
        let market = &mut markets.0[index];
        for (heads, change) in market.heads.iter_mut().zip(moves.change) {
            *heads += change;
        }
        market.reemployed_total += moves.reemployed;
        market.claims -= moves.forfeited;
        for (place, skill, cause, who) in moves.leavers {
            let site = first + usize::from(place);
            let crew = &mut staff[site].1.0[occupation.slot()];
            crew.heads -= 1;
            crew.skill -= i64::from(skill);
            match cause {
                Cause::Notice => noticed.push((site, occupation.slot(), who)),
                Cause::Dismissal => market.dismissed += 1,
                Cause::Separation | Cause::Quit => {}
            }
        }
        queues.seekers[index].extend(moves.seekers);
        queues.courses[index].extend(moves.courses);
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
    let law = &in_force.law[cohort.region];
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
    Hazards {
        anything: [notice.iter().copied().max().unwrap_or(0), out_of_work, outside_any, u32::MAX],
        checks_marks: parameters.risk.dismissal[law.data_rights].0 > 0.0,
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
    let first_key = cohort.key;
    let chance = luck.0.at(Stream::Labour, clock.tick);
    let queue = luck.0.at(Stream::Queue, clock.tick);
    let cover = luck.0.at(Stream::Cover, clock.tick);
    let now = i16::try_from(clock.tick).expect("ticks fit 16 bits");
    let mut moves = Moves::default();
    let mut found = [0_u32; STRIP];
    for first in (0..status.len()).step_by(STRIP) {
        let last = (first + STRIP).min(status.len());
        let count = candidates(hazards, chance, first_key, first..last, status, marks, &mut found);
        for &row in &found[..count] {
            let row = row as usize;
            let key = first_key.wrapping_add(row as u64);
            let draw = chance.bits(key) as u32;
            let byte = status[row];
            let place =
                || Place { priority: (queue.bits(key) >> 32) as u32, cohort: cohort.index as u32, row: row as u32 };
            let was = Work::of(byte);
            let becomes = match was {
                Work::Employed => {
                    let at = employer[row];
                    let mark = marks[row];
                    let is_dismissed = mark & DISMISSED != 0;
                    if draw >= hazards.notice[usize::from(at)] && !is_dismissed {
                        continue;
                    }
                    let cause = if is_dismissed {
                        Cause::Dismissal
                    } else if draw < hazards.separation {
                        Cause::Separation
                    } else if draw < hazards.separation_or_quit {
                        Cause::Quit
                    } else {
                        Cause::Notice
                    };
                    moves.leavers.push((at, skill[row], cause, place()));
                    marks[row] = mark & !(ASKED | REFUSES | DISMISSED);
                    if !is_portable {
                        moves.forfeited += i128::from(claim[row]);
                        claim[row] = 0;
                    }
                    if cause == Cause::Quit { Work::Outside } else { Work::Unemployed }
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

/// Rows looked at together.
const STRIP: usize = 256;

/// Rows to whom something may happen this tick, found without a branch a row: what a draw says is as
/// good as random, and a processor that guesses wrong loses more than the comparison costs.
fn candidates(
    hazards: &Hazards,
    chance: Chance,
    first_key: u64,
    rows: std::ops::Range<usize>,
    status: &[u8],
    marks: &[u8],
    found: &mut [u32; STRIP],
) -> usize {
    let dismissed = if hazards.checks_marks { DISMISSED } else { 0 };
    let mut count = 0;
    for row in rows {
        let draw = chance.bits(first_key.wrapping_add(row as u64)) as u32;
        let hit = (draw < hazards.anything[usize::from(status[row] & 3)]) | (marks[row] & dismissed != 0);
        found[count & (STRIP - 1)] = row as u32;
        count += usize::from(hit);
    }
    count
}

/// 10b. Those who found a vacancy take it, in the order of their luck, none twice; courses fill up.
pub fn hire(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    in_force: Res<InForce>,
    mut markets: ResMut<Markets>,
    mut queues: ResMut<Queues>,
    mut sites: Query<(&Site, &mut Staff)>,
    mut cohorts: Query<People>,
) {
    let slots = luck.0.at(Stream::Vacancy, clock.tick);
    let now = i16::try_from(clock.tick).expect("ticks fit 16 bits");
    let mut staff: Vec<_> = sites.iter_mut().map(|(_, staff)| staff).collect();
    let mut columns: Vec<_> = cohorts.iter_mut().collect();
    for (index, market) in markets.0.iter_mut().enumerate() {
        let queue = &mut queues.seekers[index];
        queue.sort_unstable();
        let mut open = market.vacancies;
        for who in queue.iter() {
            if open == 0 {
                break;
            }
            let (cohort, status, marks, since, _, _, employer, _, skill) = &mut columns[who.cohort as usize];
            let row = who.row as usize;
            let slot = cohort.occupation.slot();
            let key = cohort.key + u64::from(who.row);
            let mut nth = whole((slots.share(key) * open as f64).floor()).min(open - 1);
            let place = (0..cohort.sites.1).find(|&n| {
                let vacancies = staff[cohort.sites.0 + n].0[slot].vacancies;
                nth -= vacancies;
                nth < 0
            });
            let Some(place) = place else { break };
            let crew = &mut staff[cohort.sites.0 + place].0[slot];
            crew.vacancies -= 1;
            crew.heads += 1;
            crew.skill += i64::from(skill.0[row]);
            open -= 1;
            market.hires += 1;
            market.heads[usize::from(status.0[row])] -= 1;
            market.heads[Work::Employed as usize] += 1;
            status.0[row] = Work::Employed as u8;
            since.0[row] = now;
            employer.0[row] = place as u16;
            if marks.0[row] & WAITING != 0 {
                market.reemployed_total += 1;
            }
            marks.0[row] &= !(WAITING | INSURED | ASKED | REFUSES | DISMISSED);
        }
        let queue = &mut queues.courses[index];
        queue.sort_unstable();
        let people: i64 = market.heads.iter().sum();
        let places = in_force.law[market.region].training_places.0 * people as f64 + market.extra_places;
        for who in queue.iter() {
            if market.heads[Work::Training as usize] as f64 >= places {
                break;
            }
            let (_, status, marks, since, _, _, _, trained, _) = &mut columns[who.cohort as usize];
            let row = who.row as usize;
            market.heads[Work::Unemployed as usize] -= 1;
            market.heads[Work::Training as usize] += 1;
            market.enrolled += 1;
            status.0[row] = Work::Training as u8;
            since.0[row] = now;
            trained.0[row] = now;
            marks.0[row] &= !INSURED;
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
    fn hires_never_exceed_vacancies() {
        let s = steady_state([1000, 75, 500, 0], 0.024, 0.003, 3.0);
        assert_eq!(hires(&s, 1e9, 5.0, 0.5), 5.0);
        assert_eq!(hires(&s, s.seekers, 0.0, 0.5), 0.0);
        // four times the seekers, mu = 0.5: twice the hires
        assert!((hires(&s, 4.0 * s.seekers, s.vacancies, 0.5) - 2.0 * s.hires).abs() < 1e-9);
    }
}
