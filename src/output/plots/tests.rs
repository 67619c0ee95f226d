//! Checks of the pictures: complete, whole, of the nominal size, and readable.

use super::axes::{Axis, Dates, Form, Scale};
use super::sheet::{Mark, SIZE, Sheet, fit};
use super::{Canvas, draw, letters, pictures};
use crate::economy::world::flows::Flow;
use crate::observe::indicators::{Flows, Metric, Row, Series};
use crate::output::kit::numbers::amount;

const ITEMS: [&str; 22] = [
    "all",
    "courier",
    "picker",
    "helper",
    "assembler",
    "operator",
    "tool_and_die",
    "handling",
    "handover",
    "assembly",
    "machining",
    "toolmaking",
    "machine_tending",
    "tool_and_die_work",
    "material_handling",
    "picking",
    "station_leg",
    "doorstep",
    "van",
    "sidewalk",
    "amr",
    "manipulator",
];

/// Metrics that the pictures show.
const SHOWN: [Metric; 19] = [
    Metric::Employed,
    Metric::Unemployed,
    Metric::Outside,
    Metric::Absorbed,
    Metric::DisplacedTotal,
    Metric::ReemployedTotal,
    Metric::UnemploymentRate,
    Metric::Capability,
    Metric::FeasibleShare,
    Metric::Fleet,
    Metric::CostByHand,
    Metric::CostByRobot,
    Metric::Wage,
    Metric::RobotShare,
    Metric::LicenceRevenue,
    Metric::SubscriptionRevenue,
    Metric::DataSpending,
    Metric::CapturePayReceived,
    Metric::RoyaltiesReceived,
];

/// Every metric shown, of every item, four-weekly, with a rule for its value.
fn recorded(regions: u16, records: i32, value: impl Fn(i32, u16) -> f64) -> (Series, Flows) {
    let (mut series, mut flows) = (Series::default(), Flows::default());
    series.items = ITEMS.iter().map(|item| (*item).to_owned()).collect();
    for record in 1..=records {
        let tick = record * 4 - 1;
        for region in 0..regions {
            for metric in SHOWN {
                for item in 0..ITEMS.len() as u16 {
                    let value = value(record, region) * f64::from(item + 1);
                    series.rows.push(Row { tick, region, metric, item, value });
                }
            }
            flows.rows.push((tick, Flow::Licences, region, (region + 1) % regions, 1_000_000_000_000_000));
        }
    }
    (series, flows)
}

fn regions(count: usize) -> Vec<String> {
    let codes =
        ["BGD", "CHN", "EU27", "IND", "JPN", "MEX", "USA", "VNM", "ATLANTIS", "UTOPIA", "LILLIPUT", "BROBDINGNAG"];
    codes.iter().take(count).map(|code| (*code).to_owned()).collect()
}

fn with_canvas<T>(regions: &[String], run: &(Series, Flows), then: impl Fn(&Canvas) -> T) -> T {
    let start = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let note = "a tiny run, seed 1 <&> conditional on assumptions, most of them grade C";
    let (title, persons) = ("tiny & <small>", 1.0);
    then(&Canvas {
        title,
        regions,
        names: regions,
        start,
        days_per_tick: 7,
        series: &run.0,
        flows: &run.1,
        persons,
        note,
    })
}

/// All words lie on the sheet and none on another; all marks are on it too.
pub(super) fn readable(sheet: &Sheet, case: &str) {
    letters::register_fonts().unwrap();
    let words: Vec<_> = sheet.all_words().collect();
    assert!(words.len() > 3, "{case}");
    for (place, one) in words.iter().enumerate() {
        let [left, top, right, bottom] = one.edges();
        assert!(left >= 0.0 && top >= 0.0 && right <= SIZE.0 && bottom <= SIZE.1, "{case}: {:?} is cut off", one.text);
        for other in &words[..place] {
            let [other_left, other_top, other_right, other_bottom] = other.edges();
            let is_beside = left >= other_right || other_left >= right;
            // letters do not fill the height of their font
            let is_above = top + 2.0 >= other_bottom || other_top + 2.0 >= bottom;
            assert!(is_beside || is_above, "{case}: {:?} lies on {:?}", one.text, other.text);
        }
    }
    for mark in &sheet.marks {
        let (Mark::Line(points, ..) | Mark::Area(points, _)) = mark else { continue };
        let is_on = |&(x, y): &(f64, f64)| (0.0..=SIZE.0).contains(&x) && (0.0..=SIZE.1).contains(&y);
        assert!(points.iter().all(is_on), "{case}: {points:?}");
    }
}

