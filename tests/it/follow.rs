//! A life that is told is the life that was simulated.

use crate::common;
use bevy_ecs::prelude::*;
use handover::economy::Economy;
use handover::economy::settlement::payslip::{Payslip, Standing};
use handover::economy::settlement::wallets::Takes;
use handover::economy::shared::streams::Stream;
use handover::economy::world::flows::{Flow, Ledger, Sector};
use handover::economy::world::lists::Occupation;
use handover::economy::world::markets::Markets;
use handover::economy::world::people::{Cohort, Columns, ColumnsItem, Marks, Work};
use handover::economy::{Luckbox, calendar::Phase};
use handover::experiment::follow::{Life, NotFollowed, Wanted, biography, follow, follow_both, sentences};
use handover::ground::list::Listed;
use handover::ground::random::{Rows, threshold};
use handover::observe::install;
use handover::observe::life::{Cause, Decider, Event, labour_draw, why_left};
use handover::observe::rows::{Payroll, standing};
use handover::scenario::Scenario;

/// Every lever that moves a worker's money, and every reason to lose a job.
const LEVERS: &str = "
[[policy]]
from = \"2027-02\"
royalty_rate = \"20 %\"
royalty_basis = \"hours\"
citizen_dividend = \"5 %\"
robot_tax = \"10 %\"
recycling = \"dividend\"
wage_insurance = \"50 %\"
training_places = \"1 %\"
insurance_cover = \"60 %\"
data_rights = \"none\"
";

fn eventful(years: &str) -> Scenario {
    let mut settings = common::COARSE.to_vec();
    settings.push(years);
    // robots that come early, and bosses who sack early
    settings.extend(["risk.dismissal.none=20 %/week", "learning.field_success=80 %"]);
    common::variant(LEVERS, &settings)
}

/// Market, key of the cohort, row within it, and where the row stands.
fn rows(world: &mut World) -> Vec<(usize, Rows, usize, Standing)> {
    let mut cohorts = world.query::<Columns>();
    let of = |columns: ColumnsItem| {
        let cohort = columns.cohort;
        let row = |row: usize| (cohort.market, cohort.keys, row, standing(&columns, row));
        (0..columns.status.0.len()).map(row).collect::<Vec<_>>()
    };
    cohorts.iter(world).flat_map(of).collect()
}

#[test]
fn payslips_of_everybody_add_up_to_the_ledger_to_the_micro_dollar() {
    let scenario = eventful("run.years=4");
    let persons = scenario.parameters.weights.lot().into();
    let mut economy = Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        // after the settlement and before the books are closed
        schedule.add_systems(compare_with_ledger.in_set(Phase::Observation));
        world.insert_resource(Seen { persons, kinds: [0; 9], ticks: 0 });
    });
    while !economy.is_over() {
        economy.step().unwrap();
    }
    let seen = economy.world.resource::<Seen>();
    assert!(seen.ticks > 200);
    for &flow in Flow::ALL.iter().filter(|flow| flow.payee() == Sector::Workers) {
        assert!(
            FLOWS.contains(&flow),
            "{flow:?} is paid to workers: it needs its field of Payslip, and its place in FLOWS"
        );
    }
    // no kind was compared only as nothing with nothing
    assert!(seen.kinds.iter().all(|&amount| amount > 0), "{:?}", seen.kinds);
}

#[derive(Resource)]
struct Seen {
    persons: i128,
    kinds: [i128; 9],
    ticks: usize,
}

