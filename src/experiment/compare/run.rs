//! A comparison as a whole: base and reforms, in every state of the world, over all replicates.

use super::effects::Effects;
use super::live_together;
use super::regret::Regret;
use super::telling::tell;
use crate::economy::policy::Clock;
use crate::experiment::ensemble::{Attendance, each, replicate_of};
use crate::experiment::follow::Life;
use crate::experiment::run::Stopped;
use crate::experiment::watcher::Watcher;
use crate::ground::statistics::Moments;
use crate::observe::rows::WorkerId;
use crate::scenario::Scenario;
use std::ops::ControlFlow;

/// One reform, and what it did.
#[derive(Debug)]
pub struct Reform {
    /// Its scenario.
    pub scenario: Scenario,
    /// Differences to the base.
    pub effects: Effects,
    /// One person's life in the base and in the reform.
    pub lives: Option<(Life, Life)>,
}

/// What came of a comparison.
#[derive(Debug)]
pub struct Compared {
    /// The base.
    pub base: Scenario,
    /// The reforms.
    pub reforms: Vec<Reform>,
    /// Replicates that were simulated.
    pub attendance: Attendance,
    /// Other states of the world in which all were simulated: what each sets.
    pub states: Vec<String>,
    /// Regret of each policy in each state of the world, one table an aim.
    pub regrets: Vec<Regret>,
}

/// What is aimed at in tables of regret: headline, and whether less is better.
pub const AIMS: [(&str, bool); 4] =
    [("income_all", false), ("income_filmed", false), ("income_displaced", false), ("public_cost", true)];

/// Another state of the world: what it sets, and all scenarios in it.
#[derive(Clone, Debug)]
pub struct State {
    /// What it sets, as `key=value`.
    pub setting: String,
    /// The base in it.
    pub base: Scenario,
    /// The reforms in it.
    pub reforms: Vec<Scenario>,
}

/// Simulates so many replicates of base and reforms in every state of the world, and tells one life in both.
///
/// # Errors
/// The wish to stop.
pub fn compare(
    base: Scenario,
    reforms: Vec<Scenario>,
    states: Vec<State>,
    replicates: u32,
    watch: &dyn Watcher,
) -> Result<Compared, Stopped> {
    let ticks = Clock::of(&base.parameters.run).ticks() as u64;
    let worlds = (reforms.len() + 1) as u64;
    watch.expect(ticks * worlds * u64::from(replicates) * (states.len() as u64 + 1));
    let (mut attendance, effects, typical) = state(&base, &reforms, replicates, watch)?;
    let mut regrets = first_regrets(&base, &reforms);
    add_state(&mut regrets, "as in the scenario", &effects);
    for other in &states {
        let (there, effects, _) = state(&other.base, &other.reforms, replicates, watch)?;
        add_state(&mut regrets, &other.setting, &effects);
        attendance.failures.extend(there.failures);
    }
    watch.say("telling lives".to_owned());
    let lives = tell(&base, &reforms, &typical, watch);
    let done = reforms.into_iter().zip(effects).zip(lives);
    let done = done.map(|((scenario, effects), lives)| Reform { scenario, effects, lives }).collect();
    let states = states.into_iter().map(|state| state.setting).collect();
    Ok(Compared { base, reforms: done, attendance, states, regrets })
}

/// Who was there, the effects of each reform, and whose lives to tell.
type Replicates = (Attendance, Vec<Effects>, Vec<Option<WorkerId>>);

/// All replicates of one state of the world.
fn state(base: &Scenario, reforms: &[Scenario], replicates: u32, watch: &dyn Watcher) -> Result<Replicates, Stopped> {
    let mut effects: Vec<Effects> = reforms.iter().map(|_| Effects::default()).collect();
    let mut typical = vec![None; reforms.len()];
    let first = base.parameters.run.replicate;
    let attendance = each(
        first,
        replicates,
        |number| {
            let reforms: Vec<Scenario> = reforms.iter().map(|reform| replicate_of(reform, number)).collect();
            live_together(&replicate_of(base, number), &reforms, || watch.tick())
        },
        |number, worlds| {
            watch.say(format!("replicate {number} done"));
            for ((effects, reformed), who) in effects.iter_mut().zip(&worlds.reforms).zip(&mut typical) {
                effects.add(&worlds.base, reformed);
                if number == first {
                    *who = reformed.typical;
                }
            }
            ControlFlow::Continue(())
        },
    )?;
    Ok((attendance, effects, typical))
}

fn first_regrets(base: &Scenario, reforms: &[Scenario]) -> Vec<Regret> {
    let policies: Vec<String> =
        std::iter::once(base).chain(reforms).map(|scenario| scenario.about.name.clone()).collect();
    let empty = |(aim, is_cost): (&'static str, bool)| Regret {
        aim: aim.to_owned(),
        values: vec![Vec::new(); policies.len()],
        policies: policies.clone(),
        states: Vec::new(),
        is_cost,
    };
    AIMS.into_iter().map(empty).collect()
}

fn add_state(regrets: &mut [Regret], name: &str, effects: &[Effects]) {
    for regret in regrets {
        regret.states.push(name.to_owned());
        let pair = |effects: &Effects| effects.headline(&regret.aim).copied().unwrap_or_default();
        let mean = |moments: Moments| {
            if moments.count > 0 { moments.mean } else { f64::NAN }
        };
        let base = effects.first().map_or(f64::NAN, |effects| mean(pair(effects).base));
        // groups by fate hold other people in each pair of worlds, so policies are compared by their differences
        let reforms = effects.iter().map(|effects| base + mean(pair(effects).difference));
        let values: Vec<f64> = std::iter::once(base).chain(reforms).collect();
        regret.values.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
    }
}
