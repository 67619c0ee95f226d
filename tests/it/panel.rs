//! The panel stands for everybody, and nobody notices it.

use crate::common;
use handover::economy::Economy;
use handover::economy::world::flows::Flow;
use handover::economy::world::markets::Markets;
use handover::experiment::run::{Results, go_on};
use handover::observe::panel::{Cast, Panel, Row};
use handover::observe::{install, panel};
use handover::output::run::panel::{Amounts, Spool};
use handover::output::run::tables;
use handover::scenario::Scenario;

fn founded(scenario: &Scenario) -> Economy {
    Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        panel::install(world, schedule);
    })
}

fn followed(scenario: &Scenario) -> (Results, Vec<Row>, Option<Cast>) {
    let mut economy = founded(scenario);
    let cast = Cast::of(&mut economy.world);
    let mut rows = Vec::new();
    let results = go_on(scenario, economy, |economy, _| {
        rows.extend(economy.world.get_resource_mut::<Panel>().map(|mut panel| panel.take_rows()).unwrap_or_default());
        true
    });
    (results.unwrap_or_else(|stopped| panic!("{stopped:?}")), rows, cast)
}

fn coarse(settings: &[&str]) -> Scenario {
    let mut all = common::COARSE.to_vec();
    all.extend(settings);
    common::early_royalty_of("first-economy", &all)
}

#[test]
fn a_panel_moves_nobody() {
    let outcome = |size: &str| {
        let (results, rows, _) = followed(&coarse(&["run.years=1", size]));
        (results.state_hash.clone(), tables::all(&results).unwrap(), rows.len())
    };
    let (without, with) = (outcome("run.panel=0"), outcome("run.panel=2000"));
    assert_eq!((without.2, with.2), (0, 4 * 2_000));
    assert_eq!(without.0, with.0);
    assert!(without.1 == with.1);
}

#[test]
fn the_weights_add_up_to_everybody_and_nobody_is_taken_twice() {
    for size in ["run.panel=96", "run.panel=5000", "run.panel=1000000"] {
        let scenario = coarse(&["run.years=0.1", size]);
        let mut economy = founded(&scenario);
        let cast = Cast::of(&mut economy.world).unwrap();
        for (market, about) in economy.world.resource::<Markets>().0.iter().enumerate() {
            let mine: Vec<_> = cast.members.iter().filter(|member| member.who.market() == market).collect();
            let people: i64 = about.heads.iter().sum();
            assert_eq!(
                mine.iter().map(|member| member.weight).sum::<i64>(),
                people * scenario.parameters.weights.persons(about.id())
            );
            assert!(mine.is_sorted_by(|a, b| a.who.ordinal < b.who.ordinal));
            assert!(mine.iter().all(|member| i64::from(member.who.ordinal) < people));
            let weights: Vec<i64> = mine.iter().map(|member| member.weight).collect();
            assert!(weights.iter().max().unwrap() - weights.iter().min().unwrap() <= 1);
        }
        let wanted = (scenario.parameters.run.panel as usize).min(economy.workers());
        assert_eq!(cast.members.len(), wanted, "{size}");
    }
}

#[test]
fn a_panel_of_everybody_is_the_flows_to_the_micro_dollar() {
    is_the_flows(&coarse(&EVERYBODY));
}

#[test]
fn a_panel_of_everybody_is_the_flows_where_people_enter_and_leave() {
    let mut settings = common::COARSE.to_vec();
    settings.extend(EVERYBODY);
    // within four weeks nobody comes after somebody who left, and in three years Bangladesh has places more
    settings.extend(["run.years=3", "run.least_agents=0"]);
    let scenario = common::early_royalty(&settings);
    let demography = &scenario.parameters.demography;
    assert!(demography.places(10_000, 0) > 11_000);
    let (rows, cast) = is_the_flows(&scenario);
    let is_new = |row: &&Row| i32::from(row.standing.entered) >= 0;
    assert!(rows.iter().filter(is_new).count() > 100);
    // and nobody is counted who is not there
    let there: i64 = cast.members.iter().map(|member| member.weight).sum();
    let last = rows.last().unwrap().tick;
    let rows_then = rows.iter().filter(|row| row.tick == last);
    let counted: i64 = rows_then.map(|row| cast.members[row.member as usize].weight).sum();
    assert!(counted < there);
}

/// Everybody, as often as there is a record.
const EVERYBODY: [&str; 4] =
    ["run.years=1", "run.panel=1000000", "run.panel_every=4 weeks", "run.record_every=4 weeks"];

/// Holds the panel of everybody of this scenario to the flows.
fn is_the_flows(scenario: &Scenario) -> (Vec<Row>, Cast) {
    let (results, rows, cast) = followed(scenario);
    let cast = cast.unwrap();
    type Kind = (Flow, fn(&Row) -> i64);
    let kinds: [Kind; 5] = [
        (Flow::Wages, |row| row.slip.wages),
        (Flow::OutsideWages, |row| row.slip.outside_wages),
        (Flow::Insurance, |row| row.slip.insurance),
        (Flow::IncomeTax, |row| row.slip.income_tax),
        (Flow::Consumption, |row| row.consumption),
    ];
    for (flow, amount) in kinds {
        let of_flows: i128 = results.flows.rows.iter().filter(|row| row.1 == flow).map(|row| row.4).sum();
        let weighted = |row: &Row| i128::from(amount(row)) * i128::from(cast.members[row.member as usize].weight);
        assert_eq!(rows.iter().map(weighted).sum::<i128>(), of_flows, "{flow:?}");
        assert!(of_flows > 0);
    }
    (rows, cast)
}

#[test]
fn a_panel_too_small_or_out_of_step_is_refused_with_what_is_possible() {
    for (text, words) in [("panel = 95", "at least 96"), ("panel_every = \"10 days\"", "not a whole number of ticks")] {
        let said = common::refused(&format!("[run]\n{text}\n"));
        assert!(said.contains(words) && said.contains("variant.toml:5:"), "{said}");
    }
    assert_eq!(common::variant("[run]\npanel = 0\n", &[]).parameters.run.panel, 0);
}

#[test]
fn a_spool_cut_back_and_gone_on_with_gives_the_same_file() {
    let scenario = coarse(&["run.years=1", "run.panel=500"]);
    let (_, rows, cast) = followed(&scenario);
    let cast = cast.unwrap();
    let mut straight = Spool::new(tempfile::tempfile().unwrap());
    straight.add(&rows).unwrap();
    let mut bytes = Vec::new();
    straight.finish(&scenario, &cast, Amounts::Decimals, &mut bytes).unwrap();

    let file = tempfile::tempfile().unwrap();
    let mut first = Spool::new(file.try_clone().unwrap());
    // 1,000 rows count; 200 more were written before the power went
    first.add(&rows[..1_200]).unwrap();
    first.sync().unwrap();
    drop(first);
    let mut second = Spool::resume(file.try_clone().unwrap(), 1_000).unwrap();
    assert_eq!(second.rows(), 1_000);
    second.add(&rows[1_000..]).unwrap();
    let mut again = Vec::new();
    second.finish(&scenario, &cast, Amounts::Decimals, &mut again).unwrap();
    assert!(bytes == again);
    assert!(Spool::resume(file, 1 << 40).is_err());
    // the file begins and ends as Parquet does
    assert_eq!((&bytes[..4], &bytes[bytes.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
}
