//! Outcomes: one number of a run, in one line, with wrong lines distinguished.

use crate::common;
use handover::experiment::outcome::Outcome;
use handover::experiment::run::Results;
use handover::ground::list::Listed;
use handover::observe::indicators::Metric;
use handover::scenario::Scenario;
use std::collections::BTreeSet;

/// What to do where a metric is recorded by other items than can be asked for.
const ITEMS: &str = "which items a metric is split into, src/experiment/outcome/words.rs says";

fn short() -> Scenario {
    common::early_royalty_of("first-economy", &common::tiny(&["run.years=2"]))
}

fn value(text: &str, results: &Results) -> Option<f64> {
    Outcome::read(text, &results.scenario).unwrap_or_else(|problem| panic!("{text}: {problem}")).of(results)
}

/// Values of one metric, region and item as series.csv shows them: date and value.
fn lines(results: &Results, region: &str, metric: &str, item: &str) -> Vec<(String, f64)> {
    let tables = handover::output::run::tables::all(results).unwrap();
    let text = String::from_utf8(tables[0].1.clone()).unwrap();
    let cells = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    cells
        .filter(|cells| cells[5] == region && cells[6] == metric && cells[7] == item)
        .map(|cells| (cells[4].clone(), cells[9].parse().unwrap()))
        .collect()
}

#[test]
fn an_outcome_is_what_the_table_shows() {
    let results = common::results(&short());
    let couriers = lines(&results, "USA", "unemployment_rate", "courier");
    let values: Vec<f64> = couriers.iter().map(|line| line.1).collect();
    assert_eq!(value("unemployment_rate[USA, courier]", &results), values.last().copied());
    assert_eq!(value("last(unemployment_rate[USA, courier])", &results), values.last().copied());
    let until = |date: &str| couriers.iter().rfind(|line| line.0.as_str() <= date).map(|line| line.1);
    assert_eq!(value("at(2027-06, unemployment_rate[USA, courier])", &results), until("2027-06-30"));
    assert_eq!(value("at(2027-06-10, unemployment_rate[USA, courier])", &results), until("2027-06-10"));
    let within: Vec<f64> =
        couriers.iter().filter(|l| (&*l.0 >= "2027-03-01") && (&*l.0 <= "2027-12-31")).map(|l| l.1).collect();
    assert!(within.len() > 5 && within.len() < values.len());
    let of =
        |form: &str| value(&format!("{form}(unemployment_rate[USA, courier], 2027-03..2027-12)"), &results).unwrap();
    assert_eq!(of("peak"), within.iter().copied().fold(f64::MIN, f64::max));
    assert_eq!(of("low"), within.iter().copied().fold(f64::MAX, f64::min));
    assert_eq!(of("mean"), within.iter().sum::<f64>() / within.len() as f64);
    // a record of a flow is a mean a week over four weeks
    let paid: f64 = lines(&results, "IND", "capture_pay_received", "all").iter().map(|line| line.1 * 4.0).sum();
    let sum = value("sum(capture_pay_received[IND])", &results).unwrap();
    assert!(paid > 0.0 && (sum / paid - 1.0).abs() < 1e-12, "{sum} is not {paid}");
    // and the ledger's sum over the run is the headline's
    let headline = value("headline(capture_pay[IND])", &results).unwrap();
    assert!((headline / paid - 1.0).abs() < 1e-9, "{headline} is not {paid}");
    let regions = &results.scenario.parameters.regions;
    let each: f64 = regions.iter().map(|name| value(&format!("unemployed[{name}]"), &results).unwrap()).sum();
    assert_eq!(value("unemployed[all]", &results), Some(each));
    assert_eq!(value("headline(unemployed)", &results), Some(each));
}

#[test]
fn the_first_crossing_is_counted_in_years_and_never_is_nothing() {
    let results = common::results(&short());
    let filmed = lines(&results, "IND", "contributors", "all");
    let middle = filmed[filmed.len() / 2].1;
    let place = filmed.iter().position(|line| line.1 > middle).unwrap();
    // records every four weeks: record 0 ends after 4/52 years
    let years = (place as f64 + 1.0) * 4.0 / 52.0;
    assert_eq!(value(&format!("first_above(contributors[IND], {middle})"), &results), Some(years));
    assert_eq!(value("first_above(displaced_total[CHN], 1e12)", &results), None);
    assert_eq!(value("first_above(unemployment_rate[USA], 0 %)", &results), Some(4.0 / 52.0));
    assert_eq!(value("first_below(unemployment_rate[USA], 100 %)", &results), Some(4.0 / 52.0));
}

