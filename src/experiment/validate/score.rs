//! Verdicts.
//!
//! ```text
//! distance = (mean of the model - target) / sqrt(tolerance^2 + standard error of the mean^2)
//! ```
//!
//! A figure within two of these standard deviations is a hit. Of a bound only the distance beyond it counts. A fact is
//! a hit if all figures that can be tested are, a miss if one of them misses.

use super::run::{Answers, numbers};
use super::{Card, Fact, Figure, Relation, Series, Standing, Test};
use crate::ground::maths;
use crate::ground::statistics::{Moments, quantile};
use serde::{Deserialize, Serialize};

/// Standard deviations within which a figure is a hit.
pub const WITHIN: f64 = 2.0;

/// How a figure or a fact fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Too far away, or the model gives no number.
    Miss,
    /// Near enough.
    Hit,
    /// It cannot be tested yet.
    Cannot,
}

impl Verdict {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Verdict::Miss => "MISS",
            Verdict::Hit => "hit",
            Verdict::Cannot => "cannot be tested yet",
        }
    }
}

/// The model's number beside the world's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Replicates that give a number.
    pub count: u32,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation; zero of one.
    pub spread: f64,
    /// Signed distance from the target, in standard deviations.
    pub distance: f64,
}

/// A figure with its verdict.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The fact it belongs to.
    pub fact: &'a Fact,
    /// The figure.
    pub figure: &'a Figure,
    /// What the model gives, if it was tested and gives anything.
    pub measured: Option<Measured>,
    /// How it fares.
    pub verdict: Verdict,
}

impl Line<'_> {
    /// "C4 end of 2024": the fact, and which part of it.
    pub fn name(&self) -> String {
        format!("{} {}", self.fact.known.id, self.figure.of).trim_end().to_owned()
    }
}

/// How a test fares on the numbers of the replicates.
pub fn measure(test: &Test, numbers: &[f64]) -> Option<Measured> {
    let mut moments = Moments::default();
    numbers.iter().for_each(|number| moments.add(*number));
    let variance = moments.variance().unwrap_or(0.0);
    let error = variance / f64::from(moments.count.max(1));
    let beyond = moments.mean - test.value;
    let counts = match test.relation {
        Relation::About => beyond,
        Relation::AtLeast => beyond.min(0.0),
        Relation::AtMost => beyond.max(0.0),
    };
    // of a strict bound and a model without chance every step beyond is too far
    let distance = if counts == 0.0 { 0.0 } else { counts / (test.tolerance * test.tolerance + error).sqrt() };
    (moments.count > 0).then_some(Measured {
        count: moments.count,
        mean: moments.mean,
        spread: variance.sqrt(),
        distance,
    })
}

/// The scorecard: a line a figure, misses first, otherwise in the order of the files.
pub fn lines<'a>(card: &'a Card, answers: &[Answers]) -> Vec<Line<'a>> {
    let line = |fact: &'a Fact, figure: &'a Figure| {
        let Ok(test) = &figure.test else { return Line { fact, figure, measured: None, verdict: Verdict::Cannot } };
        let measured = measure(test, &numbers(answers, test.place));
        let is_hit = measured.is_some_and(|measured| measured.distance.abs() <= WITHIN);
        Line { fact, figure, measured, verdict: if is_hit { Verdict::Hit } else { Verdict::Miss } }
    };
    let mut lines: Vec<Line> =
        card.facts.iter().flat_map(|fact| fact.figures.iter().map(move |figure| line(fact, figure))).collect();
    lines.sort_by_key(|line| line.verdict);
    lines
}

/// Facts by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Hits.
    pub hit: usize,
    /// Misses.
    pub miss: usize,
    /// Those that cannot be tested yet.
    pub cannot: usize,
}

impl Count {
    /// Of facts of a standing.
    pub fn of(card: &Card, lines: &[Line], standing: Standing) -> Count {
        let mut count = Count::default();
        for fact in card.facts.iter().filter(|fact| fact.known.standing == standing) {
            match whole(lines.iter().filter(|line| line.fact.known.id == fact.known.id).map(|line| line.verdict)) {
                Verdict::Hit => count.hit += 1,
                Verdict::Miss => count.miss += 1,
                Verdict::Cannot => count.cannot += 1,
            }
        }
        count
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.hit + self.miss + self.cannot
    }

    /// "5 of 12 hold, 4 miss, 3 cannot be tested yet".
    pub fn words(&self) -> String {
        format!("{} of {} hold, {} miss, {} cannot be tested yet", self.hit, self.all(), self.miss, self.cannot)
    }
}

