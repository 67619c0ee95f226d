//! Who loses, leaves and finds: one draw a row against the hazards of its market.

use super::{Leavers, People, PeopleItem, Place, Queue, Queues, hires};
use crate::economy::Luckbox;
use crate::economy::policy::RiskParameters;
use crate::economy::policy::{Clock, InForce, Today};
use crate::economy::shared::blocks;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::streams::Stream;
use crate::economy::world::markets::{LabourParameters, Market, Markets};
use crate::economy::world::people::{ASKED, Cohort, DISMISSED, GIG, INSURED, NEVER, REFUSES, WAITING, Work};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths;
use crate::ground::random::{Chance, Key, Rows, threshold};
use crate::ground::units::Span;
use crate::wide;
use bevy_ecs::prelude::*;
use std::ops::Range;

/// Thresholds of 32-bit draws for a market.
struct Hazards {
    /// Below which anything can happen at all, by [`Work`]: most rows are done with one comparison.
    anything: [u32; 4],
    /// The mark of those dismissed for refusing, where that can happen.
    dismissed: u8,
    separation: u32,
    separation_or_quit: u32,
    /// Where the thresholds of its sites stand among those of all markets.
    notice: Range<usize>,
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
    left: Vec<Leavers>,
    noticed: Vec<(u16, Place)>,
    seekers: Vec<Place>,
    courses: Vec<Place>,
    change: [i64; 4],
    dismissed: i64,
    reemployed: i64,
    forfeited: i128,
}

numbers! { labour: LabourParameters, risk: RiskParameters }

/// People lose, leave and look for work.
pub fn separate_and_search(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    parameters: Numbers,
    mut markets: ResMut<Markets>,
    mut queues: ResMut<Queues>,
    mut sites: Query<(&Site, &mut Staff)>,
    mut cohorts: Query<People>,
) {
    let crews: Vec<(&Site, &Staff)> = sites.iter().collect();
    let mut by_market: Vec<Option<Hazards>> = markets.0.iter().map(|_| None).collect();
    let mut notice = Vec::with_capacity(markets.0.len() * crews.len());
    for cohort in cohorts.iter().map(|people| people.cohort) {
        let market = &markets.0[cohort.market];
        by_market[cohort.market]
            .get_or_insert_with(|| hazards(&clock, &parameters, &in_force, market, cohort, &crews, &mut notice));
    }
    let draws = Draws::of(&luck, &clock);
    let mut columns: Vec<_> = cohorts.iter_mut().collect();
    let moves = blocks::over(blocks::grouped(&mut columns, |people| people.cohort.market), |group| {
        let cohort = group[0].cohort;
        let hazards = by_market[cohort.market].as_ref().expect("every market with people has hazards");
        let notice = &notice[hazards.notice.clone()];
        let is_portable = in_force.law[cohort.region].royalty_portable;
        let mut moves = Moves { left: vec![Leavers::default(); cohort.sites.1], ..Moves::default() };
        for people in group {
            move_people(&Week { draws: &draws, hazards, notice, is_portable }, people, &mut moves);
        }
        (cohort, moves)
    });
    for (market, queue) in markets.0.iter_mut().zip(&mut queues.0) {
        (market.flows.displaced, market.flows.laid_off, market.flows.dismissed, market.flows.hires) = (0, 0, 0, 0);
        queue.seekers.clear();
        queue.courses.clear();
    }
    let mut staff: Vec<_> = sites.iter_mut().map(|(site, staff)| (site.is_organised, staff)).collect();
    let mut noticed = Vec::new();
    for (cohort, moves) in moves {
        moves.commit(cohort, &mut markets.0[cohort.market], &mut queues.0[cohort.market], &mut staff, &mut noticed);
    }
    displace(noticed, draws.now, &mut cohorts.iter_mut().collect::<Vec<_>>(), &mut markets, &mut staff);
}

/// Somebody whom a crew too large for its work gave notice.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Noticed {
    site: usize,
    /// Place of the crew at the site.
    slot: usize,
    who: Place,
}

/// A site's crews, and whether its contracts are regular.
type Crews<'a> = (bool, Mut<'a, Staff>);

impl Moves {
    /// Enters what happened in a block of people into the books of its market and sites.
    fn commit(
        self,
        cohort: &Cohort,
        market: &mut Market,
        queue: &mut Queue,
        staff: &mut [Crews],
        noticed: &mut Vec<Noticed>,
    ) {
        for (heads, change) in market.heads.iter_mut().zip(self.change) {
            *heads += change;
        }
        market.flows.reemployed_total += self.reemployed;
        market.flows.dismissed += self.dismissed;
        market.recorded.claims -= self.forfeited;
        let slot = cohort.occupation.slot();
        for (n, left) in self.left.iter().enumerate().filter(|(_, left)| left.heads != 0) {
            let crew = &mut staff[cohort.sites.0 + n].1.0[slot];
            crew.heads -= left.heads;
            crew.skill -= left.skill;
        }
        let at = |place: u16| cohort.sites.0 + usize::from(place);
        noticed.extend(self.noticed.into_iter().map(|(place, who)| Noticed { site: at(place), slot, who }));
        queue.seekers.extend(self.seekers);
        queue.courses.extend(self.courses);
    }
}

