//! What chance does to outcomes: not only the mean of every stochastic rule is right, but its variance, and
//! neighbours and regions do not share it.
//!
//! A variance ratio is the mean of (outcome - expected)^2 over its variance if all draws are independent. Over
//! n independent outcomes its standard error is about sqrt(2/n); each ratio here rests on 800 outcomes or
//! more, so that a right rule leaves 0.8 to 1.25 once in 10,000 seeds, and seeds are fixed. Power: pairs that
//! share their random numbers make a ratio of 2; the fault that this test was written after made one of 3 to 49.

use crate::common;
use bevy_ecs::prelude::*;
use handover::economy::Economy;
use handover::economy::adoption::Purchase;
use handover::economy::calendar::{Phase, alone};
use handover::economy::consent::Stance;
use handover::economy::demand::DemandParameters;
use handover::economy::learning::LearningParameters;
use handover::economy::policy::Clock;
use handover::economy::policy::{Agenda, Law, RiskParameters};
use handover::economy::world::jobs::Jobs;
use handover::economy::world::lists::Class;
use handover::economy::world::markets::Markets;
use handover::economy::world::people::PeopleParameters;
use handover::economy::world::people::{
    Cohort, DISMISSED, Employer, INSURED, Marks, REFUSES, SKILL_ONE, Since, Skill, Status, Work,
};
use handover::economy::world::programme::Filming;
use handover::economy::world::robots::RobotParameters;
use handover::economy::world::sites::{Fleet, Robots, Site, Staff};
use handover::ground::maths;
use handover::scenario::Scenario;
use std::collections::BTreeMap;

/// Standardised outcomes: (outcome - expected) / standard deviation.
#[derive(Default)]
struct Outcomes {
    by_rule: BTreeMap<&'static str, Vec<f64>>,
}

impl Outcomes {
    /// Counts of successes, each of `n` trials with probability `p`, taken together.
    fn together(&mut self, rule: &'static str, counts: impl Iterator<Item = (f64, f64, f64)>) {
        let add = |sum: (f64, f64), (count, n, p): (f64, f64, f64)| (sum.0 + count - n * p, sum.1 + n * p * (1.0 - p));
        let (away, variance) = counts.fold((0.0, 0.0), add);
        if variance >= 3.0 {
            self.by_rule.entry(rule).or_default().push(away / libm::sqrt(variance));
        }
    }

    /// A count of successes of `n` trials with probability `p` each.
    fn binomial(&mut self, rule: &'static str, count: f64, n: f64, p: f64) {
        // with fewer expected either way, a count says little and is far from normal
        if n * p >= 3.0 && n * (1.0 - p) >= 3.0 {
            self.by_rule.entry(rule).or_default().push((count - n * p) / libm::sqrt(n * p * (1.0 - p)));
        }
    }

    fn normal(&mut self, rule: &'static str, away: f64) {
        self.by_rule.entry(rule).or_default().push(away);
    }

    /// Prints what was found, and asserts it.
    fn hold(&self, rules: &[&str]) {
        println!("{:<40} {:>8} {:>8} {:>14} {:>10}", "rule", "outcomes", "mean", "variance ratio", "neighbours");
        let told = |all: &[f64]| {
            let n = all.len() as f64;
            let neighbours = all.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / n;
            (n, all.iter().sum::<f64>() / n, all.iter().map(|x| x * x).sum::<f64>() / n, neighbours)
        };
        for (rule, all) in &self.by_rule {
            let (n, mean, ratio, neighbours) = told(all);
            println!("{rule:<40} {n:>8} {mean:>8.3} {ratio:>14.3} {neighbours:>10.3}");
        }
        for rule in rules {
            let (n, mean, ratio, neighbours) = told(&self.by_rule[rule]);
            assert!(n >= 800.0, "{rule}: {n} outcomes");
            assert!(mean.abs() < 5.0 / libm::sqrt(n), "{rule}: a mean of {mean} standard deviations");
            assert!((0.8..1.25).contains(&ratio), "{rule}: a variance ratio of {ratio}");
            assert!(neighbours.abs() < 5.0 / libm::sqrt(n), "{rule}: neighbours correlate by {neighbours}");
        }
    }
}

