//! The market for hours over whole runs, each rule switched on.

use crate::common;
use handover::economy::Economy;
use handover::economy::labs::Labs;
use handover::economy::lists::Family;
use handover::economy::policy::RunParameters;
use handover::economy::programme::Filming;
use handover::experiment::run::found;
use handover::ground::list::Listed;

/// A world two years before its start, with settings on top.
fn world(settings: &[&str]) -> Economy {
    let coarse = ["run.persons_per_agent=10000 persons", "run.spin_up=104 weeks", "run.years=1"];
    found(&common::scenario("baseline", &[&coarse, settings].concat()))
}

/// Raw hours that were recorded in the last tick.
fn raw_hours(economy: &mut Economy) -> f64 {
    let persons = economy.world.resource::<RunParameters>().persons_per_agent.0;
    let mut sites = economy.world.query::<&Filming>();
    sites.iter(&economy.world).map(|filming| filming.filmed as f64 * persons * filming.raw_hours).sum()
}

/// Lives through the ticks before this one and returns the raw hours of each.
fn live(economy: &mut Economy, until: i32) -> Vec<f64> {
    let mut hours = Vec::new();
    while economy.tick() < until {
        economy.step().unwrap_or_else(|breach| panic!("{breach}"));
        hours.push(raw_hours(economy));
    }
    hours
}

const LOGISTIC: &str = "capture.path.rule=\"logistic\"";

#[test]
fn nothing_jumps_when_the_spin_up_ends() {
    let mut economy = world(&[LOGISTIC]);
    let before = live(&mut economy, 0);
    let capability = |economy: &Economy| {
        let labs = &economy.world.resource::<Labs>().0;
        labs.iter().map(|lab| lab.model.capability.clone()).collect::<Vec<_>>()
    };
    let known = capability(&economy);
    // hours that every family of a lab learns from, as if they were all its own: what people recorded took the place of
    // hours that nobody is credited for
    let first: Vec<f64> = economy.world.resource::<Labs>().0.iter().map(|lab| lab.model.uncredited[0]).collect();
    assert!(first.iter().all(|&share| share < 1.0 + 1e-12), "{first:?}");
    let after = live(&mut economy, 4);
    let sum = |weeks: &[f64]| weeks.iter().sum::<f64>();
    let ratio = sum(&after) / sum(&before[before.len() - 4..]);
    // 10^(4/52) = 1.19 if as many are willing
    assert!((0.7..1.3).contains(&ratio), "{ratio}: {:?} then {after:?}", &before[before.len() - 4..]);
    // 0.1 bn dollars / 52 / 4 = 0.48 M hours
    assert!((0.25e6..0.75e6).contains(&after[0]), "{}", after[0]);
    assert_eq!(capability(&economy), known, "nothing is released in the spin-up, nor in the first quarter");
    let labs = &economy.world.resource::<Labs>().0;
    for lab in labs {
        let total = |stock: &[f64]| stock.iter().sum::<f64>();
        // S0 raw hours, half accepted, of this lab's share; mean weight of the mix about 1.06
        let wanted = 11.236e6 * 0.5 * lab.share;
        let found = total(&lab.intake.stock_at_start);
        assert!((found / wanted - 1.0).abs() < 0.1, "{}: {found} of {wanted}", lab.name);
        assert!(lab.intake.before_start.iter().any(|&hours| hours > 0), "{} recorded nothing before", lab.name);
        assert_eq!(lab.model.capability.len(), Family::ALL.len());
    }
}

#[test]
fn without_a_path_nobody_films_before_the_start() {
    let mut economy = world(&[]);
    let before = live(&mut economy, 0);
    assert!(before.iter().all(|&hours| hours == 0.0));
    assert!(economy.world.resource::<Labs>().0.iter().all(|lab| lab.intake.before_start.iter().all(|&n| n == 0)));
    assert!(live(&mut economy, 1)[0] > 1e6);
}
