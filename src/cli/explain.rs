//! `handover explain`: every number with its meaning, origin, grade and source.

use super::scenario::{ScenarioArguments, read};
use super::{Exit, print};
use clap::Args;
use handover::scenario::explain::{Explanation, explain as look_up};

/// Say what values are, what they mean, and who says so.
#[derive(Args, Debug)]
pub(super) struct ExplainArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// A key, or the beginning of several: learning.alpha, law, policy.0 [default: everything, a line each].
    key: Option<String>,
}

/// Prints explanations on stdout.
pub(super) fn explain(arguments: &ExplainArguments) -> Exit {
    let scenario = match read(&arguments.scenario.scenario, &arguments.scenario.settings) {
        Ok(scenario) => scenario,
        Err(exit) => return exit,
    };
    let key = arguments.key.as_deref().unwrap_or("");
    let found = match look_up(&scenario, key) {
        Ok(found) => found,
        Err(words) => {
            eprintln!("error: {words}");
            return Exit::Input;
        }
    };
    let mut text = String::new();
    if key.is_empty() {
        let width = found.iter().map(|one| one.key.len()).max().unwrap_or(0);
        for one in &found {
            let grade = one.card.as_ref().map_or(" ", |card| card.grade.as_str());
            let Explanation { key, origin, .. } = one;
            let value = in_a_line(one);
            text += &format!("{key:width$}  {grade:1}  {value}  ({}:{})\n", origin.file, origin.line);
        }
    } else {
        for (place, one) in found.iter().enumerate() {
            text += &format!("{}{}\n", if place > 0 { "\n" } else { "" }, in_full(one));
        }
    }
    print(&text)
}

/// The value as written, and in the model's own units where that differs.
fn in_a_line(one: &Explanation) -> String {
    let origin = &one.origin;
    let same =
        origin.written.is_empty() || origin.written == origin.value || is_same_number(&origin.written, &origin.value);
    if same { origin.value.clone() } else { format!("{} = {}", origin.written, origin.value) }
}

fn is_same_number(one: &str, other: &str) -> bool {
    matches!((one.replace('_', "").parse::<f64>(), other.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

fn in_full(one: &Explanation) -> String {
    let mut lines = vec![one.key.clone()];
    let mut line = |name: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("  {name:<9} {text}"));
        }
    };
    line("value", &in_a_line(one));
    line("meaning", &one.meaning);
    line("written", &one.kind);
    line("stated in", &format!("{}:{}", one.origin.file, one.origin.line));
    if let Some(card) = &one.card {
        let grade = match card.grade.as_str() {
            "A" => "A: official statistic or peer-reviewed",
            "B" => "B: reputable press, preprint, filing or industry body",
            "C" => "C: estimate, derived value or assumption",
            _ => "none stated",
        };
        if one.is_card_of_another_value {
            line("note", "the value was changed without a card; what follows is the card of the value it replaced");
        }
        line("range", &card.range);
        line("grade", grade);
        line("source", &card.source);
    }
    line("used by", &one.used_by.join(", "));
    lines.join("\n")
}
