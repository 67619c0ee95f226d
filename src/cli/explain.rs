//! `handover explain`: every number with its meaning, origin, grade and source.

use super::scenario::{file, read};
use super::{Exit, print};
use clap::Args;
use handover::ground::list::Listed;
use handover::output::codebook::{Topic, codes};
use handover::scenario::Scenario;
use handover::scenario::explain::{Explanation, explain as look_up};
use std::path::PathBuf;

/// Say what values are, what they mean, and who says so; or print the codebook, for which no scenario is needed.
#[derive(Args, Debug)]
pub(super) struct ExplainArguments {
    /// The scenario: a file, or the name of a shipped one.
    #[arg(value_parser = file(), required_unless_present = "codebook", conflicts_with = "codebook")]
    scenario: Option<PathBuf>,
    /// Change a value of the scenario, with the same units as in the file; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE", conflicts_with = "codebook")]
    settings: Vec<String>,
    /// A key, or the beginning of several: learning.alpha, law, policy.0 [default: everything, a line each].
    key: Option<String>,
    #[command(flatten, next_help_heading = "Codebook")]
    codebook: Codebook,
    /// Print a table of the codebook as JSON.
    #[arg(long, requires = "codebook", help_heading = "Codebook")]
    json: bool,
}

/// Which table of the codebook.
#[derive(Args, Clone, Copy, Debug)]
#[group(id = "codebook", multiple = false)]
struct Codebook {
    /// What is measured: metrics with unit, items and meaning.
    #[arg(long)]
    metrics: bool,
    /// What can be asked of a run in a line, by sweeps, solve, targets and evidence.
    #[arg(long)]
    outcomes: bool,
    /// What a comparison sums up.
    #[arg(long)]
    headlines: bool,
    /// What a law or a policy can set.
    #[arg(long)]
    levers: bool,
    /// Kinds of events with their keys.
    #[arg(long)]
    events: bool,
    /// What the files of results hold.
    #[arg(long)]
    files: bool,
}

impl Codebook {
    fn topic(self) -> Option<Topic> {
        let Codebook { metrics, outcomes, headlines, levers, events, files } = self;
        let asked = [metrics, outcomes, headlines, levers, events, files];
        asked.iter().position(|&is_asked| is_asked).map(|place| Topic::ALL[place])
    }
}

/// Prints explanations, or a table of the codebook, on stdout.
pub(super) fn explain(arguments: &ExplainArguments) -> Exit {
    match (arguments.codebook.topic().map(codes), &arguments.scenario) {
        (Some(codes), _) if arguments.json => print(&format!("{:#}\n", codes.json())),
        (Some(codes), _) => print(&codes.text()),
        (None, Some(scenario)) => match read(scenario, &arguments.settings) {
            Ok(scenario) => explain_keys(&scenario, arguments.key.as_deref().unwrap_or("")),
            Err(exit) => exit,
        },
        // the command line is refused without either
        (None, None) => Exit::Input,
    }
}

fn explain_keys(scenario: &Scenario, key: &str) -> Exit {
    let found = match look_up(scenario, key) {
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
