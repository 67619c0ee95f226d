//! Events: what happens without a law, each in a file of its own.
//!
//! A file says what the event is, what it does to the [`Shocks`] that the rules read, and what it
//! leaves out. To add one, write its file and its line in the list below.

pub mod breakthrough;
pub mod demand_shock;
pub mod disaster;
pub mod goods_tariff;
pub mod import_ban;
pub mod leak;
pub mod region_joins;
pub mod strike;
pub mod tariff;

use super::clock::Date;
use super::shocks::Shocks;
use crate::economy::shared::fault::Fault;
use crate::economy::world::robots::RobotParameters;
use crate::ground::list::Listed;
use crate::ground::words::listed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Names by which policies and events find regions and labs; both sorted.
#[derive(Clone, Debug)]
pub struct Names {
    /// Regions.
    pub regions: Vec<String>,
    /// Labs.
    pub labs: Vec<String>,
}

/// What events find at the start.
#[derive(Clone, Debug)]
pub struct Start<'a> {
    /// Robots, and who makes them where.
    pub robots: &'a RobotParameters,
    /// Regions each lab collects hours in, in the order of the labs.
    pub collects: Vec<&'a [String]>,
}

/// When and where something happens.
pub trait When {
    /// First day.
    fn from(&self) -> Date;
    /// First day after; for good if none.
    fn until(&self) -> Option<Date> {
        None
    }
    /// Where; everywhere, or nowhere in particular, if none.
    fn regions(&self) -> Option<&[String]> {
        None
    }
    /// Which labs have a part in it; all, or none in particular, if none.
    fn labs(&self) -> Option<&[String]> {
        None
    }
}

/// Says when and where an event happens by those of its keys that say so.
macro_rules! happens {
    ($kind:ty: $($key:ident),*) => {
        impl super::When for $kind {
            $(super::happens! { @$key })*
        }
    };
    (@from) => {
        fn from(&self) -> super::Date {
            self.from
        }
    };
    (@until) => {
        fn until(&self) -> Option<super::Date> {
            self.until
        }
    };
    (@regions) => {
        fn regions(&self) -> Option<&[String]> {
            self.regions.as_deref()
        }
    };
    (@labs) => {
        fn labs(&self) -> Option<&[String]> {
            self.labs.as_deref()
        }
    };
}
use happens;

/// What something that happens is about.
pub trait About<T>: When {
    /// Which of them; all if there is no list.
    fn about(&self) -> Option<&Vec<T>>;

    /// Every place it happens in with every item it is about.
    fn each<'a>(&'a self, names: &'a Names) -> impl Iterator<Item = (usize, T)> + 'a
    where
        T: Listed,
    {
        each(self.regions(), &names.regions, self.about())
    }

    /// Raises a share to `to` for every place and item, unless it is higher already: the largest of several counts.
    fn raise<const N: usize>(&self, names: &Names, shares: &mut [[f64; N]], to: f64)
    where
        T: Listed,
    {
        for (region, item) in self.each(names) {
            let share = &mut shares[region][item.index()];
            *share = share.max(to);
        }
    }
}

