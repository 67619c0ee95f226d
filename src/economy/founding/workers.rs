//! Who works, looks for work or left, since when, and with what in the wallet.

use super::NoMemory;
use super::plants::SitePlan;
use crate::economy::Parameters;
use crate::economy::policy::Clock;
use crate::economy::settlement::terms::consumed_at_once;
use crate::economy::shared::blocks;
use crate::economy::shared::streams::Stream;
use crate::economy::world::flows::{Ledger, Sector};
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::{Market, MarketId};
use crate::economy::world::people::{COHORT_ROWS, Cohort, INSURED, NEVER, NO_SITE, NewColumns, SKILL_ONE, Work};
use crate::ground::list::Listed;
use crate::ground::maths::{self, running_sum, share_of};
use crate::ground::money::Money;
use crate::ground::numbers::whole;
use crate::ground::random::{Chance, Key, Luck, UnitLogNormal};
use bevy_ecs::prelude::*;
use rand::RngExt;
use rand_distr::Distribution;

/// A cohort before it is spawned.
pub(super) struct Block {
    pub(super) cohort: Cohort,
    /// Sum of skill factors of the employed by site.
    pub(super) skills: Vec<i64>,
    wallets: i128,
    columns: NewColumns,
}

/// A block before its people exist: some of the workers of a market.
struct Outline<'a> {
    cohort: Cohort,
    /// Heads of the occupation's crews, by site.
    crews: &'a [i64],
    rows: usize,
    /// Columns with room for them.
    columns: NewColumns,
}

/// Founds the workers of all markets, block by block.
///
/// # Errors
/// There is no memory for their columns. Room is made for all of them before anybody is drawn, so that what runs
/// out is a column, which can be refused, and not something small, which would end the process.
pub(super) fn found_workers(
    parameters: &Parameters,
    luck: &Luck,
    markets: &[Market],
    plans: &[SitePlan],
    clock: &Clock,
) -> Result<Vec<Block>, NoMemory> {
    let crews: Vec<(usize, Vec<i64>)> = markets.iter().map(|market| crews_of(market, plans)).collect();
    let mut outlines = Vec::new();
    for (index, market) in markets.iter().enumerate() {
        let occupation = Occupation::ALL[market.occupation];
        let keys = Cohort::market_key(&parameters.regions[market.region], occupation).rows();
        let (first_site, crews) = &crews[index];
        // and places for those who will enter where people become more
        let places = parameters.demography.places(market.people(), market.region);
        for first in (0..places).step_by(COHORT_ROWS) {
            let rows = (places - first).min(COHORT_ROWS as i64).unsigned_abs() as usize;
            let agents = markets.iter().map(Market::people).sum();
            let cohort = Cohort {
                index: outlines.len(),
                region: market.region,
                occupation,
                market: index,
                first: u32::try_from(first).expect("fewer than 2^32 workers in a market"),
                keys: keys.starting_at(first.unsigned_abs()),
                sites: (*first_site, crews.len()),
            };
            let columns = NewColumns::room_for(rows).map_err(|_| NoMemory { agents })?;
            outlines.push(Outline { cohort, crews, rows, columns });
        }
    }
    let draws = Draws::of(luck, parameters);
    Ok(blocks::over(outlines, |outline| {
        let cohort = outline.cohort.clone();
        let market = &markets[cohort.market];
        let spells = Spells::new(parameters, market, markets, clock);
        let mut skills = vec![0; outline.crews.len()];
        let cover = parameters.first_law[market.region].insurance_cover.0;
        let columns = draws.columns(outline, market, cover, &spells, &mut skills);
        let wallets = columns.wallet.0.iter().map(|&wallet| i128::from(wallet)).sum();
        Block { cohort, skills, wallets, columns }
    }))
}

/// The first site that employs the people of a market, and the heads of their crews, site by site.
fn crews_of(market: &Market, plans: &[SitePlan]) -> (usize, Vec<i64>) {
    let occupation = Occupation::ALL[market.occupation];
    let is_theirs = |plan: &SitePlan| plan.region == market.region && plan.kind == occupation.site_type();
    let first = plans.iter().position(is_theirs).expect("every region has sites of every type");
    let theirs = plans[first..].iter().take_while(|plan| is_theirs(plan));
    (first, theirs.map(|plan| plan.crews[occupation.slot()].heads).collect())
}

/// The draws of the first week, and what they are spread by.
struct Draws {
    skill: Chance,
    week: Chance,
    sigma: f64,
}

