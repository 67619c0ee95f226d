//! What is recorded because somebody asked for it is to the bit what it is where everything is recorded.

use crate::common;
use handover::experiment::checkpoint;
use handover::experiment::outcome::Outcome;
use handover::experiment::run::{Results, found_for, go_on, run_for};
use handover::ground::list::Listed;
use handover::observe::indicators::{Metric, Wanted, want};
use handover::scenario::Scenario;
use std::collections::BTreeSet;

/// A small world of many kinds: named firms, order books, competing labs that value hours.
fn eventful() -> Scenario {
    let settings = [
        "run.persons_per_agent=400000 persons",
        "run.least_agents=0",
        "run.spin_up=4 weeks",
        "run.years=0.5",
        "sites.most=12",
        "capture.buying.rule=worth",
        "robots.licensing=competition",
        "robots.deliveries=by_capacity",
    ];
    common::scenario("jd-700k", &settings)
}

fn live(scenario: &Scenario, wanted: Wanted) -> Results {
    run_for(scenario, wanted, |_| true).unwrap_or_else(|stopped| panic!("{stopped}"))
}

/// A record as a table shows it, with all bits of its value.
type Shown = (i32, u16, Metric, String, u64);

fn rows(results: &Results, is_asked: impl Fn(Metric) -> bool) -> Vec<Shown> {
    let mine = results.series.rows.iter().filter(|row| is_asked(row.metric));
    mine.map(|row| {
        let item = results.series.items[usize::from(row.item)].clone();
        (row.tick, row.region, row.metric, item, row.value.to_bits())
    })
    .collect()
}

/// Whatever a metric is computed from, it gets: each is recorded alone.
#[test]
fn a_metric_alone_has_the_rows_that_it_has_among_all() {
    let scenario = eventful();
    let all = live(&scenario, Wanted::default());
    let seen: BTreeSet<Metric> = all.series.rows.iter().map(|row| row.metric).collect();
    let never: Vec<&Metric> = Metric::ALL.iter().filter(|metric| !seen.contains(metric)).collect();
    assert!(never.is_empty(), "in this world there is no record of {never:?}");
    for &metric in Metric::ALL {
        let alone = live(&scenario, Wanted::metrics([metric]));
        let (mine, wanted) = (rows(&alone, |_| true), rows(&all, |one| one == metric));
        let differs = mine.iter().zip(&wanted).find(|(mine, wanted)| mine != wanted);
        assert_eq!(differs, None, "{metric} alone is another number");
        assert_eq!(mine.len(), wanted.len(), "{metric} alone has other rows");
        assert_eq!(alone.state_hash, all.state_hash, "{metric} alone moves somebody");
        assert!(alone.flows.rows.is_empty(), "nobody asked for payments");
    }
}

#[test]
fn two_metrics_and_the_payments_are_as_among_all() {
    let scenario = eventful();
    let all = live(&scenario, Wanted::default());
    let asked = [Metric::RoyaltiesReceived, Metric::UnemploymentRate];
    let two = live(&scenario, Wanted::metrics(asked).and_flows());
    assert_eq!(rows(&two, |_| true), rows(&all, |metric| asked.contains(&metric)));
    assert_eq!(two.flows.rows, all.flows.rows);
    assert_eq!(two.flows.before.cells, all.flows.before.cells);
}

/// Every form of an outcome, and every headline, asks for what it reads.
#[test]
fn an_outcome_has_the_number_that_it_has_where_all_is_recorded() {
    let scenario = eventful();
    let all = live(&scenario, Wanted::default());
    let mut lines: Vec<String> = [
        "last(wage_median[USA])",
        "mean(gini_income[CHN])",
        "at(2027-03, absorbed[CHN, courier])",
        "sum(royalties_received[all])",
        "first_above(unemployed[all], 1)",
        "peak(compensation_ratio[CHN, displaced]) + ln(low(wage[USA, picker]) / last(wage[USA, assembler]))",
        "rank([last(wage[USA, picker]), last(poverty_share[IND])], [2, 1])",
        "elasticity(vacancies[USA], unemployed[USA])",
        "turning(unemployed[USA], vacancies[USA])",
        "fastest(robots_made[CHN, amr], 0.2, 0)",
        "last(robot_share[CHN, picking]) - 2 * last(capability[USA, assembly])",
    ]
    .map(str::to_owned)
    .to_vec();
    let headlines = handover::experiment::compare::headlines::of_one_run();
    lines.extend(headlines.flat_map(|(name, ..)| [format!("headline({name})"), format!("headline({name}[CHN])")]));
    let mut numbers = 0;
    for line in lines {
        let outcome = Outcome::read(&line, &scenario).unwrap_or_else(|problem| panic!("{line}: {problem}"));
        let found = outcome.of(&live(&scenario, outcome.wanted()));
        assert_eq!(found.map(f64::to_bits), outcome.of(&all).map(f64::to_bits), "{line}");
        numbers += usize::from(found.is_some());
    }
    assert!(numbers > 30, "{numbers} outcomes are numbers");
}

/// A run that was saved goes on with what it records.
#[test]
fn a_checkpoint_remembers_what_is_wanted() {
    let scenario = eventful();
    let asked = Wanted::metrics([Metric::Hires, Metric::GiniWealth, Metric::IncomeLost]);
    let unbroken = live(&scenario, asked);
    let mut economy = found_for(&scenario, asked);
    while economy.tick() < 10 {
        economy.step().unwrap();
    }
    let mut saved = Vec::new();
    checkpoint::save(&scenario, &mut economy, &mut saved).unwrap();
    let again = checkpoint::resume(&scenario, saved.as_slice()).unwrap();
    assert_eq!(again.world.resource::<Wanted>(), &asked);
    assert_eq!(checkpoint::head(saved.as_slice()).unwrap().records, asked);
    let again = go_on(&scenario, again, |_, _| true).unwrap();
    assert_eq!(rows(&again, |_| true), rows(&unbroken, |_| true));
    assert_eq!(again.state_hash, unbroken.state_hash);
}

#[test]
fn sets_add_up_and_one_covers_another() {
    let (one, other) = (Wanted::metrics([Metric::Hires]), Wanted::metrics([Metric::Wage]).and_flows());
    let both: Wanted = [one, other].into_iter().collect();
    assert!(both.has(Metric::Hires) && both.has(Metric::Wage) && both.has_flows() && !both.has(Metric::Fleet));
    assert!(both.covers(&one) && !one.covers(&both) && !one.covers(&other));
    assert!(Wanted::default().covers(&both) && !both.covers(&Wanted::default()));
    // whoever is asked for all again records all again
    let scenario = eventful();
    let mut economy = found_for(&scenario, one);
    want(&mut economy.world, Wanted::default());
    let again = go_on(&scenario, economy, |_, _| true).unwrap();
    assert_eq!(rows(&again, |_| true), rows(&live(&scenario, Wanted::default()), |_| true));
}