/// Share of the facts of a standing that can be tested which a run alone hits, on average over the runs; nothing if none
/// can be tested.
///
/// A mean over many runs can lie near a target that no run comes near, and a band over draws of what is not known is wide:
/// this counts each run for itself, so that doubt helps only where it leads nearer.
pub fn hit_alone(card: &Card, answers: &[Answers], standing: Standing) -> Option<f64> {
    let hits = |test: &Test, run: usize| {
        let row = answers.get(test.place.experiment).and_then(|answers| answers.rows.get(run));
        let number = row.and_then(|row| row.get(test.place.outcome).copied().flatten());
        number.and_then(|number| measure(test, &[number])).is_some_and(|measured| measured.distance.abs() <= WITHIN)
    };
    let (mut hit, mut all) = (0, 0);
    for fact in card.facts.iter().filter(|fact| fact.known.standing == standing) {
        let tests: Vec<&Test> = fact.figures.iter().filter_map(|figure| figure.test.as_ref().ok()).collect();
        let runs = tests.iter().filter_map(|test| answers.get(test.place.experiment)).map(|answers| answers.rows.len());
        let runs = runs.min().unwrap_or(0);
        hit += (0..runs).filter(|&run| tests.iter().all(|test| hits(test, run))).count();
        all += runs;
    }
    (all > 0).then(|| hit as f64 / all as f64)
}

/// The verdict on a fact: a miss counts more than a hit, and a hit more than what cannot be tested.
fn whole(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.min().unwrap_or(Verdict::Cannot)
}

/// A year of a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Year {
    /// Which.
    pub year: i32,
    /// What it was in the world; nothing where only the model has it.
    pub target: f64,
    /// The model's number.
    pub measured: Option<Measured>,
    /// The ends of the band that holds nine tenths of the replicates.
    pub band: Option<(f64, f64)>,
    /// The last value that was known.
    pub naive_last: Option<f64>,
    /// The last trend that was known, gone on.
    pub naive_trend: Option<f64>,
    /// Was it known before the forecasts begin? It then counts for nothing.
    pub is_known: bool,
}

/// A history with what the model and the naive forecasts make of it.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    /// The history.
    pub series: &'a Series,
    /// Its years.
    pub years: Vec<Year>,
}

/// Histories, each with its course.
pub fn courses<'a>(card: &'a Card, answers: &[Answers]) -> Vec<Course<'a>> {
    card.series.iter().map(|series| Course { series, years: years(series, answers) }).collect()
}

fn years(series: &Series, answers: &[Answers]) -> Vec<Year> {
    let (last, trend) = naive(&series.values, series.known_until);
    let one = |&(year, target): &(i32, f64)| {
        let place = series.places.iter().find(|(known, _)| *known == year).map(|(_, place)| *place);
        let mut found = place.map_or_else(Vec::new, |place| numbers(answers, place));
        found.sort_by(f64::total_cmp);
        let tolerance = series.tolerance * target;
        let test = |place| Test { place, value: target, tolerance, relation: Relation::About };
        let is_known = year <= series.known_until;
        let later = f64::from(year - series.known_until);
        Year {
            year,
            target,
            measured: place.and_then(|place| measure(&test(place), &found)),
            band: (!found.is_empty()).then(|| (quantile(&found, 0.05), quantile(&found, 0.95))),
            naive_last: last.filter(|_| !is_known),
            naive_trend: last.zip(trend).filter(|_| !is_known).map(|(last, trend)| last * maths::exp(trend * later)),
            is_known,
        }
    };
    series.values.iter().map(one).collect()
}

/// The last value known, and its growth a year since the one before.
fn naive(values: &[(i32, f64)], known_until: i32) -> (Option<f64>, Option<f64>) {
    let known: Vec<&(i32, f64)> = values.iter().filter(|(year, _)| *year <= known_until).collect();
    let growth = |pair: &[&(i32, f64)]| maths::ln(pair[1].1 / pair[0].1) / f64::from(pair[1].0 - pair[0].0);
    (known.last().map(|last| last.1), known.windows(2).last().map(growth))
}

/// How far forecasts were off, over the years that were not known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Off {
    /// Years within two standard deviations, of those that were forecast.
    pub within: usize,
    /// Years that were forecast.
    pub years: usize,
    /// Root of the mean squared logarithm of forecast over target.
    pub log_error: f64,
}

