//! The pictures of a sweep are whole and readable, whatever is drawn.

use super::super::letters;
use super::super::sheet::Mark;
use super::super::tests::readable;
use super::*;

const ABOUT: About<'static> = About {
    title: "On which numbers does the unemployment of couriers in the United States depend, if everything else moves too?",
    sweep: "doubtful: the ten most doubtful numbers of the calibration, and what depends on them",
    how_to_read: "How to read it: a long explanation of what the bars mean, how wide their intervals are and what is left out of them, for people who have not seen such a picture before.",
    note: "n of N",
};

fn label(n: usize) -> String {
    ["learning.kappa", "adoption.hurdle", "labour.theta", "a.very_long_key_that_goes_on.and_on.until_it_does_not_fit"]
        [n % 4]
        .to_owned()
}

#[test]
fn pictures_are_readable_for_few_and_many_factors_and_any_size_of_number() {
    letters::register_fonts().unwrap();
    for count in [1, 2, 3, 7, 12, 24] {
        for size in [1e-6, 0.3, 4e4, 7e11] {
            let case = |name: &str| format!("{name}, {count} factors of {size}");
            let value = |n: usize| size * (1.0 - 1.7 * n as f64 / count as f64);
            let bar = |n: usize| Bar { value: value(n), ends: (value(n) - size * 0.2, value(n) + size * 0.3) };
            let rows: Vec<Row> = (0..count).map(|n| Row { label: label(n), bars: vec![bar(n), bar(n + 1)] }).collect();
            readable(&bars(&ABOUT, &rows, &["alone", "with others"], "share of variance", size < 1.0), &case("bars"));
            let end = |value: f64| (value, "4,100 USD".to_owned());
            let swings: Vec<Swing> =
                (0..count).map(|n| Swing { label: label(n), low: end(value(n)), high: end(-value(n)) }).collect();
            readable(&tornado(&ABOUT, &swings, size * 0.1, "persons", false), &case("tornado"));
            let places: Vec<Place> = (0..count)
                .map(|n| Place { label: label(n), mu_star: (value(n).abs(), size * 0.1), sigma: value(n + 1).abs() })
                .collect();
            readable(&plane(&ABOUT, &places, "persons", false), &case("plane"));
            let spots = |n: usize| -> Vec<Spot> {
                let spot =
                    |k: u32| Spot { at: size * f64::from(k + 1), mean: value(n) * f64::from(k), half_width: size };
                (0..10).map(spot).collect()
            };
            let effects: Vec<Effect> = (0..count)
                .map(|n| Effect { label: label(n), spots: spots(n), is_log: n % 2 == 1, words: Vec::new() })
                .collect();
            readable(&main_effects(&ABOUT, &effects, "persons", false), &case("main effects"));
            let side = |bounds| Side {
                label: label(2),
                is_log: false,
                bounds,
                values: (0..=count).map(|n| value(n) + size).collect(),
            };
            let is_case = (0..=count).map(|n| n % 3 == 0).collect();
            let points = Cloud { across: side((None, Some(size))), up: side((Some(size * 0.5), None)), is_case };
            readable(&cloud(&ABOUT, &points), &case("cloud"));
            let cells = (0..count).map(|row| (0..count).map(|n| (n != 3).then(|| value(n) * row as f64)).collect());
            let words: Vec<String> = (0..count).map(|n| format!("{n} to {} USD", n + 1)).collect();
            let grid = Grid { across: (label(3), words.clone()), up: (label(0), words), cells: cells.collect() };
            readable(&surface(&ABOUT, &grid, "persons", false), &case("surface"));
        }
    }
}

#[test]
fn longer_bars_are_larger_numbers() {
    // a bar of 0.5 is half as long as one of 1.0
    letters::register_fonts().unwrap();
    let bar = |value: f64| Bar { value, ends: (value, value) };
    let rows: Vec<Row> = [1.0, 0.5].map(|value| Row { label: "a".to_owned(), bars: vec![bar(value)] }).to_vec();
    let sheet = bars(&ABOUT, &rows, &["share"], "share", true);
    let lengths: Vec<f64> = sheet
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Area(points, _) => Some(points[1].0 - points[0].0),
            _ => None,
        })
        .collect();
    assert_eq!(lengths.len(), 2);
    assert!((lengths[1] / lengths[0] - 0.5).abs() < 1e-9, "{lengths:?}");
}

#[test]
fn words_have_places_of_their_own() {
    letters::register_fonts().unwrap();
    let spots = [0.0, 1.0, 2.0].map(|at| Spot { at, mean: at, half_width: 0.1 }).to_vec();
    let words = ["notice", "consent", "ban"].map(str::to_owned).to_vec();
    let effect = Effect { label: "regime".to_owned(), spots, is_log: false, words };
    let sheet = main_effects(&ABOUT, &[effect], "persons", false);
    let place = |word: &str| sheet.all_words().find(|words| words.text == word).unwrap().at.0;
    assert!(place("notice") < place("consent") && place("consent") < place("ban"));
    readable(&sheet, "words");
}