impl Draws {
    fn of(luck: &Luck, parameters: &Parameters) -> Draws {
        let sigma = parameters.people.skill_sigma.0;
        Draws { skill: luck.at(Stream::Skill, 0), week: luck.at(Stream::FirstWeek, 0), sigma }
    }

    /// Skill factor of the worker with this key.
    fn skill(&self, key: Key) -> u16 {
        let factor = UnitLogNormal { sigma: self.sigma }.sample(&mut self.skill.draws(key));
        u16::try_from(whole((factor * SKILL_ONE as f64).round()).clamp(1, 65_535)).expect("clamped")
    }

    /// The columns of a block; adds the skill factors of the employed to those of their sites.
    fn columns(
        &self,
        outline: Outline,
        market: &Market,
        cover: f64,
        spells: &Spells,
        skills: &mut [i64],
    ) -> NewColumns {
        let ends = running_sum(outline.crews.iter().copied()).collect::<Vec<_>>();
        let mut columns = outline.columns;
        for row in 0..outline.rows {
            let ordinal = i64::from(outline.cohort.first) + row as i64;
            let key = outline.cohort.worker(row);
            let mut draws = self.week.draws(key);
            let (work, place) = first_work(market, &ends, ordinal);
            if work == Work::Gone {
                columns.push_nobody(spells.now);
                continue;
            }
            let skill = self.skill(key);
            let is_insured = draws.random::<f64>() < cover && work == Work::Unemployed;
            let (age, wallet) = spells.first(work, f64::from(skill) / SKILL_ONE as f64, is_insured, &mut draws);
            if work == Work::Employed {
                skills[place] += i64::from(skill);
            }
            columns.status.0.push(work as u8);
            columns.marks.0.push(if is_insured { INSURED } else { 0 });
            columns.skill.0.push(skill);
            columns.wallet.0.push(Money::from_dollars(wallet).0);
            columns.employer.0.push(place as u16);
            columns.since.0.push(i16::try_from(spells.now - age).unwrap_or(NEVER + 1));
        }
        columns.entered.0.resize(outline.rows, NEVER);
        columns.scarred.0.resize(outline.rows, NEVER);
        columns.trained.0.resize(outline.rows, NEVER);
        columns.hours.0.resize(outline.rows, 0);
        columns.claim.0.resize(outline.rows, 0);
        columns
    }
}

impl NewColumns {
    /// Adds a place that nobody is at yet; what is the same for all rows of the founding is added later.
    fn push_nobody(&mut self, now: i32) {
        self.status.0.push(Work::Gone as u8);
        self.marks.0.push(0);
        self.skill.0.push(SKILL_ONE as u16);
        self.wallet.0.push(0);
        self.employer.0.push(NO_SITE);
        self.since.0.push(i16::try_from(now).unwrap_or(NEVER + 1));
    }
}

/// What a worker does in the first week, and the place of the site: the first ordinals work, crew by crew, the next
/// are unemployed, the last work outside; places beyond are for those who enter later.
fn first_work(market: &Market, ends: &[i64], ordinal: i64) -> (Work, usize) {
    if ordinal < market.heads[0] {
        (Work::Employed, ends.partition_point(|&end| end <= ordinal))
    } else if ordinal < market.heads[0] + market.heads[1] {
        (Work::Unemployed, 0)
    } else if ordinal < market.people() {
        (Work::Outside, 0)
    } else {
        (Work::Gone, 0)
    }
}

/// The spells behind a worker of the first week, and what they leave in the wallet.
pub(super) struct Spells {
    now: i32,
    /// Hazards of leaving work, unemployment, outside work, per tick.
    leave: [f64; 3],
    /// Share of those who came into work, into outside work, from unemployment.
    from_unemployment: [f64; 2],
    /// Income of a tick: at work and outside, for a mean worker, after tax.
    income: [f64; 2],
    insurance: f64,
    insured_ticks: i64,
    habit: Habit,
}

/// What is consumed in a tick.
struct Habit {
    /// Dollars at least.
    subsistence: f64,
    /// Share of the tick's income.
    of_income: f64,
    /// Share of the wallet.
    of_wealth: f64,
}

impl Habit {
    /// W* of somebody with this income every tick: (1 - c_y) y = c_w W. A wallet that nobody draws on never
    /// comes to rest: it begins empty.
    fn rest_point(&self, income: f64) -> f64 {
        if self.of_wealth <= 0.0 {
            return 0.0;
        }
        (1.0 - self.of_income) * income / self.of_wealth
    }

    /// Dollars of a tick with this income and wallet, if there is enough.
    fn wish(&self, income: f64, wallet: f64) -> f64 {
        (self.of_income * income + self.of_wealth * wallet).max(self.subsistence)
    }
}

