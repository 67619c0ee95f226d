#![no_main]

#[path = "../files.rs"]
mod files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let regions = ["IND", "USA"].map(str::to_owned);
    let _ = files::received::any_table_is_read_or_refused(bytes, &files::folder(), &regions);
});
