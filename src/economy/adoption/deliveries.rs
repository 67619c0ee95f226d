//! How many robots makers deliver, who waits for them, and what makers learn.
//!
//! Orders go into the book of the class's makers. Without limits (`deliveries = "at_once"`) the whole book is delivered in
//! the tick in which it is ordered. With them (`"by_capacity"`) makers deliver no faster than they can make, and no order
//! comes at once: of B robots in the book, in a tick of t years,
//!
//! ```text
//! ripe        = B (1 - e^(-t / delivery time))
//! delivered   = min(capacity t, ripe)
//! capacity'   = min(ripe / t, capacity + max(capacity ((1 + growth)^t - 1), step t)), and no less than capacity
//! P           = max(floor, P0 (Q/Q0)^log2(1 - b))                   Q: ever delivered, Q0: at the start
//! ```
//!
//! A capacity that nothing binds lets an order wait for the delivery time on average; one that binds makes the book longer.
//! Deliveries are shared out by need: every site has the same part of what it waits for. What is made is counted in whole
//! robot agents; the part of one that is begun is kept, so that nothing drifts, and a draw a tick decides which sites have
//! the odd ones, so that none is favoured. Robots are paid for when they come, at the price of that week, and price falls
//! with what was delivered: where capacity binds it falls no faster than robots are made.
//!
//! Left out: buyers outside the model, who use part of what is made today; capacity that is closed again; a price that
//! rises with the book; regions that are served first; how fast a site takes in what comes at once.
//! Sources: Wright 1936; capacity as it is today and how fast it grew: IFR World Robotics 2025, makers' figures for vans.

use super::{Numbers, Purchase};
use crate::economy::Luckbox;
use crate::economy::policy::Clock;
use crate::economy::shared::forms::Deliveries;
use crate::economy::shared::streams::Stream;
use crate::economy::world::makers::{Maker, Makers, OrderBook};
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::sites::{Fleet, Robots};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::numbers::whole;
use crate::ground::random::Key;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// P: price by Wright's law.
pub fn wright_price(initial: f64, floor: f64, made: f64, made_initial: f64, learning_rate: f64) -> f64 {
    (initial * maths::pow(made / made_initial, maths::log2(1.0 - learning_rate))).max(floor)
}

/// Of what waits, the part whose time has come in a tick. Length of the tick and delivery time in weeks.
pub fn ripe(waiting: f64, weeks: f64, delivery_time: f64) -> f64 {
    waiting * maths::hazard(1.0 / delivery_time, weeks)
}

/// Capacity after a tick of so many years, robots a year: towards what is wanted, by at most the larger of a share of
/// itself a year and a step a year, never down.
pub fn next_capacity(capacity: f64, wanted: f64, growth: f64, step: f64, years: f64) -> f64 {
    let more = (capacity * (maths::pow(1.0 + growth, years) - 1.0)).max(step * years);
    wanted.min(capacity + more).max(capacity)
}

/// What a fleet has ordered and has not got, robot agents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// Waiting at the start of the tick.
    pub before: i64,
    /// Ordered in this tick.
    pub placed: i64,
    /// Given up in this tick.
    pub cancelled: i64,
    /// Waiting now.
    pub waiting: i64,
}

impl Orders {
    /// So many are lacking: what does not wait yet is ordered, what waits beyond it is given up.
    pub(super) fn place(&mut self, lacking: i64, book: &mut OrderBook) {
        self.before = self.waiting;
        self.placed = (lacking - self.waiting).max(0);
        self.cancelled = (self.waiting - lacking).max(0);
        self.waiting = lacking;
        book.placed += self.placed;
        book.cancelled += self.cancelled;
        book.waiting += self.placed - self.cancelled;
    }
}

/// Makers deliver, grow and learn.
pub fn deliver_robots(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    parameters: Numbers,
    mut makers: ResMut<Makers>,
    mut fleets: Query<(&Fleet, &mut Robots, &mut Purchase)>,
) {
    let per_agent = parameters.run.robots_per_agent.0;
    let chance = luck.0.at(Stream::Deliveries, clock.tick);
    let mut rounds = [Round::default(); 4];
    for maker in &mut makers.0 {
        let due = maker.due(&parameters.robots, &clock, per_agent);
        let draw = chance.share(Key::named("deliveries").and(maker.class));
        rounds[maker.class.index()] = Round::of(due, maker.orders.waiting, draw);
        maker.grow(&parameters.robots, &clock, per_agent);
    }
    for (fleet, mut rows, mut purchase) in &mut fleets {
        let part = rounds[fleet.class.index()].part_of(purchase.orders.waiting);
        purchase.orders.waiting -= part;
        rows.deliver(part, clock.row_tick());
    }
    for maker in &mut makers.0 {
        let delivered = rounds[maker.class.index()].due;
        maker.orders.waiting -= delivered;
        maker.orders.delivered += delivered;
        maker.delivered = delivered;
        let made = if clock.is_frozen { 0 } else { delivered };
        maker.learn(&parameters.robots, made as f64 * per_agent, &clock);
    }
}

