//! Does a state hold together? Checksums say that a checkpoint is as somebody wrote it, not that a run did.
//!
//! The founding is done again, and a tick or two are simulated: whatever a run never changes must be as it is there,
//! entity by entity, and every list as long. What a run does change must agree with itself: rows with the sums that are
//! kept of them, money with the ledger, indices and ticks with what they point to.

use super::shape::{Fault, Shape};
use super::whole;
use crate::economy::adoption::Purchase;
use crate::economy::consent::{Answered, Stance};
use crate::economy::demand::TradeShares;
use crate::economy::demand::buyers::Buyers;
use crate::economy::policy::Clock;
use crate::economy::settlement::owners::Books;
use crate::economy::settlement::owners::{LabBooks, MakerBooks};
use crate::economy::settlement::royalties::Pools;
use crate::economy::settlement::takings::Takings;
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::Ledger;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::labs::Labs;
use crate::economy::world::lists::Occupation;
use crate::economy::world::makers::Makers;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::{
    Claim, Cohort, Employer, Hours, NEVER, NO_SITE, Scarred, Since, Skill, Status, Trained, WORKS, Wallet, Work,
};
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::Frontier;
use crate::economy::world::sites::{Fleet, Robots, Site, Staff};
use crate::economy::{Economy, Parameters};
use crate::ground::list::Listed;
use crate::observe::indicators::{Flows, Series};
use crate::observe::install;
use crate::observe::panel::{self, Panel};
use crate::observe::receipt::Receipt;
use bevy_ecs::prelude::*;

/// What a state of a scenario must be like at a tick.
pub(super) struct Pattern {
    shapes: Vec<Vec<Shape>>,
    /// How many entities there are of each kind, cohorts last.
    pub counts: Vec<usize>,
    panel: Option<Shape>,
}

impl Pattern {
    /// The pattern of a scenario's states before this tick.
    pub(super) fn of(parameters: &Parameters, tick: i32) -> Result<Pattern, Fault> {
        let mut economy = Economy::found(parameters, |world, schedule| {
            install(world, schedule);
            panel::install(world, schedule);
        });
        // lists that are empty at first have their length after a tick, those of records after one that counts
        let first = economy.tick();
        for lived in [(tick - 1).min(-1), 0] {
            if (first..tick).contains(&lived) {
                economy.set_clock(lived);
                // an identity that breaks here breaks in the run too, where it is said
                let _ = economy.step();
            }
        }
        let shapes = whole::shapes(&mut economy.world)?;
        let counts = whole::counts(&mut economy.world);
        let panel = economy.world.get_resource::<Panel>().map(super::shape::shape).transpose()?;
        Ok(Pattern { shapes, counts, panel })
    }

    /// Does a state have the pattern?
    pub(super) fn fits(&self, world: &mut World) -> Result<(), Fault> {
        let found = whole::shapes(world)?;
        for ((names, own), found) in whole::names().iter().zip(&self.shapes).zip(&found) {
            if let Some(place) = (0..own.len().max(found.len())).find(|&place| own.get(place) != found.get(place)) {
                return Err(Fault(format!("number {place} of {names} is not the one of this scenario")));
            }
        }
        let panel = world.get_resource::<Panel>().map(super::shape::shape).transpose()?;
        demand(panel.is_none() || panel == self.panel, || "the panel follows others".into())
    }
}

fn demand(holds: bool, words: impl FnOnce() -> String) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault(words())) }
}

/// Checks that what a run changes agrees with itself.
pub(super) fn check(economy: &mut Economy) -> Result<(), Fault> {
    let (tick, lived) = (economy.tick(), economy.lived());
    let world = &mut economy.world;
    let leak = world.resource::<Ledger>().audit().err();
    demand(leak.is_none(), || leak.map_or_else(String::new, |leak| format!("{}: {}", leak.identity, leak.place)))?;
    people(world, tick)?;
    sites(world, lived > 0)?;
    firms(world)?;
    robots(world, tick)?;
    orders(world)?;
    licences(world)?;
    records(world, tick)
}

