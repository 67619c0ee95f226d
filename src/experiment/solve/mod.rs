//! Which value of a lever reaches a target, and how sure is that?
//!
//! Every value of the lever is tried on the same replicates (common random numbers), so that the mean
//! response moves with the lever and not by chance. First a few values over the whole range: do they
//! rise, fall, or both? Then Brent's root finder closes in on the first place where the target begins or
//! ceases to hold; the answer is the side of the last bracket where it holds, so that it has been seen to
//! hold there and seen not to hold a step away. Where no value reaches the target, Brent's minimiser looks
//! for the nearest miss. The interval of the answer is in [`interval`].
//!
//! Left out: several levers at once; levers that are words or dates; targets for the spread rather than
//! the mean of replicates.

mod brent;
pub mod interval;
pub mod replicates;
pub mod target;
#[cfg(test)]
mod tests;

use crate::ground::statistics::{CONFIDENCE, Moments, student_quantile};
use interval::{Interval, ends};

/// What the replicates answered at one value of the lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// The lever, in the model's unit.
    pub lever: f64,
    /// The outcome, replicate by replicate; the same replicates at every value.
    pub values: Vec<f64>,
}

impl Tried {
    /// Mean and spread over the replicates.
    pub fn moments(&self) -> Moments {
        let mut moments = Moments::default();
        self.values.iter().for_each(|&value| moments.add(value));
        moments
    }
}

/// On which side of its value the target lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// At most so much: `<=`.
    AtMost,
    /// At least so much: `>=`.
    AtLeast,
}

/// What the mean outcome is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// On which side of the value.
    pub relation: Relation,
    /// The value, in the unit of the outcome.
    pub value: f64,
}

impl Goal {
    /// How much is missing: not above zero where the goal is reached.
    pub fn gap(&self, mean: f64) -> f64 {
        match self.relation {
            Relation::AtMost => mean - self.value,
            Relation::AtLeast => self.value - mean,
        }
    }
}

/// Where to look, and how closely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// Lowest value of the lever.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// The answer is known to so much, chance apart.
    pub tolerance: f64,
    /// Values tried at equal distances before anything else, both ends included; at least two.
    pub scan: u32,
}

/// How the outcome moves as the lever goes up, as far as the replicates distinguish it from chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It rises, or stays.
    Rising,
    /// It falls, or stays.
    Falling,
    /// It does not move by more than chance.
    Flat,
    /// It rises here and falls there: there may be more than one answer.
    Mixed,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The target holds at `at`, and does not hold at `misses`, at most the tolerance away.
    Reached {
        /// The value of the lever.
        at: f64,
        /// A tried value beside it where the target is missed.
        misses: f64,
        /// The 95 % interval of the place where the target begins to hold; none of one replicate.
        interval: Option<Interval>,
    },
    /// It holds wherever it was tried.
    Always,
    /// It holds nowhere; this value comes nearest.
    Never {
        /// The value of the lever.
        best: f64,
    },
}

/// The answer with everything it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// What was asked.
    pub goal: Goal,
    /// Where it was looked for.
    pub search: Search,
    /// Every value that was tried, lowest first.
    pub tried: Vec<Tried>,
    /// What was found.
    pub answer: Answer,
    /// How the outcome moves with the lever.
    pub course: Course,
    /// How often the target begins or ceases to hold among the values tried.
    pub crossings: usize,
}

impl Solution {
    /// What the replicates answered at a value that was tried.
    pub fn at(&self, lever: f64) -> Option<&Tried> {
        self.tried.iter().find(|tried| tried.lever == lever)
    }
}

/// Finds the lowest value of the lever in the range at which the target begins or ceases to hold;
/// `respond` runs the replicates at a value, the same ones at every value.
///
/// # Errors
/// The first error of `respond`.
pub fn solve<E>(goal: Goal, search: Search, respond: impl FnMut(f64) -> Result<Vec<f64>, E>) -> Result<Solution, E> {
    let mut trials = Trials { goal, search, respond, tried: Vec::new() };
    let last = search.scan.max(2) - 1;
    for n in 0..=last {
        let share = f64::from(n) / f64::from(last);
        trials.gap(search.low * (1.0 - share) + search.high * share)?;
    }
    let course = course(&trials.tried);
    let crossings = trials.crossings().len();
    if crossings == 0 && trials.tried.iter().all(|tried| goal.gap(tried.moments().mean) > 0.0) {
        trials.look_for_the_least_gap()?;
    }
    let answer = match trials.crossings().first() {
        Some(&bracket) => trials.close_in(bracket)?,
        None => trials.one_sided(),
    };
    let crossings = crossings.max(usize::from(matches!(answer, Answer::Reached { .. })));
    Ok(Solution { goal, search, tried: trials.tried, answer, course, crossings })
}

/// Values tried so far, lowest first, and how to try another.
struct Trials<F> {
    goal: Goal,
    search: Search,
    respond: F,
    tried: Vec<Tried>,
}

/// Steps of a minimiser at most: each costs all replicates.
const MOST_STEPS: u64 = 20;

impl<E, F: FnMut(f64) -> Result<Vec<f64>, E>> Trials<F> {
    /// How much is missing at a value, which is tried unless it was before.
    fn gap(&mut self, lever: f64) -> Result<f64, E> {
        let place = self.tried.partition_point(|tried| tried.lever < lever);
        if self.tried.get(place).is_none_or(|tried| tried.lever != lever) {
            let values = (self.respond)(lever)?;
            self.tried.insert(place, Tried { lever, values });
        }
        Ok(self.goal.gap(self.tried[place].moments().mean))
    }