impl Maker {
    /// Robot agents to deliver in this tick.
    fn due(&mut self, robots: &RobotParameters, clock: &Clock, per_agent: f64) -> i64 {
        // where technology stands still, what retired is replaced at once
        if robots.deliveries == Deliveries::AtOnce || clock.is_frozen {
            return self.orders.waiting;
        }
        let capacity = self.capacity / per_agent * clock.weeks / WEEKS_PER_YEAR;
        self.finish(capacity.min(ripe(self.orders.waiting as f64, clock.weeks, robots.delivery_time.0)))
    }

    /// Whole agents of `more` and what was begun before; the part of one that is left stays begun.
    fn finish(&mut self, more: f64) -> i64 {
        let made = self.begun + more;
        let finished = whole(made.floor()).min(self.orders.waiting);
        // a class of which nobody waits has nothing begun
        self.begun = if self.orders.waiting > 0 { (made - finished as f64).min(1.0) } else { 0.0 };
        finished
    }

    /// Capacity follows the book as it stood before the deliveries of this tick.
    fn grow(&mut self, robots: &RobotParameters, clock: &Clock, per_agent: f64) {
        if robots.deliveries == Deliveries::AtOnce || clock.is_frozen {
            return;
        }
        let years = clock.weeks / WEEKS_PER_YEAR;
        let wanted = ripe(self.orders.waiting as f64, clock.weeks, robots.delivery_time.0) * per_agent / years;
        let growth = robots.capacity_growth.0 * WEEKS_PER_YEAR;
        let step = robots.class[self.class].capacity_step.0;
        self.capacity = next_capacity(self.capacity, wanted, growth, step, years);
    }

    /// So many more robots made, and the price they lead to, or the one that is given.
    fn learn(&mut self, robots: &RobotParameters, made: f64, clock: &Clock) {
        self.made += made;
        let class = &robots.class[self.class];
        let (price, floor) = (class.price.0, class.price_floor.0);
        self.price = match &class.price_path {
            Some(path) => price * path.index(clock.first_and_today()),
            None => wright_price(price, floor, self.made, class.ever_made.0, robots.learning_rate.0),
        };
    }
}

impl Robots {
    /// So many new robots come, and are up.
    fn deliver(&mut self, order: i64, now: i16) {
        for _ in 0..order {
            self.born.push(now);
            self.is_up.push(1);
            self.serial.push(self.next_serial);
            self.next_serial += 1;
        }
        self.delivered = order;
        self.up = self.count_up();
    }
}

/// The deliveries of a class in a tick, shared out one fleet after the other.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    /// Robot agents to deliver, of so many that are waited for.
    due: i64,
    waiting: i64,
    /// Where the whole numbers begin, 0 to `waiting` - 1.
    offset: i64,
    /// Waited for by the fleets that had their turn, and given to them.
    seen: i64,
    given: i64,
}

impl Round {
    /// `draw` in [0, 1) decides who gets the odd ones.
    fn of(due: i64, waiting: i64, draw: f64) -> Round {
        Round { due, waiting, offset: whole((draw * waiting as f64).floor()), ..Round::default() }
    }

