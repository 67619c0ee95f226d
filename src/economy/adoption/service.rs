//! Robots fail, are repaired, retire.
//!
//! Up or down is a chain of two states in continuous time, by the mean time between failures and the share of time up; a
//! robot retires when its life is over.
//!
//! Left out: robots that wear out sooner where they work more; spare parts.

use crate::economy::Luckbox;
use crate::economy::policy::Clock;
use crate::economy::shared::blocks;
use crate::economy::shared::streams::Stream;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::sites::{Fleet, Robots};
use crate::ground::maths;
use crate::ground::random::{Chance, Rows, share_draw};
use crate::wide;
use bevy_ecs::prelude::*;

/// Robots age, fail, are repaired, retire.
pub fn age_robots(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    robots: Res<RobotParameters>,
    mut fleets: Query<(&Fleet, &mut Robots)>,
) {
    let class = &robots.class;
    let up = robots.uptime.0;
    // two-state chain in continuous time: mean time up = MTBF, long-run share up = uptime
    let rate = 1.0 / (robots.time_between_failures.0 * (1.0 - up).max(1e-9));
    let settled = maths::hazard(rate, clock.weeks);
    let (fail, repair) = ((1.0 - up) * settled, up * settled);
    let chain = Chain { fails: share_draw(fail), is_repaired: share_draw(repair) };
    let chance = luck.0.at(Stream::Uptime, clock.tick);
    let rows: Vec<_> = fleets.iter_mut().filter(|(_, robots)| !robots.born.is_empty() || robots.before > 0).collect();
    blocks::over(rows, |(fleet, mut robots)| {
        let robots = &mut *robots;
        robots.before = robots.count();
        let oldest = wide!(serve(&chain, chance, fleet.keys, robots));
        let life = class[fleet.class].life.0 / clock.weeks;
        let retires = |born: i16| f64::from(clock.tick - i32::from(born)) >= life;
        if oldest.is_some_and(retires) {
            retire(robots, retires);
        }
        robots.retired = robots.before - robots.count();
        robots.delivered = 0;
    });
}

/// Draws of 53 bits below which a robot that was up fails, and one that was down is repaired.
struct Chain {
    fails: u64,
    is_repaired: u64,
}

/// Every robot of a fleet fails, is repaired or stays as it was; returns the tick in which the oldest was
/// delivered.
#[inline(always)]
fn serve(chain: &Chain, chance: Chance, keys: Rows, robots: &mut Robots) -> Option<i16> {
    let n = robots.is_up.len();
    let (born, serial, is_up) = (&robots.born[..n], &robots.serial[..n], &mut robots.is_up[..n]);
    let mut oldest = i16::MAX;
    for row in 0..n {
        let was_up = is_up[row] == 1;
        let limit = if was_up { chain.fails } else { chain.is_repaired };
        let changes = chance.share_bits(keys.row(u64::from(serial[row]))) < limit;
        is_up[row] = u8::from(was_up ^ changes);
        oldest = oldest.min(born[row]);
    }
    (n > 0).then_some(oldest)
}

/// Takes the robots out whose service is over; the others keep their order.
fn retire(robots: &mut Robots, retires: impl Fn(i16) -> bool) {
    let mut kept = 0;
    for row in 0..robots.born.len() {
        if retires(robots.born[row]) {
            continue;
        }
        robots.born[kept] = robots.born[row];
        robots.serial[kept] = robots.serial[row];
        robots.is_up[kept] = robots.is_up[row];
        kept += 1;
    }
    robots.born.truncate(kept);
    robots.serial.truncate(kept);
    robots.is_up.truncate(kept);
}