    /// Neighbours among the values tried of which one holds and the other does not.
    fn crossings(&self) -> Vec<(f64, f64)> {
        let holds = |tried: &Tried| self.goal.gap(tried.moments().mean) <= 0.0;
        let pairs = self.tried.windows(2).filter(|pair| holds(&pair[0]) != holds(&pair[1]));
        pairs.map(|pair| (pair[0].lever, pair[1].lever)).collect()
    }

    /// Everything holds, or nothing does.
    fn one_sided(&self) -> Answer {
        let gap = |tried: &&Tried| self.goal.gap(tried.moments().mean);
        let nearest = self.tried.iter().min_by(|a, b| gap(a).total_cmp(&gap(b)));
        match nearest {
            Some(tried) if gap(&tried) > 0.0 => Answer::Never { best: tried.lever },
            _ => Answer::Always,
        }
    }

    /// Brent's root finder within a bracket; then the ends of the interval.
    fn close_in(&mut self, (low, high): (f64, f64)) -> Result<Answer, E> {
        let goal = self.goal;
        let scale = goal.gap(self.mean_at(low)).abs() + goal.gap(self.mean_at(high)).abs();
        // a response that is flat at the very target would end the search on the flat: just reached is reached
        let nudged = |gap: f64| if gap == 0.0 { -1e-9 * scale.max(f64::MIN_POSITIVE) } else { gap };
        let tolerance = self.search.tolerance;
        self.ask(|ask| brent::root(low, high, tolerance, ask), |gap| Some(nudged(gap)))?;
        // Brent may stop before the bracket is as narrow as wanted; halving always gets there
        let bracket = loop {
            let (low, high) = self.first_within(low, high);
            if high - low <= self.search.tolerance * (1.0 + 1e-9) {
                break (low, high);
            }
            self.gap(f64::midpoint(low, high))?;
        };
        let interval = self.interval(bracket)?;
        let (at, misses) = if goal.gap(self.mean_at(bracket.0)) <= 0.0 { bracket } else { (bracket.1, bracket.0) };
        Ok(Answer::Reached { at, misses, interval })
    }

    fn mean_at(&self, lever: f64) -> f64 {
        self.tried.iter().find(|tried| tried.lever == lever).map_or(f64::NAN, |tried| tried.moments().mean)
    }

    fn first_within(&self, low: f64, high: f64) -> (f64, f64) {
        let inside = |bracket: &&(f64, f64)| bracket.0 >= low && bracket.1 <= high;
        self.crossings().iter().find(inside).copied().unwrap_or((low, low))
    }

    /// Where no value holds: Brent's minimiser around the nearest miss, until one holds after all.
    fn look_for_the_least_gap(&mut self) -> Result<(), E> {
        let Answer::Never { best } = self.one_sided() else { return Ok(()) };
        let place = self.tried.partition_point(|tried| tried.lever < best);
        if place == 0 || place + 1 == self.tried.len() {
            return Ok(());
        }
        let (low, high) = (self.tried[place - 1].lever, self.tried[place + 1].lever);
        let tolerance = self.search.tolerance / 3.0;
        let until_it_holds = |gap: f64| (gap > 0.0).then_some(gap);
        self.ask(|ask| brent::minimum(low, high, tolerance, MOST_STEPS, ask), until_it_holds)
    }

    /// Lets a method ask for gaps, `shown` as it is to see them, until it has enough or an error comes.
    fn ask(
        &mut self,
        method: impl FnOnce(&mut dyn FnMut(f64) -> Option<f64>),
        shown: impl Fn(f64) -> Option<f64>,
    ) -> Result<(), E> {
        let mut failed = None;
        method(&mut |lever| match self.gap(lever) {
            Ok(gap) => shown(gap),
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        failed.map_or(Ok(()), Err)
    }

    /// The interval of the place within a bracket, its ends confirmed by runs of their own.
    fn interval(&mut self, bracket: (f64, f64)) -> Result<Option<Interval>, E> {
        let (goal, tolerance) = (self.goal, self.search.tolerance);
        let mut interval = ends(&self.tried, goal.value, bracket);
        for _ in 0..MOST_REFINEMENTS {
            let Some(Interval { low, high }) = interval else { break };
            let is_near = |lever: f64| self.tried.iter().any(|tried| (tried.lever - lever).abs() <= tolerance / 2.0);
            let open: Vec<f64> = [low, high].into_iter().flatten().filter(|&end| !is_near(end)).collect();
            if open.is_empty() {
                break;
            }
            for end in open {
                self.gap(end)?;
            }
            interval = ends(&self.tried, goal.value, bracket);
        }
        Ok(interval)
    }
}

/// How often an end of the interval is tried by runs of its own.
const MOST_REFINEMENTS: usize = 4;

/// How the outcome moves along the values scanned: differences of neighbours, replicate by replicate, by
/// Student's t at a level at which all of them together raise a false alarm once in twenty times.
fn course(scanned: &[Tried]) -> Course {
    let steps = scanned.len().saturating_sub(1).max(1);
    let level = 1.0 - (1.0 - CONFIDENCE) / 2.0 / steps as f64;
    let (mut rises, mut falls) = (false, false);
    for pair in scanned.windows(2) {
        let mut moments = Moments::default();
        pair[1].values.iter().zip(&pair[0].values).for_each(|(after, before)| moments.add(after - before));
        // of one replicate nothing is known of chance: what moves, moves
        let half = moments.variance().map_or(0.0, |variance| {
            student_quantile(level, moments.count - 1) * (variance / f64::from(moments.count)).sqrt()
        });
        rises |= moments.mean > half;
        falls |= moments.mean < -half;
    }
    match (rises, falls) {
        (true, true) => Course::Mixed,
        (true, false) => Course::Rising,
        (false, true) => Course::Falling,
        (false, false) => Course::Flat,
    }
}
