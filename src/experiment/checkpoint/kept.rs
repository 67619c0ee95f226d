//! A state in memory, from which any number of economies go on.
//!
//! It never leaves the program that made it. So it has no checksums, and is not held against a founding as a checkpoint
//! from a disk is: that costs as much as a year and a half of a coarse world.

use super::{Head, Refused, bare, later, parameters, past, whole};
use crate::economy::Economy;
use crate::observe::indicators::want;
use crate::scenario::Scenario;
use chrono::NaiveDate;

/// The state of an economy between two ticks.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What a checkpoint would say about itself, as text: read it takes ten times the memory.
    head: String,
    /// How many there are of each kind, cohorts last.
    counts: Vec<usize>,
    state: Vec<u8>,
}

impl Kept {
    /// The state in which an economy of a scenario is now.
    ///
    /// # Panics
    /// If it cannot be written: a bug of ours.
    pub fn of(scenario: &Scenario, economy: &mut Economy) -> Kept {
        let head = serde_json::to_string(&Head::of(scenario, economy)).expect("a head is words and numbers");
        let counts = whole::counts(&mut economy.world);
        let mut state = Vec::new();
        whole::write(&mut economy.world, &mut state).expect("memory takes what is written to it");
        Kept { head, counts, state }
    }

    /// An economy that goes on with another future: the scenario may differ from that of the state by what acts from the
    /// day `from` on, and by its length.
    ///
    /// # Errors
    /// What differs before that day.
    pub fn fork(&self, scenario: &Scenario, from: NaiveDate) -> Result<Economy, Refused> {
        let head = self.head();
        head.demand_none(head.before(scenario, from))?;
        Ok(self.go_on(scenario, &head))
    }

    /// An economy that goes on from the end of a spin-up, or from within it; the scenario may differ by what no founding
    /// and no spin-up depends on, see [`later`].
    ///
    /// # Errors
    /// What differs and is not such, or that the spin-up is over already.
    pub fn branch(&self, scenario: &Scenario) -> Result<Economy, Refused> {
        let head = self.head();
        let objections = if head.tick > 0 {
            vec![format!("its spin-up has been over since {}", scenario.parameters.run.start.0)]
        } else {
            past::differences(&later::cut(&head.parameters), &later::cut(&parameters(scenario)))
        };
        head.demand_none(objections)?;
        Ok(self.go_on(scenario, &head))
    }

    fn head(&self) -> Head {
        serde_json::from_str(&self.head).expect("what was written is read again")
    }

    fn go_on(&self, scenario: &Scenario, head: &Head) -> Economy {
        let mut economy = bare(scenario);
        want(&mut economy.world, head.records);
        economy.set_clock(head.tick);
        let read = whole::read(&mut economy.world, &self.counts, &mut self.state.as_slice());
        read.expect("what was written is read again");
        economy
    }
}
