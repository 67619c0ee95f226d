//! The ten pictures: what each shows, and how to read it.

use super::Canvas;
use super::axes::{Axis, Dates, Form};
use super::matrix;
use super::panel::{Curve, Frame, Look, Panel, grid, legend};
use super::sheet::{Align, GREY, INK, MARGIN, SIZE, Sheet, fit};
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::{ByMetric, Metric};
use crate::output::kit::words::plain_name;
use std::collections::{BTreeMap, BTreeSet};

/// Regions whose labs license to others.
const LICENSORS: [&str; 3] = ["USA", "CHN", "EU27"];
const OCCUPATIONS: [(&str, &str); 6] = [
    ("assembler", "assembler"),
    ("operator", "machine operator"),
    ("tool_and_die", "tool and die maker"),
    ("helper", "helper"),
    ("picker", "picker"),
    ("courier", "courier"),
];
const KINDS: [(&str, &str); 7] = [
    ("assembly", "assembly"),
    ("machine_tending", "machine tending"),
    ("tool_and_die_work", "tool and die work"),
    ("material_handling", "material handling"),
    ("picking", "picking"),
    ("station_leg", "station leg"),
    ("doorstep", "doorstep"),
];
const FAMILIES: [(&str, &str); 5] = [
    ("handling", "handling"),
    ("handover", "handover"),
    ("assembly", "assembly"),
    ("machining", "machining"),
    ("toolmaking", "toolmaking"),
];
/// Agents of which a curve is at least.
pub const FEW: f64 = 10.0;
/// An axis of numbers from zero.
const AMOUNTS: Axis =
    Axis { label: "persons", form: Form::Amount, is_log: false, within: Some((0.0, 0.0)), is_shared: false };
const SHARES: Axis = Axis { label: "%", form: Form::Percent, within: Some((0.0, 100.0)), is_shared: true, ..AMOUNTS };
const RATIOS: Axis = Axis { is_log: true, within: None, is_shared: true, ..AMOUNTS };

/// Of what a curve is: metric, item, name, look.
type Wanted<'a> = (Metric, &'a str, &'a str, Look);

/// Draws all pictures: name and sheet.
pub fn all(canvas: &Canvas) -> Vec<(&'static str, Sheet)> {
    let view = View::of(canvas);
    vec![
        ("employment", view.employment()),
        ("displacement", view.displacement()),
        ("unemployment", view.unemployment()),
        ("capability", view.capability()),
        ("fleets", view.fleets()),
        ("cost", view.cost()),
        ("wages", view.wages()),
        ("robot_share", view.robot_share()),
        ("flows", view.flows()),
        ("money", view.money()),
    ]
}

/// A run, with its dates.
struct View<'a> {
    canvas: &'a Canvas<'a>,
    series: ByMetric<'a>,
    dates: Dates,
    /// Ticks of all records, in order.
    records: Vec<i32>,
}

impl<'a> View<'a> {
    fn of(canvas: &'a Canvas<'a>) -> Self {
        let ticks = canvas.series.rows.iter().map(|row| row.tick).chain(canvas.flows.rows.iter().map(|row| row.0));
        let records: Vec<i32> = ticks.collect::<BTreeSet<i32>>().into_iter().collect();
        let mut dates =
            Dates { start: canvas.start, days_per_tick: canvas.days_per_tick as f64, first: 0.0, last: 1.0 };
        dates.last = records.last().map_or(365.0, |last| dates.day(*last)).max(1.0);
        View { canvas, series: canvas.series.by_metric(), dates, records }
    }

    fn name(&self, region: usize) -> String {
        plain_name(self.canvas.names.get(region).map_or("", String::as_str)).to_owned()
    }

    /// A sheet with its words at the head and at the foot.
    fn sheet(&self, title: &str, how_to_read: &str) -> Sheet {
        let mut sheet = Sheet::default();
        let right = SIZE.0 - MARGIN;
        let words = sheet.words(title, (MARGIN, 26.0), 22.0, Align::Left);
        (words.is_bold, words.colour) = (true, INK);
        let taken = words.edges()[2] + 24.0;
        sheet.words(&fit(self.canvas.title, 13.0, false, right - taken), (right, 27.0), 13.0, Align::Right);
        sheet.words(&fit(how_to_read, 13.5, false, right - MARGIN), (MARGIN, 52.0), 13.5, Align::Left).colour = GREY;
        sheet.words(&fit(self.canvas.note, 12.0, false, right - MARGIN), (MARGIN, SIZE.1 - 15.0), 12.0, Align::Left);
        sheet
    }

