#![no_main]

#[path = "../received.rs"]
#[allow(dead_code)]
mod received;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let folder = std::env::temp_dir().join(format!("handover-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder to write in");
    let _ = received::any_table_is_read_or_refused(bytes, &folder, &["IND", "USA"].map(str::to_owned));
});