/// What is added up of the rows of a market.
#[derive(Clone, Default, PartialEq, Eq)]
struct Sums {
    heads: [i64; 4],
    wallets: i128,
    claims: i128,
    hours: i128,
}

type Rows<'a> = (&'a Cohort, &'a Status, &'a Skill, &'a Employer, &'a Wallet, &'a Claim, &'a Hours);
type Ticks<'a> = (&'a Since, &'a Scarred, &'a Trained);

fn people(world: &mut World, tick: i32) -> Result<(), Fault> {
    let clock = world.resource::<Clock>();
    // nobody was displaced, and no course began, before the first tick
    let first = tick - i32::try_from(clock.lived()).unwrap_or(i32::MAX);
    for (since, scarred, trained) in world.query::<Ticks>().iter(world) {
        let is_past = |at: &i16| *at == NEVER || (first..=tick).contains(&i32::from(*at));
        let is_sound =
            since.0.iter().all(|&at| i32::from(at) <= tick) && scarred.0.iter().chain(&trained.0).all(is_past);
        demand(is_sound, || "something happened to a worker at a time that has not come".into())?;
    }
    let count = world.query::<&Site>().iter(world).count();
    let markets = world.resource::<Markets>().0.clone();
    let mut sums = vec![Sums::default(); markets.len()];
    let mut crews = vec![[(0_i64, 0_i64); Occupation::COUNT]; count];
    for (cohort, status, skill, employer, wallet, claim, hours) in world.query::<Rows>().iter(world) {
        let mine = &mut sums[cohort.market];
        for row in 0..status.0.len() {
            if status.0[row] != Work::Gone as u8 {
                let heads = mine.heads.get_mut(usize::from(status.0[row]));
                *heads.ok_or_else(|| Fault("a worker does what nobody can do".into()))? += 1;
            }
            mine.wallets += i128::from(wallet.0[row]);
            mine.claims += i128::from(claim.0[row]);
            mine.hours += i128::from(hours.0[row]);
            let (employer, site) = (employer.0[row], cohort.site(employer.0[row]));
            let is_one = usize::from(employer) < cohort.sites.1.max(1);
            let may_have_none = employer == NO_SITE && status.0[row] != WORKS[0] as u8;
            demand(is_one || may_have_none, || "a worker has an employer that is none".into())?;
            if status.0[row] == WORKS[0] as u8 {
                let crew = crews.get_mut(site).map(|crews| &mut crews[cohort.occupation.index()]);
                let crew = crew.ok_or_else(|| Fault("a worker has an employer that is none".into()))?;
                crew.0 += 1;
                crew.1 += i64::from(skill.0[row]);
            }
        }
    }
    let weights = world.resource::<Weights>();
    let ledger = world.resource::<Ledger>();
    for (market, sums) in markets.iter().zip(&sums) {
        let place = || format!("the workers of market {} in region {}", market.occupation, market.region);
        demand(sums.heads == market.heads, || format!("{} are not as many as were counted", place()))?;
        let is_same = sums.claims == market.recorded.claims && sums.hours == market.recorded.hours;
        demand(is_same, || format!("{} have recorded or claim other hours than were counted", place()))?;
        let held = i128::from(ledger.account(market.account).balance.0);
        let persons = i128::from(weights.persons(market.id()));
        demand(sums.wallets * persons == held, || format!("{} hold other money than the ledger says", place()))?;
        demand(is_sensible(market), || format!("of {} numbers are negative that cannot be", place()))?;
    }
    takings(world, count)?;
    staff(world, &crews)
}

fn is_sensible(market: &Market) -> bool {
    let counts = [
        market.flows.vacancies,
        market.flows.hires,
        market.flows.displaced,
        market.flows.laid_off,
        market.flows.dismissed,
        market.courses.enrolled,
    ];
    let totals = [market.flows.displaced_total, market.flows.reemployed_total];
    let agents = market.heads.iter().sum::<i64>();
    let rates = [market.unemployment, market.wage, market.reference_wage, market.courses.extra_places];
    counts.iter().all(|count| (0..=agents.saturating_mul(64)).contains(count))
        && totals.iter().all(|total| (0..=agents.saturating_mul(1 << 20)).contains(total))
        && rates.iter().all(|rate| (0.0..1e12).contains(rate))
        && market.unemployment <= 1.0
        && [market.recorded.credited, market.recorded.hours].iter().all(|hours| (0..1 << 90).contains(hours))
}