fn assert_readable(canvas: &Canvas, case: &str) {
    for (name, sheet) in pictures::all(canvas) {
        readable(&sheet, &format!("{case}, {name}"));
    }
}

/// The value of an attribute in the opening tag at the start of the text.
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let from = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
    &tag[from..from + tag[from..].find('"').unwrap()]
}

#[test]
fn all_pictures_are_drawn_whole_and_alike() {
    let run = recorded(2, 3, |record, region| f64::from(record) + f64::from(region));
    let files = with_canvas(&regions(2), &run, |canvas| draw(canvas).unwrap());
    let names = [
        "employment",
        "displacement",
        "unemployment",
        "capability",
        "fleets",
        "cost",
        "wages",
        "robot_share",
        "flows",
        "money",
    ];
    let expected: Vec<String> = names.iter().flat_map(|name| [format!("{name}.svg"), format!("{name}.png")]).collect();
    assert_eq!(files.iter().map(|file| file.0.clone()).collect::<Vec<_>>(), expected);
    for (name, bytes) in &files {
        if name.ends_with(".png") {
            assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n", "{name}");
            // width and height stand first in the first chunk
            assert_eq!(bytes[16..24], [0, 0, 4, 176, 0, 0, 2, 238], "{name}");
        } else {
            let text = std::str::from_utf8(bytes).unwrap();
            let heads = ["width", "height", "viewBox"].map(|head| attribute(text, head));
            assert_eq!(heads, ["1200", "750", "0 0 12000 7500"], "{name}");
            assert!(text.trim_end().ends_with("</svg>") && text.contains("&lt;&amp;&gt;"), "{name}");
            for tag in text.split("<text").skip(1) {
                let at = ["x", "y"].map(|axis| attribute(tag, axis).parse::<f64>().unwrap());
                assert!((0.0..=12000.0).contains(&at[0]) && (0.0..=7500.0).contains(&at[1]), "{name}: {tag}");
            }
        }
    }
    let again = with_canvas(&regions(2), &run, |canvas| draw(canvas).unwrap());
    assert!(files == again, "the same run gives other bytes");
}

#[test]
fn words_stay_on_the_sheet_and_apart_for_all_sorts_of_runs() {
    let growing = |record: i32, region: u16| libm::pow(1.2, f64::from(record)) * 1e3 * f64::from(region + 1);
    for count in [1, 2, 3, 5, 8, 12] {
        for records in [1, 3, 13, 60, 130] {
            let run = recorded(count as u16, records, growing);
            let case = format!("{count} regions, {records} records");
            with_canvas(&regions(count), &run, |canvas| assert_readable(canvas, &case));
        }
    }
    let constants = [0.0, 0.05, 1.0, 1e12, -3.0, 1e-9, f64::NAN, f64::INFINITY, 1e300];
    for constant in constants {
        let run = recorded(8, 13, |_, _| constant);
        with_canvas(&regions(8), &run, |canvas| assert_readable(canvas, &format!("always {constant}")));
    }
    let mixed = recorded(8, 26, |record, _| [0.0, f64::NAN, 1.0, -1.0, 1e-12, 1e12][record as usize % 6]);
    with_canvas(&regions(8), &mixed, |canvas| assert_readable(canvas, "mixed"));
}

#[test]
fn a_run_without_records_says_no_data() {
    let run = (Series::default(), Flows::default());
    for count in [0, 1, 8] {
        with_canvas(&regions(count), &run, |canvas| {
            assert_readable(canvas, "empty");
            for (name, sheet) in pictures::all(canvas) {
                let said = sheet.all_words().any(|words| words.text == "no data");
                assert!(said || count == 0, "{name}");
            }
        });
    }
}

