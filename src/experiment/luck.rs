//! Every draw has one owner: tests of the random numbers of whole worlds.
//!
//! A recording `Luck` notes (stream, tick, key, bits) of every draw. Whatever rule is added, its draws are
//! seen here.

use crate::economy::Economy;
use crate::economy::shared::streams::Stream;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Kind, SiteType};
use crate::economy::world::people::Cohort;
use crate::economy::world::sites::{Fleet, Site, SiteTrait};
use crate::ground::list::Listed;
use crate::ground::random::recording::{Drawn, record, take};
use crate::ground::random::{Key, Luck};
use crate::scenario::{Scenario, load};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that draws does: a programme with partial coverage that sites join and leave, dismissals,
/// courses, insurance, floods, robots everywhere.
const EVENTFUL: &str = "[scenario]\nname = \"eventful\"\nextends = \"first-economy.toml\"\n\
[[policy]]\nfrom = \"2027-01-01\"\nprogramme_coverage = \"50 %\"\ntraining_places = \"2 %\"\ninsurance_cover = \"60 %\"\n\
[[event]]\nkind = \"natural_disaster\"\nfrom = \"2027-01-08\"\nuntil = \"2028-12-01\"\nregions = [\"IND\"]\n\
sites = [\"factory\", \"depot\"]\nshare = \"30 %\"\n";

const SETTINGS: [&str; 8] = [
    "run.persons_per_agent=200000 persons",
    "run.robots_per_agent=500",
    "run.spin_up=4 weeks",
    "run.years=3",
    "run.panel=200",
    "risk.dismissal.none=20 %/week",
    "capture.joining=5 %/week",
    "capture.filming_at_start=0.5",
];

