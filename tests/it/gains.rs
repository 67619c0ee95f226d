//! Who gained, who lost, who was paid: over whole runs, and in what they leave.

use crate::common;
use handover::economy::world::flows::{Flow, Sector};
use handover::experiment::run::Results;
use handover::ground::list::Listed;
use handover::observe::gains::{BETWEEN_OWNERS, Entry, Group, Line};
use handover::observe::indicators::Metric;
use handover::scenario::Scenario;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A world in which everything is paid that can be: every lever of money, tariffs, robots that come early.
const EVERYTHING: &str = "
[[policy]]
from = \"2027-02\"
royalty_rate = \"20 %\"
citizen_dividend = \"5 %\"
robot_tax = \"10 %\"
recycling = \"dividend\"
wage_insurance = \"50 %\"
training_places = \"1 %\"
data_levy = \"0.10 USD/hour\"
buyers_charge = \"1 %\"
";

fn everything() -> Results {
    let settings = ["run.years=3", "learning.field_success=80 %", "demography.leaving=2.5 %/year"];
    let settings: Vec<&str> = common::COARSE.iter().chain(&settings).copied().collect();
    common::results(&common::variant(EVERYTHING, &settings))
}

/// The sector of which a line is a part.
fn sector(line: Line) -> Option<Sector> {
    line.payments()?;
    Some(match (line.group(), line) {
        (Group::Filmed | Group::Workers, _) | (_, Line::WorkersSpend) => Sector::Workers,
        (Group::Labs, _) => Sector::Lab,
        (Group::Sites, _) => Sector::Site,
        (Group::Makers, _) => Sector::Maker,
        (Group::Governments, _) | (_, Line::GovernmentsBuy) => Sector::Government,
        (_, Line::Funds) => Sector::Fund,
        _ => Sector::Rest,
    })
}

/// Micro-dollars that each sector of each region received less what it paid, owners aside.
fn net_positions(results: &Results) -> BTreeMap<(Sector, usize), i128> {
    let mut net = BTreeMap::new();
    for &(_, flow, from, to, amount) in results.flows.rows.iter().filter(|row| !BETWEEN_OWNERS.contains(&row.1)) {
        *net.entry((flow.payer(), usize::from(from))).or_default() -= amount;
        *net.entry((flow.payee(), usize::from(to))).or_default() += amount;
    }
    net
}

#[test]
fn the_lines_of_a_sector_are_its_net_position_and_all_of_them_nothing() {
    let results = everything();
    let gains = results.gains();
    assert_eq!(gains.astray(), [0; 3]);
    let mut sums = BTreeMap::new();
    for &line in Line::ALL {
        let Some(sector) = sector(line) else { continue };
        for region in 0..gains.regions() {
            *sums.entry((sector, region)).or_default() += gains.micro_dollars(line, region)[0];
        }
    }
    let net = net_positions(&results);
    assert!(net.len() > 30, "{}", net.len());
    for (key, amount) in &net {
        assert_eq!(sums.get(key), Some(amount), "{key:?}");
    }
    // every kind of line moves in this world, or the sums above say little
    let is_empty = |line: &&Line| gains.line(**line, None).paid == 0.0;
    let empty: Vec<&Line> = Line::ALL.iter().filter(is_empty).collect();
    assert!(empty.iter().all(|line| [Line::RegionsLend].contains(line)), "{empty:?}");
}

/// A leak: a payment of which the payer's side is written down with a dollar less is in no line's other end.
#[test]
fn a_sector_that_misses_a_payment_is_found() {
    let mut results = everything();
    let net = net_positions(&results);
    let wages = results.flows.rows.iter_mut().find(|row| row.1 == Flow::Wages).unwrap();
    let region = usize::from(wages.3);
    wages.4 -= 1_000_000;
    let gains = results.gains();
    let workers = Line::ALL.iter().filter(|line| sector(**line) == Some(Sector::Workers));
    let sum: i128 = workers.map(|&line| gains.micro_dollars(line, region)[0]).sum();
    assert_eq!(net[&(Sector::Workers, region)] - sum, 1_000_000);
}

/// A record every four weeks: a flow is a mean a week of them.
fn indicator(results: &Results, metric: Metric, region: usize) -> f64 {
    let history = results.series.history(metric, region, "all").unwrap_or_default();
    history.iter().map(|(_, weekly)| weekly * 4.0).sum()
}