fn takings(world: &World, sites: usize) -> Result<(), Fault> {
    let is_sound = |takings: &Takings| takings.withheld.len() <= sites;
    demand(world.resource::<Takes>().markets.iter().all(is_sound), || "pay was withheld at a site that is none".into())
}

fn staff(world: &mut World, crews: &[[(i64, i64); Occupation::COUNT]]) -> Result<(), Fault> {
    for (site, staff) in world.query::<(&Site, &Staff)>().iter(world) {
        for (occupation, crew) in site.kind.occupations().iter().zip(&staff.0) {
            let counted = crews[site.index][occupation.index()];
            let place = || format!("the {} crew of site {}", occupation.name(), site.index);
            demand((crew.heads, crew.skill) == counted, || format!("{} is not as large as was counted", place()))?;
            let is_sound = crew.vacancies >= 0
                && crew.displaced >= 0
                && [crew.wanted, crew.expected].iter().all(|heads| (0.0..1e12).contains(heads));
            demand(is_sound, || format!("{} wants what no crew can", place()))?;
        }
    }
    Ok(())
}

fn sites(world: &mut World, has_lived: bool) -> Result<(), Fault> {
    let labs = world.resource::<Labs>().0.len();
    for (site, jobs, filming, stance) in world.query::<(&Site, &Jobs, &Filming, &Stance)>().iter(world) {
        let place = || format!("site {}", site.index);
        for job in &jobs.0 {
            let counts = [
                job.inflow.arrivals,
                job.inflow.backlog_before,
                job.work.backlog,
                job.work.attempts,
                job.work.by_robots,
                job.work.by_people,
            ];
            let is_sound = counts.iter().all(|count| (0..1 << 50).contains(count));
            demand(is_sound, || format!("{} has less than no jobs, or more than any", place()))?;
            let left = job.inflow.arrivals + job.inflow.backlog_before - job.work.by_robots - job.work.by_people;
            demand(!has_lived || left == job.work.backlog, || format!("{} has lost jobs", place()))?;
            let costs = [job.cost.unit, job.cost.by_hand, job.cost.by_robot, job.licence];
            let prices = [job.price, job.price_before, job.price_known, job.inflow.response];
            let base = [job.cost.base_jobs, job.cost.base_sum, job.inflow.saved.abs()];
            let is_sound = costs.iter().chain(&prices).all(|cost| (0.0..1e12).contains(cost))
                && base.iter().all(|sum| (0.0..1e18).contains(sum));
            demand(is_sound, || format!("{} has a cost or a price that none can have", place()))?;
        }
        let lab = [filming.lab, filming.recorded_for];
        demand(lab.iter().flatten().all(|&lab| lab < labs), || format!("{} films for a lab that is none", place()))?;
        let footage = &filming.footage;
        let of_site = [footage.filmed, footage.accepted, footage.pay, filming.in_violation];
        let of_crews = footage.by_crew.iter().flat_map(|crew| [crew.accepted_each, crew.pay_each, crew.agents]);
        let is_sound = of_site.into_iter().chain(of_crews).all(|count| (0..1 << 60).contains(&count))
            && (0.0..1e9).contains(&filming.offer);
        demand(is_sound, || format!("{} films as none can", place()))?;
        let appraisal = &filming.appraisal;
        let shares = appraisal.by_crew.iter().chain([&appraisal.appetite, &appraisal.news_left]);
        let mut taken = filming.sources.iter().flat_map(|source| &source.taken);
        let is_sound = shares.into_iter().all(|share| (0.0..=1.0).contains(share)) && taken.all(|&news| news >= 0.0);
        demand(is_sound, || format!("{} was seen more or less than can be", place()))?;
        let crews = site.kind.occupations().len();
        let knows = filming.footage.by_crew.len() <= crews && stance.by_crew.len() <= crews;
        demand(knows, || format!("{} films crews that it has not", place()))?;
        let answers = |crew: &Answered| (0..=crew.asked).contains(&crew.refusing);
        demand(stance.by_crew.iter().all(answers), || format!("{} has crews that refuse unasked", place()))?;
    }
    Ok(())
}

