//! A calibration: every run with its weight, factors and targets in words, and a scenario for each posterior draw.

pub mod summary;

use crate::economy::parameters::draws::Draws;
use crate::experiment::calibrate::check::{Checked, LEVELS, Ranks};
use crate::experiment::calibrate::file::Prepared;
use crate::experiment::calibrate::identify::Identification;
use crate::experiment::calibrate::prior::Scale;
use crate::experiment::calibrate::{Fit, Plan, Posterior};
use crate::output::disk::manifest::{Found, Manifest};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::parquet::of_columns;
use crate::output::kit::unmade::Unmade;
use crate::scenario::Scenario;
use arrow_array::{ArrayRef, Float64Array, UInt32Array};
use serde_json::{Value, json};
use std::sync::Arc;

/// A calibration with what it is one of.
pub struct Calibrated<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The scenario, with what was set for every run.
    pub scenario: &'a Scenario,
    /// Factors and targets.
    pub prepared: &'a Prepared,
    /// How it was done.
    pub plan: &'a Plan,
    /// What was learnt.
    pub posterior: &'a Posterior,
    /// Posterior draws that become scenarios.
    pub draws: u32,
}

/// Beyond so many tolerances a target counts as missed.
pub const MISSED: f64 = 2.0;

impl Calibrated<'_> {
    /// Did enough runs count at the stated tolerances?
    pub fn is_whole(&self) -> bool {
        self.posterior.weights.widened <= 1.0
            && self.posterior.effort.failed == 0
            && self.posterior.weights.effective > 0.0
    }

    /// Which target informs which factor.
    pub fn identification(&self) -> Identification {
        Identification::of(&self.posterior.runs, self.prepared.factors.len(), self.prepared.targets.len())
    }
}

/// Every file of a calibration; `load` makes the scenario with more settings, for draws that no file can state by itself.
///
/// # Errors
/// What could not be made, in words.
pub fn render(
    calibrated: &Calibrated,
    load: impl Fn(&[String]) -> Result<Scenario, String>,
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let mut files = vec![
        ("runs.parquet".to_owned(), runs(calibrated)?),
        ("factors.csv".to_owned(), factors(calibrated)?),
        ("targets.csv".to_owned(), targets(calibrated)?),
        ("identification.csv".to_owned(), identification(calibrated)?),
        ("posterior/base.toml".to_owned(), calibrated.scenario.file.clone().into_bytes()),
    ];
    for (n, run) in calibrated.posterior.draws(calibrated.draws).into_iter().enumerate() {
        files.push((format!("posterior/draw-{:03}.toml", n + 1), draw(calibrated, n + 1, run, &load)?.into_bytes()));
    }
    files.push(("draws.toml".to_owned(), draws(calibrated)?.into_bytes()));
    let found = Found::Calibration { calibration: as_json(calibrated) };
    files.push(("manifest.json".to_owned(), Manifest::of_search(calibrated.scenario, found, &files).bytes()));
    Ok(files)
}

/// All posterior draws as one table that every command takes with `--draws`, and every scenario as its `[draws]`.
fn draws(calibrated: &Calibrated) -> Result<String, Unmade> {
    let Calibrated { prepared, posterior, .. } = calibrated;
    let value = |run: usize| {
        let places = prepared.factors.iter().zip(&posterior.runs[run].place);
        places.map(|((factor, dial), place)| dial.write(factor.value(*place))).collect()
    };
    let source = format!(
        "handover calibrate {}: {} draws of the posterior, on {}",
        calibrated.name,
        calibrated.draws,
        posterior.fits.iter().map(|fit| fit.target.name.as_str()).collect::<Vec<_>>().join(", ")
    );
    let draws = Draws {
        source,
        keys: prepared.factors.iter().map(|(factor, _)| factor.key.clone()).collect(),
        values: posterior.draws(calibrated.draws).into_iter().map(value).collect(),
    };
    Ok(toml::to_string(&std::collections::BTreeMap::from([("draws", draws)]))?)
}