    /// A metric by day, times a factor, broken where a record is missing.
    fn points(&self, metric: Metric, region: usize, item: &str, factor: f64) -> Vec<(f64, f64)> {
        let history = self.series.history(metric, region, item).unwrap_or_default();
        let mut points = Vec::with_capacity(history.len());
        let mut due = None;
        for (tick, value) in history {
            let place = self.records.binary_search(&tick).unwrap_or(0);
            if due.is_some_and(|due| place > due) {
                points.push((self.dates.day(tick), f64::NAN));
            }
            points.push((self.dates.day(tick), value * factor));
            due = Some(place + 1);
        }
        points
    }

    fn panel(&self, region: usize, wanted: &[Wanted], factor: f64) -> Panel {
        let curve = |&(metric, item, label, look): &Wanted| Curve {
            label: label.to_owned(),
            look,
            points: self.points(metric, region, item, factor),
        };
        Panel {
            title: self.name(region),
            curves: wanted.iter().map(curve).collect(),
            is_stacked: false,
            bands: Vec::new(),
            least: 0.0,
        }
    }

    /// One panel for each region.
    fn by_region(&self, sheet: &mut Sheet, wanted: &[Wanted], axis: &Axis, change: impl Fn(&mut Panel)) {
        let factor = if axis.form == Form::Percent { 100.0 } else { 1.0 };
        let regions = self.canvas.regions.len();
        let mut panels: Vec<Panel> = (0..regions).map(|region| self.panel(region, wanted, factor)).collect();
        panels.iter_mut().for_each(change);
        let entries: Vec<(&str, Look)> = wanted.iter().map(|wanted| (wanted.2, wanted.3)).collect();
        let is_filled = panels.first().is_some_and(|panel| panel.is_stacked);
        let took = legend(sheet, (MARGIN, 80.0), SIZE.0 - 2.0 * MARGIN, &entries, is_filled);
        grid(sheet, body(80.0 + took - 4.0), &panels, columns(regions), axis, &self.dates);
    }

    fn employment(&self) -> Sheet {
        let how = "Persons, stacked: the height of a colour is how many. Every panel has its own scale.";
        let mut sheet = self.sheet("Employed, unemployed and in other services, by region", how);
        let filled = |place: usize| Look { dash: &[], ..Look::nth(place) };
        let wanted = [
            (Metric::Employed, "all", "employed at sites", filled(0)),
            (Metric::Unemployed, "all", "unemployed", filled(1)),
            (Metric::Outside, "all", "in other services", filled(6)),
        ];
        self.by_region(&mut sheet, &wanted, &AMOUNTS, |panel| panel.is_stacked = true);
        sheet
    }

    fn displacement(&self) -> Sheet {
        let how = "Since the start. The gap between the displaced and those who found work again: those who did not. \
                   Every panel has its own scale.";
        let mut sheet = self.sheet("Work absorbed by robots, and people displaced, by region", how);
        let wanted = [
            (Metric::Absorbed, "all", "absorbed by robots (full-time equivalents)", Look::nth(0)),
            (Metric::DisplacedTotal, "all", "displaced (persons)", Look::nth(1)),
            (Metric::ReemployedTotal, "all", "of those, found work again (persons)", Look::nth(2)),
        ];
        let axis = Axis { label: "persons or full-time equivalents", ..AMOUNTS };
        self.by_region(&mut sheet, &wanted, &axis, |panel| panel.least = FEW * self.canvas.persons);
        sheet
    }

