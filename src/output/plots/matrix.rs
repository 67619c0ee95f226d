//! Who pays whom across borders: a matrix of regions, and bars of what each receives on balance.

use super::Canvas;
use super::panel::Frame;
use super::sheet::{Align, Colour, GREY, INK, PALE, PALETTE, Sheet, WHITE, fit};
use crate::economy::world::flows::Flow;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::output::kit::numbers::amount;
use crate::output::plots::letters::width_of;

/// Money from each region (row) to each region (column), dollars per year.
pub type Payments = Vec<Vec<f64>>;

/// Room for the names of rows, and of columns.
const NAMES: f64 = 104.0;
const HEADS: f64 = 62.0;
/// The colour of the largest payment.
const DARK: Colour = (0x08, 0x30, 0x6B);

/// Flows that pay for technology, footage and capital.
const TECHNOLOGY: [Flow; 10] = [
    Flow::Licences,
    Flow::Subscriptions,
    Flow::Robots,
    Flow::SiteFees,
    Flow::CapturePayLab,
    Flow::Vendor,
    Flow::Royalties,
    Flow::LabDividends,
    Flow::MakerDividends,
    Flow::SiteDividends,
];

/// What crossed borders in the records of the last year; `records` are the ticks of all records, in order.
pub fn payments(canvas: &Canvas, records: &[i32]) -> Payments {
    let regions = canvas.regions.len();
    let mut payments = vec![vec![0.0; regions]; regions];
    let Some(&last) = records.last() else { return payments };
    let days_per_tick = canvas.days_per_tick.max(1) as f64;
    let days_per_year = WEEKS_PER_YEAR * 7.0;
    let is_within = |tick: i32| f64::from(last - tick) * days_per_tick < days_per_year - 1e-6;
    // a record covers the time since the one before it; short runs and rare records are scaled to a year
    let before = records.iter().rfind(|tick| !is_within(**tick)).map_or(-1, |tick| *tick);
    let days = f64::from((last - before).max(1)) * days_per_tick;
    for &(tick, flow, from, to, micro) in &canvas.flows.rows {
        let (from, to) = (usize::from(from), usize::from(to));
        if is_within(tick) && from != to && from < regions && to < regions && TECHNOLOGY.contains(&flow) {
            payments[from][to] += micro as f64 / 1e6 * days_per_year / days;
        }
    }
    payments
}

/// Draws the matrix on the left, and the bars on the right, row by row.
pub fn draw(sheet: &mut Sheet, frame: Frame, names: &[String], payments: &Payments) {
    let count = names.len().max(1) as f64;
    let cell_width = ((frame.right - frame.left) * 0.62 - NAMES).min(count * 130.0) / count;
    let cell_height = (frame.bottom - frame.top - HEADS).min(count * 90.0) / count;
    let (left, top) = (frame.left + NAMES, frame.top + HEADS);
    let largest = payments.iter().flatten().fold(0.0_f64, |largest, paid| largest.max(*paid));
    let unit = if largest >= 1e8 || largest == 0.0 { (1e9, "bn") } else { (1e6, "million") };
    let heading = |sheet: &mut Sheet, text: &str, x: f64| {
        let words = sheet.words(text, (x, frame.top + 8.0), 13.5, Align::Left);
        (words.is_bold, words.colour) = (true, INK);
    };
    heading(sheet, &format!("Paid by (row) to (column), {} USD a year", unit.1), left);
    for (row, name) in names.iter().enumerate() {
        let y = top + (row as f64 + 0.5) * cell_height;
        let size = (cell_height * 0.8).min(13.0);
        sheet.words(&fit(name, size, false, NAMES - 8.0), (left - 8.0, y), size, Align::Right).colour = INK;
        let x = left + (row as f64 + 0.5) * cell_width;
        draw_head(sheet, name, (x, top - 8.0), cell_width);
        for (column, &paid) in payments[row].iter().enumerate() {
            let corner = (left + column as f64 * cell_width, top + row as f64 * cell_height);
            let paid = (row != column).then_some(paid);
            draw_cell(sheet, corner, (cell_width, cell_height), paid, largest, unit.0);
        }
    }
    let bars = Frame { left: left + (count * cell_width).max(280.0) + 40.0, top, ..frame };
    heading(sheet, &format!("Net receipts, {} USD a year", unit.1), bars.left);
    draw_bars(sheet, bars, &balances(payments), cell_height, unit.0);
}

