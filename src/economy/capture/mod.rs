//! Filmed hours, the labs' budgets, the offer.
//!
//! A lab has B = B1 * its share + reinvest * mean licence revenue of the last 52 weeks to spend, hence
//! a target of B / (cost of a raw hour) raw hours. The cost is price * (1 + quality control), plus the
//! data levy and the export fee; where the site's fee and the pay of the filmed exceed the price, the lab pays those. Capacity is what the
//! consenting workers of its sites can record. Intensity = min(1, target / capacity). A filmed worker
//! records intensity * maximum hours, or the part of them that the lab wants of the crew (`buying.rs`); the yield of them
//! is accepted.
//!
//! When capacity is short, sites join with hazard j0 * (target / capacity - 1), at most 5 a year, and
//! offers rise towards the reservation price; when it is slack by half, sites leave at the hazard j0.
//! A joining site goes to one of the labs that collect in its region, in proportion to unmet need, and it may be that no
//! more are asked than the need calls for (`joining.rs`).
//!
//! Parts that a scenario may switch on, a file each: spending follows a path that begins before the start (`budget.rs`),
//! crews run out of news (`news.rs`), labs buy until it does not pay (`buying.rs`), the filmed share the rent (`pay.rs`).
//!
//! Left out: who holds the camera, the quality of a single recording, resale of footage.

mod budget;
mod buying;
mod deal;
mod joining;
mod news;
mod pay;
mod record;

pub use budget::{BudgetPath, hour_price, hours_at_start, price_now, raw_hour_cost, spending};
pub use buying::{BuyingParameters, appetite, mean_of_brought};
pub use news::{NewsParameters, in_hours as news_in_hours, left as news_left};
pub use pay::{PayParameters, bargained, share_of_rent};
pub use record::record_hours;

use super::Luckbox;
use super::consent::Stance;
use super::policy::{InForce, Regime, Today};
use crate::economy::shared::forms::{BuyingRule, PayRule, Recruiting};
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::streams::Stream;
use crate::economy::shared::weights::Weights;
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::SiteType;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::{MarketId, Markets};
use crate::economy::world::programme::{Appraisal, Filming, Recorded};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::list::Table;
use crate::ground::maths::{self, share_of};
use crate::ground::money::Money;
use crate::ground::numbers::floor;
use crate::ground::random::Chance;
use crate::ground::units::{Hours as HoursOf, HoursPerWeek, Rate, Share, Size, Span, Usd, UsdPerHour, UsdPerWeek};
use bevy_ecs::prelude::*;
use buying::Appraiser;
use deal::Deal;
use joining::{Applicant, Applicants};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters of the market for hours.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureParameters {
    /// Share of a region's factory workers whose factories film at the start.
    pub filming_at_start: crate::ground::by_region::ByRegion<Share>,
    /// Capture pay a site offers when it joins, by regime.
    pub first_offer: Table<Regime, UsdPerHour>,
    /// Reservation price, as a share of the hourly wage.
    pub reservation: Share,
    /// Part of the gap to the reservation price by which an offer rises.
    pub offer_step: Rate,
    /// Price of an accepted hour at the start.
    pub price: UsdPerHour,
    /// How fast the price falls.
    pub price_decline: Rate,
    /// Where it stops falling.
    pub price_floor: UsdPerHour,
    /// The site's part of the price.
    pub site_fee: Share,
    /// Quality control per dollar of price.
    pub quality_control: Size,
    /// Compute per dollar of price.
    pub compute: Size,
    /// Price of a camera.
    pub camera: Usd,
    /// Life of a camera.
    pub camera_life: Span,
    /// Most hours a worker records in a week.
    pub most_hours: HoursPerWeek,
    /// Accepted hours per raw hour.
    pub accepted: Share,
    /// B1: what all labs spend, beside what they reinvest.
    pub budget: UsdPerWeek,
    /// How that is reached.
    pub path: BudgetPath,
    /// How much there is to see in a crew.
    pub news: NewsParameters,
    /// How labs decide what to buy.
    pub buying: BuyingParameters,
    /// How offers move.
    pub pay: PayParameters,
    /// Share of licence revenue that labs spend on hours.
    pub reinvest: Share,
    /// j0: how fast sites join per unit of shortfall, and leave when there is slack.
    pub joining: Rate,
    /// Fastest joining.
    pub joining_most: Rate,
    /// How many sites are asked to join.
    pub recruiting: Recruiting,
    /// Output lost per filmed share of hours.
    pub drag: Share,
    /// What an hour teaches, by occupation.
    pub skill_weight: Table<Occupation, Size>,
    /// Raw hours that exist at the start and nobody is credited for.
    pub stock_at_start: HoursOf,
    /// From which occupations those come.
    pub stock_mix: Table<Occupation, Share>,
    /// Share of sites that stop filming within a week of a ban.
    pub compliance: Rate,
    /// The labs, by name.
    #[schemars(extend("x-declares" = "lab"))]
    pub labs: BTreeMap<String, LabParameters>,
}

