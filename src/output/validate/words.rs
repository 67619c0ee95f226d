//! A line of the scorecard in words, and a history as a picture.

use super::Validated;
use crate::experiment::amount::shown;
use crate::experiment::validate::Relation;
use crate::experiment::validate::score::{Course, Line, Off};
use crate::output::plots::hindcast::{Picture, Point};

/// Three digits, so that a column stays narrow.
fn short(value: f64, unit: &str) -> String {
    let digits = 3;
    let factor = if unit == "share" { 100.0 } else { 1.0 };
    let size = (value * factor).abs();
    let rounded = if size > 0.0 && size.is_finite() {
        let step = libm::pow(10.0, libm::floor(libm::log10(size)) - f64::from(digits - 1));
        (value * factor / step).round() * step / factor
    } else {
        value
    };
    shown(rounded, unit)
}

/// The unit of a line's figure.
pub(super) fn unit(validated: &Validated, line: &Line) -> &'static str {
    let of = |place: crate::experiment::validate::Place| {
        validated.card.experiments[place.experiment].outcomes[place.outcome].unit()
    };
    line.figure.test.as_ref().map_or("", |test| of(test.place))
}

/// What the model gives: "4.2 ± 0.3 USD/unit".
pub(super) fn model(validated: &Validated, line: &Line) -> String {
    match (&line.figure.test, line.measured) {
        (Err(_), _) => "-".to_owned(),
        (Ok(_), None) => "no number".to_owned(),
        (Ok(_), Some(measured)) => {
            let unit = unit(validated, line);
            let few = if measured.count < validated.replicates {
                format!(" (in {} of {})", measured.count, validated.replicates)
            } else {
                String::new()
            };
            format!("{} ± {}{few}", short(measured.mean, unit), short(measured.spread, unit))
        }
    }
}

/// What was wanted: "6 USD/unit ± 0.5 USD/unit".
pub(super) fn target(validated: &Validated, line: &Line) -> String {
    match &line.figure.test {
        Err(untested) => untested.value.clone(),
        Ok(test) => {
            let unit = unit(validated, line);
            let bound = match test.relation {
                Relation::About => "",
                Relation::AtLeast => "at least ",
                Relation::AtMost => "at most ",
            };
            let error =
                if test.tolerance > 0.0 { format!(" ± {}", short(test.tolerance, unit)) } else { String::new() };
            format!("{bound}{}{error}", short(test.value, unit))
        }
    }
}

/// What the sign behind a distance means.
pub(super) const WIDE: &str =
    "~ means that the model's mean is known less well than the target, so that a hit says little";

/// Is the mean over replicates known less well than the target?
fn is_wide(line: &Line) -> bool {
    let tolerance = line.figure.test.as_ref().map_or(0.0, |test| test.tolerance);
    line.measured.is_some_and(|measured| measured.spread / f64::from(measured.count).sqrt() > tolerance)
        && tolerance > 0.0
}

/// How far away: "+2.3 sd".
pub(super) fn distance(line: &Line) -> String {
    line.measured.map_or_else(
        || "-".to_owned(),
        |measured| match measured.distance {
            far if far.is_infinite() => "beyond".to_owned(),
            near if is_wide(line) => format!("{near:+.1} sd ~"),
            near => format!("{near:+.1} sd"),
        },
    )
}

/// A forecast in words: "5 of 6 years, off by 7 %".
pub(super) fn off(off: Option<Off>) -> String {
    off.map_or_else(
        || "none".to_owned(),
        |off| {
            let percent = (libm::exp(off.log_error) - 1.0) * 100.0;
            format!("{} of {} years, off by {percent:.0} %", off.within, off.years)
        },
    )
}

/// A value of a history.
pub(super) fn value(number: Option<f64>, unit: &str) -> String {
    number.map_or_else(|| "-".to_owned(), |number| short(number, unit))
}

/// The picture of a history.
pub(super) fn picture(course: &Course, validated: &Validated) -> Picture {
    let series = course.series;
    let point = |(year, value): (i32, f64)| (f64::from(year), value);
    let each = |of: &dyn Fn(&crate::experiment::validate::score::Year) -> Option<f64>| -> Vec<Point> {
        course.years.iter().filter_map(|year| Some(point((year.year, of(year)?)))).collect()
    };
    let known = course.years.iter().rfind(|year| year.is_known).map(|year| point((year.year, year.target)));
    let from_known = |mut points: Vec<Point>| {
        points.splice(0..0, known);
        points
    };
    Picture {
        title: format!("{}: {}", series.known.id, series.known.what),
        how_to_read: format!(
            "Black: what happened, with two standard deviations ({}). Blue: the model, mean and nine tenths of {} replicates. Dashed: naive forecasts from {} on.",
            series.known.standing.words(),
            validated.replicates,
            series.known_until
        ),
        upward: series.unit.to_owned(),
        targets: course
            .years
            .iter()
            .map(|year| (point((year.year, year.target)), 2.0 * series.tolerance * year.target))
            .collect(),
        model: each(&|year| year.measured.map(|measured| measured.mean)),
        low: each(&|year| year.band.map(|band| band.0)),
        high: each(&|year| year.band.map(|band| band.1)),
        last_value: from_known(each(&|year| year.naive_last)),
        last_trend: if course.last_trend().is_some() { from_known(each(&|year| year.naive_trend)) } else { Vec::new() },
        note: format!("Source: {}.", series.known.source),
    }
}
