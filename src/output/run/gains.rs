//! gains.csv and gains.parquet of a run: who gained, who lost, who was paid.

use crate::experiment::run::Results;
use crate::ground::list::Listed;
use crate::observe::gains::Entry;
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::gains::{NUMBERS, place};
use crate::output::kit::parquet::{Frame, about, facts, word_field, words};
use crate::output::kit::unmade::Unmade;
use arrow_array::{ArrayRef, Float64Array, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field};
use std::sync::Arc;

/// What stands in the columns of words, and what that means.
const WORDS: [(&str, &str); 5] = [
    ("region", "where, or world"),
    ("group", "who"),
    ("line", "of what; all for the whole group"),
    (
        "kind",
        "total of a group; payment; use: what is done with money and no gain; no payment; counted among workers: in their payments too; persons",
    ),
    ("unit", "unit of the numbers"),
];

fn words_of(entry: Entry, regions: &[String]) -> [&str; 5] {
    [place(regions, entry.region), entry.group.name(), entry.words(), entry.kind(), entry.unit()]
}

/// The table as text.
///
/// # Errors
/// What could not be written, in words.
pub(super) fn csv(results: &Results) -> Result<Vec<u8>, Unmade> {
    let (run, regions, gains) =
        (&results.scenario.parameters.run, &results.scenario.parameters.regions, results.gains());
    let head = ["scenario", "replicate", "seed"].into_iter().chain(WORDS.map(|(name, _)| name));
    let mut sheet = Sheet::new(head.chain(NUMBERS.map(|(name, ..)| name)))?;
    for entry in Entry::all(regions.len()) {
        let amounts = entry.of(&gains);
        let first = [Cell::from(&results.scenario.about.name), run.replicate.into(), run.seed.into()];
        let words = words_of(entry, regions).map(Cell::from);
        let numbers = NUMBERS.map(|(.., number)| Cell::from(Some(number(amounts))));
        sheet.row(first.into_iter().chain(words).chain(numbers))?;
    }
    sheet.bytes()
}

/// Who gained, who lost, who was paid: gains.parquet.
pub fn frame(results: &Results) -> Frame {
    let (run, regions, gains) =
        (&results.scenario.parameters.run, &results.scenario.parameters.regions, results.gains());
    let entries = Entry::all(regions.len());
    let mut fields = vec![
        about(word_field("scenario"), "name of the scenario", ""),
        about(Field::new("replicate", DataType::UInt32, false), "number of the replicate", ""),
        about(Field::new("seed", DataType::UInt64, false), "seed of all random numbers", ""),
    ];
    let mut columns: Vec<ArrayRef> = vec![
        words(entries.iter().map(|_| Some(results.scenario.about.name.as_str()))),
        Arc::new(entries.iter().map(|_| run.replicate).collect::<UInt32Array>()),
        Arc::new(entries.iter().map(|_| run.seed).collect::<UInt64Array>()),
    ];
    for (n, (name, meaning)) in WORDS.into_iter().enumerate() {
        fields.push(about(word_field(name), meaning, ""));
        columns.push(words(entries.iter().map(|entry| Some(words_of(*entry, regions)[n]))));
    }
    for (name, meaning, number) in NUMBERS {
        fields.push(about(Field::new(name, DataType::Float64, true), meaning, "see the column unit"));
        let known = |entry: &Entry| Some(number(entry.of(&gains))).filter(|value| value.is_finite());
        columns.push(Arc::new(entries.iter().map(known).collect::<Float64Array>()));
    }
    Frame::new(fields, facts(&results.scenario), columns)
}
