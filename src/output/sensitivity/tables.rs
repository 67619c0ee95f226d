//! sensitivity.csv and sensitivity.json: every number of the report, a row each.

use super::Report;
use super::words::{by_grade, sentences};
use crate::experiment::sensitivity::analysis::{Answer, Indices};
use crate::experiment::sensitivity::resample::Estimate;
use crate::experiment::sensitivity::view::{Kind, Of, View};
use crate::output::disk::manifest::as_text;
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::unmade::Unmade;
use serde_json::{Map, Value, json};

const HEAD: [&str; 11] =
    ["sweep", "output", "unit", "of", "arm", "against", "factor", "grade", "index", "value", "half_width"];

/// What an answer is about: level, effect or relative effect; the arm, and the one it is against.
fn about<'a>(view: &'a View, answer: &Answer) -> (&'static str, &'a str, &'a str) {
    match answer.quantity.of {
        Of::Level(arm) => ("level", &view.arms[arm], ""),
        Of::Effect(arm, against) => ("effect", &view.arms[arm], &view.arms[against]),
        Of::Relative(arm, against) => ("relative effect", &view.arms[arm], &view.arms[against]),
    }
}

/// The name of a design.
fn design(kind: Kind) -> &'static str {
    match kind {
        Kind::Saltelli => "saltelli",
        Kind::Morris(_) => "morris",
        Kind::Other(name) => name,
    }
}

/// The tidy table.
///
/// # Errors
/// What could not be written, in words.
pub fn csv(report: &Report) -> Result<Vec<u8>, Unmade> {
    let view = &report.analysis.view;
    let mut out = Sheet::new(HEAD)?;
    for answer in &report.analysis.answers {
        let (of, arm, against) = about(view, answer);
        let output = &view.outputs[answer.quantity.output];
        let mut put = |factor: &str, grade: &str, index: &str, value: f64, half: Option<f64>| {
            let unit = report.analysis.unit(answer);
            let words = [&report.name, &output.name, unit, of, arm, against, factor, grade, index].map(Cell::from);
            out.row(words.into_iter().chain([value.into(), half.map_or(Cell::empty(), Cell::from)]))
        };
        let factors = view.factors.iter().map(|factor| (factor.key.as_str(), factor.grade.as_str()));
        match &answer.indices {
            Indices::Sobol(sobol) => {
                for ((key, grade), (first, total)) in factors.zip(sobol.first.iter().zip(&sobol.total)) {
                    put(key, grade, "S1", first.value, Some(first.half_width))?;
                    put(key, grade, "ST", total.value, Some(total.half_width))?;
                }
                for grade in &answer.grades {
                    put("", &grade.grade, "S1", grade.first.value, Some(grade.first.half_width))?;
                    put("", &grade.grade, "ST", grade.total.value, Some(grade.total.half_width))?;
                }
                let together = sobol.interactions;
                put("", "", "interactions", together.value, Some(together.half_width))?;
                put("", "", "variance", sobol.variance, None)?;
            }
            Indices::Morris(effects) => {
                for (((key, grade), effect), is_word) in factors.zip(effects).zip(view.are_words()) {
                    let index = |plain, of_words| if is_word { of_words } else { plain };
                    let star = index("mu_star", "mu_star between words");
                    put(key, grade, index("mu", "mu between words"), effect.mu, None)?;
                    put(key, grade, star, effect.mu_star.value, Some(effect.mu_star.half_width))?;
                    put(key, grade, index("sigma", "sigma between words"), effect.sigma, None)?;
                }
            }
            Indices::None => {}
        }
        for ((factor, swing), n) in view.factors.iter().zip(&answer.swings).zip(0..) {
            let Some([low, high]) = swing else { continue };
            for (index, end) in [("mean at the low end", low), ("mean at the high end", high)] {
                put(&view.factors[n].key, &factor.grade, index, end.output.mean, None)?;
            }
        }
        if let Some(luck) = answer.quantity.luck {
            put("", "", "share of luck", luck, None)?;
        }
    }
    out.bytes()
}

fn estimate(estimate: &Estimate) -> Value {
    json!({"value": estimate.value, "half_width": estimate.half_width})
}

/// The same as JSON, with the sentences.
pub fn json(report: &Report) -> Vec<u8> {
    as_text(&value(report))
}

/// The same as a value.
pub fn value(report: &Report) -> Value {
    let analysis = &report.analysis;
    let view = &analysis.view;
    let answer = |answer: &Answer| {
        let (of, arm, against) = about(view, answer);
        let factor = |n: usize| {
            let mut one = Map::new();
            one.insert("factor".into(), json!(view.factors[n].key));
            one.insert("grade".into(), json!(view.factors[n].grade));
            match &answer.indices {
                Indices::Sobol(sobol) => {
                    one.insert("S1".into(), estimate(&sobol.first[n]));
                    one.insert("ST".into(), estimate(&sobol.total[n]));
                }
                Indices::Morris(effects) => {
                    let of = if view.are_words()[n] { "one word for another" } else { "the whole range" };
                    one.insert("effect_of".into(), json!(of));
                    one.insert("mu".into(), json!(effects[n].mu));
                    one.insert("mu_star".into(), estimate(&effects[n].mu_star));
                    one.insert("sigma".into(), json!(effects[n].sigma));
                }
                Indices::None => {}
            }
            if let Some([low, high]) = &answer.swings[n] {
                one.insert("mean_at_ends".into(), json!([low.output.mean, high.output.mean]));
            }
            Value::Object(one)
        };
        let grade = |grade: &crate::experiment::sensitivity::analysis::Grade| {
            json!({
                "grade": grade.grade, "factors": grade.factors.len(),
                "S1": estimate(&grade.first), "ST": estimate(&grade.total),
            })
        };
        let (variance, together) = match &answer.indices {
            Indices::Sobol(sobol) => (json!(sobol.variance), estimate(&sobol.interactions)),
            _ => (Value::Null, Value::Null),
        };
        json!({
            "name": answer.name,
            "output": view.outputs[answer.quantity.output].name,
            "unit": analysis.unit(answer),
            "of": of, "arm": arm, "against": against,
            "says": sentences(analysis, answer),
            "evidence": (!answer.grades.is_empty()).then(|| by_grade(answer)),
            "factors": (0..view.factors.len()).map(factor).collect::<Vec<_>>(),
            "by_grade": answer.grades.iter().map(grade).collect::<Vec<_>>(),
            "interactions": together,
            "variance": variance,
            "share_of_luck": answer.quantity.luck,
        })
    };
    json!({
        "handover": env!("CARGO_PKG_VERSION"),
        "sweep": report.name,
        "title": report.title,
        "design": design(view.kind),
        "points": view.points,
        "runs": report.runs,
        "is_partial": report.is_partial,
        "replicates": report.replicates,
        "resamples": analysis.resamples.count,
        "table_sha256": report.table,
        "answers": analysis.answers.iter().map(answer).collect::<Vec<_>>(),
        "left_out": analysis.left_out.iter().map(|(name, why)| json!({"name": name, "why": why})).collect::<Vec<_>>(),
    })
}
