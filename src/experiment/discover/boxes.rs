//! Boxes one after another: peeled, pasted, and without the limits that chance could have made.

use super::peel::{Prim, Step};
use super::shape::{Bounds, inside};
use super::trust::{Again, Limit, found_again, limits};

/// A box that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The box.
    pub step: Step,
    /// Each of its limits, and how far to trust it.
    pub limits: Vec<Limit>,
    /// The boxes that peeling went through, from all points on.
    pub way: Vec<Step>,
}

impl Prim<'_> {
    /// Boxes one after another, each of the points that those before it left; it ends where no box holds more
    /// cases than chance would put there, or after `most`.
    pub fn boxes(&self, most: usize) -> Vec<Found> {
        let mut left: Vec<usize> = (0..self.is_case.len()).collect();
        let mut boxes = Vec::new();
        while boxes.len() < most {
            let Some(found) = self.find(&left) else { break };
            let taken = inside(self.columns, &found.step.shape, &left);
            left.retain(|point| taken.binary_search(point).is_err());
            boxes.push(found);
        }
        boxes
    }

    /// The best box of these points, if there is one that chance does not explain.
    fn find(&self, points: &[usize]) -> Option<Found> {
        let way = self.peel(points);
        let all = self.cases(points);
        let again = found_again(self, points);
        let finished = |step: &Step| {
            let (shape, limits) = self.pruned(self.pasted(&step.shape, points), points, &again)?;
            Some((self.step(shape, points), limits))
        };
        let (step, limits) = match self.rules.density {
            // what is pruned can fall below the density, and then the next box may have it
            Some(least) => {
                let dense = way.iter().filter(|step| step.density() >= least);
                dense.filter_map(finished).find(|(step, _)| step.density() >= least)
            }
            None => self.chosen(&way, all).and_then(finished),
        }?;
        let odds = |cases: usize, points: usize| cases as f64 / (points - cases) as f64;
        let is_worth = odds(step.cases, step.points) >= self.rules.odds_min * odds(all, points.len());
        is_worth.then_some(Found { step, limits, way })
    }

    /// The box and its limits, without those that chance could have made or other points would not make, the
    /// most doubtful dropped first.
    fn pruned(&self, mut shape: Vec<Bounds>, points: &[usize], again: &Again) -> Option<(Vec<Bounds>, Vec<Limit>)> {
        loop {
            let limits = limits(self, &shape, points, again);
            let is_doubtful = |limit: &&Limit| {
                limit.chance > self.rules.chance_max || (self.rules.halves > 0 && limit.again < self.rules.again_min)
            };
            let worse = |a: &&Limit, b: &&Limit| a.chance.total_cmp(&b.chance).then(b.again.total_cmp(&a.again));
            let Some(limit) = limits.iter().filter(is_doubtful).max_by(worse) else {
                return (!limits.is_empty()).then_some((shape, limits));
            };
            shape[limit.factor] = shape[limit.factor].relaxed(&limit.side);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::peel::Rules;
    use super::super::shape::Column;
    use super::super::shape::Side;
    use super::*;
    use crate::economy::shared::streams::Stream;
    use crate::ground::random::{Key, Luck};

    /// Uniform points of three numbers and a word; cases where the first is under 0.3 and the second over 0.6,
    /// one label in fifty wrong.
    fn planted(points: u64) -> (Vec<Column>, Vec<bool>) {
        let chance = Luck::new(4, 0).at(Stream::Resample, 0);
        let number = |n: u64| Column::Numbers((0..points).map(|key| chance.share(Key::numbered(key).and(n))).collect());
        let words = ["lab", "hub", "site"].map(str::to_owned).to_vec();
        let places = (0..points).map(|key| (chance.bits(Key::numbered(key).and(3_u64)) % 3) as usize).collect();
        let columns = vec![number(0), number(1), number(2), Column::Words { places, words }];
        let (Column::Numbers(one), Column::Numbers(two)) = (&columns[0], &columns[1]) else { unreachable!() };
        let holds = one.iter().zip(two).map(|(&one, &two)| one < 0.3 && two > 0.6);
        let is_case = holds
            .zip(0..points)
            .map(|(holds, key)| holds ^ (chance.share(Key::numbered(key).and(4_u64)) < 0.02))
            .collect();
        (columns, is_case)
    }

    /// The box is found within the spacing of the points: of 2,000 points, the limits lie within 0.03 of the
    /// planted ones (a slice of a box of 240 points is 12 of them, 0.015 of the width); the third number and the
    /// word stay free.
    #[test]
    fn a_planted_box_is_found() {
        let (columns, is_case) = planted(2_000);
        let prim = Prim { columns: &columns, is_case: &is_case, rules: Rules::default() };
        let boxes = prim.boxes(3);
        let shape = &boxes[0].step.shape;
        assert!((shape[0].high.unwrap() - 0.3).abs() < 0.03, "{shape:?}");
        assert!((shape[1].low.unwrap() - 0.6).abs() < 0.03, "{shape:?}");
        assert!(shape[0].low.is_none() && shape[1].high.is_none(), "{shape:?}");
        assert!(shape[2].sides().is_empty() && shape[3].sides().is_empty(), "{shape:?}");
        let all = is_case.iter().filter(|&&is_case| is_case).count();
        let step = &boxes[0].step;
        // 240 cases of the box, 2 % wrong inside and 35 wrong outside: density 0.98, coverage 235/270 = 0.87
        assert!(step.density() > 0.93 && step.coverage(all) > 0.8, "{step:?} of {all}");
        // each limit is far beyond chance, and nearly every half finds it again
        for limit in &boxes[0].limits {
            assert!(limit.chance < 1e-6 && limit.again >= 0.9, "{limit:?}");
        }
        assert_eq!(boxes[0].limits.len(), 2);
        // what is left are wrong labels: no box
        assert_eq!(boxes.len(), 1, "{:?}", boxes[1].step);
    }

    #[test]
    fn a_word_makes_a_box() {
        let (columns, _) = planted(600);
        let Column::Words { places, .. } = &columns[3] else { unreachable!() };
        let is_case: Vec<bool> = places.iter().map(|&place| place == 1).collect();
        let prim = Prim { columns: &columns, is_case: &is_case, rules: Rules::default() };
        let boxes = prim.boxes(3);
        assert_eq!(boxes.len(), 1);
        assert_eq!(boxes[0].step.shape[3].without, [0, 2].into());
        assert_eq!((boxes[0].step.density(), boxes[0].step.coverage(boxes[0].step.cases)), (1.0, 1.0));
        assert_eq!(boxes[0].limits.len(), 1);
    }

    /// Cases that depend on nothing: of 20 seeds of labels at random at most one finds a box, although the search
    /// looks for dense places; without the tests most do.
    #[test]
    fn labels_at_random_make_hardly_any_box() {
        let (columns, _) = planted(400);
        let found = |rules: Rules| {
            let holds = |seed: u64| {
                let chance = Luck::new(seed, 0).at(Stream::Resample, 1);
                let is_case: Vec<bool> = (0..400).map(|key| chance.share(Key::numbered(key)) < 0.3).collect();
                !Prim { columns: &columns, is_case: &is_case, rules }.boxes(1).is_empty()
            };
            (0..20).filter(|&seed| holds(seed)).count()
        };
        let with = found(Rules::default());
        let without = found(Rules { chance_max: 1.0, halves: 0, odds_min: 0.0, ..Rules::default() });
        assert!(with <= 1 && without >= 10, "{with} and {without} of 20");
    }

    #[test]
    fn values_that_repeat_come_off_together() {
        // a grid of five by five, cases where both are at least 3: 4 of 25
        let grid = |by: usize| Column::Numbers((0..25).map(|n| (n / by % 5) as f64).collect());
        let columns = [grid(1), grid(5)];
        let is_case: Vec<bool> = (0..25).map(|n| n % 5 >= 3 && n / 5 >= 3).collect();
        let rules = Rules { chance_max: 0.2, halves: 0, ..Rules::default() };
        let prim = Prim { columns: &columns, is_case: &is_case, rules };
        let boxes = prim.boxes(1);
        let lows: Vec<Option<f64>> = boxes[0].step.shape.iter().map(|bounds| bounds.low).collect();
        assert_eq!(lows, [Some(3.0), Some(3.0)]);
        assert_eq!(boxes[0].step.points, 4);
        assert_eq!(columns[0].beyond(&Side::Low, 3.0), Some(2.0));
    }

    #[test]
    fn a_density_that_is_asked_for_is_met_by_the_largest_box() {
        let (columns, is_case) = planted(1_000);
        let rules = Rules { density: Some(0.5), ..Rules::default() };
        let prim = Prim { columns: &columns, is_case: &is_case, rules };
        let found = prim.boxes(1).remove(0);
        let usual = Prim { rules: Rules::default(), ..prim }.boxes(1).remove(0);
        assert!(found.step.density() >= 0.5 && found.step.points > usual.step.points, "{found:?} {usual:?}");
    }
}
