//! Scars of displacement: the share of pay lost, and how it fades.

use crate::economy::world::people::{GIG, NEVER, PeopleParameters};
use bevy_ecs::prelude::*;

/// How scars fade, by region.
#[derive(Resource, Clone, Debug)]
pub struct Scars(Vec<Fading>);

/// How the scars of a region fade: chi as a function of the ticks since displacement, as tables of the share of pay
/// that is left, in units of 1/65536.
#[derive(Clone, Debug)]
pub struct Fading {
    organised: Vec<u32>,
    gig: Vec<u32>,
    /// Ticks between a course's start and its effect.
    lag_ticks: i32,
    /// By how much faster a scar fades after a course that has taken effect.
    speed_up: f64,
}

/// One in the fixed point of [`Fading`].
pub const SCAR_ONE: i64 = 1 << 16;

impl Scars {
    /// Tables of so many regions, see [`Fading::new`].
    pub fn new(people: &PeopleParameters, regions: usize, ticks: usize, weeks: f64, course: (f64, f64)) -> Self {
        Scars((0..regions).map(|region| Fading::new(people, region, ticks, weeks, course)).collect())
    }

    /// How the scars of a region's people fade.
    pub fn of(&self, region: usize) -> &Fading {
        &self.0[region]
    }
}

impl Fading {
    /// Tables of a region long enough for `ticks` of `weeks` each at the highest speed; a course takes effect after so
    /// many weeks and makes a scar fade faster by such a share.
    pub fn new(
        people: &PeopleParameters,
        region: usize,
        ticks: usize,
        weeks: f64,
        (lag_weeks, speed_up): (f64, f64),
    ) -> Self {
        let longest = ticks + (ticks as f64 * speed_up) as usize + 2;
        let table = |now: f64, later: f64| -> Vec<u32> {
            (0..longest)
                .map(|age| {
                    let left = 1.0 - scar(now, later, age as f64 * weeks, people.scar_half_life.0);
                    crate::ground::numbers::whole((left * SCAR_ONE as f64).round()) as u32
                })
                .collect()
        };
        Fading {
            organised: table(people.scar_organised[region].0, people.scar_organised_permanent[region].0),
            gig: table(people.scar_gig[region].0, people.scar_gig_permanent[region].0),
            lag_ticks: crate::ground::numbers::whole((lag_weeks / weeks).round()) as i32,
            speed_up,
        }
    }

    /// Share of pay left to a row, in units of 1/[`SCAR_ONE`].
    #[inline]
    pub fn left(&self, tick: i32, scarred: i16, trained: i16, marks: u8) -> i64 {
        if scarred == NEVER {
            return SCAR_ONE;
        }
        let mut age = tick - i32::from(scarred);
        if trained != NEVER {
            let helped = tick - (i32::from(trained) + self.lag_ticks).max(i32::from(scarred));
            age += (f64::from(helped.max(0)) * self.speed_up) as i32;
        }
        let table = if marks & GIG != 0 { &self.gig } else { &self.organised };
        i64::from(table[age as usize])
    }
}

/// chi: the scar `weeks` after displacement.
pub fn scar(at_once: f64, in_the_long_run: f64, weeks: f64, half_life: f64) -> f64 {
    in_the_long_run + (at_once - in_the_long_run) * crate::ground::maths::half_life_decay(weeks, half_life)
}

/// People everywhere with these scars, at once and in the long run, of which half fades in eight years.
#[cfg(test)]
pub(crate) fn people_with(organised: [f64; 2], gig: [f64; 2]) -> PeopleParameters {
    use crate::ground::by_region::ByRegion;
    use crate::ground::units::{Number, Share, Span};
    let [organised, organised_permanent, gig, gig_permanent] =
        [organised[0], organised[1], gig[0], gig[1]].map(|scar| ByRegion::All(Share(scar)));
    PeopleParameters {
        skill_sigma: Number(0.25),
        scar_organised: organised,
        scar_organised_permanent: organised_permanent,
        scar_gig: gig,
        scar_gig_permanent: gig_permanent,
        scar_half_life: Span(416.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scar_fades_by_half_of_what_can_fade() {
        // 0.30 -> 0.20: after one half-life of 8 years (416 weeks) 0.20 + 0.10/2 = 0.25
        assert!((scar(0.30, 0.20, 416.0, 416.0) - 0.25).abs() < 1e-15);
        assert!((scar(0.30, 0.20, 0.0, 416.0) - 0.30).abs() < 1e-15);
    }

    #[test]
    fn a_course_that_took_effect_lets_the_scar_fade_faster() {
        let people = people_with([0.3, 0.2], [0.1, 0.05]);
        let scars = Fading::new(&people, 0, 1000, 1.0, (104.0, 0.5));
        let untrained = scars.left(400, 0, NEVER, 0);
        // trained from tick 0, effect from 104 on: age 400 + 0.5 * 296 = 548 instead of 400
        let trained = scars.left(400, 0, 0, 0);
        assert_eq!(trained, scars.left(548, 0, NEVER, 0));
        assert!(trained > untrained);
        assert_eq!(scars.left(400, NEVER, NEVER, 0), SCAR_ONE);
        assert!(scars.left(0, 0, NEVER, GIG) > scars.left(0, 0, NEVER, 0));
    }
}
