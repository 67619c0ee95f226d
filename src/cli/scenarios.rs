//! `handover scenarios`: what comes with the program.

use super::{Exit, print};
use clap::Args;
use handover::experiment::shipped::{Purpose, Shipped, library};
use serde_json::json;

/// List the scenarios, plans and calibrations that come with the program, each with its question.
#[derive(Args, Debug)]
pub(super) struct ScenariosArguments {
    /// Only those that have all these words in their name, title or question.
    words: Vec<String>,
    /// Print JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// Prints the list on stdout.
pub(super) fn scenarios(arguments: &ScenariosArguments) -> Exit {
    let mut found = library();
    let words: Vec<String> = arguments.words.iter().map(|word| word.to_lowercase()).collect();
    found.retain(|shipped| {
        let said = format!("{} {} {}", shipped.name, shipped.title, shipped.question).to_lowercase();
        words.iter().all(|word| said.contains(word))
    });
    if arguments.json {
        return print(&format!("{:#}\n", as_json(&found)));
    }
    if found.is_empty() {
        eprintln!("error: nothing that comes with handover speaks of that; `handover scenarios` lists everything");
        return Exit::Input;
    }
    print(&list(&found))
}

fn as_json(found: &[Shipped]) -> serde_json::Value {
    let one = |shipped: &Shipped| {
        json!({
            "name": shipped.name,
            "kind": shipped.purpose.word(),
            "title": shipped.title,
            "question": shipped.question,
        })
    };
    found.iter().map(one).collect()
}

/// A heading for each kind with the command that takes it, then a title and a question each.
fn list(found: &[Shipped]) -> String {
    let width = found.iter().map(|shipped| shipped.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (purpose, heading) in [
        (Purpose::Scenario, "Scenarios: handover run NAME, handover compare baseline NAME"),
        (Purpose::Plan, "Plans: handover sweep NAME"),
        (Purpose::Calibration, "Calibrations: handover calibrate NAME"),
    ] {
        let of_it: Vec<&Shipped> = found.iter().filter(|shipped| shipped.purpose == purpose).collect();
        if of_it.is_empty() {
            continue;
        }
        text += &format!("{}{heading}\n", if text.is_empty() { "" } else { "\n" });
        for Shipped { name, title, question, .. } in of_it {
            text += &format!("  {name:width$}  {title}\n  {:width$}  {question}\n", "");
        }
    }
    text
}
