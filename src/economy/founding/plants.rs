//! Which sites there are: how large, whose, who films and who owns robots at the start.

use super::split;
use crate::economy::Parameters;
use crate::economy::capture::raw_hour_cost;
use crate::economy::shared::streams::Stream;
use crate::economy::shared::weights::Weights;
use crate::economy::world::jobs::Job;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, SiteType};
use crate::economy::world::markets::{Market, MarketId};
use crate::economy::world::people::Cohort;
use crate::economy::world::sites::{Site, SiteParameters, SiteTrait};
use crate::ground::list::Listed;
use crate::ground::maths::{self, share_of};
use crate::ground::numbers::whole;
use crate::ground::random::{Key, Luck, UnitLogNormal};
use rand_distr::Distribution;

/// A site before it exists.
pub(super) struct SitePlan {
    pub(super) region: usize,
    pub(super) kind: SiteType,
    pub(super) ordinal: usize,
    pub(super) key: Key,
    pub(super) is_organised: bool,
    /// Wages against the mean of the region's sites of the type.
    pub(super) wage_level: f64,
    pub(super) operator: Option<usize>,
    /// By occupation of the site.
    pub(super) crews: Vec<CrewPlan>,
    /// By class of the site.
    pub(super) fleets: Vec<FleetPlan>,
    pub(super) filming: Option<usize>,
    pub(super) jobs: Vec<Job>,
    pub(super) cost_per_week: f64,
    pub(super) sales_per_week: f64,
}

/// A crew before it exists: agents, and the sum of their skill factors.
pub(super) struct CrewPlan {
    pub(super) heads: i64,
    pub(super) skill: i64,
}

/// A fleet before it exists: robot agents, and the site's place in the orders of awareness and of hurdles, 0 to 1.
pub(super) struct FleetPlan {
    pub(super) robots: i64,
    pub(super) aware: f64,
    pub(super) hurdle: f64,
}

impl SitePlan {
    /// Who works there at the start, in lots.
    fn lots(&self, weights: &Weights) -> i64 {
        let crews = self.kind.occupations().iter().zip(&self.crews);
        crews.map(|(&occupation, crew)| crew.heads * weights.lots_of(self.region, occupation)).sum()
    }
}

pub(super) fn plan_sites(parameters: &Parameters, luck: &Luck, markets: &[Market]) -> Vec<SitePlan> {
    let mut plans = Vec::new();
    for region in 0..parameters.regions.len() {
        for &kind in SiteType::ALL {
            plan_sites_of(parameters, luck, markets, region, kind, &mut plans);
        }
    }
    if parameters.capture.path.films_before_start() {
        equip_labs(parameters, &mut plans);
    }
    plans
}

/// Lets one site more film for each lab whose sites have too few people for what it buys at the start: the smallest
/// that has enough even if half of them refuse. Sites stand for many firms: of a few that film, none may be a lab's.
fn equip_labs(parameters: &Parameters, plans: &mut [SitePlan]) {
    let capture = &parameters.capture;
    let cost = raw_hour_cost(capture, capture.price.0, 0.0, 0.0);
    let people = |plan: &SitePlan| plan.lots(&parameters.weights) as f64 * parameters.weights.lot() as f64;
    for (lab, name) in parameters.labs.iter().enumerate() {
        let about = &capture.labs[name];
        let needed = 2.0 * share_of(capture.path.at_start.0 * about.share.0, cost * capture.most_hours.0);
        let own = plans.iter().filter(|plan| plan.filming == Some(lab));
        if own.map(people).sum::<f64>() >= needed {
            continue;
        }
        let is_open = |plan: &&mut SitePlan| {
            let is_free = plan.kind == SiteType::Factory && plan.filming.is_none();
            is_free && about.collects.contains(&parameters.regions[plan.region]) && people(plan) >= needed
        };
        let smallest = plans.iter_mut().filter(is_open).min_by_key(|plan| plan.lots(&parameters.weights));
        if let Some(plan) = smallest {
            plan.filming = Some(lab);
        }
    }
}

/// The sites of a type in a region: how many, with which keys, of which sizes.
struct Sizes {
    keys: Vec<Key>,
    /// Sizes against each other.
    weights: Vec<f64>,
}

impl Sizes {
    /// As many as so many agents, who stand for so many persons, in so many crews a site ask for.
    fn draw(
        parameters: &Parameters,
        luck: &Luck,
        region: usize,
        kind: SiteType,
        (agents, persons): (i64, f64),
    ) -> Sizes {
        let sizes = &parameters.sites;
        let wanted = (persons / sizes.persons_per_site.0).round().clamp(sizes.fewest.0, sizes.most.0);
        let least = sizes.least_crew.0 * kind.occupations().len() as f64;
        let count = whole(wanted.min((agents as f64 / least).floor()).max(1.0)).unsigned_abs() as usize;
        let name = &parameters.regions[region];
        let keys: Vec<Key> = (0..count).map(|ordinal| Site::key_of(name, kind, ordinal)).collect();
        let size = UnitLogNormal { sigma: sizes.size_sigma.0 };
        let draws = luck.at(Stream::SiteSize, 0);
        let weights = keys.iter().map(|&key| size.sample(&mut draws.draws(key))).collect();
        Sizes { keys, weights }
    }
}

