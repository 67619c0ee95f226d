//! The first week: who exists, who owns what, in steady state.
//!
//! Everybody and everything gets a key from what it is (region, occupation, ordinal), never from the
//! order of creation. Heads follow from the figures of the baseline; hazards follow from the heads, so
//! that the first week repeats itself as long as nothing else moves. Wallets start
//! at the mean of their own consumption rule over the spells a worker of that age has behind them.

use super::adoption::{Maker, Purchase, wright_price};
use super::blocks;
use super::capture::{Filming, Lab};
use super::consent::{Fear, Refusals, Stance, Withdrawn};
use super::dispatch::units_per_robot_week;
use super::learning::{Feasible, feasible_share, first_capability};
use super::matching::{Queues, employment, steady_state};
use super::people::{
    COHORT_ROWS, Claim, Cohort, Employer, Hours, INSURED, Listed, Market, Markets, Marks, NEVER, Occupation, SKILL_ONE,
    Scarred, Scars, Since, Skill, Status, Trained, Wallet, Work,
};
use super::policy::{Clock, InForce};
use super::settlement::owners::Books;
use super::settlement::royalties::Pools;
use super::settlement::trade::LicenceIncome;
use super::settlement::wallets::{Takes, consumed_at_once};
use super::sites::{Class, Crew, Family, Fleet, Job, Jobs, Kind, Robots, Site, SiteType, Staff};
use super::{Luckbox, Parameters, Region, Technology, Verdict};
use crate::ground::ledger::{AccountId, Ledger, Money, Sector};
use crate::ground::maths::{self, share_of};
use crate::ground::random::{Luck, Stream, UnitLogNormal, whole};
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;
use rand_distr::Distribution;

/// Founds the world of a scenario.
pub fn found(parameters: &Parameters) -> World {
    let run = &parameters.run;
    let luck = Luck::new(run.seed, run.replicate);
    let weeks = run.tick.0;
    let spin_up = i32::try_from(whole((run.spin_up.0 / weeks).round())).expect("checked on reading");
    let clock = Clock {
        tick: -spin_up,
        weeks,
        days: whole((weeks * 7.0).round()).unsigned_abs(),
        start: run.start.0,
        spin_up,
        is_frozen: spin_up > 0 || run.technology == Technology::Frozen,
    };
    let mut world = World::new();
    let mut ledger = Ledger::new(parameters.regions.len());
    let markets = found_markets(parameters, weeks);
    let mut plans = plan_sites(parameters, &luck, &markets);
    let mut blocks = found_workers(parameters, &luck, &markets, &plans, &clock);
    for block in &blocks {
        for (site, skill) in block.skills.iter().enumerate() {
            plans[block.first_site + site].skills[block.occupation.slot()] += skill;
        }
    }
    let stocks = first_stocks(parameters);
    let capability = first_capability(parameters, &stocks);
    plan_jobs(parameters, &markets, &capability, &mut plans);
    let regions = found_regions(parameters, &markets, &plans, &mut ledger, &mut world);
    found_labs(parameters, &stocks, &capability, &plans, &mut ledger, &mut world);
    found_makers(parameters, &mut ledger, &mut world);
    spawn_sites(parameters, &luck, &clock, plans, &mut ledger, &mut world);
    spawn_cohorts(parameters, &mut blocks, &mut ledger, &mut world);

    let ticks = whole((run.years.0 * WEEKS_PER_YEAR + run.spin_up.0) / weeks).unsigned_abs() as usize + 2;
    let labour = &parameters.labour;
    world.insert_resource(Scars::new(&parameters.people, ticks, weeks, labour.course_lag.0, labour.course_effect.0));
    let funds: Vec<AccountId> = world.query::<&Lab>().iter(&world).map(|lab| lab.fund).collect();
    world.insert_resource(LicenceIncome::new(funds.len(), regions));
    world.insert_resource(Pools::new(funds, markets.len()));
    world.insert_resource(Queues::new(markets.len()));
    world.insert_resource(Withdrawn(vec![(0, 0, 0); markets.len()]));
    world.insert_resource(Refusals(vec![[(0, 0); 4]; regions]));
    world.insert_resource(Markets(markets));
    world.insert_resource(InForce::new(parameters.law.clone()));
    world.insert_resource(Takes::default());
    world.insert_resource(Verdict::default());
    world.insert_resource(Luckbox(luck));
    world.insert_resource(ledger);
    world.insert_resource(clock);
    world.insert_resource(parameters.clone());
    world
}