#[test]
fn the_account_says_what_the_indicators_say() {
    let results = everything();
    let gains = results.gains();
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (a.abs() + b.abs());
    for region in 0..gains.regions() {
        let paid = |line: Line| gains.line(line, Some(region)).paid;
        let last = |metric, item: &str| results.series.last(metric, region, item).unwrap().1;
        assert!(near(paid(Line::CapturePay), indicator(&results, Metric::CapturePayReceived, region)));
        assert!(near(paid(Line::Royalties), indicator(&results, Metric::RoyaltiesReceived, region)));
        assert!(near(paid(Line::Benefits), indicator(&results, Metric::Transfers, region)));
        assert!(near(paid(Line::TaxesReceived), indicator(&results, Metric::Taxes, region)));
        assert!(near(paid(Line::LicencesSold), indicator(&results, Metric::LabRevenue, region)));
        assert_eq!(paid(Line::LowerPrices), last(Metric::BuyersGainTotal, "all"));
        assert_eq!(paid(Line::PayLost), -last(Metric::IncomeLost, "displaced"));
        assert_eq!(paid(Line::NotHired), last(Metric::NeverHired, "all"));
    }
    // the last year is the last thirteen records
    let late: f64 = (0..gains.regions())
        .flat_map(|region| results.series.history(Metric::CapturePayReceived, region, "all").unwrap())
        .filter(|(tick, _)| *tick >= 2 * 52)
        .map(|(_, weekly)| weekly * 4.0)
        .sum();
    assert!(near(gains.line(Line::CapturePay, None).paid_last_year, late));
}

/// Where technology stands still nobody gains or loses more than half a per cent of what they are paid: what remains is
/// the drift of a coarse world. Robots that come make it many times that (the second half).
#[test]
fn in_a_world_that_stands_still_nobody_gains_and_nobody_loses() {
    let run = |name: &str, years: &str| {
        let settings = ["run.persons_per_agent=10000 persons", "run.spin_up=104 weeks", years];
        common::results(&common::scenario(name, &settings)).gains()
    };
    let (still, moves) = (run("frozen", "run.years=5"), run("first-economy", "run.years=12"));
    let part = |gains: &handover::observe::gains::Gains, group| {
        let sales = gains.line(Line::SitesSell, None).paid;
        gains.group(group, None).unwrap().gained.abs() / sales
    };
    for group in [Group::Buyers, Group::Workers, Group::Sites, Group::Labs, Group::Makers, Group::Governments] {
        assert!(part(&still, group) < 0.005, "{group:?}: {}", part(&still, group));
    }
    let (still, moves) = (part(&still, Group::Workers), part(&moves, Group::Workers));
    assert!(moves > 4.0 * still, "{moves} {still}");
}

