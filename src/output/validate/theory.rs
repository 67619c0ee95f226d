//! The model beside closed forms: as columns for a terminal, as JSON, and as the page `docs/theory.md`.

use crate::experiment::validate::theory::{Compared, Ending, Row};
use crate::output::disk::manifest::{Kind, Manifest, as_text, hash};
use crate::output::kit::words::wrapped;
use serde_json::{Value, json};
use std::fmt::Write;

/// What agreement with theory does not say.
const SURE: &str = "These rows say that the program computes what its rules say, each to its bound, in worlds where the other \
                    rules stand still. They say nothing of whether the rules are those of the world: that is what [held \
                    against the world](validation.md) asks, and [how sure is this?](how-sure.md) of the model as a whole. \
                    Rules without a closed form are not here.";

/// What must hold between runs, and what only nearly does; `tests/it/relations.rs` holds it.
const RELATIONS: &str = "\
## Relations between runs

Where no closed form is known, two runs can still be known to be related. Continuous integration draws 500 small random
worlds (one to three regions, a handful of rules, numbers, laws and events changed), turns each into others, and
compares. A world in which a relation fails is shrunk and kept in `fuzz/regressions/relations/`.

| relation | what holds |
|---|---|
| a shorter run, a longer one | the records and payments of the shorter are the first of the longer, to the bit |
| regions in another order | the same records, payments and state, to the bit |
| a region more in which nobody lives | the records and payments of all others, to the bit |
| units, notation and order of the file | one meaning, the same records and payments, to the bit |
| zero capability | nobody is displaced, robots do nothing, and how labs would learn does not matter, to the bit |
| zero royalty | no royalty is paid, and its basis, cost, duration and portability do not matter, to the bit |
| twice the money | real numbers are equal and sums of money double, to a thousandth in nineteen worlds of twenty |
| twice the people | counts and sums double, to a thousandth in nineteen worlds of twenty |
| regions renamed | equal in the mean over all worlds |
| ticks of four weeks | people at work, wages and sales a week: equal in the mean over all worlds, to half a per cent |

Three of them hold only so far, by design. Money is rounded to whole micro-dollars and jobs to whole ones, so that a
world with twice the money may round otherwise, and a threshold can turn that into another history of one agent. The
key of every random number holds the name of the region, so that a region of another name has other random numbers. In
a tick of four weeks who loses work and finds it again within the tick is not seen. In the baseline at 100,000 persons
an agent, over twenty replicates of a year, such ticks move people at work by 0.0 % (standard error 0.1), vacancies by
-0.1 % (1.4) and hires by -3.0 % (0.9).

This page once said that ticks of four weeks raise employment by 7 %, and that it was not known which rule does it. No
rule did: records were added up over a run, and a run of half a year has seven records in ticks of four weeks and six in
ticks of a week. They are means of records now.

A site split in two is not among them: in worlds as small as these the least crew decides how many sites there are.

";

/// A number with so many digits that an error of a thousandth shows.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{value:.5e}"),
        size if size >= 100.0 => format!("{value:.2}"),
        size if size >= 1.0 => format!("{value:.4}"),
        _ => format!("{value:.6}"),
    }
}

/// A share in per cent, as far as it counts.
fn per_cent(share: f64) -> String {
    match share.abs() {
        0.0 => "0 %".to_owned(),
        size if size < 1e-5 => format!("{:.1e} %", share * 100.0),
        _ => format!("{:.3} %", share * 100.0),
    }
}

fn error(compared: &Result<Compared, String>) -> String {
    compared.as_ref().map_or_else(Clone::clone, |compared| per_cent(compared.error()))
}

/// The cells of a row: name, model, theory, error, bound, error with one per cent planted, how it ended.
fn cells(row: &Row) -> [String; 7] {
    let of = |part: fn(&Compared) -> f64| row.as_is.as_ref().map_or_else(|_| "-".to_owned(), |c| number(part(c)));
    [
        row.case.name.to_owned(),
        of(|compared| compared.model),
        of(|compared| compared.theory),
        error(&row.as_is),
        per_cent(row.case.bound),
        error(&row.planted),
        row.ending().word().to_owned(),
    ]
}