/// Something that happens from a day on.
pub trait Happening: When {
    /// What is wrong that days and names of regions do not show: a key within the event, and words.
    fn faults(&self, _names: &Names, _start: &Start) -> Vec<Fault> {
        Vec::new()
    }
    /// What happens, as the end of a sentence that begins with when and where.
    fn says(&self) -> String;
    /// What is in force in a tick while it lasts.
    fn act(&self, names: &Names, shocks: &mut Shocks);
}

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident($kind:ty) = $word:literal;)*) => {
        /// What happens without a law.
        #[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
        #[serde(tag = "kind")]
        pub enum Event { $($(#[$meta])* #[serde(rename = $word)] $name($kind),)* }

        impl Event {
            /// What it does.
            pub fn happening(&self) -> &dyn Happening {
                match self { $(Event::$name(event) => event,)* }
            }

            /// Its word in files.
            pub fn word(&self) -> &'static str {
                match self { $(Event::$name(_) => $word,)* }
            }
        }

        /// Every kind of event by its word, in order.
        pub const EVENTS: &[&str] = &[$($word,)*];
    };
}

events! {
    /// Workers refuse the camera together.
    Strike(strike::Strike) = "strike";
    /// Demand for some jobs moves.
    DemandShock(demand_shock::DemandShock) = "demand_shock";
    /// A better method: models fail less, or an hour teaches more.
    CapabilityBreakthrough(breakthrough::CapabilityBreakthrough) = "capability_breakthrough";
    /// Robots made elsewhere may not be bought.
    RobotImportBan(import_ban::RobotImportBan) = "robot_import_ban";
    /// Robots made elsewhere are taxed at the border.
    RobotTariff(tariff::RobotTariff) = "robot_tariff";
    /// Goods made elsewhere are taxed at the border.
    GoodsTariff(goods_tariff::GoodsTariff) = "goods_tariff";
    /// A lab's hours get into other hands.
    DataLeak(leak::DataLeak) = "data_leak";
    /// A share of the sites stands still.
    NaturalDisaster(disaster::NaturalDisaster) = "natural_disaster";
    /// Labs begin to collect hours in a region.
    NewRegionJoins(region_joins::NewRegionJoins) = "new_region_joins";
}

/// An event with a first day, a last one and regions, then a list of what it is about, which means all when it is
/// absent, then what else is its own. What its regions mean may be said.
macro_rules! dated_and_placed {
    ($(#[$meta:meta])* pub struct $name:ident { $($rest:tt)* }) => {
        super::dated_and_placed! { $(#[$meta])* pub struct $name, in "Where; everywhere if absent." { $($rest)* } }
    };
    ($(#[$meta:meta])* pub struct $name:ident, in $place:literal {
        $(#[$about:meta])* pub $list:ident: Option<Vec<$thing:ty>>,
        $($(#[$own:meta])* pub $key:ident: $kind:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, schemars::JsonSchema, serde::Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// First day.
            pub from: super::Date,
            /// First day after; for good if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub until: Option<super::Date>,
            #[doc = $place]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(extend("x-names" = "region"))]
            pub regions: Option<Vec<String>>,
            $(#[$about])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $list: Option<Vec<$thing>>,
            $($(#[$own])* pub $key: $kind,)*
        }

        impl super::About<$thing> for $name {
            fn about(&self) -> Option<&Vec<$thing>> {
                self.$list.as_ref()
            }
        }

        super::happens! { $name: from, until, regions }
    };
}
use dated_and_placed;

/// "33 %".
fn per_cent(share: f64) -> String {
    // twelve digits: what a reader can want, without the noise of binary numbers
    format!("{} %", (share * 1e14).round() / 1e12)
}

/// What is on a list in words, "a, b and c"; `all` if there is no list.
fn named<T>(list: Option<&[T]>, word: impl Fn(&T) -> String, all: &str) -> String {
    let Some(list) = list else { return all.into() };
    listed(list.iter().map(|thing| word(thing).replace('_', " ")))
}

/// The fault of one key.
fn fault(key: &str, words: impl Into<String>) -> Vec<Fault> {
    vec![Fault { key: key.into(), words: words.into() }]
}

/// What is wrong with a list of labs.
fn unknown_labs(named: Option<&[String]>, names: &Names) -> Vec<Fault> {
    let Some(named) = named else { return Vec::new() };
    if named.is_empty() {
        return fault("labs", "the list is empty; leave it out to mean all");
    }
    let unknown = named.iter().enumerate().filter(|(_, name)| !names.labs.contains(name));
    let about = |(place, name): (usize, &String)| Fault {
        key: format!("labs.{place}"),
        words: format!("there is no lab {name:?}; there are {:?}", names.labs),
    };
    unknown.map(about).collect()
}

/// Places of the names on a list among all names; all places if there is no list.
pub fn places<'a>(named: Option<&'a [String]>, all: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let is_on = move |name: &String| named.is_none_or(|list| list.contains(name));
    all.iter().enumerate().filter(move |(_, name)| is_on(name)).map(|(place, _)| place)
}

/// Every pair of a named place and a listed item; all of either if there is no list.
pub fn each<'a, T: Listed>(
    named: Option<&'a [String]>,
    all: &'a [String],
    list: Option<&'a Vec<T>>,
) -> impl Iterator<Item = (usize, T)> + 'a {
    let items = move || T::ALL.iter().copied().filter(move |item| is_listed(list, item));
    places(named, all).flat_map(move |place| items().map(move |item| (place, item)))
}

/// Is an item on a list that means all when it is absent?
pub fn is_listed<T: PartialEq>(list: Option<&Vec<T>>, thing: &T) -> bool {
    list.is_none_or(|list| list.contains(thing))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What an event, written as in a file but in JSON, has in force in two regions and at two labs.
    pub(crate) fn shocks(text: &str) -> Shocks {
        let regions: Vec<String> = ["IND".into(), "USA".into()].into();
        let labs: Vec<String> = ["A lab".into(), "B lab".into()].into();
        let event: Event = serde_json::from_str(text).unwrap();
        let mut shocks = Shocks::none(2, 2);
        event.happening().act(&Names { regions, labs }, &mut shocks);
        shocks
    }

    #[test]
    fn a_kind_nobody_knows_and_a_key_it_has_not_are_refused() {
        let read = |text: &str| serde_json::from_str::<Event>(text).unwrap_err().to_string();
        assert!(read(r#"{"kind":"strik","from":"2029-01"}"#).contains("unknown variant"));
        let text = r#"{"kind":"data_leak","from":"2029-01","lab":"A lab","share":0.5,"until":"2030-01"}"#;
        assert!(read(text).contains("unknown field `until`"), "{}", read(text));
    }

    #[test]
    fn no_list_means_all() {
        let all: Vec<String> = ["a".into(), "b".into(), "c".into()].into();
        assert_eq!(places(None, &all).collect::<Vec<_>>(), [0, 1, 2]);
        let list: Vec<String> = ["c".into(), "a".into()].into();
        assert_eq!(places(Some(&list), &all).collect::<Vec<_>>(), [0, 2]);
    }
}
