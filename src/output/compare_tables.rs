//! Tables of a comparison: one row a number, with base, reform, difference, interval and n of N.

use super::columns::parquet;
use super::compare::{AIMS, Comparison, Reform};
use super::report_money::source;
use crate::experiment::compare::touched;
use crate::experiment::compare_effects::Paired;
use crate::experiment::estimate::{Moments, quantile};
use crate::observe::indicators::METRICS;
use arrow_array::builder::{Float64Builder, Int32Builder, StringDictionaryBuilder, UInt32Builder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Date32Array};
use chrono::NaiveDate;
use std::sync::Arc;

/// Every table of a comparison.
///
/// # Errors
/// What could not be written, in words.
pub fn all(comparison: &Comparison) -> Result<Vec<(String, Vec<u8>)>, String> {
    let tables = [
        ("headlines.csv", headlines(comparison)),
        ("lives.csv", lives(comparison)),
        ("money.csv", money(comparison)),
        ("receipt.csv", receipt(comparison)),
        ("divergence.csv", divergence(comparison)),
        ("tipping.csv", tipping(comparison)),
        ("regret.csv", regret(comparison)),
    ];
    let mut files = Vec::new();
    for (name, rows) in tables {
        files.push((name.to_owned(), csv(&rows)?));
    }
    files.push(("effects.parquet".to_owned(), effects(comparison)?));
    Ok(files)
}

/// A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it.
pub fn inert(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

fn csv(rows: &[Vec<String>]) -> Result<Vec<u8>, String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        out.write_record(row.iter().map(|cell| inert(cell))).map_err(|error| error.to_string())?;
    }
    out.into_inner().map_err(|error| error.to_string())
}

fn head(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}

fn number(value: Option<f64>) -> String {
    // what is not there is an empty cell
    value.filter(|value| !value.is_nan()).map_or(String::new(), |value| value.to_string())
}

const PAIR: &str = "replicates of base reform difference low high variance_reduction";

/// The cells of [`PAIR`].
fn cells(pair: &Paired, comparison: &Comparison) -> Vec<String> {
    let has = pair.difference.count > 0;
    let mean = |moments: &Moments| number(has.then_some(moments.mean));
    let interval = pair.interval();
    vec![
        pair.difference.count.to_string(),
        comparison.attendance.tried().to_string(),
        mean(&pair.base),
        mean(&pair.reform),
        mean(&pair.difference),
        number(interval.map(|ends| ends.0)),
        number(interval.map(|ends| ends.1)),
        number(pair.variance_reduction()),
    ]
}

fn region_word(comparison: &Comparison, region: Option<usize>) -> String {
    region.map_or("world".to_owned(), |r| comparison.base.parameters.regions[r].clone())
}

fn each_reform<'a>(
    comparison: &'a Comparison,
    first: &str,
    rows: impl Fn(&'a Reform) -> Vec<Vec<String>>,
) -> Vec<Vec<String>> {
    let mut table = vec![head(first)];
    for reform in &comparison.reforms {
        for mut row in rows(reform) {
            row.insert(0, reform.scenario.about.name.clone());
            table.push(row);
        }
    }
    table
}

fn headlines(comparison: &Comparison) -> Vec<Vec<String>> {
    each_reform(comparison, &format!("reform headline about region unit {PAIR}"), |reform| {
        let row = |(headline, pair): &(crate::experiment::compare_headlines::Headline, Paired)| {
            let mut row = vec![headline.name.into(), headline.about.into()];
            row.extend([region_word(comparison, headline.region), headline.unit.into()]);
            row.extend(cells(pair, comparison));
            row
        };
        reform.effects.headlines.iter().map(row).collect()
    })
}

fn lives(comparison: &Comparison) -> Vec<Vec<String>> {
    let columns = format!("reform by group people {PAIR} winners losers kept_the_job lost_the_job displaced_in_both");
    each_reform(comparison, &columns, |reform| {
        let row = |((by, group), effect): (&(&str, String), &crate::experiment::compare_effects::LifeEffect)| {
            let mut row = vec![(*by).to_owned(), group.clone(), number(Some(effect.people.mean))];
            row.extend(cells(&effect.income, comparison));
            row.extend(effect.shares.iter().map(|share| number(Some(share.mean))));
            row
        };
        reform.effects.lives.iter().map(row).collect()
    })
}