impl Spells {
    fn new(parameters: &Parameters, market: &Market, markets: &[Market], clock: &Clock) -> Self {
        let law = &parameters.first_law[market.region];
        let settlement = &parameters.settlement;
        let s = &market.steady;
        let net = 1.0 - law.income_tax.0;
        let assembler = &markets[MarketId::of(market.region, Occupation::Assembler).index()];
        let outside = assembler.wage_initial * parameters.labour.outside_wage.0;
        let [employed, unemployed, away, _] = market.heads_initial.map(|heads| heads as f64);
        let outside_in = s.outside_search * s.find_inside;
        Spells {
            now: clock.tick,
            leave: [s.separation + s.quit, s.find_inside + s.find_outside, s.separation + outside_in],
            from_unemployment: [
                share_of(s.find_inside * unemployed, s.find_inside * unemployed + outside_in * away),
                share_of(s.find_outside * unemployed, s.find_outside * unemployed + s.quit * employed),
            ],
            income: [market.wage * net * clock.weeks, outside * net * clock.weeks],
            insurance: law.insurance_replacement.0 * market.wage * clock.weeks,
            insured_ticks: clock.ticks_in(law.insurance_length.0).into(),
            habit: Habit {
                subsistence: settlement.subsistence.0 * market.wage * clock.weeks,
                of_income: consumed_at_once(settlement, clock.weeks),
                of_wealth: maths::hazard(settlement.consume_wealth.0, clock.weeks),
            },
        }
    }

    /// Ticks of a spell that ends with a constant hazard: the age of a running spell is distributed
    /// like its length.
    fn spell(leave: f64, draw: f64) -> i64 {
        if leave <= 0.0 || leave >= 1.0 {
            return 0;
        }
        whole((maths::ln(1.0 - draw) / libm::log1p(-leave)).floor().min(5_000.0))
    }

    /// Age of the present spell in ticks, and the wallet in dollars.
    fn first(&self, work: Work, skill: f64, is_insured: bool, draws: &mut crate::ground::random::Draws) -> (i32, f64) {
        let mut draw = || draws.random::<f64>();
        let at_work = self.income[0] * skill;
        let steady = [self.habit.rest_point(at_work), self.habit.rest_point(self.income[1])];
        let place = match work {
            Work::Employed => 0,
            Work::Unemployed | Work::Training | Work::Gone => 1,
            Work::Outside => 2,
        };
        let age = Self::spell(self.leave[place], draw());
        let wallet = if place == 1 {
            self.without_work(steady[0], age, skill, is_insured)
        } else {
            let kind = place / 2;
            let before = if draw() < self.from_unemployment[kind] {
                let spell = Self::spell(self.leave[1], draw());
                self.without_work(steady[0], spell, skill, draw() < 1.0 / 2.0 && is_insured)
            } else {
                steady[1 - kind]
            };
            let kept = maths::pow(1.0 - self.habit.of_wealth, age as f64);
            steady[kind] + (before - steady[kind]) * kept
        };
        (i32::try_from(age).unwrap_or(5_000), wallet)
    }

    /// What a wallet is worth after so many ticks without work.
    fn without_work(&self, mut wallet: f64, ticks: i64, skill: f64, is_insured: bool) -> f64 {
        for tick in 0..ticks.min(1_000) {
            let income = if is_insured && tick < self.insured_ticks { self.insurance * skill } else { 0.0 };
            wallet = (wallet + income - self.habit.wish(income, wallet)).max(0.0);
            if wallet <= 0.0 && tick >= self.insured_ticks {
                return 0.0;
            }
        }
        wallet
    }
}

/// Opens an account for the workers of each market, with what their wallets hold.
pub(super) fn open_accounts(parameters: &Parameters, blocks: &[Block], markets: &mut [Market], ledger: &mut Ledger) {
    let mut wallets = vec![0_i128; markets.len()];
    for block in blocks {
        let Cohort { region, occupation, market, .. } = block.cohort;
        let persons = parameters.weights.persons(MarketId::of(region, occupation));
        wallets[market] += block.wallets * i128::from(persons);
    }
    for (market, wallets) in markets.iter_mut().zip(wallets) {
        let balance = Money(i64::try_from(wallets).expect("a market's wallets fit an account"));
        market.account = ledger.open(Sector::Workers, market.region, balance);
    }
}

pub(super) fn spawn_cohorts(blocks: Vec<Block>, world: &mut World) {
    for block in blocks {
        world.spawn((block.cohort, block.columns));
    }
}
