//! The page of a run or an ensemble: what happened, where, and under which assumptions.

use crate::economy::policy::Clock;
use crate::experiment::ensemble::Attendance;
use crate::experiment::run::Results;
use crate::experiment::tally::Tally;
use crate::observe::indicators::Metric;
use crate::output::kit::bands::{Band, Histories, outer_in_words};
use crate::output::kit::became;
use crate::output::kit::gains::{sentence, when};
use crate::output::kit::numbers::quantity;
use crate::output::kit::page::Page;
use crate::output::kit::page::explore::of_histories;
use crate::output::kit::page::gains::gains;
use crate::output::kit::page::money::{receipt_matrix, who_pays_whom};
use crate::output::kit::page::parts::{Curve, PLANT, assumptions, lines, reproduce, typed};
use crate::output::kit::words::called;
use crate::output::only::Only;
use crate::output::plots::FEW;
use crate::scenario::Scenario;

/// Histories of a single run: bands of one value.
pub fn of_run(results: &Results) -> (Attendance, Histories) {
    let mut histories = Histories::new();
    let all = results.series.items.iter().position(|word| word == "all");
    for row in results.series.rows.iter().filter(|row| Some(usize::from(row.item)) == all) {
        histories.entry((row.region, row.metric)).or_default().push((row.tick, Band::of(&mut [row.value])));
    }
    (Attendance { done: vec![results.scenario.parameters.run.replicate], failures: Vec::new() }, histories)
}

/// The whole page. Money, receipt and plant are those of one run: the first, where there are several.
pub fn page(
    scenario: &Scenario,
    (attendance, histories, tallies): (&Attendance, &Histories, &[Tally]),
    one: &Results,
    only: &Only,
) -> String {
    let mut page = Page::default();
    let view = View { scenario, attendance, histories, tallies };
    page.section("The answer");
    page.answer(&view.answer());
    gains(&mut page, &scenario.region_names(), tallies);
    became::section(&mut page, scenario, tallies);
    view.regions(&mut page);
    view.explore(&mut page);
    view.over_time(&mut page);
    view.one_run(&mut page, one);
    assumptions(&mut page, scenario, None);
    let count = if attendance.tried() > 1 { format!(" --replicates {}", attendance.tried()) } else { String::new() };
    let command = format!("handover run {}{count}{}", typed(&scenario.about.name), only.typed());
    let files: &[&str] = if attendance.tried() > 1 { &OF_MANY } else { &OF_ONE };
    let made: Vec<&str> = files.iter().copied().filter(|file| *file == "manifest.json" || only.has(file)).collect();
    reproduce(&mut page, &command, scenario, attendance, &made);
    let sure = if attendance.done.len() > 1 {
        format!("medians, and where {} of the replicates lie", outer_in_words(attendance.done.len()))
    } else {
        "one run is one draw: it says nothing about how sure its numbers are".to_owned()
    };
    let standing =
        format!("{}; {sure}. Conditional on the scenario's assumptions; not a forecast.", attendance.words());
    page.finish(&scenario.about.title, &scenario.about.question, &standing)
}

/// What lies beside the page of a run, and of an ensemble.
const OF_ONE: [&str; 9] = [
    "manifest.json",
    "series.csv",
    "series.parquet",
    "flows.parquet",
    "receipt.parquet",
    "gains.csv",
    "gains.parquet",
    "waterfall.csv",
    "plots/*.svg",
];
const OF_MANY: [&str; 8] = [
    "manifest.json",
    "bands.csv",
    "bands.parquet",
    "gains.csv",
    "gains.parquet",
    "waterfall.csv",
    "plots/*.svg",
    "replicates/*",
];

struct View<'a> {
    scenario: &'a Scenario,
    attendance: &'a Attendance,
    histories: &'a Histories,
    tallies: &'a [Tally],
}

