//! What is received is changed in every way that comes to mind, and is read or refused: nothing panics, nothing hangs.
//!
//! A few thousand tries with every `cargo test`; for longer, with other random numbers each time, and a line a minute:
//! `HANDOVER_FUZZ_MINUTES=30 cargo test --release --test it received:: -- --nocapture`

use crate::received_properties::{blocks, sealed};
use crate::{common, received_properties};

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, ListArray, RecordBatch, StringArray};
use handover::economy::Economy;
use handover::experiment::checkpoint::save;
use handover::experiment::sweep::table::{OutputColumn, Status, Table, TableRow};
use handover::ground::backstop::backstop;
use handover::observe::{install, panel};
use handover::output::disk::{manifest, ours};
use handover::output::only::Only;
use handover::output::run::{read, render_with};
use handover::output::sweep::table;
use handover::scenario::Scenario;
use handover::scenario::plan::{Design, Kind};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use std::fs;
use std::sync::Arc;
#[allow(clippy::disallowed_types)]
use std::time::{Duration, Instant};

/// Numbers by chance, the same from the same seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// Eight bytes that stand for a number nobody expects.
    fn odd(&mut self) -> [u8; 8] {
        let reals = [f64::NAN, f64::INFINITY, -1.0, -1e300, 1e300, 1e18, 0.0, -0.0, 1e-300];
        let whole = [u64::MAX, 0, 1 << 63, (1 << 63) - 1, 0xff, 0x7fff_ffff, u64::MAX - 1];
        if self.below(2) == 0 { self.of(&reals).to_bits().to_le_bytes() } else { self.of(&whole).to_le_bytes() }
    }

    /// The same bytes with something changed.
    fn changed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            match self.below(8) {
                0 | 1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 if at < bytes.len() => bytes[at] = self.next() as u8,
                3 | 4 => bytes.iter_mut().skip(at).zip(self.odd()).for_each(|(byte, odd)| *byte = odd),
                5 => bytes.truncate(at),
                6 => drop(bytes.splice(at..at, self.odd())),
                _ => drop(bytes.drain(at..bytes.len().min(at + 1 + self.below(16)))),
            }
        }
        bytes
    }
}

/// Tries until there were enough; prints how many when it is a long search.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn search(name: &str, tries: u64, mut one: impl FnMut(&mut Chance) -> Result<bool, String>) {
    let start = Instant::now();
    let minutes = std::env::var("HANDOVER_FUZZ_MINUTES").ok().and_then(|text| text.parse::<f64>().ok());
    let long = minutes.map(|minutes| Duration::from_secs_f64(minutes * 60.0));
    let now = || std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(7, |since| since.as_nanos() as u64);
    let seed = long.map_or(1, |_| now());
    let (mut done, mut taken, mut failures, mut told) = (0, 0_u64, Vec::new(), 0);
    while long.map_or(done < tries, |long| start.elapsed() < long) {
        let luck = seed.wrapping_add(done << 20);
        let begun = Instant::now();
        let outcome = backstop(|| one(&mut Chance(luck))).and_then(|outcome| outcome);
        let took = begun.elapsed();
        done += 1;
        taken += u64::from(outcome == Ok(true));
        let slow = (took > Duration::from_secs(10)).then(|| format!("took {took:?}"));
        if let Some(words) = outcome.err().or(slow) {
            println!("{name}, seed {luck}: {words}");
            failures.push(words);
        }
        if long.is_some() && start.elapsed().as_secs() / 60 > told {
            told = start.elapsed().as_secs() / 60;
            println!("{name}: {told} minutes, {done} tries, {taken} taken, {} failures", failures.len());
        }
    }
    println!("{name}: {done} tries, {taken} taken, {} failures", failures.len());
    assert!(failures.is_empty(), "{name}: {} of {done} failed, the first: {}", failures.len(), failures[0]);
}

fn small() -> Scenario {
    let settings = common::tiny(&["run.years=3", "run.persons_per_agent=400000 persons", "run.panel=96"]);
    common::scenario("royalty-15", &settings)
}

/// Checkpoints before the first tick, in the spin-up, and later.
fn checkpoints(scenario: &Scenario) -> Vec<Vec<u8>> {
    let mut economy = Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        panel::install(world, schedule);
    });
    let mut found = Vec::new();
    for tick in 0..=90 {
        if [0, 2, 5, 60, 90].contains(&tick) {
            let mut bytes = Vec::new();
            save(scenario, &mut economy, &mut bytes).unwrap();
            assert!(sealed(&blocks(&bytes)) == bytes);
            found.push(bytes);
        }
        economy.step().unwrap();
    }
    found
}

