//! Who works, looks for work or left, since when, and with what in the wallet.

use super::NoMemory;
use super::plants::SitePlan;
use crate::economy::Parameters;
use crate::economy::blocks;
use crate::economy::people::{
    COHORT_ROWS, Claim, Cohort, Employer, Hours, INSURED, Listed, Market, Marks, NEVER, Occupation, SKILL_ONE, Scarred,
    Since, Skill, Status, Trained, Wallet, Work,
};
use crate::economy::policy::Clock;
use crate::economy::settlement::wallets::consumed_at_once;
use crate::ground::ledger::{Ledger, Money, Sector};
use crate::ground::maths::{self, share_of};
use crate::ground::random::{Luck, Rows, Stream, UnitLogNormal, whole};
use bevy_ecs::prelude::*;
use rand::RngExt;
use rand_distr::Distribution;
use std::collections::TryReserveError;

/// Columns of a cohort before it is spawned.
pub(super) struct Block {
    pub(super) region: usize,
    pub(super) occupation: Occupation,
    pub(super) market: usize,
    pub(super) first: u32,
    pub(super) keys: Rows,
    pub(super) first_site: usize,
    pub(super) sites: usize,
    /// Sum of skill factors of the employed by site.
    pub(super) skills: Vec<i64>,
    pub(super) wallets: i128,
    pub(super) columns: Option<Columns>,
}

pub(super) type Columns = (Status, Marks, Skill, Wallet, Employer, Since, Scarred, Trained, Hours, Claim);

/// Columns with room for so many workers and nobody in them.
pub(super) fn room_for(rows: usize) -> Result<Columns, TryReserveError> {
    let mut columns = Columns::default();
    columns.0.0.try_reserve_exact(rows)?;
    columns.1.0.try_reserve_exact(rows)?;
    columns.2.0.try_reserve_exact(rows)?;
    columns.3.0.try_reserve_exact(rows)?;
    columns.4.0.try_reserve_exact(rows)?;
    columns.5.0.try_reserve_exact(rows)?;
    columns.6.0.try_reserve_exact(rows)?;
    columns.7.0.try_reserve_exact(rows)?;
    columns.8.0.try_reserve_exact(rows)?;
    columns.9.0.try_reserve_exact(rows)?;
    Ok(columns)
}

/// The workers of all markets in blocks.
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
    let agents: i64 = markets.iter().flat_map(|market| market.heads).sum();
    let mut outlines = Vec::new();
    for (index, market) in markets.iter().enumerate() {
        let occupation = Occupation::ALL[market.occupation];
        let first_site = plans
            .iter()
            .position(|plan| plan.region == market.region && plan.kind == occupation.site_type())
            .expect("every region has sites of every type");
        let crews: Vec<i64> = plans[first_site..]
            .iter()
            .take_while(|plan| plan.region == market.region && plan.kind == occupation.site_type())
            .map(|plan| plan.heads[occupation.slot()])
            .collect();
        let people: i64 = market.heads.iter().sum();
        let mut first = 0;
        while first < people {
            let rows = (people - first).min(COHORT_ROWS as i64);
            let columns = room_for(rows.unsigned_abs() as usize).map_err(|_| NoMemory { agents })?;
            outlines.push((index, occupation, first_site, crews.clone(), first, rows, columns));
            first += rows;
        }
    }
    Ok(blocks::over(outlines, |(index, occupation, first_site, crews, first, rows, columns)| {
        let market = &markets[index];
        let first = u32::try_from(first).expect("fewer than 2^32 workers in a market");
        let all = Cohort::market_key(&parameters.regions[market.region], occupation).rows();
        let keys = all.starting_at(u64::from(first));
        let mut skills = vec![0; crews.len()];
        let rows = rows.unsigned_abs() as usize;
        let spells = Spells::new(parameters, market, markets, clock);
        let columns = first_columns(parameters, luck, market, &crews, first, keys, rows, &spells, &mut skills, columns);
        let wallets = columns.3.0.iter().map(|&wallet| i128::from(wallet)).sum();
        Block {
            region: market.region,
            occupation,
            market: index,
            first,
            keys,
            first_site,
            sites: crews.len(),
            skills,
            wallets,
            columns: Some(columns),
        }
    }))
}

