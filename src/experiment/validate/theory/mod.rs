//! Theory where there is theory: small worlds whose answer can be worked out on paper, simulated by the real model and
//! held against the closed form.
//!
//! A row has a bound, stated before it is run, on how far the model may lie from the theory, and a *planted* number: the
//! same world is simulated once more with one parameter off by one per cent, while the theory keeps the right one. A row
//! that does not miss then could not have seen an error of one per cent, and counts as blind.
//!
//! Left out: rules without a closed form (consent, staffing with queues, the market for hours); transients where only
//! the resting point is known.

mod cases;
mod observed;
mod worlds;

pub use cases::CASES;
pub use observed::{Notes, Seen};
pub use worlds::World;

use crate::economy::Parameters;
use crate::experiment::lanes;
use crate::experiment::open_scenario;
use crate::experiment::run::{found, go_on};
use crate::experiment::watcher::Watcher;
use std::ops::ControlFlow;

/// A closed form, and the world in which the model is held against it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What is compared.
    pub name: &'static str,
    /// The closed form, in symbols.
    pub form: &'static str,
    /// How it is read from the run, and why the bound is what it is.
    pub says: &'static str,
    /// The world it is simulated in.
    pub world: World,
    /// The setting that is off by one per cent in the planted run, as the world has it and as it is planted.
    pub planted: (&'static str, &'static str),
    /// Most that the model may lie beside the theory, as a share of it.
    pub bound: f64,
    /// The model's number and the theory's, which reads parameters and, where it must, what went in.
    pub compare: fn(&Parameters, &Seen) -> Option<(f64, f64)>,
}

/// A number of the model beside that of the theory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// The model's.
    pub model: f64,
    /// The theory's.
    pub theory: f64,
}

impl Compared {
    /// How far the model lies beside the theory, as a share of it.
    pub fn error(self) -> f64 {
        self.model / self.theory - 1.0
    }
}

/// A case that was made.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was compared.
    pub case: &'static Case,
    /// As the world is; why there is no number, if there is none.
    pub as_is: Result<Compared, String>,
    /// With one per cent planted.
    pub planted: Result<Compared, String>,
}

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The model lies within the bound, and one per cent is seen.
    Hit,
    /// The model lies beyond the bound.
    Miss,
    /// The model lies within the bound, also with one per cent planted.
    Blind,
    /// There is no number.
    Broken,
}

impl Ending {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Ending::Hit => "hit",
            Ending::Miss => "MISS",
            Ending::Blind => "BLIND",
            Ending::Broken => "BROKEN",
        }
    }
}

impl Row {
    /// How it ended.
    pub fn ending(&self) -> Ending {
        let is_within = |compared: &Compared| compared.error().abs() <= self.case.bound;
        match (&self.as_is, &self.planted) {
            (Ok(as_is), Ok(planted)) => match (is_within(as_is), is_within(planted)) {
                (false, _) => Ending::Miss,
                (true, true) => Ending::Blind,
                (true, false) => Ending::Hit,
            },
            _ => Ending::Broken,
        }
    }
}

/// A run that is wanted: a world, and what is planted in it.
#[derive(Clone, Copy, PartialEq)]
struct Wanted {
    world: World,
    planted: Option<(&'static str, &'static str)>,
}

impl Wanted {
    fn make(&self, watch: &dyn Watcher) -> Result<(Parameters, Seen), String> {
        let world = self.world;
        let right = world.scenario(None)?;
        let scenario = world.scenario(self.planted)?;
        let mut notes = Notes::default();
        let see = world.observer();
        let results = go_on(&scenario, found(&scenario), |economy, progress| {
            if !progress.is_spin_up {
                see(economy, &mut notes);
            }
            watch.tick()
        })
        .map_err(|stopped| stopped.to_string())?;
        Ok((right.parameters, Seen { results, notes }))
    }
}

impl World {
    /// Its scenario, with what is planted in it.
    fn scenario(self, planted: Option<(&str, &str)>) -> Result<crate::scenario::Scenario, String> {
        let mut settings = self.settings();
        if let Some((before, after)) = planted {
            let place = settings.iter_mut().find(|setting| setting.contains(before));
            let setting = place.ok_or_else(|| format!("{before} is no setting of this world"))?;
            *setting = setting.replace(before, after);
        }
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        open_scenario("first-economy", &settings).map_err(|problems| problems.to_string())
    }
}

/// Makes these cases, each world as it is once for all cases that share it; `None` if the watcher asked to stop.
pub fn make(cases: &'static [Case], watch: &dyn Watcher) -> Option<Vec<Row>> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut place = |run: Wanted| {
        wanted.iter().position(|known| *known == run).unwrap_or_else(|| {
            wanted.push(run);
            wanted.len() - 1
        })
    };
    let places: Vec<[usize; 2]> = cases
        .iter()
        .map(|case| [None, Some(case.planted)].map(|planted| place(Wanted { world: case.world, planted })))
        .collect();
    let mut rows: Vec<Row> =
        cases.iter().map(|case| Row { case, as_is: Err(String::new()), planted: Err(String::new()) }).collect();
    let mut is_stopped = false;
    let count = u32::try_from(wanted.len()).expect("few worlds");
    lanes::in_waves(
        0,
        count,
        |n| wanted[n as usize].make(watch),
        |n, made| {
            let made = made.and_then(|made| made);
            for (row, places) in rows.iter_mut().zip(&places) {
                for (is_planted, _) in places.iter().enumerate().filter(|(_, place)| **place == n as usize) {
                    let compared = compare(row.case, &made);
                    *(if is_planted == 1 { &mut row.planted } else { &mut row.as_is }) = compared;
                }
            }
            is_stopped |= !watch.goes_on();
            if is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    (!is_stopped).then_some(rows)
}

fn compare(case: &Case, made: &Result<(Parameters, Seen), String>) -> Result<Compared, String> {
    let (parameters, seen) = made.as_ref().map_err(Clone::clone)?;
    let (model, theory) = (case.compare)(parameters, seen).ok_or("the run has no such number")?;
    Ok(Compared { model, theory })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_sees_nothing_is_no_hit() {
        let case: &'static Case = Box::leak(Box::new(Case { bound: 0.005, ..CASES[0] }));
        let row = |model: f64, planted: f64| Row {
            case,
            as_is: Ok(Compared { model, theory: 1.0 }),
            planted: Ok(Compared { model: planted, theory: 1.0 }),
        };
        assert_eq!(row(1.001, 1.011).ending(), Ending::Hit);
        assert_eq!(row(1.001, 1.004).ending(), Ending::Blind);
        assert_eq!(row(0.99, 1.011).ending(), Ending::Miss);
        // no number is no hit
        assert_eq!(row(f64::NAN, 1.011).ending(), Ending::Miss);
        assert_eq!(Row { as_is: Err("broken".to_owned()), ..row(1.0, 1.1) }.ending(), Ending::Broken);
    }

    #[test]
    fn what_is_planted_is_a_setting_of_its_world_and_changes_it() {
        for case in CASES {
            let as_is = case.world.scenario(None).unwrap_or_else(|words| panic!("{}: {words}", case.name));
            let planted =
                case.world.scenario(Some(case.planted)).unwrap_or_else(|words| panic!("{}: {words}", case.name));
            assert_ne!(as_is.hash, planted.hash, "{}", case.name);
        }
        assert!(CASES[0].world.scenario(Some(("nothing of it", ""))).is_err());
    }
}
