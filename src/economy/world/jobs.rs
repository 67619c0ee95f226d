//! The jobs of a site: what came, who did it, what it costs, each part the field of the rule that writes it.

use super::lists::{Kind, Occupation, SiteType};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// One kind of job at a site: what came, who did it, what it cost.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Which kind.
    pub kind: Kind,
    /// How much there is of it and how long a unit takes: the founding's.
    pub size: JobSize,
    /// What came: demand's.
    pub inflow: Inflow,
    /// Who did it: dispatch's.
    pub work: JobWork,
    /// What it costs: adoption's.
    pub cost: JobCost,
    /// Price of a unit, dollars.
    pub price: f64,
    /// Price at the start.
    pub price_initial: f64,
    /// Price in the tick before.
    pub price_before: f64,
    /// Price that customers know of: it follows the price.
    pub price_known: f64,
    /// Licence paid per unit by robot, dollars.
    pub licence: f64,
}

/// How much there is of a job and how long a unit takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobSize {
    /// Units a week at the start.
    pub base: f64,
    /// Hours of a mean worker in a unit, at the start.
    pub hours_per_unit_initial: f64,
    /// The same, now: it falls where volume grows denser.
    pub hours_per_unit: f64,
}

/// Units of a job that came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Inflow {
    /// Units that came this tick.
    pub arrivals: i64,
    /// Units expected this tick, before noise.
    pub expected: f64,
    /// Units waiting at the start of the tick.
    pub backlog_before: i64,
    /// Units expected against the start, apart from trend and season.
    pub response: f64,
    /// What buyers save by this tick's change of the price, dollars a week at the start's trend and season.
    pub saved: f64,
}

/// Units of a job that were done, and by whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobWork {
    /// Units waiting now.
    pub backlog: i64,
    /// Units robots tried this tick.
    pub attempts: i64,
    /// Units done by robots this tick.
    pub by_robots: i64,
    /// Units done by people this tick.
    pub by_people: i64,
    /// Units that the robots devoted to it could do this tick.
    pub robot_capacity: f64,
    /// Hours a week that robots saved people at the start, of which nobody is displaced.
    pub robot_hours_initial: f64,
    /// Hours a week that robots saved people this tick.
    pub robot_hours: f64,
    /// Hours of a mean worker that people had for it this tick.
    pub people_hours: f64,
    /// Hours a week that watching its robots took this tick, and at the end of the spin-up.
    pub watching: f64,
    /// See [`JobWork::watching`].
    pub watching_initial: f64,
    /// Lead time, weeks.
    pub lead: f64,
}

/// What a unit of a job costs, dollars.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobCost {
    /// By hand, beside wages.
    pub beside_wages: f64,
    /// Whoever does it.
    pub other: f64,
    /// By hand now, wages and what is beside them.
    pub by_hand: f64,
    /// By robot now, running cost without capital.
    pub by_robot: f64,
    /// Payback of a robot for this job, years; infinite if it never pays.
    pub payback: f64,
    /// On average, whoever did it.
    pub unit: f64,
    /// The same at the end of the spin-up.
    pub unit_initial: f64,
    /// Jobs done in the last year of the spin-up.
    pub base_jobs: f64,
    /// What they cost together, dollars.
    pub base_sum: f64,
}

impl JobWork {
    /// Hours a week that watching robots takes beyond what it took at the start.
    pub fn more_watching(&self) -> f64 {
        (self.watching - self.watching_initial).max(0.0)
    }
}

/// How many of the next jobs are those of an occupation: a site's jobs stand in the order of its crews.
#[inline]
pub fn jobs_of_crew(next: &[Job], occupation: Occupation) -> usize {
    next.iter().take_while(|job| job.kind.occupation() == occupation).count()
}

impl Jobs {
    /// Share of a factory's output at the start that its customers no longer ask for, 0 to 1: orders expected, apart from
    /// trend and season, against those of the start, by the hours in them. Nothing at other sites, whose customers buy at
    /// home.
    ///
    /// What is expected and not what was done, so that noise, a backlog or a flood is no trade lost.
    pub fn lost(&self, kind: SiteType) -> f64 {
        let hours = |of: fn(&Job) -> f64| -> f64 {
            self.0.iter().map(|job| of(job) * job.size.base * job.size.hours_per_unit_initial).sum()
        };
        let (expected, base) = (hours(|job| job.inflow.response), hours(|_| 1.0));
        if kind != SiteType::Factory || base <= 0.0 { 0.0 } else { (1.0 - expected / base).max(0.0) }
    }
}

impl Job {
    /// Units that wait to be done this tick: what came, and what was left.
    pub fn waiting(&self) -> i64 {
        self.inflow.arrivals + self.inflow.backlog_before
    }

    /// Units done this tick, by people and robots.
    pub fn done(&self) -> i64 {
        self.work.by_robots + self.work.by_people
    }

    /// So many units as hours of a mean worker.
    pub fn hours(&self, units: i64) -> f64 {
        units as f64 * self.size.hours_per_unit
    }
}

/// The job kinds of a site, in the order of [`SiteType::kinds`].
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Jobs(pub Vec<Job>);

#[cfg(test)]
mod tests {
    use super::*;

    /// A job of so many units a week at the start, an hour each, of which such a part is expected, apart from trend.
    fn job(base: f64, response: f64) -> Job {
        Job {
            kind: Kind::Assembly,
            size: JobSize { base, hours_per_unit_initial: 1.0, hours_per_unit: 1.0 },
            inflow: Inflow { response, ..Inflow::default() },
            work: JobWork::default(),
            cost: JobCost::default(),
            price: 1.0,
            price_initial: 1.0,
            price_before: 1.0,
            price_known: 1.0,
            licence: 0.0,
        }
    }

    #[test]
    fn a_factory_has_lost_what_its_customers_no_longer_ask_for() {
        // 300 and 100 hours a week at the start, 240 and 100 now: 1 - 340/400
        let jobs = Jobs(vec![job(300.0, 0.8), job(100.0, 1.0)]);
        assert!((jobs.lost(SiteType::Factory) - 0.15).abs() < 1e-15);
        assert_eq!(jobs.lost(SiteType::Warehouse), 0.0, "its customers are at home");
        assert_eq!(Jobs(vec![job(300.0, 1.1)]).lost(SiteType::Factory), 0.0, "what is gained is not lost");
        assert_eq!(Jobs(Vec::new()).lost(SiteType::Factory), 0.0);
    }
}
