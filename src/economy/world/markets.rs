//! Labour markets: one for each region and occupation.

use super::lists::{Occupation, SiteType};
use super::people::Work;
use crate::ground::by_region::ByRegion;
use crate::ground::list::{Listed, Table};
use crate::ground::maths::share_of;
use crate::ground::units::{HoursPerWeek, Number, Persons, Rate, Share, Size, Span, UsdPerWeek};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::{Index, IndexMut};

/// Parameters of labour markets.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LabourParameters {
    /// People employed in manufacturing at the start.
    pub manufacturing: ByRegion<Persons>,
    /// Share of them who are production workers.
    pub production_share: ByRegion<Share>,
    /// Share of production workers by factory occupation.
    #[schemars(schema_with = "crate::ground::list::some_of::<Occupation, ByRegion<Share>>")]
    pub factory_mix: std::collections::BTreeMap<Occupation, ByRegion<Share>>,
    /// People who pick orders in warehouses at the start.
    pub pickers: ByRegion<Persons>,
    /// People who deliver parcels at the start, full-time equivalents.
    pub couriers: ByRegion<Persons>,
    /// w0: wage of a mean worker, by occupation and region.
    pub wage: Table<Occupation, ByRegion<UsdPerWeek>>,
    /// Share of sites with regular contracts: factories, warehouses, depots.
    pub organised: Table<SiteType, ByRegion<Share>>,
    /// What employers pay for employees beyond wages and the taxes on them, as a share of wages: health insurance,
    /// pensions.
    pub benefits: ByRegion<Share>,
    /// Weekly hours.
    pub weekly_hours: ByRegion<HoursPerWeek>,
    /// u0: unemployment rate at the start.
    pub unemployment: ByRegion<Share>,
    /// f0: how fast the unemployed find work at the start.
    pub job_finding: ByRegion<Rate>,
    /// rho: people in outside jobs per person employed, by occupation.
    pub outside_ratio: Table<Occupation, Size>,
    /// q: how fast the employed leave for outside jobs.
    pub quits: Table<Occupation, ByRegion<Rate>>,
    /// Pay of outside jobs against an assembler's.
    pub outside_wage: Size,
    /// rho: share of the work that robots absorbed which comes back as new tasks in jobs outside.
    pub new_tasks: Share,
    /// How long a vacancy stays open at the start.
    pub vacancy_length: Span,
    /// mu: elasticity of hires in seekers.
    pub matching_elasticity: Share,
    /// chi: how fast outside jobs fill up.
    pub outside_congestion: Number,
    /// Length of a training course.
    pub course: Span,
    /// Time from its start to its effect.
    pub course_lag: Span,
    /// Rise of the hazard of finding outside work, and of the speed at which the scar fades.
    pub course_effect: Number,
    /// Stipend, as a share of the wage.
    pub stipend: Share,
    /// Cost of a course, as a share of the annual wage.
    pub course_cost: Share,
}

/// E0: people employed in an occupation of a region at the start.
pub fn employment(labour: &LabourParameters, region: usize, occupation: Occupation) -> f64 {
    match occupation {
        Occupation::Picker => labour.pickers[region].0,
        Occupation::Courier => labour.couriers[region].0,
        _ => {
            let share = labour.factory_mix.get(&occupation).map_or(0.0, |mix| mix[region].0);
            labour.manufacturing[region].0 * labour.production_share[region].0 * share
        }
    }
}