/// Most that a government hands back to a person in a tick, micro-dollars: a hundred thousand dollars.
const MOST_HANDED_BACK: i64 = 100_000_000_000;

/// Most that a firm spends in a week, dollars.
const MOST_SPENT: f64 = 1e11;

fn firms(world: &mut World) -> Result<(), Fault> {
    for region in &world.resource::<Regions>().0 {
        let is_sound = (0.0..1e3).contains(&region.demand_index)
            && (1e-3..1e6).contains(&region.output_per_hour)
            && region.earmarked.0 >= 0
            && (0..=MOST_HANDED_BACK).contains(&region.hand_back.0);
        demand(is_sound, || format!("region {} buys or hands back what none can", region.index))?;
    }
    for lab in &world.resource::<Labs>().0 {
        demand(lab.sites_at_start >= 1.0, || format!("no site films for {} at the start", lab.name))?;
        let (is_sum, share) = ([lab.burden.due, lab.burden.licences].iter().all(|sum| *sum >= 0.0), lab.burden.share);
        let is_sound = is_sum && (0.0..1.0 + 1e-6).contains(&share);
        demand(is_sound, || format!("{} owes more royalties than it has licences", lab.name))?;
    }
    let of_sites: Vec<&Books> = world.query::<&Books>().iter(world).collect();
    let (labs, makers) = (&world.resource::<LabBooks>().0, &world.resource::<MakerBooks>().0);
    for books in of_sites.into_iter().chain(labs).chain(makers) {
        demand((0.0..MOST_SPENT).contains(&books.cost), || format!("a firm spends {} dollars a week", books.cost))?;
    }
    let is_sound = world.resource::<TradeShares>().is_sound() && world.resource::<Buyers>().is_sound();
    demand(is_sound, || "trade has shares or prices that none can have".into())?;
    for maker in &world.resource::<Makers>().0 {
        let is_sound = maker.made > 0.0 && (0.0..1e9).contains(&maker.price);
        demand(is_sound, || format!("the maker of {} made less than nothing, or at no price", maker.class.name()))?;
        let book = &maker.orders;
        let counts = [book.placed, book.delivered, book.cancelled, book.waiting, maker.delivered];
        let is_sound = counts.iter().all(|count| (0..1 << 50).contains(count))
            && book.placed - book.delivered - book.cancelled == book.waiting
            && (0.0..1e12).contains(&maker.capacity)
            && (0.0..=1.0).contains(&maker.begun);
        demand(is_sound, || format!("the maker of {} has orders that do not add up", maker.class.name()))?;
    }
    demand(world.resource::<Pools>().is_sound(), || "a royalty fund would pay less than nothing".into())
}

fn robots(world: &mut World, tick: i32) -> Result<(), Fault> {
    for robots in world.query::<&Robots>().iter(world) {
        let rows = robots.serial.len();
        demand([robots.born.len(), robots.is_up.len()] == [rows; 2], || "a fleet has rows of two lengths".into())?;
        let is_sound = robots.born.iter().all(|&born| i32::from(born) <= tick)
            && robots.is_up.iter().all(|&up| up <= 1)
            && robots.serial.iter().all(|&serial| serial < robots.next_serial)
            && [robots.before, robots.delivered, robots.retired].iter().all(|count| (0..1 << 40).contains(count))
            && (0..=rows as i64).contains(&robots.up)
            && (0.0..1e6).contains(&robots.utilisation);
        demand(is_sound, || "a fleet has robots that nobody built".into())?;
    }
    Ok(())
}