impl View<'_> {
    fn history(&self, metric: Metric, region: usize) -> &[(i32, Band)] {
        self.histories.get(&(region as u16, metric)).map_or(&[], Vec::as_slice)
    }

    fn end(&self, metric: Metric, region: usize) -> f64 {
        self.history(metric, region).last().map_or(0.0, |(_, band)| band.quantiles[2])
    }

    /// Median at the end, and where nine tenths lie if there are several.
    fn shown(&self, metric: Metric, region: usize, factor: f64, unit: &str) -> String {
        let Some((_, band)) = self.history(metric, region).last() else { return "-".to_owned() };
        let q = band.quantiles.map(|value| value * factor);
        // a number and its multiple stay on one line
        let [low, middle, high] = [q[0], q[2], q[4]].map(|value| quantity(value, "").replace(' ', "\u{a0}"));
        let unit = unit.replace(' ', "\u{a0}");
        if band.count < 2 {
            return format!("{middle}{unit}");
        }
        format!("{middle}{unit} ({low} to\u{a0}{high})")
    }

    fn regions_by(&self, metric: Metric) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.scenario.parameters.regions.len()).collect();
        places.sort_by(|&a, &b| self.end(metric, b).total_cmp(&self.end(metric, a)));
        places
    }

    /// The first day of a tick.
    fn day(&self, tick: i32) -> String {
        Clock::of(&self.scenario.parameters.run).date(tick).to_string()
    }

    fn name(&self, region: usize) -> &str {
        called(self.scenario, &self.scenario.parameters.regions[region])
    }

    /// What a region is called in a sentence.
    fn in_words(&self, region: usize) -> &str {
        self.scenario.in_words(&self.scenario.parameters.regions[region])
    }

    fn answer(&self) -> Vec<String> {
        let most = self.regions_by(Metric::DisplacedTotal)[0];
        let years = self.scenario.parameters.run.years.0;
        let is_somebody_displaced = self.end(Metric::DisplacedTotal, most) > 0.0;
        let displaced = if is_somebody_displaced {
            format!(
                "Under this scenario's assumptions, robots displace people in {} above all: {} persons in {years} years, while at the end they do the work there of {} full-time equivalents more than at the start ({}).",
                self.in_words(most),
                self.shown(Metric::DisplacedTotal, most, 1.0, ""),
                self.shown(Metric::Absorbed, most, 1.0, ""),
                self.attendance.words()
            )
        } else {
            format!(
                "Under this scenario's assumptions robots displace nobody in {years} years ({}).",
                self.attendance.words()
            )
        };
        let back = format!(
            "Of those displaced in {}, {} found work again at least once; {} are without work at the end, and unemployment stands at {}.",
            self.in_words(most),
            self.shown(Metric::ReemployedTotal, most, 1.0, ""),
            self.shown(Metric::DisplacedWithoutWork, most, 1.0, ""),
            self.shown(Metric::UnemploymentRate, most, 100.0, " %")
        );
        let filmed = self.regions_by(Metric::Contributors)[0];
        let royalties = if self.end(Metric::RoyaltiesReceived, filmed) > 0.0 {
            format!("{} USD a week of royalties reach them", self.shown(Metric::RoyaltiesReceived, filmed, 1.0, ""))
        } else {
            "no royalty reaches them".to_owned()
        };
        let hours = format!(
            "Most contributors of filmed hours live in {} ({} persons); at the end {royalties}, and {} USD a week of pay for footage.",
            self.in_words(filmed),
            self.shown(Metric::Contributors, filmed, 1.0, ""),
            self.shown(Metric::CapturePayReceived, filmed, 1.0, "")
        );
        let (who, when) = (sentence(self.scenario, self.tallies), when(self.scenario, self.tallies));
        let back = is_somebody_displaced.then_some(back);
        [displaced, who, when].into_iter().chain(back).chain([hours]).collect()
    }

    fn regions(&self, page: &mut Page) {
        page.section("Where");
        let columns: [(Metric, f64, &str); 6] = [
            (Metric::Absorbed, 1.0, ""),
            (Metric::DisplacedTotal, 1.0, ""),
            (Metric::ReemployedTotal, 1.0, ""),
            (Metric::UnemploymentRate, 100.0, " %"),
            (Metric::Contributors, 1.0, ""),
            (Metric::RoyaltiesReceived, 1.0, ""),
        ];
        let rows: Vec<Vec<String>> = (0..self.scenario.parameters.regions.len())
            .map(|r| {
                let cells = columns.iter().map(|&(metric, factor, unit)| self.shown(metric, r, factor, unit));
                std::iter::once(self.name(r).to_owned()).chain(cells).collect()
            })
            .collect();
        let head = [
            "at the end",
            "absorbed, FTE",
            "displaced",
            "back at work",
            "unemployed",
            "contributors",
            "royalties, USD a week",
        ];
        page.table(&format!("By region, {}", self.attendance.words()), &head, &rows, false);
    }

    /// Metric and region of the reader's choice.
    fn explore(&self, page: &mut Page) {
        let names = self.scenario.parameters.regions.iter().map(|code| called(self.scenario, code).to_owned());
        let says = match self.attendance.done.len() {
            0 | 1 => "One run.".to_owned(),
            many => format!("The median, and the band in which {} of the replicates lie.", outer_in_words(many)),
        };
        let few = FEW * self.scenario.parameters.weights.range().1 as f64;
        of_histories(page, &names.collect::<Vec<_>>(), self.histories, |tick| self.day(tick), (few, says));
    }

    fn over_time(&self, page: &mut Page) {
        page.section("When");
        let most = &self.regions_by(Metric::DisplacedTotal)[..3.min(self.scenario.parameters.regions.len())];
        let filmed = &self.regions_by(Metric::Contributors)[..3.min(self.scenario.parameters.regions.len())];
        for (metric, title, unit, factor, places) in [
            (Metric::Absorbed, "Work absorbed by robots", "full-time equivalents", 1.0, most),
            (Metric::DisplacedTotal, "People displaced since the start", "persons", 1.0, most),
            (Metric::UnemploymentRate, "Unemployment rate", "% of the labour force", 100.0, most),
            (Metric::AcceptedHours, "Hours of footage accepted", "hours a week", 1.0, filmed),
            (Metric::RoyaltiesReceived, "Royalties received", "USD a week", 1.0, filmed),
        ] {
            let histories: Vec<&[(i32, Band)]> = places.iter().map(|&r| self.history(metric, r)).collect();
            let Some(first) = histories.first().filter(|history| !history.is_empty()) else { continue };
            let dates: Vec<String> = first.iter().map(|(tick, _)| self.day(*tick)).collect();
            let curve = |(&r, history): (&usize, &&[(i32, Band)])| {
                let quantile =
                    |n: usize| history.iter().map(|(_, band)| band.quantiles[n] * factor).collect::<Vec<_>>();
                let has_band = history.iter().any(|(_, band)| band.count > 1);
                Curve {
                    name: self.name(r).to_owned(),
                    values: quantile(2),
                    band: has_band.then(|| (quantile(0), quantile(4))),
                }
            };
            let curves: Vec<Curve> = places.iter().zip(&histories).map(curve).collect();
            let says = if curves.iter().any(|curve| curve.band.is_some()) {
                let most = outer_in_words(self.attendance.done.len());
                format!("Median, and the band in which {most} of the replicates lie, in three regions.")
            } else {
                "In three regions.".to_owned()
            };
            lines(page, title, &says, unit, &dates, &curves);
        }
    }

    fn one_run(&self, page: &mut Page, one: &Results) {
        let regions = &self.scenario.parameters.regions;
        let which = if self.attendance.tried() > 1 {
            format!(" (replicate {})", one.scenario.parameters.run.replicate)
        } else {
            String::new()
        };
        page.section(&format!("The money{which}"));
        let names = self.scenario.region_names();
        who_pays_whom(page, "Who pays whom", &names, &one.last_year());
        page.section(&format!("From the filmed hour to the lost job{which}"));
        page.text(
            "The hand-over receipt: of the jobs that robots take in a region, what is owed to hours filmed in another.",
        );
        let cells = one.receipt_cells();
        for (what, title) in [
            ("jobs", "Jobs absorbed in the last whole year, full-time equivalents: filmed in (row), lost in (column)"),
            ("royalties", "Royalties over the run, USD: to contributors in (row), from robots in (column)"),
        ] {
            receipt_matrix(page, title, "Shares follow the hours that robots learnt from.", &names, &cells, what);
        }
        let history = |r: usize, metric: Metric, item: &str| one.series.history(metric, r, item).unwrap_or_default();
        let filmed = |r: usize| history(r, Metric::RawHours, "factory").iter().map(|point| point.1).sum::<f64>();
        let Some(place) = (0..regions.len()).max_by(|&a, &b| filmed(a).total_cmp(&filmed(b))) else { return };
        page.section(&format!("The plant and its second product{which}"));
        page.text(&format!(
            "A factory that films makes two products: units, and hours of footage. Factories of {}, where most is filmed.",
            self.in_words(place)
        ));
        for (metric, item, title, unit, factor) in PLANT {
            let history = history(place, metric, item);
            if history.is_empty() {
                continue;
            }
            let dates: Vec<String> = history.iter().map(|(tick, _)| self.day(*tick)).collect();
            let values = history.iter().map(|(_, value)| value * factor).collect();
            let curve = Curve { name: self.name(place).to_owned(), values, band: None };
            lines(page, title, "One run.", unit, &dates, &[curve]);
        }
    }
}
