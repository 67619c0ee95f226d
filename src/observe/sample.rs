//! Who is in the panel: a stratified sample of workers with weights that add up to the population.
//!
//! A stratum is a labour market (region x occupation). Sizes go with the square root of its population,
//! so that small regions are seen and large ones seen better; within a stratum every k-th worker
//! is taken from a random start. Ordinals are in the order of first status and first site, so the sample is
//! spread over both. A worker's weight is the population of the stratum divided by its sample, in whole
//! persons: within a stratum weights differ by one person at most, and they add up exactly. Where a region's people become
//! more, the places for them are sampled as densely from the start, and empty until somebody enters there.

use super::rows::WorkerId;
use crate::economy::Parameters;
use crate::economy::shared::streams::Stream;
use crate::economy::shared::weights::Weights;
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::{Market, MarketId};
use crate::economy::world::people::Cohort;
use crate::ground::list::Listed;
use crate::ground::numbers::whole;
use crate::ground::random::Luck;
use serde::{Deserialize, Serialize};

/// A member of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub who: WorkerId,
    /// People the member stands for.
    pub weight: i64,
}

/// Demands that a panel of this size can stand for everybody.
///
/// # Errors
/// The sizes that are possible.
pub fn check_size(parameters: &Parameters) -> Result<(), String> {
    let (size, strata) = (parameters.run.panel as usize, MarketId::count(parameters.regions.len()));
    if size > 0 && size < 2 * strata {
        return Err(format!(
            "{size} workers are too few; write 0 for no panel, or at least {}: two for each of {} regions and {} occupations",
            2 * strata,
            parameters.regions.len(),
            Occupation::COUNT
        ));
    }
    Ok(())
}

/// Draws the panel of a world whose regions have these names, in the order of markets and ordinals: so many of the workers
/// at the founding, or everybody, and of the places that fill later as large a part. `places` are those of each market, for
/// its people at their most.
pub fn draw(
    wanted: u32,
    weights: &Weights,
    regions: &[String],
    luck: &Luck,
    (markets, places): (&[Market], &[i64]),
) -> Vec<Member> {
    let strata: Vec<Stratum> =
        markets.iter().map(|market| Stratum { agents: market.people(), lots: market.lots }).collect();
    let start = luck.at(Stream::Panel, 0);
    let mut members = Vec::new();
    for ((market, &size), &places) in markets.iter().zip(&sizes(&strata, i64::from(wanted))).zip(places) {
        let (region, occupation) = (market.region, Occupation::ALL[market.occupation]);
        let (people, persons) = (market.people(), weights.persons(market.id()));
        let first = start.share(Cohort::market_key(&regions[region], occupation));
        let member = |(ordinal, weight)| Member { who: WorkerId { region, occupation, ordinal }, weight };
        members.extend(every_kth(0, people, size, persons, first).map(member));
        let later = later(people, places, size);
        members.extend(every_kth(people, places - people, later, persons, first).map(member));
    }
    members
}

/// How many of the places that are empty at the founding are in a sample of so many of its people: as large a part of them,
/// rounded up.
fn later(people: i64, places: i64, size: i64) -> i64 {
    if people > 0 { ((places - people) * size + people - 1) / people } else { 0 }
}

/// Ordinals and weights of so many of the `all` places from `from` on, `persons` in each: evenly apart, from the share
/// `first` of a step on. The weights differ by one at most and add up to everybody's.
fn every_kth(from: i64, all: i64, size: i64, persons: i64, first: f64) -> impl Iterator<Item = (u32, i64)> {
    (0..size).map(move |k| {
        let place = whole(((k as f64 + first) * all as f64 / size as f64).floor()).min(all - 1);
        let ordinal = u32::try_from(from + place).expect("fewer than 2^32 workers in a market");
        (ordinal, all * persons / size + i64::from(k < all * persons % size))
    })
}

/// A labour market as a part of the population.
#[derive(Clone, Copy, Debug)]
pub struct Stratum {
    /// Agents, of whom each can be in the panel once.
    pub agents: i64,
    /// Lots of people that each stands for.
    pub lots: i64,
}

/// Sample sizes that add up to `wanted`, or to everybody: in proportion to the square root of the
/// population, at least two of each stratum where there are two.
pub fn sizes(strata: &[Stratum], wanted: i64) -> Vec<i64> {
    let people: Vec<i64> = strata.iter().map(|stratum| stratum.agents).collect();
    let wanted = wanted.min(people.iter().sum());
    let mut sizes: Vec<i64> = people.iter().map(|&all| all.min(2)).collect();
    let given: i64 = sizes.iter().sum();
    let mut left = (wanted - given).max(0);
    while left > 0 {
        let open: Vec<usize> = (0..people.len()).filter(|&h| sizes[h] < people[h]).collect();
        let weight = |h: usize| libm::sqrt((people[h] * strata[h].lots) as f64);
        let total: f64 = open.iter().map(|&h| weight(h)).sum();
        let before = left;
        for &h in &open {
            let part = whole((before as f64 * weight(h) / total).floor()).min(people[h] - sizes[h]).min(left);
            sizes[h] += part;
            left -= part;
        }
        if left == before {
            // less than one each: the largest strata get the odd ones
            let mut order = open;
            order.sort_by_key(|&h| std::cmp::Reverse(people[h] * strata[h].lots));
            for h in order {
                let part = i64::from(left > 0);
                sizes[h] += part;
                left -= part;
            }
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strata of so many agents, each of whom stands for as many people as any other.
    fn alike<const N: usize>(agents: [i64; N]) -> [Stratum; N] {
        agents.map(|agents| Stratum { agents, lots: 1 })
    }

    #[test]
    fn sizes_follow_the_square_root_and_add_up() {
        // roots 100, 10, 1; two each first, then 994 by root: 895, 89 and 8, capped at what there is
        let sizes = sizes(&alike([10_000, 100, 1]), 1_000);
        assert_eq!(sizes.iter().sum::<i64>(), 1_000);
        assert_eq!(sizes[2], 1);
        assert!((900..=911).contains(&sizes[0]) && (89..=100).contains(&sizes[1]), "{sizes:?}");
    }

    #[test]
    fn places_that_fill_later_are_sampled_as_densely() {
        // 20 of 100 people, and 13 places more: a fifth of them is 2.6, hence 3, who stand for 13 times 10 persons
        assert_eq!(later(100, 113, 20), 3);
        assert_eq!((later(100, 100, 20), later(0, 0, 0), later(5, 7, 5)), (0, 0, 2));
        let sampled: Vec<(u32, i64)> = every_kth(100, 13, 3, 10, 0.5).collect();
        // steps of 13/3 from 100: 100 + 2.17, 6.5 and 10.83; 130 persons are 44, 43 and 43
        assert_eq!(sampled, [(102, 44), (106, 43), (110, 43)]);
        assert_eq!(every_kth(100, 0, 0, 10, 0.5).count(), 0);
    }

    #[test]
    fn sizes_follow_people_and_not_agents() {
        // as many people in 10,000 agents of one person as in 100 of 100
        let strata = [Stratum { agents: 10_000, lots: 1 }, Stratum { agents: 100, lots: 100 }];
        assert_eq!(sizes(&strata, 100), [50, 50]);
    }

    #[test]
    fn a_panel_as_large_as_the_population_is_everybody() {
        assert_eq!(sizes(&alike([5, 0, 17]), 100), [5, 0, 17]);
        assert_eq!(sizes(&alike([5, 0, 17]), 22), [5, 0, 17]);
    }
}
