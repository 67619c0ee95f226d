//! The hand-over receipt: whose hours took whose jobs, and what was paid for it.
//!
//! Of the jobs that robots absorb in region b, the share owed to hours recorded in region a is a's
//! share in the effective hours of the families used, at the lab that licenses to b. The rest is owed
//! to the stock that existed at the start and that nobody is credited for, and to robots' own hours.

use crate::economy::policy::Today;
use crate::economy::settlement::trade::LicenceIncome;
use crate::economy::shared::numbers::numbers;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::Family;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::robots::Conditions;
use crate::economy::world::sites::Site;
use crate::economy::world::sites::SiteParameters;
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use crate::ground::money::Money;
use bevy_ecs::prelude::*;
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// One year's line of the receipt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Calendar year.
    pub year: i32,
    /// Where the hours were recorded; after the regions come "stock at the start" and "robots".
    pub from: usize,
    /// Where the robots work.
    pub to: usize,
    /// Accepted hours of the year, recorded in `from`, used for robots in `to`.
    pub hours: f64,
    /// Full-time equivalents absorbed in `to` (mean over the year) owed to `from`.
    pub jobs: f64,
    /// Licence income of the year from `to`, owed to `from`, dollars.
    pub licence: f64,
    /// Royalties of the year on it that went to contributors in `from`, after collection, dollars.
    pub royalties: f64,
}

/// All lines so far.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// Finished and running years, in order.
    pub lines: Vec<Line>,
    regions: usize,
}

/// Words for what comes after the regions in [`Line::from`].
pub const OTHER_SOURCES: [&str; 2] = ["stock at the start", "robots"];

impl Receipt {
    /// An empty receipt.
    pub fn new(regions: usize) -> Self {
        Receipt { lines: Vec::new(), regions }
    }

    /// Are the lines whole years, each with every pair of places in its order, and all finite?
    pub fn is_sound(&self) -> bool {
        let sources = self.regions + OTHER_SOURCES.len();
        let is_in_place = |(place, line): (usize, &Line)| {
            let place = place % (sources * self.regions);
            let numbers = [line.hours, line.jobs, line.licence, line.royalties];
            (line.from, line.to) == (place / self.regions, place % self.regions)
                && numbers.iter().all(|n| n.is_finite())
        };
        self.lines.is_empty()
            || (self.regions > 0
                && self.lines.len().is_multiple_of(sources * self.regions)
                && self.lines.is_sorted_by_key(|line| line.year)
                && self.lines.iter().enumerate().all(is_in_place))
    }

    fn line(&mut self, year: i32, from: usize, to: usize) -> &mut Line {
        let sources = self.regions + OTHER_SOURCES.len();
        let is_new = self.lines.last().is_none_or(|last| last.year != year);
        if is_new {
            for from in 0..sources {
                for to in 0..self.regions {
                    self.lines.push(Line { year, from, to, ..Line::default() });
                }
            }
        }
        let first = self.lines.len() - sources * self.regions;
        &mut self.lines[first + from * self.regions + to]
    }
}

numbers! { labour: LabourParameters, sites: SiteParameters }

/// Writes this tick's part of the receipt.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn write_receipt(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    conditions: Conditions,
    markets: Res<Markets>,
    income: Res<LicenceIncome>,
    labs: Res<Labs>,
    sites: Query<(&Site, &Jobs)>,
    mut receipt: ResMut<Receipt>,
) {
    let regions = &conditions.regions;
    let count = regions.count();
    let year = clock.today().year();
    let weeks_in_year = crate::ground::units::WEEKS_PER_YEAR;
    // full-time equivalents absorbed by region and family
    let mut absorbed = vec![vec![0.0; Family::ALL.len()]; count];
    for (site, jobs) in &sites {
        let full_time = parameters.labour.weekly_hours[site.region].0 * parameters.sites.target_utilisation.0;
        for job in &jobs.0 {
            let more = (job.work.robot_hours - job.work.robot_hours_initial).max(0.0);
            absorbed[site.region][job.kind.family().index()] += more / full_time;
        }
    }
    let (owed, sources) = (owed(&labs.0, &markets, count), count + OTHER_SOURCES.len());
    for region in &regions.0 {
        let to = region.index;
        let shares = &conditions.of(to).1.licences.by_family;
        let licensing = labs.0.iter().flat_map(|lab| Family::ALL.iter().map(move |&family| (lab, family)));
        for (lab, family) in licensing.filter(|(lab, family)| shares[family.index()][lab.index] > 0.0) {
            let k = family.index();
            let jobs = shares[k][lab.index] * absorbed[to][k] * clock.weeks / weeks_in_year;
            let licence = Money(income.of(lab.index, family, to)).dollars();
            let place = lab.index * Family::COUNT + k;
            let mine = owed[place * sources..(place + 1) * sources].iter().enumerate();
            for (from, &[share, earning]) in mine.filter(|(_, [share, _])| *share > 0.0) {
                let line = receipt.line(year, from, to);
                line.jobs += jobs * share;
                line.licence += licence * share;
                if let Some(law) = in_force.law.get(from) {
                    let kept = 1.0 - law.royalty_collection_cost.0;
                    line.royalties += licence * earning * law.royalty_rate.0 * kept;
                }
            }
        }
        for lab in &labs.0 {
            let mine = shares.iter().map(|family| family[lab.index]).sum::<f64>() / shares.len() as f64;
            let taken_in = lab.intake.taken_in_from.iter().enumerate();
            for (from, &milli_hours) in taken_in.filter(|(_, hours)| **hours > 0 && mine > 0.0) {
                receipt.line(year, from, to).hours += mine * (milli_hours as f64 / 1e3);
            }
        }
    }
}

/// Shares of a model that are owed to each source, and the parts of them that still earn a royalty: lab by lab, family by
/// family, the same wherever the robots work.
fn owed(labs: &[Lab], markets: &Markets, regions: usize) -> Vec<[f64; 2]> {
    let earns = |market: &Market| share_of(market.recorded.claims as f64, market.recorded.hours as f64);
    let earning: Vec<f64> = markets.0.iter().map(earns).collect();
    let sources = regions + OTHER_SOURCES.len();
    let mut owed = vec![[0.0; 2]; labs.len() * Family::COUNT * sources];
    for (place, owed) in owed.chunks_exact_mut(sources).enumerate() {
        let (model, k) = (&labs[place / Family::COUNT].model, place % Family::COUNT);
        for ((market, &credit), &earning) in markets.0.iter().zip(&model.credit[k]).zip(&earning) {
            let of_region = &mut owed[market.region];
            of_region[0] += credit;
            // only hours that still earn are owed a royalty
            of_region[1] += credit * earning;
        }
        owed[regions][0] = model.uncredited[k];
        owed[regions + 1][0] = 1.0 - model.human_share[k];
    }
    owed
}
