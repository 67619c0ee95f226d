//! The result of a comparison: tables of paired differences, and the page that reads them.

use super::compare_tables;
use super::ensemble::day_of;
use super::manifest::{hash, parts};
use crate::experiment::compare::{Acts, acts, touched};
use crate::experiment::compare_effects::Effects;
use crate::experiment::compare_regret::Regret;
use crate::experiment::ensemble::Attendance;
use crate::experiment::follow::Life;
use crate::scenario::Scenario;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// One reform, and what it did.
#[derive(Debug)]
pub struct Reform {
    /// Its scenario.
    pub scenario: Scenario,
    /// Differences to the base.
    pub effects: Effects,
    /// One person's life in the base and in the reform.
    pub lives: Option<(Life, Life)>,
}

/// A whole comparison.
#[derive(Debug)]
pub struct Comparison {
    /// The base.
    pub base: Scenario,
    /// The reforms.
    pub reforms: Vec<Reform>,
    /// Replicates that were lived through.
    pub attendance: Attendance,
    /// Regret of each policy in each state of the world, one table an aim.
    pub regrets: Vec<Regret>,
}

/// What is aimed at in tables of regret: headline, and whether less is better.
pub const AIMS: [(&str, bool); 4] =
    [("income_all", false), ("income_filmed", false), ("income_displaced", false), ("public_cost", true)];

impl Comparison {
    /// First day of a tick of the base.
    pub fn date(&self, tick: i32) -> NaiveDate {
        day_of(&self.base, tick).0
    }

    /// When a reform can act, in words.
    pub fn acts_in_words(&self, reform: &Reform) -> String {
        match acts(&self.base, &reform.scenario) {
            Acts::Never => "never: it is the base".to_owned(),
            Acts::From(date) => format!("from {date} on; before that day nothing differs"),
            Acts::AtOnce => "from the founding on".to_owned(),
        }
    }
}

/// Every file of a comparison, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(comparison: &Comparison) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut files = compare_tables::all(comparison)?;
    files.push(("report.html".to_owned(), super::report_compare::page(comparison).into_bytes()));
    files.push(("manifest.json".to_owned(), manifest(comparison, &files)));
    Ok(files)
}

fn manifest(comparison: &Comparison, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let about =
        |(name, bytes): &(String, Vec<u8>)| (name.clone(), json!({"sha256": hash(bytes), "bytes": bytes.len()}));
    let attendance = &comparison.attendance;
    let failed = attendance.failures.iter().map(|f| json!({"replicate": f.replicate, "cause": f.cause}));
    let mut whole = parts(&comparison.base);
    whole.insert("kind".into(), json!("comparison"));
    whole.insert("replicates".into(), json!(attendance.words()));
    whole.insert("done".into(), json!(attendance.done));
    whole.insert("failed".into(), failed.collect());
    let reforms: Vec<Value> = comparison
        .reforms
        .iter()
        .map(|reform| {
            let mut own = parts(&reform.scenario);
            own.insert("acts".into(), json!(comparison.acts_in_words(reform)));
            own.insert("regions_it_names".into(), json!(touched(&comparison.base, &reform.scenario)));
            Value::Object(own)
        })
        .collect();
    whole.insert("reforms".into(), json!(reforms));
    whole.insert("files".into(), files.iter().map(about).collect::<serde_json::Map<_, _>>().into());
    let mut text = serde_json::to_vec_pretty(&Value::Object(whole)).unwrap_or_default();
    text.push(b'\n');
    text
}
