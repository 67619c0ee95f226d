//! Regions, labs, makers and sites as entities, with accounts and fleets.

use super::plants::{CrewPlan, SitePlan};
use crate::economy::Parameters;
use crate::economy::adoption::{Purchase, deliveries::wright_price};
use crate::economy::capture::hours_at_start;
use crate::economy::consent::{Fear, Stance};
use crate::economy::policy::Clock;
use crate::economy::settlement::owners::Books;
use crate::economy::settlement::owners::{LabBooks, MakerBooks};
use crate::economy::shared::forms::Licensing;
use crate::economy::shared::streams::Stream;
use crate::economy::world::flows::{Ledger, Sector};
use crate::economy::world::jobs::Jobs;
use crate::economy::world::labs::{Burden, Intake, Lab, Labs, Model, Wish};
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Family, Kind, SiteType};
use crate::economy::world::makers::{Maker, Makers, OrderBook};
use crate::economy::world::markets::{Market, MarketId};
use crate::economy::world::people::NEVER;
use crate::economy::world::programme::{Filming, Footage, Recorded, Source};
use crate::economy::world::regions::Region;
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::{Feasible, Frontier, Licences};
use crate::economy::world::sites::{Crew, Fleet, Robots, Site, SiteTrait, Staff};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::money::Money;
use crate::ground::numbers::whole;
use crate::ground::random::{Chance, Luck};
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;

/// Quality hours of each lab at the start, by occupation: nobody is credited for them.
pub(super) fn first_stocks(parameters: &Parameters) -> Vec<Vec<f64>> {
    let capture = &parameters.capture;
    let of = |lab: &String| {
        let hours = hours_at_start(capture) * capture.accepted.0 * capture.labs[lab].share.0;
        Occupation::ALL.iter().map(|&o| hours * capture.stock_mix[o].0 * capture.skill_weight[o].0).collect()
    };
    parameters.labs.iter().map(of).collect()
}

/// Hours that the robots at work at the start have taught before it, by lab and family: those of a class fall evenly on
/// its kinds of jobs, and on the lab of a territory, or on all labs where they compete.
pub(super) fn first_robot_hours(parameters: &Parameters) -> Vec<Vec<f64>> {
    let (robots, learning) = (&parameters.robots, &parameters.learning);
    let mut taught = vec![vec![0.0; Family::COUNT]; parameters.labs.len()];
    for (region, &licensor) in parameters.licensor.iter().enumerate() {
        for &class in Class::ALL {
            let about = &robots.class[class];
            let worked = about.fleet_at_start[region].0 * robots.uptime.0 * about.supervised_hours.0;
            let hours = worked * learning.taught_before.0 * learning.robot_hours[class].0;
            let kinds: Vec<&Kind> = Kind::ALL.iter().filter(|kind| kind.class() == class).collect();
            let shares = match robots.licensing {
                Licensing::Territories => vec![(licensor, 1.0)],
                Licensing::Competition => (0..taught.len()).map(|lab| (lab, 1.0 / taught.len() as f64)).collect(),
            };
            for (kind, (lab, share)) in kinds.iter().flat_map(|kind| shares.iter().map(move |part| (kind, part))) {
                taught[*lab][kind.family().index()] += hours * share / kinds.len() as f64;
            }
        }
    }
    taught
}

pub(super) fn found_regions(
    parameters: &Parameters,
    markets: &[Market],
    plans: &[SitePlan],
    ledger: &mut Ledger,
) -> Regions {
    let lot = parameters.weights.lot();
    let mut regions = Vec::new();
    for (index, name) in parameters.regions.iter().enumerate() {
        let law = &parameters.first_law[index];
        let mine = || markets.iter().filter(|market| market.region == index);
        let bill = |market: &Market| market.wage * market.heads[0] as f64 * (market.lots * lot) as f64;
        let wages: f64 = mine().map(bill).sum();
        let revenue = wages * (law.income_tax.0 + law.payroll_tax.0);
        let government_start = Money::from_dollars(revenue * parameters.settlement.government_balance.0);
        let sales: f64 = plans.iter().filter(|plan| plan.region == index).map(|plan| plan.sales_per_week).sum();
        let rest_start = Money::from_dollars(sales * WEEKS_PER_YEAR);
        regions.push(Region {
            index,
            name: name.clone(),
            government: ledger.open(Sector::Government, index, government_start),
            rest: ledger.open(Sector::Rest, index, rest_start),
            government_start,
            rest_start,
            licensor: parameters.licensor[index],
            openness: parameters.robots.open_at_start[index].0,
            demand_index: 1.0,
            consumption: 0.0,
            output_per_hour: 1.0,
            consumption_base: 0.0,
            median_wage: median_wage(&mine().collect::<Vec<_>>()),
            earmarked: Money::ZERO,
            hand_back: Money::ZERO,
            training_budget: 0.0,
        });
    }
    Regions(regions)
}

