//! What became of absorbed work: the steps from what robots absorb to who is displaced add up, and are what was recorded.

use crate::common;
use handover::experiment::became::{Became, Step, together};
use handover::experiment::run::Results;
use handover::observe::indicators::Metric;
use std::collections::BTreeMap;

/// A world in which robots come early, so that people are displaced within a few years.
fn results() -> Results {
    let settings = ["run.years=4", "learning.field_success=80 %", "robots.imitation=70 %/year"];
    let settings: Vec<&str> = common::COARSE.iter().chain(&settings).copied().collect();
    common::results(&common::variant("", &settings))
}

#[test]
fn the_steps_from_absorbed_work_to_displaced_people_add_up_to_what_was_recorded() {
    let results = results();
    let regions = Became::of(&results);
    let world = together(&regions);
    assert!(world.step(Step::Absorbed) > 0.0 && world.step(Step::Displaced) > 0.0, "{world:?}");
    for became in regions.iter().chain([&world]) {
        let step = |step: Step| became.step(step);
        let on_the_way = [Step::MoreWork, Step::NotReplaced, Step::Displaced];
        let size = on_the_way.iter().map(|&way| step(way).abs()).sum::<f64>().max(1.0);
        let missing = step(Step::Absorbed) - on_the_way.iter().map(|&way| step(way)).sum::<f64>();
        assert!(missing.abs() < 1e-9 * size, "{missing} of {became:?}");
        assert_eq!(step(Step::Displaced), step(Step::FoundAgain) + step(Step::NotFound));
        // the bars end where the next sum begins
        let bars = became.bars();
        assert!((bars[2].1 - step(Step::Displaced)).abs() < 1e-9 * size && bars[4].1 == step(Step::NotFound));
        assert!(step(Step::FoundAgain) >= 0.0 && step(Step::NotFound) >= 0.0 && step(Step::NotReplaced) >= 0.0);
    }
    // flows added up over the records are the totals that the run counts by itself, from the first tick on
    let weeks = results.scenario.parameters.run.tick.0;
    for r in 0..regions.len() {
        let flow = results.series.history(Metric::Displaced, r, "all").unwrap();
        let before = std::iter::once(-1).chain(flow.iter().map(|record| record.0));
        let total: f64 =
            flow.iter().zip(before).map(|(record, before)| record.1 * f64::from(record.0 - before) * weeks).sum();
        let kept = results.series.last(Metric::DisplacedTotal, r, "all").unwrap().1;
        assert!((total - kept).abs() < 1e-6 * kept.max(1.0), "{total} and {kept}");
    }
}

#[test]
fn the_table_of_the_steps_is_made_of_the_series() {
    let results = results();
    let table = handover::output::run::tables::all(&results).unwrap();
    let text = |name: &str| {
        let (_, bytes) = table.iter().find(|(known, _)| known == name).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let rows = |name: &str| -> Vec<Vec<String>> {
        text(name).lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let steps: BTreeMap<(String, String), f64> = rows("waterfall.csv")
        .into_iter()
        .map(|row| ((row[1].clone(), row[2].clone()), row[6].parse().unwrap()))
        .collect();
    let series = rows("series.csv");
    let last = |metric: &str, region: &str| -> f64 {
        let mut mine = series.iter().filter(|row| row[5] == region && row[6] == metric && row[7] == "all");
        mine.next_back().unwrap()[9].parse().unwrap()
    };
    for region in ["CHN", "USA", "JPN"] {
        let step = |step: &str| steps[&(region.to_owned(), step.to_owned())];
        for (name, metric) in
            [("absorbed", "absorbed"), ("displaced", "displaced_total"), ("found_again", "reemployed_total")]
        {
            let (step, last) = (step(name), last(metric, region));
            assert!((step - last).abs() < 1e-6 * last.max(1.0), "{region} {name}: {step} and {last}");
        }
    }
    let world: f64 = results.scenario.parameters.regions.iter().map(|region| last("displaced_total", region)).sum();
    assert!((steps[&("world".to_owned(), "displaced".to_owned())] - world).abs() < 1e-6 * world.max(1.0));
}