const REFUSES_WITH: f64 = 0.3;
const DISMISSED_WITH: f64 = 0.2;
const COVERED: f64 = 0.4;
const ASKED_OF: f64 = 0.5;

/// A world that stands still, in which every refusal has the same probability whoever is asked.
fn plain(seed: u64) -> Scenario {
    let body = format!(
        "[law]\nprogramme_coverage = \"{} %\"\ninsurance_cover = \"{} %\"\n",
        ASKED_OF * 100.0,
        COVERED * 100.0
    );
    let seed = format!("run.seed={seed}");
    // logistic(base) = 0.3; a hazard of 9 a week is a review each week; a hazard of 0.2231 is one in five
    let base = format!("consent.base={}", maths::ln(REFUSES_WITH / (1.0 - REFUSES_WITH)));
    let dismissal = format!("risk.dismissal.none={} %/week", -100.0 * maths::ln(1.0 - DISMISSED_WITH));
    let mut settings: Vec<&str> = SETTINGS.to_vec();
    settings.extend([seed.as_str(), base.as_str(), dismissal.as_str()]);
    common::variant(&body, &settings)
}

const SETTINGS: [&str; 13] = [
    "run.persons_per_agent=20000 persons",
    "run.least_agents=0",
    "run.robots_per_agent=500",
    "run.spin_up=4 weeks",
    "run.years=0.5",
    "run.technology=\"frozen\"",
    "consent.skill=0",
    "consent.fear=0",
    "consent.peers=0",
    "consent.pay=0",
    "consent.retaliation=0",
    "consent.review=900 %/week",
    "capture.filming_at_start=0.8",
];

/// What the founding drew.
fn watch_founding(world: &mut World, outcomes: &mut Outcomes) {
    let sigma = world.resource::<PeopleParameters>().skill_sigma.0;
    let mut cohorts = world.query::<(&Cohort, &Status, &Marks, &Skill)>();
    let mut insured: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (cohort, status, marks, skill) in cohorts.iter(world) {
        for &skill in &skill.0 {
            let log = maths::ln(f64::from(skill) / SKILL_ONE as f64);
            outcomes.normal("skill", (log + sigma * sigma / 2.0) / sigma);
        }
        let sum = insured.entry(cohort.market).or_default();
        for (_, mark) in status.0.iter().zip(&marks.0).filter(|(work, _)| **work == Work::Unemployed as u8) {
            *sum = (sum.0 + 1.0, sum.1 + f64::from(u8::from(mark & INSURED != 0)));
        }
    }
    for (people, covered) in insured.into_values() {
        outcomes.binomial("insurance cover at the founding", covered, people, COVERED);
    }
    let spread = libm::sqrt(12.0);
    let mut sites = world.query::<(&Site, &Staff)>();
    for crew in sites.iter(world).flat_map(|(_, staff)| &staff.0) {
        outcomes.normal("rounding of a crew", (crew.rounding - 0.5) * spread);
    }
    let mut fleets = world.query::<&Purchase>();
    for purchase in fleets.iter(world) {
        outcomes.normal("rounding of a fleet", (purchase.rounding - 0.5) * spread);
    }
}

