//! Lifetime income of the same people in two worlds.
//!
//! Income is what came into the wallet after tax, from tick 0 to the end: wages, insurance, stipends,
//! capture pay, royalties, transfers; not discounted. A worker wins or loses where the two lives differ
//! by more than 1 % of that of the base. Groups are made of what is the same in both worlds (region,
//! occupation, skill, income before the start), or of what became of a worker in either of the two.
//! Not in the base alone: the worlds diverge, so those picked for their misfortune in one world do better in any
//! other, with or without a reform (regression to the mean). A group that treats both worlds alike
//! has no such gain.

use crate::economy::calendar::Phase;
use crate::economy::policy::Clock;
use crate::economy::shared::weights::Weights;
use crate::economy::world::lists::Occupation;
use crate::economy::world::people::{Cohort, FILMED, Marks, Received, Scarred, Skill, Wallet};
use crate::economy::{Economy, Parameters};
use crate::ground::list::Listed;
use crate::ground::money::MICRO;
use crate::observe::rows::WorkerId;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use std::collections::BTreeMap;

/// One cohort's people: what they are, and what they have received.
#[derive(Clone, Debug, Default)]
struct Block {
    region: usize,
    occupation: usize,
    /// Lots of people that each stands for.
    lots: i64,
    /// Ordinal of the first row among the workers of the market.
    first: u32,
    skill: Vec<u16>,
    /// Wallet at the founding and income of the spin-up, micro-dollars.
    before: Vec<i64>,
    /// Income since tick 0, micro-dollars; empty until the end.
    income: Vec<i64>,
    /// Ever filmed; ever displaced since tick 0; both at the end.
    fate: Vec<(bool, bool)>,
}

/// What everybody has received.
#[derive(Resource, Clone, Debug, Default)]
pub struct Lives {
    blocks: Vec<Block>,
}

/// Adds the observer of incomes to a calendar, and its columns to a world.
pub fn watch_lives(world: &mut World, schedule: &mut Schedule) {
    let weights = world.resource::<Weights>().clone();
    let mut cohorts = world.query::<(&Cohort, &Skill, &Wallet)>();
    let block = |(cohort, skill, wallet): (&Cohort, &Skill, &Wallet)| Block {
        region: cohort.region,
        occupation: cohort.occupation.index(),
        lots: weights.lots_of(cohort.region, cohort.occupation),
        first: cohort.first,
        skill: skill.0.clone(),
        before: wallet.0.clone(),
        income: Vec::new(),
        fate: Vec::new(),
    };
    let blocks: Vec<Block> = cohorts.iter(world).map(block).collect();
    let nothing = blocks.iter().map(|block| Received(vec![0; block.skill.len()])).collect();
    attach(world, schedule, Lives { blocks }, nothing);
}

/// Gives a world lives that began elsewhere, with what its people have received.
fn attach(world: &mut World, schedule: &mut Schedule, lives: Lives, received: Vec<Received>) {
    let cohorts: Vec<Entity> = world.query_filtered::<Entity, With<Cohort>>().iter(world).collect();
    for (cohort, received) in cohorts.into_iter().zip(received) {
        world.entity_mut(cohort).insert(received);
    }
    world.insert_resource(lives);
    schedule.add_systems(end_the_spin_up.in_set(Phase::Observation));
}

/// What was received in the spin-up is set apart at its end.
fn end_the_spin_up(clock: Res<Clock>, mut lives: ResMut<Lives>, mut received: Query<&mut Received>) {
    if clock.tick != -1 {
        return;
    }
    for (block, mut received) in lives.blocks.iter_mut().zip(&mut received) {
        for (before, received) in block.before.iter_mut().zip(&mut received.0) {
            *before += std::mem::take(received);
        }
    }
}

impl Lives {
    /// Takes the lives out of a world at its end.
    pub fn take(economy: &mut Economy) -> Lives {
        let world = &mut economy.world;
        let mut lives = world.remove_resource::<Lives>().expect("worlds that are compared are founded with it");
        let mut ends = world.query::<(&Marks, &Scarred, &mut Received)>();
        for ((marks, scarred, mut received), block) in ends.iter_mut(world).zip(&mut lives.blocks) {
            let fate = |(&mark, &scarred): (&u8, &i16)| (mark & FILMED != 0, scarred >= 0);
            block.fate = marks.0.iter().zip(&scarred.0).map(fate).collect();
            block.income = std::mem::take(&mut received.0);
        }
        lives
    }

