//! Demand for some jobs moves: a recession, a boom, a lockdown.
//!
//! The expected jobs of the chosen kinds are multiplied by a factor. Shocks multiply.
//!
//! Left out: a path of recovery; state two events with different factors instead.

use super::{About, Happening, Names, Shocks, dated_and_placed, named};
use crate::economy::world::lists::Kind;
use crate::ground::list::Listed;
use crate::ground::units::Size;

dated_and_placed! {
    /// Demand for some jobs moves.
    pub struct DemandShock {
        /// Which; all if absent.
        pub jobs: Option<Vec<Kind>>,
        /// Factor on demand.
        pub factor: Size,
    }
}

impl Happening for DemandShock {
    fn says(&self) -> String {
        let jobs = named(self.jobs.as_deref(), |kind| format!(" for {}", kind.name()), "");
        format!("demand{jobs} is {} times what it would be", self.factor.0)
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for (region, kind) in self.each(names) {
            shocks.demand[region][kind.index()] *= self.factor.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn only_the_jobs_named_move() {
        let found = shocks(r#"{"kind":"demand_shock","from":"2029-01","jobs":["picking"],"factor":0.8}"#);
        assert_eq!(found.demand, [[1.0, 1.0, 1.0, 1.0, 0.8, 1.0, 1.0]; 2]);
    }
}
