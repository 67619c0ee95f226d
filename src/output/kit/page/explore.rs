//! A part of a page in which a reader chooses what is drawn: a metric, a region or all of them, and which world.
//!
//! The page holds the first choice as a picture that needs no script. The script (`page.js`) draws every other one from
//! the numbers of the page, with the same marks: a line, a band around it, an axis that says its ends.

use crate::experiment::compare::effects::{Effects, Paired};
use crate::ground::statistics::Moments;
use crate::observe::indicators::Metric;
use crate::output::kit::bands::{Band, Histories};
use crate::output::kit::numbers::{amount_or_decimals, quantity, round_step};
use crate::output::kit::page::Page;
use maud::{Markup, html};
use serde_json::{Value, json};
use std::fmt::Write;

/// What can be chosen: metric, and what it is called.
const METRICS: [(Metric, &str); 15] = [
    (Metric::Absorbed, "Work absorbed by robots"),
    (Metric::DisplacedTotal, "People displaced since the start"),
    (Metric::ReemployedTotal, "Displaced people who found work again"),
    (Metric::DisplacedWithoutWork, "Displaced people without work"),
    (Metric::UnemploymentRate, "Unemployment rate"),
    (Metric::WageMedian, "Median pay at sites"),
    (Metric::PovertyShare, "People in poverty"),
    (Metric::GiniIncome, "Inequality of incomes (Gini)"),
    (Metric::Contributors, "People ever filmed"),
    (Metric::AcceptedHours, "Hours of footage accepted"),
    (Metric::RefusingShare, "Refuse the camera, of those asked"),
    (Metric::CapturePayReceived, "Pay for footage received by workers"),
    (Metric::RoyaltiesReceived, "Royalties received by workers"),
    (Metric::Transfers, "Transfers received by workers"),
    (Metric::Taxes, "Taxes received by governments"),
];

/// A value with the ends of its band, in the metric's own unit.
type Point = [f64; 3];

/// What can be looked at: its name, and its curves, each with its name.
struct View {
    name: &'static str,
    curves: &'static [&'static str],
}

const ONE_WORLD: [View; 1] = [View { name: "", curves: &[""] }];
const TWO_WORLDS: [View; 2] = [
    View { name: "both worlds", curves: &["base", "reform"] },
    View { name: "the difference: reform less base", curves: &["difference"] },
];

/// One curve: a point for each date, where there is one.
type Curve = Vec<Option<Point>>;

/// A metric as it is drawn.
struct Chosen {
    title: &'static str,
    unit: String,
    /// Below so many it is a matter of few agents; zero where nobody is counted.
    least: f64,
    /// By view, region and curve.
    curves: Vec<Vec<Vec<Curve>>>,
}

/// What the part of the page is made of.
struct Explorer<'a> {
    regions: &'a [String],
    dates: Vec<String>,
    views: &'static [View],
    metrics: Vec<Chosen>,
    /// How a band is to be read; nothing where there is none.
    says: String,
    /// The first choice: metric and view.
    first: (usize, usize),
}

/// The unit of a metric on a page, and by what its numbers are multiplied.
fn unit(metric: Metric) -> (String, f64) {
    match metric.unit() {
        "share" => ("%".to_owned(), 100.0),
        other => (other.replace("/week", " a week").replace("/month", " a month"), 1.0),
    }
}

/// The people below whom a number of people is one of few agents.
fn least(metric: Metric, few: f64) -> f64 {
    if ["persons", "full-time equivalents"].contains(&metric.unit()) { few } else { 0.0 }
}

/// Which of some ticks are drawn: the first, and the last of each year. `dates` are first days of ticks.
fn yearly(dates: &[String]) -> Vec<usize> {
    let year = |n: usize| dates.get(n).and_then(|date: &String| date.get(..4));
    let is_last = |n: usize| year(n + 1) != year(n);
    (0..dates.len()).filter(|&n| n == 0 || is_last(n)).collect()
}

/// The part of the page of a run or an ensemble: `day` is the first day of a tick, `few` the people of few agents.
pub(crate) fn of_histories(
    page: &mut Page,
    regions: &[String],
    histories: &Histories,
    day: impl Fn(i32) -> String,
    (few, says): (f64, String),
) {
    let history = |metric: Metric, r: usize| histories.get(&(r as u16, metric)).map_or(&[][..], Vec::as_slice);
    let ticks = ticks(METRICS.iter().flat_map(|(metric, _)| history(*metric, 0).iter().map(|(tick, _)| *tick)), &day);
    let metrics: Vec<Chosen> = METRICS
        .iter()
        .filter_map(|&(metric, title)| {
            let (unit, factor) = unit(metric);
            let point = |band: &Band| [2, 0, 4].map(|n| band.quantiles[n] * factor);
            let curve = |r: usize| -> Curve {
                let known = history(metric, r);
                let at = |tick: &i32| known.binary_search_by_key(tick, |(tick, _)| *tick).ok();
                ticks.iter().map(|tick| at(tick).map(|n| point(&known[n].1))).collect()
            };
            let curves = vec![(0..regions.len()).map(|r| vec![curve(r)]).collect()];
            is_there(&curves).then(|| Chosen { title, unit, least: least(metric, few), curves })
        })
        .collect();
    let dates = ticks.iter().map(|&tick| day(tick)).collect();
    put(page, HEADING, &Explorer { regions, dates, views: &ONE_WORLD, metrics, says, first: (0, 0) });
}

