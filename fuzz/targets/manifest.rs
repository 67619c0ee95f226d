#![no_main]

#[path = "../files.rs"]
mod files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = files::received::any_manifest_is_read_or_refused(bytes, &files::folder());
});
