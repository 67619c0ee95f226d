//! Many runs of a sweep, each on a thread of its own, one after the other until the last or until somebody says
//! stop. One that has no result does not stop the others.

use super::{Halt, Lived, Session};
use crate::experiment::lanes;
use crate::experiment::origin::Origin;
use crate::experiment::run::{Results, Stopped, go_on};
use crate::experiment::sweep::Shard;
use crate::experiment::sweep::turns::{AT_A_TIME, Turn, turns};
use crate::experiment::watcher::Watcher;
use crate::scenario::Scenario;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// What became of the runs of a shard.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Runs that are stored.
    pub done: u64,
    /// Those of them that were not before.
    pub now: u64,
    /// Those that began where another had come to at the end of its spin-up.
    pub forked: u64,
    /// Runs without a result: number of the run, and why.
    pub failures: Vec<(u64, String)>,
}

impl Session<'_> {
    /// Simulates the runs of a shard that are not done, as long as nobody who watches says stop.
    ///
    /// # Errors
    /// As [`Session::live_all`].
    pub fn live_shard(&self, shard: Shard, watch: &impl Watcher) -> Result<Course, Halt> {
        watch.expect(shard.size(self.sweep.runs()));
        let life = |scenario: &Scenario, origin: &Origin| {
            let economy = origin.begin(scenario, || watch.goes_on())?;
            go_on(scenario, economy, |_, _| watch.goes_on())
        };
        let goes_on = |lived: &Lived| match lived {
            Lived::Before => {
                watch.skip();
                watch.goes_on()
            }
            _ => watch.tick(),
        };
        self.live_all(shard, life, goes_on)
    }

    /// Of so many parts, those in which a run is left to do.
    ///
    /// # Errors
    /// A conflict, or the disk.
    pub fn unfinished(&self, parts: u64) -> Result<BTreeSet<u64>, Halt> {
        if self.stored_runs() == 0 {
            return Ok((1..=parts).collect());
        }
        let runs = self.sweep.runs();
        let of_part = |number: u64| {
            let shard = Shard { number, of: parts };
            for place in 0..shard.size(runs) {
                if self.is_open(shard.run(place))? {
                    return Ok(Some(number));
                }
            }
            Ok(None)
        };
        let numbers: Vec<u64> = (1..=parts).collect();
        let found: Vec<Option<u64>> = numbers.into_par_iter().map(of_part).collect::<Result<_, Halt>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Simulates the runs of a shard that are not done, each by `life`, which gets what it has in common with others, on
    /// as many lanes as the present pool has threads; `goes_on` sees how each ended, and says whether to go on. Where
    /// somebody asks to stop, what was done is stored.
    ///
    /// # Errors
    /// A conflict, the disk, or that a lane could not be opened.
    pub fn live_all(
        &self,
        shard: Shard,
        life: impl Fn(&Scenario, &Origin) -> Result<Results, Stopped> + Sync,
        goes_on: impl Fn(&Lived) -> bool + Sync,
    ) -> Result<Course, Halt> {
        let course = Mutex::new(Course::default());
        let halt = Mutex::new(None);
        let is_over = AtomicBool::new(false);
        let work = |turn: &Turn| {
            let mut has_begun = false;
            let lived = self.live_by(turn.run, |scenario| {
                has_begun = true;
                life(scenario, &turn.origin)
            });
            if !has_begun {
                turn.origin.skip();
            }
            match lived {
                Ok(lived) => {
                    course.lock().unwrap_or_else(PoisonError::into_inner).take(turn.run, &lived);
                    goes_on(&lived) && !matches!(lived, Lived::Asked)
                }
                Err(stop) => {
                    *halt.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
                    false
                }
            }
        };
        let runs = shard.size(self.sweep.runs());
        let mut forked = 0;
        for first in (0..runs).step_by(AT_A_TIME as usize) {
            let places = first..runs.min(first + AT_A_TIME);
            let turns = turns(self.sweep, places.map(|place| shard.run(place)), rayon::current_num_threads());
            let piece = |place: u64| {
                let goes_on = work(&turns[place as usize]);
                is_over.fetch_or(!goes_on, Ordering::Relaxed);
                goes_on
            };
            lanes::each(turns.len() as u64, piece).map_err(Halt::Lanes)?;
            forked += turns.iter().filter(|turn| turn.is_first).map(|turn| turn.origin.forked()).sum::<u64>();
            if is_over.load(Ordering::Relaxed) {
                break;
            }
        }
        if let Some(halt) = halt.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(halt);
        }
        let mut course = course.into_inner().unwrap_or_else(PoisonError::into_inner);
        course.forked = forked;
        course.failures.sort();
        Ok(course)
    }
}

impl Course {
    /// Notes how a run ended.
    fn take(&mut self, run: u64, lived: &Lived) {
        match lived {
            Lived::Before => self.done += 1,
            Lived::Now => (self.done, self.now) = (self.done + 1, self.now + 1),
            Lived::Failed(cause) | Lived::Refused(cause) => self.failures.push((run, cause.clone())),
            Lived::Asked => {}
        }
    }
}