fn eventful(settings: &[&str]) -> Scenario {
    let settings: Vec<String> = SETTINGS.iter().chain(settings).map(|&one| one.to_owned()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let reader = |path: &Path| {
        if path.ends_with("eventful.toml") { Ok(EVENTFUL.to_owned()) } else { std::fs::read_to_string(path) }
    };
    load(&folder.join("eventful.toml"), &settings, &reader).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Streams that the founding and the weeks of a world draw from.
const OF_WORLDS: [Stream; 20] = [
    Stream::Skill,
    Stream::FirstWeek,
    Stream::SiteSize,
    Stream::SiteTraits,
    Stream::Split,
    Stream::FirstRobots,
    Stream::Coverage,
    Stream::Consent,
    Stream::Dismissal,
    Stream::Programme,
    Stream::ProgrammeLab,
    Stream::Demand,
    Stream::Attempts,
    Stream::FieldFailures,
    Stream::Uptime,
    Stream::Deliveries,
    Stream::Labour,
    Stream::Queue,
    Stream::Vacancy,
    Stream::Cover,
];

fn assert_owned(drawn: &[Drawn]) {
    let mut all: Vec<(u64, i32, Key)> = drawn.iter().map(|draw| (draw.stream, draw.tick, draw.key)).collect();
    all.sort_unstable();
    if let Some(pair) = all.windows(2).find(|pair| pair[0] == pair[1]) {
        panic!("drawn twice: {:?}", pair[0]);
    }
}

#[test]
fn every_draw_of_a_founding_and_of_a_week_has_one_owner() {
    let scenario = eventful(&[]);
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let mut count = |drawn: &[Drawn]| drawn.iter().for_each(|draw| *seen.entry(draw.stream).or_default() += 1);
    record(|| {
        let mut economy = Economy::found(&scenario.parameters, |_, _| ());
        let founding = take();
        assert_owned(&founding);
        count(&founding);
        for _ in 0..60 {
            economy.step().expect("identities hold");
            let week = take();
            assert_owned(&week);
            count(&week);
        }
    });
    for stream in OF_WORLDS.into_iter().chain([Stream::Course]) {
        assert!(
            seen.get(&u64::from(stream)).is_some_and(|&draws| draws > 0),
            "nothing was drawn from {stream:?}: {seen:?}"
        );
    }
}

/// Where people answer by what they ask, each has one draw for life, and that too is nobody else's.
#[test]
fn what_somebody_asks_is_drawn_once_a_week_at_most() {
    let scenario = eventful(&["consent.answer=threshold"]);
    let draws: usize = record(|| {
        let mut economy = Economy::found(&scenario.parameters, |_, _| ());
        take();
        let week = || {
            economy.step().expect("identities hold");
            let week = take();
            assert_owned(&week);
            week.iter().filter(|draw| draw.stream == u64::from(Stream::Ask)).count()
        };
        std::iter::repeat_with(week).take(8).sum()
    });
    assert!(draws > 0, "nobody was asked");
}

/// What is known of the draws of a stream: of each set, of how many the eighth parts of the bits lie below
/// [`BELOW`], against the binomial; and neighbours in the order of keys.
#[derive(Default)]
struct Ledger {
    squares: f64,
    sets: f64,
    below: f64,
    bytes: f64,
    product: f64,
    pairs: f64,
}

/// A byte lies below this with probability 77/256.
const BELOW: u8 = 77;

impl Ledger {
    fn add(&mut self, mut set: Vec<(Key, u64)>) {
        let (n, p) = (set.len() as f64, f64::from(BELOW) / 256.0);
        for byte in 0..8 {
            let below = set.iter().filter(|(_, bits)| ((bits >> (8 * byte)) as u8) < BELOW).count() as f64;
            let away = below - n * p;
            self.squares += away * away / (n * p * (1.0 - p));
            self.sets += 1.0;
            self.below += below;
            self.bytes += n;
        }
        set.sort_unstable();
        let unit = |bits: u64| (bits >> 11) as f64 / 9_007_199_254_740_992.0 - 0.5;
        for pair in set.windows(2) {
            self.product += unit(pair[0].1) * unit(pair[1].1);
            self.pairs += 1.0;
        }
    }

    /// Mean share below, ratio of the variance to the binomial, correlation of neighbours with its standard error.
    fn told(&self) -> (f64, f64, f64, f64) {
        // a uniform draw has variance 1/12
        let correlation = 12.0 * self.product / self.pairs.max(1.0);
        (self.below / self.bytes, self.squares / self.sets, correlation, 1.0 / libm::sqrt(self.pairs.max(1.0)))
    }
}

/// Draws of every stream, week by week and founding by founding, vary as independent draws do: the ratio of
/// the variance of a count to the binomial is 1. Size: each ratio rests on at least 800 counts, its standard
/// error is sqrt(2/800) = 0.05, and a right generator leaves 0.8 to 1.25 once in some 10,000 seeds; seeds are
/// fixed. Power: two owners that share a draw make a ratio of 2, groups of 49 one of 49.
#[test]
fn the_variance_of_every_stream_is_that_of_independent_draws() {
    let mut ledgers: BTreeMap<u64, Ledger> = BTreeMap::new();
    let mut add = |drawn: Vec<Drawn>| {
        let mut sets: BTreeMap<u64, Vec<(Key, u64)>> = BTreeMap::new();
        drawn.iter().for_each(|draw| sets.entry(draw.stream).or_default().push((draw.key, draw.bits)));
        for (stream, set) in sets.into_iter().filter(|(_, set)| set.len() >= 3) {
            ledgers.entry(stream).or_default().add(set);
        }
    };
    record(|| {
        for seed in 0..110 {
            let scenario = eventful(&[&format!("run.seed={seed}"), "run.persons_per_agent=1000000 persons"]);
            Economy::found(&scenario.parameters, |_, _| ());
            add(take());
        }
        for seed in 0..4 {
            let scenario = eventful(&[&format!("run.seed={seed}")]);
            let mut economy = Economy::found(&scenario.parameters, |_, _| ());
            take();
            while !economy.is_over() {
                let tick = economy.tick();
                economy.step().expect("identities hold");
                // what is drawn once and for all, as of tick 0, is the same every week
                add(take().into_iter().filter(|draw| tick != 0 && draw.tick == tick).collect());
            }
        }
    });
    let all = || OF_WORLDS.into_iter().chain([Stream::Course]);
    let name = |number: u64| all().find(|&stream| u64::from(stream) == number).expect("a stream of worlds");
    let ledgers: Vec<(Stream, Ledger)> = ledgers.into_iter().map(|(number, ledger)| (name(number), ledger)).collect();
    println!("stream          counts   mean below {BELOW}/256   variance ratio   neighbours");
    for (stream, ledger) in &ledgers {
        let (mean, ratio, correlation, _) = ledger.told();
        println!("{stream:<14?} {:>7} {mean:>18.4} {ratio:>16.3} {correlation:>12.4}", ledger.sets);
    }
    for (stream, ledger) in &ledgers {
        let (mean, ratio, correlation, error) = ledger.told();
        let expected = f64::from(BELOW) / 256.0;
        assert!((mean - expected).abs() < 4.5 * libm::sqrt(expected / ledger.bytes), "{stream:?}: {mean}");
        assert!(ledger.sets < 800.0 || (0.8..1.25).contains(&ratio), "{stream:?}: {ratio}");
        assert!(correlation.abs() < 4.5 * error, "{stream:?}: neighbours correlate by {correlation}");
    }
    let rests_on_enough = ledgers.iter().filter(|(_, ledger)| ledger.sets >= 800.0).count();
    assert!(rests_on_enough >= 16, "{rests_on_enough}");
}

/// The first members of a region, of each kind of owner.
fn members(region: &str) -> Vec<Key> {
    let workers = Occupation::ALL.iter().flat_map(|&occupation| {
        let keys = Cohort::market_key(region, occupation).rows();
        (0..200).map(move |row| keys.row(row))
    });
    let sites: Vec<Key> =
        SiteType::ALL.iter().flat_map(|&kind| (0..40).map(move |n| Site::key_of(region, kind, n))).collect();
    let robots = |site: Key, class: Class| (0..20).map(move |row| Fleet::keys_of(site, class).row(row));
    let robots: Vec<Key> =
        sites.iter().flat_map(|&site| Class::ALL.iter().flat_map(move |&class| robots(site, class))).collect();
    let jobs = sites.iter().flat_map(|site| Kind::ALL.iter().map(move |&kind| site.and(kind)));
    let traits =
        [SiteTrait::Organised, SiteTrait::FilmsFirst, SiteTrait::FilmsLast, SiteTrait::FilmsFor, SiteTrait::Flooded];
    let by_class = [SiteTrait::Threshold, SiteTrait::Hurdle, SiteTrait::Orders, SiteTrait::Ages];
    let by_class = by_class.iter().flat_map(|which| Class::ALL.iter().map(move |&class| which(class)));
    let traits: Vec<SiteTrait> =
        traits.into_iter().chain(by_class).chain(Occupation::ALL.iter().map(|&o| SiteTrait::Positions(o))).collect();
    let traits = sites.iter().flat_map(|site| traits.iter().map(move |&which| site.and(which)));
    let asked = sites.iter().map(|site| site.and(Cohort::market_key(region, Occupation::Helper).rows().row(17)));
    workers.chain(robots.iter().copied()).chain(jobs).chain(traits).chain(asked).chain(sites.iter().copied()).collect()
}

#[test]
fn no_two_things_of_the_world_have_one_key() {
    let mut all: Vec<Key> = ["IND", "CHN", "BGD", "VNM", "MEX", "USA", "EU27", "JPN", ""].map(members).concat();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
    assert!(count > 100_000, "{count}");
}

/// Size: each correlation of n pairs stays below 4.5/sqrt(n) but once in 150,000 seeds; power: random numbers shared by
/// one pair in fifty is seen.
#[test]
fn regions_and_streams_do_not_share_luck() {
    let luck = Luck::new(11, 0);
    let unit = |stream: Stream, tick: i32, key: Key| luck.at(stream, tick).share(key) - 0.5;
    let (ind, chn) = (members("IND"), members("CHN"));
    let is_apart = |of: &dyn Fn(usize) -> f64, name: &str| {
        let n = ind.len();
        let correlation = 12.0 * (0..n).map(of).sum::<f64>() / n as f64;
        assert!(correlation.abs() < 4.5 / libm::sqrt(n as f64), "{name}: {correlation}");
    };
    for (n, &stream) in OF_WORLDS.iter().enumerate() {
        is_apart(&|i| unit(stream, 3, ind[i]) * unit(stream, 3, chn[i]), &format!("India and China, {stream:?}"));
        is_apart(&|i| unit(stream, 3, ind[i]) * unit(stream, 4, ind[i]), &format!("two weeks, {stream:?}"));
        for &other in &OF_WORLDS[n + 1..] {
            is_apart(&|i| unit(stream, 3, ind[i]) * unit(other, 3, ind[i]), &format!("{stream:?} and {other:?}"));
        }
    }
}
