//! What no single value can show: that the numbers of a scenario fit each other.
//!
//! All faults are collected, each with the key it belongs to, so that a file can be put right in one go.

use super::Sections;
use crate::economy::policy::RunParameters;
use crate::economy::policy::events::{Names, Start};
use crate::economy::shared::fault::Fault;
use crate::economy::shared::forms::Technology;
use crate::economy::shared::path::Path;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Kind, SiteType};
use crate::ground::by_region::ByRegion;
use crate::ground::list::Listed;
use crate::ground::units::{Grain, Share};
use std::collections::BTreeMap;

/// How far shares may miss 1: what is lost when decimal shares become binary numbers.
const ROUNDING: f64 = 1e-9;

/// Most labs: a site remembers those it has taught in 64 bits.
const MOST_LABS: usize = 64;

/// Everything that is wrong with the sections, in the order of the file.
pub(super) fn faults(sections: &Sections) -> Vec<Fault> {
    let mut regions = sections.world.regions.clone();
    regions.sort();
    let mut list = Faults { found: Vec::new(), regions };
    list.check_run(&sections.run);
    if list.regions.is_empty() {
        list.note("world.regions", "a world has at least one region");
    }
    if let Some(twice) = list.regions.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()) {
        list.note("world.regions", format!("{twice:?} stands here twice; each region once"));
    }
    list.check_people(sections);
    list.check_labour(sections);
    list.check_demand(sections);
    list.check_trade(sections);
    list.check_capture(sections);
    list.check_robots(sections);
    list.check_price_paths(sections);
    list.check_given(sections);
    list.check_shares("settlement.ownership", &sections.settlement.ownership);
    for (lever, words) in sections.law.check(&list.regions) {
        list.note(format!("law.{lever}"), words);
    }
    list.check_names(sections);
    // what numbers make together is asked of a world whose regions all have theirs
    if list.found.is_empty() {
        list.found = super::bounds::faults(sections);
    }
    if list.found.is_empty() {
        list.found = super::together::faults(sections);
    }
    list.found
}

struct Faults {
    found: Vec<Fault>,
    regions: Vec<String>,
}

impl Faults {
    fn note(&mut self, key: impl Into<String>, words: impl Into<String>) {
        self.found.push(Fault { key: key.into(), words: words.into() });
    }

    /// A value for every region, and for no other.
    fn check_regional<T>(&mut self, key: impl Into<String>, values: &ByRegion<T>) {
        if let Err(words) = values.check(&self.regions) {
            self.note(key, words);
        }
    }

    fn check_region(&mut self, key: impl Into<String>, region: &str) {
        if !self.regions.iter().any(|known| known == region) {
            self.note(key, format!("no region {region:?} is declared"));
        }
    }

    fn check_run(&mut self, run: &RunParameters) {
        let days = run.tick.0 * 7.0;
        if ![1.0, 7.0, 28.0].iter().any(|&allowed| (days - allowed).abs() < ROUNDING) {
            self.note("run.tick", "a tick is \"1 day\", \"1 week\" or \"4 weeks\"");
        }
        let ticks = (run.years.0 * crate::ground::units::WEEKS_PER_YEAR + run.spin_up.0) / run.tick.0;
        if ticks > 30_000.0 || run.years.0 <= 0.0 {
            self.note("run.years", "a run has more than 0 years and at most 30,000 ticks");
        }
        self.check_regional("run.persons_per_agent", &run.persons_per_agent);
        let is_whole = |grain: &Grain| grain.0 >= 1.0 && grain.0.fract() == 0.0;
        if !run.persons_per_agent.values().all(is_whole) {
            self.note("run.persons_per_agent", "a whole number of persons, at least 1");
        }
        if run.robots_per_agent.0 < 1.0 {
            self.note("run.robots_per_agent", "at least 1");
        }
    }

    /// Who people are, how they come and go, and what their wages do.
    fn check_people(&mut self, sections: &Sections) {
        let people = &sections.people;
        self.check_regional("people.scar_organised", &people.scar_organised);
        self.check_regional("people.scar_organised_permanent", &people.scar_organised_permanent);
        self.check_regional("people.scar_gig", &people.scar_gig);
        self.check_regional("people.scar_gig_permanent", &people.scar_gig_permanent);
        self.check_regional("demography.growth", &sections.demography.growth);
        self.check_regional("wages.growth", &sections.wages.growth);
    }

