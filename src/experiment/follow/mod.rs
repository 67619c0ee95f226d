//! One life, told by running the scenario again: nobody's history is stored, anybody's can be told.
//!
//! A worker has the same random numbers in every scenario with the same seed, so the same name in two scenarios
//! is the same person in two worlds.

pub mod biography;
pub mod sentences;

use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::Markets;
use crate::economy::{Economy, Parameters};
use crate::experiment::run::{Progress, Stopped};
use crate::ground::list::Listed;
use crate::observe::fate::{self, Fate};
use crate::observe::indicators::{Wanted as Records, want};
use crate::observe::install;
use crate::observe::life::{self, Diaries, Moment, Year};
use crate::observe::rows::{NoWorker, WorkerId, occupation_of, region_index};
use crate::scenario::Scenario;

/// A life, as it went in one scenario.
#[derive(Clone, Debug)]
pub struct Life {
    /// Name of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Name of the worker: "IND/assembler/10427".
    pub worker: String,
    /// What the worker has learnt to do.
    pub occupation: Occupation,
    /// Name of the region.
    pub region: String,
    /// Skill of the worker of the start, in standard deviations from the mean of the occupation.
    pub skill: f64,
    /// What happened, in order.
    pub moments: Vec<Moment>,
    /// Calendar years, in money of one person; of whoever enters at the place when the worker has left, too.
    pub years: Vec<Year>,
}

impl Life {
    /// Income after tax of all who had the place, micro-dollars of one person.
    pub fn income(&self) -> i64 {
        self.years.iter().map(|year| year.slip.income()).sum()
    }

    /// The same, of each who had the place, in their order.
    pub fn incomes(&self) -> Vec<i64> {
        let people = self.years.iter().map(|year| year.person + 1).max().unwrap_or(1);
        let mut incomes = vec![0; people];
        self.years.iter().for_each(|year| incomes[year.person] += year.slip.income());
        incomes
    }
}

/// Why there is no life to tell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowed {
    /// Nobody has that name, or nobody met that fate: what there is instead.
    #[error(transparent)]
    NoSuchWorker(#[from] NoWorker),
    /// The run did not get to its end.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Whom to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Somebody by name.
    Named(WorkerId),
    /// The first by ordinal of a region and occupation with this fate.
    Somebody(usize, Occupation, Fate),
}

impl Wanted {
    /// Reads a name ("IND/assembler/10427") or a wish ("a courier in USA who is displaced").
    ///
    /// # Errors
    /// What was expected and what could be meant.
    pub fn parse(text: &str, parameters: &Parameters) -> Result<Wanted, NoWorker> {
        let text = text.trim();
        let Some((someone, rest)) = text.split_once(" in ") else {
            return WorkerId::parse(text, parameters).map(Wanted::Named);
        };
        let occupation = someone.strip_prefix("an ").or(someone.strip_prefix("a ")).unwrap_or(someone);
        let (region, fate) = rest.split_once(" who is ").unwrap_or((rest, "there"));
        let occupation = occupation_of(occupation.trim())?;
        let region = region_index(region.trim(), parameters)?;
        let known = Fate::ALL.iter().find(|known| known.name() == fate.trim());
        let Some(&fate) = known else {
            let words: Vec<&str> = Fate::ALL.iter().map(|fate| fate.name()).collect();
            return Err(NoWorker(format!(
                "nobody can be looked for who is {fate:?}; write one of: {}",
                words.join(", ")
            )));
        };
        Ok(Wanted::Somebody(region, occupation, fate))
    }
}

