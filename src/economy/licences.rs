//! Which lab's models robots run on, and what a licence costs.
//!
//! With `licensing = "territories"` a region's robots run on the models of the one lab that licenses there. With
//! `"competition"` every lab licenses everywhere; of a kind of job at which a robot by lab l can do the share F_l,
//!
//! ```text
//! d_l     = (F_best - F_l) / band               how far behind the best
//! w_l     = e^(-d_l^2)
//! n       = sum: w_l                            labs that are near, 1 to as many as there are
//! new licences of l         = w_l / n
//! licence, as a share of the cost by hand       = alone (n = 1), of two, of three and more; linear between them
//! ```
//!
//! A robot stays with the lab it came with: the share of a lab among the robots at work follows its share of new licences as
//! fast as the fleet of a region is renewed. What robots of a region can do of a kind is the mean over the robots there;
//! licences, subscriptions and the hours that robots record go to their labs by the same shares.
//!
//! Left out: switching a robot to another lab; prices that differ between labs; labs that give up, merge or are founded;
//! exclusive contracts.
//! Source: assumption. A share that falls with rivals is what quantity competition says (Cournot); the band is 10 points of
//! what robots can do, since a narrow band of capability makes all labs near for ever and one of failure tips to a monopoly.

use super::learning::{LearningParameters, feasible_share};
use super::policy::Clock;
use crate::economy::shared::forms::Licensing;
use crate::economy::shared::numbers::numbers;
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::{Class, Family, Kind};
use crate::economy::world::robots::{Feasible, Frontier, Licences, RobotParameters};
use crate::economy::world::sites::{Fleet, Robots};
use crate::ground::list::Listed;
use crate::ground::maths::{self, share_of};
use crate::ground::money::{Money, Part, in_parts};
use bevy_ecs::prelude::*;

/// w: how near a lab is to the best.
pub fn nearness(best: f64, own: f64, band: f64) -> f64 {
    let behind = (best - own) / band;
    maths::exp(-behind * behind)
}

/// Shares of new licences by lab, from what robots by each can do, and n, how many labs are near.
pub fn contest(can_do: &[f64], band: f64) -> (Vec<f64>, f64) {
    let best = can_do.iter().copied().fold(0.0, f64::max);
    let near: Vec<f64> = can_do.iter().map(|&own| nearness(best, own, band)).collect();
    let rivals: f64 = near.iter().sum();
    (near.into_iter().map(|near| share_of(near, rivals)).collect(), rivals)
}

/// Licence as a share of the cost by hand where `rivals` labs are near, from that of one, two and three.
pub fn licence_share(rivals: f64, of: [f64; 3]) -> f64 {
    let between = |one: f64, other: f64, part: f64| one + (other - one) * part.clamp(0.0, 1.0);
    if rivals <= 2.0 { between(of[0], of[1], rivals - 1.0) } else { between(of[1], of[2], rivals - 2.0) }
}

/// Shares out a whole amount to the last unit: every lab its share, rounded down, and the last of them what is left.
/// Of nothing, nobody is given anything.
pub fn share_among(amount: i128, shares: &[f64], mut give: impl FnMut(usize, i128)) {
    if amount == 0 {
        return;
    }
    let Some(last) = shares.iter().rposition(|&share| share > 0.0) else { return };
    let mut left = amount;
    for (lab, &share) in shares.iter().enumerate().take(last).filter(|(_, share)| **share > 0.0) {
        let part = (amount * i128::from(in_parts(share))) >> 40;
        give(lab, part);
        left -= part;
    }
    give(last, left);
}

/// How labs share what robots bring them, in every region by kind of job and by class: worked out once a week.
#[derive(Clone, Debug, PartialEq)]
pub struct Splits {
    labs: usize,
    /// Parts of all labs, split after split.
    parts: Vec<Part>,
    /// The last lab that has a part in each: it has what the others leave.
    last: Vec<Option<usize>>,
}

impl Splits {
    /// From the licences of all regions.
    pub fn of(frontier: &Frontier) -> Splits {
        let lists = frontier.0.iter().map(|feasible| &feasible.licences);
        Splits::of_shares(lists.flat_map(|licences| licences.by_kind.iter().chain(&licences.by_class)))
    }

