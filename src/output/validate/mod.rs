//! The scorecard: every fact with what the model gives, as tables, JSON, a page, a text, and a picture of each history.

mod markdown;
mod page;
pub mod summary;
pub mod theory;
mod words;

use crate::experiment::validate::run::Answers;
use crate::experiment::validate::score::{Count, Course, Line, Off, courses, hit_alone, lines};
use crate::experiment::validate::{Card, Standing};
use crate::output::disk::manifest::{Kind, Manifest, as_text};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::unmade::Unmade;
use crate::output::plots::hindcast::draw_hindcast;
use serde_json::{Value, json};

/// A scorecard with what it is one of.
pub struct Validated<'a> {
    /// Facts, histories, experiments.
    pub card: &'a Card,
    /// What each experiment answered.
    pub answers: &'a [Answers],
    /// With draws of what is not known: their source, and what each experiment answered without them.
    pub drawn: Option<(&'a str, &'a [Answers])>,
    /// Replicates of each.
    pub replicates: u32,
    /// Coarse, for a quick look?
    pub is_quick: bool,
    /// Hash of the files of evidence.
    pub hash: String,
    /// What to type to have it again.
    pub command: String,
}

impl Validated<'_> {
    /// A line a figure, misses first.
    pub fn lines(&self) -> Vec<Line<'_>> {
        lines(self.card, self.answers)
    }

    /// Histories, with what the model and the naive forecasts make of them.
    pub fn courses(&self) -> Vec<Course<'_>> {
        courses(self.card, self.answers)
    }

    /// Facts of a standing, by verdict.
    pub fn count(&self, standing: Standing) -> Count {
        Count::of(self.card, &self.lines(), standing)
    }

    /// "used: 8 of 12 hold, ...; a run alone hits 60 % of those that can be tested", for each standing; then the same
    /// without draws of what is not known, if there are draws.
    pub fn counts(&self) -> Vec<String> {
        let of = |answers: &[Answers], standing: Standing| {
            let count = Count::of(self.card, &lines(self.card, answers), standing).words();
            let alone = hit_alone(self.card, answers, standing).map_or_else(String::new, |share| {
                format!("; a run alone hits {:.0} % of those that can be tested", share * 100.0)
            });
            format!("{}: {count}{alone}", standing.words())
        };
        let both = |answers| [Standing::Used, Standing::HeldOut].map(|standing| of(answers, standing));
        let without = self.drawn.map(|(_, answers)| both(answers).map(|words| format!("without draws, {words}")));
        both(self.answers).into_iter().chain(without.into_iter().flatten()).collect()
    }

    /// Replicates that failed, in words.
    pub fn failures(&self) -> Vec<String> {
        let one = |(experiment, answers): (&crate::experiment::validate::Experiment, &Answers)| {
            let words = |failure: &crate::experiment::ensemble::Failure| {
                format!("{}, replicate {}: {}", experiment.name, failure.replicate, failure.cause)
            };
            answers.failures.iter().map(words).collect::<Vec<_>>()
        };
        self.card.experiments.iter().zip(self.answers).flat_map(one).collect()
    }
}

/// Every file of a scorecard, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(validated: &Validated) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let mut files = vec![
        ("validation.csv".to_owned(), facts_csv(validated)?),
        ("history.csv".to_owned(), history_csv(validated)?),
        ("validation.json".to_owned(), as_text(&as_json(validated))),
        ("validation.html".to_owned(), page::page(validated).into_bytes()),
        ("validation.md".to_owned(), markdown::text(validated).into_bytes()),
    ];
    for course in validated.courses() {
        let name = format!("plots/{}", course.series.known.id.to_lowercase());
        files.extend(draw_hindcast(&name, &words::picture(&course, validated))?);
    }
    let runs = format!("{} replicates", validated.replicates);
    let manifest = Manifest::of_report(Kind::Validation, "evidence", &validated.hash, &runs, &files);
    files.push(("manifest.json".to_owned(), manifest.bytes()));
    Ok(files)
}

fn or_empty<'a>(number: Option<f64>) -> Cell<'a> {
    number.filter(|number| number.is_finite()).map_or(Cell::empty(), Cell::from)
}

