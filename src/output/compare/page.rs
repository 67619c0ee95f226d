//! The page that answers: what did the reform do, to whom, and how sure are we?

use crate::economy::world::flows::Flow;
use crate::experiment::compare::effects::Paired;
use crate::experiment::compare::lives::FATES;
use crate::experiment::compare::touched;
use crate::experiment::follow::sentences::{Sentence, sentences};
use crate::ground::statistics::Moments;
use crate::observe::indicators::Metric;
use crate::output::compare::answer::answer;
use crate::output::compare::summary::divergence;
use crate::output::compare::tables::tipping_band;
use crate::output::compare::{Comparison, Reform, gains};
use crate::output::kit::became;
use crate::output::kit::numbers::{interval, quantity};
use crate::output::kit::page::Page;
use crate::output::kit::page::explore::{HEADING as EXPLORE, of_effects};
use crate::output::kit::page::money::{receipt_matrix, who_pays_whom, who_pays_whom_otherwise};
use crate::output::kit::page::parts::{Curve, PLANT, assumptions, bars, lines, reproduce, typed};
use crate::output::kit::words::called;
use crate::output::only::Only;
use crate::output::plots::FEW;
use crate::scenario::describe::differences;
use std::collections::{BTreeMap, BTreeSet};

/// What lies beside the page.
const BESIDE: [&str; 12] = [
    "manifest.json",
    "answer.csv",
    "headlines.csv",
    "gains.csv",
    "waterfall.csv",
    "lives.csv",
    "money.csv",
    "receipt.csv",
    "tipping.csv",
    "divergence.csv",
    "effects.parquet",
    "plots/*.svg",
];

/// The whole page.
pub fn page(comparison: &Comparison, only: &Only) -> String {
    let mut page = Page::default();
    let is_one = comparison.reforms.len() == 1;
    for reform in &comparison.reforms {
        one(&mut page, comparison, reform, is_one);
    }
    if comparison.regrets.first().is_some_and(|regret| regret.states.len() > 1 || regret.policies.len() > 2) {
        regrets(&mut page, comparison);
    }
    let first = comparison.reforms.first().map_or(&comparison.base, |reform| &reform.scenario);
    assumptions(&mut page, first, comparison.evidence.as_ref());
    let names: Vec<String> = comparison.reforms.iter().map(|reform| typed(&reform.scenario.about.name)).collect();
    let command = format!(
        "handover compare {} {} --replicates {}{}",
        typed(&comparison.base.about.name),
        names.join(" "),
        comparison.attendance.tried(),
        only.typed()
    );
    let made: Vec<&str> = BESIDE.into_iter().filter(|file| *file == "manifest.json" || only.has(file)).collect();
    reproduce(&mut page, &command, &comparison.base, &comparison.attendance, &made);
    let titles: Vec<&str> = comparison.reforms.iter().map(|reform| reform.scenario.about.title.as_str()).collect();
    let standing = format!(
        "Against \u{201c}{}\u{201d}. The same people with the same random numbers in both worlds; {}; intervals are 95 %, Student's t over paired differences. Conditional on the scenario's assumptions; not a forecast.",
        comparison.base.about.title,
        comparison.attendance.words()
    );
    page.finish(&titles.join(" / "), &first.about.question, &standing)
}

