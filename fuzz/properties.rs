//! What must hold of any input whatever; the fuzz targets and `tests/it/hostile.rs` share it.

use handover::ground::units::{Exchange, QUANTITIES};
use handover::scenario::load;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Any text is read as each quantity, or refused with words; what is read lies within bounds and is
/// written and read back to the same bits.
pub fn any_text_is_a_quantity_or_an_error(text: &str) {
    let mut exchange = Exchange::default();
    for (code, rate) in [("CNY", "7 CNY/USD"), ("EUR", "1.16 USD/EUR"), ("INR", "95 INR/USD")] {
        exchange.declare(code, rate).expect("a sound rate");
    }
    // the text as a rate, too
    let _ = Exchange::default().declare("ABC", text);
    for quantity in QUANTITIES {
        match quantity.read(text, &exchange) {
            Ok(value) => {
                assert!(quantity.bounds.0 <= value && value <= quantity.bounds.1, "{text:?} is {value}");
                let back = quantity.read(&quantity.write(value), &Exchange::default());
                assert_eq!(back.as_ref().map(|value| value.to_bits()), Ok(value.to_bits()), "{text:?}: {back:?}");
            }
            Err(words) => assert!(!words.is_empty()),
        }
    }
}

/// Any text is a scenario or has problems that can be shown; it is never a bug of ours.
pub fn any_file_is_a_scenario_or_has_problems(text: &str, baseline: &str) {
    let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
        Some("this.toml") => Ok(text.to_owned()),
        Some("baseline.toml") => Ok(baseline.to_owned()),
        _ => Err(Error::new(ErrorKind::NotFound, "no such file")),
    };
    match load(Path::new("this.toml"), &[], &reader) {
        Ok(scenario) => {
            assert_eq!(scenario.hash.len(), 64);
            let _ = scenario.warnings.to_string();
        }
        Err(problems) => {
            let shown = problems.to_string();
            assert!(!shown.is_empty() && !shown.contains("a bug of handover"), "{shown}");
            for problem in problems.iter() {
                let _ = problems.place(problem);
            }
        }
    }
}