/// A region's part of every key in it: 22 bits of its name (FNV-1a).
pub fn region_code(name: &str) -> u64 {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 32)) & 0x3f_ffff
}

fn worker_key(region: &str, occupation: Occupation, ordinal: u32) -> u64 {
    region_code(region) << 40 | (occupation as u64) << 32 | u64::from(ordinal)
}

fn site_key(region: &str, kind: SiteType, ordinal: usize) -> u64 {
    1 << 63 | region_code(region) << 40 | (kind as u64) << 32 | ordinal as u64
}

/// `total` in integers in proportion to weights, none off by more than one; `draw` in [0, 1) decides
/// who gets the odd ones, without bias.
pub fn split(total: i64, weights: &[f64], draw: f64) -> Vec<i64> {
    let sum: f64 = weights.iter().sum();
    let mut reached = 0.0;
    let mut given = 0;
    let last = weights.len().saturating_sub(1);
    weights
        .iter()
        .enumerate()
        .map(|(n, weight)| {
            reached += weight;
            let upto = if n == last { total } else { whole((reached / sum * total as f64 + draw).floor()).min(total) };
            let part = upto - given;
            given = upto;
            part
        })
        .collect()
}

fn found_markets(parameters: &Parameters, weeks: f64) -> Vec<Market> {
    let labour = &parameters.labour;
    let persons = parameters.run.persons_per_agent.0;
    let mut markets = Vec::new();
    for region in 0..parameters.regions.len() {
        for &occupation in Occupation::ALL {
            let employed = (employment(labour, region, occupation) / persons).round();
            let outside = (labour.outside_ratio[occupation].0 * employed).round();
            let rate = labour.unemployment[region].0;
            let unemployed = (rate / (1.0 - rate) * (employed + outside)).round();
            let heads = [whole(employed), whole(unemployed), whole(outside), 0];
            let find = maths::hazard(labour.job_finding[region].0, weeks);
            let quit = maths::hazard(labour.quits[occupation].0, weeks);
            let steady = if heads[0] > 0 {
                steady_state(heads, find, quit, labour.vacancy_length.0 / weeks)
            } else {
                super::people::SteadyState::default()
            };
            let wage = labour.wage[occupation][region].0;
            let mut market = Market {
                region,
                occupation: occupation.index(),
                heads,
                heads_initial: heads,
                wage,
                wage_initial: wage,
                reference_wage: wage,
                steady,
                ..Market::default()
            };
            market.unemployment = super::wages::unemployment_rate(&market);
            market.unemployment_initial = market.unemployment;
            markets.push(market);
        }
    }
    markets
}

/// A site before it exists.
struct SitePlan {
    region: usize,
    kind: SiteType,
    ordinal: usize,
    key: u64,
    is_organised: bool,
    operator: Option<usize>,
    /// Agents by crew.
    heads: Vec<i64>,
    /// Sum of skill factors by crew.
    skills: Vec<i64>,
    /// Robot agents by class of the site.
    robots: Vec<i64>,
    /// Place in the order of awareness, and of hurdles, 0 to 1, by class of the site.
    ranks: Vec<(f64, f64)>,
    filming: Option<usize>,
    jobs: Vec<Job>,
    cost_per_week: f64,
    sales_per_week: f64,
}

fn plan_sites(parameters: &Parameters, luck: &Luck, markets: &[Market]) -> Vec<SitePlan> {
    let mut plans = Vec::new();
    for region in 0..parameters.regions.len() {
        for &kind in SiteType::ALL {
            plan_sites_of(parameters, luck, markets, region, kind, &mut plans);
        }
    }
    plans
}