/// The scenario of a posterior draw: what differs from the base, or all of it where a factor is part of a list.
fn draw(
    calibrated: &Calibrated,
    number: usize,
    run: usize,
    load: &impl Fn(&[String]) -> Result<Scenario, String>,
) -> Result<String, Unmade> {
    let run = &calibrated.posterior.runs[run];
    let values = calibrated.prepared.factors.iter().zip(&run.place);
    let values: Vec<_> = values.map(|((factor, dial), place)| (dial, factor.value(*place))).collect();
    let about = [
        ("name", format!("{}-draw-{number:03}", calibrated.name)),
        ("title", format!("{}: posterior draw {number} of {}", calibrated.title, calibrated.draws)),
        ("question", calibrated.scenario.about.question.clone()),
        ("reference", format!("handover calibrate, run {} of {}", run.number, calibrated.posterior.runs.len())),
    ];
    let is_in_a_list = values.iter().any(|(dial, _)| dial.key.split('.').any(|part| part.parse::<usize>().is_ok()));
    let mut whole = if is_in_a_list {
        let settings: Vec<String> = values.iter().map(|(dial, value)| dial.setting(*value)).collect();
        load(&settings)
            .and_then(|scenario| scenario.file.parse::<toml::Table>().map_err(|error| error.to_string()))
            .map_err(Unmade::Scenario)?
    } else {
        let mut whole = toml::Table::new();
        for (dial, value) in &values {
            let written = match dial.quantity.unit.is_empty() {
                true => toml::Value::Float(*value),
                false => toml::Value::String(dial.write(*value)),
            };
            put(&mut whole, &dial.key, written);
        }
        whole
    };
    let head: toml::Table = about.into_iter().map(|(key, text)| (key.to_owned(), toml::Value::String(text))).collect();
    let mut head = toml::Value::Table(head);
    if let (false, Some(table)) = (is_in_a_list, head.as_table_mut()) {
        table.insert("extends".to_owned(), toml::Value::String("base.toml".to_owned()));
    }
    whole.remove("scenario");
    let front = toml::Table::from_iter([("scenario".to_owned(), head)]);
    let text = |table: &toml::Table| toml::to_string(table);
    Ok(format!("{}\n{}", text(&front)?, text(&whole)?))
}

fn put(table: &mut toml::Table, key: &str, value: toml::Value) {
    match key.split_once('.') {
        None => drop(table.insert(key.to_owned(), value)),
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let Some(inner) = inner.as_table_mut() {
                put(inner, rest, value);
            }
        }
    }
}

fn runs(calibrated: &Calibrated) -> Result<Vec<u8>, Unmade> {
    let Calibrated { posterior, prepared, .. } = calibrated;
    let runs = &posterior.runs;
    let targets: Vec<_> = prepared.targets.iter().map(|(target, _)| target.clone()).collect();
    let factor_words: Vec<_> =
        prepared.factors.iter().map(|(factor, dial)| (format!("factor: {}", factor.key), dial)).collect();
    let target_words: Vec<_> = prepared
        .targets
        .iter()
        .map(|(target, outcome)| {
            let wanted = format!("wanted: {} +- {}, {}", target.value, target.tolerance, target.source);
            (format!("output: {}", target.name), format!("{outcome}: {}; {wanted}", outcome.meaning()), outcome.unit())
        })
        .collect();
    let mut columns: Vec<(&str, &str, &str, ArrayRef)> = vec![
        (
            "run",
            "number of the run, and of its random numbers as a replicate",
            "",
            Arc::new(runs.iter().map(|run| run.number).collect::<UInt32Array>()),
        ),
        (
            "population",
            "population it was drawn in; 0 is the prior",
            "",
            Arc::new(runs.iter().map(|run| run.population).collect::<UInt32Array>()),
        ),
        (
            "weight",
            "posterior weight; weights add up to 1",
            "share",
            Arc::new(posterior.weights.shares.iter().copied().collect::<Float64Array>()),
        ),
        (
            "distance",
            "root of the sum of squared misses",
            "tolerances",
            Arc::new(runs.iter().map(|run| run.distance(&targets).sqrt()).collect::<Float64Array>()),
        ),
    ];
    for (n, (name, dial)) in factor_words.iter().enumerate() {
        let (factor, _) = &prepared.factors[n];
        let values = runs.iter().map(|run| factor.value(run.place[n])).collect::<Float64Array>();
        columns.push((name, &dial.meaning, dial.quantity.unit, Arc::new(values)));
    }
    for (n, (name, meaning, unit)) in target_words.iter().enumerate() {
        let values = runs.iter().map(|run| run.outputs[n]).collect::<Float64Array>();
        columns.push((name, meaning, unit, Arc::new(values)));
    }
    of_columns(&calibrated.scenario.about.name, columns)?.parquet()
}

