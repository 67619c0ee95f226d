//! How an outcome answers to a lever: the mean with its band, the target, and where they meet.

use super::axes::{Axis, Form, Scale};
use super::chart::{self, BAND, Edges, SMALL};
use super::letters;
use super::render;
use super::sheet::{Align, Colour, GREY, PALETTE, Point, Sheet};
use crate::output::kit::unmade::Unmade;

/// What the picture shows, in the numbers of its axes.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Title.
    pub title: String,
    /// How to read it.
    pub how_to_read: String,
    /// What goes to the right, with its unit.
    pub across: String,
    /// What goes up, with its unit.
    pub upward: String,
    /// Lever, mean, and the ends of the interval of the mean, by rising lever.
    pub points: Vec<[f64; 4]>,
    /// What was to be reached.
    pub target: f64,
    /// Where it is.
    pub at: Option<f64>,
    /// The interval of that place.
    pub interval: Option<[f64; 2]>,
    /// A line at the foot.
    pub note: String,
}

const INTERVAL: Colour = (0xFB, 0xE3, 0xD0);
/// Edges of the chart.
const FRAME: Edges = [120.0, 84.0, 1172.0, 648.0];

/// Draws it: (file name, bytes), as SVG and as PNG.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn draw_response(picture: &Picture) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    render::both("response", &sheet(picture))
}

fn sheet(picture: &Picture) -> Sheet {
    let mut sheet = chart::titled(&picture.title, &picture.how_to_read, &picture.note);
    let [left, top, right, bottom] = FRAME;
    let axis = Axis { label: "", form: Form::Amount, is_log: false, within: None, is_shared: false };
    let levers = picture.points.iter().map(|point| point[0]);
    let values = picture.points.iter().flat_map(|point| point[1..].iter().copied()).chain([picture.target]);
    let (Some(across), Some(upward)) = (Scale::of(levers, &axis, 8), Scale::of(values, &axis, 8)) else { return sheet };
    let x = |lever: f64| left + across.place(lever).unwrap_or(0.0) * (right - left);
    let y = |value: f64| chart::height_of(&upward, FRAME, value);
    if let Some([low, high]) = picture.interval {
        // a narrow interval is still to be seen
        let (low, high) = (x(low), x(high).max(x(low) + 2.0));
        sheet.rectangle((low, top), (high, bottom), INTERVAL);
    }
    chart::grid_upward(&mut sheet, &upward, FRAME);
    for (lever, word) in &across.ticks {
        chart::tick_across(&mut sheet, x(*lever), bottom, word);
    }
    let line =
        |place: usize| -> Vec<Point> { picture.points.iter().map(|point| (x(point[0]), y(point[place]))).collect() };
    let mut band = line(2);
    band.extend(line(3).into_iter().rev());
    sheet.area(band, BAND);
    sheet.line(&[(left, bottom), (right, bottom)], GREY, 1.0, &[]);
    let goal = y(picture.target);
    sheet.line(&[(left, goal), (right, goal)], PALETTE[1], 1.7, &[7.0, 3.0]);
    sheet.line(&line(1), PALETTE[0], 2.0, &[]);
    for (dot_x, dot_y) in line(1) {
        sheet.rectangle((dot_x - 3.0, dot_y - 3.0), (dot_x + 3.0, dot_y + 3.0), PALETTE[0]);
    }
    if let Some(at) = picture.at {
        sheet.line(&[(x(at), top), (x(at), bottom)], PALETTE[1], 1.7, &[]);
        let is_left = x(at) > f64::midpoint(left, right);
        let (place, align) = if is_left { (x(at) - 8.0, Align::Right) } else { (x(at) + 8.0, Align::Left) };
        let words = sheet.words("the answer, with its 95 % interval shaded", (place, top + 10.0), SMALL, align);
        words.colour = PALETTE[1];
    }
    let label = sheet.words("target", (right, goal - 10.0), SMALL, Align::Right);
    label.colour = PALETTE[1];
    chart::label_upward(&mut sheet, &picture.upward, FRAME);
    sheet.words(&picture.across, (f64::midpoint(left, right), bottom + 42.0), SMALL, Align::Middle);
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_stands_where_the_line_meets_the_target() {
        let points = (0..5).map(|n| f64::from(n) * 10.0).map(|x| [x, 2.0 * x, 2.0 * x - 4.0, 2.0 * x + 4.0]).collect();
        let picture = Picture {
            title: "a title".to_owned(),
            how_to_read: String::new(),
            across: "lever in per cent".to_owned(),
            upward: "outcome, persons".to_owned(),
            points,
            target: 40.0,
            at: Some(20.0),
            interval: Some([18.0, 22.0]),
            note: String::new(),
        };
        let sheet = sheet(&picture);
        for words in ["a title", "lever in per cent", "outcome, persons", "target"] {
            assert!(sheet.all_words().any(|found| found.text == words), "{words}");
        }
        sheet.assert_holds_its_words();
    }
}