fn one(page: &mut Page, comparison: &Comparison, reform: &Reform, is_one: bool) {
    let of = |heading: &str| {
        if is_one { heading.to_owned() } else { format!("{}: {heading}", reform.scenario.about.name) }
    };
    page.section(&of("The answer"));
    page.answer(&answer(comparison, reform));
    page.text(&format!("The reform acts {}.", comparison.acts_in_words(reform)));
    let differs = differences(&comparison.base, &reform.scenario);
    if !differs.is_empty() {
        page.heading("What differs from the base");
        page.points(&differs);
    }
    page.section(&of("Who gained, who lost, who was paid"));
    gains::tables(page, comparison, reform);
    let names = comparison.base.parameters.regions.iter().map(|code| called(&comparison.base, code).to_owned());
    let few = FEW * comparison.base.parameters.weights.range().1 as f64;
    let day = |tick: i32| comparison.date(tick).to_string();
    let lives = |by: &str, label: &dyn Fn(&str) -> String| -> Vec<(String, Paired)> {
        let mine = reform.effects.lives.iter().filter(|((dimension, _), _)| *dimension == by);
        mine.map(|((_, group), effect)| (label(group), effect.income)).collect()
    };
    let mut fates = lives("fate", &str::to_owned);
    fates.sort_by_key(|(name, _)| FATES.iter().position(|fate| fate == name));
    let says = "Change of mean lifetime income after tax, by what became of people in either world (those picked by their misfortune in the base alone would seem to gain from any reform). The line on each bar is the 95 % interval.";
    bars(page, "Who gets what", says, "USD", &fates);
    of_effects(page, &of(EXPLORE), (&names.collect::<Vec<_>>(), &reform.effects), day, few);
    winners(page, comparison, reform, &of("Whose lifetime income rises or falls"), &lives);
    when(page, comparison, reform, &of("When"));
    money(page, comparison, reform, &of("The money"));
    chain(page, comparison, reform, &of("From the filmed hour to the lost job"));
    if let Some(world) = reform.effects.became.last() {
        became::compared(page, world);
    }
    plant(page, comparison, reform, &of("The plant and its second product"));
    two_lives(page, reform, &of("One worker's two lives"));
    page.section(&of("All headlines"));
    let rows: Vec<Vec<String>> = reform
        .effects
        .headlines
        .iter()
        .filter(|(_, pair)| pair.difference.count > 0)
        .map(|(headline, pair)| {
            let place =
                headline.region.map_or("world", |r| called(&comparison.base, &comparison.base.parameters.regions[r]));
            let worth = pair
                .variance_reduction()
                .filter(|factor| factor.is_finite())
                .map_or("-".to_owned(), |factor| format!("{factor:.1}"));
            let (base, after) = (quantity(pair.base.mean, headline.unit), quantity(pair.reform.mean, headline.unit));
            vec![format!("{}, {place}", headline.about), base, after, interval(pair, headline.unit), worth]
        })
        .collect();
    page.text("Worth: how many times the variance of two independent runs' difference that of the paired difference is; so many times more replicates would be needed without common random numbers.");
    page.table("All headlines", &["", "base", "reform", "difference (95 % interval)", "worth of pairing"], &rows, true);
}

type Groups<'a> = &'a dyn Fn(&str, &dyn Fn(&str) -> String) -> Vec<(String, Paired)>;

fn winners(page: &mut Page, comparison: &Comparison, reform: &Reform, heading: &str, lives: Groups) {
    page.section(heading);
    let says = "Change of mean lifetime income after tax.";
    let region = |code: &str| called(&comparison.base, code).to_owned();
    bars(page, "By region", says, "USD", &lives("region", &region));
    bars(page, "Those filmed, by region", says, "USD", &lives("filmed in", &region));
    bars(page, "Those displaced, by region", says, "USD", &lives("displaced in", &region));
    bars(page, "By occupation", says, "USD", &lives("occupation", &|word| word.replace('_', " ")));
    let decile = |word: &str| format!("tenth {}", word.trim_start_matches('0'));
    bars(
        page,
        "By income before the start, from the poorest tenth of each region",
        says,
        "USD",
        &lives("decile", &decile),
    );
    bars(
        page,
        "By skill, from the least skilled quarter",
        says,
        "USD",
        &lives("skill quartile", &|word| format!("quarter {word}")),
    );
    let share = |value: f64| format!("{:.2} %", value * 100.0);
    let rows: Vec<Vec<String>> = reform
        .effects
        .lives
        .iter()
        .filter(|((by, _), _)| ["all", "region", "occupation", "fate"].contains(by))
        .map(|((_, group), effect)| {
            let shares = effect.shares.iter().map(|moments| share(moments.mean));
            let people = quantity(effect.people.mean, "");
            std::iter::once(called(&comparison.base, group).replace('_', " ")).chain([people]).chain(shares).collect()
        })
        .collect();
    page.heading("Lives that flip");
    page.text("A life wins or loses where its lifetime income differs by more than 1 % between the worlds. It flips where robots displace it in one world only. Both happen by the reform, and by chance that meets other vacancies: what counts is the difference between the columns.");
    let head = ["", "people", "gain", "lose", "displaced in the base only", "in the reform only", "in both"];
    page.table("Winners, losers and lives that flip", &head, &rows, false);
}