/// Tells the life of one worker by running the scenario; a wish runs it twice, first to find somebody.
///
/// # Errors
/// No such worker, a breach of an identity, or the wish of `watch` to stop.
pub fn follow(
    scenario: &Scenario,
    wanted: Wanted,
    mut watch: impl FnMut(Progress) -> bool,
) -> Result<Life, NotFollowed> {
    let parameters = &scenario.parameters;
    let who = match wanted {
        Wanted::Named(who) => who,
        Wanted::Somebody(region, occupation, fate) => {
            let mut economy = Economy::found(parameters, install);
            want(&mut economy.world, Records::metrics([]));
            live(&mut economy, &mut watch)?;
            fate::find(&mut economy.world, region, occupation, fate).ok_or_else(|| {
                let place = format!("{} in {}", occupation.name(), parameters.regions[region]);
                NoWorker(format!("no {place} met that fate in the scenario {}", scenario.about.name))
            })?
        }
    };
    let mut economy = begin_unrecorded(scenario, &[who])?;
    live(&mut economy, &mut watch)?;
    Ok(so_far(scenario, who, &economy).expect("the diary was put there above"))
}

/// Founds an economy in which the diaries of these workers are kept.
///
/// # Errors
/// One of them is not there: the numbers that are there.
pub fn begin(scenario: &Scenario, people: &[WorkerId]) -> Result<Economy, NoWorker> {
    let parameters = &scenario.parameters;
    let economy = Economy::found(parameters, |world, schedule| {
        install(world, schedule);
        life::install(world, schedule, people);
    });
    people.iter().try_for_each(|who| who.check(economy.world.resource::<Markets>(), parameters))?;
    Ok(economy)
}

/// As [`begin`]; nothing but the diaries is recorded.
///
/// # Errors
/// As there.
pub fn begin_unrecorded(scenario: &Scenario, people: &[WorkerId]) -> Result<Economy, NoWorker> {
    let mut economy = begin(scenario, people)?;
    want(&mut economy.world, Records::metrics([]));
    Ok(economy)
}

/// Goes on with the diaries of a world in another, whose people are the same so far.
pub fn go_on_in(from: &Economy, other: &mut Economy) {
    let diaries = from.world.resource::<Diaries>().clone();
    other.watch(|world, schedule| life::go_on(world, schedule, diaries));
}

/// The life of a worker until now; nothing if the economy does not keep the diary.
pub fn so_far(scenario: &Scenario, who: WorkerId, economy: &Economy) -> Option<Life> {
    let diaries = &economy.world.get_resource::<Diaries>()?.0;
    let diary = diaries.iter().find(|diary| diary.who == who)?.clone();
    Some(Life {
        scenario: scenario.about.name.clone(),
        title: scenario.about.title.clone(),
        worker: who.name(&scenario.parameters.regions),
        occupation: who.occupation,
        region: scenario.parameters.regions[who.region].clone(),
        skill: diary.first_skill.unwrap_or(diary.skill),
        moments: diary.moments,
        years: diary.years,
    })
}

/// The same worker in two worlds; a wish is granted in the first.
///
/// # Errors
/// As [`follow`]; or the second scenario has no such worker.
pub fn follow_both(
    one: &Scenario,
    other: &Scenario,
    wanted: Wanted,
    mut watch: impl FnMut(Progress) -> bool,
) -> Result<(Life, Life), NotFollowed> {
    let first = follow(one, wanted, &mut watch)?;
    // regions may be numbered otherwise there: the name is what stays
    let same = WorkerId::parse(&first.worker, &other.parameters)?;
    let second = follow(other, Wanted::Named(same), watch)?;
    Ok((first, second))
}

/// Simulates an economy to its end; `watch` is asked after every tick.
///
/// # Errors
/// A breach of an identity, or the wish of `watch` to stop.
pub fn live(economy: &mut Economy, mut watch: impl FnMut(Progress) -> bool) -> Result<(), Stopped> {
    let all = economy.ticks();
    let mut done = economy.lived();
    while !economy.is_over() {
        economy.step()?;
        done += 1;
        let date = economy.date();
        if !watch(Progress { done, all, date, is_spin_up: economy.tick() < 0 }) {
            return Err(Stopped::Asked(date));
        }
    }
    Ok(())
}