/// Who was asked of those at work, who refuses of those asked, who is dismissed of those who refuse.
fn watch_consent(world: &mut World, is_first: bool, outcomes: &mut Outcomes) {
    let mut sites = world.query::<(&Site, &Staff, &Filming, &Stance)>();
    for (_, staff, filming, stance) in sites.iter(world) {
        let (asked, refusing) = (stance.asked as f64, stance.refusing as f64);
        if is_first && filming.films {
            let at_work: i64 = staff.0.iter().map(|crew| crew.heads).sum();
            outcomes.binomial("coverage of a programme", asked, at_work as f64, ASKED_OF);
        }
        outcomes.binomial("refusals", refusing, asked, REFUSES_WITH);
    }
    let weeks = world.resource::<Clock>().weeks;
    let risk = world.resource::<RiskParameters>();
    let hazard = |law: &Law| maths::hazard(risk.dismissal[law.data_rights].0, weeks);
    let dismissed_with: Vec<f64> = world.resource::<Agenda>().first_law.iter().map(hazard).collect();
    let mut cohorts = world.query::<(&Cohort, &Status, &Marks)>();
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (cohort, status, marks) in cohorts.iter(world) {
        for (_, mark) in status.0.iter().zip(&marks.0).filter(|(work, _)| **work == Work::Employed as u8) {
            let sum = sums.entry(cohort.region).or_default();
            let is = |bit: u8| f64::from(u8::from(mark & bit != 0));
            *sum = (sum.0 + is(REFUSES), sum.1 + is(REFUSES) * is(DISMISSED));
        }
    }
    let counts = sums.into_iter().map(|(region, (refusing, dismissed))| (dismissed, refusing, dismissed_with[region]));
    outcomes.together("dismissals", counts);
}

/// What arrived at sites, and how many attempts failed.
fn watch_jobs(world: &mut World, outcomes: &mut Outcomes) {
    let (cv, weeks) = (world.resource::<DemandParameters>().noise.0, world.resource::<Clock>().weeks);
    let fails = 1.0 - world.resource::<LearningParameters>().field_success.0;
    let mut sites = world.query::<(&Site, &Jobs)>();
    for job in sites.iter(world).flat_map(|(_, jobs)| &jobs.0) {
        let spread = (job.inflow.expected * cv / libm::sqrt(weeks)).max(libm::sqrt(job.inflow.expected));
        if job.inflow.expected > 30.0 {
            outcomes.normal("arrivals", (job.inflow.arrivals as f64 - job.inflow.expected) / spread);
        }
        let failures = job.work.attempts as f64 * fails;
        let odd = failures - failures.floor();
        if (0.1..0.9).contains(&odd) {
            let failed = (job.work.attempts - job.work.by_robots) as f64;
            outcomes.normal("rounding of failures", (failed - failures) / libm::sqrt(odd * (1.0 - odd)));
        }
    }
}

/// Robots that are up, of those delivered long enough ago to have forgotten that they came in order.
fn watch_robots(world: &mut World, outcomes: &mut Outcomes) {
    let (up, tick) = (world.resource::<RobotParameters>().uptime.0, world.resource::<Clock>().tick);
    let mut fleets = world.query::<(&Fleet, &Robots)>();
    let mut sums: BTreeMap<(usize, Class), (f64, f64)> = BTreeMap::new();
    for (fleet, robots) in fleets.iter(world) {
        let sum = sums.entry((fleet.region, fleet.class)).or_default();
        for (_, &is_up) in robots.born.iter().zip(&robots.is_up).filter(|(born, _)| i32::from(**born) < tick - 20) {
            *sum = (sum.0 + 1.0, sum.1 + f64::from(is_up));
        }
    }
    for (robots, working) in sums.into_values() {
        outcomes.binomial("robots that are up in a region", working, robots, up);
    }
}

/// Who was at work before the labour market, by cohort and row, and whether dismissed.
fn at_work(world: &mut World) -> Vec<Vec<bool>> {
    let mut cohorts = world.query::<(&Status, &Marks)>();
    let is_at_work = |(work, mark): (&u8, &u8)| *work == Work::Employed as u8 && mark & DISMISSED == 0;
    cohorts.iter(world).map(|(status, marks)| status.0.iter().zip(&marks.0).map(is_at_work).collect()).collect()
}