fn when(page: &mut Page, comparison: &Comparison, reform: &Reform, heading: &str) {
    page.section(heading);
    let regions = &comparison.base.parameters.regions;
    let month = |months: f64| format!("{months:.0}");
    let mut rows = Vec::new();
    for (n, worlds) in reform.effects.tipping.iter().enumerate() {
        let place = regions.get(n).map_or("world", |code| called(&comparison.base, code));
        let cell = |months: &Vec<f64>| {
            let (band, count) = tipping_band(months);
            let all = comparison.attendance.done.len();
            if count == 0 {
                return format!("never ({all} of {all})");
            }
            format!("{} ({} to {}), in {count} of {all}", month(band[1]), month(band[0]), month(band[2]))
        };
        rows.push(vec![place.to_owned(), cell(&worlds[0]), cell(&worlds[1])]);
    }
    page.table(
        &format!(
            "Tipping point: months from the start until, for the first time, more people are displaced in a month than displaced people find work (median, and where {} of the replicates lie)",
            crate::output::kit::bands::outer_in_words(comparison.attendance.done.len())
        ),
        &["", "base", "reform"],
        &rows,
        false,
    );
    if let Some((named, unnamed)) = divergence(comparison, reform) {
        let share = |value: Option<f64>| {
            value.map_or("no agents".to_owned(), |value| format!("{:.1} % of agents", value * 100.0))
        };
        page.text(&format!(
            "The worlds diverge late, because markets are coupled: who is hired decides who is next in the queue. At the end of the run {} in the regions that the reform names do something else than in the base, {} in the others.",
            share(named),
            share(unnamed)
        ));
    }
    let named = touched(&comparison.base, &reform.scenario);
    let ticks: BTreeSet<i32> = reform.effects.divergence.keys().map(|key| key.0).collect();
    let curve = |wants: bool, name: &str| {
        let at = |tick: &i32| {
            let mine: Vec<f64> = (0..regions.len())
                .filter(|&r| named.contains(&regions[r]) == wants)
                .filter_map(|r| reform.effects.divergence.get(&(*tick, r)).map(|share| share.mean * 100.0))
                .collect();
            mine.iter().sum::<f64>() / mine.len().max(1) as f64
        };
        Curve { name: name.to_owned(), values: ticks.iter().map(at).collect(), band: None }
    };
    let dates: Vec<String> = ticks.iter().map(|&tick| comparison.date(tick).to_string()).collect();
    let curves = [curve(true, "regions the reform names"), curve(false, "other regions")];
    lines(
        page,
        "How far the worlds have diverged",
        "Share of agents with another status or another employer than in the base.",
        "% of agents",
        &dates,
        &curves,
    );
}

fn money(page: &mut Page, comparison: &Comparison, reform: &Reform, heading: &str) {
    page.section(heading);
    let regions = &comparison.base.parameters.regions;
    let costs = reform.effects.headlines.iter().filter(|(headline, _)| headline.name == "public_cost");
    let costs: Vec<(String, Paired)> = costs
        .map(|(headline, pair)| {
            (headline.region.map_or("world", |r| called(&comparison.base, &regions[r])).to_owned(), *pair)
        })
        .collect();
    bars(
        page,
        "Cost to each government over the run",
        "Change of transfers, courses and hand-backs paid less taxes, levies and penalties received. Above zero: it costs.",
        "USD",
        &costs,
    );
    let money = |world: fn(&Paired) -> &Moments| -> BTreeMap<(Flow, u16, u16), f64> {
        reform.effects.money.iter().map(|(&key, pair)| (key, world(pair).mean)).collect()
    };
    let names = comparison.base.region_names();
    page.heading("Who pays whom more, and who less");
    who_pays_whom_otherwise(page, &names, &reform.effects.money);
    who_pays_whom(page, "Who pays whom, before (base)", &names, &money(|pair| &pair.base));
    who_pays_whom(page, "Who pays whom, after (reform)", &names, &money(|pair| &pair.reform));
}

fn chain(page: &mut Page, comparison: &Comparison, reform: &Reform, heading: &str) {
    page.section(heading);
    page.text("The hand-over receipt: of the jobs that robots take in a region, what is owed to hours filmed in another; and the royalty on it.");
    let names = comparison.base.region_names();
    for (what, title, is_change) in [
        (
            "jobs",
            "Jobs absorbed in the last whole year, full-time equivalents: filmed in (row), lost in (column)",
            false,
        ),
        ("jobs", "Change of these jobs through the reform", true),
        ("royalties", "Change of royalties over the run, USD: to contributors in (row), from robots in (column)", true),
    ] {
        let value = |pair: &Paired| if is_change { pair.difference.mean } else { pair.base.mean };
        let cells = reform.effects.receipt.iter().map(|(&key, pair)| (key, value(pair))).collect();
        let says = if is_change { "Reform less base." } else { "In the base." };
        receipt_matrix(page, title, says, &names, &cells, what);
    }
}