    /// What the next fleet gets of the orders it waits for: its share, rounded so that all get what is due together.
    fn part_of(&mut self, waiting: i64) -> i64 {
        if waiting == 0 {
            return 0;
        }
        self.seen += waiting;
        let wide = i128::from(self.due) * i128::from(self.seen) + i128::from(self.offset);
        let upto = i64::try_from(wide / i128::from(self.waiting)).expect("no more than is due");
        let part = upto - self.given;
        self.given = upto;
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::lists::Class;
    use crate::ground::ledger::AccountId;

    fn maker(waiting: i64) -> Maker {
        Maker {
            class: Class::Amr,
            home: 0,
            account: AccountId(0),
            made: 1.0,
            price: 1.0,
            capacity: 0.0,
            begun: 0.0,
            delivered: 0,
            orders: OrderBook { waiting, placed: waiting, ..OrderBook::default() },
        }
    }

    #[test]
    fn two_doublings_at_twenty_per_cent_leave_sixty_four() {
        assert!((wright_price(100.0, 10.0, 4.0, 1.0, 0.2) - 64.0).abs() < 1e-9);
        assert_eq!(wright_price(100.0, 80.0, 4.0, 1.0, 0.2), 80.0);
    }

    #[test]
    fn new_robots_are_up_and_have_the_next_numbers() {
        let mut fleet = Robots::default();
        fleet.deliver(2, 7);
        assert_eq!((fleet.count(), fleet.delivered, fleet.up, fleet.serial), (2, 2, 2, vec![0, 1]));
    }

    #[test]
    fn what_waits_ripens_whatever_the_length_of_a_tick() {
        // 13 weeks, one of them: 1 - e^(-1/13) = 0.074039 of 1,000
        assert!((ripe(1_000.0, 1.0, 13.0) - 74.039).abs() < 1e-3);
        // four weeks at once, or one after the other
        let left = (0..4).fold(1_000.0, |left, _| left - ripe(left, 1.0, 13.0));
        assert!((ripe(1_000.0, 4.0, 13.0) - (1_000.0 - left)).abs() < 1e-9);
        // without a delivery time all that is ordered comes
        assert_eq!(ripe(1_000.0, 1.0, 0.0), 1_000.0);
    }

    #[test]
    fn capacity_grows_by_the_larger_of_a_share_and_a_step_and_only_if_it_is_wanted() {
        // a year: 40 % of 540,000 is 216,000; of 5,000 it is 2,000, and the step of 11,000 is more
        assert!((next_capacity(540_000.0, 1e9, 0.4, 11_000.0, 1.0) - 756_000.0).abs() < 1e-6);
        assert!((next_capacity(5_000.0, 1e9, 0.4, 11_000.0, 1.0) - 16_000.0).abs() < 1e-6);
        assert_eq!(next_capacity(5_000.0, 6_000.0, 0.4, 11_000.0, 1.0), 6_000.0);
        assert_eq!(next_capacity(5_000.0, 0.0, 0.4, 11_000.0, 1.0), 5_000.0);
        // 52 weeks make a year
        let weekly = (0..52).fold(540_000.0, |c, _| next_capacity(c, 1e9, 0.4, 0.0, 1.0 / 52.0));
        assert!((weekly - 756_000.0).abs() < 1e-6, "{weekly}");
    }

    /// The book after so many ticks of constant demand, robot agents, and how many were delivered.
    fn book_after(ticks: i32, demand: i64, capacity: f64, delivery_time: f64) -> (i64, i64) {
        let (mut maker, mut orders) = (maker(0), Orders::default());
        for _ in 0..ticks {
            let lacking = orders.waiting + demand;
            orders.place(lacking, &mut maker.orders);
            let due = maker.finish(capacity.min(ripe(maker.orders.waiting as f64, 1.0, delivery_time)));
            orders.waiting -= due;
            maker.orders.waiting -= due;
            maker.orders.delivered += due;
        }
        let book = maker.orders;
        assert_eq!(orders.waiting, book.waiting);
        assert_eq!(book.placed, book.delivered + book.waiting + book.cancelled);
        (book.waiting, book.delivered)
    }

    #[test]
    fn under_constant_demand_the_book_is_what_the_closed_form_says() {
        // 10 ordered a week and 7.5 made: after 400 weeks 3,000 are delivered and 1,000 wait
        assert_eq!(book_after(400, 10, 7.5, 0.0), (1_000, 3_000));
        // enough capacity: what is left after a delivery obeys B = (B + d) e^(-1/13), so B = d / (e^(1/13) - 1), which is
        // 100 / 0.079959 = 1,250.6, and an order waits B / d = 12.5 weeks, half a tick less than 13
        let (waiting, delivered) = book_after(2_000, 100, 1e9, 13.0);
        assert!((waiting - 1_251).abs() <= 1, "{waiting}");
        assert_eq!(waiting + delivered, 200_000);
        // one agent a tick, and a third of one made: nothing drifts
        assert_eq!(book_after(3_000, 1, 1.0 / 3.0, 1.0).1, 1_000);
    }

    #[test]
    fn deliveries_are_shared_out_by_need_to_the_last_agent() {
        // 10 of 40 are due: a quarter of what each waits for
        let needs = [4, 0, 8, 1, 27];
        let mut mean = [0.0; 5];
        for draw in 0..1_000 {
            let mut round = Round::of(10, 40, f64::from(draw) / 1e3);
            let parts = needs.map(|need| round.part_of(need));
            assert_eq!(parts.iter().sum::<i64>(), 10);
            assert!(parts.iter().zip(needs).all(|(part, need)| (0..=need).contains(part)));
            (0..5).for_each(|n| mean[n] += parts[n] as f64 / 1e3);
        }
        for (mean, need) in mean.iter().zip(needs) {
            assert!((mean - need as f64 / 4.0).abs() < 0.02, "{mean} of {need}");
        }
        // all of them, whatever the draw
        let mut round = Round::of(40, 40, 0.9);
        assert_eq!(needs.map(|need| round.part_of(need)), needs);
    }

    #[test]
    fn a_plan_that_falls_cancels_what_waits() {
        let (mut book, mut orders) = (OrderBook::default(), Orders::default());
        orders.place(5, &mut book);
        assert_eq!((orders.placed, orders.waiting), (5, 5));
        orders.place(3, &mut book);
        assert_eq!(orders, Orders { before: 5, placed: 0, cancelled: 2, waiting: 3 });
        assert_eq!(book, OrderBook { placed: 5, delivered: 0, cancelled: 2, waiting: 3 });
    }
}
