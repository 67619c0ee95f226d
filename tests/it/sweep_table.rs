//! The collected table of a sweep: what is written is what is read, with units, evidence and "n of N".

use handover::experiment::sweep::table::{OutputColumn, Status, Table, TableRow};
use handover::output::sweep::table::{PIECE, bytes, read};
use handover::scenario::plan::{Design, Factor, Kind, Level, Range};
use std::fs;

fn table(points: u64) -> Table {
    let number = Factor {
        name: "learning.alpha".into(),
        keys: vec!["learning.alpha".into()],
        range: Range::Between { low: 0.15, high: 0.45, is_log: true },
        unit: "weeks".into(),
        is_multiple: false,
        is_number: true,
        is_whole: false,
        meaning: "exponent".into(),
        grade: "C".into(),
        base: Some(0.34),
    };
    let word = Factor {
        name: "rights".into(),
        keys: vec!["law.data_rights".into()],
        range: Range::Values(vec![Level::Word("none".into()), Level::Word("consent".into())]),
        unit: String::new(),
        is_number: false,
        base: None,
        ..number.clone()
    };
    let output = OutputColumn {
        name: "jobless".into(),
        outcome: "last(unemployment_rate[USA])".into(),
        unit: "share".into(),
        meaning: "unemployed".into(),
    };
    let row = |n: u64| TableRow {
        point: n / 2,
        arm: (n % 2) as usize,
        replicate: 0,
        run: if n == 3 { String::new() } else { format!("{n:064x}") },
        status: match n {
            3 => Status::Failed("money: total: off by 7".into()),
            5 => Status::Missing,
            _ => Status::Done,
        },
        factors: vec![
            Level::Number(0.1 + n as f64 / 3.0),
            Level::Word(["none", "consent"][(n / 2 % 2) as usize].into()),
        ],
        outputs: vec![if n == 3 || n == 4 || n == 5 { None } else { Some(1.0 / (n as f64 + 3.0)) }],
    };
    Table {
        name: "small".into(),
        title: "A small one".into(),
        design: Design { kind: Kind::Saltelli { points: 2 }, seed: 7 },
        factors: vec![number, word],
        arms: vec!["law as it is".into(), "royalty".into()],
        replicates: 1,
        seed: 1,
        outputs: vec![output],
        rows: (0..points * 2).map(row).collect(),
    }
}

#[test]
fn what_is_written_is_what_is_read_to_the_last_bit() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("sweep.parquet");
    // a second row group, and one begun
    for points in [4, 0, PIECE as u64 + 100] {
        let table = table(points);
        fs::write(&path, bytes(&table).unwrap()).unwrap();
        let (again, count) = read(&path).unwrap();
        assert!(again == table, "{points}");
        assert_eq!(count.is_partial(), points > 0);
        assert_eq!(bytes(&again).unwrap(), bytes(&table).unwrap());
    }
}

#[test]
fn the_file_says_how_many_and_every_column_what_it_is() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("sweep.parquet");
    fs::write(&path, bytes(&table(4)).unwrap()).unwrap();
    let file = fs::File::open(&path).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = reader.schema();
    assert_eq!(schema.metadata()["runs"], "6 of 8 runs");
    assert_eq!(schema.metadata()["is_complete"], "false");
    let alpha = schema.field_with_name("factor: learning.alpha").unwrap().metadata();
    assert_eq!([&alpha["unit"], &alpha["grade"], &alpha["low"], &alpha["scale"]], ["weeks", "C", "0.15", "log"]);
    let jobless = schema.field_with_name("output: jobless").unwrap().metadata();
    assert_eq!([&jobless["unit"], &jobless["outcome"]], ["share", "last(unemployment_rate[USA])"]);
    fs::write(&path, b"PAR1").unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("sweep.parquet"));
}
