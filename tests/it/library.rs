//! The library of scenarios: what each is expected to show, and the tables made from it.
//!
//! Beside each scenario, `scenarios/expected/` holds its headline numbers from one coarse run of full
//! length. The model never reads them. This test runs every scenario and compares: what one run says is for finding what
//! moved, and for nobody to quote. What is quoted are differences to the baseline over twenty replicates, which
//! `scenarios/expected/effects.csv` holds: the rows of the world in `headlines.csv` of
//!
//! ```text
//! handover compare scenarios/baseline.toml scenarios/OTHERS.toml --set 'run.persons_per_agent=10000 persons' --replicates 20
//! ```
//!
//! The test compares the tables in docs/scenarios-library.md with what these files say.
//! `HANDOVER_REFRESH=1 cargo test --release --test it library::` writes numbers and tables anew (`library::the_tables`
//! the tables alone) and keeps the sentence on each finding, which is written by hand and names no number.

use crate::common;
use handover::experiment::run::Results;
use handover::scenario::Scenario;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// How the expected numbers are made: one agent stands for ten thousand people, and wallets settle for
/// half a year. Each file repeats it.
const SETTINGS: [&str; 2] = ["run.persons_per_agent=10000 persons", "run.spin_up=26 weeks"];

/// The headlines: a key, what of the run, of which metric, in which regions, in units of how much, and in words.
const HEADLINES: &str = "
    absorbed          | last      | absorbed             | all             | 1e6  | \
        work done by robots beyond the start, at the end, million full-time equivalents
    displaced         | last      | displaced_total      | all             | 1e6  | \
        given notice because of robots since the start, million persons
    displaced_in_hubs | last      | displaced_total      | IND VNM BGD MEX | 1e6  | \
        of them in India, Vietnam, Bangladesh and Mexico, million persons
    unemployment_usa  | last      | unemployment_rate    | USA             | 0.01 | \
        unemployment in the USA at the end, per cent
    unemployment_chn  | last      | unemployment_rate    | CHN             | 0.01 | \
        unemployment in China at the end, per cent
    hours_sold        | sum       | accepted_hours       | all             | 1e9  | \
        hours filmed and accepted in the whole run, billion
    licences          | last_year | licence_revenue      | all             | 1e9  | \
        licence revenue in the last year, billion dollars
    capture_pay       | sum       | capture_pay_received | all             | 1e9  | \
        capture pay to workers in the whole run, billion dollars
    royalties         | sum       | royalties_received   | all             | 1e9  | \
        royalties to workers in the whole run, billion dollars
    transfers         | last_year | transfers            | all             | 1e9  | \
        insurance, dividends and other transfers to workers in the last year, billion dollars
";

/// A headline of a run: its key, its unit in words, and its value.
struct Headline {
    key: &'static str,
    words: &'static str,
    value: f64,
}

/// A finished run, read by region.
struct Run(Results);

impl Run {
    fn rows(&self, metric: &str, region: &str) -> Vec<f64> {
        let place = self.0.scenario.parameters.regions.iter().position(|name| name == region).unwrap();
        let rows: Vec<f64> = self
            .0
            .series
            .history(metric.parse().unwrap(), place, "all")
            .into_iter()
            .flatten()
            .map(|row| row.1)
            .collect();
        assert!(!rows.is_empty(), "no {metric} in {region}");
        rows
    }

    fn last(&self, metric: &str, region: &str) -> f64 {
        self.rows(metric, region)[self.rows(metric, region).len() - 1]
    }

    /// A flow over the whole run: records are means per week over four weeks.
    fn sum(&self, metric: &str, region: &str) -> f64 {
        self.rows(metric, region).iter().sum::<f64>() * 4.0
    }

    /// A flow over the last thirteen records, a year.
    fn last_year(&self, metric: &str, region: &str) -> f64 {
        self.rows(metric, region).iter().rev().take(13).sum::<f64>() * 4.0
    }

