//! Peeling, pasting, and choosing one of the boxes on the way.

use super::shape::{Bounds, Column, Side, inside};

/// How to look for boxes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Share of a box's points that one slice takes, at most where values repeat.
    pub slice: f64,
    /// The least share of all points that a box may hold.
    pub mass_min: f64,
    /// A density that is enough; none for the largest harmonic mean of coverage and density.
    pub density: Option<f64>,
    /// The largest quasi-p-value with which a limit stays.
    pub chance_max: f64,
    /// How many random halves are searched again.
    pub halves: u32,
    /// The least share of halves that must set a limit on the same side for it to stay.
    pub again_min: f64,
    /// How many times the odds of the points it is taken from a box must have.
    pub odds_min: f64,
    /// Seed of the halves.
    pub seed: u64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            slice: 0.05,
            mass_min: 0.05,
            density: None,
            chance_max: 0.05,
            halves: 20,
            again_min: 0.5,
            odds_min: 2.0,
            seed: 1,
        }
    }
}

/// A box on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its bounds, by factor.
    pub shape: Vec<Bounds>,
    /// Points in it.
    pub points: usize,
    /// Cases in it.
    pub cases: usize,
}

/// Points, and which of them are cases.
pub struct Prim<'a> {
    /// Factors.
    pub columns: &'a [Column],
    /// By point.
    pub is_case: &'a [bool],
    /// How to look.
    pub rules: Rules,
}

