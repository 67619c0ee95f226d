//! As in this project: an entity a cohort, workers are rows in its columns, and a loop without branches over
//! strips of them. The draws and the lanes are the project's own files.
//!
//! Everybody of a cohort belongs to one group, so rates are constants of the loop; both outcomes are
//! computed and one is selected; a number is rounded by adding and taking away 2^23, which is what the
//! processor does to the nearest.

use crate::common::{Book, GROUPS, HOURS, REVIEW, ROYALTY, Rates, Sums, Worker, generator, worker};
use crate::ground::lanes::STRIP;
use crate::ground::random::{Chance, Luck, Stream, threshold};
use bevy_ecs::prelude::*;
use rayon::prelude::*;
use std::time::Instant;

const ROWS: usize = 16_384;

#[derive(Component)]
struct Cohort {
    group: usize,
    /// Key of the draws of the first strip.
    key: u64,
}
#[derive(Component, Default)]
struct Skill(Vec<f32>);
#[derive(Component, Default)]
struct Wage(Vec<f32>);
#[derive(Component, Default)]
struct Data(Vec<f32>);
#[derive(Component, Default)]
struct Balance(Vec<i64>);
#[derive(Component, Default)]
struct Spell(Vec<u16>);
/// Bit 0: employed; bit 1: consents.
#[derive(Component, Default)]
struct Status(Vec<u8>);

/// Benefit of a week, cents.
const BENEFIT_CENTS: u32 = 25_000;

/// A float between 0 and 2^23 as the nearest whole number.
#[inline(always)]
fn nearest(x: f32) -> u32 {
    (x + 8_388_608.0).to_bits() & 0x007f_ffff
}

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

#[derive(Clone, Copy, Default)]
struct Counts {
    employed: u32,
    consenting: u32,
    pay: u32,
    benefit: u32,
    royalty: u32,
}

#[inline(always)]
fn strip(
    week: &Week,
    skill: &[f32],
    wage: &[f32],
    data: &mut [f32],
    balance: &mut [i64],
    spell: &mut [u16],
    status: &mut [u8],
    draws: &[[u32; STRIP]; 2],
) -> Counts {
    let n = status.len();
    let (skill, wage, data) = (&skill[..n], &wage[..n], &mut data[..n]);
    let (balance, spell, jobs, reviews) = (&mut balance[..n], &mut spell[..n], &draws[0][..n], &draws[1][..n]);
    let mut counts = Counts::default();
    let mut cents = [0_u32; STRIP];
    let mut royalties = [0_u32; STRIP];
    for row in 0..n {
        let now = u32::from(status[row]);
        let works = 0_u32.wrapping_sub(now & 1);
        let consents = 0_u32.wrapping_sub(now >> 1 & 1);
        let pay = nearest(wage[row] * skill[row] * 100.0) & works;
        let benefit = BENEFIT_CENTS & !works;
        let recorded = f32::from_bits((HOURS * skill[row]).to_bits() & works & consents);
        data[row] += recorded;
        let royalty = nearest(ROYALTY * data[row]);
        let limit = (week.lose & works) | (week.find & !works);
        let moves = mask(jobs[row] < limit);
        let works_next = works ^ moves;
        let waits = !works & !moves;
        spell[row] = spell[row].wrapping_add(1) & waits as u16;
        // a draw below a 26th is a review, and 26 times it a draw of its own
        let is_review = mask(reviews[row] < week.review);
        let share = reviews[row].cast_signed() as f32 * (REVIEW as f32 / 4_294_967_296.0);
        let odds = week.consent + 0.4 * skill[row];
        let agrees = mask(share * (1.0 + exp(-odds)) < 1.0);
        let consents_next = (agrees & is_review) | (consents & !is_review);
        status[row] = (works_next & 1 | consents_next & 2) as u8;
        counts.employed = counts.employed.wrapping_add(works_next & 1);
        counts.consenting = counts.consenting.wrapping_add(consents_next & 1);
        counts.pay = counts.pay.wrapping_add(pay);
        counts.benefit = counts.benefit.wrapping_add(benefit);
        counts.royalty = counts.royalty.wrapping_add(royalty);
        cents[row] = pay | benefit;
        royalties[row] = royalty;
    }
    for row in 0..n {
        let income = (u64::from(cents[row]) * 10_000 + u64::from(royalties[row])).cast_signed();
        balance[row] = balance[row].wrapping_add(income);
    }
    counts
}