fn facts_csv(validated: &Validated) -> Result<Vec<u8>, Unmade> {
    let head = "fact figure standing mark verdict model spread replicates target tolerance distance unit outcome experiment what source";
    let lines = validated.lines();
    let row = |line: &Line| -> [Cell<'static>; 16] {
        let (fact, measured, test) = (line.fact, line.measured, line.figure.test.as_ref());
        let outcome = test.ok().map(|test| {
            let experiment = &validated.card.experiments[test.place.experiment];
            (experiment.outcomes[test.place.outcome].to_string(), words::unit(validated, line), experiment.name.clone())
        });
        let (outcome, unit, experiment) =
            outcome.map_or_else(Default::default, |(outcome, unit, name)| (outcome, unit.to_owned(), name));
        [
            fact.known.id.clone().into(),
            line.figure.of.clone().into(),
            fact.known.standing.words().to_owned().into(),
            fact.known.mark.clone().into(),
            line.verdict.words().to_owned().into(),
            or_empty(measured.map(|measured| measured.mean)),
            or_empty(measured.map(|measured| measured.spread)),
            or_empty(measured.map(|measured| f64::from(measured.count))),
            match test {
                Ok(test) => test.value.into(),
                Err(untested) => untested.value.clone().into(),
            },
            or_empty(test.ok().map(|test| test.tolerance)),
            or_empty(measured.map(|measured| measured.distance)),
            unit.into(),
            outcome.into(),
            experiment.into(),
            fact.known.what.clone().into(),
            fact.known.source.clone().into(),
        ]
    };
    Sheet::of(head, lines.iter().map(row))
}

fn history_csv(validated: &Validated) -> Result<Vec<u8>, Unmade> {
    let head = "series year known target tolerance model low high distance last_value last_trend unit standing";
    let courses = validated.courses();
    let rows = courses.iter().flat_map(|course| {
        course.years.iter().map(|year| -> [Cell; 13] {
            [
                Cell::from(&course.series.known.id),
                f64::from(year.year).into(),
                year.is_known.into(),
                year.target.into(),
                (course.series.tolerance * year.target).into(),
                or_empty(year.measured.map(|measured| measured.mean)),
                or_empty(year.band.map(|band| band.0)),
                or_empty(year.band.map(|band| band.1)),
                or_empty(year.measured.map(|measured| measured.distance)),
                or_empty(year.naive_last),
                or_empty(year.naive_trend),
                course.series.unit.into(),
                course.series.known.standing.words().into(),
            ]
        })
    });
    Sheet::of(head, rows)
}

/// The scorecard as JSON.
pub fn as_json(validated: &Validated) -> Value {
    let line = |line: &Line| {
        let test = line.figure.test.as_ref();
        let outcome = |place: crate::experiment::validate::Place| {
            let experiment = &validated.card.experiments[place.experiment];
            json!({"experiment": experiment.name, "outcome": experiment.outcomes[place.outcome].to_string(), "commands": experiment.commands})
        };
        json!({
            "fact": line.fact.known.id, "figure": line.figure.of, "what": line.fact.known.what, "source": line.fact.known.source,
            "mark": line.fact.known.mark, "standing": line.fact.known.standing, "verdict": line.verdict,
            "says": line.fact.known.says,
            "model": line.measured.map(|measured| measured.mean),
            "spread": line.measured.map(|measured| measured.spread),
            "replicates": line.measured.map(|measured| measured.count),
            "distance": line.measured.map(|measured| measured.distance),
            "target": test.map_or_else(|untested| json!(untested.value), |test| json!(test.value)),
            "tolerance": test.ok().map(|test| test.tolerance),
            "cannot": test.err().map(|untested| &untested.why),
            "unit": words::unit(validated, line),
            "from": test.ok().map(|test| outcome(test.place)),
        })
    };
    let course = |course: &Course| {
        let year = |year: &crate::experiment::validate::score::Year| {
            json!({
                "year": year.year, "known": year.is_known, "target": year.target,
                "model": year.measured.map(|measured| measured.mean),
                "distance": year.measured.map(|measured| measured.distance),
                "nine_tenths": year.band, "last_value": year.naive_last, "last_trend": year.naive_trend,
            })
        };
        let off = |off: Option<Off>| json!(off);
        json!({
            "series": course.series.known.id, "what": course.series.known.what, "source": course.series.known.source,
            "standing": course.series.known.standing, "unit": course.series.unit, "says": course.series.known.says,
            "model": off(course.model()), "last_value": off(course.last_value()), "last_trend": off(course.last_trend()),
            "years": course.years.iter().map(year).collect::<Vec<_>>(),
        })
    };
    json!({
        "handover": env!("CARGO_PKG_VERSION"),
        "model": crate::experiment::MODEL_DIGEST,
        "replicates": validated.replicates,
        "is_quick": validated.is_quick,
        "used": validated.count(Standing::Used),
        "held_out": validated.count(Standing::HeldOut),
        "counts": validated.counts(),
        "draws": validated.drawn.map(|(source, _)| source),
        "facts": validated.lines().iter().map(line).collect::<Vec<_>>(),
        "history": validated.courses().iter().map(course).collect::<Vec<_>>(),
        "failures": validated.failures(),
        "evidence_sha256": validated.hash,
    })
}