/// A lab, as the scenario describes it.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LabParameters {
    /// Region it belongs to.
    #[schemars(extend("x-names" = "region"))]
    pub home: String,
    /// Share of the world's budget and of the initial stock.
    pub share: Share,
    /// Regions it licenses robots to.
    #[schemars(extend("x-names" = "region"))]
    pub licenses: Vec<String>,
    /// Regions it collects hours in.
    #[schemars(extend("x-names" = "region"))]
    pub collects: Vec<String>,
}

impl CaptureParameters {
    /// Does any rule ask what an hour is worth?
    pub fn values_hours(&self) -> bool {
        self.buying.rule == BuyingRule::Worth || self.pay.rule == PayRule::Rent
    }
}

/// What the consenting people of a lab's sites were offered, and the levies they stand for, in lots.
#[derive(Clone, Copy, Default)]
struct Offers {
    lots: f64,
    /// Sum over them of the pay on offer, dollars per raw hour.
    pay: f64,
    /// Sum over them of the levy, dollars per accepted hour.
    levy: f64,
}

numbers! { weights: Weights, capture: CaptureParameters }

impl Offers {
    /// So many more people, with what they are offered and the levy on it.
    fn add(&mut self, lots: f64, offer: f64, levy: f64) {
        self.lots += lots;
        self.pay += lots * offer;
        self.levy += lots * levy;
    }
}

/// Labs set targets and intensity from budget and capacity; sites know what each filmed worker records.
pub fn set_intensity(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    mut labs: ResMut<Labs>,
    mut sites: Query<(&Site, &Stance, &Staff, &mut Filming)>,
) {
    let capture = &parameters.capture;
    let most = capture.most_hours.0 * clock.weeks;
    let labs = &mut labs.0;
    let appraiser = Appraiser::of(capture, &parameters.weights, &clock);
    let mut offers = vec![Offers::default(); labs.len()];
    for (site, stance, staff, mut filming) in &mut sites {
        let law = &in_force.law[site.region];
        filming.appraisal = match filming.lab {
            Some(lab) if films(&in_force, site, &filming) => {
                let (offer, levy) = (filming.offer, law.due_on_hour(labs[lab].home != site.region));
                let appraisal = appraiser.appraise(&labs[lab], (site, staff, stance), &filming, offer, levy);
                let wanted = (0..).zip(&appraisal.by_crew).map(|(slot, part)| stance.consenting_of(slot) as f64 * part);
                offers[lab].add(wanted.sum(), offer, levy);
                appraisal
            }
            _ => Appraisal::default(),
        };
    }
    for (lab, offers) in labs.iter_mut().zip(&offers) {
        let (offer, levy) = (share_of(offers.pay, offers.lots), share_of(offers.levy, offers.lots));
        budget::aim(lab, capture, &clock, offer, levy);
        lab.wish.capacity = offers.lots * parameters.weights.lot() as f64 * most;
        lab.intake.taken_in = 0;
        lab.intake.taken_in_from.fill(0);
    }
    for (site, stance, _, mut filming) in &mut sites {
        let law = &in_force.law[site.region];
        filming.offer = filming.offer.max(if filming.films { law.least_capture_pay.0 } else { 0.0 });
        let runs = films(&in_force, site, &filming);
        let intensity = match filming.lab {
            Some(lab) if runs && (clock.has_started() || capture.path.films_before_start()) => {
                share_of(labs[lab].wish.target, labs[lab].wish.capacity).min(1.0)
            }
            _ => 0.0,
        };
        let in_violation = law.data_rights == Regime::Ban && runs;
        filming.begin_tick(capture, intensity * most, if in_violation { stance.consenting() } else { 0 });
    }
}

impl Filming {
    /// Films no more, for nobody, if so.
    fn end_if(&mut self, is_so: bool) {
        if is_so {
            (self.films, self.lab) = (false, None);
        }
    }

    /// Nothing is recorded yet; every filmed worker will record so many raw hours, or the part of them that the lab wants
    /// of the crew; `in_violation` of them against the law.
    fn begin_tick(&mut self, capture: &CaptureParameters, raw_hours: f64, in_violation: i64) {
        let footage = &mut self.footage;
        (footage.raw_hours, footage.filmed_in_full) = (raw_hours, 0.0);
        (footage.filmed, footage.accepted, footage.pay) = (0, 0, 0);
        for (crew, part) in footage.by_crew.iter_mut().zip(self.appraisal.by_crew) {
            let raw_hours = raw_hours * part;
            if raw_hours == 0.0 {
                *crew = Recorded::default();
                continue;
            }
            *crew = Recorded {
                raw_hours,
                accepted_each: floor(raw_hours * capture.accepted.0 * 1e3),
                pay_each: Money::from_dollars(self.offer * raw_hours).0,
                ..Recorded::default()
            };
        }
        (self.in_violation, self.filmed_share) = (in_violation, 0.0);
    }
}

/// Do cameras run at a site this tick? Not where work stands still.
fn films(in_force: &InForce, site: &Site, filming: &Filming) -> bool {
    filming.films && !in_force.stands_still(site.index)
}