    /// Goes on in another world, whose people are these so far.
    pub fn go_on_in(from: &mut Economy, other: &mut Economy) {
        let lives = from.world.resource::<Lives>().clone();
        let mut columns = from.world.query::<&Received>();
        let received = columns.iter(&from.world).cloned().collect();
        other.watch(|world, schedule| attach(world, schedule, lives, received));
    }

    /// Income of all people of a market since tick 0, micro-dollars of one person for each agent.
    pub fn income_of(&self, region: usize, occupation: Occupation) -> i128 {
        let mine = self.blocks.iter().filter(|b| b.region == region && b.occupation == occupation.index());
        mine.flat_map(|block| &block.income).map(|&income| i128::from(income)).sum()
    }
}

/// The person whose lives are worth telling, of the regions that the reform names: of those filmed in either world (if
/// there are none, of the displaced, else of everybody) the one with the median change of lifetime income.
pub fn typical(base: &Lives, reform: &Lives, is_named: impl Fn(usize) -> bool) -> Option<WorkerId> {
    let rows = |keep: &dyn Fn((bool, bool)) -> bool| -> Vec<(i64, usize, usize)> {
        let pairs = base.blocks.iter().zip(&reform.blocks).enumerate().filter(|(_, (one, _))| is_named(one.region));
        let gains = pairs.flat_map(|(n, (one, other))| {
            let gain = move |row: usize| (other.income[row] - one.income[row], n, row);
            let either = move |row: usize| (one.fate[row].0 || other.fate[row].0, one.fate[row].1 || other.fate[row].1);
            (0..one.income.len()).filter(|&row| keep(either(row))).map(gain).collect::<Vec<_>>()
        });
        gains.collect()
    };
    let filmed = rows(&|fate| fate.0);
    let displaced = || rows(&|fate| fate.1);
    let mut found = if filmed.is_empty() { displaced() } else { filmed };
    if found.is_empty() {
        found = rows(&|_| true);
    }
    found.sort_unstable();
    let lots = |&(_, n, _): &(i64, usize, usize)| base.blocks[n].lots;
    let (all, mut so_far) = (found.iter().map(lots).sum::<i64>(), 0);
    let is_median = |one: &&(i64, usize, usize)| {
        so_far += lots(one);
        2 * so_far > all
    };
    let &(_, n, row) = found.iter().find(is_median)?;
    let block = &base.blocks[n];
    let occupation = Occupation::ALL[block.occupation];
    Some(WorkerId { region: block.region, occupation, ordinal: block.first + row as u32 })
}

/// By what people are grouped, and the word of a group.
pub type Group = (&'static str, String);

/// Sums over the people of a group, in lots of people and micro-dollars of one person for each lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Lots of people.
    pub lots: i64,
    /// Income in the base.
    pub base: i128,
    /// Income in the reform.
    pub reform: i128,
    /// Those of them who gain more than 1 % of their income in the base.
    pub winners: i64,
    /// Those who lose more than that.
    pub losers: i64,
    /// Displaced in the base only: the reform kept the job.
    pub saved: i64,
    /// Displaced in the reform only: the reform cost the job.
    pub lost: i64,
    /// Displaced in both.
    pub displaced_in_both: i64,
}

impl Sums {
    /// Mean lifetime income in the base and in the reform, dollars.
    pub fn means(&self) -> Option<(f64, f64)> {
        let mean = |sum: i128| sum as f64 / MICRO / self.lots as f64;
        (self.lots > 0).then(|| (mean(self.base), mean(self.reform)))
    }

    /// Adds so many lots of people who had the same lives: income, and displaced or not, in base and reform.
    fn add(&mut self, lots: i64, [base, reform]: [i64; 2], [before, after]: [bool; 2]) {
        self.lots += lots;
        self.base += i128::from(base) * i128::from(lots);
        self.reform += i128::from(reform) * i128::from(lots);
        let gain = reform - base;
        let count = |is_one: bool| lots * i64::from(is_one);
        self.winners += count(gain > base / 100);
        self.losers += count(-gain > base / 100);
        self.saved += count(before && !after);
        self.lost += count(after && !before);
        self.displaced_in_both += count(before && after);
    }
}

