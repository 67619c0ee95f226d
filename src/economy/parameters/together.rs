//! What several numbers make together that the arithmetic cannot bear: people, jobs and money beyond what the books hold,
//! and feedback without end.

use super::Sections;
use super::bounds::DAY;
use crate::economy::shared::fault::Fault;
use crate::economy::shared::growth::{growth_index, per_year};
use crate::economy::shared::path::Path;
use crate::economy::shared::weights::Weights;
use crate::economy::world::lists::{Occupation, SiteType};
use crate::economy::world::people::SKILL_ONE;
use crate::ground::by_region::ByRegion;
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::units::WEEKS_PER_YEAR;

/// Most dollars that an account may be expected to hold: about half of what 64 bits of micro-dollars hold, because
/// losses are carried forward.
const MOST_DOLLARS: f64 = 5e12;

/// Most dollars that a wallet may be expected to hold.
const MOST_IN_A_WALLET: f64 = 8.7e6;

/// Most units of a job in a tick, and most rows of a market.
const MOST_UNITS: f64 = 1e15;
const MOST_AGENTS: f64 = 4e9;

/// Every such fault, with the key to change.
pub(super) fn faults(sections: &Sections) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut note = |key: String, words: String| {
        found.push(Fault { key, words });
    };
    let sites = &sections.sites;
    if sites.fewest.0 > sites.most.0 {
        let words = format!("no more than sites.most, which is {}", sites.most.0);
        note("sites.fewest".into(), words);
    }
    let demand = &sections.demand;
    for (site, region) in places(sections) {
        let density = demand.density_elasticity[site][region].0 * demand.pass_through.0;
        if demand.price_elasticity.0 * density >= 0.95 {
            let words = "times price_elasticity and pass_through must stay below 0.95; more demand makes a unit \
                         cheaper and that makes more demand, without end";
            note(density_key(sections, site, region), words.into());
        }
    }
    nests_together(sections, &mut note);
    let mut regions = sections.world.regions.clone();
    regions.sort();
    let weights = Weights::of(&sections.run, &sections.labour, regions.len());
    for (r, region) in regions.iter().enumerate() {
        if let Some((key, words)) = beyond_the_books(sections, &weights, r) {
            note(format!("{key}.{region}"), words);
        }
    }
    found
}

/// Nested demand in which one site would draw all customers: a site gains on the others of its region alone.
fn nests_together(sections: &Sections, note: &mut impl FnMut(String, String)) {
    let (demand, trade) = (&sections.demand, &sections.trade);
    for (site, region) in places(sections).filter(|_| trade.is_nested()) {
        let passed = demand.density_elasticity[site][region].0 * demand.pass_through.0 * trade.work_share[site].0;
        if trade.site_substitution[site].0 * passed >= 0.95 {
            let words = "times density_elasticity, pass_through and work_share must stay below 0.95; more demand makes a \
                         site cheaper than the others and that makes more demand, without end";
            note(format!("trade.site_substitution.{}", site.name()), words.into());
        }
    }
}

/// All types of sites in all regions.
fn places(sections: &Sections) -> impl Iterator<Item = (SiteType, usize)> {
    let regions = sections.world.regions.len();
    SiteType::ALL.iter().flat_map(move |&site| (0..regions).map(move |region| (site, region)))
}

/// The key of an elasticity of density: that of a region where regions have their own.
fn density_key(sections: &Sections, site: SiteType, region: usize) -> String {
    let key = format!("demand.density_elasticity.{}", site.name());
    match &sections.demand.density_elasticity[site] {
        ByRegion::All(_) => key,
        ByRegion::Each(values) => format!("{key}.{}", values[region].0),
    }
}

/// What of a region's people, jobs and money cannot be counted: a key, without the region, and words.
fn beyond_the_books(sections: &Sections, weights: &Weights, r: usize) -> Option<(String, String)> {
    let (mut sales, mut largest) = (0.0, (0.0, String::new()));
    for &occupation in Occupation::ALL {
        let crowd = Crowd::of(sections, weights, r, occupation);
        let beyond = crowd.beyond_a_count(sections).or_else(|| crowd.beyond_a_wallet(sections));
        if beyond.is_some() {
            return beyond;
        }
        let (key, bill) = crowd.bill(sections, r);
        sales += bill;
        if bill > largest.0 {
            largest = (bill, key);
        }
    }
    let demand = &sections.demand;
    let each = demand.human_cost_per_parcel[r].0 * grows(sections, r, SiteType::Depot);
    let parcels = demand.parcels[r].0 * each;
    if parcels > largest.0 {
        largest = (parcels, "demand.human_cost_per_parcel".into());
    }
    let held = (sales + parcels) * (1.0 + sections.sites.margin.0) * WEEKS_PER_YEAR.max(sections.sites.cash_buffer.0);
    (held > MOST_DOLLARS).then(|| {
        let words = format!(
            "a region that sells for {held:.0} USD a year does not fit the books; they hold {MOST_DOLLARS:.0} USD"
        );
        (largest.1, words)
    })
}