/// What each region receives, less what it pays.
fn balances(payments: &Payments) -> Vec<f64> {
    let region = |one: usize| {
        let others = (0..payments.len()).filter(|other| *other != one);
        others.map(|other| payments[other][one] - payments[one][other]).sum()
    };
    (0..payments.len()).map(region).collect()
}

/// The name of a column, in as many lines as it has words.
fn draw_head(sheet: &mut Sheet, name: &str, foot: (f64, f64), width: f64) {
    let size = (width / 5.6).min(13.0);
    let lines: Vec<&str> = name.split(' ').collect();
    for (place, line) in lines.iter().rev().take(2).enumerate() {
        let text = fit(line, size, false, width - 2.0);
        sheet.words(&text, (foot.0, foot.1 - place as f64 * 15.0), size, Align::Middle).colour = INK;
    }
}

fn draw_cell(sheet: &mut Sheet, corner: (f64, f64), size: (f64, f64), paid: Option<f64>, largest: f64, unit: f64) {
    let (from, to) = ((corner.0 + 1.0, corner.1 + 1.0), (corner.0 + size.0 - 1.0, corner.1 + size.1 - 1.0));
    let Some(paid) = paid else {
        sheet.rectangle(from, to, PALE);
        return;
    };
    // the root shows small payments too
    let share = if largest > 0.0 { libm::sqrt((paid / largest).clamp(0.0, 1.0)) } else { 0.0 };
    sheet.rectangle(from, to, tint(share));
    let text = number(paid / unit);
    let size_of_words = 13.0_f64.min(size.1 * 0.7);
    if width_of(&text, size_of_words, false) <= size.0 - 4.0 {
        let middle = (corner.0 + size.0 / 2.0, corner.1 + size.1 / 2.0);
        let colour = if share > 0.55 { WHITE } else { INK };
        sheet.words(&text, middle, size_of_words, Align::Middle).colour = colour;
    }
}

/// From nearly white to dark blue.
fn tint(share: f64) -> Colour {
    let mix = |light: f64, dark: u8| libm::round(light + (f64::from(dark) - light) * share) as u8;
    (mix(244.0, DARK.0), mix(248.0, DARK.1), mix(252.0, DARK.2))
}

/// A payment in the unit of the matrix.
fn number(value: f64) -> String {
    if value == 0.0 {
        "–".to_owned()
    } else if value.abs() < 0.005 {
        if value > 0.0 { "<0.01".to_owned() } else { "−0.01<".to_owned() }
    } else if value.abs() < 1.0 {
        format!("{value:.2}").replace('-', "−")
    } else if value.abs() < 100.0 {
        format!("{value:.1}").replace('-', "−")
    } else {
        amount(value)
    }
}

fn draw_bars(sheet: &mut Sheet, frame: Frame, balances: &[f64], height: f64, unit: f64) {
    let room = 58.0;
    let lowest = balances.iter().fold(0.0_f64, |lowest, balance| lowest.min(*balance));
    let highest = balances.iter().fold(0.0_f64, |highest, balance| highest.max(*balance));
    let spread = if highest > lowest { highest - lowest } else { 1.0 };
    let across = |value: f64| frame.left + room + (value - lowest) / spread * (frame.right - frame.left - 2.0 * room);
    let zero = across(0.0);
    for (row, &balance) in balances.iter().enumerate() {
        let middle = frame.top + (row as f64 + 0.5) * height;
        let end = across(balance);
        let half = (height * 0.3).min(16.0);
        let colour = if balance < 0.0 { PALETTE[1] } else { PALETTE[0] };
        sheet.rectangle((zero.min(end), middle - half), (zero.max(end), middle + half), colour);
        let (align, x) = if balance < 0.0 { (Align::Right, end - 6.0) } else { (Align::Left, end + 6.0) };
        let size = 13.0_f64.min(height * 0.7);
        sheet.words(&number(balance / unit), (x, middle), size, align).colour = INK;
    }
    let bottom = frame.top + balances.len() as f64 * height;
    sheet.line(&[(zero, frame.top), (zero, bottom)], GREY, 1.0, &[]);
}
