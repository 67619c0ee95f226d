//! The closed forms, each worked out from parameters by the formula that it says, and by nothing of the model's code.

use super::observed::{A_YEAR, HOME, SPELLS_OF, Seen};
use super::{Case, World};
use crate::economy::Parameters;
use crate::economy::world::flows::Flow;
use crate::economy::world::lists::{Class, Family, Kind};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::Metric;
use std::f64::consts::LN_2;

/// Months in a year, for wages, which are recorded by the month.
const MONTHS_PER_YEAR: f64 = 12.0;

/// The model's number and the theory's.
type Pair = Option<(f64, f64)>;

macro_rules! cases {
    ($($name:literal: $form:literal, in $world:ident, bound $bound:literal, planted $before:literal => $after:literal,
        $compare:ident, $says:literal;)*) => {
        /// All closed forms that are tested.
        pub const CASES: &[Case] = &[$(Case {
            name: $name,
            form: $form,
            says: $says,
            world: World::$world,
            planted: ($before, $after),
            bound: $bound,
            compare: $compare,
        },)*];
    };
}

cases! {
    "unemployment at rest": "u = u0", in Labour, bound 0.004,
        planted "unemployment.USA=12 %" => "unemployment.USA=12.12 %", unemployment,
        "Mean of five years against the rate of the founding: flows in and out cancel. The bound is four standard errors.";
    "matching at rest": "M / E = s + q, s = f u / (1 - u)", in Labour, bound 0.004,
        planted "job_finding.USA=4 %/week" => "job_finding.USA=4.04 %/week", matching,
        "Hires of operators a week, per operator at work. The bound is three standard errors.";
    "length of spells": "mean = (1 - f) / f", in Labour, bound 0.006,
        planted "job_finding.USA=4 %/week" => "job_finding.USA=4.04 %/week", spells,
        "Weeks that unemployed operators have been looking for work, mean over people and weeks: spells are geometric. The bound is three standard errors.";
    "spells of more than a year": "share = (1 - f)^53", in Labour, bound 0.014,
        planted "job_finding.USA=4 %/week" => "job_finding.USA=4.04 %/week", long_spells,
        "Of unemployed operators, those who have looked for more than 52 weeks. The bound is three standard errors; one per cent of job finding moves the share by two.";
    "Little's law": "L = lambda / f", in Labour, bound 0.005,
        planted "job_finding.USA=4 %/week" => "job_finding.USA=4.04 %/week", little,
        "Unemployed operators against those who enter a week times the mean spell. The bound is three standard errors of the entries.";
    "a stationary population": "N = N0", in Stationary, bound 1e-12,
        planted "growth.USA=0 %/year" => "growth.USA=1 %/year", constant_people,
        "Everybody who leaves is followed by one who enters, to the head. Nothing has one per cent here, so a growth of one per cent a year is planted.";
    "working lives": "leavers / N = 1 - exp(-h)", in Stationary, bound 0.005,
        planted "leaving=9 %/year" => "leaving=9.09 %/year", leavers,
        "Those who leave for good a week, per person, in the stationary population. The bound is four standard errors.";
    "a growing population": "ln N/N' = g h / ln 2 (2^(-t'/h) - 2^(-t/h))", in Growing, bound 1e-4,
        planted "growth.USA=1 %/year" => "growth.USA=1.01 %/year", growing_people,
        "People at the last record against the first. The bound is half an agent in each of six markets.";
    "the trend of wages": "ln w/w0 = g h / ln 2 (1 - 2^(-t/h))", in Trend, bound 2e-4,
        planted "growth=5 %/year" => "growth=5.05 %/year", trend,
        "Wage of operators after ten years, where unemployment does not move wages. The bound is the step of a week in the differential equation.";
    "a fluid backlog after a year": "w = tau ln(a + (1 - a) exp(-t / tau)), a = 3 x 0.95", in Queue, bound 0.003,
        planted "factor=3}" => "factor=3.03}", backlog_on_its_way,
        "Three times the jobs for the same crews, whose customers balk: wait of assembly after a year. Solves dw/dt = a exp(-w / tau) - 1; the bound is the step of a day.";
    "a fluid backlog after two years": "the same", in Queue, bound 0.003,
        planted "patience=52 weeks" => "patience=52.52 weeks", backlog_at_the_end,
        "The same at the end, near the resting point tau ln a.";
    "the power law of learning": "C = 1 - [E + (1 - E)(1 + D/D0)^(-alpha)]", in Learning, bound 1e-9,
        planted "alpha=0.34" => "alpha=0.3434", power_law,
        "Released capability in assembly against the effective hours it was learnt from, after six years. The bound is that of floating point.";
    "chains of sub-tasks": "F = 1 - exp(-ln(theta) / (m ln C))", in Learning, bound 1e-9,
        planted "assembly=5" => "assembly=5.05", chains,
        "Share of assembly that robots can do against released capability.";
    "Wright's law": "P = P0 (Q/Q0)^log2(1 - b)", in Learning, bound 1e-9,
        planted "learning_rate=20 %" => "learning_rate=20.2 %", wright,
        "Price of a mobile robot against the number ever made, after six years.";
    "robots up": "share = availability", in Upkeep, bound 0.003,
        planted "uptime=95 %" => "uptime=95.95 %", up,
        "Of 5,400 mobile robots those that are up: the two-state chain at rest. The bound is four standard errors.";
    "Bass": "F = (1 - exp(-(p+q)t)) / (1 + q/p exp(-(p+q)t))", in Awareness, bound 0.02,
        planted "imitation=45 %/year" => "imitation=44.55 %/year", bass,
        "Share of depots of equal size that have heard of sidewalk robots after ten years, which all adopt as soon as they hear. The bound is the step of a day, and that adopters are whole depots of two hundred: the curve rounded down to half a depot ends 1 % lower.";
    "shares of a nested (CES) market": "B' = B x^(1-e) / (1 - B + B x^(1-e)), x = 2", in Tariff, bound 0.002,
        planted "substitution=2" => "substitution=2.02", ces,
        "China's share of what the USA buys, after a tariff that doubles its price. The bound is what unit costs of other regions move.";
    "constant royalties": "due = rate x sum of licences x exp(-d/D)", in Royalty, bound 5e-4,
        planted "royalty_rate=10 %" => "royalty_rate=10.1 %", royalties,
        "Hours of the first quarter alone are owed for, and fade quarter by quarter. The bound is that claims are whole milli-hours.";
    "cost of collection": "cost = rate x due", in Royalty, bound 1e-8,
        planted "collection_cost=15 %" => "collection_cost=15.15 %", collection,
        "To half a micro-dollar a payment.";
    "payroll tax": "tax = rate x wages", in Money, bound 1e-9,
        planted "payroll_tax.USA=10 %" => "payroll_tax.USA=10.1 %", payroll_tax,
        "To a micro-dollar a crew and week.";
    "income tax": "tax = rate x pay", in Money, bound 1e-8,
        planted "income_tax.USA=12.5 %" => "income_tax.USA=12.625 %", income_tax,
        "To a micro-dollar a person and week, which is rounded down.";
    "wallets at rest": "W = (1 - c_y) / c_w x income", in Money, bound 0.004,
        planted "consume_wealth=2 %/week" => "consume_wealth=2.02 %/week", wallets,
        "Mean wallet of a world at rest, where consumption is income. The bound is what the mean moves in five years.";
}

