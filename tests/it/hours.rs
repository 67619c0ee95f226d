//! The market for hours over whole runs, each rule switched on.

use crate::common;
use handover::economy::Economy;
use handover::economy::consent::Stance;
use handover::economy::shared::weights::Weights;
use handover::economy::world::labs::{Intake, Labs};
use handover::economy::world::lists::Family;
use handover::economy::world::programme::Filming;
use handover::experiment::run::found;
use handover::ground::list::Listed;
use handover::observe::indicators::Metric;
use rayon::prelude::*;

/// A world two years before its start, with settings on top.
fn world(settings: &[&str]) -> Economy {
    let coarse = ["run.persons_per_agent=10000 persons", "run.spin_up=104 weeks", "run.years=1"];
    found(&common::scenario("first-economy", &[&coarse, settings].concat()))
}

/// Raw hours that were recorded in the last tick.
fn raw_hours(economy: &mut Economy) -> f64 {
    let persons = economy.world.resource::<Weights>().lot() as f64;
    let mut sites = economy.world.query::<&Filming>();
    sites.iter(&economy.world).map(|filming| filming.footage.filmed as f64 * persons * filming.footage.raw_hours).sum()
}

/// Lives through the ticks before this one and returns the raw hours of each.
fn live(economy: &mut Economy, until: i32) -> Vec<f64> {
    let mut hours = Vec::new();
    while economy.tick() < until {
        economy.step().unwrap_or_else(|breach| panic!("{breach}"));
        hours.push(raw_hours(economy));
    }
    hours
}

const LOGISTIC: &str = "capture.path.rule=\"logistic\"";

#[test]
fn nothing_jumps_when_the_spin_up_ends() {
    let mut economy = world(&[LOGISTIC]);
    let before = live(&mut economy, 0);
    let capability = |economy: &Economy| {
        let labs = &economy.world.resource::<Labs>().0;
        labs.iter().map(|lab| lab.model.capability.clone()).collect::<Vec<_>>()
    };
    let known = capability(&economy);
    let after = live(&mut economy, 4);
    let sum = |weeks: &[f64]| weeks.iter().sum::<f64>();
    let ratio = sum(&after) / sum(&before[before.len() - 4..]);
    // 10^(4/52) = 1.19 if as many are willing
    assert!((0.7..1.3).contains(&ratio), "{ratio}: {:?} then {after:?}", &before[before.len() - 4..]);
    // 0.1 bn dollars / 52 / 4 = 0.48 M hours
    assert!((0.25e6..0.75e6).contains(&after[0]), "{}", after[0]);
    assert_eq!(capability(&economy), known, "nothing is released in the spin-up, nor in the first quarter");
    let labs = &economy.world.resource::<Labs>().0;
    for lab in labs {
        let total = |stock: &[f64]| stock.iter().sum::<f64>();
        // S0 raw hours, half accepted, of this lab's share; mean weight of the mix about 1.06
        let wanted = 11.236e6 * 0.5 * lab.share;
        let found = total(&lab.intake.stock_at_start);
        assert!((found / wanted - 1.0).abs() < 0.1, "{}: {found} of {wanted}", lab.name);
        assert!(lab.intake.before_start.iter().any(|&hours| hours > 0), "{} recorded nothing before", lab.name);
    }
}

/// What the baseline records around its start, by rule of recruiting: hours of four weeks after it per hour of four
/// before it, hours in the first week and people filmed in the fourth, means over eight replicates.
fn around_the_start(recruiting: &str) -> [f64; 3] {
    let one = |replicate: u32| {
        let settings = [
            "run.persons_per_agent=10000 persons".to_owned(),
            format!("run.replicate={replicate}"),
            format!("capture.recruiting={recruiting}"),
        ];
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let mut economy = found(&common::scenario("baseline", &settings));
        let (before, after) = (live(&mut economy, 0), live(&mut economy, 4));
        let sum = |weeks: &[f64]| weeks.iter().sum::<f64>();
        let lot = economy.world.resource::<Weights>().lot() as f64;
        let mut sites = economy.world.query::<&Filming>();
        let filmed: i64 = sites.iter(&economy.world).map(|filming| filming.footage.filmed).sum();
        [sum(&after) / sum(&before[before.len() - 4..]), after[0], filmed as f64 * lot]
    };
    let runs: Vec<[f64; 3]> = (0..8).into_par_iter().map(one).collect();
    [0, 1, 2].map(|n| runs.iter().map(|run| run[n]).sum::<f64>() / runs.len() as f64)
}

