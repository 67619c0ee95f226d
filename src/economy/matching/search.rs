//! Who loses, leaves and finds: one draw a row against the hazards of its market.

use super::{Leavers, People, Place, Queues, hires};
use crate::economy::people::{ASKED, Cohort, DISMISSED, GIG, INSURED, Market, Markets, NEVER, REFUSES, WAITING, Work};
use crate::economy::policy::{Clock, InForce};
use crate::economy::sites::{Site, Staff};
use crate::economy::{Luckbox, Parameters, blocks};
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths;
use crate::ground::random::{Chance, Rows, Stream, threshold};
use crate::ground::units::Span;
use crate::wide;
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryItem;

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

/// People lose, leave and look for work.
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
    let moves = blocks::over(blocks::grouped(columns, |people| people.0.market), |group| {
        let cohort = group[0].0;
        let hazards = by_market[cohort.market].as_ref().expect("every market with people has hazards");
        let is_portable = in_force.law[cohort.region].royalty_portable;
        let mut moves = Moves { left: vec![Leavers::default(); cohort.sites.1], ..Moves::default() };
        for mut people in group {
            move_people(&clock, &luck, hazards, is_portable, &mut people, &mut moves);
        }
        (cohort, moves)
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
    let ticks = |span: Span| clock.ticks_in(span.0);
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
    moves: &mut Moves,
) {
    let (cohort, status, marks, since, _, claim, employer, trained, skill) = people;
    let (status, marks, since) = (status.0.as_mut_slice(), marks.0.as_mut_slice(), since.0.as_mut_slice());
    let (claim, employer) = (claim.0.as_mut_slice(), employer.0.as_slice());
    let (trained, skill) = (trained.0.as_slice(), skill.0.as_slice());
    let chance = luck.0.at(Stream::Labour, clock.tick);
    let queue = luck.0.at(Stream::Queue, clock.tick);
    let cover = luck.0.at(Stream::Cover, clock.tick);
    let courses = luck.0.at(Stream::Course, clock.tick);
    let now = i16::try_from(clock.tick).expect("ticks fit 16 bits");
    let (mut flags, mut draws) = ([0; STRIP], [0; STRIP]);
    for first in (0..status.len()).step_by(STRIP) {
        let strip = first..(first + STRIP).min(status.len());
        let keys = cohort.keys.strip(first);
        flags.fill(0);
        wide!(flag_movers(
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
            let key = cohort.worker(row);
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
                        if hazards.course > 0 && (courses.bits(key) as u32) < hazards.course {
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
