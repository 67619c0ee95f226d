//! Names and other words that every result uses.

use crate::scenario::Scenario;

/// Plain names of known regions; others are shown by their codes.
const NAMES: [(&str, &str); 8] = [
    ("BGD", "Bangladesh"),
    ("CHN", "China"),
    ("EU27", "EU-27"),
    ("IND", "India"),
    ("JPN", "Japan"),
    ("MEX", "Mexico"),
    ("USA", "United States"),
    ("VNM", "Vietnam"),
];

/// The plain name of a region, or its code.
pub fn plain_name(code: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// What a region is called: by the scenario, or else by everybody, or its code.
pub fn called<'a>(scenario: &'a Scenario, code: &'a str) -> &'a str {
    scenario.about.regions.get(code).map_or_else(|| plain_name(code), String::as_str)
}

/// The people an agent stands for: "1000", or the fewest and the most, "85 to 1000", where markets differ.
pub fn persons_per_agent(scenario: &Scenario) -> String {
    let (fewest, most) = scenario.parameters.weights.range();
    if fewest == most { most.to_string() } else { format!("{fewest} to {most}") }
}

/// The grain of a scenario in words: "one agent stands for 1000 people".
pub fn grain(scenario: &Scenario) -> String {
    let persons = persons_per_agent(scenario);
    format!("one agent stands for {persons} {}", if persons == "1" { "person" } else { "people" })
}

/// Widest line of a document.
pub const WIDTH: usize = 120;

/// A paragraph in lines that documents may have.
pub fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= WIDTH);
        match line {
            Some(line) if !line.is_empty() => line.extend([" ", word]),
            Some(line) => line.push_str(word),
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_documents_allow_and_no_word_is_lost() {
        let text = "a word of the text ".repeat(40);
        let lines = wrapped(&text);
        assert!(lines.lines().count() > 1 && lines.lines().all(|line| line.chars().count() <= WIDTH), "{lines}");
        assert_eq!(lines.split_whitespace().count(), text.split_whitespace().count());
    }
}