/// The labour market of one region and occupation: heads, hazards, wage.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Market {
    /// Region index.
    pub region: usize,
    /// Occupation index.
    pub occupation: usize,
    /// Lots of people that one of its agents stands for ([`crate::economy::shared::weights`]).
    pub lots: i64,
    /// Control account of its workers' wallets.
    pub account: crate::ground::ledger::AccountId,
    /// Agents by [`Work`], kept by the events of the matching rule and recounted by the audit.
    pub heads: [i64; 4],
    /// Agents by [`Work`] at the founding.
    pub heads_initial: [i64; 4],
    /// w: wage of a mean worker, dollars a week.
    pub wage: f64,
    /// w at the founding, dollars a week.
    pub wage_initial: f64,
    /// Unemployment rate, smoothed for the wage curve.
    pub unemployment: f64,
    /// u0: unemployment rate at the founding.
    pub unemployment_initial: f64,
    /// Hazards per tick and sizes of the steady state.
    pub steady: SteadyState,
    /// Vacancies and movements of people.
    pub flows: MarketFlows,
    /// Who left for good and who entered.
    pub turnover: Turnover,
    /// Hours of its people that were recorded.
    pub recorded: Recorded,
    /// Courses paid for by recycled revenue.
    pub courses: Courses,
    /// w0 with its trend, dollars a week.
    pub reference_wage: f64,
    /// What the displaced and the contributors lost and received.
    pub accounts: LossAccounts,
    /// Royalties that its people receive.
    pub royalties: MarketRoyalties,
}

/// Vacancies and movements of a market's people: staffing's and matching's. Agents.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MarketFlows {
    /// Open vacancies.
    pub vacancies: i64,
    /// Hires of this tick.
    pub hires: i64,
    /// Displaced by robots this tick.
    pub displaced: i64,
    /// Displaced since the start.
    pub displaced_total: i64,
    /// Displaced who found work again since the start.
    pub reemployed_total: i64,
    /// Ordinary layoffs of this tick.
    pub laid_off: i64,
    /// Dismissals for refusing, this tick.
    pub dismissed: i64,
}

/// Who left a market for good and who entered: demography's. Agents.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Turnover {
    /// Left this tick.
    pub left: i64,
    /// Entered this tick.
    pub entered: i64,
    /// What was in the wallets of those who left this tick, micro-dollars per person.
    pub estates: i64,
    /// Left since the founding.
    pub left_total: i64,
    /// Entered since the founding.
    pub entered_total: i64,
    /// Entrants who have not worked at any site yet, and have not left.
    pub never_hired: i64,
    /// What those who left have recorded.
    pub bequest: Bequest,
}

/// What those who left a market for good have recorded. Milli-hours.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bequest {
    /// Accepted hours.
    pub hours: i128,
    /// Those on which royalties are still due, because claims outlive the working life; they fade like all claims.
    pub claims: i128,
    /// The same times the skill factors of those who recorded them.
    pub quality: i128,
    /// How many left with a claim, agents; they fade with it.
    pub contributors: i128,
}

/// Recorded hours of a market's people: capture's. Milli-hours.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Recorded {
    /// Credited to rows this tick, agents counted once.
    pub credited: i128,
    /// Sum of the claims of all rows, kept by events and recounted by the audit.
    pub claims: i128,
    /// Accepted hours of all rows, kept by events.
    pub hours: i128,
}

/// Courses paid for by recycled revenue. Agents.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Courses {
    /// Training places paid for.
    pub extra_places: f64,
    /// Trainees who began since the last settlement.
    pub enrolled: i64,
}

/// Since the start: income that people lost, and what they received instead, micro-dollars per agent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LossAccounts {
    /// Of the displaced.
    pub displaced: [i128; 2],
    /// Of those who contributed hours.
    pub contributors: [i128; 2],
}

/// Royalties of a market's people, dollars.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MarketRoyalties {
    /// Of a week, smoothed over a year.
    pub smoothed: f64,
    /// That a mean worker may expect for a recorded hour.
    pub per_hour: f64,
}

/// Flows that keep the first week as it is, per tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SteadyState {
    /// s: hazard of losing a job, inside or outside.
    pub separation: f64,
    /// q: hazard of leaving for an outside job.
    pub quit: f64,
    /// Hazard of leaving for good.
    pub leaving: f64,
    /// f_in0: hazard of the unemployed of being hired in their occupation.
    pub find_inside: f64,
    /// f_out0: hazard of the unemployed of finding an outside job.
    pub find_outside: f64,
    /// xi: how hard outside workers search, against the unemployed.
    pub outside_search: f64,
    /// M0: hires per tick, agents.
    pub hires: f64,
    /// V0: vacancies, agents.
    pub vacancies: f64,
    /// S0: seekers, agents.
    pub seekers: f64,
}