fn compare_with_ledger(
    payroll: Payroll,
    takes: Res<Takes>,
    ledger: Res<Ledger>,
    cohorts: Query<Columns>,
    mut seen: ResMut<Seen>,
) {
    let payslip = payroll.open();
    let regions = takes.terms.len() / Occupation::COUNT;
    let mut sums = vec![[0_i128; 10]; regions];
    for columns in &cohorts {
        for row in 0..columns.status.0.len() {
            let slip = payslip(columns.cohort, &standing(&columns, row));
            for (sum, amount) in sums[columns.cohort.region].iter_mut().zip(parts(&slip)) {
                *sum += i128::from(amount) * seen.persons;
            }
        }
    }
    for (region, sums) in sums.iter().enumerate() {
        let received = FLOWS.map(|flow| ledger.received_by(flow, region));
        assert_eq!(sums[..9], received, "{region}");
        assert_eq!(sums[9], ledger.paid_by(Flow::IncomeTax, region));
        for (kind, amount) in seen.kinds.iter_mut().zip(received) {
            *kind += amount;
        }
    }
    seen.ticks += 1;
}

const FLOWS: [Flow; 9] = [
    Flow::Wages,
    Flow::OutsideWages,
    Flow::Insurance,
    Flow::Stipends,
    Flow::CapturePay,
    Flow::Royalties,
    Flow::CitizenDividend,
    Flow::Recycling,
    Flow::WageInsurance,
];

fn parts(slip: &Payslip) -> [i64; 10] {
    [
        slip.wages,
        slip.outside_wages,
        slip.insurance,
        slip.stipend,
        slip.capture_pay,
        slip.royalty,
        slip.citizen_dividend,
        slip.recycling,
        slip.wage_insurance,
        slip.income_tax,
    ]
}

#[derive(Resource, Default)]
struct Midweek(Vec<u8>);

fn look(cohorts: Query<&Marks>, mut midweek: ResMut<Midweek>) {
    midweek.0 = cohorts.iter().flat_map(|marks| marks.0.iter().copied()).collect();
}

#[test]
fn why_jobs_end_agrees_with_what_the_labour_market_counted() {
    let scenario = eventful("run.years=3");
    let mut economy = Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        world.insert_resource(Midweek::default());
        schedule.add_systems(look.in_set(Phase::Staffing));
    });
    let mut before = rows(&mut economy.world);
    let mut all = [0_i64; 3];
    while !economy.is_over() {
        let tick = economy.tick();
        economy.step().unwrap();
        let now = rows(&mut economy.world);
        let world = &economy.world;
        let (markets, midweek) = (world.resource::<Markets>(), world.resource::<Midweek>());
        let luck = &world.resource::<Luckbox>().0;
        let mut counted = vec![[0_i64; 3]; markets.0.len()];
        for (n, ((market, key, row, new), (.., old))) in now.iter().zip(&before).enumerate() {
            if old.work != Work::Employed || new.work == Work::Employed {
                continue;
            }
            let ends_by_itself = labour_draw(luck, tick, *key, *row) < threshold(markets.0[*market].steady.separation);
            let cause = why_left(new, midweek.0[n], tick, ends_by_itself);
            let kinds = [Cause::Displaced, Cause::LaidOff, Cause::Dismissed];
            if let Some(kind) = kinds.iter().position(|&kind| kind == cause) {
                counted[*market][kind] += 1;
            }
        }
        for (market, counted) in markets.0.iter().zip(counted) {
            assert_eq!(counted, [market.flows.displaced, market.flows.laid_off, market.flows.dismissed], "tick {tick}");
            all.iter_mut().zip(counted).for_each(|(sum, part)| *sum += part);
        }
        before = now;
    }
    assert!(all.iter().all(|&count| count > 2), "{all:?}");
}

fn somebody(scenario: &Scenario, wish: &str) -> Life {
    let wanted = Wanted::parse(wish, &scenario.parameters).unwrap();
    follow(scenario, wanted, |_| true).unwrap_or_else(|problem| panic!("{wish}: {problem:?}"))
}