    /// From lists of shares of the labs, in their order.
    fn of_shares<'a>(lists: impl Iterator<Item = &'a Vec<f64>>) -> Splits {
        let mut splits = Splits { labs: 0, parts: Vec::new(), last: Vec::new() };
        for shares in lists {
            splits.labs = shares.len();
            splits.parts.extend(shares.iter().map(|&share| Part::of(share)));
            splits.last.push(shares.iter().rposition(|&share| share > 0.0));
        }
        splits
    }

    /// Shares out an amount for a kind of job as [`share_among`] does.
    #[inline]
    pub fn for_kind(&self, region: usize, kind: Kind, amount: Money, give: impl FnMut(usize, Money)) {
        self.share_out(region * (Kind::COUNT + Class::COUNT) + kind.index(), amount, give);
    }

    /// Shares out an amount for a class of robots as [`share_among`] does.
    #[inline]
    pub fn for_class(&self, region: usize, class: Class, amount: Money, give: impl FnMut(usize, Money)) {
        self.share_out(region * (Kind::COUNT + Class::COUNT) + Kind::COUNT + class.index(), amount, give);
    }

    #[inline]
    fn share_out(&self, place: usize, amount: Money, mut give: impl FnMut(usize, Money)) {
        let (true, Some(last)) = (amount != Money::ZERO, self.last[place]) else { return };
        let mut left = amount;
        for (lab, &part) in self.parts[place * self.labs..][..last].iter().enumerate() {
            let part = amount.times(part);
            if part != Money::ZERO {
                give(lab, part);
                left -= part;
            }
        }
        give(last, left);
    }
}

/// What robots by each lab can do of a kind of job.
pub fn can_do(learning: &LearningParameters, capability: impl Iterator<Item = f64>, kind: Kind) -> Vec<f64> {
    capability.map(|c| feasible_share(c, learning.chain[kind].0, learning.field_success.0)).collect()
}

/// What robots can do of a kind of job at the start, where the lab of a territory is `licensor`.
pub fn feasible_at_start(
    robots: &RobotParameters,
    learning: &LearningParameters,
    capability: &[Vec<f64>],
    licensor: usize,
    kind: Kind,
) -> f64 {
    let can_do = can_do(learning, capability.iter().map(|lab| lab[kind.family().index()]), kind);
    match robots.licensing {
        Licensing::Territories => can_do[licensor],
        Licensing::Competition => mean(&contest(&can_do, robots.rival_band.0).0, &can_do),
    }
}

fn mean(shares: &[f64], of: &[f64]) -> f64 {
    shares.iter().zip(of).map(|(share, value)| share * value).sum()
}

numbers! { learning: LearningParameters, robots: RobotParameters }

/// Where labs compete, robots come with the models of those that are near, and stay with them.
pub fn license_robots(
    clock: Res<Clock>,
    parameters: Numbers,
    labs: Res<Labs>,
    fleets: Query<(&Fleet, &Robots)>,
    mut frontier: ResMut<Frontier>,
) {
    let robots = &parameters.robots;
    if robots.licensing == Licensing::Territories {
        return;
    }
    let renewed = renewed(&fleets, frontier.0.len(), clock.is_first());
    let alone = [robots.licence.0, robots.licence_of_two.0, robots.licence_of_three.0];
    for &kind in Kind::ALL {
        let family = kind.family().index();
        let can_do = can_do(&parameters.learning, labs.0.iter().map(|lab| lab.model.capability[family]), kind);
        let (new, rivals) = contest(&can_do, robots.rival_band.0);
        for (feasible, renewed) in frontier.0.iter_mut().zip(&renewed) {
            let shares = &mut feasible.licences.by_kind[kind.index()];
            for (share, new) in shares.iter_mut().zip(&new) {
                *share += renewed[kind.class().index()] * (new - *share);
            }
            feasible.share[kind.index()] = mean(shares, &can_do).min(1.0);
            feasible.licences.rivals[kind.index()] = rivals;
            feasible.licences.licence[kind.index()] = licence_share(rivals, alone);
        }
    }
    for feasible in &mut frontier.0 {
        feasible.licences.add_up();
        feasible.rely_on(&labs.0);
    }
}

/// Part of the fleet of each region and class that came in the last tick; all of it where there is none.
fn renewed(fleets: &Query<(&Fleet, &Robots)>, regions: usize, is_first: bool) -> Vec<[f64; Class::COUNT]> {
    let mut counts = vec![[(0_i64, 0_i64); Class::COUNT]; regions];
    for (fleet, robots) in fleets {
        let mine = &mut counts[fleet.region][fleet.class.index()];
        *mine = (mine.0 + robots.delivered, mine.1 + robots.count());
    }
    let part = |(new, all): (i64, i64)| if is_first || all == 0 { 1.0 } else { (new as f64 / all as f64).min(1.0) };
    counts.into_iter().map(|region| region.map(part)).collect()
}

impl Licences {
    /// All robots of a region run on the models of one lab.
    pub fn of_one(licensor: usize, labs: usize, licence: f64) -> Licences {
        let only: Vec<f64> = (0..labs).map(|lab| f64::from(u8::from(lab == licensor))).collect();
        Licences {
            by_kind: vec![only.clone(); Kind::COUNT],
            by_class: vec![only.clone(); Class::COUNT],
            by_family: vec![only; Family::COUNT],
            licence: vec![licence; Kind::COUNT],
            rivals: vec![1.0; Kind::COUNT],
        }
    }

