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