fn orders(world: &mut World) -> Result<(), Fault> {
    let mut waiting: Vec<i64> = world.resource::<Makers>().0.iter().map(|maker| maker.orders.waiting).collect();
    for (fleet, purchase) in world.query::<(&Fleet, &Purchase)>().iter(world) {
        let orders = &purchase.orders;
        let counts = [orders.before, orders.placed, orders.cancelled, orders.waiting];
        let is_sound = counts.iter().all(|count| (0..1 << 40).contains(count));
        demand(is_sound, || format!("site {} waits for less than nothing", fleet.site))?;
        waiting[fleet.class.index()] -= orders.waiting;
    }
    demand(waiting.iter().all(|&left| left == 0), || "sites wait for other orders than makers have".into())
}

fn licences(world: &World) -> Result<(), Fault> {
    for (region, feasible) in world.resource::<Frontier>().0.iter().enumerate() {
        let licences = &feasible.licences;
        let is_whole = |shares: &Vec<f64>| {
            shares.iter().all(|share| (0.0..=1.0).contains(share)) && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6
        };
        let is_sound = [&licences.by_kind, &licences.by_class, &licences.by_family].into_iter().flatten().all(is_whole)
            && licences.licence.iter().all(|share| (0.0..=1.0).contains(share))
            && licences.rivals.iter().all(|rivals| (0.0..1e6).contains(rivals));
        demand(is_sound, || format!("labs license more or less than all robots in region {region}"))?;
    }
    Ok(())
}

fn records(world: &mut World, tick: i32) -> Result<(), Fault> {
    let sites = world.query::<&Site>().iter(world).count();
    let regions = world.resource::<Regions>().count();
    let series = world.resource::<Series>();
    let words = || "a record is of something that is none".to_owned();
    let is_sound = series.rows.iter().all(|row| {
        usize::from(row.region) < regions
            && usize::from(row.item) < series.items.len()
            && (0..tick).contains(&row.tick)
            && row.value.is_finite()
    });
    demand(is_sound && series.rows.is_sorted_by_key(|row| row.tick), words)?;
    let Flows { before, rows, .. } = world.resource::<Flows>();
    demand(before.is_sound(world.resource::<Clock>()), || {
        "more moved in the year before the start than can be".to_owned()
    })?;
    let is_sound = rows.iter().all(|row| (0..tick).contains(&row.0) && usize::from(row.2.max(row.3)) < regions);
    demand(is_sound && rows.is_sorted_by_key(|row| row.0), words)?;
    demand(world.resource::<Receipt>().is_sound(), words)?;
    demand(world.get_resource::<Panel>().is_none_or(|panel| panel.is_sound(tick, sites)), words)
}

#[cfg(test)]
mod tests {
    use super::super::hash::tests::{EXTREME, settled_scenario};
    use super::super::{Refused, resume, save};
    use crate::ground::backstop::backstop;

    #[test]
    fn whatever_one_number_says_the_state_is_refused_or_lived_with() {
        let (scenario, mut economy) = settled_scenario();
        let (mut tried, mut refused, mut failed) = (0, 0, Vec::new());
        EXTREME.set(true);
        super::super::state::tests::change_in_turn(&mut economy, |economy, what| {
            let mut bytes = Vec::new();
            // the head counts workers, which overflows where a market has more than there are numbers
            if backstop(|| save(&scenario, economy, &mut bytes).unwrap()).is_err() {
                return;
            }
            tried += 1;
            let lived = backstop(|| match resume(&scenario, &bytes[..]) {
                Err(Refused::Unsound(words)) if words.contains("panicked") => panic!("{words}"),
                Err(_) => refused += 1,
                Ok(mut economy) => (0..3).for_each(|_| drop(economy.step())),
            });
            failed.extend(lived.err().map(|words| format!("{what}: {words}")));
        });
        EXTREME.set(false);
        assert!(tried > 2_000 && refused > 1_000, "{tried} changes, {refused} refused");
        assert!(failed.is_empty(), "{} of {tried}:\n{}", failed.len(), failed.join("\n"));
    }
}