#[test]
fn flows_are_those_of_the_last_year() {
    // 1 bn USD in each of 13 records a year, from each region to the next: 13 bn a year, however long the run
    for records in [13, 40] {
        let run = recorded(3, records, |_, _| 1.0);
        with_canvas(&regions(3), &run, |canvas| {
            let sheets = pictures::all(canvas);
            let (_, flows) = sheets.iter().find(|(name, _)| *name == "flows").unwrap();
            assert_eq!(flows.all_words().filter(|words| words.text == "13.0").count(), 3);
        });
    }
}

#[test]
fn numbers_are_written_for_people() {
    let written = [0.0, 0.05, 1.5, 20.0, 999.9, 1_500.0, 1.5e6, 34e6, 3.4e9, -2e9].map(amount);
    assert_eq!(written, ["0", "0.05", "1.5", "20", "1000", "1500", "1.5 M", "34 M", "3.4 bn", "−2 bn"]);
    let axis = Axis { label: "", form: Form::Amount, is_log: false, within: Some((0.0, 0.0)), is_shared: false };
    let words = |values: &[f64], axis: &Axis| -> Vec<String> {
        let scale = Scale::of(values.iter().copied(), axis, 4).unwrap();
        scale.ticks.into_iter().map(|tick| tick.1).collect()
    };
    assert_eq!(words(&[1.9e6], &axis), ["0", "0.5 M", "1.0 M", "1.5 M", "2.0 M"]);
    assert_eq!(words(&[0.0, 37.0], &Axis { form: Form::Percent, ..axis }), ["0 %", "10 %", "20 %", "30 %", "40 %"]);
    let log = Axis { is_log: true, within: None, ..axis };
    assert_eq!(words(&[0.0, 12.0, 900.0], &log), ["10", "100", "1000"]);
    assert_eq!(words(&[0.3, 1.7], &log), ["0.2", "0.5", "1", "2"]);
}

#[test]
fn dates_are_years_unless_the_run_is_short() {
    let start = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let words = |days: f64, width: f64| -> Vec<String> {
        let dates = Dates { start, days_per_tick: 7.0, first: 0.0, last: days };
        dates.ticks(width).into_iter().map(|tick| tick.1).collect()
    };
    assert_eq!(words(15.0 * 364.0, 240.0), ["2027", "2030", "2033", "2036", "2039"]);
    assert_eq!(words(364.0, 240.0), ["Jan 2027", "May 2027", "Sep 2027"]);
    assert_eq!(words(20.0 * 36525.0, 240.0), ["2027", "2527", "3027", "3527", "4027"]);
}

#[test]
fn long_words_are_shortened() {
    letters::register_fonts().unwrap();
    assert_eq!(fit("short", 12.0, false, 100.0), "short");
    let fitted = fit(&"long ".repeat(50), 12.0, true, 100.0);
    assert!(fitted.ends_with('…') && letters::width_of(&fitted, 12.0, true) <= 100.0);
    assert_eq!(fit("none", 12.0, false, 1.0), "");
}

#[test]
fn a_panel_without_anything_says_none_and_one_of_few_agents_says_so() {
    // nothing in the first region, two in the second, fifty in the third, where an agent is one person
    let run = recorded(3, 3, |_, region| [0.0, 2.0, 50.0][usize::from(region)]);
    with_canvas(&regions(3), &run, |canvas| {
        let sheets = pictures::all(canvas);
        let (_, displacement) = sheets.iter().find(|(name, _)| *name == "displacement").unwrap();
        let said: Vec<&str> = displacement.all_words().map(|words| words.text.as_str()).collect();
        assert_eq!(said.iter().filter(|words| **words == "none").count(), 1, "{said:?}");
        assert_eq!(said.iter().filter(|words| **words == "at most 2: too few agents").count(), 1, "{said:?}");
        let (_, wages) = sheets.iter().find(|(name, _)| *name == "wages").unwrap();
        assert!(!wages.all_words().any(|words| words.text.contains("too few")), "money is not of agents");
        assert_readable(canvas, "few");
    });
}