const HEAD: [&str; 7] = ["what", "model", "theory", "error", "bound", "with 1 % planted", ""];

/// How many rows hit.
fn count(rows: &[Row]) -> String {
    let hits = rows.iter().filter(|row| row.ending() == Ending::Hit).count();
    format!("{hits} of {} hit, each within its bound and each seen to miss with 1 % planted", rows.len())
}

/// The rows for a terminal.
pub fn summary(rows: &[Row], folder: &str) -> String {
    let mut table = vec![HEAD.map(str::to_owned)];
    table.extend(rows.iter().map(cells));
    format!(
        "\n{}\n{}\nWhat each row compares: {folder}/validation.md\n",
        super::summary::in_columns(&table),
        count(rows)
    )
}

/// The rows as JSON.
pub fn as_json(rows: &[Row]) -> Value {
    let compared = |compared: &Result<Compared, String>| match compared {
        Ok(both) => json!({ "model": both.model, "theory": both.theory, "error": both.error() }),
        Err(words) => json!({ "failed": words }),
    };
    let row = |row: &Row| {
        json!({
            "name": row.case.name, "form": row.case.form, "says": row.case.says, "bound": row.case.bound,
            "as_is": compared(&row.as_is), "planted": compared(&row.planted),
            "planted_setting": [row.case.planted.0, row.case.planted.1],
            "settings": row.case.world.settings(), "ending": row.ending().word(),
        })
    };
    json!({
        "handover": env!("CARGO_PKG_VERSION"),
        "model": crate::experiment::MODEL_DIGEST,
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// The page of the book.
pub fn page(rows: &[Row]) -> String {
    let mut out = String::from("# Held against theory\n\n");
    let paragraph = |out: &mut String, text: &str| {
        let _ = writeln!(out, "{}\n", wrapped(text));
    };
    paragraph(
        &mut out,
        "This page is written by the program and changed by no hand. `handover validate --suite analytic` simulates small \
         worlds whose answer can be worked out on paper. The model is the one of every other run: only settings differ \
         from `scenarios/first-economy.toml`, and they are in `validation.json`. Every bound was stated before the run.",
    );
    out.push_str("```sh\nhandover validate --suite analytic\n```\n\n");
    let _ = writeln!(out, "**{}.**\n", count(rows));
    paragraph(
        &mut out,
        "A row that agrees might only be blind. So each world is simulated once more with one parameter off by one per \
         cent, while the theory keeps the right one: the column \"with 1 % planted\" has the error that is then seen, and \
         it must lie beyond the bound.",
    );
    let _ = writeln!(out, "| {} |\n|---|---:|---:|---:|---:|---:|---|", HEAD.join(" | "));
    for row in rows {
        let _ = writeln!(out, "| {} |", cells(row).join(" | "));
    }
    out.push_str("\n## What each row compares\n\n");
    for row in rows {
        let (before, after) = row.case.planted;
        let _ = writeln!(
            out,
            "**{}**\n\n```text\n{}\n```\n\n{}\n",
            row.case.name,
            row.case.form,
            wrapped(&format!("{} Planted: `{before}` becomes `{after}`.", row.case.says))
        );
    }
    out.push_str(RELATIONS);
    let _ = writeln!(out, "## How sure is this?\n\n{}", wrapped(SURE));
    out
}

/// Every file of it, by its name within the folder.
pub fn render(rows: &[Row]) -> Vec<(String, Vec<u8>)> {
    let settings: Vec<String> = rows.iter().flat_map(|row| row.case.world.settings()).collect();
    let mut files = vec![
        ("validation.json".to_owned(), as_text(&as_json(rows))),
        ("validation.md".to_owned(), page(rows).into_bytes()),
    ];
    let hash = hash(settings.concat().as_bytes());
    let manifest = Manifest::of_report(Kind::Validation, "theory", &hash, "closed forms", &files);
    files.push(("manifest.json".to_owned(), manifest.bytes()));
    files
}
