//! Rules written in code and laws changed in code do what a file would.

use handover::ground::by_region::ByRegion;
use handover::ground::units::Grain;
use handover::prelude::*;

fn short() -> Scenario {
    let settings = ["run.persons_per_agent=200000 persons", "run.spin_up=8 weeks", "run.years=4"];
    open_scenario("scenarios/baseline.toml", &settings).unwrap()
}

fn tax_robots(regions: Res<Regions>, mut in_force: ResMut<InForce>) {
    in_force.change(regions.place_of("CHN").unwrap(), |law| law.robot_tax = Share(0.4));
}

fn tax_more(regions: Res<Regions>, mut in_force: ResMut<InForce>) {
    in_force.change(regions.place_of("CHN").unwrap(), |law| law.robot_tax = Share(law.robot_tax.0 * 2.0));
}

fn taxed(share: f64) -> Policy {
    let (start, regions) = (short().parameters.run.start, Some(vec!["CHN".to_owned()]));
    Policy { robot_tax: Some(Share(share)), regions, ..Policy::new(start) }
}

#[test]
fn a_rule_in_code_is_worth_the_policy_that_says_the_same() {
    let by_policy = run(&short().enact(taxed(0.4)).unwrap(), |_| true).unwrap();
    let by_rule = run_with(&short(), |economy| economy.add_rule(tax_robots)).unwrap();
    let without = run(&short(), |_| true).unwrap();
    assert_eq!(by_rule.state_hash, by_policy.state_hash);
    assert_ne!(by_rule.state_hash, without.state_hash);
}

/// Twice 40 % is 80 %, week after week: what a rule said last week is forgotten, and rules act in the order in which
/// they were added. A policy of the scenario comes before them.
#[test]
fn rules_act_one_after_the_other_and_forget_last_week() {
    let both = |economy: &mut Economy| {
        economy.add_rule(tax_robots);
        economy.add_rule(tax_more);
    };
    let by_rules = run_with(&short(), both).unwrap();
    let by_policy = run(&short().enact(taxed(0.8)).unwrap(), |_| true).unwrap();
    assert_eq!(by_rules.state_hash, by_policy.state_hash);
    let on_top = run_with(&short().enact(taxed(0.4)).unwrap(), |economy| economy.add_rule(tax_more)).unwrap();
    assert_eq!(on_top.state_hash, by_policy.state_hash);
}

#[test]
fn a_rule_that_looks_at_the_date_is_worth_the_dated_policy_of_the_library() {
    let settings = ["run.persons_per_agent=200000 persons", "run.spin_up=8 weeks", "run.years=4"];
    let royalty = open_scenario("scenarios/royalty-15.toml", &settings).unwrap();
    let policy = royalty.parameters.policies[0].clone();
    let regions: Vec<usize> = policy.regions.iter().flatten().map(|name| royalty.parameters.region(name)).collect();
    let pay_royalties = move |clock: Res<Clock>, mut in_force: ResMut<InForce>| {
        for &region in regions.iter().filter(|_| clock.today() >= policy.from.0) {
            in_force.change(region, |law| law.royalty_rate = Share(0.15));
        }
    };
    let by_rule = run_with(&short(), |economy| economy.add_rule(pay_royalties)).unwrap();
    assert_eq!(by_rule.state_hash, run(&royalty, |_| true).unwrap().state_hash);
}

#[test]
fn what_is_not_there_is_said_with_what_there_is() {
    let results = run(&short().with(|sections| sections.run.years.0 = 0.5).unwrap(), |_| true).unwrap();
    let said = |region, item| results.history(Metric::Employed, region, item).unwrap_err().to_string();
    assert!(said("USSR", "all").contains("the scenario has BGD, CHN"), "{}", said("USSR", "all"));
    assert!(said("USA", "van").contains("there is assembler"), "{}", said("USA", "van"));
    let fault = short().with(|sections| sections.run.persons_per_agent = ByRegion::All(Grain(-1.0))).unwrap_err();
    assert_eq!(fault.key, "run.persons_per_agent");
}