/// The part of the page of a comparison; it opens with what the reform changes most clearly.
pub(crate) fn of_effects(
    page: &mut Page,
    heading: &str,
    (regions, effects): (&[String], &Effects),
    day: impl Fn(i32) -> String,
    few: f64,
) {
    let history = |metric: Metric, r: usize| effects.grid.history(r, metric, "all");
    let ticks = ticks(METRICS.iter().flat_map(|(metric, _)| history(*metric, 0)).map(|(tick, _)| tick), &day);
    let metrics: Vec<Chosen> = METRICS
        .iter()
        .filter_map(|&(metric, title)| {
            let (unit, factor) = unit(metric);
            let point = |moments: &Moments| {
                let half = moments.half_width().unwrap_or(0.0);
                [0.0, -half, half].map(|off| (moments.mean + off) * factor)
            };
            let curves = |r: usize, pick: &[fn(&Paired) -> &Moments]| -> Vec<Curve> {
                let known = history(metric, r);
                let at = |tick: &i32| known.binary_search_by_key(tick, |(tick, _)| *tick).ok();
                let curve = |pick: &fn(&Paired) -> &Moments| {
                    ticks.iter().map(|tick| at(tick).map(|n| point(pick(&known[n].1)))).collect()
                };
                pick.iter().map(curve).collect()
            };
            let worlds: [fn(&Paired) -> &Moments; 2] = [|pair| &pair.base, |pair| &pair.reform];
            let difference: [fn(&Paired) -> &Moments; 1] = [|pair| &pair.difference];
            let all = |pick: &[fn(&Paired) -> &Moments]| (0..regions.len()).map(|r| curves(r, pick)).collect();
            let curves = vec![all(&worlds), all(&difference)];
            is_there(&curves).then(|| Chosen { title, unit, least: least(metric, few), curves })
        })
        .collect();
    let first = metrics.iter().enumerate().map(|(n, metric)| (n, clearest(&metric.curves[1])));
    let first = first.fold((0, 0.0), |best, one| if one.1 > best.1 { one } else { best }).0;
    let says = "The mean, and the band of its 95 % interval.".to_owned();
    let dates = ticks.iter().map(|&tick| day(tick)).collect();
    put(page, heading, &Explorer { regions, dates, views: &TWO_WORLDS, metrics, says, first: (first, 0) });
}

/// How far the clearest difference at the end lies from zero, in half-widths of its interval.
fn clearest(regions: &[Vec<Curve>]) -> f64 {
    let ends = regions.iter().flatten().filter_map(|curve| curve.last().copied().flatten());
    let clear = |[mean, low, high]: Point| if high > low { mean.abs() / (high - low) * 2.0 } else { 0.0 };
    ends.map(clear).fold(0.0, f64::max)
}

/// The ticks that are drawn, of all that were recorded.
fn ticks(recorded: impl Iterator<Item = i32>, day: impl Fn(i32) -> String) -> Vec<i32> {
    let all: Vec<i32> = recorded.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let dates: Vec<String> = all.iter().map(|&tick| day(tick)).collect();
    yearly(&dates).into_iter().map(|n| all[n]).collect()
}

fn is_there(curves: &[Vec<Vec<Curve>>]) -> bool {
    curves.iter().flatten().flatten().flatten().flatten().any(|point| point[0] != 0.0)
}

/// A number in five digits: what a picture can show.
fn short(value: f64) -> Value {
    if value == 0.0 || !value.is_finite() {
        json!(0)
    } else {
        json!(format!("{value:.4e}").parse::<f64>().unwrap_or(value))
    }
}

fn put(page: &mut Page, heading: &str, explorer: &Explorer) {
    if explorer.metrics.is_empty() || explorer.dates.len() < 2 {
        return;
    }
    page.section(heading);
    page.explorer(&explorer.markup(page.explorers()), explorer.data());
}

/// What the part is called.
pub(crate) const HEADING: &str = "Choose a region and a metric";

