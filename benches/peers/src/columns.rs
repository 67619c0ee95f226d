//! As in this project: an entity a cohort, workers are rows in its columns, and a loop without branches over
//! strips of them. The draws and the lanes are the project's own files.
//!
//! Everybody of a cohort belongs to one group, so rates are constants of the loop; both outcomes are
//! computed and one is selected. Columns are as narrow as in the model: skill in 1/8192, whole cents, hours in a
//! unit of which a royalty is a whole number, the week a spell began instead of its length.

use crate::common::{BENEFIT, Book, CENT, GROUPS, REVIEW, ROYALTY, Rates, SEPARATION, Sums, Worker, generator, worker};
use crate::ground::lanes::STRIP;
use crate::ground::random::{Chance, Key, Luck, Rows, threshold};
use bevy_ecs::prelude::*;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Streams of random numbers, as `src/economy/shared/streams.rs` numbers them.
const LABOUR: u64 = 12;
const CONSENT: u64 = 6;

const ROWS: usize = 16_384;

/// How this version is called in both tables.
const NAME: &str = "this project's columns";

#[derive(Component)]
struct Cohort {
    group: usize,
    /// Keys of the rows.
    keys: Rows,
}

/// Defines columns, each with a number a row.
macro_rules! columns {
    ($($(#[$meta:meta])* $column:ident: $number:ty,)*) => {
        $($(#[$meta])*
        #[derive(Component, Default)]
        struct $column(Vec<$number>);)*
    };
}

columns! {
    /// Skill factor, in 1/8192.
    Skill: u16,
    /// Pay of a week at work, cents.
    Pay: u32,
    /// Hours ever recorded, in 1/512: a royalty is so many micro-dollars.
    Data: u32,
    Balance: i64,
    /// Week in which the spell in or out of work began.
    Since: i16,
    /// Bit 0: employed; bit 1: consents.
    Status: u8,
}

/// Parts of the skill factor that the column counts; it ends at 8, beyond which lies one worker in thirty million.
const SKILL_ONE: f32 = 8_192.0;

/// Parts of an hour that half a part of skill records in a week: 40 * 512 / 8192, doubled.
const PARTS_OF_SKILL: u32 = 5;

/// Benefit of a week, cents.
const BENEFIT_CENTS: u32 = 25_000;

/// e^x for |x| < 80, to about one part in 10^6, without a branch: 2^n times a polynomial of the rest.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let scaled = x * std::f32::consts::LOG2_E;
    let shifted = scaled + 12_582_912.0;
    let rest = (scaled - (shifted - 12_582_912.0)) * std::f32::consts::LN_2;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    let poly = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0)))));
    power * poly
}

/// What a loop over a cohort needs.
struct Week {
    now: i32,
    lose: u32,
    find: u32,
    review: u32,
    consent: f32,
}

/// All ones if true.
#[inline(always)]
fn mask(is_true: bool) -> u32 {
    0_u32.wrapping_sub(u32::from(is_true))
}

/// Rows of a cohort: what is read of them, and what a week changes.
struct Part<'a> {
    skill: &'a [u16],
    pay: &'a [u32],
    data: &'a mut [u32],
    balance: &'a mut [i64],
    since: &'a mut [i16],
    status: &'a mut [u8],
}

/// What a strip adds to the sums: heads, cents, micro-dollars.
#[derive(Clone, Copy, Default)]
struct Counts {
    employed: u16,
    consenting: u16,
    pay: u32,
    royalty: u32,
}

