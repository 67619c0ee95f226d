//! The whole state as one hash, so that two machines can compare a run in one line.

use crate::economy::adoption::{Maker, Purchase};
use crate::economy::capture::{Filming, Lab};
use crate::economy::consent::{Fear, Stance};
use crate::economy::learning::Feasible;
use crate::economy::people::{
    Claim, Cohort, Employer, Hours, Markets, Marks, Scarred, Since, Skill, Status, Trained, Wallet,
};
use crate::economy::policy::Clock;
use crate::economy::settlement::owners::Books;
use crate::economy::sites::{Fleet, Jobs, Robots, Site, Staff};
use crate::economy::{Economy, Region};
use crate::ground::ledger::Ledger;
use sha2::{Digest, Sha256};

struct Writer(Sha256);

impl Writer {
    fn int(&mut self, value: i64) {
        self.0.update(value.to_le_bytes());
    }
    fn long(&mut self, value: i128) {
        self.0.update(value.to_le_bytes());
    }
    fn float(&mut self, value: f64) {
        self.0.update(value.to_bits().to_le_bytes());
    }
    fn floats(&mut self, values: &[f64]) {
        values.iter().for_each(|&value| self.float(value));
    }
}

/// SHA-256 of every account, table and column: integers and floats little-endian, entities in the
/// order of their keys. Hexadecimal.
pub fn state_hash(economy: &mut Economy) -> String {
    let mut out = Writer(Sha256::new());
    let world = &mut economy.world;
    out.int(i64::from(world.resource::<Clock>().tick));
    for account in world.resource::<Ledger>().accounts() {
        out.int(account.balance.0);
    }
    for market in &world.resource::<Markets>().0 {
        market.heads.iter().for_each(|&heads| out.int(heads));
        out.floats(&[market.wage, market.unemployment, market.royalties_smoothed, market.extra_places]);
        out.int(market.displaced_total);
        out.int(market.reemployed_total);
        out.long(market.claims);
    }
    for (region, feasible) in world.query::<(&Region, &Feasible)>().iter(world) {
        out.floats(&[region.openness, region.demand_index, region.consumption, region.training_budget]);
        out.int(region.hand_back.0);
        out.floats(&feasible.share);
    }
    for (lab, books) in world.query::<(&Lab, &Books)>().iter(world) {
        lab.stock.iter().chain(&lab.robot_hours).for_each(|&hours| out.long(hours));
        out.floats(&lab.capability);
        out.float(books.cost);
        lab.revenue.iter().for_each(|&revenue| out.float(revenue));
    }
    for maker in world.query::<&Maker>().iter(world) {
        out.floats(&[maker.made, maker.price]);
    }
    hash_sites(world, &mut out);
    hash_workers(world, &mut out);
    out.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash_sites(world: &mut bevy_ecs::world::World, out: &mut Writer) {
    let mut sites = world.query::<(&Site, &Staff, &Jobs, &Fear, &Stance, &Filming, &Books)>();
    for (_, staff, jobs, fear, stance, filming, books) in sites.iter(world) {
        for crew in &staff.0 {
            [crew.heads, crew.skill, crew.vacancies, crew.displaced].iter().for_each(|&n| out.int(n));
            out.float(crew.wanted);
        }
        for job in &jobs.0 {
            [job.backlog, job.by_robots, job.by_people].iter().for_each(|&n| out.int(n));
            out.floats(&[job.price, job.unit_cost, job.unit_cost_initial]);
        }
        out.floats(&fear.0);
        [stance.asked, stance.refusing, i64::from(filming.films), books.losses].iter().for_each(|&n| out.int(n));
        out.floats(&[filming.offer, books.cost]);
    }
    let mut fleets = world.query::<(&Fleet, &Robots, &Purchase)>();
    for (_, robots, purchase) in fleets.iter(world) {
        robots.born.iter().for_each(|&born| out.int(i64::from(born)));
        out.0.update(&robots.is_up);
        out.floats(&[purchase.hazard, purchase.plan]);
    }
}

fn hash_workers(world: &mut bevy_ecs::world::World, out: &mut Writer) {
    let mut cohorts = world.query::<(
        &Cohort,
        &Status,
        &Marks,
        &Skill,
        &Wallet,
        &Employer,
        &Since,
        &Scarred,
        &Trained,
        &Hours,
        &Claim,
    )>();
    for (_, status, marks, skill, wallet, employer, since, scarred, trained, hours, claim) in cohorts.iter(world) {
        out.0.update(&status.0);
        out.0.update(&marks.0);
        wallet.0.iter().for_each(|value| out.0.update(value.to_le_bytes()));
        skill.0.iter().chain(&employer.0).for_each(|value| out.0.update(value.to_le_bytes()));
        for column in [&since.0, &scarred.0, &trained.0] {
            column.iter().for_each(|value| out.0.update(value.to_le_bytes()));
        }
        hours.0.iter().chain(&claim.0).for_each(|value| out.0.update(value.to_le_bytes()));
    }
}