#[test]
fn a_forged_checkpoint_lives_on_or_is_refused() {
    let scenario = small();
    let originals: Vec<Vec<Vec<u8>>> = checkpoints(&scenario).iter().map(|bytes| blocks(bytes)).collect();
    for blocks in &originals {
        assert_eq!(received_properties::any_checkpoint_lives_on_or_is_refused(&sealed(blocks), &scenario), Ok(true));
    }
    search("checkpoints", 1500, |chance| {
        let mut blocks = chance.of(&originals);
        // the head is a small part, and the state is what cannot be checked by its checksums
        let block = if chance.below(10) == 0 { 0 } else { chance.below(blocks.len() - 1) + 1 };
        // most of a state is rows of workers; what stands before and behind them is hit as often
        let length = blocks[block].len();
        if chance.below(2) == 0 {
            blocks[block] = chance.changed(&blocks[block]);
        } else {
            let from = if chance.below(2) == 0 { 0 } else { length.saturating_sub(20_000) };
            let to = length.min(from + 20_000);
            let part = chance.changed(&blocks[block][from..to]);
            blocks[block].splice(from..to, part);
        }
        received_properties::any_checkpoint_lives_on_or_is_refused(&sealed(&blocks), &scenario)
    });
}

fn sweep() -> Table {
    let output = |name: &str| OutputColumn {
        name: name.into(),
        outcome: "jobs at 2030-01".into(),
        unit: "persons".into(),
        meaning: "jobs".into(),
    };
    let row = |n: u64| TableRow {
        point: n / 4,
        arm: (n / 2 % 2) as usize,
        replicate: (n % 2) as u32,
        run: format!("{n:064x}"),
        status: if n == 7 { Status::Failed("a cause".into()) } else { Status::Done },
        factors: Vec::new(),
        outputs: vec![(n != 7).then_some(n as f64), None],
    };
    Table {
        name: "small".into(),
        title: "Small".into(),
        design: Design { kind: Kind::Sobol { points: 20 }, seed: 7 },
        factors: Vec::new(),
        arms: vec!["base".into(), "reform".into()],
        replicates: 2,
        seed: 1,
        outputs: vec![output("a"), output("b")],
        rows: (0..80).map(row).collect(),
    }
}

/// What a small run leaves behind.
fn result() -> (Scenario, Vec<(String, Vec<u8>)>) {
    let scenario = small();
    let files = render_with(&common::results(&scenario), Vec::new(), &Only::default()).unwrap();
    (scenario, files)
}

fn file(files: &[(String, Vec<u8>)], name: &str) -> Vec<u8> {
    files.iter().find(|(found, _)| found == name).unwrap().1.clone()
}

#[test]
fn a_changed_table_is_read_or_refused() {
    let (scenario, files) = result();
    let tables = [file(&files, "series.parquet"), file(&files, "flows.parquet"), table::bytes(&sweep()).unwrap()];
    let regions = &scenario.parameters.regions;
    let home = tempfile::tempdir().unwrap();
    for table in &tables {
        assert!(received_properties::any_table_is_read_or_refused(table, home.path(), regions));
    }
    search("tables", 3000, |chance| {
        let table = chance.of(&tables);
        // the end says what the rest is
        let from = if chance.below(2) == 0 { 0 } else { table.len() - table.len().min(9000) };
        let table = [&table[..from], &chance.changed(&table[from..])].concat();
        Ok(received_properties::any_table_is_read_or_refused(&table, home.path(), regions))
    });
}

#[test]
fn a_changed_manifest_is_read_or_refused() {
    let manifest = file(&result().1, "manifest.json");
    let home = tempfile::tempdir().unwrap();
    assert!(received_properties::any_manifest_is_read_or_refused(&manifest, home.path()));
    fs::write(home.path().join("series.csv"), "x").unwrap();
    let values =
        ["null", "-1", "1e999", "\"\"", "\"../x\"", "[]", "{}", "18446744073709551616", "[[[[]]]]", "\"\\u0000\""];
    search("manifests", 500, |chance| {
        let mut text = manifest.clone();
        if chance.below(2) == 0 {
            // a value gives way to another
            let places: Vec<usize> = (0..text.len()).filter(|&at| text[at] == b':').collect();
            let at = chance.of(&places) + 1;
            let end = text[at..].iter().position(|byte| matches!(byte, b',' | b'}' | b'\n')).map_or(at, |n| at + n);
            text.splice(at..end, chance.of(&values).bytes());
        } else {
            text = chance.changed(&text);
        }
        Ok(received_properties::any_manifest_is_read_or_refused(&text, home.path()))
    });
}