impl SteadyState {
    /// Share of a crew's size that is vacant on average where a vacancy is open for so many weeks.
    pub fn vacant(&self, weeks: f64, vacancy_weeks: f64) -> f64 {
        (self.separation + self.quit + self.leaving) / weeks * vacancy_weeks
    }
}

/// All labour markets, region by region, occupation by occupation.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Markets(pub Vec<Market>);

/// The place of a market among all: region by region, occupation by occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarketId(usize);

impl MarketId {
    /// The market of an occupation in a region, by its index.
    #[inline]
    pub fn of(region: usize, occupation: Occupation) -> MarketId {
        MarketId(region * Occupation::COUNT + occupation as usize)
    }

    /// The market at a place among all.
    pub fn at(index: usize) -> MarketId {
        MarketId(index)
    }

    /// The place in lists that have an entry a market.
    #[inline]
    pub fn index(self) -> usize {
        self.0
    }

    /// The places of a region's markets, in the order of the occupations.
    pub fn of_region(region: usize) -> std::ops::Range<usize> {
        region * Occupation::COUNT..(region + 1) * Occupation::COUNT
    }

    /// How many markets so many regions have.
    pub fn count(regions: usize) -> usize {
        regions * Occupation::COUNT
    }
}

impl Markets {
    /// Unemployed per person of the labour force of a region, all occupations together; 0 where there is nobody.
    pub fn unemployment_rate(&self, region: usize) -> f64 {
        let own = &self.0[MarketId::of_region(region)];
        let all: i64 = own.iter().map(|market| market.people() * market.lots).sum();
        let unemployed: i64 = own.iter().map(|market| market.heads[Work::Unemployed as usize] * market.lots).sum();
        share_of(unemployed as f64, all as f64)
    }
}

impl Index<MarketId> for Markets {
    type Output = Market;
    fn index(&self, id: MarketId) -> &Market {
        &self.0[id.0]
    }
}

impl IndexMut<MarketId> for Markets {
    fn index_mut(&mut self, id: MarketId) -> &mut Market {
        &mut self.0[id.0]
    }
}

impl Market {
    /// O0: jobs outside, agents, as many a head of today's people as at the start, and `new_tasks` of the agents' worth
    /// of work that robots absorbed.
    pub fn outside_jobs(&self, new_tasks: f64, absorbed: f64) -> f64 {
        let initial: i64 = self.heads_initial.iter().sum();
        let growth = if initial > 0 { self.people() as f64 / initial as f64 } else { 1.0 };
        self.heads_initial[Work::Outside as usize] as f64 * growth + new_tasks * absorbed
    }

    /// Its place among all.
    pub fn id(&self) -> MarketId {
        MarketId::of(self.region, Occupation::ALL[self.occupation])
    }

    /// Agents of the market, whatever they do.
    pub fn people(&self) -> i64 {
        self.heads.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_outside_grow_with_the_people_and_with_new_tasks() {
        // 500 outside of 1,575; a tenth more people: 550; of 80 agents' worth of absorbed work a quarter comes back
        let mut market = Market { heads_initial: [1000, 75, 500, 0], heads: [1100, 82, 550, 0], ..Market::default() };
        market.heads[1] = 82;
        let tenth_more = 500.0 * 1732.0 / 1575.0;
        assert!((market.outside_jobs(0.25, 80.0) - tenth_more - 20.0).abs() < 1e-9);
        // as many people as at the start, and nothing comes back: the jobs of the start, to the bit
        market.heads = [900, 175, 500, 0];
        assert_eq!(market.outside_jobs(0.0, 80.0), 500.0);
    }
}
