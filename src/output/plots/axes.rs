//! Axes: which ticks, and what is written at them.

use crate::output::kit::numbers::{LONG, amount, minus, multiple, round_step};
use chrono::{Datelike, NaiveDate};

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 1.5 M, 3.4 bn.
    Amount,
    /// 20 %.
    Percent,
}

/// Which numbers an axis shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// What is measured, with its unit.
    pub label: &'static str,
    /// How its numbers are written.
    pub form: Form,
    /// Equal distances are equal ratios; what is not above zero is left out.
    pub is_log: bool,
    /// Numbers that are shown in any case.
    pub within: Option<(f64, f64)>,
    /// All panels have the same numbers.
    pub is_shared: bool,
}

/// The ends of an axis, and its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Lowest number shown.
    pub low: f64,
    /// Highest number shown.
    pub high: f64,
    /// Logarithmic.
    pub is_log: bool,
    /// Where there is a tick, and its word.
    pub ticks: Vec<(f64, String)>,
}

/// Ratios beyond this are cut off below on logarithmic axes.
const DECADES: i32 = 6;

impl Scale {
    /// A scale for numbers, with about so many ticks.
    pub fn of(values: impl Iterator<Item = f64>, axis: &Axis, ticks: usize) -> Option<Scale> {
        let fits = |value: &f64| value.is_finite() && (!axis.is_log || *value > 0.0);
        let ends = values.filter(fits).fold(None, |ends: Option<(f64, f64)>, value| {
            Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (mut low, mut high) = ends?;
        if let Some(within) = axis.within {
            (low, high) = (low.min(within.0), high.max(within.1));
        }
        Some(if axis.is_log { Self::log(low, high, ticks) } else { Self::linear(low, high, ticks, axis.form) })
    }

    fn linear(low: f64, high: f64, ticks: usize, form: Form) -> Scale {
        let spread = high - low;
        // a constant has no spread: show it in the middle
        let pad = if spread > high.abs() * 1e-9 { 0.0 } else { (high.abs() / 2.0).max(0.5) };
        let (low, high) = (if low == 0.0 { 0.0 } else { low - pad }, high + pad);
        let step = round_step((high - low) / ticks.max(1) as f64);
        let (first, last) = (libm::floor(low / step + 1e-9), libm::ceil(high / step - 1e-9));
        let count = (last - first).min(1000.0) as u32;
        let numbers: Vec<f64> = (0..=count).map(|k| (first + f64::from(k)) * step).collect();
        let words = spelled(&numbers, step, form);
        Scale { low: first * step, high: last * step, is_log: false, ticks: numbers.into_iter().zip(words).collect() }
    }

    fn log(low: f64, high: f64, ticks: usize) -> Scale {
        let low = low.max(high * libm::pow(10.0, f64::from(-DECADES)));
        let below = libm::floor(libm::log10(low) + 1e-9) as i32;
        let above = libm::ceil(libm::log10(high) - 1e-9) as i32;
        let mut numbers = Vec::new();
        for decade in below..=above {
            let one = libm::pow(10.0, f64::from(decade));
            numbers.extend([1.0, 2.0, 5.0].map(|digit| digit * one));
        }
        // the ends are the nearest 1, 2 or 5 outside
        let from = numbers.iter().rposition(|&number| number <= low * (1.0 + 1e-9)).unwrap_or(0);
        let to = numbers.iter().position(|&number| number >= high * (1.0 - 1e-9)).unwrap_or(numbers.len() - 1);
        let (from, to) = if from < to { (from, to) } else { (from.saturating_sub(1), (to + 1).min(numbers.len() - 1)) };
        let ends = (numbers[from], numbers[to]);
        let is_fine = to - from <= ticks;
        let every = ((above - below) as usize).div_ceil(ticks.max(1)).max(1);
        let shown = numbers.iter().enumerate().filter(|(place, _)| (from..=to).contains(place));
        let shown = shown.filter(|(place, _)| is_fine || (place % 3 == 0 && (place / 3) % every == 0));
        Scale {
            low: ends.0,
            high: ends.1,
            is_log: true,
            ticks: shown.map(|(_, &number)| (number, amount(number))).collect(),
        }
    }

    /// Where a number is, 0 at the low end and 1 at the high one; none if it cannot be shown.
    pub fn place(&self, value: f64) -> Option<f64> {
        let share = if self.is_log {
            if value <= 0.0 {
                return None;
            }
            libm::log10(value / self.low) / libm::log10(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        (share.is_finite() && (-1e-6..=1.0 + 1e-6).contains(&share)).then_some(share)
    }
}

/// Numbers of one axis, all with the same unit and decimals.
fn spelled(numbers: &[f64], step: f64, form: Form) -> Vec<String> {
    let largest = numbers.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let (one, unit) = match form {
        Form::Percent => (1.0, " %"),
        Form::Amount => multiple(largest),
    };
    let exact = |decimals: &usize| {
        let scaled = step / one * libm::pow(10.0, *decimals as f64);
        (scaled - libm::round(scaled)).abs() < 1e-6
    };
    let decimals = (0..9).find(exact).unwrap_or(9);
    let word = |&number: &f64| match format!("{:.decimals$}", number / one) {
        _ if number == 0.0 && form == Form::Amount => "0".to_owned(),
        long if long.len() > LONG => format!("{:.0e}{unit}", number / one),
        word => format!("{word}{unit}"),
    };
    numbers.iter().map(word).map(minus).collect()
}

/// The dates of a run, counted in days from its start.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    /// Day zero.
    pub start: NaiveDate,
    /// Length of a tick, days.
    pub days_per_tick: f64,
    /// First day shown.
    pub first: f64,
    /// Last day shown.
    pub last: f64,
}

impl Dates {
    /// The day at whose end a tick ends.
    pub fn day(&self, tick: i32) -> f64 {
        (f64::from(tick) + 1.0) * self.days_per_tick
    }

    /// Where there is a tick, and its word: years, or months where the run is short.
    pub fn ticks(&self, width: f64) -> Vec<(f64, String)> {
        let months = (self.last - self.first) / 365.25 * 12.0;
        let steps = [1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 600, 1200, 6000, 60_000];
        // a label of a year takes 40, of a month 64
        let wide = |&step: &i32| f64::from(step) / months * width >= if step % 12 == 0 { 40.0 } else { 64.0 };
        let step = steps.into_iter().filter(|step| *step >= 12 || months < 30.0).find(wide).unwrap_or(60_000);
        let ticks: Vec<(f64, String)> = (0..400).map_while(|k| self.tick(k * step, step)).flatten().collect();
        if ticks.is_empty() { vec![(self.first, self.start.format("%Y-%m-%d").to_string())] } else { ticks }
    }

    /// The first day of a month, counted from the first whole year or month shown; none after the end.
    fn tick(&self, later: i32, step: i32) -> Option<Option<(f64, String)>> {
        let unit = step.min(12);
        let months = self.start.year() * 12 + self.start.month0() as i32;
        let started = months.div_euclid(unit) * unit;
        let is_first = started == months && self.start.day() == 1;
        let month = if is_first { started } else { started + unit } + later;
        let date = NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1)?;
        let day = (date - self.start).num_days() as f64;
        let word = if step % 12 == 0 { date.format("%Y") } else { date.format("%b %Y") };
        if day > self.last { None } else { Some((day >= self.first).then(|| (day, word.to_string()))) }
    }
}