#[test]
fn an_answer_to_the_camera_is_the_score_against_the_draw() {
    let mut settings = common::COARSE.to_vec();
    // undecided workers, so that both answers are given
    settings.extend(["run.years=3", "consent.base=0.5"]);
    let law = "[[policy]]\nfrom = \"2028-01\"\nregions = [\"IND\", \"VNM\", \"BGD\", \"CHN\", \"MEX\"]\n\
               data_rights = \"consent\"\nwithdrawal = true\n";
    let scenario = common::variant(law, &settings);
    let mut answers = [0, 0];
    for occupation in ["assembler", "operator"] {
        for (region, fate) in [("IND", "refusing"), ("CHN", "refusing"), ("VNM", "refusing"), ("IND", "filmed")] {
            let life = somebody(&scenario, &format!("a {occupation} in {region} who is {fate}"));
            let economy = Economy::found(&scenario.parameters, install);
            let luck = economy.world.resource::<Luckbox>().0;
            let mut economy = economy;
            let ordinal: u64 = life.worker.rsplit('/').next().unwrap().parse().unwrap();
            let mut cohorts = economy.world.query::<Columns>();
            let first = cohorts
                .iter(&economy.world)
                .find(|columns| {
                    scenario.parameters.regions[columns.cohort.region] == region
                        && columns.cohort.occupation.name() == occupation
                })
                .unwrap();
            let key = Cohort::market_key(region, first.cohort.occupation).rows().row(ordinal);
            for moment in &life.moments {
                if let Event::Asked(refuses, _, reasons) | Event::ChangedMind(refuses, _, reasons) = &moment.event {
                    assert_eq!(reasons.decider, Decider::Alone);
                    let logistic = 1.0 / (1.0 + libm::exp(-reasons.score()));
                    assert!((logistic - reasons.probability).abs() < 1e-12);
                    let draw = (luck.at(Stream::Consent, moment.tick).bits(key) >> 32) as u32;
                    assert_eq!(draw < threshold(reasons.probability), *refuses, "{} {moment:?}", life.worker);
                    answers[usize::from(*refuses)] += 1;
                }
            }
        }
    }
    assert!(answers[0] > 2 && answers[1] > 5, "{answers:?}");
}

#[test]
fn the_books_of_a_life_balance_and_its_weeks_are_complete() {
    let scenario = eventful("run.years=3");
    for wish in ["a picker in CHN who is displaced", "a courier in USA", "a helper in IND who is trained"] {
        let life = somebody(&scenario, wish);
        let wallets: Vec<i64> = life.years.iter().map(|year| year.wallet).collect();
        for (n, year) in life.years.iter().enumerate().skip(1) {
            // what came in less what was consumed is what the wallet gained
            assert_eq!(wallets[n] - wallets[n - 1], year.slip.income() - year.consumption, "{wish} {}", year.year);
        }
        let weeks: f64 = life.years.iter().flat_map(|year| year.weeks).sum();
        assert_eq!(weeks, 156.0);
        assert!(matches!(life.moments[0].event, Event::Begins(..)));
        assert!(life.moments.is_sorted_by_key(|moment| moment.tick));
        assert!(sentences::sentences(&life).len() >= life.moments.len());
    }
}

#[test]
fn the_same_person_has_the_same_luck_until_the_worlds_part() {
    let mut settings = common::COARSE.to_vec();
    // all of a filming site are asked, so that whoever is filmed is filmed again when the royalty is paid
    settings.extend(["run.years=4", "law.programme_coverage=100 %"]);
    let (one, other) = (common::scenario("baseline", &settings), common::scenario("royalty-15", &settings));
    let wanted = Wanted::parse("an assembler in IND who is filmed", &one.parameters).unwrap();
    let (first, second) = follow_both(&one, &other, wanted, |_| true).unwrap();
    assert_eq!(first.worker, second.worker);
    // the royalty comes in January 2029
    let early = |life: &Life| life.years.iter().filter(|year| year.year < 2029).cloned().collect::<Vec<_>>();
    assert_eq!(early(&first), early(&second));
    assert_eq!(first.years[3].slip.royalty, 0);
    assert!(second.years[3].slip.royalty > 0, "{:?}", second.years);
    let both = biography::side_by_side(&first, &second);
    assert!(both.contains("Receives a royalty for the first time."), "{both}");
    assert_eq!(follow_both(&one, &one, wanted, |_| true).map(|(a, b)| a.moments == b.moments), Ok(true));
}