#[inline(always)]
fn strip(week: &Week, part: Part, draws: &[[u32; STRIP]; 2]) -> Counts {
    let Part { skill, pay, data, balance, since, status } = part;
    let n = status.len();
    let (skill, pay, data) = (&skill[..n], &pay[..n], &mut data[..n]);
    let (balance, since, jobs, reviews) = (&mut balance[..n], &mut since[..n], &draws[0][..n], &draws[1][..n]);
    let mut counts = Counts::default();
    let mut cents = [0_u32; STRIP];
    for row in 0..n {
        let now = u32::from(status[row]);
        let works = 0_u32.wrapping_sub(now & 1);
        let consents = 0_u32.wrapping_sub(now >> 1);
        // 40 hours of skill 1 are 20,480 parts
        let recorded = (u32::from(skill[row]) * PARTS_OF_SKILL / 2) & works & consents;
        data[row] = data[row].wrapping_add(recorded);
        let wage = pay[row] & works;
        counts.pay = counts.pay.wrapping_add(wage);
        counts.royalty = counts.royalty.wrapping_add(data[row]);
        cents[row] = wage | (BENEFIT_CENTS & !works);
        let limit = (week.lose & works) | (week.find & !works);
        let moves = mask(jobs[row] < limit);
        since[row] = ((i32::from(since[row]) & !moves.cast_signed()) | (week.now & moves.cast_signed())) as i16;
        // a draw below a 26th is a review, and 26 times it a draw of its own
        let is_review = mask(reviews[row] < week.review);
        let share = reviews[row].cast_signed() as f32 * (REVIEW as f32 / 4_294_967_296.0);
        let odds = week.consent + f32::from(skill[row]) * (0.4 / SKILL_ONE);
        let agrees = mask(share * (1.0 + exp(-odds)) < 1.0);
        let consents_next = (agrees & is_review) | (consents & !is_review);
        status[row] = ((works ^ moves) & 1 | consents_next & 2) as u8;
    }
    for row in 0..n {
        let income = (u64::from(cents[row]) * CENT.unsigned_abs() + u64::from(data[row])).cast_signed();
        balance[row] = balance[row].wrapping_add(income);
    }
    for &now in &*status {
        counts.employed = counts.employed.wrapping_add(u16::from(now & 1));
        counts.consenting = counts.consenting.wrapping_add(u16::from(now >> 1));
    }
    counts
}

/// A week of a cohort.
#[inline(always)]
fn cohort(week: &Week, chances: &[Chance; 2], keys: Rows, part: Part) -> Sums {
    let Part { skill, pay, data, balance, since, status } = part;
    let mut sums = Sums::default();
    let mut draws = [[0; STRIP]; 2];
    let all = status.len() as i64;
    sums.benefits = (all - status.iter().map(|&now| i64::from(now & 1)).sum::<i64>()) * BENEFIT;
    for (number, status) in status.chunks_mut(STRIP).enumerate() {
        let (at, rows) = (number * STRIP, status.len());
        let keys = keys.strip(at);
        for (chance, draws) in chances.iter().zip(&mut draws) {
            chance.strip(keys, draws);
        }
        let range = at..at + rows;
        let strip_of_rows = Part {
            skill: &skill[range.clone()],
            pay: &pay[range.clone()],
            data: &mut data[range.clone()],
            balance: &mut balance[range.clone()],
            since: &mut since[range],
            status,
        };
        let counts = strip(week, strip_of_rows, &draws);
        sums.employed += i64::from(counts.employed);
        sums.consenting += i64::from(counts.consenting);
        sums.payroll += i64::from(counts.pay) * CENT;
        sums.royalties += i64::from(counts.royalty);
    }
    sums.unemployed = all - sums.employed;
    sums.data = sums.royalties as f64 / f64::from(ROYALTY);
    sums
}

type Columns = (
    &'static Cohort,
    &'static Skill,
    &'static Pay,
    &'static mut Data,
    &'static mut Balance,
    &'static mut Since,
    &'static mut Status,
);

/// A world and how it is run.
#[derive(Clone, Copy)]
struct Run {
    workers: usize,
    ticks: usize,
    seed: u64,
    separation: f64,
    /// Cohorts that a thread takes at least: all of them where threads share out runs instead.
    least: usize,
}