#[test]
fn the_baseline_starts_as_it_was_and_labs_film_no_more_people_than_they_need() {
    let [ratio, first, filmed] = around_the_start("need");
    // as above, and a fifth of a million people could record fifteen hours each of 0.5 M four times over
    assert!((0.7..1.3).contains(&ratio) && (0.25e6..0.75e6).contains(&first), "{ratio}, {first}");
    assert!((0.02e6..0.2e6).contains(&filmed), "{filmed}");
    // by the other rule many sites join at once, whatever little is missing
    let [.., filmed] = around_the_start("shortfall");
    assert!(filmed > 0.4e6, "{filmed}");
}

#[test]
fn without_a_path_nobody_films_before_the_start() {
    let mut economy = world(&[]);
    let before = live(&mut economy, 0);
    assert!(before.iter().all(|&hours| hours == 0.0));
    assert!(economy.world.resource::<Labs>().0.iter().all(|lab| lab.intake.before_start.iter().all(|&n| n == 0)));
    assert!(live(&mut economy, 1)[0] > 1e6);
}

/// News, hours held and hours recorded by all labs.
fn held(economy: &Economy) -> (i128, i128, i128) {
    let labs = &economy.world.resource::<Labs>().0;
    let sum = |part: fn(&Intake) -> &Vec<i128>| labs.iter().flat_map(|lab| part(&lab.intake)).sum();
    (sum(|intake| &intake.top), sum(|intake| &intake.stock), sum(|intake| &intake.recorded))
}

#[test]
fn a_crew_has_no_more_to_show_than_there_is() {
    let tired =
        ["capture.news.sources=\"saturating\"", "capture.news.hours=0.5 hours", "capture.news.renewal=0 %/year"];
    let mut economy = world(&tired);
    live(&mut economy, 40);
    let (top, news, recorded) = held(&economy);
    assert!(0 < top && top < news && news * 2 < recorded, "{top}, {news}, {recorded}");
    let mut sites = economy.world.query::<(&Filming, &Stance)>();
    let mut seen = 0;
    for (filming, _) in sites.iter(&economy.world).filter(|(filming, _)| filming.contributed != 0) {
        for source in &filming.sources {
            // half an hour of everybody, if all were willing
            assert!(source.taken.iter().all(|&taken| taken <= 0.5 * source.persons_at_start * (1.0 + 1e-9)));
            seen += usize::from(source.taken.iter().any(|&taken| taken > 0.0));
        }
    }
    assert!(seen > 20, "only {seen} crews were seen");
    let mut fresh = world(&[]);
    live(&mut fresh, 40);
    let (_, news, recorded) = held(&fresh);
    assert_eq!(news, recorded, "where sources are endless all is new");
}

/// Failure on a sub-task of a family where a lab of the USA licenses, at the end of a year, with a strike or without.
fn failure(family: Family, settings: &[&str], strike: bool) -> f64 {
    let body = "[[event]]\nkind = \"strike\"\nfrom = \"2027-01-01\"\nmost_skilled = \"25 %\"\n";
    let settings = [&common::COARSE[..], &["run.years=1"], settings].concat();
    let scenario = common::variant(if strike { body } else { "" }, &settings);
    let results = common::results(&scenario);
    1.0 - results.history(Metric::Capability, "USA", family.name()).unwrap().last().unwrap().1
}

#[test]
fn a_strike_of_the_skilled_bites_where_experts_teach_a_part() {
    let experts = ["learning.experts.rule=\"top_quarter\""];
    let dearer = |settings: &[&str], family| failure(family, settings, true) / failure(family, settings, false);
    let (with, without) = (dearer(&experts, Family::Toolmaking), dearer(&[], Family::Toolmaking));
    assert!(with > 1.15 && with > without + 0.1, "{with}, {without}");
    // nobody knows of a part of handling that only experts teach
    let (with, without) = (dearer(&experts, Family::Handling), dearer(&[], Family::Handling));
    assert!((with - without).abs() < 0.02, "{with}, {without}");
}

#[test]
fn other_teachers_teach_while_nobody_films() {
    let nobody = [
        "capture.budget=0 USD/year",
        "capture.reinvest=0 %",
        "learning.robot_hours.sidewalk=0",
        "learning.robot_hours.amr=0",
        "learning.robot_hours.manipulator=0",
    ];
    let teachers = [&nobody[..], &["learning.teachers.rule=\"growing\""]].concat();
    let (alone, taught) = (failure(Family::Handling, &nobody, false), failure(Family::Handling, &teachers, false));
    // E - E_inf falls by 1.3^(-0.34 * 0.75): the last release of a year is that of its third quarter
    let kept = (taught - 0.005) / (alone - 0.005);
    assert!((kept - 0.935).abs() < 0.01, "{kept}");
}