/// By how much the demand for a type of site has grown at the end of the run, at the height of the season.
fn grows(sections: &Sections, r: usize, site: SiteType) -> f64 {
    let (demand, years) = (&sections.demand, sections.run.years.0);
    let half_life = demand.growth_half_life.0 / WEEKS_PER_YEAR;
    let (start, floor) = (per_year(demand.growth[site][r]), per_year(demand.growth_floor[site]));
    let mut regions = sections.world.regions.clone();
    regions.sort();
    let given = regions.get(r).and_then(|region| demand.path_of(site, region)).map(Path::widest);
    given.unwrap_or_else(|| growth_index(start, floor, half_life, years)) * (1.0 + demand.season[site].0)
}

/// By how much the trend of wages in a region has grown at the end of the run.
fn wages_grow(sections: &Sections, r: usize) -> f64 {
    let (wages, years) = (&sections.wages, sections.run.years.0);
    let half_life = wages.growth_half_life.0 / WEEKS_PER_YEAR;
    growth_index(per_year(wages.growth[r]), per_year(wages.growth_floor), half_life, years)
}

/// The people of an occupation in a region, as the books would meet them.
struct Crowd {
    occupation: Occupation,
    /// The key that says how many there are.
    key: String,
    employed: f64,
    /// Employed, unemployed and outside.
    people: f64,
    /// Persons that an agent stands for.
    weight: f64,
    /// Hours of work in a tick at the end of the run.
    hours: f64,
    /// Wage at the end of the run, dollars a week.
    wage: f64,
}

impl Crowd {
    fn of(sections: &Sections, weights: &Weights, r: usize, occupation: Occupation) -> Crowd {
        let (labour, run) = (&sections.labour, &sections.run);
        let employed = crate::economy::world::markets::employment(labour, r, occupation);
        let growth = grows(sections, r, occupation.site_type());
        let outside = 1.0 + labour.outside_ratio[occupation].0;
        Crowd {
            occupation,
            key: source_of(occupation),
            employed,
            people: employed * outside / (1.0 - labour.unemployment[r].0),
            weight: weights.persons_of(r, occupation),
            hours: employed * labour.weekly_hours[r].0 * run.tick.0.max(DAY) * growth,
            wage: labour.wage[occupation][r].0 * wages_grow(sections, r),
        }
    }

    /// Too many agents, or units in a tick.
    fn beyond_a_count(&self, sections: &Sections) -> Option<(String, String)> {
        if self.people / self.weight > MOST_AGENTS {
            return Some((self.key.clone(), "too many agents; raise run.persons_per_agent".into()));
        }
        let least = sections.demand.hours_per_unit.values().map(|hours| hours.0).fold(1.0, f64::min);
        let units = self.hours / least;
        (units > MOST_UNITS).then(|| {
            let words = format!("{units:.0} units in a tick cannot be counted; growth, years or people must be less");
            (self.key.clone(), words)
        })
    }

    /// The best paid would save more than a wallet holds.
    fn beyond_a_wallet(&self, sections: &Sections) -> Option<(String, String)> {
        let (run, settlement) = (&sections.run, &sections.settlement);
        let skill = f64::from(u16::MAX) / SKILL_ONE as f64;
        let skill = skill.min(maths::exp(5.0 * sections.people.skill_sigma.0));
        let saved = (1.0 - settlement.consume_income.0) * self.wage * skill;
        let (drain, weeks) = (settlement.consume_wealth.0, run.years.0 * WEEKS_PER_YEAR + run.spin_up.0);
        let wallet = if drain > 0.0 { (saved / drain).min(saved * weeks + saved / drain) } else { saved * weeks };
        (wallet > MOST_IN_A_WALLET).then(|| {
            let words = format!(
                "the best paid would save {wallet:.0} USD, and a wallet holds {MOST_IN_A_WALLET:.0} USD; \
                 let settlement.consume_wealth or consume_income be more"
            );
            (format!("labour.wage.{}", self.occupation.name()), words)
        })
    }

    /// What the crowd's work costs in a week, dollars, and the key behind it.
    fn bill(&self, sections: &Sections, r: usize) -> (String, f64) {
        let mut names = sections.world.regions.clone();
        names.sort();
        // a floor under wages is paid like a wage
        let floor = sections.law.resolve(&names)[r].minimum_wage.0;
        let key = if floor > self.wage { "law.minimum_wage".into() } else { self.key.clone() };
        let site = self.occupation.site_type();
        let dear = 1.0 + sites_cost(sections, site);
        let bill = self.employed * self.wage.max(floor) * dear * grows(sections, r, site);
        (key, bill / sections.sites.target_utilisation.0)
    }
}

/// Costs of a unit beside wages, as shares of them.
fn sites_cost(sections: &Sections, site: SiteType) -> f64 {
    sections.sites.hand_cost_share[site].0 + sections.sites.other_cost_share[site].0
}

/// The key that says how many people of an occupation there are.
fn source_of(occupation: Occupation) -> String {
    match occupation {
        Occupation::Picker => "labour.pickers".into(),
        Occupation::Courier => "labour.couriers".into(),
        _ => "labour.manufacturing".into(),
    }
}