    fn check_labour(&mut self, sections: &Sections) {
        let labour = &sections.labour;
        for &o in Occupation::ALL {
            self.check_regional(format!("labour.wage.{}", o.name()), &labour.wage[o]);
            self.check_regional(format!("labour.quits.{}", o.name()), &labour.quits[o]);
        }
        for &site in SiteType::ALL {
            self.check_regional(format!("labour.organised.{}", site.name()), &labour.organised[site]);
        }
        let here = SiteType::Factory.occupations();
        let mut is_whole = true;
        for o in here {
            match labour.factory_mix.get(o) {
                Some(mix) => {
                    is_whole &= mix.check(&self.regions).is_ok();
                    self.check_regional(format!("labour.factory_mix.{}", o.name()), mix);
                }
                None => {
                    is_whole = false;
                    self.note("labour.factory_mix", format!("{:?} is missing", o.name()));
                }
            }
        }
        for o in labour.factory_mix.keys().filter(|o| !here.contains(o)) {
            is_whole = false;
            let words = "only occupations of factories have a share: assembler, operator, tool_and_die, helper";
            self.note(format!("labour.factory_mix.{}", o.name()), words);
        }
        for r in (0..self.regions.len()).filter(|_| is_whole) {
            let sum: f64 = labour.factory_mix.values().map(|mix| mix[r].0).sum();
            if (sum - 1.0).abs() > ROUNDING {
                let words = format!("the shares of {:?} add up to {}, not to 1", self.regions[r], rounded(sum));
                self.note("labour.factory_mix", words);
            }
        }
        self.check_regional("labour.manufacturing", &labour.manufacturing);
        self.check_regional("labour.production_share", &labour.production_share);
        self.check_regional("labour.pickers", &labour.pickers);
        self.check_regional("labour.couriers", &labour.couriers);
        self.check_regional("labour.weekly_hours", &labour.weekly_hours);
        self.check_regional("labour.benefits", &labour.benefits);
        self.check_regional("labour.unemployment", &labour.unemployment);
        self.check_regional("labour.job_finding", &labour.job_finding);
    }

    fn check_demand(&mut self, sections: &Sections) {
        let demand = &sections.demand;
        for &site in SiteType::ALL {
            self.check_regional(format!("demand.growth.{}", site.name()), &demand.growth[site]);
            self.check_regional(format!("demand.density_elasticity.{}", site.name()), &demand.density_elasticity[site]);
        }
        for (site, regions) in &demand.path {
            for (region, path) in &regions.0 {
                let key = format!("demand.path.{}.{region}", site.name());
                self.check_region(&key, region);
                if let Some(words) = path.fault() {
                    self.note(key, words);
                }
            }
        }
        self.check_shares("demand.market_weights", &demand.market_weights);
        self.check_regional("demand.home_share", &demand.home_share);
        self.check_regional("demand.parcels", &demand.parcels);
        self.check_regional("demand.human_cost_per_parcel", &demand.human_cost_per_parcel);
        self.check_regional("demand.station_share", &demand.station_share);
        for &kind in Kind::ALL {
            if !kind.is_on_the_street() && !demand.hours_per_unit.contains_key(&kind) {
                self.note("demand.hours_per_unit", format!("the job kind {:?} is missing", kind.name()));
            }
        }
    }

    fn check_price_paths(&mut self, sections: &Sections) {
        for &class in Class::ALL {
            if let Some(words) = sections.robots.class[class].price_path.as_ref().and_then(Path::fault) {
                self.note(format!("robots.class.{}.price_path", class.name()), words);
            }
        }
    }

    /// Paths of capability, and whether technology is given just where there are some.
    fn check_given(&mut self, sections: &Sections) {
        let paths = &sections.learning.path;
        for (family, path) in paths {
            if let Some(words) = path.fault_of_shares() {
                self.note(format!("learning.path.{}", family.name()), words);
            }
        }
        let words = match sections.run.technology {
            Technology::Given if paths.is_empty() => {
                "run.technology is \"given\": say what robots can do, for example learning.path.handling = { 2022 = 0.95 }"
            }
            Technology::Moving if !paths.is_empty() => {
                "robots learn from hours where run.technology is \"moving\"; paths count where it is \"given\""
            }
            _ => return,
        };
        self.note("learning.path", words.to_owned());
    }

    /// Where each region's factories sell abroad: somewhere, and to markets that there are.
    fn check_trade(&mut self, sections: &Sections) {
        let exports = &sections.trade.exports;
        for (origin, to) in exports {
            self.check_region(format!("trade.exports.{origin}"), origin);
            for market in to.0.keys() {
                self.check_region(format!("trade.exports.{origin}.{market}"), market);
            }
        }
        for region in self.regions.clone() {
            let abroad = |(market, share): (&String, &Share)| *market != region && share.0 > 0.0;
            let sells = exports.get(&region).is_some_and(|to| to.0.iter().any(abroad));
            if !sells && self.regions.len() > 1 {
                let words = format!("{region:?} sells to no other region; at least one market needs a weight above 0");
                self.note("trade.exports", words);
            }
        }
    }