impl Explorer<'_> {
    fn data(&self) -> Value {
        let ends = |curve: &Curve, n: usize| -> Value {
            curve.iter().map(|point| point.map_or(Value::Null, |point| short(point[n]))).collect()
        };
        let has_band = |curve: &Curve| curve.iter().flatten().any(|point| point[1] != point[2]);
        let curve = |curve: &Curve| {
            if has_band(curve) {
                json!([ends(curve, 0), ends(curve, 1), ends(curve, 2)])
            } else {
                json!([ends(curve, 0)])
            }
        };
        let metric = |metric: &Chosen| {
            let views = metric.curves.iter().map(|regions| {
                let region = |curves: &Vec<Curve>| curves.iter().map(curve).collect::<Vec<_>>();
                regions.iter().map(region).collect::<Vec<_>>()
            });
            json!({"title": metric.title, "unit": metric.unit, "least": metric.least, "views": views.collect::<Vec<_>>()})
        };
        json!({
            "kind": "explore",
            "regions": self.regions,
            "dates": self.dates,
            "views": self.views.iter().map(|view| json!({"name": view.name, "curves": view.curves})).collect::<Vec<_>>(),
            "metrics": self.metrics.iter().map(metric).collect::<Vec<_>>(),
            "says": self.says,
        })
    }

    /// What can be chosen, hidden until the script is there; and the first choice as pictures and as a table.
    fn markup(&self, number: usize) -> Markup {
        let metric = &self.metrics[self.first.0];
        let id = format!("explore-{number}");
        let option =
            |(n, name): (usize, &str), is_first: bool| html! { option value=(n) selected[is_first] { (name) } };
        let select = |what: &str, label: &str, options: Markup| {
            let of = format!("{id}-{what}");
            html! { div { label for=(of) { (label) } " " select id=(of) data-pick=(what) { (options) } } }
        };
        html! {
            div class="explore" id=(id) {
                div class="choices" role="group" aria-label="What is drawn" hidden {
                    (select("metric", "Metric", html! {
                        @for (n, metric) in self.metrics.iter().enumerate() { (option((n, metric.title), n == self.first.0)) }
                    }))
                    (select("region", "Region", html! {
                        option value="all" selected { "every region, side by side" }
                        @for (n, name) in self.regions.iter().enumerate() { (option((n, name), false)) }
                    }))
                    @if self.views.len() > 1 {
                        (select("view", "Show", html! {
                            @for (n, view) in self.views.iter().enumerate() { (option((n, view.name), n == self.first.1)) }
                        }))
                    }
                }
                figure {
                    figcaption {
                        strong class="what" { (metric.title) ", " (metric.unit) } " "
                        span class="how" { (self.how()) }
                    }
                    div class="panels" {
                        @for (r, name) in self.regions.iter().enumerate() { (self.panel(metric, r, name)) }
                    }
                    p class="said" role="status" {}
                    details { summary { "Numbers: what is drawn" } (self.numbers(metric)) }
                }
            }
        }
    }

    /// How the pictures are to be read.
    fn how(&self) -> String {
        let curves = match self.views[self.first.1].curves {
            [base, reform] => format!("Dashed: {base}; solid: {reform}. "),
            _ => String::new(),
        };
        format!("{curves}{} Each region has its own scale.", self.says).trim().to_owned()
    }

    fn curves(&self, metric: &Chosen, region: usize) -> Vec<Curve> {
        metric.curves[self.first.1].get(region).cloned().unwrap_or_default()
    }

    /// The values of the first choice at the end of every year, a row for each region and curve.
    fn numbers(&self, metric: &Chosen) -> Markup {
        let names = self.views[self.first.1].curves;
        let row = |r: usize, curve: usize| format!("{} {}", self.regions[r], names[curve]).trim().to_owned();
        let cell = |point: Option<Point>| point.map_or("-".to_owned(), |point| quantity(point[0], ""));
        // long runs: as many years as have room
        let every = self.dates.len().div_ceil(MOST_YEARS);
        let shown: Vec<usize> = (0..self.dates.len()).filter(|n| n % every == 0 || n + 1 == self.dates.len()).collect();
        html! {
            div class="scroll" {
                table class="tight" {
                    thead { tr {
                        th scope="col" { "last record of" }
                        @for &n in &shown { th scope="col" { (year(&self.dates[n], n)) } }
                    } }
                    tbody {
                        @for r in 0..self.regions.len() { @for (c, curve) in self.curves(metric, r).iter().enumerate() {
                            tr {
                                th scope="row" { (row(r, c)) }
                                @for &n in &shown {
                                    td data-label=(year(&self.dates[n], n)) { (cell(curve.get(n).copied().flatten())) }
                                }
                            }
                        } }
                    }
                }
            }
        }
    }

    /// The picture of a region: lines and bands over the years.
    fn panel(&self, metric: &Chosen, region: usize, name: &str) -> Markup {
        let curves = self.curves(metric, region);
        let points = || curves.iter().flatten().flatten();
        let most = points().fold(0.0_f64, |most, point| most.max(point[2].abs()).max(point[1].abs()));
        let is_few = most > 0.0 && most < metric.least;
        let end = |curve: &Curve| {
            curve.iter().rev().flatten().next().map_or("none".to_owned(), |point| quantity(point[0], ""))
        };
        let ends: Vec<String> = curves.iter().map(end).collect();
        let says = format!("{name}: {}, {} at the end", metric.title, ends.join(" and "));
        html! {
            svg class=[is_few.then_some("few")] viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(says) {
                text class="name" x="0" y="13" { (name) }
                @if most == 0.0 {
                    text class="none" x=(WIDTH / 2.0) y=(HEIGHT / 2.0) { "none" }
                } @else {
                    (self.marks(&curves, is_few))
                }
            }
        }
    }

    fn marks(&self, curves: &[Curve], is_few: bool) -> Markup {
        let values = curves.iter().flatten().flatten().flatten().copied();
        let (low, high, step) = scale(values);
        let last = self.dates.len() - 1;
        let x = |n: usize| LEFT + (WIDTH - LEFT - RIGHT) * n as f64 / last as f64;
        let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low);
        let path = |curve: &Curve, end: usize| {
            let mut line = String::new();
            for (n, point) in curve.iter().enumerate() {
                if let Some(point) = point {
                    let _ = write!(line, "{}{:.1} {:.1}", if line.is_empty() { "M" } else { "L" }, x(n), y(point[end]));
                }
            }
            line
        };
        let band = |curve: &Curve| {
            let back: String = curve
                .iter()
                .enumerate()
                .rev()
                .filter_map(|(n, point)| Some((n, (*point)?)))
                .map(|(n, point)| format!("L{:.1} {:.1}", x(n), y(point[1])))
                .collect();
            format!("{}{back}Z", path(curve, 2))
        };
        let ticks =
            std::iter::successors(Some(low), |tick| Some(tick + step)).take_while(|tick| *tick <= high + step / 2.0);
        let kinds: &[&str] = if curves.len() > 1 { &["base", "reform"] } else { &["reform"] };
        let years = [0, last / 2, last];
        html! {
            @for tick in ticks {
                line class="grid" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(tidy(y(tick))) y2=(tidy(y(tick))) {}
                text class="up" x=(LEFT - 5.0) y=(tidy(y(tick) + 4.0)) { (amount_or_decimals(if tick.abs() < step / 2.0 { 0.0 } else { tick })) }
            }
            @for n in years {
                text class="across" x=(tidy(x(n))) y=(HEIGHT - 4.0) { (year(&self.dates[n], n)) }
            }
            @for (curve, kind) in curves.iter().zip(kinds) {
                @if curve.iter().flatten().any(|point| point[1] != point[2]) { path class={ "band " (kind) } d=(band(curve)) {} }
            }
            @for (curve, kind) in curves.iter().zip(kinds) { path class={ "curve " (kind) } d=(path(curve, 0)) {} }
            @if is_few { text class="none" x=(WIDTH / 2.0) y=(TOP + 12.0) { "of too few agents to tell" } }
        }
    }
}