fn plan_sites_of(
    parameters: &Parameters,
    luck: &Luck,
    markets: &[Market],
    region: usize,
    kind: SiteType,
    plans: &mut Vec<SitePlan>,
) {
    let name = &parameters.regions[region];
    let sizes = &parameters.sites;
    let persons = parameters.run.persons_per_agent.0;
    let market = |o: Occupation| &markets[region * Occupation::COUNT + o.index()];
    let agents: i64 = kind.occupations().iter().map(|&o| market(o).heads[0]).sum();
    let wanted = (agents as f64 * persons / sizes.persons_per_site.0).round().clamp(sizes.fewest.0, sizes.most.0);
    let count = whole(wanted.min((agents as f64 / sizes.least_crew.0).floor()).max(1.0)).unsigned_abs() as usize;
    let keys: Vec<u64> = (0..count).map(|ordinal| site_key(name, kind, ordinal)).collect();
    let size = luck.at(Stream::SiteSize, 0);
    let sigma = sizes.size_sigma.0;
    let weights: Vec<f64> = keys.iter().map(|&key| UnitLogNormal { sigma }.sample(&mut size.draws(key))).collect();
    let traits = |trait_no: i32| {
        let chance = luck.at(Stream::SiteTraits, trait_no);
        ranks(&keys.iter().map(|&key| chance.share(key)).collect::<Vec<_>>())
    };
    let organised = traits(0);
    let crews: Vec<Vec<i64>> = kind
        .occupations()
        .iter()
        .map(|&o| split(market(o).heads[0], &weights, size.share(keys[0] ^ (o as u64 + 1) << 48)))
        .collect();
    let robots: Vec<Vec<i64>> =
        kind.classes().iter().map(|&class| first_fleets(parameters, region, kind, class, &weights)).collect();
    let thresholds: Vec<_> =
        kind.classes().iter().enumerate().map(|(n, _)| (traits(10 + n as i32), traits(20 + n as i32))).collect();
    let filming = first_filming(parameters, luck, region, kind, &keys, &weights);
    let operators = operators_of(parameters, region, kind, &weights, agents as f64 * persons);
    for (ordinal, &key) in keys.iter().enumerate() {
        let median = 1.0 / 2.0;
        // an operator decides as one: at the median of the region
        let rank = |ranks: &[f64]| if operators[ordinal].is_some() { median } else { ranks[ordinal] };
        plans.push(SitePlan {
            region,
            kind,
            ordinal,
            key,
            is_organised: organised[ordinal] < parameters.labour.organised[kind][region].0,
            operator: operators[ordinal],
            heads: crews.iter().map(|crew| crew[ordinal]).collect(),
            skills: vec![0; crews.len()],
            robots: robots.iter().map(|class| class[ordinal]).collect(),
            ranks: thresholds.iter().map(|(aware, hurdle)| (rank(aware), rank(hurdle))).collect(),
            filming: filming[ordinal],
            jobs: Vec::new(),
            cost_per_week: 0.0,
            sales_per_week: 0.0,
        });
    }
}

/// Ranks of draws as midpoints of equal strata: 0.5/n, 1.5/n, ...
fn ranks(draws: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|&a, &b| draws[a].total_cmp(&draws[b]));
    let mut ranks = vec![0.0; draws.len()];
    for (place, &index) in order.iter().enumerate() {
        ranks[index] = (place as f64 + 1.0 / 2.0) / draws.len() as f64;
    }
    ranks
}

fn largest_first(weights: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
    order
}

/// Robots at work at the start go to the largest sites, by size. Those that pick go to warehouses.
fn first_fleets(parameters: &Parameters, region: usize, kind: SiteType, class: Class, weights: &[f64]) -> Vec<i64> {
    let about = &parameters.robots.class[class];
    let mut fleets = vec![0; weights.len()];
    if kind == SiteType::Factory {
        return fleets;
    }
    let robots = whole((about.fleet_at_start[region].0 / parameters.run.robots_per_agent.0).round());
    let sites = whole((about.sites_at_start.0 * weights.len() as f64).round()).max(1).unsigned_abs() as usize;
    let chosen: Vec<usize> = largest_first(weights).into_iter().take(sites).collect();
    let shares: Vec<f64> = chosen.iter().map(|&site| weights[site]).collect();
    for (&site, robots) in chosen.iter().zip(split(robots, &shares, 1.0 / 2.0)) {
        fleets[site] = robots;
    }
    fleets
}