/// One in ten leaves in a year; whoever enters at a place has a book of their own, and inherits nothing.
#[test]
fn whoever_enters_has_a_life_of_their_own() {
    let settings = common::coarse(&["run.years=3", "demography.leaving=10 %/year"]);
    let scenario = common::scenario("first-economy", &settings);
    let mut seen = 0;
    for n in 0..40 {
        let name = format!("IND/assembler/{n}");
        let wanted = Wanted::parse(&name, &scenario.parameters).unwrap();
        let life = follow(&scenario, wanted, |_| true).unwrap();
        let left = life.moments.iter().filter(|moment| matches!(moment.event, Event::LeftForGood(_))).count();
        let entered = life.moments.iter().filter(|moment| matches!(moment.event, Event::Entered(_))).count();
        assert_eq!(life.years.iter().filter(|year| year.left_on.is_some()).count(), left, "{name}");
        assert_eq!(life.incomes().len(), entered + 1, "{name}");
        assert_eq!(life.incomes().iter().sum::<i64>(), life.income());
        let told = sentences::sentences(&life);
        assert!(told.is_sorted_by_key(|sentence| sentence.date), "{name}: {told:?}");
        for pair in life.years.windows(2) {
            // whoever comes begins with nothing
            let before = if pair[0].person == pair[1].person { pair[0].wallet } else { 0 };
            assert_eq!(pair[1].wallet - before, pair[1].slip.income() - pair[1].consumption, "{name} {}", pair[1].year);
        }
        if entered > 0 {
            seen += 1;
            let words = biography::alone(&life);
            assert!(words.contains("Leaves the working population for good"), "{words}");
            assert!(
                words.contains("Another person enters at this place") && words.contains("one after another"),
                "{words}"
            );
        }
        if seen == 2 {
            return;
        }
    }
    panic!("nobody of forty left: {seen}");
}

#[test]
fn a_name_that_nobody_has_is_told_who_there_is() {
    let mut settings = common::COARSE.to_vec();
    settings.push("run.years=0.1");
    let scenario = common::scenario("first-economy", &settings);
    for (text, words) in [
        ("IN/assembler/3", "did you mean \"IND\"?"),
        ("IND/asembler/3", "did you mean \"assembler\"?"),
        ("IND/assembler", "REGION/OCCUPATION/NUMBER"),
        ("IND/assembler/-1", "a whole number from 0 on"),
        ("a courier in USA who is rich", "displaced, displaced and without work, filmed"),
    ] {
        let problem = Wanted::parse(text, &scenario.parameters).unwrap_err();
        assert!(problem.0.contains(words), "{text}: {problem}");
    }
    for (text, words) in [
        ("IND/assembler/4000000000", "are numbered 0 to 23"),
        ("a courier in IND who is displaced", "no courier in IND met that fate"),
    ] {
        let wanted = Wanted::parse(text, &scenario.parameters).unwrap();
        match follow(&scenario, wanted, |_| true) {
            Err(NotFollowed::NoSuchWorker(problem)) => assert!(problem.0.contains(words), "{text}: {problem}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn following_somebody_changes_nobody() {
    let mut settings = common::COARSE.to_vec();
    settings.push("run.years=1");
    let scenario = common::variant("[[policy]]\nfrom = \"2027-02\"\ndata_rights = \"consent\"\n", &settings);
    let run = |followed: bool| {
        let mut economy = Economy::found(&scenario.parameters, |world, schedule| {
            install(world, schedule);
            if followed {
                let Ok(Wanted::Named(who)) = Wanted::parse("IND/assembler/7", &scenario.parameters) else { panic!() };
                handover::observe::life::install(world, schedule, &[who]);
            }
        });
        while !economy.is_over() {
            economy.step().unwrap();
        }
        handover::experiment::checkpoint::state_hash(&mut economy)
    };
    assert_eq!(run(false), run(true));
}
