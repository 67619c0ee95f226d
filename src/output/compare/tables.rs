//! Tables of a comparison: one row a number, with base, reform, difference, interval and n of N.

use crate::experiment::became::Step;
use crate::experiment::compare::effects::Paired;
use crate::experiment::compare::touched;
use crate::ground::list::Listed;
use crate::ground::statistics::{Moments, quantile};
use crate::observe::gains::Entry;
use crate::output::compare::answer::answer;
use crate::output::compare::gains::NUMBERS;
use crate::output::compare::{AIMS, Comparison, Reform};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::gains::{Number, place};
use crate::output::kit::page::money::source;
use crate::output::kit::parquet::{Frame, days_since_1970, of_columns};
use crate::output::kit::unmade::Unmade;
use arrow_array::builder::{Float64Builder, Int32Builder, StringDictionaryBuilder, UInt32Builder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Date32Array};
use rayon::prelude::*;
use std::sync::Arc;

/// The tables of a comparison whose name `is_made`.
///
/// # Errors
/// What could not be written, in words.
pub fn made(comparison: &Comparison, is_made: impl Fn(&str) -> bool + Sync) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    type Make = fn(&Comparison) -> Result<Vec<u8>, Unmade>;
    let tables: [(&str, Make); 11] = [
        ("answer.csv", answers),
        ("headlines.csv", headlines),
        ("gains.csv", gains),
        ("waterfall.csv", waterfall),
        ("lives.csv", lives),
        ("money.csv", money),
        ("receipt.csv", receipt),
        ("divergence.csv", divergence),
        ("tipping.csv", tipping),
        ("regret.csv", regret),
        ("effects.parquet", |comparison| effects(comparison)?.parquet()),
    ];
    let made = |&(name, make): &(&str, Make)| make(comparison).map(|bytes| (name.to_owned(), bytes));
    tables.par_iter().filter(|(name, _)| is_made(name)).map(made).collect()
}

const PAIR: &str = "replicates of base reform_value difference low high variance_reduction";

/// The cells of [`PAIR`].
fn cells(pair: &Paired, comparison: &Comparison) -> Vec<Cell<'static>> {
    let has = pair.difference.count > 0;
    let mean = |moments: &Moments| Cell::from(has.then_some(moments.mean));
    let interval = pair.interval();
    vec![
        pair.difference.count.into(),
        comparison.attendance.tried().into(),
        mean(&pair.base),
        mean(&pair.reform),
        mean(&pair.difference),
        interval.map(|ends| ends.0).into(),
        interval.map(|ends| ends.1).into(),
        pair.variance_reduction().into(),
    ]
}

fn region_word(comparison: &Comparison, region: Option<usize>) -> String {
    region.map_or("world".to_owned(), |r| comparison.base.parameters.regions[r].clone())
}

fn each_reform<'a>(
    comparison: &'a Comparison,
    first: &str,
    rows: impl Fn(&'a Reform) -> Vec<Vec<Cell<'a>>>,
) -> Result<Vec<u8>, Unmade> {
    let mut sheet = Sheet::new(first.split(' '))?;
    for reform in &comparison.reforms {
        for row in rows(reform) {
            sheet.row([Cell::from(&reform.scenario.about.name)].into_iter().chain(row))?;
        }
    }
    sheet.bytes()
}

/// The sentences of the answer, in their order.
fn answers(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    each_reform(comparison, "reform place sentence", |reform| {
        let sentences = answer(comparison, reform).into_iter().enumerate();
        sentences.map(|(n, sentence)| vec![(n + 1).into(), sentence.into()]).collect()
    })
}

fn headlines(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    each_reform(comparison, &format!("reform headline about region unit {PAIR}"), |reform| {
        let row = |(headline, pair): &(crate::experiment::compare::headlines::Headline, Paired)| {
            let mut row = vec![headline.name.into(), headline.about.into()];
            row.extend([region_word(comparison, headline.region).into(), headline.unit.into()]);
            row.extend(cells(pair, comparison));
            row
        };
        reform.effects.headlines.iter().map(row).collect()
    })
}