/// A week of a cohort.
#[inline(always)]
fn cohort(
    week: &Week,
    chances: &[Chance; 2],
    key: u64,
    skill: &[f32],
    wage: &[f32],
    data: &mut [f32],
    balance: &mut [i64],
    spell: &mut [u16],
    status: &mut [u8],
) -> Sums {
    let mut sums = Sums::default();
    let mut draws = [[0; STRIP]; 2];
    for (number, status) in status.chunks_mut(STRIP).enumerate() {
        let (at, rows) = (number * STRIP, status.len());
        let key = key.wrapping_add(number as u64 * STRIP as u64 / 2);
        for (chance, draws) in chances.iter().zip(&mut draws) {
            chance.strip(key, draws);
        }
        let range = at..at + rows;
        let counts = strip(
            week,
            &skill[range.clone()],
            &wage[range.clone()],
            &mut data[range.clone()],
            &mut balance[range.clone()],
            &mut spell[range],
            status,
            &draws,
        );
        sums.employed += i64::from(counts.employed);
        sums.unemployed += rows as i64 - i64::from(counts.employed);
        sums.consenting += i64::from(counts.consenting);
        sums.payroll += i64::from(counts.pay) * 10_000;
        sums.benefits += i64::from(counts.benefit) * 10_000;
        sums.royalties += i64::from(counts.royalty);
    }
    // a royalty is the hours in units of 1/512
    sums.data = sums.royalties as f64 / f64::from(ROYALTY);
    sums
}

type Columns = (
    &'static Cohort,
    &'static Skill,
    &'static Wage,
    &'static mut Data,
    &'static mut Balance,
    &'static mut Spell,
    &'static mut Status,
);

fn week(
    world: &mut World,
    found: &mut QueryState<Columns>,
    luck: &Luck,
    tick: i32,
    rates: &[Rates; GROUPS],
) -> [Sums; GROUPS] {
    let chances = [luck.at(Stream::Labour, tick), luck.at(Stream::Consent, tick)];
    let blocks: Vec<_> = found.iter_mut(world).collect();
    let done: Vec<(usize, Sums)> = blocks
        .into_par_iter()
        .map(|(about, skill, wage, mut data, mut balance, mut spell, mut status)| {
            let rate = &rates[about.group];
            let week = Week {
                lose: threshold(f64::from(rate.lose)),
                find: threshold(f64::from(rate.find)),
                review: threshold(1.0 / REVIEW),
                consent: rate.consent,
            };
            let (data, balance, spell, status) = (&mut data.0, &mut balance.0, &mut spell.0, &mut status.0);
            let sums =
                crate::wide!(cohort(&week, &chances, about.key, &skill.0, &wage.0, data, balance, spell, status));
            (about.group, sums)
        })
        .collect();
    let mut sums = [Sums::default(); GROUPS];
    done.iter().for_each(|(group, part)| sums[*group].add(part));
    sums
}

pub fn run(workers: usize, ticks: usize) -> serde_json::Value {
    let mut world = World::new();
    let mut generator = generator(1);
    let mut groups: Vec<Vec<Worker>> = vec![Vec::new(); GROUPS];
    let mut first = [Sums::default(); GROUPS];
    for _ in 0..workers {
        let one = worker(&mut generator);
        first[usize::from(one.group)].employed += i64::from(one.employed);
        first[usize::from(one.group)].unemployed += i64::from(!one.employed);
        groups[usize::from(one.group)].push(one);
    }
    let mut key = 0;
    for (group, people) in groups.iter().enumerate() {
        for block in people.chunks(ROWS) {
            let column = |pick: fn(&Worker) -> f32| block.iter().map(pick).collect();
            world.spawn((
                Cohort { group, key },
                Skill(column(|one| one.skill)),
                Wage(column(|one| one.wage)),
                Data(vec![0.0; block.len()]),
                Balance(vec![0; block.len()]),
                Spell(vec![0; block.len()]),
                Status(block.iter().map(|one| u8::from(one.employed) | u8::from(one.consents) << 1).collect()),
            ));
            key += ROWS as u64;
        }
    }
    drop(groups);
    let mut book = Book::new(workers, first);
    let luck = Luck::new(1, 0);
    let mut found = world.query::<Columns>();
    let start = Instant::now();
    for tick in 0..ticks {
        let rates = book.rates();
        let sums = week(&mut world, &mut found, &luck, tick as i32, &rates);
        book.close(sums);
    }
    let time = start.elapsed();
    // beyond this, `nearest` would have dropped digits
    let most = world.query::<&Data>().iter(&world).flat_map(|data| &data.0).fold(0.0, |most: f32, &x| most.max(x));
    assert!(ROYALTY * most < 8_388_608.0, "{most} hours are more than this loop can count");
    let held = world.query::<&Balance>().iter(&world).flat_map(|column| &column.0).map(|&x| i128::from(x)).sum();
    book.report("this project's columns", time, held)
}
