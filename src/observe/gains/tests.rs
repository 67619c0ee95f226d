//! Worked examples of the account, on paper.

use super::*;
use crate::observe::indicators::{Before, Metric, Row};
use chrono::NaiveDate;

/// Dollars paid by tick, kind, payer's and payee's region.
type Paid<'a> = &'a [(i32, Flow, u16, u16, i64)];

fn micro(dollars: i64) -> i128 {
    i128::from(dollars) * 1_000_000
}

/// The account of payments recorded after a year of spin-up, in two regions with ticks of a week.
fn account(before: Paid, since: Paid, stocks: &[(i32, u16, Metric, &str, f64)]) -> Gains {
    let regions = 2;
    let mut flows = Flows::default();
    flows.before = Before { cells: vec![0; Flow::ALL.len() * regions * regions], ticks: 52 };
    for &(_, flow, from, to, dollars) in before {
        let cell = (flow as usize * regions + usize::from(from)) * regions + usize::from(to);
        flows.before.cells[cell] += micro(dollars);
    }
    flows.rows = since.iter().map(|&(tick, flow, from, to, dollars)| (tick, flow, from, to, micro(dollars))).collect();
    let mut series = Series::default();
    series.items = vec!["all".to_owned(), "displaced".to_owned()];
    for &(tick, region, metric, word, value) in stocks {
        let item = u16::from(word == "displaced");
        series.rows.push(Row { tick, region, metric, item, value });
    }
    let ticks = since.iter().map(|row| row.0);
    series.rows.extend(ticks.map(|tick| Row { tick, region: 0, metric: Metric::Fleet, item: 0, value: 0.0 }));
    series.rows.sort_by_key(|row| row.tick);
    let start = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    Gains::of(&series, &flows, &Clock::at(start, 1.0, 52.0, 104.0), regions)
}

fn gained(gains: &Gains, group: Group) -> f64 {
    gains.group(group, None).unwrap().gained
}

/// The example of the module's words, for one year.
#[test]
fn a_site_that_buys_robots_loses_a_dollar_and_its_workers_thirty() {
    let before = [(0, Flow::Sales, 0, 0, 100), (0, Flow::Wages, 0, 0, 90), (0, Flow::SiteTax, 0, 0, 2)];
    let since = [
        (51, Flow::Sales, 0, 0, 100),
        (51, Flow::Wages, 0, 0, 60),
        (51, Flow::SiteTax, 0, 0, 3),
        (51, Flow::Robots, 0, 1, 20),
        (51, Flow::Licences, 0, 1, 10),
        // what owners take out is no gain a second time
        (51, Flow::SiteDividends, 0, 0, 7),
    ];
    let gains = account(&before, &since, &[]);
    let sites = gains.group(Group::Sites, Some(0)).unwrap();
    assert_eq!((sites.paid, sites.year_before, sites.gained), (7.0, 8.0, -1.0));
    assert_eq!((sites.paid_last_year, sites.gained_last_year), (7.0, -1.0));
    assert_eq!(gained(&gains, Group::Workers), -30.0);
    assert_eq!((gained(&gains, Group::Governments), gained(&gains, Group::Labs)), (1.0, 10.0));
    assert_eq!((gained(&gains, Group::Makers), gained(&gains, Group::Filmed)), (20.0, 0.0));
    // -1 - 30 + 1 + 10 + 20 = 0: customers pay what they paid before
    let everybody = [Group::Sites, Group::Workers, Group::Governments, Group::Labs, Group::Makers, Group::Filmed];
    assert_eq!(everybody.map(|group| gained(&gains, group)).iter().sum::<f64>(), 0.0);
    assert_eq!(gains.line(Line::CustomersPay, None).gained, 0.0);
    assert_eq!(gains.astray(), [0; 3]);
    // makers and labs are at home in the other region
    assert_eq!(gains.group(Group::Makers, Some(0)).unwrap().paid, 0.0);
}

/// Two years against one: what was paid before counts twice, and the last year is the second one.
#[test]
fn a_gain_is_against_as_many_years_as_the_run_has() {
    let before = [(0, Flow::Wages, 0, 0, 90)];
    let since = [(51, Flow::Wages, 0, 0, 60), (103, Flow::Wages, 0, 0, 50)];
    let workers = account(&before, &since, &[]).group(Group::Workers, None).unwrap();
    // 60 + 50 - 2 * 90, and 50 - 90
    assert_eq!((workers.paid, workers.gained), (110.0, -70.0));
    assert_eq!((workers.paid_last_year, workers.gained_last_year), (50.0, -40.0));
}

/// Half a year of 30 is a rate of 60 a year, of which the half that was simulated is counted.
#[test]
fn what_is_shorter_than_a_year_is_a_rate() {
    let workers = account(&[(0, Flow::Wages, 0, 0, 90)], &[(25, Flow::Wages, 0, 0, 30)], &[]);
    let workers = workers.group(Group::Workers, None).unwrap();
    assert_eq!((workers.paid, workers.gained), (30.0, -15.0));
    assert_eq!((workers.paid_last_year, workers.gained_last_year), (60.0, -30.0));
}

/// 70 at the end of the first year, 100 at the end of the second: 30 in the last. Pay lost has a minus, and what came
/// instead is set against it. None of it is a payment.
#[test]
fn buyers_and_the_displaced_stand_beside_the_payments() {
    let stocks = [
        (51, 1, Metric::BuyersGainTotal, "all", 70.0),
        (103, 1, Metric::BuyersGainTotal, "all", 100.0),
        (51, 0, Metric::IncomeLost, "displaced", 10.0),
        (103, 0, Metric::IncomeLost, "displaced", 40.0),
        (103, 0, Metric::ReceivedInstead, "displaced", 15.0),
        (103, 0, Metric::NeverHired, "all", 9.0),
    ];
    let charge = [(103, Flow::BuyersCharge, 1, 1, 25), (103, Flow::Recycling, 1, 1, 25)];
    let gains = account(&[], &charge, &stocks);
    let buyers = gains.group(Group::Buyers, Some(1)).unwrap();
    // 100 - 25, and 30 - 25 in the last year
    assert_eq!((buyers.gained, buyers.gained_last_year), (75.0, 5.0));
    let displaced = gains.group(Group::Displaced, None).unwrap();
    // -40 + 15, and -30 + 15
    assert_eq!((displaced.gained, displaced.gained_last_year), (-25.0, -15.0));
    assert_eq!(gains.line(Line::NotHired, None).paid, 9.0);
    assert_eq!(gains.astray(), [0; 3]);
}

#[test]
fn what_was_not_measured_before_the_start_is_not_known() {
    let gains = Gains::of(&Series::default(), &Flows::default(), &Clock::at(NaiveDate::MIN, 1.0, 0.0, 52.0), 2);
    let workers = gains.group(Group::Workers, None).unwrap();
    assert_eq!(workers.paid, 0.0);
    assert!(workers.gained.is_nan() && workers.year_before.is_nan());
}

/// Half a payment: the check must see it.
#[test]
fn a_payment_that_only_one_side_knows_is_seen() {
    let mut gains = account(&[], &[(51, Flow::Wages, 0, 0, 60)], &[]);
    gains.payments[Line::SiteWages.index() * 2][1] -= 1;
    assert_eq!(gains.astray(), [0, -1, 0]);
}
