//! The page of the scorecard.

use super::{Validated, words};
use crate::experiment::validate::score::{Course, Line, Year};
use crate::output::kit::page::Page;
use serde_json::json;

/// The whole page.
pub(super) fn page(validated: &Validated) -> String {
    let mut page = Page::default();
    page.section("The answer");
    page.answer(&validated.counts().iter().map(|words| format!("{words}.")).collect::<Vec<_>>());
    page.text("A fact that is used may set a parameter; on one that is held out nothing is tuned, ever. A figure is hit within two standard deviations, those of the figure and of the mean over the replicates taken together; a fact is hit if all its figures that can be tested are. The spread is that of single replicates.");
    page.text(&format!("{}.", words::WIDE));
    page.section("Fact by fact, misses first");
    let lines = validated.lines();
    let row = |line: &Line| {
        let figure = &line.figure.test;
        vec![
            line.name(),
            line.fact.known.what.clone(),
            line.verdict.words().to_owned(),
            words::model(validated, line),
            words::target(validated, line),
            words::distance(line),
            line.fact.known.standing.words().to_owned(),
            format!("{} ({})", line.fact.known.source, line.fact.known.mark),
            figure.as_ref().err().map_or_else(|| line.fact.known.says.clone(), |untested| untested.why.clone()),
        ]
    };
    page.table(
        "The scorecard",
        &[
            "",
            "fact",
            "verdict",
            "model ± spread",
            "target",
            "distance",
            "standing",
            "source (V read, N read earlier, R recalled, D derived)",
            "why",
        ],
        &lines.iter().map(row).collect::<Vec<_>>(),
        false,
    );
    if !validated.card.series.is_empty() {
        page.section("Histories");
        page.text("Each is simulated from its beginning with what was given then, and held against two forecasts that know nothing of the model: that the last known value stays, and that the last known trend goes on.");
    }
    for course in validated.courses() {
        history(&mut page, &course);
    }
    page.section("How each number is made");
    let experiment = |experiment: &crate::experiment::validate::Experiment| {
        let outcomes: Vec<String> = experiment.outcomes.iter().map(ToString::to_string).collect();
        vec![experiment.name.clone(), experiment.given.join("; "), experiment.commands.join("; "), outcomes.join("; ")]
    };
    page.table(
        "Experiments",
        &["experiment", "given", "runs", "what is read from them"],
        &validated.card.experiments.iter().map(experiment).collect::<Vec<_>>(),
        true,
    );
    page.command(&validated.command);
    for failure in validated.failures() {
        page.text(&format!("Failed: {failure}."));
    }
    let standing = format!(
        "{} replicates of each experiment{}; evidence with SHA-256 {}. handover {}.",
        validated.replicates,
        if validated.is_quick { " at the quick grain" } else { "" },
        validated.hash,
        env!("CARGO_PKG_VERSION")
    );
    page.finish("Held against the world", "Which facts does the model reproduce, and which not?", &standing)
}

fn history(page: &mut Page, course: &Course) {
    let series = course.series;
    let simulated = |year: &&Year| year.measured.is_some() || !year.is_known;
    let years: Vec<&Year> = course.years.iter().filter(simulated).collect();
    page.text(&format!(
        "{} Model: {}. Last value: {}. Last trend: {}. Years from {} on count; {}.",
        series.known.says,
        words::off(course.model()),
        words::off(course.last_value()),
        words::off(course.last_trend()),
        series.known_until + 1,
        series.known.standing.words()
    ));
    let numbers = |of: &dyn Fn(&Year) -> Option<f64>| years.iter().map(|year| of(year)).collect::<Vec<Option<f64>>>();
    let curve =
        |name: &str, values: Vec<Option<f64>>| json!({"name": name, "values": values, "low": null, "high": null});
    let chart = json!({
        "kind": "line", "unit": series.unit,
        "dates": years.iter().map(|year| format!("{}-12-31", year.year)).collect::<Vec<_>>(),
        "curves": [
            {
                "name": "model", "values": numbers(&|year| year.measured.map(|measured| measured.mean)),
                "low": numbers(&|year| year.band.map(|band| band.0)), "high": numbers(&|year| year.band.map(|band| band.1)),
            },
            curve("what happened", numbers(&|year| Some(year.target))),
            curve("last value", numbers(&|year| year.naive_last)),
            curve("last trend", numbers(&|year| year.naive_trend)),
        ],
    });
    let row = |year: &&Year| {
        let unit = series.unit;
        let band = |end: fn((f64, f64)) -> f64| words::value(year.band.map(end), unit);
        vec![
            year.year.to_string(),
            words::value(Some(year.target), unit),
            words::value(year.measured.map(|measured| measured.mean), unit),
            format!("{} to {}", band(|band| band.0), band(|band| band.1)),
            year.measured.map_or_else(|| "-".to_owned(), |measured| format!("{:+.1} sd", measured.distance)),
            words::value(year.naive_last, unit),
            words::value(year.naive_trend, unit),
        ]
    };
    let title = format!("{}: {}", series.known.id, series.known.what);
    let head = ["December of", "what happened", "model", "nine tenths", "distance", "last value", "last trend"];
    page.chart(
        &title,
        &format!("Source: {} ({}).", series.known.source, series.known.mark),
        300,
        chart,
        &head,
        &years.iter().map(row).collect::<Vec<_>>(),
    );
}
