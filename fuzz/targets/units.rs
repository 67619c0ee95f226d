#![no_main]

#[path = "../quantities.rs"]
mod quantities;

libfuzzer_sys::fuzz_target!(|text: &str| quantities::any_text_is_a_quantity_or_an_error(text));