#[test]
fn labs_stop_buying_when_hours_are_worth_nothing() {
    let worth = ["capture.buying.rule=\"worth\"", "capture.buying.horizon=0 weeks"];
    let mut economy = world(&worth);
    let hours = live(&mut economy, 52);
    assert!(hours.iter().all(|&hours| hours == 0.0));
    let mut sites = economy.world.query::<&Filming>();
    let filming = sites.iter(&economy.world).filter(|filming| filming.films).count();
    assert!(filming <= 3, "at 4 a year hardly a site is left after a year: {filming}");
    // two years of licences are worth far more than hours cost at first: nothing differs from what the budget buys
    let mut keen = world(&["capture.buying.rule=\"worth\""]);
    let mut rich = world(&[]);
    assert_eq!(live(&mut keen, 4), live(&mut rich, 4));
}

/// Mean offer at sites that film, dollars an hour.
fn mean_offer(economy: &mut Economy) -> f64 {
    let mut sites = economy.world.query::<&Filming>();
    let offers: Vec<f64> = sites.iter(&economy.world).filter(|site| site.films).map(|site| site.offer).collect();
    offers.iter().sum::<f64>() / offers.len() as f64
}

#[test]
fn offers_fall_too_where_the_filmed_get_a_part_of_the_rent() {
    let dear =
        ["law.data_rights=\"consent\"", "capture.first_offer.consent=30 USD/hour", "capture.joining_most=0 %/week"];
    let mut economy = world(&[&dear[..], &["capture.pay.rule=\"rent\"", "capture.pay.part=0 %"]].concat());
    live(&mut economy, 52);
    // four half-lives: 30 falls to a sixteenth, and half of an hourly wage is some 1 dollar
    let found = mean_offer(&mut economy);
    assert!((1.5..5.0).contains(&found), "{found}");
    let mut sticky = world(&dear);
    live(&mut sticky, 52);
    assert_eq!(mean_offer(&mut sticky), 30.0);
}

/// Every rule of the market for hours, switched on.
const ALL: [&str; 6] = [
    LOGISTIC,
    "capture.news.sources=\"saturating\"",
    "capture.buying.rule=\"worth\"",
    "capture.pay.rule=\"rent\"",
    "learning.experts.rule=\"top_quarter\"",
    "learning.teachers.rule=\"growing\"",
];

#[cfg(feature = "cli")]
#[test]
fn with_every_rule_on_a_run_that_stops_and_goes_on_is_the_run_that_never_stopped() {
    use handover::experiment::checkpoint::{resume, save};
    use handover::experiment::run::go_on;
    let body = "[[policy]]\nfrom = \"2027-06\"\nroyalty_rate = \"15 %\"\nwithdrawal = true\n";
    let settings = [&common::COARSE[..], &["run.years=1.5"], &ALL].concat();
    let scenario = common::variant(body, &settings);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let whole = pool(3).install(|| common::results(&scenario).state_hash);
    for ticks in [5, 27, 60] {
        let mut economy = found(&scenario);
        (0..ticks).for_each(|_| economy.step().unwrap_or_else(|breach| panic!("{breach}")));
        let mut bytes = Vec::new();
        save(&scenario, &mut economy, &mut bytes).unwrap();
        let resumed = resume(&scenario, &bytes[..]).unwrap_or_else(|refused| panic!("after {ticks}: {refused}"));
        let results = pool(1).install(|| go_on(&scenario, resumed, |_, _| true).unwrap());
        assert_eq!(results.state_hash, whole, "after {ticks} ticks");
        let worth = results.history(Metric::HourWorth, "IND", "all").unwrap();
        assert!(worth.iter().all(|&(_, dollars)| dollars > 0.0), "{worth:?}");
    }
}

#[test]
fn filming_rises_and_falls_when_crews_run_out_of_news() {
    let settings =
        [&ALL[..], &["run.persons_per_agent=20000 persons", "run.spin_up=52 weeks", "capture.news.renewal=0 %/year"]];
    let results = common::results(&common::scenario("first-economy", &settings.concat()));
    let regions = results.scenario.parameters.regions.clone();
    let raw = |region: &String| results.history(Metric::RawHours, region, "all").unwrap();
    let mut weekly = vec![0.0; raw(&regions[0]).len()];
    for region in &regions {
        raw(region).iter().zip(&mut weekly).for_each(|((_, hours), sum)| *sum += hours);
    }
    // means of a year: the first, the largest, the last
    let years: Vec<f64> =
        weekly.chunks(weekly.len() / 15).map(|year| year.iter().sum::<f64>() / year.len() as f64).collect();
    let largest = years.iter().copied().fold(0.0, f64::max);
    assert!(largest > 5.0 * years[0] && years[14] < largest / 5.0, "{years:?}");
}