fn week(
    world: &mut World,
    found: &mut QueryState<Columns>,
    least: usize,
    luck: &Luck,
    tick: i32,
    rates: &[Rates; GROUPS],
) -> [Sums; GROUPS] {
    let chances = [luck.at(LABOUR, tick), luck.at(CONSENT, tick)];
    let blocks: Vec<_> = found.iter_mut(world).collect();
    let done: Vec<(usize, Sums)> = blocks
        .into_par_iter()
        .with_min_len(least)
        .map(|(about, skill, pay, mut data, mut balance, mut since, mut status)| {
            let rate = &rates[about.group];
            let week = Week {
                now: tick,
                lose: threshold(f64::from(rate.lose)),
                find: threshold(f64::from(rate.find)),
                review: threshold(1.0 / REVIEW),
                consent: rate.consent,
            };
            let part = Part {
                skill: &skill.0,
                pay: &pay.0,
                data: &mut data.0,
                balance: &mut balance.0,
                since: &mut since.0,
                status: &mut status.0,
            };
            let sums = crate::wide!(cohort(&week, &chances, about.keys, part));
            (about.group, sums)
        })
        .collect();
    let mut sums = [Sums::default(); GROUPS];
    done.iter().for_each(|(group, part)| sums[*group].add(part));
    sums
}

/// The book, the time after the founding, and what all workers hold together.
fn simulate(run: Run) -> (Book, Duration, i128) {
    let Run { workers, ticks, seed, separation, least } = run;
    let mut world = World::new();
    let mut generator = generator(seed);
    let mut groups: Vec<Vec<Worker>> = vec![Vec::new(); GROUPS];
    let mut first = [Sums::default(); GROUPS];
    for _ in 0..workers {
        let one = worker(&mut generator);
        first[usize::from(one.group)].employed += i64::from(one.employed);
        first[usize::from(one.group)].unemployed += i64::from(!one.employed);
        groups[usize::from(one.group)].push(one);
    }
    let (keys, mut workers_before) = (Key::named("workers").rows(), 0);
    for (group, people) in groups.iter().enumerate() {
        for block in people.chunks(ROWS) {
            world.spawn((
                Cohort { group, keys: keys.starting_at(workers_before) },
                Skill(block.iter().map(|one| (one.skill * SKILL_ONE + 0.5) as u16).collect()),
                Pay(block.iter().map(|one| (one.wage * one.skill * 100.0 + 0.5) as u32).collect()),
                Data(vec![0; block.len()]),
                Balance(vec![0; block.len()]),
                Since(vec![0; block.len()]),
                Status(block.iter().map(|one| u8::from(one.employed) | u8::from(one.consents) << 1).collect()),
            ));
            workers_before += ROWS as u64;
        }
    }
    drop(groups);
    let mut book = Book::new(workers, first).with_separation(separation);
    let luck = Luck::new(seed, 0);
    let mut found = world.query::<Columns>();
    let start = Instant::now();
    for tick in 0..ticks {
        let rates = book.rates();
        let sums = week(&mut world, &mut found, least, &luck, tick as i32, &rates);
        book.close(sums);
    }
    let time = start.elapsed();
    // so that neither a row nor the sum of a strip has wrapped
    let most = world.query::<(&Data, &Pay)>().iter(&world).flat_map(|(data, pay)| data.0.iter().chain(&pay.0)).max();
    assert!(most.is_none_or(|&most| most < u32::MAX / STRIP as u32), "{most:?} is more than this loop can add up");
    let held = world.query::<&Balance>().iter(&world).flat_map(|column| &column.0).map(|&x| i128::from(x)).sum();
    (book, time, held)
}

/// One world, its cohorts shared out among the threads.
pub fn run(workers: usize, ticks: usize) -> Value {
    let (book, time, held) = simulate(Run { workers, ticks, seed: 1, separation: SEPARATION, least: 1 });
    book.report(NAME, time, held)
}

/// A world for each seed and each probability of losing a job, shared out among the threads. Founding is in the time.
pub fn sweep(workers: usize, ticks: usize, seeds: &[u64], separations: &[f64]) -> Value {
    let runs: Vec<_> = separations
        .iter()
        .flat_map(|&separation| {
            seeds.iter().map(move |&seed| Run { workers, ticks, seed, separation, least: usize::MAX })
        })
        .collect();
    let start = Instant::now();
    let runs: Vec<Value> = runs
        .into_par_iter()
        .map(|run| {
            let (book, _, held) = simulate(run);
            let mut means = book.means(held);
            means["seed"] = json!(run.seed);
            means["separation"] = json!(run.separation);
            means
        })
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    json!({ "name": NAME, "threads": rayon::current_num_threads(), "seconds": seconds, "runs": runs })
}