/// Agents who work at a region's sites of a type at the start, of a market.
fn employed(markets: &[Market], region: usize, occupation: Occupation) -> i64 {
    markets[MarketId::of(region, occupation).index()].heads[0]
}

/// Who works at a region's sites of a type at the start: agents, and persons.
fn people_at(parameters: &Parameters, markets: &[Market], region: usize, kind: SiteType) -> (i64, f64) {
    let occupations = || kind.occupations().iter();
    let agents: i64 = occupations().map(|&o| employed(markets, region, o)).sum();
    let lots = |o: Occupation| parameters.weights.lots_of(region, o);
    let persons = occupations().map(|&o| employed(markets, region, o) * lots(o)).sum::<i64>() as f64;
    (agents, persons * parameters.weights.lot() as f64)
}

/// Agents of each crew, by occupation of the sites and by site.
fn crews_of(
    parameters: &Parameters,
    luck: &Luck,
    markets: &[Market],
    region: usize,
    kind: SiteType,
    weights: &[f64],
) -> Vec<Vec<i64>> {
    let odd_ones = luck.at(Stream::Split, 0);
    let odd = |o: Occupation| odd_ones.share(Cohort::market_key(&parameters.regions[region], o));
    kind.occupations().iter().map(|&o| split(employed(markets, region, o), weights, odd(o))).collect()
}

/// The wage level of each site of a region and type, whose crews by occupation are these.
fn wages_of(
    parameters: &Parameters,
    (region, kind): (usize, SiteType),
    crews: &[Vec<i64>],
    is_organised: impl Fn(usize) -> bool,
    rank: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let lots = |o: Occupation| parameters.weights.lots_of(region, o);
    let paid = |ordinal: usize| Paid {
        lots: crews.iter().zip(kind.occupations()).map(|(crew, &o)| crew[ordinal] * lots(o)).sum(),
        is_organised: is_organised(ordinal),
        rank: rank(ordinal),
    };
    let sites = crews.first().map_or(0, Vec::len);
    wage_levels(&parameters.sites, &(0..sites).map(paid).collect::<Vec<_>>())
}

fn plan_sites_of(
    parameters: &Parameters,
    luck: &Luck,
    markets: &[Market],
    region: usize,
    kind: SiteType,
    plans: &mut Vec<SitePlan>,
) {
    let (agents, persons) = people_at(parameters, markets, region, kind);
    let Sizes { keys, weights } = Sizes::draw(parameters, luck, region, kind, (agents, persons));
    let traits = luck.at(Stream::SiteTraits, 0);
    let ranks_of = |which: SiteTrait| ranks(&keys.iter().map(|key| traits.share(key.and(which))).collect::<Vec<_>>());
    let organised = ranks_of(SiteTrait::Organised);
    let crews = crews_of(parameters, luck, markets, region, kind, &weights);
    let filming = first_filming(parameters, luck, region, kind, &keys, &weights);
    let operators = operators_of(parameters, region, kind, &weights, persons);
    let is_organised = |ordinal: usize| organised[ordinal] < parameters.labour.organised[kind][region].0;
    // an operator decides as one: at the median of the region
    let rank_at = |ordinal: usize, ranks: &[f64]| if operators[ordinal].is_some() { 1.0 / 2.0 } else { ranks[ordinal] };
    let of_wages = ranks_of(SiteTrait::Wages);
    let rank_of_wage = |ordinal: usize| rank_at(ordinal, &of_wages);
    let wages = wages_of(parameters, (region, kind), &crews, is_organised, rank_of_wage);
    let fleets_of = |&class: &Class| {
        let robots = first_fleets(parameters, region, kind, class, &weights);
        let (thresholds, hurdles) = (ranks_of(SiteTrait::Threshold(class)), ranks_of(SiteTrait::Hurdle(class)));
        move |ordinal: usize| FleetPlan {
            robots: robots[ordinal],
            aware: rank_at(ordinal, &thresholds),
            hurdle: rank_at(ordinal, &hurdles),
        }
    };
    let fleets: Vec<_> = kind.classes().iter().map(fleets_of).collect();
    for (ordinal, &key) in keys.iter().enumerate() {
        plans.push(SitePlan {
            region,
            kind,
            ordinal,
            key,
            is_organised: is_organised(ordinal),
            wage_level: wages[ordinal],
            operator: operators[ordinal],
            crews: crews.iter().map(|crew| CrewPlan { heads: crew[ordinal], skill: 0 }).collect(),
            fleets: fleets.iter().map(|fleet| fleet(ordinal)).collect(),
            filming: filming[ordinal],
            jobs: Vec::new(),
            cost_per_week: 0.0,
            sales_per_week: 0.0,
        });
    }
}

