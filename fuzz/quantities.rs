//! What must hold of any text whatever that is read as a quantity; the fuzz target and `tests/it/hostile.rs` share it.

use handover::ground::units::{Exchange, QUANTITIES};

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