/// A Parquet file of these columns, so many times over.
fn parquet(columns: Vec<(&str, ArrayRef)>, times: usize, properties: WriterProperties) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    (0..times).for_each(|_| writer.write(&batch).unwrap());
    writer.into_inner().unwrap()
}

/// The columns of series.parquet, all the same in every row.
fn series(rows: usize, item: &str) -> Vec<(&'static str, ArrayRef)> {
    let words = |word: &str| -> ArrayRef {
        let keys = Int32Array::from(vec![0; rows]);
        Arc::new(DictionaryArray::new(keys, Arc::new(StringArray::from(vec![word]))))
    };
    vec![
        ("tick", Arc::new(Int32Array::from(vec![1; rows]))),
        ("region", words("USA")),
        ("metric", words("employed")),
        ("item", words(item)),
        ("value", Arc::new(Float64Array::from(vec![1.5; rows]))),
    ]
}

#[test]
fn a_small_file_that_is_large_once_decoded_is_refused_before_it_is() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("series.parquet");
    let usual = || WriterProperties::builder().set_compression(Compression::SNAPPY);
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read::series(&path, &["USA".to_owned()]).map(|series| series.rows.len()).map_err(|unread| unread.to_string())
    };
    let refused = |bytes: &[u8], words: &str| {
        let said = read(bytes).unwrap_err();
        assert!(said.contains("series.parquet: ") && said.contains(words), "{said}");
    };
    assert_eq!(read(&parquet(series(100, "all"), 3, usual().build())), Ok(300));
    // twelve million rows of 104 bytes once decoded, all the same: runs take no room
    let many = parquet(series(1_000_000, "all"), 12, usual().build());
    assert!(many.len() < 2 << 20, "{}", many.len());
    refused(&many, "bytes once decoded");
    // a word of seventy million letters in three megabytes
    let long = parquet(series(10, &"x".repeat(70_000_000)), 1, usual().build());
    assert!(long.len() < 8 << 20, "{}", long.len());
    refused(&long, "a page unpacks to 7");
    // lengths that say how many numbers there will be
    let delta = usual().set_dictionary_enabled(false).set_column_encoding("tick".into(), Encoding::DELTA_BINARY_PACKED);
    refused(&parquet(series(100, "all"), 1, delta.build()), "encoded in a way (5)");
    // one row that is a list of a million
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1); 1_000_000])]);
    refused(&parquet(vec![("tick", Arc::new(list))], 1, usual().build()), "which handover does not write");
    // an end that is longer than the file, or than any
    let mut lying = parquet(series(100, "all"), 1, usual().build());
    let at = lying.len() - 8;
    lying[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    refused(&lying, "not a Parquet file");
    refused(b"PAR1", "not a Parquet file");
}

#[cfg(target_os = "linux")]
#[test]
fn a_sparse_file_is_not_held_in_memory_and_a_link_is_no_file() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    fs::File::create(at("large.csv")).unwrap().set_len(3 << 30).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("endless.csv")).unwrap();
    assert!(ours::hash_of(home.path(), "endless.csv", ours::MOST_BYTES).is_err());
    assert!(ours::hash_of(home.path(), "large.csv", 1 << 30).unwrap_err().to_string().contains("at most"));
    fs::File::create(at("large.csv")).unwrap().set_len(64 << 20).unwrap();
    let (hash, length) = ours::hash_of(home.path(), "large.csv", ours::MOST_BYTES).unwrap();
    assert_eq!((hash, length), (manifest::hash(&vec![0; 64 << 20]), 64 << 20));
    // ten million values in ten megabytes
    let many = format!("[{}0]", "0,".repeat(10_000_000));
    assert!(ours::json(many.as_bytes()).unwrap_err().0.contains("more than"));
    assert!(ours::json(b"[1, {\"a\": 2}]").is_ok());
}