#[test]
fn canonical_text_reads_as_itself() {
    let scenario = short();
    let table = "
        unemployment_rate[USA]                          | last(unemployment_rate[USA])                     | share
        peak(unemployment_rate[USA,courier],..2028-01)  | peak(unemployment_rate[USA, courier], ..2028-01) | share
        sum(hires[all], 2027-02..)                      | sum(hires[all], 2027-02..)                       | persons
        first_above(unemployment_rate[USA], 8 %)        | first_above(unemployment_rate[USA], 0.08)        | years
        first_below(wage[USA, courier], 2000 USD/month) | first_below(wage[USA, courier], 2000)            | years
        compensation_ratio[IND]                         | last(compensation_ratio[IND, region])            | ratio
        headline(public_cost[USA])                      | headline(public_cost[USA])                       | USD
        headline(wages)                                 | headline(wages)                                  | USD
        employed[USA] / (employed[USA] + unemployed[USA]) | last(employed[USA]) / (last(employed[USA]) + last(unemployed[USA])) | ratio
        2 * wage[USA, courier] - wage[USA, picker]      | 2 * last(wage[USA, courier]) - last(wage[USA, picker]) | USD/month
        ln(employed[USA] / employed[IND])               | ln(last(employed[USA]) / last(employed[IND]))    | ratio
        rank([wage[USA, picker], wage[IND, picker]], [2, 1]) | rank([last(wage[USA, picker]), last(wage[IND, picker])], [2, 1]) | ratio
        elasticity(vacancies[USA], unemployed[USA], 2027-02..) | elasticity(vacancies[USA], unemployed[USA], 2027-02..) | ratio
        turning(unemployed[USA], vacancies[USA])        | turning(unemployed[USA], vacancies[USA])         | ratio
        fastest(fleet[USA, van], 0.5 years, 20)         | fastest(fleet[USA, van], 0.5, 20)                | share
    ";
    let odd = [[" at( 2027-12 ,displaced_total[ CHN ]) ", "at(2027-12, displaced_total[CHN])", "persons"]];
    for [text, canonical, unit] in common::rows(table).into_iter().chain(odd) {
        let outcome = Outcome::read(text, &scenario).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        assert_eq!((outcome.to_string().as_str(), outcome.unit()), (canonical, unit));
        assert_eq!(Outcome::read(canonical, &scenario), Ok(outcome));
    }
    let meaning = Outcome::read("peak(unemployment_rate[USA, courier], ..2028-01)", &scenario).unwrap().meaning();
    assert_eq!(meaning, "unemployed per person of the labour force, USA, courier, highest until 2028-01");
}