/// Sites join, leave or comply; offers move.
pub fn adjust_programme(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    parameters: Numbers,
    labour: Res<LabourParameters>,
    markets: Res<Markets>,
    labs: Res<Labs>,
    mut sites: Query<(Entity, &Site, &Stance, &Staff, &mut Filming)>,
) {
    let (capture, weights, labs) = (&*parameters.capture, &*parameters.weights, &labs.0);
    let chance = luck.0.at(Stream::Programme, clock.tick);
    let search = Search {
        parameters: &parameters,
        labs,
        appraiser: Appraiser::of(capture, weights, &clock),
        chance: luck.0.at(Stream::ProgrammeLab, clock.tick),
        weeks: clock.weeks,
        needs: (0..in_force.law.len()).map(|region| joining::hazard(capture, &in_force.shocks, region, labs)).collect(),
    };
    let mut applicants = Applicants::new(labs.len());
    for (entity, site, stance, staff, mut filming) in &mut sites {
        if site.kind != SiteType::Factory || in_force.stands_still(site.index) {
            continue;
        }
        let law = &in_force.law[site.region];
        if law.data_rights == Regime::Ban {
            let ends = filming.films && chance.happens(site.key, maths::hazard(capture.compliance.0, clock.weeks));
            filming.end_if(ends);
            continue;
        }
        let mut deal = Deal { clock: &clock, capture, law, filming: &mut filming };
        if let (true, Some(lab)) = (deal.filming.films, deal.filming.lab) {
            let hourly = crew_wage(site, staff, &markets) / labour.weekly_hours[site.region].0;
            deal.move_offer(&labs[lab], capture.reservation.0 * hourly, stance.is_refused);
            let willing = stance.consenting() as f64 * weights.lot() as f64;
            let leaving = deal.leaving(&labs[lab], search.hours(willing, deal.filming.appraisal.appetite));
            filming.end_if(chance.happens(site.key, maths::hazard(leaving, clock.weeks)));
        } else if joining::is_open(capture, &clock) {
            applicants.extend(search.applicant(entity, (site, staff, stance), &deal));
        }
    }
    let rate = |applicant: &Applicant| applicants.rate(applicant, capture.recruiting, labs, clock.weeks);
    let joins = |applicant: &&Applicant| chance.happens(applicant.key, maths::hazard(rate(applicant), clock.weeks));
    for applicant in applicants.all().iter().filter(joins) {
        if let Ok((_, _, _, _, mut filming)) = sites.get_mut(applicant.site) {
            (filming.films, filming.lab, filming.offer) = (true, Some(applicant.lab), applicant.offer);
        }
    }
}

/// What labs that look for sites know.
struct Search<'a> {
    parameters: &'a Numbers<'a>,
    labs: &'a [Lab],
    appraiser: Appraiser<'a>,
    /// Which lab a site would film for.
    chance: Chance,
    weeks: f64,
    /// By region: how fast sites join, and for whom.
    needs: Vec<(f64, Vec<(usize, f64)>)>,
}

impl Search<'_> {
    /// Raw hours a tick that so many people could record, as far as a lab has an appetite for them.
    fn hours(&self, people: f64, appetite: f64) -> f64 {
        appetite * people * self.parameters.capture.most_hours.0 * self.weeks
    }

    /// A site outside the programme as one that could join, if any lab there is short of hours.
    fn applicant(&self, entity: Entity, who: (&Site, &Staff, &Stance), deal: &Deal) -> Option<Applicant> {
        let (site, staff, _) = who;
        let (joins, ref needs) = self.needs[site.region];
        if joins == 0.0 {
            return None;
        }
        let lab = joining::pick(needs, self.chance.share(site.key));
        let (law, offer) = (deal.law, deal.first_offer());
        let levy = law.due_on_hour(self.labs[lab].home != site.region);
        let fresh = self.appraiser.appraise(&self.labs[lab], who, deal.filming, offer, levy);
        let asked = law.programme_coverage.0 * people_at(site, staff, &self.parameters.weights);
        let (rate, hours) = (joins * fresh.appetite, self.hours(asked, fresh.appetite));
        Some(Applicant { site: entity, key: site.key, lab, offer, rate, hours })
    }
}

fn crew_wage(site: &Site, staff: &Staff, markets: &Markets) -> f64 {
    let occupations = site.kind.occupations();
    let market = |occupation: Occupation| &markets[MarketId::of(site.region, occupation)];
    let crews = || occupations.iter().zip(&staff.0).map(|(&o, crew)| (market(o).wage, crew.heads * market(o).lots));
    let sum: f64 = crews().map(|(wage, lots)| wage * lots as f64).sum();
    let lots: i64 = crews().map(|(_, lots)| lots).sum();
    if lots > 0 { sum / lots as f64 } else { market(occupations[0]).wage }
}

/// People who work at a site.
fn people_at(site: &Site, staff: &Staff, weights: &Weights) -> f64 {
    let crews = site.kind.occupations().iter().zip(&staff.0);
    crews.map(|(&occupation, crew)| crew.heads as f64 * weights.persons_of(site.region, occupation)).sum()
}

/// Output lost to filming: the part of a crew's output that the camera costs.
pub fn drag(capture_drag: Share, filmed_share: f64) -> f64 {
    (capture_drag.0 * filmed_share).min(1.0)
}