/// Every row of the account with base, reform, difference and interval.
fn gains(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let regions = &comparison.base.parameters.regions;
    each_reform(comparison, &format!("reform region group line kind unit number {PAIR}"), |reform| {
        let row = |(entry, (name, number)): (Entry, (&'static str, Number))| {
            let words = [place(regions, entry.region), entry.group.name(), entry.words(), entry.kind(), entry.unit()];
            let mut row: Vec<Cell> = words.into_iter().chain([name]).map(Cell::from).collect();
            row.extend(cells(&reform.effects.gain(entry, number), comparison));
            row
        };
        let entries = Entry::all(regions.len()).into_iter();
        entries.flat_map(|entry| NUMBERS.map(|number| (entry, number))).map(row).collect()
    })
}

/// What became of absorbed work, step by step.
fn waterfall(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let count = comparison.base.parameters.regions.len();
    each_reform(comparison, &format!("reform region step kind {PAIR}"), |reform| {
        let row = |(place, step): (usize, Step)| {
            let region = region_word(comparison, (place < count).then_some(place));
            let mut row: Vec<Cell> = vec![region.into(), step.name().into(), step.kind().into()];
            row.extend(cells(&reform.effects.became[place][step as usize], comparison));
            row
        };
        let places = 0..reform.effects.became.len();
        places.flat_map(|place| Step::ALL.map(|step| (place, step))).map(row).collect()
    })
}

fn lives(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let columns = format!("reform by group people {PAIR} winners losers kept_the_job lost_the_job displaced_in_both");
    each_reform(comparison, &columns, |reform| {
        let row = |((by, group), effect): (&(&str, String), &crate::experiment::compare::effects::LifeEffect)| {
            let mut row = vec![(*by).to_owned().into(), group.clone().into(), Some(effect.people.mean).into()];
            row.extend(cells(&effect.income, comparison));
            row.extend(effect.shares.iter().map(|share| Cell::from(Some(share.mean))));
            row
        };
        reform.effects.lives.iter().map(row).collect()
    })
}

fn money(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let columns = format!("reform kind payer_sector payer_region payee_sector payee_region {PAIR}");
    let region = |index: u16| Cell::from(&comparison.base.parameters.regions[usize::from(index)]);
    each_reform(comparison, &columns, |reform| {
        let row = |(&(flow, from, to), pair): (&(crate::economy::world::flows::Flow, u16, u16), &Paired)| {
            let mut row = vec![flow.name().into(), flow.payer().name().into(), region(from)];
            row.extend([flow.payee().name().into(), region(to)]);
            row.extend(cells(pair, comparison));
            row
        };
        reform.effects.money.iter().map(row).collect()
    })
}

fn receipt(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    each_reform(comparison, &format!("reform from_region to_region what {PAIR}"), |reform| {
        let row = |(&(from, to, what), pair): (&(usize, usize, &str), &Paired)| {
            let mut row = vec![
                source(&comparison.base.parameters.regions, from).to_owned().into(),
                region_word(comparison, Some(to)).into(),
                what.to_owned().into(),
            ];
            row.extend(cells(pair, comparison));
            row
        };
        reform.effects.receipt.iter().map(row).collect()
    })
}

fn divergence(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let columns = "reform tick date region is_named_by_the_reform replicates of share_differing largest_half_width";
    each_reform(comparison, columns, |reform| {
        let named = touched(&comparison.base, &reform.scenario);
        let row = |(&(tick, region), share): (&(i32, usize), &Moments)| {
            let word = region_word(comparison, Some(region));
            vec![
                Cell::from(tick),
                comparison.date(tick).into(),
                word.clone().into(),
                named.contains(&word).into(),
                share.count.into(),
                comparison.attendance.tried().into(),
                share.mean.into(),
                share.half_width().into(),
            ]
        };
        reform.effects.divergence.iter().map(row).collect()
    })
}

/// Months from the start: quantiles at 5, 50 and 95 %, and of how many replicates.
pub fn tipping_band(months: &[f64]) -> ([f64; 3], usize) {
    let mut sorted = months.to_vec();
    sorted.sort_by(f64::total_cmp);
    ([0.05, 0.5, 0.95].map(|share| quantile(&sorted, share)), sorted.len())
}

fn tipping(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let columns = "reform region world_of tipping_replicates of months_q05 months_median months_q95";
    let regions = comparison.base.parameters.regions.len();
    each_reform(comparison, columns, |reform| {
        let mut rows = Vec::new();
        for (region, worlds) in reform.effects.tipping.iter().enumerate() {
            for (world, months) in ["base", "reform"].into_iter().zip(worlds) {
                let (band, count) = tipping_band(months);
                let mut row = vec![region_word(comparison, (region < regions).then_some(region)).into(), world.into()];
                row.extend([count.into(), comparison.attendance.tried().into()]);
                row.extend(band.map(|months| Cell::from(Some(months))));
                rows.push(row);
            }
        }
        rows
    })
}

fn regret(comparison: &Comparison) -> Result<Vec<u8>, Unmade> {
    let mut table = Vec::new();
    let count = comparison.attendance.done.len();
    for regret in &comparison.regrets {
        let is_cost = AIMS.iter().any(|(aim, is_cost)| *aim == regret.aim && *is_cost);
        for ((policy, values), missed) in regret.policies.iter().zip(&regret.values).zip(regret.regrets()) {
            for ((state, &value), missed) in regret.states.iter().zip(values).zip(missed) {
                table.push([
                    Cell::from(&regret.aim),
                    is_cost.into(),
                    policy.into(),
                    state.into(),
                    count.into(),
                    Some(value).into(),
                    Some(missed).into(),
                ]);
            }
        }
    }
    Sheet::of("aim less_is_better policy state replicates value regret", table)
}

/// Every recorded value, as columns: a million rows are too many for text.
///
/// # Errors
/// That two columns have one name: a bug of ours.
pub fn effects(comparison: &Comparison) -> Result<Frame, Unmade> {
    let mut words: [StringDictionaryBuilder<Int32Type>; 5] = Default::default();
    let mut counts: [UInt32Builder; 2] = Default::default();
    let mut ticks = Int32Builder::new();
    let mut days = Vec::new();
    let mut numbers: [Float64Builder; 6] = Default::default();
    let of = u32::try_from(comparison.attendance.tried()).unwrap_or(u32::MAX);
    for reform in &comparison.reforms {
        let grid = &reform.effects.grid;
        for (&tick, record) in &grid.records {
            let day = days_since_1970(comparison.date(tick));
            for ((region, metric, item), &place) in &grid.columns {
                let Some(pair) = record.get(place).filter(|pair| pair.base.count > 0) else { continue };
                let (name, unit) = (metric.name(), metric.unit());
                let region = &comparison.base.parameters.regions[usize::from(*region)];
                for (column, word) in words.iter_mut().zip([&reform.scenario.about.name, region, name, item, unit]) {
                    column.append_value(word);
                }
                counts[0].append_value(pair.base.count);
                counts[1].append_value(of);
                ticks.append_value(tick);
                days.push(day);
                let ends = pair.interval();
                numbers[0].append_value(pair.base.mean);
                numbers[1].append_value(pair.reform.mean);
                numbers[2].append_value(pair.difference.mean);
                numbers[3].append_option(ends.map(|ends| ends.0));
                numbers[4].append_option(ends.map(|ends| ends.1));
                numbers[5].append_option(pair.variance_reduction());
            }
        }
    }
    let mut word = words.iter_mut().map(|column| -> ArrayRef { Arc::new(column.finish()) });
    let mut next = || word.next().expect("there are five");
    let mut columns: Vec<(&str, &str, &str, ArrayRef)> = vec![
        ("reform", "name of the reform's scenario", "", next()),
        ("region", "region", "", next()),
        ("metric", "what is measured; flows are means per week since the last record", "", next()),
        ("item", "of what: occupation, job kind, robot class; all if not split", "", next()),
        ("unit", "unit of the values", "", next()),
        ("replicates", "replicates in which both worlds recorded it", "", Arc::new(counts[0].finish())),
        ("of", "replicates tried", "", Arc::new(counts[1].finish())),
        ("tick", "tick at whose end it was recorded", "", Arc::new(ticks.finish())),
        ("date", "first day of the tick", "", Arc::new(Date32Array::from(days))),
    ];
    let about = [
        ("mean_base", "mean in the base"),
        ("mean_reform", "mean in the reform"),
        ("difference", "mean of reform less base, replicate by replicate"),
        ("low", "lower end of the 95 % interval of the difference (paired t)"),
        ("high", "upper end of the 95 % interval of the difference (paired t)"),
        ("variance_reduction", "(var(base) + var(reform)) / var(difference) over replicates"),
    ];
    for ((name, text), column) in about.into_iter().zip(&mut numbers) {
        let unit = if name == "variance_reduction" { "" } else { "see the column unit" };
        columns.push((name, text, unit, Arc::new(column.finish())));
    }
    of_columns(&comparison.base.about.name, columns)
}