/// Robots displace as many of those who were given notice as they have absorbed and not yet displaced;
/// chance decides who. The others are laid off for ordinary reasons.
fn displace(
    mut noticed: Vec<Noticed>,
    now: i16,
    cohorts: &mut [PeopleItem],
    markets: &mut Markets,
    staff: &mut [Crews],
) {
    noticed.sort_unstable();
    for Noticed { site, slot, who } in noticed {
        let (is_organised, staff) = &mut staff[site];
        let crew = &mut staff.0[slot];
        let people = &mut cohorts[who.cohort as usize];
        let market = &mut markets.0[people.cohort.market];
        if (crew.displaced + 1) as f64 > crew.absorbed {
            market.flows.laid_off += 1;
            continue;
        }
        crew.displaced += 1;
        market.flows.displaced += 1;
        market.flows.displaced_total += 1;
        let row = who.row as usize;
        people.scarred.0[row] = now;
        let mark = people.marks.0[row] & !GIG;
        people.marks.0[row] = mark | WAITING | if *is_organised { 0 } else { GIG };
    }
}

/// The hazards of a market; the thresholds of notice at its sites are written behind those of other markets.
fn hazards(
    clock: &Clock,
    parameters: &Numbers,
    in_force: &InForce,
    market: &Market,
    cohort: &Cohort,
    crews: &[(&Site, &Staff)],
    notices: &mut Vec<u32>,
) -> Hazards {
    let labour = &parameters.labour;
    let steady = &market.steady;
    let law = &in_force.markets[cohort.market];
    let [employed, unemployed, outside, training] = market.heads.map(|heads| heads as f64);
    let seekers = unemployed + steady.outside_search * outside;
    let found = hires(steady, seekers, market.flows.vacancies as f64, labour.matching_elasticity.0);
    let inside = if seekers > 0.0 { (found / seekers).min(1.0) } else { 0.0 };
    let (own, slot) = (cohort.own(crews), cohort.occupation.slot());
    let absorbed: f64 = own.iter().map(|(_, staff)| staff.0[slot].absorbed).sum();
    let jobs = market.outside_jobs(labour.new_tasks.0, absorbed);
    let room = if outside > 0.0 { jobs / outside } else { 1.0 };
    let out = steady.find_outside * maths::pow(room, labour.outside_congestion.0);
    let out_trained = out * (1.0 + labour.course_effect.0);
    let places = law.training_places.0 * (employed + unemployed + outside + training) + market.courses.extra_places;
    let free = (places - training).max(0.0);
    let course = if unemployed > 0.0 { (free / unemployed).min(1.0) } else { 0.0 };
    let outside_in = (steady.outside_search * inside).min(1.0);
    let loss = steady.separation + steady.quit;
    let first = notices.len();
    notices.extend(own.iter().map(|(_, staff)| threshold(loss + staff.0[slot].notice)));
    let notice = first..notices.len();
    let ticks = |span: Span| clock.ticks_in(span.0);
    let out_of_work = if course > 0.0 { u32::MAX } else { threshold(inside + out.max(out_trained)) };
    let outside_any = threshold(outside_in + steady.separation);
    let is_dismissal = parameters.risk.dismissal[law.data_rights].0 > 0.0;
    Hazards {
        anything: [notices[first..].iter().copied().max().unwrap_or(0), out_of_work, outside_any, u32::MAX],
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

/// The draws of a tick in the labour market.
struct Draws {
    tick: i32,
    /// The tick as rows write it down.
    now: i16,
    labour: Chance,
    queue: Chance,
    cover: Chance,
    courses: Chance,
}

impl Draws {
    fn of(luck: &Luckbox, clock: &Clock) -> Draws {
        let of = |stream| luck.0.at(stream, clock.tick);
        Draws {
            tick: clock.tick,
            now: clock.row_tick(),
            labour: of(Stream::Labour),
            queue: of(Stream::Queue),
            cover: of(Stream::Cover),
            courses: of(Stream::Course),
        }
    }
}

/// What all people of a market share this tick.
struct Week<'a> {
    draws: &'a Draws,
    hazards: &'a Hazards,
    /// Thresholds below which somebody leaves a job or is given notice, by site.
    notice: &'a [u32],
    /// Do claims to a royalty outlive the job?
    is_portable: bool,
}

/// Somebody to whom something may happen this tick.
#[derive(Clone, Copy)]
struct Somebody {
    row: usize,
    draw: u32,
    key: Key,
    cohort: usize,
}

impl Somebody {
    fn place(self, queue: Chance) -> Place {
        let priority = (queue.bits(self.key) >> 32) as u32;
        Place { priority, cohort: self.cohort as u32, row: self.row as u32 }
    }
}

/// Moves those of a cohort to whom something happens this tick.
fn move_people(week: &Week, people: &mut PeopleItem, moves: &mut Moves) {
    let (mut flags, mut draws) = ([0; STRIP], [0; STRIP]);
    let (cohort, rows) = (people.cohort, people.status.0.len());
    for first in (0..rows).step_by(STRIP) {
        let strip = first..(first + STRIP).min(rows);
        let keys = cohort.keys.strip(first);
        let (status, marks) = (&people.status.0[strip.clone()], &people.marks.0[strip]);
        flags.fill(0);
        wide!(flag_movers(week.hazards, week.draws.labour, keys, status, marks, &mut draws, &mut flags));
        for at in marked(&flags) {
            let row = first + at;
            let who = Somebody { row, draw: draws[at], key: cohort.worker(row), cohort: cohort.index };
            let was = Work::of(people.status.0[row]);
            let becomes = match was {
                Work::Employed => week.leave_job(who, people, moves),
                Work::Unemployed => week.look_for_work(who, people.trained.0[row], moves),
                Work::Outside => week.work_outside(who, moves),
                Work::Training => week.attend_course(people.since.0[row]),
                Work::Gone => None,
            };
            if let Some(becomes) = becomes {
                week.begin(who, was, becomes, people, moves);
            }
        }
    }
}

impl Week<'_> {
    /// Somebody at work is dismissed, quits, is separated or given notice; or stays.
    fn leave_job(&self, who: Somebody, people: &mut PeopleItem, moves: &mut Moves) -> Option<Work> {
        let (row, site, hazards) = (who.row, people.employer.0[who.row], self.hazards);
        let is_dismissed = people.marks.0[row] & DISMISSED != 0;
        if who.draw >= self.notice[usize::from(site)] && !is_dismissed {
            return None;
        }
        let is_quit = !is_dismissed && who.draw >= hazards.separation && who.draw < hazards.separation_or_quit;
        if is_dismissed {
            moves.dismissed += 1;
        } else if who.draw >= hazards.separation_or_quit {
            moves.noticed.push((site, who.place(self.draws.queue)));
        }
        let left = &mut moves.left[usize::from(site)];
        left.heads += 1;
        left.skill += i64::from(people.skill.0[row]);
        people.marks.0[row] &= !(ASKED | REFUSES | DISMISSED);
        if !self.is_portable {
            moves.forfeited += i128::from(people.claim.0[row]);
            people.claim.0[row] = 0;
        }
        Some(if is_quit { Work::Outside } else { Work::Unemployed })
    }

    /// Somebody without work queues for a vacancy in the own occupation, finds a job outside, or queues for a
    /// course; or goes on looking.
    fn look_for_work(&self, who: Somebody, trained: i16, moves: &mut Moves) -> Option<Work> {
        let hazards = self.hazards;
        if who.draw < hazards.unemployed_in {
            moves.seekers.push(who.place(self.draws.queue));
            return None;
        }
        let is_trained = trained != NEVER && self.draws.tick - i32::from(trained) >= hazards.lag_ticks;
        let out = if is_trained { hazards.unemployed_out_trained } else { hazards.unemployed_out };
        if who.draw < out {
            return Some(Work::Outside);
        }
        if hazards.course > 0 && (self.draws.courses.bits(who.key) as u32) < hazards.course {
            moves.courses.push(who.place(self.draws.queue));
        }
        None
    }

    /// Somebody in an outside job queues for a vacancy in the old occupation, or loses the job; or stays.
    fn work_outside(&self, who: Somebody, moves: &mut Moves) -> Option<Work> {
        if who.draw < self.hazards.outside_in {
            moves.seekers.push(who.place(self.draws.queue));
            return None;
        }
        (who.draw < self.hazards.outside_lost).then_some(Work::Unemployed)
    }

    /// Somebody on a course that began in the tick `since` looks for work when it is over.
    fn attend_course(&self, since: i16) -> Option<Work> {
        (self.draws.tick - i32::from(since) >= self.hazards.course_ticks).then_some(Work::Unemployed)
    }

    /// Somebody begins to do something else: the row and the counts say so from now on.
    fn begin(&self, who: Somebody, was: Work, becomes: Work, people: &mut PeopleItem, moves: &mut Moves) {
        moves.change[was as usize] -= 1;
        moves.change[becomes as usize] += 1;
        people.status.0[who.row] = becomes as u8;
        people.since.0[who.row] = self.draws.now;
        let mut mark = people.marks.0[who.row] & !INSURED;
        let is_jobless_now = becomes == Work::Unemployed && was != Work::Training;
        if is_jobless_now && self.draws.cover.happens(who.key, self.hazards.cover) {
            mark |= INSURED;
        }
        if becomes == Work::Outside && mark & WAITING != 0 {
            mark &= !WAITING;
            moves.reemployed += 1;
        }
        people.marks.0[who.row] = mark;
    }
}

/// Draws for a strip of rows, and flags for those to whom something may happen this tick.
#[inline(always)]
fn flag_movers(
    hazards: &Hazards,
    chance: Chance,
    keys: Rows,
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