fn plant(page: &mut Page, comparison: &Comparison, reform: &Reform, heading: &str) {
    let grid = &reform.effects.grid;
    let regions = &comparison.base.parameters.regions;
    let filmed =
        |r: usize| grid.history(r, Metric::RawHours, "factory").iter().map(|(_, pair)| pair.base.mean).sum::<f64>();
    let Some(place) = (0..regions.len()).max_by(|&a, &b| filmed(a).total_cmp(&filmed(b))) else { return };
    page.section(heading);
    page.text(&format!(
        "A factory that films makes two products: units, and hours of footage. Factories of {}, where most is filmed.",
        comparison.base.in_words(&regions[place])
    ));
    for (metric, item, title, unit, factor) in PLANT {
        let history = grid.history(place, metric, item);
        if history.is_empty() {
            continue;
        }
        let dates: Vec<String> = history.iter().map(|(tick, _)| comparison.date(*tick).to_string()).collect();
        let side = |name: &str, pick: fn(&Paired) -> &Moments| {
            let ends = |sign: f64| -> Vec<f64> {
                let end = |(_, pair): &(i32, Paired)| {
                    let moments = pick(pair);
                    (moments.mean + sign * moments.half_width().unwrap_or(0.0)) * factor
                };
                history.iter().map(end).collect()
            };
            Curve {
                name: name.to_owned(),
                values: history.iter().map(|(_, pair)| pick(pair).mean * factor).collect(),
                band: Some((ends(-1.0), ends(1.0))),
            }
        };
        let curves = [side("base", |pair| &pair.base), side("reform", |pair| &pair.reform)];
        lines(page, title, "Mean and its 95 % interval.", unit, &dates, &curves);
    }
}

fn two_lives(page: &mut Page, reform: &Reform, heading: &str) {
    page.section(heading);
    let Some((base, other)) = &reform.lives else {
        page.text("No life was told.");
        return;
    };
    page.text(&format!(
        "{}: of all people filmed (or, where nobody is, displaced) in the first replicate, the one with the median change of lifetime income. The same person, the same random numbers, both worlds.",
        base.worker
    ));
    let usd = |micro: i64| quantity(micro as f64 / 1e6, "USD");
    page.text(&format!(
        "Income after tax of the whole life: {} in the base, {} in the reform.",
        usd(base.income()),
        usd(other.income())
    ));
    let (one, two) = (sentences(base), sentences(other));
    let keys: BTreeSet<(chrono::NaiveDate, &str)> = one.iter().chain(&two).map(|s| (s.date, s.kind)).collect();
    let said = |list: &[Sentence], key: (chrono::NaiveDate, &str)| {
        let mine: Vec<&str> = list.iter().filter(|s| (s.date, s.kind) == key).map(|s| s.text.as_str()).collect();
        mine.join(" ")
    };
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|&key| {
            let (first, second) = (said(&one, key), said(&two, key));
            let second = if !first.is_empty() && first == second { "the same".to_owned() } else { second };
            // a date does not break
            vec![key.0.to_string().replace('-', "\u{2011}"), first, second]
        })
        .collect();
    page.table("Both lives, side by side", &["date", "in the base", "in the reform"], &rows, rows.len() > 40);
}

fn regrets(page: &mut Page, comparison: &Comparison) {
    page.section("Which policy is regretted least");
    page.text("Regret is what a policy misses against the best one in the same state of the world. Means over replicates; differences smaller than the intervals above are no reason to prefer one.");
    for regret in &comparison.regrets {
        let mut head = vec!["policy"];
        head.extend(regret.states.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = regret
            .policies
            .iter()
            .zip(regret.regrets())
            .map(|(policy, missed)| {
                std::iter::once(policy.clone()).chain(missed.into_iter().map(|value| quantity(value, "USD"))).collect()
            })
            .collect();
        let aim = if regret.is_cost { "least" } else { "most" };
        page.table(
            &format!("Regret, where {} of {} is wanted", aim, regret.aim.replace('_', " ")),
            &head,
            &rows,
            false,
        );
    }
}
