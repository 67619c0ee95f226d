//! Tables for papers, and the part of a page in which a reader chooses.

use crate::common::{handover, text, world_of};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::path::Path;

/// A run, an ensemble with an exact panel, and a comparison of two reforms.
fn made() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let named = "[scenario]\nname = \"own\"\ntitle = \"A & B, 15 % <of_all>\"\nquestion = \"?\"\nauthors = \"a\"\n\
                 extends = \"baseline.toml\"\n[region.USA]\nname = \"States & all\"\nin_words = \"the states\"\n\
                 [[policy]]\nfrom = \"2027-02\"\nroyalty_rate = \"15 %\"\n";
    fs::write(home.path().join("own.toml"), named).unwrap();
    fs::copy(crate::common::root().join("scenarios/baseline.toml"), home.path().join("baseline.toml")).unwrap();
    let second = named.replace("\"own\"", "\"second\"").replace("15 %\"\n", "5 %\"\n");
    fs::write(home.path().join("second.toml"), second).unwrap();
    let lines = [
        "run own.toml --panel 100 --panel-every=week --out one",
        "run baseline --replicates 2 --panel 100 --panel-every=week --panel-exact --out many",
        "compare baseline.toml own.toml second.toml --replicates 2 --out compared",
    ];
    for line in lines {
        let how = ["--years=0.5", "--quiet", "--no-plots"];
        let arguments: Vec<&str> = line.split(' ').chain(world_of!(1000000, 4)).chain(how).collect();
        let done = handover(home.path(), &arguments);
        assert!(done.status.success(), "{line}: {}", text(&done.stderr));
    }
    home
}

/// What `table` prints, or says against it.
fn table(folder: &Path, line: &str) -> Result<String, String> {
    let arguments: Vec<&str> = ["table"].into_iter().chain(line.split(' ')).collect();
    let done = handover(folder, &arguments);
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
}

#[test]
fn tables_for_papers_are_what_the_files_say_and_no_sign_of_theirs_is_a_command() {
    let home = made();
    let at = home.path();
    let names = table(at, "compared").unwrap();
    assert!(names.lines().any(|name| name == "answer") && names.lines().any(|name| name == "effects"), "{names}");
    let latex = table(at, "compared --table gains --format latex").unwrap();
    assert!(latex.contains("\\toprule") && latex.contains("own & lab owners & USD & "), "{latex}");
    assert!(latex.contains("own, second against baseline; 2 replicates on common random numbers"), "{latex}");
    assert!(latex.contains("95 \\%") && latex.contains("of grade C"), "{latex}");
    // whatever stands in a title is text
    let answer = table(at, "compared --table answer --where reform=own --format latex").unwrap();
    assert!(answer.contains("A \\& B, 15 \\% \\textless{}of\\_all\\textgreater{}"), "{answer}");
    assert!(!answer.contains("own &"), "of one reform its name is not repeated: {answer}");
    let markdown = table(at, "compared --table headlines --where region=world").unwrap();
    assert!(markdown.contains("|---:|") && markdown.contains("with the reform"), "{markdown}");
    // a number of the file stays what it is, to the last digit
    let whole = table(at, "compared --table headlines --whole --format csv").unwrap();
    assert_eq!(whole, fs::read_to_string(at.join("compared/headlines.csv")).unwrap());
    // wide: a column of each region, as many rows as there are dates
    let wide =
        table(at, "one --table series --where metric=employed --where item=all --wide region --format csv").unwrap();
    let head: Vec<&str> = wide.lines().next().unwrap().split(',').collect();
    assert_eq!(head[..2], ["date", "unit"]);
    assert_eq!(head.len(), 2 + 8, "{head:?}");
    let tidy = fs::read_to_string(at.join("one/series.csv")).unwrap();
    let india = |row: &&str| row.contains(",IND,employed,all,");
    let last = tidy.lines().rfind(india).unwrap().rsplit(',').next().unwrap().to_owned();
    let place = head.iter().position(|name| *name == "IND").unwrap();
    assert_eq!(wide.lines().next_back().unwrap().split(',').nth(place), Some(last.as_str()));
    assert_eq!(wide.lines().count() - 1, tidy.lines().filter(india).count());
    // to a file, in the form that its name says
    table(at, "compared --table gains --out gains.tex").unwrap();
    assert!(fs::read_to_string(at.join("gains.tex")).unwrap().starts_with("\\begin{table}"));
    let said = [
        ("compared --table gain", "it has answer"),
        ("compared --table gains --columns differnce", "did you mean \"difference\"?"),
        ("compared --table gains --where region=INDIA", "did you mean \"IND\"?"),
        ("compared --table gains --where region", "--where region=IND"),
        ("one --table series --columns date,value --wide region", "several rows have one place"),
        ("elsewhere --table gains", "elsewhere"),
    ];
    for (line, why) in said {
        let words = table(at, line).unwrap_err();
        assert!(words.starts_with("error: ") && words.contains(why), "{line}: {words}");
    }
}

#[test]
fn money_of_the_panel_is_a_double_and_exact_on_request_and_both_are_made_again() {
    let home = made();
    let at = home.path();
    let panel = table(at, "one --table panel --columns worker,tick,wallet --format csv").unwrap();
    let wallets: Vec<&str> = panel.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
    // doubles say every micro-dollar, and no more: as many digits as are needed
    assert!(wallets.iter().all(|wallet| wallet.split('.').nth(1).is_none_or(|digits| digits.len() <= 6)));
    assert!(wallets.iter().any(|wallet| wallet.parse::<f64>().unwrap() > 0.0));
    let kind = |path: &str| {
        let file = fs::File::open(at.join(path)).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        reader.schema().field_with_name("wallet").unwrap().data_type().to_string()
    };
    assert_eq!(["one/panel.parquet", "many/replicates/00/panel.parquet"].map(kind), ["Float64", "Decimal128(18, 6)"]);
    for folder in ["one", "many"] {
        let again = handover(at, &["verify", folder]);
        assert!(
            again.status.success() && text(&again.stdout).contains("the same to the byte"),
            "{}",
            text(&again.stderr)
        );
    }
}

#[test]
fn a_page_says_a_region_as_a_sentence_does_and_draws_it_without_a_script() {
    let home = made();
    let page = fs::read_to_string(home.path().join("one/report.html")).unwrap();
    assert!(page.contains("<option value=\"all\" selected>every region, side by side</option>"));
    assert!(page.contains("States &amp; all"), "the name that tables show");
    let compared = fs::read_to_string(home.path().join("compared/report.html")).unwrap();
    // two reforms, each with eight pictures that need no script, and numbers for all others
    assert_eq!(compared.matches("class=\"panels\"").count(), 2);
    let drawn = compared.split("class=\"panels\"").nth(1).unwrap().split("class=\"said\"").next().unwrap();
    assert_eq!(drawn.matches("<svg").count(), 8);
    assert!(compared.contains("\"kind\":\"explore\"") && compared.contains("the difference: reform less base"));
}