fn home(parameters: &Parameters) -> Option<usize> {
    parameters.regions.iter().position(|region| region == HOME)
}

/// f: probability to find work in a week.
fn finding(parameters: &Parameters) -> Option<f64> {
    Some(1.0 - maths::exp(-parameters.labour.job_finding[home(parameters)?].0))
}

fn unemployment(parameters: &Parameters, seen: &Seen) -> Pair {
    Some((seen.mean(Metric::UnemploymentRate, "all")?, parameters.labour.unemployment[home(parameters)?].0))
}

fn matching(parameters: &Parameters, seen: &Seen) -> Pair {
    let region = home(parameters)?;
    let u = parameters.labour.unemployment[region].0;
    let quit = 1.0 - maths::exp(-parameters.labour.quits[SPELLS_OF][region].0);
    let item = SPELLS_OF.name();
    let hires = seen.mean(Metric::Hires, item)? / seen.mean(Metric::Employed, item)?;
    Some((hires, finding(parameters)? * u / (1.0 - u) + quit))
}

fn spells(parameters: &Parameters, seen: &Seen) -> Pair {
    let f = finding(parameters)?;
    Some((seen.note("elapsed")? / seen.note("unemployed")?, (1.0 - f) / f))
}

fn long_spells(parameters: &Parameters, seen: &Seen) -> Pair {
    let stays = 1.0 - finding(parameters)?;
    Some((seen.note("long")? / seen.note("unemployed")?, maths::pow(stays, (A_YEAR + 1) as f64)))
}