fn handover(folder: &Path, arguments: &[&str]) -> String {
    let mut all = arguments.to_vec();
    let settings = ["run.persons_per_agent=50000 persons", "run.spin_up=26 weeks"];
    settings.iter().for_each(|setting| all.extend(["--set", setting]));
    let done = Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(folder).args(all).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn shipped(name: &str) -> String {
    common::root().join(format!("scenarios/{name}.toml")).display().to_string()
}

/// Rows of a table as text, by the names of its columns.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

const WORDS: [&str; 4] =
    ["Buyers, by lower prices", "Owners of labs: profit", "of these, the displaced", "Governments"];

#[test]
fn a_run_shows_it_in_terminal_page_json_and_tables() {
    let place = tempfile::tempdir().unwrap();
    let said = handover(place.path(), &["run", &shipped("first-economy"), "--years=1", "--out=a"]);
    let page = fs::read_to_string(place.path().join("a/report.html")).unwrap();
    for words in WORDS.into_iter().chain(["Against the year before the start, over the run"]) {
        assert!(said.contains(words) && page.contains(words), "{words}\n{said}");
    }
    assert!(page.find("The answer").unwrap() < page.find("Gained (+) or lost (-)").unwrap());
    assert!(said.contains("Robots absorb the work of 25 M full-time equivalents at no time until the end of 2027"));
    assert!(!said.contains("labour share") && !page.contains("labour share"));
    let rows = table(&place.path().join("a/gains.csv"));
    let regions = 8;
    assert_eq!(rows.len(), Entry::all(regions).len());
    let json = handover(place.path(), &["run", &shipped("first-economy"), "--years=1", "--out=b", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of = |region: &str, group: &str, line: &str| {
        let is_it = |row: &&BTreeMap<String, String>| {
            (row["region"].as_str(), row["group"].as_str(), row["line"].as_str()) == (region, group, line)
        };
        rows.iter().find(is_it).unwrap()
    };
    for (region, group) in [("world", "buyers"), ("CHN", "workers"), ("USA", "lab_owners"), ("IND", "filmed")] {
        let number: f64 = of(region, group, "all")["gained"].parse().unwrap();
        assert_eq!(json["gains"][region][group]["gained_usd"].as_f64(), Some(number), "{region} {group}");
    }
    assert!(json["gains"]["world"]["displaced"]["persons"].is_number());
    assert!(json["gains"]["world"]["never_hired"].get("gained_usd").is_none());
    let parquet = fs::read(place.path().join("a/gains.parquet")).unwrap();
    assert!(parquet.starts_with(b"PAR1"));
}

#[test]
fn an_ensemble_shows_mean_and_nine_tenths() {
    let place = tempfile::tempdir().unwrap();
    let run = ["run", &shipped("first-economy"), "--years=0.5", "--replicates=3"];
    let said = handover(place.path(), &[&run[..], &["--out=a"]].concat());
    let page = fs::read_to_string(place.path().join("a/report.html")).unwrap();
    assert!(WORDS.iter().all(|words| said.contains(words) && page.contains(words)), "{said}");
    let rows = table(&place.path().join("a/gains.csv"));
    let row = rows
        .iter()
        .find(|row| {
            row["region"] == "world" && row["group"] == "workers" && row["line"] == "all" && row["number"] == "gained"
        })
        .unwrap();
    assert_eq!((row["replicates"].as_str(), row["of"].as_str()), ("3", "3"));
    let number = |name: &str| row[name].parse::<f64>().unwrap();
    // the mean is that of the runs' own tables, and lies between the ends
    assert!(number("q05") < number("mean") && number("mean") < number("q95"));
    let json = handover(place.path(), &[&run[..], &["--out=b", "--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["gains"]["world"]["workers"]["gained_usd"]["mean"].as_f64(), Some(number("mean")));
    assert_eq!(json["gains"]["world"]["workers"]["gained_usd"]["q95"].as_f64(), Some(number("q95")));
    assert!(place.path().join("a/replicates/02/gains.parquet").exists());
}

/// A royalty of 15 %: the filmed have more, in every replicate; the world against itself is the same.
#[test]
fn a_comparison_shows_who_has_more_and_who_less() {
    let place = tempfile::tempdir().unwrap();
    let royalty = "[scenario]\nname = \"early\"\ntitle = \"A royalty at once\"\nextends = \"first-economy.toml\"\n[[policy]]\nfrom = \"2027-02\"\nroyalty_rate = \"30 %\"\n";
    for name in ["baseline", "first-economy"] {
        fs::copy(shipped(name), place.path().join(format!("{name}.toml"))).unwrap();
    }
    fs::write(place.path().join("early.toml"), royalty).unwrap();
    let run = ["compare", "first-economy.toml", "early.toml", "--years=2", "--replicates=3", "--out=a"];
    let said = handover(place.path(), &[&run[..], &["--set", "learning.field_success=80 %"]].concat());
    let page = fs::read_to_string(place.path().join("a/report.html")).unwrap();
    for words in WORDS.into_iter().chain(["Against the base, over the run, in USD with 95 % intervals"]) {
        assert!(said.contains(words) && page.contains(words), "{words}\n{said}");
    }
    assert!(page.contains("Reform less base, in the world"));
    let rows = table(&place.path().join("a/gains.csv"));
    let row = rows
        .iter()
        .find(|row| row["region"] == "world" && row["line"] == "royalties received" && row["number"] == "paid")
        .unwrap();
    let number = |name: &str| row[name].parse::<f64>().unwrap();
    assert!(number("low") > 0.0 && number("base") == 0.0, "{row:?}");
    assert_eq!(number("difference"), number("reform_value") - number("base"));
}

/// The scenario with all newer rules on, in which people enter and leave, makers have order books and labs compete.
fn all_rules(settings: &[&str]) -> Scenario {
    common::scenario("baseline", settings)
}

#[test]
fn with_all_rules_on_every_payment_is_in_the_account() {
    let settings: Vec<&str> = common::COARSE.iter().copied().chain(["run.years=2"]).collect();
    let results = common::results(&all_rules(&settings));
    let gains = results.gains();
    assert_eq!(gains.astray(), [0; 3]);
    assert!(gains.line(Line::NotHired, None).paid > 0.0);
    let net = net_positions(&results);
    for (&(sector_of, region), amount) in &net {
        let mine = Line::ALL.iter().filter(|line| sector(**line) == Some(sector_of));
        let sum: i128 = mine.map(|&line| gains.micro_dollars(line, region)[0]).sum();
        assert_eq!(sum, *amount, "{sector_of:?} {region}");
    }
}
