#![no_main]

#[path = "../scenarios.rs"]
mod scenarios;

const BASELINE: &str = include_str!("../../scenarios/baseline.toml");
const HEAD: &str = "[scenario]\nname = \"this\"\nextends = \"baseline.toml\"\n";

// a file as it is; and the same lines in a file that extends the baseline
libfuzzer_sys::fuzz_target!(|text: &str| {
    scenarios::any_file_is_a_scenario_or_has_problems(text, BASELINE);
    scenarios::any_file_is_a_scenario_or_has_problems(&format!("{HEAD}{text}"), BASELINE);
});
