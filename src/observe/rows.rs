//! One worker among the columns: a name, a place, a row.

use crate::economy::Parameters;
use crate::economy::settlement::payslip::{Payslip, Standing};
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::scars::Scars;
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::{MarketId, Markets};
use crate::economy::world::people::{COHORT_ROWS, Cohort, Columns, ColumnsItem, Work};
use crate::economy::world::programme::{Filming, MOST_CREWS};
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Operators;
use crate::economy::world::sites::Site;
use crate::ground::list::Listed;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Copies a row out of the columns of its cohort.
pub fn standing(columns: &ColumnsItem, row: usize) -> Standing {
    let ColumnsItem { status, marks, skill, employer, since, entered, scarred, trained, hours, claim, wallet, .. } =
        columns;
    Standing {
        work: Work::of(status.0[row]),
        marks: marks.0[row],
        skill: skill.0[row],
        employer: employer.0[row],
        since: since.0[row],
        entered: entered.0[row],
        scarred: scarred.0[row],
        trained: trained.0[row],
        hours: hours.0[row],
        claim: claim.0[row],
        wallet: wallet.0[row],
    }
}

/// What anybody's payslip of the tick is read from.
#[derive(SystemParam)]
pub struct Payroll<'w, 's> {
    /// What each market's people share.
    pub takes: Res<'w, Takes>,
    /// What displacement leaves of pay.
    pub scars: Res<'w, Scars>,
    filming: Query<'w, 's, &'static Filming>,
}

impl Payroll<'_, '_> {
    /// The payslip of whoever stands so in a cohort.
    pub fn open(&self) -> impl Fn(&Cohort, &Standing) -> Payslip + Sync {
        let crews = |filming: &Filming| std::array::from_fn(|slot| filming.pay_each(slot));
        let capture: Vec<[i64; MOST_CREWS]> = self.filming.iter().map(crews).collect();
        let (takes, scars) = (&*self.takes, &*self.scars);
        move |cohort, standing| {
            let (site, scars) = (cohort.site(standing.employer), scars.of(cohort.region));
            takes.terms[cohort.market].payslip(
                scars,
                standing,
                capture.get(site).map_or(0, |crews| crews[cohort.occupation.slot()]),
            )
        }
    }
}

/// A worker's name: region, occupation, ordinal. Written "IND/assembler/10427".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkerId {
    /// Region index.
    pub region: usize,
    /// Occupation.
    pub occupation: Occupation,
    /// Ordinal among the workers of the region and occupation.
    pub ordinal: u32,
}

crate::said! {
    /// Why words name no worker: which part is wrong, and what there is instead.
    NoWorker
}

impl WorkerId {
    /// Reads a name; the ordinal is checked against the population by [`WorkerId::check`].
    ///
    /// # Errors
    /// Which part is wrong, and what it could be.
    pub fn parse(text: &str, parameters: &Parameters) -> Result<WorkerId, NoWorker> {
        let parts: Vec<&str> = text.split('/').collect();
        let [region, occupation, ordinal] = parts[..] else {
            return Err(NoWorker(format!(
                "{text:?} is not the name of a worker; write REGION/OCCUPATION/NUMBER, for example \"{}/assembler/12\"",
                parameters.regions[0]
            )));
        };
        let ordinal = ordinal.parse().map_err(|_| {
            NoWorker(format!("{text:?}: {ordinal:?} is not the number of a worker; write a whole number from 0 on"))
        })?;
        Ok(WorkerId { region: region_index(region, parameters)?, occupation: occupation_of(occupation)?, ordinal })
    }

    /// Demands that the population has such a worker.
    ///
    /// # Errors
    /// The numbers that are there.
    pub fn check(&self, markets: &Markets, parameters: &Parameters) -> Result<(), NoWorker> {
        let people: i64 = markets.0[self.market()].heads.iter().sum();
        if i64::from(self.ordinal) < people {
            return Ok(());
        }
        let (name, each) =
            (self.name(&parameters.regions), parameters.weights.persons_of(self.region, self.occupation));
        let kind = format!("{}/{}", parameters.regions[self.region], self.occupation.name());
        Err(NoWorker(if people == 0 {
            format!("there is no worker {name}: at {each} persons an agent nobody is a {kind}")
        } else {
            format!(
                "there is no worker {name}: at {each} persons an agent the workers of {kind} are numbered 0 to {}",
                people - 1
            )
        }))
    }

    /// Labour market of the worker.
    pub fn market(&self) -> usize {
        MarketId::of(self.region, self.occupation).index()
    }

    /// Row within the cohort, if it is this one.
    pub fn row_in(&self, cohort: &Cohort) -> Option<usize> {
        let is_mine = cohort.market == self.market() && self.ordinal >= cohort.first;
        let row = self.ordinal.checked_sub(cohort.first)? as usize;
        (is_mine && row < COHORT_ROWS).then_some(row)
    }

    /// The columns of the worker's cohort and the row in them, if there is such a worker.
    pub fn find<'a>(&self, cohorts: &'a Query<Columns>) -> Option<(ColumnsItem<'a, 'a>, usize)> {
        cohorts.iter().find_map(|columns| {
            let row = self.row_in(columns.cohort)?;
            Some((columns, row))
        })
    }

    /// The name in words, in a world whose regions have these names.
    pub fn name(&self, regions: &[String]) -> String {
        format!("{}/{}/{}", regions[self.region], self.occupation.name(), self.ordinal)
    }
}

/// Index of a region's name.
///
/// # Errors
/// The regions there are, and the nearest of them.
pub fn region_index(name: &str, parameters: &Parameters) -> Result<usize, NoWorker> {
    let regions = &parameters.regions;
    regions.iter().position(|known| known == name).ok_or_else(|| {
        let nearest = regions.iter().min_by_key(|known| strsim::osa_distance(known, &name.to_uppercase()));
        let nearest = nearest.map_or("", String::as_str);
        let known = regions.join(", ");
        NoWorker(format!("there is no region {name:?}; did you mean {nearest:?}? The regions are {known}"))
    })
}

/// The occupation of a word.
///
/// # Errors
/// The occupations there are, and the nearest of them.
pub fn occupation_of(word: &str) -> Result<Occupation, NoWorker> {
    let all = Occupation::ALL;
    all.iter().find(|occupation| occupation.name() == word).copied().ok_or_else(|| {
        let nearest = all.iter().min_by_key(|known| strsim::osa_distance(known.name(), word));
        let nearest = nearest.map_or("", |known| known.name());
        let names: Vec<&str> = all.iter().map(|known| known.name()).collect();
        let known = names.join(", ");
        NoWorker(format!("there is no occupation {word:?}; did you mean {nearest:?}? The occupations are {known}"))
    })
}

/// Where a worker is employed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workplace {
    /// Name of the site: "IND/factory/12".
    pub name: String,
    /// Regular contracts, or gig and informal work.
    pub is_organised: bool,
    /// The named firm it belongs to, if any.
    pub operator: Option<String>,
}

impl Workplace {
    /// The site in words.
    pub fn of(site: &Site, regions: &Regions, operators: &Operators) -> Workplace {
        Workplace {
            name: format!("{}/{}/{}", regions[site.region].name, site.kind.name(), site.ordinal),
            is_organised: site.is_organised,
            operator: site.operator.map(|index| operators.0[index].name.clone()),
        }
    }
}

impl fmt::Display for Workplace {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)?;
        self.operator.as_ref().map_or(Ok(()), |operator| write!(f, " ({operator})"))
    }
}