/// What robots can do before anybody has learnt: nothing.
pub(super) fn first_frontier(parameters: &Parameters) -> Frontier {
    let of = |&licensor: &usize| Feasible {
        share: vec![0.0; Kind::COUNT],
        independence: vec![1.0; Family::COUNT],
        licences: Licences::of_one(licensor, parameters.labs.len(), parameters.robots.licence.0),
    };
    Frontier(parameters.licensor.iter().map(of).collect())
}

/// Wage below which half of the employed of a region work at the start.
pub(super) fn median_wage(markets: &[&Market]) -> f64 {
    let lots = |market: &&Market| (market.wage, market.heads[0] * market.lots);
    let mut sorted: Vec<_> = markets.iter().map(lots).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sorted.iter().map(|(_, heads)| heads).sum::<i64>() as f64 / 2.0;
    let mut below = 0.0;
    for (wage, heads) in &sorted {
        below += *heads as f64;
        if below >= half {
            return *wage;
        }
    }
    0.0
}

pub(super) fn found_labs(
    parameters: &Parameters,
    (stocks, taught): (&[Vec<f64>], &[Vec<f64>]),
    capability: &[Vec<f64>],
    plans: &[SitePlan],
    ledger: &mut Ledger,
) -> (Labs, LabBooks) {
    let (mut labs, mut books) = (Vec::new(), Vec::new());
    let markets = MarketId::count(parameters.regions.len());
    let place = |name: &String| parameters.region(name);
    for (index, name) in parameters.labs.iter().enumerate() {
        let about = &parameters.capture.labs[name];
        let home = place(&about.home);
        let spending = parameters.capture.budget.0 * about.share.0;
        let cash = Money::from_dollars(spending * parameters.settlement.lab_buffer.0);
        let filming = plans.iter().filter(|plan| plan.filming == Some(index)).count();
        labs.push(Lab {
            index,
            name: name.clone(),
            home,
            account: ledger.open(Sector::Lab, home, cash),
            fund: ledger.open(Sector::Fund, home, Money::ZERO),
            share: about.share.0,
            collects: about.collects.iter().map(place).collect(),
            intake: Intake {
                stock: vec![0; markets],
                top: vec![0; markets],
                recorded: vec![0; markets],
                stock_at_start: stocks[index].clone(),
                before_start: vec![0; Occupation::COUNT],
                taken_in: 0,
                taken_in_from: vec![0; parameters.regions.len()],
            },
            robot_hours: taught[index].iter().map(|&hours| i128::from(whole((hours * 1e3).round()))).collect(),
            sites_at_start: filming.max(1) as f64,
            revenue: std::collections::VecDeque::new(),
            revenue_at_start: 0.0,
            worth: vec![0.0; Occupation::COUNT],
            wish: Wish::default(),
            model: first_model(&capability[index], markets),
            burden: Burden::default(),
        });
        books.push(Books { cost: spending, ..Books::default() });
    }
    (Labs(labs), LabBooks(books))
}

/// What a lab has learnt before anything was recorded in so many markets.
fn first_model(capability: &[f64], markets: usize) -> Model {
    let families = Family::ALL.len();
    Model {
        capability: capability.to_vec(),
        capability_at_start: capability.to_vec(),
        effective: vec![0.0; families],
        effective_of_experts: vec![0.0; families],
        diversity: 1.0,
        human_share: vec![1.0; families],
        credit: vec![vec![0.0; markets]; families],
        uncredited: vec![1.0; families],
    }
}

pub(super) fn found_makers(parameters: &Parameters, ledger: &mut Ledger) -> (Makers, MakerBooks) {
    let (mut makers, mut books) = (Vec::new(), Vec::new());
    for &class in Class::ALL {
        let about = &parameters.robots.class[class];
        let home = parameters.region(&about.maker);
        let replaced: f64 =
            (0..parameters.regions.len()).map(|r| about.fleet_at_start[r].0).sum::<f64>() / about.life.0;
        let cost = replaced * about.price.0;
        let cash = Money::from_dollars(cost * parameters.sites.cash_buffer.0);
        makers.push(Maker {
            class,
            home,
            account: ledger.open(Sector::Maker, home, cash),
            made: about.ever_made.0,
            price: wright_price(about.price.0, about.price_floor.0, 1.0, 1.0, parameters.robots.learning_rate.0),
            capacity: about.capacity.0,
            begun: 0.0,
            delivered: 0,
            orders: OrderBook::default(),
        });
        books.push(Books { cost, ..Books::default() });
    }
    (Makers(makers), MakerBooks(books))
}

