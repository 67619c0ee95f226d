//! Many runs of a sweep, each on a thread of its own, one after the other until the last or until somebody says
//! stop. One that has no result does not stop the others.

use super::{Halt, Lived, Session};
use crate::experiment::lanes;
use crate::experiment::run::{Results, Stopped, run};
use crate::experiment::sweep::Shard;
use crate::experiment::watcher::Watcher;
use crate::scenario::Scenario;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What became of the runs of a shard.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Runs that are stored.
    pub done: u64,
    /// Those of them that were not before.
    pub now: u64,
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
        let life = |scenario: &Scenario| run(scenario, |_| watch.goes_on());
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

    /// Simulates the runs of a shard that are not done, each by `life`, on as many lanes as the present pool has
    /// threads; `goes_on` sees how each ended, and says whether to go on. Where somebody asks to stop, what was done
    /// is stored.
    ///
    /// # Errors
    /// A conflict, the disk, or that a lane could not be opened.
    pub fn live_all(
        &self,
        shard: Shard,
        life: impl Fn(&Scenario) -> Result<Results, Stopped> + Sync,
        goes_on: impl Fn(&Lived) -> bool + Sync,
    ) -> Result<Course, Halt> {
        let (done, now) = (AtomicU64::new(0), AtomicU64::new(0));
        let (halt, failures) = (Mutex::new(None), Mutex::new(Vec::new()));
        let work = |place: u64| {
            let number = shard.run(place);
            let lived = match self.live_by(number, &life) {
                Ok(lived) => lived,
                Err(stop) => {
                    *halt.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(stop);
                    return false;
                }
            };
            done.fetch_add(u64::from(matches!(lived, Lived::Before | Lived::Now)), Ordering::Relaxed);
            now.fetch_add(u64::from(matches!(lived, Lived::Now)), Ordering::Relaxed);
            if let Lived::Failed(cause) | Lived::Refused(cause) = &lived {
                failures.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((number, cause.clone()));
            }
            goes_on(&lived) && !matches!(lived, Lived::Asked)
        };
        lanes::each(shard.size(self.sweep.runs()), work).map_err(Halt::Lanes)?;
        if let Some(halt) = halt.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
            return Err(halt);
        }
        let mut failures = failures.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        failures.sort();
        Ok(Course { done: done.into_inner(), now: now.into_inner(), failures })
    }
}