/// Lives in both worlds, by group.
pub type LifeTable = BTreeMap<Group, Sums>;

const TENTHS: usize = 10;
const QUARTERS: usize = 4;

/// Adds up the lives of everybody, group by group.
pub fn life_table(parameters: &Parameters, base: &Lives, reform: &Lives) -> LifeTable {
    let regions = &parameters.regions;
    let deciles = ranks(base, regions.len(), TENTHS, |block, row| block.before[row]);
    let quartiles = ranks(base, regions.len(), QUARTERS, |block, row| i64::from(block.skill[row]));
    let mut table: BTreeMap<(&'static str, usize), Sums> = BTreeMap::new();
    for (n, (one, other)) in base.blocks.iter().zip(&reform.blocks).enumerate() {
        for row in 0..one.income.len() {
            let (before, after) = (one.fate[row], other.fate[row]);
            let (filmed, displaced) = (before.0 || after.0, before.1 || after.1);
            let fate = usize::from(filmed) + 2 * usize::from(displaced);
            let mut keys = [
                Some(("all", 0)),
                Some(("region", one.region)),
                Some(("occupation", one.occupation)),
                Some(("decile", usize::from(deciles[n][row]))),
                Some(("skill quartile", usize::from(quartiles[n][row]))),
                Some(("fate", fate)),
                None,
                None,
            ];
            if filmed {
                keys[6] = Some(("filmed in", one.region));
            }
            if displaced {
                keys[7] = Some(("displaced in", one.region));
            }
            for key in keys.into_iter().flatten() {
                let sums = table.entry(key).or_default();
                sums.add(one.lots, [one.income[row], other.income[row]], [before.1, after.1]);
            }
        }
    }
    let word = |(dimension, n): (&'static str, usize)| -> Group {
        let label = match dimension {
            "region" | "filmed in" | "displaced in" => regions[n].clone(),
            "occupation" => Occupation::ALL[n].name().to_owned(),
            "decile" => format!("{:02}", n + 1),
            "skill quartile" => (n + 1).to_string(),
            "fate" => FATES[n].to_owned(),
            _ => "all".to_owned(),
        };
        (dimension, label)
    };
    table.into_iter().map(|(key, sums)| (word(key), sums)).collect()
}

/// What became of a worker in either world: not filmed (0) or filmed (1), and displaced (2).
pub const FATES: [&str; 4] =
    ["neither filmed nor displaced", "filmed, not displaced", "displaced, never filmed", "filmed and displaced"];

/// The part in which each row lies, when the rows of a region are put in the order of a value and cut in
/// `parts` of as many people; equals stay in the order of their keys.
fn ranks(lives: &Lives, regions: usize, parts: usize, value: impl Fn(&Block, usize) -> i64) -> Vec<Vec<u8>> {
    let mut places: Vec<Vec<u8>> = lives.blocks.iter().map(|block| vec![0; block.skill.len()]).collect();
    for region in 0..regions {
        let blocks = lives.blocks.iter().enumerate().filter(|(_, block)| block.region == region);
        let mut rows: Vec<(i64, u32, u32)> = blocks
            .flat_map(|(n, block)| (0..block.skill.len()).map(move |row| (n, row)).collect::<Vec<_>>())
            .map(|(n, row)| (value(&lives.blocks[n], row), n as u32, row as u32))
            .collect();
        rows.sort_unstable();
        let lots = |&(_, n, _): &(i64, u32, u32)| lives.blocks[n as usize].lots;
        let (all, mut place) = (rows.iter().map(lots).sum::<i64>(), 0);
        for row in rows {
            places[row.1 as usize][row.2 as usize] = (place * parts as i64 / all) as u8;
            place += lots(&row);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(region: usize, before: &[i64], income: &[i64], fate: &[(bool, bool)]) -> Block {
        let skill = (0..before.len()).map(|n| 8_000 + n as u16).collect();
        Block {
            region,
            occupation: 0,
            lots: 1,
            first: 0,
            skill,
            before: before.into(),
            income: income.into(),
            fate: fate.into(),
        }
    }

    #[test]
    fn deciles_are_of_a_region_and_of_income_before_the_start() {
        // twenty rows of one region: two to a decile; another region has its own
        let before: Vec<i64> = (0..20).rev().collect();
        let lives = Lives { blocks: vec![block(0, &before, &[0; 20], &[]), block(1, &[5], &[0], &[])] };
        let places = ranks(&lives, 2, 10, |block, row| block.before[row]);
        assert_eq!((places[0][19], places[0][18], places[0][17], places[0][0]), (0, 0, 1, 9));
        assert_eq!(places[1], [0]);
    }

    #[test]
    fn deciles_count_people_and_not_agents() {
        // an agent of 19 people, and one person who had more: the 20th is in the last tenth, the agent in the first
        let mut many = block(0, &[5], &[0], &[]);
        many.lots = 19;
        let lives = Lives { blocks: vec![many, block(0, &[6], &[0], &[])] };
        assert_eq!(ranks(&lives, 1, 10, |block, row| block.before[row]), [[0], [9]]);
    }

    /// Whoever is called base: the groups are the same people, and every difference has the other sign. With
    /// groups picked in the base alone this fails, and chance alone would look like a gain of the displaced.
    #[test]
    fn groups_treat_both_worlds_alike() {
        let text = include_str!("../../../scenarios/baseline.toml");
        let reader = |_: &std::path::Path| Ok(text.to_owned());
        let scenario = crate::scenario::load(std::path::Path::new("baseline.toml"), &[], &reader).unwrap();
        let (yes, no) = ((true, true), (false, false));
        let one = Lives { blocks: vec![block(0, &[1, 2, 3, 4], &[50, 100, 100, 90], &[yes, no, no, (true, false)])] };
        let other = Lives { blocks: vec![block(0, &[1, 2, 3, 4], &[100, 50, 100, 95], &[no, yes, no, (true, false)])] };
        let there = life_table(&scenario.parameters, &one, &other);
        let back = life_table(&scenario.parameters, &other, &one);
        assert_eq!(there.keys().collect::<Vec<_>>(), back.keys().collect::<Vec<_>>());
        for (group, sums) in &there {
            assert_eq!((sums.base, sums.reform), (back[group].reform, back[group].base), "{group:?}");
            assert_eq!((sums.saved, sums.lost), (back[group].lost, back[group].saved), "{group:?}");
        }
        // two people swapped their fortunes and nobody gained
        let displaced = there[&("fate", FATES[3].to_owned())];
        assert_eq!((displaced.lots, displaced.base, displaced.reform), (2, 150, 150));
    }

    #[test]
    fn the_person_whose_lives_are_told_is_of_a_region_that_the_reform_names() {
        let filmed = [(true, false); 3];
        let base = Lives { blocks: vec![block(0, &[1; 3], &[10; 3], &filmed), block(1, &[1; 3], &[10; 3], &filmed)] };
        let other =
            Lives { blocks: vec![block(0, &[1; 3], &[10; 3], &filmed), block(1, &[1; 3], &[19, 12, 11], &filmed)] };
        // gains of the second region are 1, 2 and 9: the median is that of its second person
        let who = typical(&base, &other, |region| region == 1).unwrap();
        assert_eq!((who.region, who.ordinal), (1, 1));
        assert_eq!(typical(&base, &other, |region| region == 0).unwrap().region, 0);
        assert_eq!(typical(&base, &other, |_| false), None);
    }

    #[test]
    fn winners_gain_more_than_one_per_cent_and_a_life_flips_when_only_one_world_displaces_it() {
        let mut sums = Sums::default();
        // 1,000 -> 1,010 is one per cent and no more; 1,011 wins; 989 loses
        sums.add(1, [1_000, 1_010], [false, false]);
        sums.add(1, [1_000, 1_011], [true, false]);
        sums.add(1, [1_000, 989], [false, true]);
        sums.add(1, [1_000, 1_000], [true, true]);
        assert_eq!((sums.winners, sums.losers), (1, 1));
        assert_eq!((sums.saved, sums.lost, sums.displaced_in_both), (1, 1, 1));
        assert_eq!((sums.base, sums.reform), (4_000, 4_010));
    }
}