impl Course<'_> {
    /// The model.
    pub fn model(&self) -> Option<Off> {
        self.off(|year| year.measured.map(|measured| (measured.mean, measured.distance.abs() <= WITHIN)))
    }

    /// That the last value stays.
    pub fn last_value(&self) -> Option<Off> {
        self.off(|year| year.naive_last.map(|value| (value, self.is_within(year, value))))
    }

    /// That the last trend goes on.
    pub fn last_trend(&self) -> Option<Off> {
        self.off(|year| year.naive_trend.map(|value| (value, self.is_within(year, value))))
    }

    fn is_within(&self, year: &Year, value: f64) -> bool {
        (value - year.target).abs() <= WITHIN * self.series.tolerance * year.target
    }

    fn off(&self, forecast: impl Fn(&Year) -> Option<(f64, bool)>) -> Option<Off> {
        let (mut within, mut years, mut squares) = (0, 0, 0.0);
        for year in self.years.iter().filter(|year| !year.is_known) {
            let Some((value, is_within)) = forecast(year).filter(|(value, _)| *value > 0.0) else { continue };
            let log = maths::ln(value / year.target);
            (within, years, squares) = (within + usize::from(is_within), years + 1, squares + log * log);
        }
        (years > 0).then(|| Off { within, years, log_error: (squares / years as f64).sqrt() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Known, Place};
    use super::*;

    const PLACE: Place = Place { experiment: 0, outcome: 0 };

    fn test(relation: Relation) -> Test {
        Test { place: PLACE, value: 10.0, tolerance: 0.3, relation }
    }

    #[test]
    fn distance_counts_the_error_of_the_target_and_of_the_mean_together() {
        // 10, 11, 12: mean 11, variance 1, error of the mean 1/3; 1/sqrt(0.09 + 1/3) = 1.5367
        let found = measure(&test(Relation::About), &[10.0, 11.0, 12.0]).unwrap();
        assert!((found.distance - 1.0 / (0.09_f64 + 1.0 / 3.0).sqrt()).abs() < 1e-12, "{found:?}");
        assert_eq!((found.mean, found.spread, found.count), (11.0, 1.0, 3));
        // one replicate alone: the target's own error; 1/0.3
        assert!((measure(&test(Relation::About), &[11.0]).unwrap().distance - 1.0 / 0.3).abs() < 1e-12);
        assert_eq!(measure(&test(Relation::About), &[]), None);
    }

    #[test]
    fn of_a_bound_only_what_lies_beyond_counts() {
        for (relation, below, above) in [(Relation::AtLeast, true, false), (Relation::AtMost, false, true)] {
            let is_off = |value: f64| measure(&test(relation), &[value]).unwrap().distance != 0.0;
            assert_eq!((is_off(9.0), is_off(11.0)), (below, above), "{relation:?}");
        }
        let strict = Test { tolerance: 0.0, ..test(Relation::AtMost) };
        assert_eq!(measure(&strict, &[10.5]).unwrap().distance, f64::INFINITY);
        assert_eq!(measure(&strict, &[10.0]).unwrap().distance, 0.0);
    }

    #[test]
    fn a_run_alone_hits_a_fact_if_it_hits_all_its_figures() {
        let figure = |outcome: usize| {
            let place = Place { experiment: 0, outcome };
            Figure { of: String::new(), test: Ok(Test { place, ..test(Relation::About) }) }
        };
        let known = Known {
            id: "C1".into(),
            what: String::new(),
            source: String::new(),
            mark: String::new(),
            standing: Standing::Used,
            says: String::new(),
        };
        let card = Card { facts: vec![Fact { known, figures: vec![figure(0), figure(1)] }], ..Card::default() };
        // wanted is 10 ± 0.3 of both: the first run hits both, the second one, the third none, the fourth gives nothing
        let rows = [[10.1, 10.0], [10.0, 12.0], [8.0, 12.0]].map(|row| row.map(Some).to_vec());
        let answers =
            Answers { rows: rows.into_iter().chain([vec![None, Some(10.0)]]).collect(), failures: Vec::new() };
        assert_eq!(hit_alone(&card, &[answers], Standing::Used), Some(0.25));
        assert_eq!(hit_alone(&card, &[], Standing::HeldOut), None);
        // the mean of 8 and 12 would hit what neither hits
        assert!(measure(&test(Relation::About), &[8.0, 12.0]).unwrap().distance.abs() < WITHIN);
    }

    #[test]
    fn a_fact_misses_if_one_of_its_figures_does() {
        use Verdict::{Cannot, Hit, Miss};
        for (verdicts, expected) in
            [(&[Hit, Miss, Cannot][..], Miss), (&[Hit, Cannot], Hit), (&[Cannot, Cannot], Cannot), (&[Hit, Hit], Hit)]
        {
            assert_eq!(whole(verdicts.iter().copied()), expected, "{verdicts:?}");
        }
    }

    #[test]
    fn naive_forecasts_go_on_from_what_was_known() {
        // 8 in 2015 and 16 in 2018: doubled in three years
        let values = [(2015, 8.0), (2018, 16.0), (2021, 20.0)];
        let (last, trend) = naive(&values, 2018);
        assert_eq!(last, Some(16.0));
        assert!((trend.unwrap() - std::f64::consts::LN_2 / 3.0).abs() < 1e-12);
        assert_eq!(naive(&values, 2015), (Some(8.0), None));
    }
}