    fn unemployment(&self) -> Sheet {
        let how = "Unemployed in % of the labour force: of everybody, and of three occupations. \
                   Every panel has its own scale.";
        let mut sheet = self.sheet("Unemployment rate, by region", how);
        let black = Look { colour: Look::nth(4).colour, dash: &[] };
        let wanted = [
            (Metric::UnemploymentRate, "all", "everybody", black),
            (Metric::UnemploymentRate, "courier", "couriers", Look::nth(1)),
            (Metric::UnemploymentRate, "picker", "pickers", Look::nth(2)),
            (Metric::UnemploymentRate, "helper", "helpers", Look::nth(3)),
        ];
        let axis = Axis { label: "% of the labour force", form: Form::Percent, ..AMOUNTS };
        self.by_region(&mut sheet, &wanted, &axis, |_| ());
        sheet
    }

    fn capability(&self) -> Sheet {
        let how = "Left: success on one sub-task, released models. Right: share of jobs that robots could do, \
                   by kind of job. In the markets of three licensors.";
        let mut sheet = self.sheet("What robots can do", how);
        let code = |code: &&str| self.canvas.regions.iter().position(|region| region == code);
        let mut markets: Vec<usize> = LICENSORS.iter().filter_map(code).collect();
        if markets.is_empty() {
            markets = (0..self.canvas.regions.len().min(LICENSORS.len())).collect();
        }
        let half = SIZE.0 / 2.0;
        let sides = [
            (MARGIN, half - 6.0, Metric::Capability, &FAMILIES[..]),
            (half + 6.0, SIZE.0 - MARGIN, Metric::FeasibleShare, &KINDS),
        ];
        for (left, right, metric, items) in sides {
            let wanted = listed(metric, items);
            let panels: Vec<Panel> = markets.iter().map(|&market| self.panel(market, &wanted, 100.0)).collect();
            let entries: Vec<(&str, Look)> = wanted.iter().map(|wanted| (wanted.2, wanted.3)).collect();
            legend(&mut sheet, (left, 80.0), right - left, &entries, false);
            let label = if metric == Metric::Capability { "% of sub-tasks" } else { "% of jobs" };
            grid(&mut sheet, Frame { left, right, ..body(116.0) }, &panels, 1, &Axis { label, ..SHARES }, &self.dates);
        }
        sheet
    }

    fn fleets(&self) -> Sheet {
        let how = "Robots at sites, by class. Each grid line is a multiple of the one below; \
                   no line where there are none, or hardly any. All panels have the same scale.";
        let mut sheet = self.sheet("Robots at work, by region", how);
        let classes = [
            ("van", "vans"),
            ("sidewalk", "sidewalk robots"),
            ("amr", "mobile robots"),
            ("manipulator", "manipulators"),
        ];
        let axis = Axis { label: "robots (log scale)", ..RATIOS };
        self.by_region(&mut sheet, &listed(Metric::Fleet, &classes), &axis, |_| ());
        sheet
    }

    fn cost(&self) -> Sheet {
        let how = "USD for one parcel. Solid: by hand; dashed: by robot, capital included. Where the dashed line is below \
                   the solid one of its colour, a robot is cheaper.";
        let mut sheet = self.sheet("Cost of a parcel by hand and by robot, by region", how);
        let look = |place: usize, dash| Look { colour: Look::nth(place).colour, dash };
        let wanted = [
            (Metric::CostByHand, "station_leg", "station leg, by hand", look(0, &[])),
            (Metric::CostByRobot, "station_leg", "station leg, by robot", look(0, &[5.0, 3.0])),
            (Metric::CostByHand, "doorstep", "doorstep, by hand", look(1, &[])),
            (Metric::CostByRobot, "doorstep", "doorstep, by robot", look(1, &[5.0, 3.0])),
        ];
        let axis = Axis { label: "USD per parcel (log scale)", ..RATIOS };
        self.by_region(&mut sheet, &wanted, &axis, |_| ());
        sheet
    }

    fn wages(&self) -> Sheet {
        let how = "Wage of a mean worker in USD, as an index: 100 is the first record. Every panel has its own scale.";
        let mut sheet = self.sheet("Wages by occupation, by region", how);
        let axis = Axis { label: "first record = 100", within: None, ..AMOUNTS };
        self.by_region(&mut sheet, &listed(Metric::Wage, &OCCUPATIONS), &axis, |panel| {
            for curve in &mut panel.curves {
                let first = curve.points.iter().map(|point| point.1).find(|wage| *wage > 0.0).unwrap_or(f64::NAN);
                curve.points.iter_mut().for_each(|point| point.1 *= 100.0 / first);
            }
        });
        sheet
    }