fn little(parameters: &Parameters, seen: &Seen) -> Pair {
    Some((seen.note("unemployed")?, seen.note("entries")? / finding(parameters)?))
}

fn constant_people(_: &Parameters, seen: &Seen) -> Pair {
    let people = seen.people()?;
    Some((people.last()?.1, people.first()?.1))
}

fn leavers(parameters: &Parameters, seen: &Seen) -> Pair {
    let people = seen.people()?;
    let mean = people.iter().map(|(_, people)| people).sum::<f64>() / people.len() as f64;
    let hazard = 1.0 - maths::exp(-parameters.demography.leaving.0);
    Some((seen.mean(Metric::LeftForGood, "all")? / mean, hazard))
}

/// Growth between two ticks of a week, of an annual rate that fades with a half-life in weeks.
fn grown(rate_per_week: f64, half_life: f64, from: i32, to: i32) -> f64 {
    let g = maths::ln(1.0 + rate_per_week * WEEKS_PER_YEAR);
    let left = |tick: i32| maths::exp(-LN_2 * f64::from(tick) / half_life);
    maths::exp(g * half_life / WEEKS_PER_YEAR / LN_2 * (left(from) - left(to)))
}

fn growing_people(parameters: &Parameters, seen: &Seen) -> Pair {
    let people = seen.people()?;
    let ((from, first), (to, last)) = (*people.first()?, *people.last()?);
    let demography = &parameters.demography;
    Some((last, first * grown(demography.growth[home(parameters)?].0, demography.growth_half_life.0, from, to)))
}

fn trend(parameters: &Parameters, seen: &Seen) -> Pair {
    let (region, rule) = (home(parameters)?, &parameters.wages);
    let &(tick, last) = seen.history(Metric::Wage, SPELLS_OF.name())?.last()?;
    let first = parameters.labour.wage[SPELLS_OF][region].0 * WEEKS_PER_YEAR / MONTHS_PER_YEAR;
    Some((last, first * grown(rule.growth[region].0, rule.growth_half_life.0, 0, tick)))
}

/// Wait of assembly, weeks, at the first record so many days after the start or later, and what the fluid says.
fn backlog(parameters: &Parameters, seen: &Seen, days: i32) -> Pair {
    let leads = seen.history(Metric::LeadTime, Kind::Assembly.name())?;
    let &(tick, lead) = leads.iter().find(|(tick, _)| *tick + 1 >= days).or(leads.last())?;
    let (tau, handling) = (parameters.demand.patience.0, parameters.demand.handling_time.0);
    let a = 3.0 * parameters.sites.target_utilisation.0;
    let weeks = f64::from(tick + 1) / 7.0;
    Some((lead - handling, tau * maths::ln(a + (1.0 - a) * maths::exp(-weeks / tau))))
}

fn backlog_on_its_way(parameters: &Parameters, seen: &Seen) -> Pair {
    backlog(parameters, seen, 364)
}

fn backlog_at_the_end(parameters: &Parameters, seen: &Seen) -> Pair {
    backlog(parameters, seen, 728)
}

fn power_law(parameters: &Parameters, seen: &Seen) -> Pair {
    let (learning, family) = (&parameters.learning, Family::Assembly);
    let hours = seen.last(Metric::EffectiveHours, family.name())?;
    let least = learning.irreducible[family].0;
    let failure = least + (1.0 - least) * maths::pow(1.0 + hours / learning.scale[family].0, -learning.alpha.0);
    Some((seen.last(Metric::Capability, family.name())?, 1.0 - failure))
}

