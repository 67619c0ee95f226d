//! Who bears a royalty, over whole runs: with labs passing it on or not, on the same robots.

use crate::common;
use handover::economy::world::flows::Flow;
use handover::experiment::run::Results;

/// Nobody hears of robots, so that the fleets of the start are all there is; labs know little but what is filmed.
const SETTINGS: [&str; 7] = [
    "run.record_every=1 week",
    "run.years=1",
    "robots.innovation=0 %/year",
    "robots.imitation=0 %/year",
    "capture.filming_at_start=0.5",
    "capture.stock_at_start=100000 hours",
    "law.royalty_rate=30 %",
];

fn run(pass_on: &str) -> Results {
    let pass_on = format!("robots.royalty_pass_on={pass_on}");
    let settings: Vec<&str> = common::COARSE.iter().chain(&SETTINGS).copied().chain([pass_on.as_str()]).collect();
    common::results(&common::variant("", &settings))
}

/// Dollars that flowed in ticks from the first to before the last.
fn flowed(results: &Results, flow: Flow, from: i32, to: i32) -> f64 {
    let rows = results.flows.rows.iter().filter(|row| row.1 == flow && (from..to).contains(&row.0));
    rows.map(|row| row.4).sum::<i128>() as f64 / 1e6
}

/// Weeks 26 to 38 are a quarter; its burden b is in the licences of weeks 40 to 51. Buyers then pay 1 + phi b of what
/// they would have, and the labs are left with (1 + phi b)(1 - b).
#[test]
fn what_is_passed_on_is_in_the_next_quarters_licences() {
    let (kept, halved, whole) = (run("0 %"), run("50 %"), run("100 %"));
    let burden =
        |results: &Results| flowed(results, Flow::RoyaltiesDue, 26, 39) / flowed(results, Flow::Licences, 26, 39);
    let licences = |results: &Results| flowed(results, Flow::Licences, 40, 52);
    for (results, phi) in [(&halved, 0.5), (&whole, 1.0)] {
        let (expected, found) = (1.0 + phi * burden(results), licences(results) / licences(&kept));
        assert!(expected > 1.01, "the burden is too small to be seen: {expected}");
        assert!(((found - 1.0) / (expected - 1.0) - 1.0).abs() < 0.2, "phi {phi}: {found} and not {expected}");
    }
    // contributors gain by it: they share in dearer licences
    let due = |results: &Results| flowed(results, Flow::RoyaltiesDue, 40, 52);
    assert!(due(&whole) > due(&halved) && due(&halved) > due(&kept));
}

/// A tenth fewer orders in Bangladesh: with a subsidy of 80 % its factories get 8 % of their wages from the government,
/// and of nobody else's.
#[test]
fn a_wage_subsidy_where_trade_is_lost_follows_the_orders_that_are_gone() {
    let shock = "[[event]]\nkind = \"demand_shock\"\nfrom = \"2027-01-01\"\nregions = [\"BGD\"]\nfactor = 0.9\n";
    let settings = ["run.record_every=1 week", "run.years=0.5", "law.trade_subsidy=80 %", "demand.patience=5000 weeks"];
    let settings: Vec<&str> = common::COARSE.iter().chain(&settings).copied().collect();
    let results = common::results(&common::variant(shock, &settings));
    let names = &results.scenario.parameters.regions;
    let paid = |flow: Flow, region: &str| {
        let place = names.iter().position(|name| name == region).unwrap();
        let is_it = |row: &&(i32, Flow, u16, u16, i128)| (row.1, usize::from(row.2), row.0 >= 4) == (flow, place, true);
        results.flows.rows.iter().filter(is_it).map(|row| row.4).sum::<i128>() as f64
    };
    // factories pay most of the wages of Bangladesh, so the share of all wages is a little below theirs
    let share = |region: &str| paid(Flow::WageSubsidy, region) / paid(Flow::Wages, region);
    assert!((0.05..0.09).contains(&share("BGD")), "{}", share("BGD"));
    assert!(share("IND") < 0.02, "{}", share("IND"));
}

/// What the fund takes from customers it hands to workers, and buyers elsewhere have no part in it.
#[test]
fn what_buyers_pay_into_their_fund_workers_of_the_region_receive() {
    let charge = "[[policy]]\nfrom = \"2027-01-15\"\nregions = [\"USA\"]\nbuyers_charge = \"1 %\"\n";
    let settings: Vec<&str> =
        common::COARSE.iter().copied().chain(["run.record_every=1 week", "run.years=0.5"]).collect();
    let results = common::results(&common::variant(charge, &settings));
    let usa = results.scenario.parameters.regions.iter().position(|name| name == "USA").unwrap();
    let (charged, handed) = (flowed(&results, Flow::BuyersCharge, 0, 99), flowed(&results, Flow::Recycling, 0, 99));
    let sales = |row: &&(i32, Flow, u16, u16, i128)| row.1 == Flow::Sales && usize::from(row.2) == usa && row.0 >= 2;
    let bought = results.flows.rows.iter().filter(sales).map(|row| row.4).sum::<i128>() as f64 / 1e6;
    assert!((charged / bought - 0.01).abs() < 1e-6, "{charged} of {bought}");
    // all but that of the last week, which is handed out in the next
    assert!((0.94..1.0).contains(&(handed / charged)), "{handed} of {charged}");
    let only_here = |row: &(i32, Flow, u16, u16, i128)| row.1 != Flow::BuyersCharge || usize::from(row.2) == usa;
    assert!(results.flows.rows.iter().all(only_here));
}

/// A dollar for each accepted hour that India's cameras send abroad is due, and nothing where the lab is at home.
#[test]
fn a_fee_is_due_on_hours_that_leave_the_country_only() {
    let settings = ["run.record_every=1 week", "run.years=0.5", "capture.filming_at_start=0.2"];
    let levers = ["law.data_export_fee=1 USD/hour", "law.data_levy=1 USD/hour"];
    let settings: Vec<&str> = common::COARSE.iter().chain(&settings).chain(&levers).copied().collect();
    let results = common::results(&common::variant("", &settings));
    let names = &results.scenario.parameters.regions;
    let received = |flow: Flow, region: &str| {
        let place = names.iter().position(|name| name == region).unwrap();
        let is_it = |row: &&(i32, Flow, u16, u16, i128)| row.1 == flow && usize::from(row.3) == place;
        results.flows.rows.iter().filter(is_it).map(|row| row.4).sum::<i128>()
    };
    // no lab has its home in India; the Chinese lab collects at home
    let (fee, levy) = (received(Flow::DataExportFee, "IND"), received(Flow::DataLevy, "IND"));
    assert!(levy > 0 && fee == levy, "{fee} and {levy}");
    assert_eq!(received(Flow::DataExportFee, "CHN"), 0);
    assert!(received(Flow::DataLevy, "CHN") > 0);
}