    fn check_capture(&mut self, sections: &Sections) {
        let labs = &sections.capture.labs;
        self.check_regional("capture.filming_at_start", &sections.capture.filming_at_start);
        if sections.capture.path.films_before_start() && sections.capture.path.at_start.0 >= sections.capture.budget.0 {
            let words = "labs spend less at the start than in the end: let it be less than capture.budget";
            self.note("capture.path.at_start", words);
        }
        for (lab, about) in labs {
            self.check_region(format!("capture.labs.{lab}.home"), &about.home);
            for (place, region) in about.licenses.iter().enumerate() {
                self.check_region(format!("capture.labs.{lab}.licenses.{place}"), region);
            }
            for (place, region) in about.collects.iter().enumerate() {
                self.check_region(format!("capture.labs.{lab}.collects.{place}"), region);
            }
        }
        if labs.is_empty() || labs.len() > MOST_LABS {
            self.note("capture.labs", format!("between 1 and {MOST_LABS} labs"));
            return;
        }
        let sum: f64 = labs.values().map(|lab| lab.share.0).sum();
        if (sum - 1.0).abs() > ROUNDING {
            self.note("capture.labs", format!("the labs' shares add up to {}, not to 1", rounded(sum)));
        }
        for region in self.regions.clone() {
            let sellers: Vec<_> = labs.iter().filter(|(_, lab)| lab.licenses.contains(&region)).collect();
            let names: Vec<_> = sellers.iter().map(|(name, _)| format!("{name:?}")).collect();
            match names.as_slice() {
                [_] => {}
                [] => self.note("capture.labs", format!("exactly one lab must license to {region:?}; none does")),
                more => {
                    let all = more.join(" and ");
                    self.note("capture.labs", format!("exactly one lab must license to {region:?}; {all} do"));
                }
            }
        }
    }

    fn check_robots(&mut self, sections: &Sections) {
        let robots = &sections.robots;
        for &class in Class::ALL {
            let (key, class) = (format!("robots.class.{}", class.name()), &robots.class[class]);
            self.check_regional(format!("{key}.price_factor"), &class.price_factor);
            self.check_regional(format!("{key}.fleet_at_start"), &class.fleet_at_start);
            self.check_region(format!("{key}.maker"), &class.maker);
        }
        self.check_regional("robots.hurdle_factor", &robots.hurdle_factor);
        self.check_regional("robots.van_density", &robots.van_density);
        self.check_regional("robots.open_at_start", &robots.open_at_start);
        self.check_regional("robots.open_later", &robots.open_later);
    }

    /// Shares over regions that must add up to 1.
    fn check_shares(&mut self, key: &str, table: &BTreeMap<String, Share>) {
        for region in table.keys() {
            self.check_region(format!("{key}.{region}"), region);
        }
        let sum: f64 = table.values().map(|share| share.0).sum();
        let all_known = table.keys().all(|name| self.regions.contains(name));
        if all_known && self.regions.len() > 1 && (sum - 1.0).abs() > ROUNDING {
            self.note(key, format!("the shares add up to {}, not to 1", rounded(sum)));
        }
    }

    /// Regions that policies, events and operators name.
    fn check_names(&mut self, sections: &Sections) {
        for (index, policy) in sections.policies.iter().enumerate() {
            for (place, region) in policy.regions.iter().flatten().enumerate() {
                self.check_region(format!("policy.{index}.regions.{place}"), region);
            }
            for fault in policy.faults() {
                self.note(format!("policy.{index}.{}", fault.key), fault.words);
            }
        }
        let names = Names { regions: self.regions.clone(), labs: sections.capture.labs.keys().cloned().collect() };
        let collects = sections.capture.labs.values().map(|lab| lab.collects.as_slice()).collect();
        let start = Start { robots: &sections.robots, collects };
        for (index, event) in sections.events.iter().enumerate() {
            for (place, region) in event.happening().regions().into_iter().flatten().enumerate() {
                self.check_region(format!("event.{index}.regions.{place}"), region);
            }
            for fault in event.happening().faults(&names, &start) {
                self.note(format!("event.{index}.{}", fault.key), fault.words);
            }
        }
        for (index, operator) in sections.operators.iter().enumerate() {
            self.check_region(format!("operator.{index}.region"), &operator.region);
        }
    }
}

/// A sum as a reader wants it, without the noise of binary numbers.
fn rounded(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}
