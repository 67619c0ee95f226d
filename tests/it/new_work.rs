//! Work that robots make: watching them, and new tasks.

use crate::common;
use handover::experiment::run::Results;

fn run(more: &[&str]) -> Results {
    let mut settings = common::coarse(&["run.years=12"]);
    settings.extend(more);
    common::results(&common::scenario("first-economy", &settings))
}

fn paid(results: &Results, flow: &str) -> f64 {
    results.flows.rows.iter().filter(|row| row.1.name() == flow).map(|row| row.4 as f64 / 1e6).sum()
}

fn last(results: &Results, metric: &str) -> f64 {
    (0..8).map(|region| results.series.last(metric.parse().unwrap(), region, "all").unwrap().1).sum()
}

#[test]
fn crews_that_watch_robots_are_larger_and_paid_as_wages() {
    let (bought, own) = (run(&[]), run(&["robots.supervisors=crew"]));
    // what is bought from outside is what was bought at the start, and no more
    assert!(paid(&own, "supervision of robots") < 0.5 * paid(&bought, "supervision of robots"));
    assert!(paid(&own, "supervision of robots") > 0.0);
    // among a hundred who are absorbed some watch
    let (absorbed, more) = (last(&own, "absorbed"), last(&own, "employed") - last(&bought, "employed"));
    assert!(more > 0.01 * absorbed && more < 0.5 * absorbed, "{more} of {absorbed}");
}

#[test]
fn new_tasks_let_the_displaced_find_other_work() {
    let (none, half) = (run(&[]), run(&["labour.new_tasks=50 %"]));
    // half of the absorbed work as jobs outside draws in some of those who look for work, not all: the pull is
    // a hazard, and those outside go on searching in their occupation
    assert!(last(&half, "outside") > last(&none, "outside") + 0.01 * last(&half, "absorbed"));
    assert!(last(&half, "unemployed") < last(&none, "unemployed"));
}