    fn robot_share(&self) -> Sheet {
        let how = "Of the jobs done, % done by robots, by kind of job. All panels have the same scale.";
        let mut sheet = self.sheet("Share of jobs done by robots, by region", how);
        let axis = Axis { label: "% of jobs done", ..SHARES };
        self.by_region(&mut sheet, &listed(Metric::RobotShare, &KINDS), &axis, |_| ());
        sheet
    }

    fn flows(&self) -> Sheet {
        let how = "Licences, subscriptions, robots, footage, royalties and dividends that cross borders, last year of the run. \
                   Grey: at home, left out.";
        let mut sheet = self.sheet("Who pays whom for the technology", how);
        let names: Vec<String> = (0..self.canvas.regions.len()).map(|region| self.name(region)).collect();
        let payments = matrix::payments(self.canvas, &self.records);
        if self.records.is_empty() || names.is_empty() {
            sheet.words("no data", (SIZE.0 / 2.0, SIZE.1 / 2.0), 13.0, Align::Middle);
        } else {
            matrix::draw(
                &mut sheet,
                Frame { left: MARGIN, top: 76.0, right: SIZE.0 - MARGIN, bottom: SIZE.1 - 36.0 },
                &names,
                &payments,
            );
        }
        sheet
    }

    fn money(&self) -> Sheet {
        let how = "USD a year, all regions together. Each grid line is a multiple of the one below; \
                   no line where nothing, or next to nothing, was paid.";
        let mut sheet = self.sheet("What the robots earn, and what the filmed receive", how);
        let wanted = [
            (Metric::LicenceRevenue, "robot licences"),
            (Metric::SubscriptionRevenue, "software subscriptions"),
            (Metric::DataSpending, "paid by labs for footage"),
            (Metric::CapturePayReceived, "capture pay of workers"),
            (Metric::RoyaltiesReceived, "royalties of workers"),
        ];
        let curve = |(place, &(metric, label)): (usize, &(Metric, &str))| Curve {
            label: label.to_owned(),
            look: Look::nth(place),
            points: self.world(metric),
        };
        let panel = Panel {
            title: "World".to_owned(),
            curves: wanted.iter().enumerate().map(curve).collect(),
            is_stacked: false,
            bands: Vec::new(),
            least: 0.0,
        };
        let axis = Axis { label: "USD a year (log scale)", ..RATIOS };
        let frame = Frame { left: MARGIN, top: 106.0, right: SIZE.0 - MARGIN, bottom: SIZE.1 - 40.0 };
        panel.draw_named(&mut sheet, frame, 196.0, &axis, &self.dates);
        sheet
    }

    /// A weekly flow of all regions together, per year.
    fn world(&self, metric: Metric) -> Vec<(f64, f64)> {
        let mut sums: BTreeMap<i32, f64> = BTreeMap::new();
        for region in 0..self.canvas.regions.len() {
            for (tick, value) in self.series.history(metric, region, "all").unwrap_or_default() {
                *sums.entry(tick).or_insert(0.0) += value * WEEKS_PER_YEAR;
            }
        }
        sums.into_iter().map(|(tick, value)| (self.dates.day(tick), value)).collect()
    }
}

/// A metric for each item.
fn listed<'a>(metric: Metric, items: &[(&'a str, &'a str)]) -> Vec<Wanted<'a>> {
    items.iter().enumerate().map(|(place, &(item, label))| (metric, item, label, Look::nth(place))).collect()
}

/// Where panels go, below the words at the head.
pub(super) fn body(top: f64) -> Frame {
    Frame { left: MARGIN, top, right: SIZE.0 - MARGIN + 8.0, bottom: SIZE.1 - 34.0 }
}

/// Columns of small multiples: eight are four by two.
pub(super) fn columns(panels: usize) -> usize {
    match panels {
        0..=1 => 1,
        2..=4 => 2,
        5..=6 => 3,
        7..=12 => 4,
        more => libm::ceil(libm::sqrt(more as f64 * 1.5)) as usize,
    }
}
