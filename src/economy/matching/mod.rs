//! Separations, search, hiring, training.
//!
//! The employed lose their job with hazard s, quit into outside jobs with hazard q, are given notice.
//! Seekers are the unemployed and, with intensity xi, those in outside jobs. In each region and
//! occupation
//!
//! ```text
//! M = min(V, M0 (S/S0)^mu (V/V0)^(1-mu))
//! ```
//!
//! hires happen, spread over seekers as a hazard; the hired take vacant slots at random, none twice.
//! The unemployed also find outside jobs with hazard f_out0 (O0/O)^chi: other services can absorb only
//! so many. O0 grows with the people, and by a share rho of the work that robots absorbed in the region and occupation:
//! new tasks (Acemoglu and Restrepo, JEP 2019). Those in outside jobs lose them with hazard s and search again in their occupation. A
//! trainee leaves the search for the course, and from `lag` on finds outside jobs more easily.
//!
//! A notice is a displacement as long as the site's robots have absorbed more heads than it has
//! displaced; the rest are ordinary layoffs.
//!
//! Left out: moves from job to job without a break, between occupations of the model, between regions.
//! Source: matching function with constant returns, Petrongolo and Pissarides, JEL 2001.

mod hire;
mod search;

pub use hire::hire;
pub use search::separate_and_search;

use crate::economy::world::markets::SteadyState;
use crate::economy::world::people::{Claim, Employer, Marks, Scarred, Since, Skill, Status, Trained, workers};
use crate::ground::maths;
use bevy_ecs::prelude::*;

/// The flows that keep the first week as it is.
///
/// `heads` are the agents at the start by [`Work`](crate::economy::world::people::Work); `find`, `quit` and `leaving`
/// are probabilities per tick. Whoever leaves for good is followed by an entrant who looks for work: of those whom the
/// pool of the unemployed gains, these are not separated.
pub fn steady_state(heads: [i64; 4], find: f64, quit: f64, leaving: f64, vacancy_ticks: f64) -> SteadyState {
    let (employed, unemployed, outside) = (heads[0] as f64, heads[1] as f64, heads[2] as f64);
    let at_work = employed + outside;
    let separation = (find * unemployed / at_work - leaving).max(0.0);
    let find_inside = find * employed / at_work;
    let outside_search = if outside > 0.0 { quit * employed / (find_inside * outside) } else { 0.0 };
    let hires = (separation + quit + leaving) * employed;
    SteadyState {
        separation,
        quit,
        leaving,
        find_inside,
        find_outside: find - find_inside,
        outside_search,
        hires,
        vacancies: hires * vacancy_ticks,
        seekers: unemployed + outside_search * outside,
    }
}

/// M: hires of a tick.
pub fn hires(steady: &SteadyState, seekers: f64, vacancies: f64, elasticity: f64) -> f64 {
    if seekers <= 0.0 || vacancies <= 0.0 || steady.seekers <= 0.0 || steady.vacancies <= 0.0 {
        return 0.0;
    }
    let m = steady.hires
        * maths::pow(seekers / steady.seekers, elasticity)
        * maths::pow(vacancies / steady.vacancies, 1.0 - elasticity);
    m.min(vacancies)
}

/// Somebody in a queue: for a vacancy, a course, or a displacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    priority: u32,
    cohort: u32,
    row: u32,
}

/// Who searches with success this tick, and who would attend a course, by market.
#[derive(Resource, Debug, Default)]
pub struct Queues(Vec<Queue>);

#[derive(Debug, Default)]
struct Queue {
    seekers: Vec<Place>,
    courses: Vec<Place>,
}

impl Queues {
    /// Empty queues for so many markets.
    pub fn new(markets: usize) -> Self {
        Queues((0..markets).map(|_| Queue::default()).collect())
    }
}

/// Those who left a crew: heads, and their skill factors.
#[derive(Clone, Copy, Default)]
struct Leavers {
    heads: i64,
    skill: i64,
}

workers! {
    /// The columns of workers that move in the labour market.
    People:
        reads skill: Skill;
        writes status: Status, marks: Marks, since: Since, scarred: Scarred, claim: Claim, employer: Employer,
            trained: Trained;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_week_stands_still() {
        // E 1000, O 500, U 75: u = 4.76 %; f = 2.4 %; q = 0.3 %
        let s = steady_state([1000, 75, 500, 0], 0.024, 0.003, 0.0, 3.0);
        let (e, u, o) = (1000.0, 75.0, 500.0);
        // employed: (s + q) E leave, f_in U + xi f_in O come
        let come = s.find_inside * u + s.outside_search * s.find_inside * o;
        assert!(((s.separation + s.quit) * e - come).abs() < 1e-12);
        // unemployed: f0 U leave, s (E + O) come
        assert!((0.024 * u - s.separation * (e + o)).abs() < 1e-12);
        // s = 0.024 * 75 / 1500 = 0.0012; M0 = 4.2; V0 = 12.6
        assert!((s.separation - 0.0012).abs() < 1e-15 && (s.vacancies - 12.6).abs() < 1e-12);
        // at the start the matching function gives M0
        assert!((hires(&s, s.seekers, s.vacancies, 0.5) - s.hires).abs() < 1e-12);
    }

    #[test]
    fn a_stationary_population_stands_still() {
        // the same world with 1/40 a year leaving, 0.048 % a week: entrants take a part of the place of separations
        let leaving = 1.0 / 40.0 / 52.0;
        let s = steady_state([1000, 75, 500, 0], 0.024, 0.003, leaving, 3.0);
        let (e, u, o) = (1000.0, 75.0, 500.0);
        assert!((s.separation - (0.0012 - leaving)).abs() < 1e-15);
        // unemployed: f U find work and some leave for good; separations come, and an entrant for each of all who left
        let gone = (0.024 + leaving) * u;
        assert!((gone - s.separation * (e + o) - leaving * (e + u + o)).abs() < 1e-12);
        // employed: (s + q + leaving) E go, as many are hired
        let come = s.find_inside * u + s.outside_search * s.find_inside * o;
        assert!((s.hires - come).abs() < 1e-12 && (s.hires - 4.2).abs() < 1e-12);
    }

    #[test]
    fn hires_never_exceed_vacancies() {
        let s = steady_state([1000, 75, 500, 0], 0.024, 0.003, 0.0, 3.0);
        assert_eq!(hires(&s, 1e9, 5.0, 0.5), 5.0);
        assert_eq!(hires(&s, s.seekers, 0.0, 0.5), 0.0);
        // four times the seekers, mu = 0.5: twice the hires
        assert!((hires(&s, 4.0 * s.seekers, s.vacancies, 0.5) - 2.0 * s.hires).abs() < 1e-9);
    }
}