pub(super) fn first_columns(
    parameters: &Parameters,
    luck: &Luck,
    market: &Market,
    crews: &[i64],
    first: u32,
    keys: Rows,
    rows: usize,
    spells: &Spells,
    skills: &mut [i64],
    mut columns: Columns,
) -> Columns {
    let skill_draws = luck.at(Stream::Skill, 0);
    let first_week = luck.at(Stream::FirstWeek, 0);
    let cover = parameters.law[market.region].insurance_cover.0;
    let sigma = parameters.people.skill_sigma.0;
    let ends: Vec<i64> = crews
        .iter()
        .scan(0, |sum, crew| {
            *sum += crew;
            Some(*sum)
        })
        .collect();
    for row in 0..rows {
        let ordinal = i64::from(first) + row as i64;
        let key = keys.row(row as u64);
        let mut draws = first_week.draws(key);
        let factor = UnitLogNormal { sigma }.sample(&mut skill_draws.draws(key));
        let skill = u16::try_from(whole((factor * SKILL_ONE as f64).round()).clamp(1, 65_535)).expect("clamped");
        let (work, place) = if ordinal < market.heads[0] {
            (Work::Employed, ends.partition_point(|&end| end <= ordinal))
        } else if ordinal < market.heads[0] + market.heads[1] {
            (Work::Unemployed, 0)
        } else {
            (Work::Outside, 0)
        };
        let is_insured = draws.random::<f64>() < cover && work == Work::Unemployed;
        let (age, wallet) = spells.first(work, f64::from(skill) / SKILL_ONE as f64, is_insured, &mut draws);
        if work == Work::Employed {
            skills[place] += i64::from(skill);
        }
        columns.0.0.push(work as u8);
        columns.1.0.push(if is_insured { INSURED } else { 0 });
        columns.2.0.push(skill);
        columns.3.0.push(Money::from_dollars(wallet).0);
        columns.4.0.push(place as u16);
        columns.5.0.push(i16::try_from(spells.now - age).unwrap_or(NEVER + 1));
    }
    columns.6.0.resize(rows, NEVER);
    columns.7.0.resize(rows, NEVER);
    columns.8.0.resize(rows, 0);
    columns.9.0.resize(rows, 0);
    columns
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
    subsistence: f64,
    consume_income: f64,
    consume_wealth: f64,
}

impl Spells {
    fn new(parameters: &Parameters, market: &Market, markets: &[Market], clock: &Clock) -> Self {
        let law = &parameters.law[market.region];
        let settlement = &parameters.settlement;
        let s = &market.steady;
        let net = 1.0 - law.income_tax.0;
        let assembler = &markets[market.region * Occupation::COUNT + Occupation::Assembler.index()];
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
            subsistence: settlement.subsistence.0 * market.wage * clock.weeks,
            consume_income: consumed_at_once(settlement, clock.weeks),
            consume_wealth: maths::hazard(settlement.consume_wealth.0, clock.weeks),
        }
    }

    /// W* of somebody with this income every tick: (1 - c_y) y = c_w W. A wallet that nobody draws on never
    /// comes to rest: it begins empty.
    fn rest_point(&self, income: f64) -> f64 {
        if self.consume_wealth <= 0.0 {
            return 0.0;
        }
        (1.0 - self.consume_income) * income / self.consume_wealth
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
        let steady = [self.rest_point(at_work), self.rest_point(self.income[1])];
        let place = match work {
            Work::Employed => 0,
            Work::Unemployed | Work::Training => 1,
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
            let kept = maths::pow(1.0 - self.consume_wealth, age as f64);
            steady[kind] + (before - steady[kind]) * kept
        };
        (i32::try_from(age).unwrap_or(5_000), wallet)
    }

    /// What a wallet is worth after so many ticks without work.
    fn without_work(&self, mut wallet: f64, ticks: i64, skill: f64, is_insured: bool) -> f64 {
        for tick in 0..ticks.min(1_000) {
            let income = if is_insured && tick < self.insured_ticks { self.insurance * skill } else { 0.0 };
            let wish = (self.consume_income * income + self.consume_wealth * wallet).max(self.subsistence);
            wallet = (wallet + income - wish).max(0.0);
            if wallet <= 0.0 && tick >= self.insured_ticks {
                return 0.0;
            }
        }
        wallet
    }
}

/// Opens an account for the workers of each market, with what their wallets hold.
pub(super) fn open_accounts(parameters: &Parameters, blocks: &[Block], markets: &mut [Market], ledger: &mut Ledger) {
    let persons = i128::from(whole(parameters.run.persons_per_agent.0));
    let mut wallets = vec![0_i128; markets.len()];
    for block in blocks {
        wallets[block.market] += block.wallets * persons;
    }
    for (market, wallets) in markets.iter_mut().zip(wallets) {
        let balance = Money(i64::try_from(wallets).expect("a market's wallets fit an account"));
        market.account = ledger.open(Sector::Workers, market.region, balance);
    }
}

pub(super) fn spawn_cohorts(blocks: &mut [Block], world: &mut World) {
    for (index, block) in blocks.iter_mut().enumerate() {
        let cohort = Cohort {
            index,
            region: block.region,
            occupation: block.occupation,
            market: block.market,
            first: block.first,
            keys: block.keys,
            sites: (block.first_site, block.sites),
        };
        let (status, marks, skill, wallet, employer, since, scarred, trained, hours, claim) =
            block.columns.take().expect("columns are made once");
        world.spawn((cohort, status, marks, skill, wallet, employer, since, scarred, trained, hours, claim));
    }
}