impl Prim<'_> {
    /// The box of a way that holds most of the cases and little else.
    pub(super) fn chosen<'w>(&self, way: &'w [Step], all: usize) -> Option<&'w Step> {
        let enough = self.rules.density.and_then(|least| way.iter().find(|step| step.density() >= least));
        let mean = |step: &Step| step.harmonic(all);
        let best = || way.iter().reduce(|best, step| if mean(step) > mean(best) { step } else { best });
        enough.or_else(best).filter(|step| step.cases > 0)
    }

    pub(super) fn cases(&self, points: &[usize]) -> usize {
        points.iter().filter(|&&point| self.is_case[point]).count()
    }

    pub(super) fn step(&self, shape: Vec<Bounds>, points: &[usize]) -> Step {
        let held = inside(self.columns, &shape, points);
        Step { cases: self.cases(&held), points: held.len(), shape }
    }

    fn least(&self) -> usize {
        let least = libm::ceil(self.rules.mass_min * self.is_case.len() as f64);
        (crate::ground::numbers::whole(least).unsigned_abs() as usize).max(2)
    }

    /// All boxes from these points down to the smallest that is allowed.
    pub(super) fn peel(&self, points: &[usize]) -> Vec<Step> {
        let mut shape = vec![Bounds::default(); self.columns.len()];
        let mut held = points.to_vec();
        // a half of the points may hold half as many
        let least = (self.least() * points.len()).div_ceil(self.is_case.len().max(1)).max(2);
        let mut way = vec![self.step(shape.clone(), &held)];
        while way.last().is_some_and(|step| step.cases > 0 && step.cases < step.points) {
            let Some((factor, bounds, kept)) = self.best_slice(&shape, &held, least) else { break };
            shape[factor] = bounds;
            held = kept;
            way.push(Step { shape: shape.clone(), points: held.len(), cases: self.cases(&held) });
        }
        way
    }

    /// The slice whose loss raises the density most for each point that is lost, which is the plain rule where all
    /// slices are alike and does not favour words, that come off in large pieces (Kwakkel and Jaxa-Rozen 2016).
    fn best_slice(&self, shape: &[Bounds], held: &[usize], least: usize) -> Option<(usize, Bounds, Vec<usize>)> {
        let before = self.cases(held) as f64 / held.len() as f64;
        let mut best: Option<(f64, usize, Bounds, Vec<usize>)> = None;
        for (factor, column) in self.columns.iter().enumerate() {
            for bounds in self.slices(column, &shape[factor], held) {
                let kept: Vec<usize> = held.iter().copied().filter(|&point| column.is_inside(point, &bounds)).collect();
                if kept.len() < least || kept.len() == held.len() {
                    continue;
                }
                let gain = self.cases(&kept) as f64 / kept.len() as f64 - before;
                let worth = gain / (held.len() - kept.len()) as f64;
                if best.as_ref().is_none_or(|best| worth > best.0) {
                    best = Some((worth, factor, bounds, kept));
                }
            }
        }
        best.map(|(_, factor, bounds, kept)| (factor, bounds, kept))
    }

    /// What would be left of a factor's bounds without one slice.
    fn slices(&self, column: &Column, bounds: &Bounds, held: &[usize]) -> Vec<Bounds> {
        match column {
            Column::Numbers(numbers) => {
                let mut sorted: Vec<f64> = held.iter().map(|&point| numbers[point]).collect();
                sorted.sort_by(f64::total_cmp);
                let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else { return Vec::new() };
                let size = whole_part(self.rules.slice * sorted.len() as f64).max(1);
                // where values repeat the slice takes all of the outermost
                let low = sorted.iter().copied().skip(size).find(|&number| number > first);
                let high = sorted.iter().rev().copied().skip(size).find(|&number| number < last);
                let above = low.map(|low| Bounds { low: Some(low), ..bounds.clone() });
                let below = high.map(|high| Bounds { high: Some(high), ..bounds.clone() });
                above.into_iter().chain(below).collect()
            }
            Column::Words { words, .. } => {
                let word = |word: usize| {
                    let mut bounds = bounds.clone();
                    bounds.without.insert(word).then_some(bounds)
                };
                (0..words.len()).filter_map(word).collect()
            }
        }
    }

    /// The box with slices pasted on as long as the density does not fall, or not below the one asked for; the slices
    /// get thinner, down to single points, so that a box ends where its cases end.
    pub(super) fn pasted(&self, shape: &[Bounds], points: &[usize]) -> Vec<Bounds> {
        let mut shape = shape.to_vec();
        let mut now = self.step(shape.clone(), points);
        let enough = self.rules.density.unwrap_or(1.0);
        let mut size = whole_part(self.rules.slice * now.points as f64).max(1);
        loop {
            let mut best: Option<Step> = None;
            for factor in 0..shape.len() {
                for bounds in self.pastes(factor, &shape, points, size) {
                    let mut wider = shape.clone();
                    wider[factor] = bounds;
                    let step = self.step(wider, points);
                    let worth = |step: &Step| (step.density(), step.points);
                    let is_better = best.as_ref().is_none_or(|best| worth(&step) > worth(best));
                    if step.points > now.points && step.density() >= now.density().min(enough) && is_better {
                        best = Some(step);
                    }
                }
            }
            match best {
                Some(step) => {
                    shape.clone_from(&step.shape);
                    now = step;
                }
                None if size > 1 => size /= 2,
                None => return shape,
            }
        }
    }

    /// A factor's bounds with one slice more, of the points that no other factor keeps out.
    fn pastes(&self, factor: usize, shape: &[Bounds], points: &[usize], size: usize) -> Vec<Bounds> {
        let own = &shape[factor];
        let column = &self.columns[factor];
        let outside = |side: &Side| -> Vec<usize> {
            let mut wider = shape.to_vec();
            wider[factor] = own.relaxed(side);
            let held = inside(self.columns, &wider, points);
            held.into_iter().filter(|&point| !column.is_inside(point, own)).collect()
        };
        let mut pastes = Vec::new();
        for side in own.sides() {
            match (column, &side) {
                (Column::Numbers(numbers), _) => {
                    let mut beyond: Vec<f64> = outside(&side).into_iter().map(|point| numbers[point]).collect();
                    beyond.sort_by(f64::total_cmp);
                    if side == Side::Low {
                        beyond.reverse();
                    }
                    // the last slice frees the factor on this side
                    let limit = (size < beyond.len()).then(|| beyond[size - 1]);
                    pastes.push(match side {
                        Side::Low => Bounds { low: limit, ..own.clone() },
                        _ => Bounds { high: limit, ..own.clone() },
                    });
                }
                (Column::Words { .. }, _) => pastes.extend(own.without.iter().map(|word| {
                    let mut bounds = own.clone();
                    bounds.without.remove(word);
                    bounds
                })),
            }
        }
        pastes
    }
}

impl Step {
    /// Share of its points that are cases.
    pub fn density(&self) -> f64 {
        crate::ground::maths::share_of(self.cases as f64, self.points as f64)
    }

    /// Share of so many cases that it holds.
    pub fn coverage(&self, all: usize) -> f64 {
        crate::ground::maths::share_of(self.cases as f64, all as f64)
    }

    fn harmonic(&self, all: usize) -> f64 {
        let (coverage, density) = (self.coverage(all), self.density());
        crate::ground::maths::share_of(2.0 * coverage * density, coverage + density)
    }
}

/// The whole part of a number that is not negative.
fn whole_part(number: f64) -> usize {
    crate::ground::numbers::whole(number.floor()).unsigned_abs() as usize
}