pub(super) fn spawn_sites(
    parameters: &Parameters,
    luck: &Luck,
    clock: &Clock,
    plans: Vec<SitePlan>,
    ledger: &mut Ledger,
    world: &mut World,
) {
    let traits = luck.at(Stream::SiteTraits, 0);
    for (index, plan) in plans.into_iter().enumerate() {
        let cash = Money::from_dollars(plan.cost_per_week * parameters.sites.cash_buffer.0);
        let account = ledger.open(Sector::Site, plan.region, cash);
        let fleets = spawn_fleets(parameters, luck, clock, &plan, index, world);
        let site = Site {
            index,
            key: plan.key,
            region: plan.region,
            kind: plan.kind,
            ordinal: plan.ordinal,
            is_organised: plan.is_organised,
            wage_level: plan.wage_level,
            operator: plan.operator,
            account,
            fleets,
        };
        let crews = first_crews(&plan, traits);
        let fear = Fear(vec![0.0; plan.crews.len()]);
        let books = Books { cost: plan.cost_per_week, ..Books::default() };
        let filming = first_camera(&plan, parameters);
        world.spawn((site, crews, Jobs(plan.jobs), fear, Stance::default(), filming, books));
    }
}

/// The crews of a site at the start.
fn first_crews(plan: &SitePlan, traits: Chance) -> Staff {
    let crew = |(&occupation, crew): (&Occupation, &CrewPlan)| Crew {
        heads: crew.heads,
        skill: crew.skill,
        wanted: crew.heads as f64,
        expected: crew.heads as f64,
        rounding: traits.share(plan.key.and(SiteTrait::Positions(occupation))),
        ..Crew::default()
    };
    Staff(plan.kind.occupations().iter().zip(&plan.crews).map(crew).collect())
}

/// The camera at a site at the start.
fn first_camera(plan: &SitePlan, parameters: &Parameters) -> Filming {
    let first_offer = parameters.capture.first_offer[parameters.first_law[plan.region].data_rights].0;
    Filming {
        films: plan.filming.is_some(),
        lab: plan.filming,
        offer: if plan.filming.is_some() { first_offer } else { 0.0 },
        footage: Footage { by_crew: vec![Recorded::default(); plan.crews.len()], ..Footage::default() },
        sources: first_sources(plan, parameters),
        ..Filming::default()
    }
}

/// What no lab has seen yet: the crews of a site that can be filmed.
fn first_sources(plan: &SitePlan, parameters: &Parameters) -> Vec<Source> {
    let source = |(crew, &occupation): (&CrewPlan, &Occupation)| Source {
        persons_at_start: crew.heads as f64 * parameters.weights.persons_of(plan.region, occupation),
        taken: vec![0.0; parameters.labs.len()],
    };
    let crews = plan.crews.iter().zip(plan.kind.occupations());
    if plan.kind == SiteType::Factory { crews.map(source).collect() } else { Vec::new() }
}

pub(super) fn spawn_fleets(
    parameters: &Parameters,
    luck: &Luck,
    clock: &Clock,
    plan: &SitePlan,
    site: usize,
    world: &mut World,
) -> Vec<Entity> {
    let traits = luck.at(Stream::SiteTraits, 0);
    let first = luck.at(Stream::FirstRobots, 0);
    let robots = &parameters.robots;
    let mut entities = Vec::new();
    for (fleet, &class) in plan.fleets.iter().zip(plan.kind.classes()) {
        let keys = Fleet::keys_of(plan.key, class);
        let youngest = traits.share(plan.key.and(SiteTrait::Ages(class)));
        let life = robots.class[class].life.0 / clock.weeks;
        let count = fleet.robots;
        let mut rows = Robots::default();
        for serial in 0..u32::try_from(count).expect("the robots of a site fit 32 bits") {
            // ages are spread evenly over a life, so that as many retire every week
            let age = (f64::from(serial) + youngest) / count as f64 * life;
            rows.born.push(i16::try_from(i64::from(clock.tick) - whole(age.floor())).unwrap_or(NEVER + 1));
            rows.is_up.push(u8::from(first.happens(keys.row(u64::from(serial)), robots.uptime.0)));
            rows.serial.push(serial);
        }
        rows.next_serial = rows.serial.len() as u32;
        rows.before = count;
        rows.up = rows.count_up();
        let purchase = Purchase {
            threshold: -maths::ln(1.0 - fleet.aware),
            hurdle: robots.hurdle_factor[plan.region].0 * robots.hurdle.0 / WEEKS_PER_YEAR
                * maths::exp(robots.hurdle_sigma.0 * maths::normal_quantile(fleet.hurdle)),
            plan: count as f64,
            rounding: traits.share(plan.key.and(SiteTrait::Orders(class))),
            has_adopted: count > 0,
            ..Purchase::default()
        };
        entities.push(world.spawn((Fleet { site, class, region: plan.region, keys }, rows, purchase)).id());
    }
    entities
}