    /// All headlines, rounded.
    fn headlines(&self) -> Vec<Headline> {
        let all = self.0.scenario.parameters.regions.join(" ");
        let headline = |[key, what, metric, regions, unit, words]: [&'static str; 6]| {
            let regions = if regions == "all" { &all } else { regions }.split(' ');
            let of = |region: &str| match what {
                "last" => self.last(metric, region),
                "sum" => self.sum(metric, region),
                "last_year" => self.last_year(metric, region),
                other => panic!("no run has a {other}"),
            };
            Headline { key, words, value: rounded(regions.map(of).sum::<f64>() / unit.parse::<f64>().unwrap()) }
        };
        common::rows(HEADLINES).into_iter().map(headline).collect()
    }
}

/// Four significant digits: what a reader wants, and no more than one run of one seed can say.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap()
}

fn path_of(name: &str) -> PathBuf {
    common::root().join("scenarios/expected").join(format!("{name}.toml"))
}

fn expected(name: &str) -> Table {
    let path = path_of(name);
    let text = fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing; see the words at the top of tests/it/library.rs", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn finding(table: &Table) -> &str {
    table.get("finding").and_then(Value::as_str).unwrap_or("")
}

fn found(name: &str) -> Vec<Headline> {
    let mut settings = SETTINGS.to_vec();
    settings.push("run.record_every=4 weeks");
    Run(common::results(&common::scenario(name, &settings))).headlines()
}

fn write_expected(name: &str, numbers: &[Headline]) {
    let words = if path_of(name).is_file() { finding(&expected(name)).to_owned() } else { String::new() };
    let mut text = format!(
        "# What ../{name}.toml shows: the finding is written by hand, from effects.csv. The numbers are of one coarse run of full length\n\
         # with the default seed, to find what moved and not to be quoted; tests/it/library.rs writes and checks them. The model\n\
         # never reads this file.\n\n\
         finding  = {words:?}\nsettings = {SETTINGS:?}\n\n[expected]\n"
    );
    let width = numbers.iter().map(|headline| headline.key.len()).max().unwrap();
    for Headline { key, words, value } in numbers {
        writeln!(text, "{key:width$} = {value:?} # {words}").unwrap();
    }
    fs::write(path_of(name), text).unwrap();
}