    /// Licence for a kind of job, as a share of the cost by hand, with the part phi of their royalties that the labs
    /// whose models do it pass on.
    pub fn price(&self, kind: Kind, labs: &[Lab], phi: f64) -> f64 {
        let shares = self.by_kind[kind.index()].iter().zip(labs);
        self.licence[kind.index()] * shares.map(|(share, lab)| share * lab.burden.passed_on(phi)).sum::<f64>()
    }

    /// The shares of classes and families: means over their kinds of jobs.
    fn add_up(&mut self) {
        let Licences { by_kind, by_class, by_family, .. } = self;
        let add_up = |shares: &mut [f64], is_mine: &dyn Fn(Kind) -> bool| {
            for (lab, share) in shares.iter_mut().enumerate() {
                let mine = Kind::ALL.iter().filter(|&&kind| is_mine(kind));
                let (sum, count) =
                    mine.fold((0.0, 0.0), |(sum, count), kind| (sum + by_kind[kind.index()][lab], count + 1.0));
                *share = share_of(sum, count);
            }
        };
        for (&class, shares) in Class::ALL.iter().zip(by_class) {
            add_up(shares, &|kind| kind.class() == class);
        }
        for (&family, shares) in Family::ALL.iter().zip(by_family) {
            add_up(shares, &|kind| kind.family() == family);
        }
    }
}

impl Feasible {
    /// How much less help robots need than at the start, by the labs whose models they run on.
    fn rely_on(&mut self, labs: &[Lab]) {
        for &family in Family::ALL {
            let k = family.index();
            let of =
                |lab: &Lab| share_of(1.0 - lab.model.capability_at_start[k], 1.0 - lab.model.capability[k]).max(1.0);
            let shares = &self.licences.by_family[k];
            self.independence[k] = shares.iter().zip(labs).map(|(share, lab)| share * of(lab)).sum::<f64>().max(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_ten_points_behind_has_a_quarter_of_the_new_licences() {
        // d = 1: w = e^-1 = 0.36788; n = 1.36788; shares 0.73106 and 0.26894
        let (shares, rivals) = contest(&[0.5, 0.4], 0.1);
        assert!((rivals - 1.367_88).abs() < 1e-5 && (shares[1] - 0.268_94).abs() < 1e-5, "{shares:?}");
        // thirty points behind: w = e^-9 = 0.00012
        let (shares, rivals) = contest(&[0.9, 0.6], 0.1);
        assert!((rivals - 1.000_12).abs() < 1e-5 && shares[0] > 0.999);
        // three alike share in three
        assert_eq!(contest(&[0.2, 0.2, 0.2], 0.1), (vec![1.0 / 3.0; 3], 3.0));
    }

    #[test]
    fn a_licence_is_cheaper_where_more_labs_are_near() {
        let of = [0.10, 0.06, 0.045];
        assert_eq!([1.0, 2.0, 3.0, 9.0].map(|n| licence_share(n, of)), [0.10, 0.06, 0.045, 0.045]);
        // half way between two and three: 0.06 - 0.5 * 0.015
        assert!((licence_share(2.5, of) - 0.0525).abs() < 1e-15);
        assert!((licence_share(1.25, of) - 0.09).abs() < 1e-15);
    }

    #[test]
    fn what_is_shared_out_adds_up_to_the_last_unit() {
        let thirds = [1.0 / 3.0, 0.0, 1.0 / 3.0, 1.0 / 3.0, 0.0];
        for amount in [0, 1, 2, 100, 1_000_000_000_000_000_001] {
            let mut parts = [0; 5];
            share_among(amount, &thirds, |lab, part| parts[lab] += part);
            assert_eq!((parts.iter().sum::<i128>(), parts[1], parts[4]), (amount, 0, 0));
            assert!(parts.iter().all(|&part| part <= amount / 3 + 3_000_000));
            let mut money = [0; 5];
            let amount = Money(i64::try_from(amount).unwrap());
            let splits = Splits::of_shares([vec![0.0, 1.0, 0.0, 0.0, 0.0], thirds.to_vec()].iter());
            splits.share_out(1, amount, |lab, part| money[lab] += i128::from(part.0));
            assert_eq!(money, parts, "{amount:?}");
        }
        let mut whole = vec![];
        share_among(7, &[0.0, 1.0, 0.0], |lab, part| whole.push((lab, part)));
        assert_eq!(whole, [(1, 7)]);
    }

    #[test]
    fn classes_and_families_have_the_mean_of_their_kinds() {
        let mut licences = Licences::of_one(1, 2, 0.1);
        licences.by_kind[Kind::Picking.index()] = vec![0.5, 0.5];
        licences.add_up();
        // mobile robots pick and move material: (0.5 + 0) / 2; three kinds are handling: 0.5 / 3
        assert_eq!(licences.by_class[Class::Amr.index()], [0.25, 0.75]);
        assert!((licences.by_family[Family::Handling.index()][0] - 1.0 / 6.0).abs() < 1e-15);
        assert_eq!(licences.by_class[Class::Van.index()], [0.0, 1.0]);
    }
}