/// Which factories film at the start, and for which lab: so many that they employ the given share of
/// the workers, without bias.
fn first_filming(
    parameters: &Parameters,
    luck: &Luck,
    region: usize,
    kind: SiteType,
    keys: &[u64],
    weights: &[f64],
) -> Vec<Option<usize>> {
    let mut filming = vec![None; keys.len()];
    let collectors: Vec<(usize, f64)> = parameters
        .labs
        .iter()
        .enumerate()
        .map(|(index, name)| (index, &parameters.capture.labs[name]))
        .filter(|(_, lab)| lab.collects.contains(&parameters.regions[region]))
        .map(|(index, lab)| (index, lab.share.0))
        .collect();
    if kind != SiteType::Factory || collectors.is_empty() {
        return filming;
    }
    let order = luck.at(Stream::SiteTraits, 30);
    let lots = luck.at(Stream::SiteTraits, 31);
    let mut sites: Vec<usize> = (0..keys.len()).collect();
    sites.sort_by_key(|&site| (order.bits(keys[site]), site));
    let mut left = parameters.capture.filming_at_start[region].0 * weights.iter().sum::<f64>();
    for site in sites {
        if left <= 0.0 || order.share(!keys[site]) * weights[site] >= left {
            break;
        }
        left -= weights[site];
        let all: f64 = collectors.iter().map(|(_, share)| share).sum();
        let mut lot = lots.share(keys[site]) * all;
        let chosen = collectors.iter().find(|(_, share)| {
            lot -= share;
            lot < 0.0
        });
        filming[site] = chosen.or(collectors.last()).map(|&(lab, _)| lab);
    }
    filming
}

/// Which sites belong to which operator: the largest sites alternately in and out until it has its people.
fn operators_of(
    parameters: &Parameters,
    region: usize,
    kind: SiteType,
    weights: &[f64],
    persons: f64,
) -> Vec<Option<usize>> {
    let mut operators = vec![None; weights.len()];
    let sum: f64 = weights.iter().sum();
    for (index, operator) in parameters.operators.iter().enumerate() {
        if operator.region != parameters.regions[region] || operator.sites != kind || persons <= 0.0 {
            continue;
        }
        let mut left = operator.persons.0 / persons * sum;
        for site in largest_first(weights).into_iter().skip(1).step_by(2) {
            if operators[site].is_none() && left >= weights[site] / 2.0 {
                operators[site] = Some(index);
                left -= weights[site];
            }
        }
    }
    operators
}

/// Columns of a cohort before it is spawned.
struct Block {
    region: usize,
    occupation: Occupation,
    market: usize,
    first: u32,
    key: u64,
    first_site: usize,
    sites: usize,
    /// Sum of skill factors of the employed by site.
    skills: Vec<i64>,
    wallets: i128,
    columns: Option<Columns>,
}

type Columns = (Status, Marks, Skill, Wallet, Employer, Since, Scarred, Trained, Hours, Claim);

fn found_workers(
    parameters: &Parameters,
    luck: &Luck,
    markets: &[Market],
    plans: &[SitePlan],
    clock: &Clock,
) -> Vec<Block> {
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
            outlines.push((index, occupation, first_site, crews.clone(), first, rows));
            first += rows;
        }
    }
    blocks::over(outlines, |(index, occupation, first_site, crews, first, rows)| {
        let market = &markets[index];
        let first = u32::try_from(first).expect("fewer than 2^32 workers in a market");
        let key = worker_key(&parameters.regions[market.region], occupation, first);
        let mut skills = vec![0; crews.len()];
        let rows = rows.unsigned_abs() as usize;
        let spells = Spells::new(parameters, market, markets, clock);
        let columns = first_columns(parameters, luck, market, &crews, first, key, rows, &spells, &mut skills);
        let wallets = columns.3.0.iter().map(|&wallet| i128::from(wallet)).sum();
        Block {
            region: market.region,
            occupation,
            market: index,
            first,
            key,
            first_site,
            sites: crews.len(),
            skills,
            wallets,
            columns: Some(columns),
        }
    })
}