fn money(comparison: &Comparison) -> Vec<Vec<String>> {
    let columns = format!("reform kind payer_sector payer_region payee_sector payee_region {PAIR}");
    let region = |index: u16| comparison.base.parameters.regions[usize::from(index)].clone();
    each_reform(comparison, &columns, |reform| {
        let row = |(&(flow, from, to), pair): (&(crate::ground::ledger::Flow, u16, u16), &Paired)| {
            let mut row = vec![flow.name().into(), flow.payer().name().into(), region(from)];
            row.extend([flow.payee().name().into(), region(to)]);
            row.extend(cells(pair, comparison));
            row
        };
        reform.effects.money.iter().map(row).collect()
    })
}

fn receipt(comparison: &Comparison) -> Vec<Vec<String>> {
    each_reform(comparison, &format!("reform from_region to_region what {PAIR}"), |reform| {
        let row = |(&(from, to, what), pair): (&(usize, usize, &str), &Paired)| {
            let mut row = vec![
                source(&comparison.base.parameters.regions, from).into(),
                region_word(comparison, Some(to)),
                what.to_owned(),
            ];
            row.extend(cells(pair, comparison));
            row
        };
        reform.effects.receipt.iter().map(row).collect()
    })
}

fn divergence(comparison: &Comparison) -> Vec<Vec<String>> {
    let columns = "reform tick date region is_named_by_the_reform replicates of share_differing largest_half_width";
    each_reform(comparison, columns, |reform| {
        let named = touched(&comparison.base, &reform.scenario);
        let row = |(&(tick, region), share): (&(i32, usize), &Moments)| {
            let word = region_word(comparison, Some(region));
            vec![
                tick.to_string(),
                comparison.date(tick).to_string(),
                word.clone(),
                named.contains(&word).to_string(),
                share.count.to_string(),
                comparison.attendance.tried().to_string(),
                share.mean.to_string(),
                number(share.half_width()),
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

fn tipping(comparison: &Comparison) -> Vec<Vec<String>> {
    let columns = "reform region world_of tipping_replicates of months_q05 months_median months_q95";
    let regions = comparison.base.parameters.regions.len();
    each_reform(comparison, columns, |reform| {
        let mut rows = Vec::new();
        for (region, worlds) in reform.effects.tipping.iter().enumerate() {
            for (world, months) in ["base", "reform"].into_iter().zip(worlds) {
                let (band, count) = tipping_band(months);
                let mut row = vec![region_word(comparison, (region < regions).then_some(region)), world.to_owned()];
                row.extend([count.to_string(), comparison.attendance.tried().to_string()]);
                row.extend(band.map(|months| number(Some(months))));
                rows.push(row);
            }
        }
        rows
    })
}

fn regret(comparison: &Comparison) -> Vec<Vec<String>> {
    let mut table = vec![head("aim less_is_better policy state replicates value regret")];
    let count = comparison.attendance.done.len().to_string();
    for regret in &comparison.regrets {
        let is_cost = AIMS.iter().any(|(aim, is_cost)| *aim == regret.aim && *is_cost);
        for ((policy, values), missed) in regret.policies.iter().zip(&regret.values).zip(regret.regrets()) {
            for ((state, &value), missed) in regret.states.iter().zip(values).zip(missed) {
                table.push(vec![
                    regret.aim.clone(),
                    is_cost.to_string(),
                    policy.clone(),
                    state.clone(),
                    count.clone(),
                    number(Some(value)),
                    number(Some(missed)),
                ]);
            }
        }
    }
    table
}

/// Every recorded value, as columns: a million rows are too many for text.
fn effects(comparison: &Comparison) -> Result<Vec<u8>, String> {
    let mut words: [StringDictionaryBuilder<Int32Type>; 5] = Default::default();
    let mut counts: [UInt32Builder; 2] = Default::default();
    let mut ticks = Int32Builder::new();
    let mut days = Vec::new();
    let mut numbers: [Float64Builder; 6] = Default::default();
    let of = u32::try_from(comparison.attendance.tried()).unwrap_or(u32::MAX);
    for reform in &comparison.reforms {
        let grid = &reform.effects.grid;
        for (&tick, record) in &grid.records {
            let day = i32::try_from((comparison.date(tick) - NaiveDate::default()).num_days()).unwrap_or(0);
            for ((region, metric, item), &place) in &grid.columns {
                let Some(pair) = record.get(place).filter(|pair| pair.base.count > 0) else { continue };
                let (name, unit, ..) = METRICS[usize::from(*metric)];
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
    parquet(&comparison.base.about.name, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for text in ["=1+1", "+1 and more", "-cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1"] {
            let cell = inert(text);
            assert!(cell.starts_with('\''), "{cell}");
        }
        for text in ["-1.5", "+3", "India", "1e-7", "-inf", ""] {
            assert_eq!(inert(text), text);
        }
    }
}