#[test]
fn a_wrong_line_says_what_to_write() {
    let scenario = short();
    let table = r#"
        unemployment_rat[USA]                   | did you mean "unemployment_rate"
        unemployment_rate | names no region in brackets; write for example "unemployment_rate[USA]"
        unemployment_rate[US]                   | did you mean "USA"
        unemployment_rate[USA, courrier]        | did you mean "courier"
        unemployment_rate[all]                  | does not add up over regions
        wallet_mean[all]                        | does not add up
        capability[USA]                         | write for example capability[USA, handling]
        effective_hours[BGD, assembly]          | no lab is at home there
        peek(unemployment_rate[USA])            | did you mean "peak"
        sum(unemployed[USA])                    | write mean(unemployed[USA])
        at(unemployment_rate[USA])              | needs two arguments
        at(2027-13, unemployed[USA])            | is not a date
        at(2035-01, unemployed[USA])            | outside the run
        mean(unemployed[USA], 2027)             | is not a span of time
        mean(unemployed[USA], 2028-01..2027-01) | ends before it begins
        last(unemployed[USA], 2027-01)          | last takes a metric alone
        first_above(unemployed[USA])            | needs two arguments
        employed[USA] + wage[USA, courier]      | what is added has one unit
        ln(employed[USA])                       | divide by an amount of the same unit
        rank([employed[USA]], [1, 2])           | two lists of one length
        ln(employed[USA], 2)                    | ln is written so
        of(reform, employed[USA])               | one run has no arms
        fastest(employed[USA], 0)               | a time above zero
        2 + 3 * employd[USA]                    | did you mean "employed"
        12                                      | asks for nothing of a run
        first_above(unemployed[USA], NaN)       | is not a number
        first_above(unemployed[USA], 8 %)       | is not a number
        last(unemployed[USA]                    | has no ")"
        headline(royalty)                       | did you mean "royalties"
        headline(income_filmed)                 | cannot be computed from one run
        headline(wages[US])                     | did you mean "USA"
        last(a, b, c)                           | at most two arguments
    "#;
    let odd = [["", "names no region"]];
    for [text, words] in common::rows(table).into_iter().chain(odd) {
        match Outcome::read(text, &scenario) {
            Ok(outcome) => panic!("{text} was read as {outcome}"),
            Err(problem) => assert!(problem.0.contains(words), "{text}: {problem}"),
        }
    }
}

/// The list of items that outcomes may name is the list of those that runs record: both ways.
#[test]
fn every_recorded_item_can_be_asked_for() {
    let scenario = common::scenario(
        "jd-700k",
        &["run.persons_per_agent=50000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=3"],
    );
    let results = common::results(&scenario);
    let regions = &scenario.parameters.regions;
    let recorded: BTreeSet<(String, String)> = results
        .series
        .rows
        .iter()
        .map(|row| {
            let (region, item) = (&regions[usize::from(row.region)], &results.series.items[usize::from(row.item)]);
            (row.metric.to_string(), format!("{region}, {item}"))
        })
        .collect();
    assert!(recorded.iter().any(|(_, place)| place.contains("operator")));
    for (metric, place) in &recorded {
        let text = format!("{metric}[{place}]");
        let outcome = Outcome::read(&text, &scenario).unwrap_or_else(|problem| panic!("{text}: {problem}; {ITEMS}"));
        assert!(outcome.of(&results).is_some(), "{text} is recorded and not found");
    }
    // what is refused was never recorded: each metric with each item of any other
    let items: BTreeSet<&str> = recorded.iter().filter_map(|(_, place)| place.strip_prefix("CHN, ")).collect();
    for &metric in Metric::ALL {
        let unit = metric.unit();
        for item in &items {
            let is_asked = Outcome::read(&format!("{metric}[CHN, {item}]"), &scenario).is_ok();
            let is_recorded = recorded.contains(&(metric.to_string(), format!("CHN, {item}")));
            // a ratio of nothing to nothing is not recorded
            let may_lack = ["compensation_ratio", "payback", "cost_by_robot", "uptime", "utilisation", "capture_pay"];
            let is_near = is_asked && may_lack.contains(&metric.name());
            let words = format!("in {unit}: can be asked for: {is_asked}, is recorded: {is_recorded}; {ITEMS}");
            assert!(is_asked == is_recorded || is_near, "{metric}[CHN, {item}] {words}");
        }
    }
}

#[test]
fn outcomes_join_as_by_hand_also_over_two_arms() {
    let first = common::results(&short());
    let mut other = short();
    other.parameters = handover::experiment::ensemble::replicate_of(&other, 1).parameters;
    let second = common::results(&other);
    let read = |text: &str, of: &Results| Outcome::read(text, &of.scenario).unwrap().of(of).unwrap();
    let (now, then) = (read("last(employed[USA])", &first), read("last(employed[USA])", &second));
    let idle = read("unemployed[USA]", &first);
    assert_eq!(value("employed[USA] / (employed[USA] + unemployed[USA])", &first), Some(now / (now + idle)));
    assert_eq!(value("employed[USA] - unemployed[USA] - 2 * unemployed[USA]", &first), Some(now - idle - 2.0 * idle));
    assert_eq!(value("1 / displaced_total[BGD]", &first), None);
    let arms = [("one", &first.scenario), ("other", &second.scenario)];
    let ratio = Outcome::read_in("of(other, employed[USA]) / of(one, employed[USA])", &arms).unwrap();
    assert_ne!(now, then);
    assert_eq!(ratio.of_arms(&[&first, &second]), Some(then / now));
    let problem = Outcome::read_in("of(third, employed[USA])", &arms).unwrap_err().to_string();
    assert!(problem.contains("there is no arm \"third\"") && problem.contains("one, other"), "{problem}");
}