fn factors(calibrated: &Calibrated) -> Result<Vec<u8>, Unmade> {
    let head = "key unit prior_low prior_high scale low_5 median high_95 spread_left grade";
    let pairs = calibrated.posterior.factors.iter().zip(&calibrated.prepared.factors);
    let rows = pairs.map(|(narrowed, (factor, dial))| {
        let [low, median, high] = narrowed.quantiles;
        [
            Cell::from(&factor.key),
            dial.quantity.unit.into(),
            factor.low.into(),
            factor.high.into(),
            scale(factor.scale).into(),
            low.into(),
            median.into(),
            high.into(),
            narrowed.spread_left.into(),
            dial.card.as_ref().map_or(Cell::empty(), |card| (&card.grade).into()),
        ]
    });
    Sheet::of(head, rows)
}

fn scale(scale: Scale) -> &'static str {
    match scale {
        Scale::Linear => "linear",
        Scale::Log => "log",
    }
}

fn targets(calibrated: &Calibrated) -> Result<Vec<u8>, Unmade> {
    let head = "target outcome unit value tolerance mean low_5 high_95 miss_in_tolerances nearest source";
    let pairs = calibrated.posterior.fits.iter().zip(&calibrated.prepared.targets);
    let rows = pairs.map(|(fit, (_, outcome))| {
        let Fit { target, mean, range, nearest } = fit;
        [
            Cell::from(&target.name),
            outcome.to_string().into(),
            outcome.unit().into(),
            target.value.into(),
            target.tolerance.into(),
            (*mean).into(),
            range[0].into(),
            range[1].into(),
            fit.miss().into(),
            nearest.map_or(Cell::empty(), Cell::from),
            (&target.source).into(),
        ]
    });
    Sheet::of(head, rows)
}

/// Every pair of a factor and a target, with what one says of the other.
fn identification(calibrated: &Calibrated) -> Result<Vec<u8>, Unmade> {
    let (found, prepared) = (calibrated.identification(), calibrated.prepared);
    let pairs = (0..prepared.factors.len()).flat_map(|f| (0..prepared.targets.len()).map(move |t| (f, t)));
    let rows = pairs.map(|(factor, target)| {
        [
            Cell::from(&prepared.factors[factor].0.key),
            (&prepared.targets[target].0.name).into(),
            found.correlations[factor][target].map_or(Cell::empty(), Cell::from),
            found.informs(factor, target).into(),
        ]
    });
    Sheet::of("factor target rank_correlation informs", rows)
}

/// The calibration as JSON.
pub fn as_json(calibrated: &Calibrated) -> Value {
    let Calibrated { posterior, plan, .. } = calibrated;
    let (identified, prepared) = (calibrated.identification(), calibrated.prepared);
    let informed_by = |factor: usize| -> Vec<&str> {
        identified.informing(factor).into_iter().map(|target| prepared.targets[target].0.name.as_str()).collect()
    };
    let factors = posterior.factors.iter().zip(&prepared.factors).enumerate().map(|(n, (narrowed, (factor, dial)))| {
        json!({
            "informed_by": informed_by(n),
            "key": factor.key,
            "unit": dial.quantity.unit,
            "prior": {"low": factor.low, "high": factor.high, "flat_on": scale(factor.scale)},
            "posterior_5_50_95": narrowed.quantiles,
            "spread_left": narrowed.spread_left,
        })
    });
    let targets = posterior.fits.iter().zip(&calibrated.prepared.targets).map(|(fit, (target, outcome))| {
        json!({
            "name": target.name,
            "outcome": outcome.to_string(),
            "unit": outcome.unit(),
            "value": target.value,
            "tolerance": target.tolerance,
            "source": target.source,
            "posterior_mean": fit.mean,
            "posterior_5_95": fit.range,
            "miss_in_tolerances": fit.miss(),
            "nearest": fit.nearest,
        })
    });
    json!({
        "name": calibrated.name,
        "scenario": calibrated.scenario.about.name,
        "seed": plan.seed,
        "budget": plan.budget,
        "population": plan.population,
        "populations": posterior.effort.populations,
        "runs": posterior.runs.len(),
        "failed": posterior.effort.failed,
        "runs_that_count": posterior.weights.effective,
        "tolerances_widened": posterior.weights.widened,
        "factors": factors.collect::<Vec<_>>(),
        "targets": targets.collect::<Vec<_>>(),
        "draws": calibrated.draws,
    })
}

/// A check as JSON.
pub fn check_as_json(checked: &Checked) -> Value {
    let factor = |ranks: &Ranks| {
        json!({
            "key": ranks.factor.key,
            "ranks": ranks.counts,
            "chi_squared": ranks.chi_squared(),
            "levels": LEVELS,
            "covered": ranks.covered,
        })
    };
    json!({
        "truths": checked.truths,
        "skipped": checked.skipped,
        "runs_that_count": checked.effective,
        "factors": checked.ranks.iter().map(factor).collect::<Vec<_>>(),
    })
}
