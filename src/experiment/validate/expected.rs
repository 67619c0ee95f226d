//! Verdicts that are expected: a hit that has become a miss is found.

use super::score::{Line, Verdict};
use crate::experiment::written;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    verdicts: BTreeMap<String, Verdict>,
}

/// Verdicts by the name of the line, as `expected.toml` holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected(pub BTreeMap<String, Verdict>);

impl Expected {
    /// Reads a file; `name` is what it is called in messages.
    ///
    /// # Errors
    /// What is wrong, where.
    pub fn read(name: &str, text: &str) -> Result<Expected, String> {
        let help = "[verdicts] holds a line a figure, \"hit\", \"miss\" or \"cannot\"; --accept writes it anew";
        let written: Written = written::read(name, text, help)?;
        Ok(Expected(written.verdicts))
    }

    /// What is expected from now on.
    pub fn of(lines: &[Line]) -> Expected {
        Expected(lines.iter().map(|line| (line.name(), line.verdict)).collect())
    }

    /// The text of a file.
    pub fn text(&self) -> String {
        let mut out = String::from(
            "# Verdicts of `handover validate --quick`, which fails where a hit has become something else.\n\
             # Written by `handover validate --quick --accept`.\n\n[verdicts]\n",
        );
        for (name, verdict) in &self.0 {
            let word = match verdict {
                Verdict::Hit => "hit",
                Verdict::Miss => "miss",
                Verdict::Cannot => "cannot",
            };
            let _ = writeln!(out, "{name:?} = {word:?}");
        }
        out
    }

    /// Hits that are none any more, each in a sentence.
    pub fn lost(&self, lines: &[Line]) -> Vec<String> {
        let hits = self.0.iter().filter(|(_, verdict)| **verdict == Verdict::Hit);
        let lost = |(name, _): (&String, &Verdict)| match lines.iter().find(|line| line.name() == *name) {
            None => Some(format!("{name} was a hit, and is not on the card any more")),
            Some(line) if line.verdict != Verdict::Hit => Some(format!("{name} was a hit: {}", line.verdict.words())),
            Some(_) => None,
        };
        hits.filter_map(lost).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fact, Figure, Known, Standing, Untested};
    use super::*;

    #[test]
    fn a_hit_that_is_none_any_more_is_found_and_a_miss_that_hits_is_not() {
        let figure =
            Figure { of: "end of 2024".to_owned(), test: Err(Untested { value: String::new(), why: String::new() }) };
        let fact = |id: &str| {
            let [id, mark] = [id, "V"].map(str::to_owned);
            let [what, source, says] = [const { String::new() }; 3];
            Fact { known: Known { id, what, source, mark, standing: Standing::Used, says }, figures: Vec::new() }
        };
        let facts = ["C1", "C2", "C3"].map(fact);
        let verdicts = [Verdict::Miss, Verdict::Hit, Verdict::Hit];
        let lines: Vec<Line> = facts
            .iter()
            .zip(verdicts)
            .map(|(fact, verdict)| Line { fact, figure: &figure, measured: None, verdict })
            .collect();
        let text = "[verdicts]\n\"C1 end of 2024\" = \"hit\"\n\"C2 end of 2024\" = \"miss\"\n\"C9\" = \"hit\"\n";
        let expected = Expected::read("expected.toml", text).unwrap();
        let lost = expected.lost(&lines);
        assert_eq!(lost, ["C1 end of 2024 was a hit: MISS", "C9 was a hit, and is not on the card any more"]);
        let now = Expected::of(&lines);
        assert_eq!(Expected::read("expected.toml", &now.text()).unwrap(), now);
        let problem = Expected::read("expected.toml", "[verdicts]\nC1 = \"good\"\n").unwrap_err();
        assert!(problem.contains("expected.toml:2:6"), "{problem}");
    }
}