#[test]
fn every_scenario_shows_what_is_written_beside_it() {
    use rayon::prelude::*;
    let wrong: Vec<String> = common::shipped()
        .par_iter()
        .flat_map(|name| {
            let numbers = found(name);
            if common::is_refresh() {
                write_expected(name, &numbers);
                return Vec::new();
            }
            let table = expected(name);
            let settings: Vec<&str> = table["settings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!(settings, SETTINGS, "{name} was made otherwise");
            let known = |headline: &Headline| table["expected"].get(headline.key).and_then(Value::as_float);
            let said = |h: &Headline| format!("{name}: {} is {}, expected {:?}", h.key, h.value, known(h));
            numbers.iter().filter(|headline| known(headline) != Some(headline.value)).map(said).collect()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    if common::is_refresh() {
        write_tables();
    }
}

#[test]
fn the_tables_of_the_library_are_made_from_its_files() {
    if common::is_refresh() {
        // the sentences may have changed; the test of the numbers writes the tables once more
        return write_tables();
    }
    let text = fs::read_to_string(page_path()).unwrap();
    assert!(text == page(), "docs/scenarios-library.md is not what the files say");
}

#[test]
fn every_scenario_says_what_it_asks_and_has_its_finding() {
    let names = common::shipped();
    assert!(names.len() >= 22, "{}", names.len());
    for name in &names {
        let about = common::scenario(name, &[]).about;
        assert_eq!(&about.name, name, "the file is named after the scenario");
        assert!(about.question.ends_with('?') && !about.title.is_empty() && !about.authors.is_empty(), "{name}");
        let table = expected(name);
        let words = finding(&table);
        assert!(words.ends_with('.') && words.len() > 20, "{name} has no finding");
        assert!(!words.contains(|c: char| c.is_ascii_digit()), "{name}: numbers belong below [expected]: {words}");
    }
    let beside = fs::read_dir(common::root().join("scenarios/expected")).unwrap();
    let is_of_one = |entry: &fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == "toml");
    let beside = beside.filter(|entry| is_of_one(entry.as_ref().unwrap())).count();
    assert_eq!(beside, names.len(), "an expectation without a scenario");
}

fn page_path() -> PathBuf {
    common::root().join("docs/scenarios-library.md")
}

fn write_tables() {
    fs::write(page_path(), page()).unwrap();
}

/// A column of the tables of differences: a headline of `handover compare`, its unit there in one of the table's, its name
/// and its meaning.
const COLUMNS: [(&str, f64, &str, &str); 7] = [
    ("absorbed", 1e6, "absorbed, M", "work done by robots beyond the start, at the end, million full-time equivalents"),
    ("displaced_total", 1e6, "displaced, M", "given notice because of robots since the start, million persons"),
    ("unemployed", 1e6, "looking for work, M", "looking for work at the end, million persons"),
    ("licences", 1e9, "licences, bn USD", "licence revenue over the run, billion dollars"),
    ("capture_pay", 1e9, "capture pay, bn USD", "capture pay to workers over the run, billion dollars"),
    ("royalties", 1e9, "royalties, bn USD", "royalties to workers over the run, billion dollars"),
    (
        "public_cost",
        1e9,
        "public cost, bn USD",
        "transfers, courses and hand-backs paid less taxes, levies and penalties received, over the run, billion dollars",
    ),
];

/// Scenarios that have no differences: they have other people than the baseline, so that nobody can be followed into both.
const WITHOUT: &[&str] = &["first-economy", "new-region"];

/// A headline of a scenario over paired replicates.
#[derive(Clone, Copy)]
struct Effect {
    base: f64,
    difference: f64,
    low: f64,
    high: f64,
}

/// Effects by scenario and headline, as `scenarios/expected/effects.csv` holds them.
fn effects() -> BTreeMap<(String, String), Effect> {
    let path = common::root().join("scenarios/expected/effects.csv");
    let mut rows = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let heads = rows.headers().unwrap().clone();
    let place = |name: &str| heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no column {name}"));
    let [reform, headline, region, replicates] = ["reform", "headline", "region", "replicates"].map(place);
    let numbers = ["base", "difference", "low", "high"].map(place);
    let mut found = BTreeMap::new();
    for row in rows.records().map(Result::unwrap) {
        assert_eq!((&row[region], &row[replicates]), ("world", "20"), "{row:?}");
        let [base, difference, low, high] = numbers.map(|n| row[n].parse().unwrap());
        found.insert((row[reform].to_owned(), row[headline].to_owned()), Effect { base, difference, low, high });
    }
    found
}

/// A number as a table shows it.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size < 0.000_5 => "0".into(),
        size if size < 0.095 => format!("{value:.3}"),
        size if size < 9.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A difference with half of its interval, in brackets where that holds zero.
fn shown(effect: Effect, unit: f64) -> String {
    let half = (effect.high - effect.low) / 2.0 / unit;
    // as many decimals as the interval has two digits of
    let decimals = [9.95, 0.95, 0.095].iter().filter(|&&size| half < size).count();
    let words = format!("{:+.decimals$} ± {half:.decimals$}", effect.difference / unit);
    match effect.low > 0.0 || effect.high < 0.0 {
        true => words,
        false if half == 0.0 => "0".into(),
        false => format!("({words})"),
    }
}

/// The cells of a scenario's row: the baseline's are levels.
fn cells(effects: &BTreeMap<(String, String), Effect>, name: &str) -> Vec<String> {
    let of = |name: &str, headline: &str| effects.get(&(name.to_owned(), headline.to_owned())).copied();
    let cell = |(headline, unit, ..): &(&str, f64, &str, &str)| match name {
        "baseline" => digits(of("consent-first", headline).expect("every comparison has the baseline").base / unit),
        _ => of(name, headline).map_or("".into(), |effect| shown(effect, *unit)),
    };
    COLUMNS.iter().map(cell).collect()
}

#[test]
fn every_scenario_was_compared_with_the_baseline() {
    let effects = effects();
    for name in common::shipped().iter().filter(|name| *name != "baseline") {
        let is_there =
            |(headline, ..): &(&str, f64, &str, &str)| effects.contains_key(&(name.clone(), (*headline).to_owned()));
        let is_compared = COLUMNS.iter().all(is_there);
        let help =
            "a scenario has its rows in scenarios/expected/effects.csv, or else its name in WITHOUT of this file";
        assert_eq!(is_compared, !WITHOUT.contains(&name.as_str()), "{name}: {help}; how, say the words on top");
    }
    // half a million more with an interval from 0.2 to 0.8 is told; from -0.1 to 1.1 it is not
    let effect = |low: f64, high: f64| Effect { base: 0.0, difference: (low + high) / 2.0, low, high };
    assert_eq!(shown(effect(0.2e6, 0.8e6), 1e6), "+0.50 ± 0.30");
    assert_eq!(shown(effect(-0.1e6, 1.1e6), 1e6), "(+0.50 ± 0.60)");
    assert_eq!((shown(effect(-9e5, -7e5), 1e6), shown(effect(0.0, 0.0), 1e6)), ("-0.80 ± 0.10".into(), "0".into()));
}

/// A paragraph in lines of at most 118 characters, so that one is also within 120 when it is indented as an item of a
/// list.
fn wrapped(text: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > 118 {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    lines.push(line);
    lines.join("\n")
}

/// The whole of docs/scenarios-library.md.
fn page() -> String {
    let mut names = common::shipped();
    names.sort_by_key(|name| (name != "baseline", name.clone()));
    let mut overview = String::from("| scenario |");
    COLUMNS.iter().for_each(|column| write!(overview, " {} |", column.2).unwrap());
    overview += &format!("\n|---|{}\n", "---|".repeat(COLUMNS.len()));
    let effects = effects();
    let mut sections = String::new();
    for name in &names {
        let Scenario { about, .. } = common::scenario(name, &[]);
        let table = expected(name);
        let file = Path::new("scenarios").join(format!("{name}.toml"));
        let cells = cells(&effects, name);
        let (title, words) = (&about.title, finding(&table));
        writeln!(overview, "| [{name}](#{name}) | {} |", cells.join(" | ")).unwrap();
        let question = &about.question;
        write!(sections, "\n### {name}\n").unwrap();
        let mut paragraph = |text: String| write!(sections, "\n{}\n", wrapped(&text)).unwrap();
        paragraph(format!("**{title}.** {question}"));
        paragraph(words.to_owned());
        if !about.reference.is_empty() {
            paragraph(format!("*Reference*: {}", about.reference));
        }
        paragraph(format!("*File*: [{name}.toml](../{}), by {}", file.display(), about.authors));
    }
    let mut meanings = String::new();
    for (.., name, words) in &COLUMNS {
        let item = format!("- **{name}**: {words}.");
        writeln!(meanings, "{}", wrapped(&item).replace('\n', "\n  ")).unwrap();
    }
    let about = "This page is made from `scenarios/*.toml` and `scenarios/expected/` by `tests/it/library.rs`, which also checks \
                 it. The first row is the baseline's level, all others are **differences to the baseline**: the mean over 20 \
                 replicates, paired by common random numbers, and half of its 95 % interval, with \
                 `run.persons_per_agent=10000 persons`; a finer grain gives nearly the same (docs/model.md). In brackets: \
                 cannot be distinguished from zero. An empty row was not compared over replicates. All is conditional on the \
                 baseline's assumptions; what the intervals hold is chance, not what is not known of them.";
    let sure = "## How sure is this?\n\n\
                An interval holds chance, over 20 replicates with the same random numbers in both worlds. It does not hold the \
                numbers nobody has measured: most are estimates or assumptions, and an answer may change its sign within \
                their cards ([what decides the answer](what-decides.md)). Nor does it hold what is not in the model. Seven \
                numbers are tested for each of some forty scenarios, so that about one in twenty of those that are truly \
                zero stands outside the brackets by chance. [How sure is this?](how-sure.md) tells which sentence may be \
                said of what.";
    let head = format!("# The library of scenarios\n\n{}\n\n{meanings}\n{overview}", wrapped(about));
    let (heading, sure) = sure.split_once("\n\n").unwrap();
    format!("{head}\n{heading}\n\n{}\n\n## The scenarios\n{sections}", wrapped(sure))
}
