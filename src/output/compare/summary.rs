//! What a reform did, in a terminal: headlines with intervals, who gains, who loses, how far the worlds diverged.

use crate::experiment::compare::touched;
use crate::output::compare::answer::answer;
use crate::output::compare::{Comparison, Reform, gains};
use crate::output::kit::numbers::{interval, quantity};
use crate::output::only::Only;
use std::fmt::Write;

/// The summary that a comparison prints at its end.
pub fn summary(comparison: &Comparison, folder: &str, only: &Only) -> String {
    let mut out = String::new();
    for reform in &comparison.reforms {
        one(comparison, reform, &mut out);
    }
    if comparison.regrets.first().is_some_and(|regret| regret.states.len() > 1 || regret.policies.len() > 2) {
        regrets(comparison, &mut out);
    }
    let names = ["report.html", "gains.csv", "headlines.csv", "effects.parquet"];
    let _ = writeln!(out, "{}", only.where_to_look(folder, &names));
    out
}

fn one(comparison: &Comparison, reform: &Reform, out: &mut String) {
    let (base, about) = (&comparison.base.about, &reform.scenario.about);
    let _ = writeln!(out, "\n{}\nagainst: {}\n{}\n", about.title, base.title, about.question);
    let _ = writeln!(out, "{}; the reform acts {}.\n", comparison.attendance.words(), comparison.acts_in_words(reform));
    if let Some(words) = comparison.base.draws_in_words() {
        let _ = writeln!(out, "{words}\n");
    }
    for sentence in answer(comparison, reform) {
        let _ = writeln!(out, "- {sentence}");
    }
    out.push('\n');
    gains::in_terminal(&reform.effects, out);
    let _ =
        writeln!(out, "  {:<24}{:>14}{:>14}{:>36}  {:>10}", "", "base", "reform", "difference, 95 % interval", "worth");
    for (headline, pair) in reform.effects.headlines.iter().filter(|(headline, _)| headline.region.is_none()) {
        if pair.difference.count == 0 {
            continue;
        }
        let worth = pair.variance_reduction().filter(|factor| factor.is_finite()).map_or("-".to_owned(), |factor| {
            if factor < 1000.0 { format!("{factor:.1} x") } else { quantity(factor, "x") }
        });
        let _ = writeln!(
            out,
            "  {:<24}{:>14}{:>14}{:>36}  {:>10}",
            headline.name,
            quantity(pair.base.mean, headline.unit),
            quantity(pair.reform.mean, headline.unit),
            interval(pair, headline.unit),
            worth
        );
    }
    let _ = writeln!(
        out,
        "  (worth: variance of the difference of two independent runs over that of the paired difference)\n"
    );
    if let Some((named, unnamed)) = divergence(comparison, reform) {
        let share = |value: Option<f64>| value.map_or("none".to_owned(), |value| format!("{:.1} %", value * 100.0));
        let _ = writeln!(
            out,
            "At the end {} of agents in the regions the reform names do something else than in the base, {} in the others.\n",
            share(named),
            share(unnamed)
        );
    }
}

/// Share of agents who do something else at the last record: in regions that the reform names, and in the others.
pub fn divergence(comparison: &Comparison, reform: &Reform) -> Option<(Option<f64>, Option<f64>)> {
    let named = touched(&comparison.base, &reform.scenario);
    let regions = &comparison.base.parameters.regions;
    let end = reform.effects.divergence.keys().last()?.0;
    let mean = |wants_named: bool| {
        let shares = reform
            .effects
            .divergence
            .iter()
            .filter(|((tick, region), _)| *tick == end && named.contains(&regions[*region]) == wants_named);
        let shares: Vec<f64> = shares.map(|(_, share)| share.mean).collect();
        (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
    };
    Some((mean(true), mean(false)))
}

fn regrets(comparison: &Comparison, out: &mut String) {
    for regret in &comparison.regrets {
        let _ = writeln!(out, "Regret by policy and state: {}", regret.aim);
        for (policy, missed) in regret.policies.iter().zip(regret.regrets()) {
            let cells: Vec<String> = missed.iter().map(|value| quantity(*value, "USD")).collect();
            let _ = writeln!(out, "  {policy:<24}{}", cells.join("   "));
        }
        if let Some((place, most)) = regret.most_cautious() {
            let policy = &regret.policies[place];
            let _ = writeln!(out, "  least at worst: {policy}, {}\n", quantity(most, "USD"));
        }
    }
}
