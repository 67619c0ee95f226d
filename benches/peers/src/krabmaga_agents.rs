//! krABMaga as its guide shows it: an agent a worker, stepped by the schedule.

use crate::common::{
    BENEFIT, Book, CENT, GROUPS, Generator, HOURS, REVIEW, ROYALTY, Rates, Sums, Worker, generator, worker,
};
use krabmaga::engine::agent::Agent;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use rand::RngExt;
use std::any::Any;
use std::time::Instant;

#[derive(Clone)]
struct Person {
    about: Worker,
    data: f32,
    balance: i64,
    duration: u16,
}

struct Country {
    people: Vec<Person>,
    luck: Generator,
    book: Book,
    rates: [Rates; GROUPS],
    sums: [Sums; GROUPS],
    held: i128,
}

impl State for Country {
    fn init(&mut self, schedule: &mut Schedule) {
        for person in std::mem::take(&mut self.people) {
            schedule.schedule_repeating(Box::new(person), 0.0, 0);
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
    fn as_state(&self) -> &dyn State {
        self
    }
    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
    fn reset(&mut self) {}
    fn update(&mut self, _: u64) {}
    fn before_step(&mut self, _: &mut Schedule) {
        self.rates = self.book.rates();
        self.sums = [Sums::default(); GROUPS];
    }
    fn after_step(&mut self, _: &mut Schedule) {
        self.book.close(self.sums);
    }
}

impl Agent for Person {
    fn step(&mut self, state: &mut dyn State) {
        let country = state.as_any_mut().downcast_mut::<Country>().expect("our state");
        let group = usize::from(self.about.group);
        let (rate, sum, luck) = (&country.rates[group], &mut country.sums[group], &mut country.luck);
        let about = &mut self.about;
        let mut income;
        if about.employed {
            income = (about.wage * about.skill * 100.0 + 0.5) as i64 * CENT;
            sum.payroll += income;
            if about.consents {
                self.data += HOURS * about.skill;
            }
            if luck.random::<f32>() < rate.lose {
                (about.employed, self.duration) = (false, 0);
            }
        } else {
            income = BENEFIT;
            sum.benefits += income;
            if luck.random::<f32>() < rate.find {
                (about.employed, self.duration) = (true, 0);
            } else {
                self.duration += 1;
            }
        }
        let royalty = (ROYALTY * self.data + 0.5) as i64;
        income += royalty;
        self.balance += income;
        country.held += i128::from(income);
        if luck.random::<f32>() < (1.0 / REVIEW) as f32 {
            let odds = rate.consent + 0.4 * about.skill;
            about.consents = luck.random::<f32>() < 1.0 / (1.0 + (-odds).exp());
        }
        sum.royalties += royalty;
        sum.data += f64::from(self.data);
        sum.employed += i64::from(about.employed);
        sum.unemployed += i64::from(!about.employed);
        sum.consenting += i64::from(about.consents);
    }
}

pub fn run(workers: usize, ticks: usize) -> serde_json::Value {
    let mut luck = generator(1);
    let mut first = [Sums::default(); GROUPS];
    let mut people = Vec::with_capacity(workers);
    for _ in 0..workers {
        let about = worker(&mut luck);
        first[usize::from(about.group)].employed += i64::from(about.employed);
        first[usize::from(about.group)].unemployed += i64::from(!about.employed);
        people.push(Person { about, data: 0.0, balance: 0, duration: 0 });
    }
    let book = Book::new(workers, first);
    let rates = book.rates();
    let mut country = Country { people, luck, book, rates, sums: [Sums::default(); GROUPS], held: 0 };
    let mut schedule = Schedule::new();
    country.init(&mut schedule);
    let start = Instant::now();
    for _ in 0..ticks {
        schedule.step(&mut country);
    }
    let time = start.elapsed();
    let agents = schedule.get_all_events();
    let held =
        agents.iter().filter_map(|agent| agent.downcast_ref::<Person>()).map(|person| i128::from(person.balance));
    country.book.report("krABMaga", time, held.sum())
}