/// What the wages of a site depend on.
struct Paid {
    /// Who works there.
    lots: i64,
    is_organised: bool,
    /// Place in the order of wages, 0 to 1.
    rank: f64,
}

/// Wages of the sites of a region and type against their mean, which is weighted by heads.
fn wage_levels(parameters: &SiteParameters, sites: &[Paid]) -> Vec<f64> {
    let level = |site: &Paid| {
        let premium = if site.is_organised { parameters.organised_wage.0 } else { 1.0 };
        wage_level(parameters.wage_sigma.0, premium, site.rank)
    };
    let levels: Vec<f64> = sites.iter().map(level).collect();
    let mean = mean_level(sites.iter().map(|site| site.lots).zip(levels.iter().copied()));
    levels.into_iter().map(|level| level / mean).collect()
}

/// Lognormal by the rank, `premium` times as high where work is organised.
fn wage_level(sigma: f64, premium: f64, rank: f64) -> f64 {
    premium * maths::exp(sigma * maths::normal_quantile(rank))
}

/// Mean over heads; 1 where nobody works.
fn mean_level(sites: impl Iterator<Item = (i64, f64)>) -> f64 {
    let (heads, bill) =
        sites.fold((0.0, 0.0), |(all, bill), (heads, level)| (all + heads as f64, bill + heads as f64 * level));
    if bill > 0.0 { bill / heads } else { 1.0 }
}

/// Ranks of draws as midpoints of equal strata: 0.5/n, 1.5/n, ...
pub(super) fn ranks(draws: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|&a, &b| draws[a].total_cmp(&draws[b]));
    let mut ranks = vec![0.0; draws.len()];
    for (place, &index) in order.iter().enumerate() {
        ranks[index] = (place as f64 + 1.0 / 2.0) / draws.len() as f64;
    }
    ranks
}

pub(super) fn largest_first(weights: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
    order
}

/// Robots at work at the start go to the largest sites, by size. Those that pick or handle go to warehouses.
pub(super) fn first_fleets(
    parameters: &Parameters,
    region: usize,
    kind: SiteType,
    class: Class,
    weights: &[f64],
) -> Vec<i64> {
    let about = &parameters.robots.class[class];
    let mut fleets = vec![0; weights.len()];
    if kind == SiteType::Factory && class == Class::Amr {
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
pub(super) fn first_filming(
    parameters: &Parameters,
    luck: &Luck,
    region: usize,
    kind: SiteType,
    keys: &[Key],
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
    let traits = luck.at(Stream::SiteTraits, 0);
    let mut sites: Vec<usize> = (0..keys.len()).collect();
    sites.sort_by_cached_key(|&site| (traits.bits(keys[site].and(SiteTrait::FilmsFirst)), site));
    let capture = &parameters.capture;
    let share = capture.filming_at_start[region].0 * capture.path.filming_at_start();
    let mut left = share * weights.iter().sum::<f64>();
    for site in sites {
        if left <= 0.0 || traits.share(keys[site].and(SiteTrait::FilmsLast)) * weights[site] >= left {
            break;
        }
        left -= weights[site];
        let all: f64 = collectors.iter().map(|(_, share)| share).sum();
        let mut lot = traits.share(keys[site].and(SiteTrait::FilmsFor)) * all;
        let chosen = collectors.iter().find(|(_, share)| {
            lot -= share;
            lot < 0.0
        });
        filming[site] = chosen.or(collectors.last()).map(|&(lab, _)| lab);
    }
    filming
}

/// Which sites belong to which operator: the largest sites alternately in and out until it has its people.
pub(super) fn operators_of(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wages_differ_between_sites_and_their_mean_does_not_move() {
        // 30 of 100 heads at organised sites, which pay 20 % more: the mean is 1.06
        assert!((mean_level([(30, 1.2), (70, 1.0)].into_iter()) - 1.06).abs() < 1e-12);
        assert_eq!(mean_level([(30, 1.0), (70, 1.0), (3, 1.0)].into_iter()), 1.0);
        assert_eq!(mean_level([(0, 2.0)].into_iter()), 1.0);
        // a sixth of the normal distribution lies beyond 0.96742: e^(0.35 * 0.96742) = 1.40302 against the median
        assert!((wage_level(0.35, 1.0, 5.0 / 6.0) - 1.403_02).abs() < 1e-4);
        assert!((wage_level(0.35, 1.2, 1.0 / 6.0) - 1.2 / 1.403_02).abs() < 1e-4);
        assert_eq!(wage_level(0.0, 1.0, 0.3), 1.0);
    }
}