fn chains(parameters: &Parameters, seen: &Seen) -> Pair {
    let (learning, kind) = (&parameters.learning, Kind::Assembly);
    let c = seen.last(Metric::Capability, Family::Assembly.name())?;
    let longest = maths::ln(learning.field_success.0) / maths::ln(c);
    Some((seen.last(Metric::FeasibleShare, kind.name())?, 1.0 - maths::exp(-longest / learning.chain[kind].0)))
}

fn wright(parameters: &Parameters, seen: &Seen) -> Pair {
    let (robots, class) = (&parameters.robots, &parameters.robots.class[Class::Amr]);
    let doublings = maths::log2(seen.note("made")? / class.ever_made.0);
    Some((seen.note("price")?, class.price.0 * maths::pow(1.0 - robots.learning_rate.0, doublings)))
}

fn up(parameters: &Parameters, seen: &Seen) -> Pair {
    Some((seen.mean(Metric::Uptime, Class::Amr.name())?, parameters.robots.uptime.0))
}

fn bass(parameters: &Parameters, seen: &Seen) -> Pair {
    let (p, q) = (parameters.robots.innovation.0, parameters.robots.imitation.0);
    let gone = maths::exp(-(p + q) * seen.note("weeks")?);
    Some((1.0 - maths::exp(-seen.note("hazard")?), (1.0 - gone) / (1.0 + q / p * gone)))
}

fn ces(parameters: &Parameters, seen: &Seen) -> Pair {
    let shares = seen.history(Metric::OriginShare, "CHN")?;
    let before = shares.first()?.1;
    let dearer = before * maths::pow(2.0, 1.0 - parameters.trade.origin_substitution.0);
    Some((shares.last()?.1, dearer / (1.0 - before + dearer)))
}

/// Weeks of a quarter, in which models are released and claims fade.
const QUARTER: i32 = 13;

fn royalties(parameters: &Parameters, seen: &Seen) -> Pair {
    let law = &parameters.first_law[home(parameters)?];
    let keep = maths::exp(-f64::from(QUARTER) / law.royalty_duration.0);
    let quarters = 0..seen.results.flows.rows.last()?.0 / QUARTER + 1;
    let owed = |quarter: i32| {
        let ticks = quarter * QUARTER..(quarter + 1) * QUARTER;
        seen.flowed(Flow::Licences, None, ticks) * maths::pow(keep, f64::from(quarter))
    };
    let due = seen.flowed(Flow::RoyaltiesDue, None, 0..i32::MAX);
    Some((due, law.royalty_rate.0 * quarters.map(owed).sum::<f64>())).filter(|(due, _)| *due > 0.0)
}

fn collection(parameters: &Parameters, seen: &Seen) -> Pair {
    let paid = |flow| seen.flowed(flow, None, 0..i32::MAX);
    let rate = parameters.first_law[home(parameters)?].royalty_collection_cost.0;
    Some((paid(Flow::RoyaltyCosts), rate * paid(Flow::RoyaltiesDue)))
}

fn payroll_tax(parameters: &Parameters, seen: &Seen) -> Pair {
    let paid = |flow| seen.flowed(flow, seen.home(), 0..i32::MAX);
    Some((paid(Flow::PayrollTax), parameters.first_law[home(parameters)?].payroll_tax.0 * paid(Flow::Wages)))
}

fn income_tax(parameters: &Parameters, seen: &Seen) -> Pair {
    let paid = |flow| seen.flowed(flow, seen.home(), 0..i32::MAX);
    let pay = paid(Flow::Wages) + paid(Flow::OutsideWages);
    Some((paid(Flow::IncomeTax), parameters.first_law[home(parameters)?].income_tax.0 * pay))
}

fn wallets(parameters: &Parameters, seen: &Seen) -> Pair {
    let people = seen.people()?;
    let mean = people.iter().map(|(_, people)| people).sum::<f64>() / people.len() as f64;
    let income = seen.mean(Metric::Consumption, "all")? / mean;
    let rule = &parameters.settlement;
    Some((seen.mean(Metric::WalletMean, "all")?, (1.0 - rule.consume_income.0) / rule.consume_wealth.0 * income))
}