fn first_columns(
    parameters: &Parameters,
    luck: &Luck,
    market: &Market,
    crews: &[i64],
    first: u32,
    key: u64,
    rows: usize,
    spells: &Spells,
    skills: &mut [i64],
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
    let mut columns = Columns::default();
    for row in 0..rows {
        let ordinal = i64::from(first) + row as i64;
        let key = key + row as u64;
        let mut draws = first_week.draws(key);
        let factor = UnitLogNormal { sigma }.sample(&mut skill_draws.draws(key));
        let skill = u16::try_from(whole((factor * SKILL_ONE as f64).round()).clamp(1, 65_535)).unwrap_or(1);
        let (work, place) = if ordinal < market.heads[0] {
            (Work::Employed, ends.partition_point(|&end| end <= ordinal))
        } else if ordinal < market.heads[0] + market.heads[1] {
            (Work::Unemployed, 0)
        } else {
            (Work::Outside, 0)
        };
        let is_insured = work == Work::Unemployed && first_week.happens(!key, cover);
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
    columns.6.0 = vec![NEVER; rows];
    columns.7.0 = vec![NEVER; rows];
    columns.8.0 = vec![0; rows];
    columns.9.0 = vec![0; rows];
    columns
}

/// The spells behind a worker of the first week, and what they leave in the wallet.
struct Spells {
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
            insured_ticks: whole((law.insurance_length.0 / clock.weeks).round()),
            subsistence: settlement.subsistence.0 * market.wage * clock.weeks,
            consume_income: consumed_at_once(settlement, clock.weeks),
            consume_wealth: maths::hazard(settlement.consume_wealth.0, clock.weeks),
        }
    }

    /// W* of somebody with this income every tick: (1 - c_y) y = c_w W.
    fn rest_point(&self, income: f64) -> f64 {
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
        use rand::RngExt;
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

/// Quality hours of each lab at the start, by occupation: nobody is credited for them.
fn first_stocks(parameters: &Parameters) -> Vec<Vec<f64>> {
    let capture = &parameters.capture;
    let of = |lab: &String| {
        let hours = capture.stock_at_start.0 * capture.accepted.0 * capture.labs[lab].share.0;
        Occupation::ALL.iter().map(|&o| hours * capture.stock_mix[o].0 * capture.skill_weight[o].0).collect()
    };
    parameters.labs.iter().map(of).collect()
}

/// Jobs of every site: so many that the staff works at its target utilisation, and what robots do at
/// the start on top of it.
fn plan_jobs(parameters: &Parameters, markets: &[Market], capability: &[Vec<f64>], plans: &mut [SitePlan]) {
    for region in 0..parameters.regions.len() {
        let lab = parameters.licensor[region];
        for &kind in Kind::ALL {
            let feasible = feasible_share(
                capability[lab][kind.family().index()],
                parameters.learning.chain[kind].0,
                parameters.learning.field_success.0,
            );
            let open = if kind.is_on_the_street() { parameters.robots.open_at_start[region].0 } else { 1.0 };
            let sites: Vec<&mut SitePlan> =
                plans.iter_mut().filter(|plan| plan.region == region && plan.kind.kinds().contains(&kind)).collect();
            plan_kind(parameters, markets, region, kind, feasible * open, sites);
        }
    }
    for plan in plans {
        plan.cost_per_week =
            plan.jobs.iter().map(|job| job.base * job.price_initial / (1.0 + parameters.sites.margin.0)).sum();
        plan.sales_per_week = plan.jobs.iter().map(|job| job.base * job.price_initial).sum();
    }
}

fn plan_kind(
    parameters: &Parameters,
    markets: &[Market],
    region: usize,
    kind: Kind,
    doable: f64,
    mut sites: Vec<&mut SitePlan>,
) {
    let occupation = kind.occupation();
    let market = &markets[region * Occupation::COUNT + occupation.index()];
    let law = &parameters.law[region];
    let payroll = if occupation == Occupation::Courier { law.payroll_tax_couriers.0 } else { law.payroll_tax.0 };
    let weekly = parameters.labour.weekly_hours[region].0;
    let utilisation = parameters.sites.target_utilisation.0;
    let persons = parameters.run.persons_per_agent.0;
    let theta = parameters.learning.field_success.0;
    let demand = &parameters.demand;
    let share = match kind {
        Kind::StationLeg => demand.station_share[region].0,
        Kind::Doorstep => 1.0 - demand.station_share[region].0,
        _ => 1.0,
    };
    // hours of a mean worker that people spend on this kind, by site
    let people: Vec<f64> = sites
        .iter()
        .map(|site| {
            let skill = site.skills[occupation.slot()] as f64 / SKILL_ONE as f64;
            share * utilisation * skill * weekly * persons
        })
        .collect();
    let class =
        sites.first().map_or(0, |site| site.kind.classes().iter().position(|&c| c == kind.class()).unwrap_or(0));
    let mut job = empty_job(kind);
    let robots = |job: &Job, site: &SitePlan, hours: f64| {
        let strength = site.robots[class] as f64 * parameters.run.robots_per_agent.0 * parameters.robots.uptime.0;
        let capacity = strength * units_per_robot_week(parameters, job, region);
        let by_people = hours / job.hours_per_unit;
        // R = theta min(capacity, doable (P + R)): the second solved for R
        theta * capacity.min(share_of(doable * by_people, 1.0 - theta * doable))
    };
    job.hours_per_unit = match demand.hours_per_unit.get(&kind) {
        Some(hours) => hours.0,
        None => {
            // parcels are given: hours per parcel follow from the people's hours and what robots carry
            let parcels = demand.parcels[region].0;
            let all: f64 = people.iter().sum();
            job.hours_per_unit = share_of(all, parcels).max(1e-9);
            for _ in 0..60 {
                let carried: f64 = sites.iter().zip(&people).map(|(site, &hours)| robots(&job, site, hours)).sum();
                job.hours_per_unit = share_of(all, (parcels - carried).max(parcels / 100.0)).max(1e-9);
            }
            job.hours_per_unit
        }
    };
    job.hours_per_unit_initial = job.hours_per_unit;
    let labour = market.wage * (1.0 + payroll) * job.hours_per_unit / weekly;
    job.hand_cost = if kind.is_on_the_street() {
        (demand.human_cost_per_parcel[region].0 * share - labour).max(0.0)
    } else {
        labour * parameters.sites.hand_cost_share[occupation.site_type()].0
    };
    job.other_cost = labour * parameters.sites.other_cost_share[occupation.site_type()].0;
    job.cost_by_hand = labour + job.hand_cost;
    job.unit_cost = labour / utilisation + job.hand_cost + job.other_cost;
    job.unit_cost_initial = job.unit_cost;
    job.price_initial = job.unit_cost * (1.0 + parameters.sites.margin.0);
    job.price = job.price_initial;
    job.lead = demand.handling_time.0;
    for (site, &hours) in sites.iter_mut().zip(&people) {
        let mut job = job.clone();
        let by_robots = robots(&job, site, hours);
        job.base = hours / job.hours_per_unit + by_robots;
        job.robot_hours_initial = by_robots * job.hours_per_unit;
        job.robot_hours = job.robot_hours_initial;
        site.jobs.push(job);
    }
}

fn empty_job(kind: Kind) -> Job {
    Job {
        kind,
        base: 0.0,
        hours_per_unit_initial: 0.0,
        hours_per_unit: 0.0,
        arrivals: 0,
        expected: 0.0,
        backlog_before: 0,
        backlog: 0,
        attempts: 0,
        by_robots: 0,
        by_people: 0,
        robot_capacity: 0.0,
        robot_hours_initial: 0.0,
        robot_hours: 0.0,
        people_hours: 0.0,
        lead: 0.0,
        hand_cost: 0.0,
        other_cost: 0.0,
        cost_by_hand: 0.0,
        cost_by_robot: 0.0,
        payback: f64::INFINITY,
        unit_cost: 0.0,
        unit_cost_initial: 0.0,
        price: 0.0,
        price_initial: 0.0,
        licence: 0.0,
    }
}

fn found_regions(
    parameters: &Parameters,
    markets: &[Market],
    plans: &[SitePlan],
    ledger: &mut Ledger,
    world: &mut World,
) -> usize {
    let persons = parameters.run.persons_per_agent.0;
    for (index, name) in parameters.regions.iter().enumerate() {
        let law = &parameters.law[index];
        let mine = || markets.iter().filter(|market| market.region == index);
        let wages: f64 = mine().map(|market| market.wage * market.heads[0] as f64 * persons).sum();
        let revenue = wages * (law.income_tax.0 + law.payroll_tax.0);
        let government_start = Money::from_dollars(revenue * parameters.settlement.government_balance.0);
        let sales: f64 = plans.iter().filter(|plan| plan.region == index).map(|plan| plan.sales_per_week).sum();
        let rest_start = Money::from_dollars(sales * WEEKS_PER_YEAR);
        let region = Region {
            index,
            name: name.clone(),
            government: ledger.open(Sector::Government, index, government_start),
            rest: ledger.open(Sector::Rest, index, rest_start),
            government_start,
            rest_start,
            licensor: parameters.licensor[index],
            openness: parameters.robots.open_at_start[index].0,
            demand_index: 1.0,
            consumption: 0.0,
            consumption_base: 0.0,
            median_wage: median_wage(&mine().collect::<Vec<_>>()),
            earmarked: Money::ZERO,
            hand_back: Money::ZERO,
            training_budget: 0.0,
        };
        let feasible = Feasible { share: vec![0.0; Kind::ALL.len()], independence: vec![1.0; Family::ALL.len()] };
        world.spawn((region, feasible));
    }
    parameters.regions.len()
}

/// Wage below which half of the employed of a region work at the start.
fn median_wage(markets: &[&Market]) -> f64 {
    let mut sorted: Vec<_> = markets.iter().map(|market| (market.wage, market.heads[0])).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sorted.iter().map(|(_, heads)| heads).sum::<i64>() as f64 / 2.0;
    let mut below = 0.0;
    for (wage, heads) in &sorted {
        below += *heads as f64;
        if below >= half {
            return *wage;
        }
    }
    0.0
}

fn found_labs(
    parameters: &Parameters,
    stocks: &[Vec<f64>],
    capability: &[Vec<f64>],
    plans: &[SitePlan],
    ledger: &mut Ledger,
    world: &mut World,
) {
    let markets = parameters.regions.len() * Occupation::COUNT;
    let families = Family::ALL.len();
    let place = |name: &String| parameters.regions.iter().position(|region| region == name).unwrap_or(0);
    for (index, name) in parameters.labs.iter().enumerate() {
        let about = &parameters.capture.labs[name];
        let home = place(&about.home);
        let spending = parameters.capture.budget.0 * about.share.0;
        let cash = Money::from_dollars(spending * parameters.settlement.lab_buffer.0);
        let filming = plans.iter().filter(|plan| plan.filming == Some(index)).count();
        let lab = Lab {
            index,
            name: name.clone(),
            home,
            account: ledger.open(Sector::Lab, home, cash),
            fund: ledger.open(Sector::Fund, home, Money::ZERO),
            share: about.share.0,
            collects: about.collects.iter().map(place).collect(),
            stock: vec![0; markets],
            stock_at_start: stocks[index].clone(),
            taken_in: 0,
            taken_in_from: vec![0; parameters.regions.len()],
            taken_in_total: 0,
            robot_hours: vec![0; families],
            sites_at_start: filming.max(1) as f64,
            revenue: std::collections::VecDeque::new(),
            target: 0.0,
            capacity: 0.0,
            capability: capability[index].clone(),
            capability_at_start: capability[index].clone(),
            effective: vec![0.0; families],
            human_share: vec![1.0; families],
            credit: vec![vec![0.0; markets]; families],
            uncredited: vec![1.0; families],
        };
        world.spawn((lab, Books { cost: spending, ..Books::default() }));
    }
}

fn found_makers(parameters: &Parameters, ledger: &mut Ledger, world: &mut World) {
    for &class in Class::ALL {
        let about = &parameters.robots.class[class];
        let home = parameters.regions.iter().position(|region| *region == about.maker).unwrap_or(0);
        let replaced: f64 =
            (0..parameters.regions.len()).map(|r| about.fleet_at_start[r].0).sum::<f64>() / about.life.0;
        let cost = replaced * about.price.0;
        let cash = Money::from_dollars(cost * parameters.sites.cash_buffer.0);
        let maker = Maker {
            class,
            home,
            account: ledger.open(Sector::Maker, home, cash),
            made: about.ever_made.0,
            price: wright_price(about.price.0, about.price_floor.0, 1.0, 1.0, parameters.robots.learning_rate.0),
        };
        world.spawn((maker, Books { cost, ..Books::default() }));
    }
}

fn spawn_sites(
    parameters: &Parameters,
    luck: &Luck,
    clock: &Clock,
    plans: Vec<SitePlan>,
    ledger: &mut Ledger,
    world: &mut World,
) {
    let rounding = luck.at(Stream::Plan, i32::MAX);
    for (index, plan) in plans.into_iter().enumerate() {
        let cash = Money::from_dollars(plan.cost_per_week * parameters.sites.cash_buffer.0);
        let account = ledger.open(Sector::Site, plan.region, cash);
        let fleets = spawn_fleets(parameters, luck, clock, &plan, index, world);
        let crew = |slot: usize| Crew {
            heads: plan.heads[slot],
            skill: plan.skills[slot],
            wanted: plan.heads[slot] as f64,
            rounding: rounding.share(plan.key ^ (slot as u64) << 56),
            ..Crew::default()
        };
        let crews = plan.heads.len();
        let filming = Filming {
            films: plan.filming.is_some(),
            lab: plan.filming,
            offer: plan
                .filming
                .map_or(0.0, |_| parameters.capture.first_offer[parameters.law[plan.region].data_rights].0),
            by_crew: vec![(0, 0); crews],
            ..Filming::default()
        };
        world.spawn((
            Site {
                index,
                key: plan.key,
                region: plan.region,
                kind: plan.kind,
                ordinal: plan.ordinal,
                is_organised: plan.is_organised,
                operator: plan.operator,
                account,
                fleets,
            },
            Staff((0..crews).map(crew).collect()),
            Jobs(plan.jobs),
            Fear(vec![0.0; crews]),
            Stance::default(),
            filming,
            Books { cost: plan.cost_per_week, ..Books::default() },
        ));
    }
}

fn spawn_fleets(
    parameters: &Parameters,
    luck: &Luck,
    clock: &Clock,
    plan: &SitePlan,
    site: usize,
    world: &mut World,
) -> Vec<Entity> {
    let rounding = luck.at(Stream::Orders, i32::MAX);
    let births = luck.at(Stream::Uptime, i32::MAX);
    let robots = &parameters.robots;
    let mut entities = Vec::new();
    for (n, &class) in plan.kind.classes().iter().enumerate() {
        let key = plan.key ^ (1 << 62) ^ (class as u64) << 48;
        let life = robots.class[class].life.0 / clock.weeks;
        let count = plan.robots[n];
        let mut rows = Robots::default();
        for serial in 0..u32::try_from(count).unwrap_or(0) {
            // ages are spread evenly over a life, so that as many retire every week
            let age = (f64::from(serial) + births.share(key)) / count as f64 * life;
            rows.born.push(i16::try_from(i64::from(clock.tick) - whole(age.floor())).unwrap_or(NEVER + 1));
            rows.is_up.push(u8::from(births.share(key ^ u64::from(serial + 1) << 32) < robots.uptime.0));
            rows.serial.push(serial);
        }
        rows.next_serial = u32::try_from(count).unwrap_or(0);
        rows.before = count;
        rows.up = rows.is_up.iter().map(|&up| i64::from(up)).sum();
        let (aware, hurdle) = plan.ranks[n];
        let purchase = Purchase {
            threshold: -maths::ln(1.0 - aware),
            hurdle: robots.hurdle.0 / WEEKS_PER_YEAR
                * maths::exp(robots.hurdle_sigma.0 * maths::normal_quantile(hurdle)),
            plan: count as f64,
            rounding: rounding.share(key),
            has_adopted: count > 0,
            ..Purchase::default()
        };
        entities.push(world.spawn((Fleet { site, class, region: plan.region, key }, rows, purchase)).id());
    }
    entities
}

fn spawn_cohorts(parameters: &Parameters, blocks: &mut [Block], ledger: &mut Ledger, world: &mut World) {
    let persons = i128::from(whole(parameters.run.persons_per_agent.0));
    for (index, block) in blocks.iter_mut().enumerate() {
        let balance = Money(i64::try_from(block.wallets * persons).expect("a cohort's wallets fit an account"));
        let cohort = Cohort {
            index,
            region: block.region,
            occupation: block.occupation,
            market: block.market,
            first: block.first,
            key: block.key,
            sites: (block.first_site, block.sites),
            account: ledger.open(Sector::Workers, block.region, balance),
        };
        let (status, marks, skill, wallet, employer, since, scarred, trained, hours, claim) =
            block.columns.take().expect("columns are made once");
        world.spawn((cohort, status, marks, skill, wallet, employer, since, scarred, trained, hours, claim));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_whole_complete_and_fair() {
        let parts = split(10, &[1.0, 1.0, 2.0], 0.5);
        assert_eq!(parts.iter().sum::<i64>(), 10);
        assert_eq!(parts, [3, 2, 5]);
        // over all draws the mean share is the weight
        let mean: f64 = (0..1000).map(|n| split(10, &[1.0, 2.0], f64::from(n) / 1000.0)[0] as f64).sum::<f64>() / 1e3;
        assert!((mean - 10.0 / 3.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn ranks_are_midpoints_of_strata() {
        assert_eq!(ranks(&[0.9, 0.1]), [0.75, 0.25]);
    }

    #[test]
    fn the_regions_of_the_baseline_have_different_codes() {
        let names = ["BGD", "CHN", "EU27", "IND", "JPN", "MEX", "USA", "VNM"];
        let mut codes: Vec<u64> = names.iter().map(|name| region_code(name)).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), names.len());
    }
}