/// Who left work, by the hazards of the market and of notice at the own site; who of those out of work is
/// insured.
fn watch_labour(world: &mut World, before: &[Vec<bool>], outcomes: &mut Outcomes) {
    let tick = world.resource::<Clock>().tick;
    let leave: Vec<f64> = world.resource::<Markets>().0.iter().map(|m| m.steady.separation + m.steady.quit).collect();
    let mut sites = world.query::<(&Site, &Staff)>();
    let mut notices: Vec<(usize, Vec<f64>)> =
        sites.iter(world).map(|(site, staff)| (site.index, staff.0.iter().map(|crew| crew.notice).collect())).collect();
    notices.sort_by_key(|(index, _)| *index);
    let mut cohorts = world.query::<(&Cohort, &Status, &Marks, &Since, &Employer)>();
    // by market: expected to leave, variance; left; of those, unemployed; of those, insured
    let mut sums: BTreeMap<usize, [f64; 5]> = BTreeMap::new();
    for ((cohort, status, marks, since, employer), before) in cohorts.iter(world).zip(before) {
        let slot = cohort.occupation.slot();
        let own = &notices[cohort.sites.0..cohort.sites.0 + cohort.sites.1];
        let sum = sums.entry(cohort.market).or_default();
        for row in (0..before.len()).filter(|&row| before[row]) {
            let is_out = i32::from(since.0[row]) == tick && status.0[row] != Work::Employed as u8;
            let is_unemployed = is_out && status.0[row] == Work::Unemployed as u8;
            let is_insured = is_unemployed && marks.0[row] & INSURED != 0;
            let [is_out, is_unemployed, is_insured] =
                [is_out, is_unemployed, is_insured].map(|yes| f64::from(u8::from(yes)));
            let p = leave[cohort.market] + own[usize::from(employer.0[row])].1[slot];
            let add = [p, p * (1.0 - p), is_out, is_unemployed, is_insured];
            sum.iter_mut().zip(add).for_each(|(sum, add)| *sum += add);
        }
    }
    let covered = sums.values().map(|&[.., unemployed, insured]| (insured, unemployed, COVERED));
    outcomes.together("insurance cover", covered);
    for [expected, variance, left, ..] in sums.into_values().filter(|sum| sum[1] >= 3.0) {
        outcomes.normal("separations, quits and notices", (left - expected) / libm::sqrt(variance));
    }
}

#[test]
fn outcomes_of_every_rule_vary_as_if_everybody_had_luck_of_their_own() {
    let mut outcomes = Outcomes::default();
    for seed in 0..40 {
        let scenario = plain(seed);
        let mut economy = Economy::found(&scenario.parameters, |_, _| ());
        watch_founding(&mut economy.world, &mut outcomes);
        let mut phases: Vec<Schedule> = Phase::ALL.iter().map(|&phase| alone(phase)).collect();
        let mut is_first = true;
        while !economy.is_over() {
            let mut before = Vec::new();
            for (phase, schedule) in Phase::ALL.iter().zip(&mut phases) {
                if *phase == Phase::Matching {
                    before = at_work(&mut economy.world);
                }
                schedule.run(&mut economy.world);
                match phase {
                    Phase::Consent => watch_consent(&mut economy.world, is_first, &mut outcomes),
                    Phase::Dispatch => watch_jobs(&mut economy.world, &mut outcomes),
                    Phase::Adoption => watch_robots(&mut economy.world, &mut outcomes),
                    Phase::Matching => watch_labour(&mut economy.world, &before, &mut outcomes),
                    _ => {}
                }
            }
            is_first = false;
            economy.turn_the_page().expect("identities hold");
        }
    }
    outcomes.hold(&[
        "skill",
        "insurance cover at the founding",
        "rounding of a crew",
        "rounding of a fleet",
        "coverage of a programme",
        "refusals",
        "dismissals",
        "arrivals",
        "rounding of failures",
        "robots that are up in a region",
        "separations, quits and notices",
        "insurance cover",
    ]);
}
