//! bevy_ecs as its book shows it: an entity a worker, small components, a system with `iter_mut`; with the generator
//! that `rand` gives whoever does not choose, or with a faster one.

use crate::common::{BENEFIT, Book, CENT, GROUPS, HOURS, REVIEW, ROYALTY, Sums, generator, worker};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{Schedule, SingleThreadedExecutor};
use rand::{Rng, RngExt, SeedableRng};
use std::time::Instant;

#[derive(Component)]
struct Group(u8);
#[derive(Component)]
struct Skill(f32);
#[derive(Component)]
struct Wage(f32);
#[derive(Component)]
struct Employed(bool);
#[derive(Component)]
struct Consents(bool);
#[derive(Component)]
struct Data(f32);
#[derive(Component)]
struct Balance(i64);
#[derive(Component)]
struct Duration(u16);

#[derive(Resource)]
struct Luck<G: Rng + Send + Sync + 'static>(G);
#[derive(Resource)]
struct Accounts(Book);

#[allow(clippy::type_complexity)] // as the book writes a query
fn week<G: Rng + Send + Sync + 'static>(
    mut workers: Query<(&Group, &Skill, &Wage, &mut Employed, &mut Consents, &mut Data, &mut Balance, &mut Duration)>,
    mut luck: ResMut<Luck<G>>,
    mut accounts: ResMut<Accounts>,
) {
    let rates = accounts.0.rates();
    let mut sums = [Sums::default(); GROUPS];
    let luck = &mut luck.0;
    for (group, skill, wage, mut employed, mut consents, mut data, mut balance, mut duration) in &mut workers {
        let (rate, sum) = (&rates[usize::from(group.0)], &mut sums[usize::from(group.0)]);
        let mut income;
        if employed.0 {
            income = (wage.0 * skill.0 * 100.0 + 0.5) as i64 * CENT;
            sum.payroll += income;
            if consents.0 {
                data.0 += HOURS * skill.0;
            }
            if luck.random::<f32>() < rate.lose {
                employed.0 = false;
                duration.0 = 0;
            }
        } else {
            income = BENEFIT;
            sum.benefits += income;
            if luck.random::<f32>() < rate.find {
                employed.0 = true;
                duration.0 = 0;
            } else {
                duration.0 += 1;
            }
        }
        let royalty = (ROYALTY * data.0 + 0.5) as i64;
        income += royalty;
        balance.0 += income;
        if luck.random::<f32>() < (1.0 / REVIEW) as f32 {
            let odds = rate.consent + 0.4 * skill.0;
            consents.0 = luck.random::<f32>() < 1.0 / (1.0 + (-odds).exp());
        }
        sum.royalties += royalty;
        sum.data += f64::from(data.0);
        sum.employed += i64::from(employed.0);
        sum.unemployed += i64::from(!employed.0);
        sum.consenting += i64::from(consents.0);
    }
    accounts.0.close(sums);
}

pub fn run<G: Rng + SeedableRng + Send + Sync + 'static>(
    name: &str,
    workers: usize,
    ticks: usize,
) -> serde_json::Value {
    let mut world = World::new();
    let mut luck = generator(1);
    let mut first = [Sums::default(); GROUPS];
    for _ in 0..workers {
        let one = worker(&mut luck);
        first[usize::from(one.group)].employed += i64::from(one.employed);
        first[usize::from(one.group)].unemployed += i64::from(!one.employed);
        world.spawn((
            Group(one.group),
            Skill(one.skill),
            Wage(one.wage),
            Employed(one.employed),
            Consents(one.consents),
            Data(0.0),
            Balance(0),
            Duration(0),
        ));
    }
    world.insert_resource(Luck(G::seed_from_u64(2)));
    world.insert_resource(Accounts(Book::new(workers, first)));
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    schedule.add_systems(week::<G>);
    schedule.initialize(&mut world).expect("a schedule");
    let start = Instant::now();
    for _ in 0..ticks {
        schedule.run(&mut world);
    }
    let time = start.elapsed();
    let held = world.query::<&Balance>().iter(&world).map(|balance| i128::from(balance.0)).sum();
    world.resource::<Accounts>().0.report(name, time, held)
}