/// Years in a row of the table.
const MOST_YEARS: usize = 17;

/// The size of a picture, and its margins.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 170.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 22.0;

fn tidy(place: f64) -> String {
    format!("{place:.1}")
}

/// What stands below a date: its year; the first record stands for the start.
fn year(date: &str, n: usize) -> String {
    let year = date.get(..4).unwrap_or("");
    if n == 0 { format!("start {year}") } else { year.to_owned() }
}

/// The ends of an axis that holds zero and all values, and its step: 1, 2 or 5 times a power of ten.
fn scale(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let (least, most) = values.fold((0.0_f64, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
    let step = round_step((most - least).max(f64::MIN_POSITIVE) / 3.0);
    (libm::floor(least / step) * step, libm::ceil(most / step) * step, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_zero_and_every_value_at_whole_steps() {
        assert_eq!(scale([3.0, 8.0].into_iter()), (0.0, 10.0, 5.0));
        assert_eq!(scale([-0.4, 1.9].into_iter()), (-1.0, 2.0, 1.0));
        assert_eq!(scale([-7.0, -1.0].into_iter()), (-10.0, 0.0, 5.0));
    }

    #[test]
    fn what_is_drawn_is_the_start_and_the_end_of_each_year() {
        let dates =
            ["2027-01-08", "2027-06-01", "2027-12-31", "2028-03-01", "2028-12-20", "2029-01-20"].map(str::to_owned);
        assert_eq!(yearly(&dates), [0, 2, 4, 5]);
    }
}
