//! The law: its levers, and dated changes of them.
//!
//! Every lever has a value per region. A policy sets some of them, in some regions and, where the rule
//! looks at each occupation, for some occupations. It is in force at once, or phased in: a number moves
//! in a line from what it would be without the policy. When a policy ends its levers go back at once.
//! Of two policies that move one lever in one place at one time the later on the list counts; scenario
//! files may not have such a pair.

use super::clock::{Date, is_on, phased_in};
use super::lever::{Basis, Lever, Moves, Needs, Recycling, Regime, Setting};
use crate::economy::shared::fault::Fault;
use crate::economy::world::lists::Occupation;
use crate::ground::by_region::ByRegion;
use crate::ground::list::Listed;
use crate::ground::units::{Share, Span, UsdPerHour, UsdPerWeek};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! is_up {
    (up) => {
        true
    };
    (down) => {
        false
    };
}

// A lever says its kind; whether occupations can differ; a sentence, or one for each word; the lever it depends on; and
// what it moves: indicator, up or down, at which value, in which region, of which item if not of all.
macro_rules! levers {
    ($($(#[$meta:meta])* $name:ident: $kind:ty $(, by $by:ident)? $(, says $says:literal)?
        $(, says { $($word:literal => $sentence:literal,)* })? $(, needs $needed:ident $(at $at:literal)?)?
        $(, moves $metric:ident $way:ident at $value:literal in $region:ident $($item:ident)?)?;)*) => {
        /// The law as the baseline states it: a value for all regions, or one for each.
        #[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct LawParameters { $($(#[$meta])* pub $name: ByRegion<$kind>,)* }

        /// The law of one region, or of one occupation there, in one tick.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Law { $($(#[$meta])* pub $name: $kind,)* }

        /// A dated change of some levers in some regions.
        #[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct Policy {
            /// First day in force, "2029-01" or "2029-01-15".
            pub from: Date,
            /// First day no longer in force; for good if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub until: Option<Date>,
            /// Where; everywhere if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(extend("x-names" = "region"))]
            pub regions: Option<Vec<String>>,
            /// For whom; for all if absent. Only levers that can differ by occupation.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub occupations: Option<Vec<Occupation>>,
            /// How long the change takes, in a line from the value before; at once if absent. Only numbers.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub phase_in: Option<Span>,
            $($(#[$meta])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $name: Option<$kind>,)*
        }

        impl LawParameters {
            /// What is wrong with the levers' tables by region: the lever's word and the words for it.
            pub fn check(&self, regions: &[String]) -> Vec<(&'static str, String)> {
                let mut found = Vec::new();
                $(found.extend(self.$name.check(regions).err().map(|words| (stringify!($name), words)));)*
                found
            }

            /// The law of each region, in the order of their names; all of them must be there.
            pub fn resolve(&self, regions: &[String]) -> Vec<Law> {
                (0..regions.len()).map(|r| Law { $($name: self.$name[r],)* }).collect()
            }
        }

        impl Policy {
            /// Moves the levers it sets; `part` of the phase-in is behind.
            pub(super) fn apply(&self, law: &mut Law, part: f64) {
                $(if let Some(goal) = self.$name { law.$name = law.$name.towards(goal, part); })*
            }

            /// A policy that sets nothing yet, everywhere, from a day on.
            ///
            /// ```
            /// use handover::economy::policy::{Date, Policy};
            /// use handover::ground::units::Share;
            ///
            /// let start = Date(chrono::NaiveDate::from_ymd_opt(2029, 1, 1).unwrap());
            /// let royalty = Policy { royalty_rate: Some(Share(0.15)), ..Policy::new(start) };
            /// assert_eq!(royalty.levers()[0].name, "royalty_rate");
            /// ```
            pub fn new(from: Date) -> Policy {
                let (until, regions, occupations, phase_in) = (None, None, None, None);
                Policy { from, until, regions, occupations, phase_in, $($name: None,)* }
            }

            /// The levers this policy sets.
            pub fn levers(&self) -> Vec<&'static Lever> {
                let is_set = [$(self.$name.is_some(),)*];
                LEVERS.iter().zip(is_set).filter(|(_, is_set)| *is_set).map(|(lever, _)| lever).collect()
            }
        }

        /// Every lever, in order.
        pub const LEVERS: &[Lever] = &[$(Lever {
            name: stringify!($name),
            kind: stringify!($kind),
            is_number: <$kind as Setting>::IS_NUMBER,
            is_by_occupation: { let by: &[&str] = &[$(stringify!($by))?]; !by.is_empty() },
            says: &[$(("", $says),)? $($(($word, $sentence),)*)?],
            needs: {
                let needs: &[Needs] = &[$(Needs { lever: stringify!($needed), at: &[$($at)?] })?];
                needs.first().copied()
            },
            moves: {
                let moves: &[Moves] = &[$(Moves {
                    metric: stringify!($metric),
                    is_up: is_up!($way),
                    at: stringify!($value),
                    region: stringify!($region),
                    item: { let items: &[&str] = &[$(stringify!($item),)? "all"]; items[0] },
                })?];
                moves.first().copied()
            },
        },)*];
    };
}

levers! {
    /// Who may say no to the camera, and at what risk.
    data_rights: Regime, says {
        "none" => "refusing the camera risks the job",
        "notice" => "workers are told that they are filmed",
        "consent" => "nobody is filmed without consent",
        "bargaining" => "the covered workers of a site decide on the camera together",
        "ban" => "nobody may be filmed at work",
    }, moves raw_hours down at "ban" in IND;
    /// May a worker take past hours out of the stock by refusing?
    withdrawal: bool, says {
        "true" => "workers may take their past hours back",
        "false" => "past hours stay with the labs",
    };
    /// Part of a filming site's workers that is asked.
    programme_coverage: Share, says "{} of a filming site's workers are asked to be filmed",
        moves filmed_workers up at 0.5 in IND;
    /// Least capture pay per recorded hour.
    least_capture_pay: UsdPerHour, says "a recorded hour pays at least {}",
        moves capture_pay_received up at "3 USD/hour" in IND;
    /// Fine per worker and week of filming under a ban.
    ban_penalty: UsdPerWeek, says "filming under a ban costs {} per worker", needs data_rights at "ban",
        moves taxes up at "5000 USD/year" in IND;
    /// Share of licence revenue due on the human hours of this region's contributors.
    royalty_rate: Share, says "{} of licence revenue goes to contributors",
        moves royalties_received up at "30 %" in IND;
    /// By what it is shared.
    royalty_basis: Basis, says {
        "hours" => "royalties are shared by accepted hours",
        "quality_hours" => "royalties are shared by accepted hours times skill",
        "equal" => "every contributor gets the same royalty",
        "collective" => "royalties go to all workers of the contributors' region and occupation",
    }, needs royalty_rate;
    /// Share of it that collecting costs.
    royalty_collection_cost: Share, says "collecting royalties costs {} of them", needs royalty_rate,
        moves royalties_received down at "60 %" in IND;
    /// How long hours go on earning: claims fade with this mean life.
    royalty_duration: Span, says "filmed hours go on earning for a mean of {}", needs royalty_rate,
        moves royalties_received down at "20 weeks" in IND;
    /// Does the claim survive the job?
    royalty_portable: bool, says {
        "true" => "the claim to royalties survives the job",
        "false" => "the claim to royalties ends with the job",
    }, needs royalty_rate, moves royalties_received down at false in IND;
    /// Tax on the purchase price of robots.
    robot_tax: Share, says "{} of the price of robots goes to the government",
        moves robots_ordered down at "50 %" in CHN amr;
    /// Levy per accepted hour recorded in the region.
    data_levy: UsdPerHour, says "{} is due on every accepted hour", moves taxes up at "1 USD/hour" in IND;
    /// Fee per accepted hour that leaves the country for a lab whose home is elsewhere.
    data_export_fee: UsdPerHour, says "{} is due on every accepted hour that leaves the country", moves taxes up at "1 USD/hour" in IND;
    /// Charge on what the region's customers pay for goods, parcels and orders; handed out to all its workers.
    buyers_charge: Share, says "{} of what customers buy goes into a fund that is handed out to everybody", moves transfers up at "1 %" in USA;
    /// Wage subsidy to factories that sell less than at the start: share of wages for each share of output lost.
    trade_subsidy: Share, says "a factory that loses a tenth of its output has a tenth of {} of its wages paid";
    /// What becomes of robot tax, tariff, data levy and export fee.
    recycling: Recycling, says {
        "deficit" => "the government keeps robot tax and data levy",
        "dividend" => "robot tax and data levy are handed back to everybody",
        "training" => "robot tax and data levy pay for training",
    };
    /// Paid to everybody, as a share of the region's median wage.
    citizen_dividend: Share, says "everybody is paid {} of the median wage", moves transfers up at "10 %" in USA;
    /// Share of a displaced worker's loss of pay made good while at work again.
    wage_insurance: Share, by occupation, says "{} of a displaced worker's loss of pay is made good",
        moves transfers up at "50 %" in USA;
    /// For how long after the displacement.
    wage_insurance_length: Span, by occupation, says "wage insurance lasts {} after the displacement",
        needs wage_insurance, moves transfers down at "1 weeks" in USA;
    /// Training places, as a share of the labour force.
    training_places: Share, by occupation, says "there are training places for {} of the labour force",
        moves training up at "2 %" in USA;
    /// Unemployment insurance: share of the former pay.
    insurance_replacement: Share, by occupation, moves transfers up at 0.9 in USA;
    /// Unemployment insurance: longest spell.
    insurance_length: Span, by occupation, needs insurance_replacement, moves transfers up at "200 weeks" in USA;
    /// Unemployment insurance: share of the jobless who are covered.
    insurance_cover: Share, by occupation, needs insurance_replacement, moves transfers up at 0.9 in USA;
    /// Employers' contributions on wages.
    payroll_tax: Share, by occupation, moves taxes up at 0.5 in IND;
    /// The same for couriers, whose work is often outside the system.
    payroll_tax_couriers: Share, moves cost_by_hand up at 0.9 in USA doorstep;
    /// Tax on labour income.
    income_tax: Share, by occupation, says "{} of labour income is taxed away", moves consumption down at 0.4 in USA;
    /// Tax on profits.
    corporate_tax: Share, says "{} of profits is taxed away", moves taxes up at 0.6 in USA;
    /// Least pay of a mean worker.
    minimum_wage: UsdPerWeek, by occupation, says "a mean worker earns at least {}",
        moves wage up at "400 USD/month" in IND helper;
}

impl Law {
    /// Share of the wages of a site that the government pays, where so much of its output is `lost`; where none is paid,
    /// nobody asks.
    #[inline]
    pub fn wage_subsidy(&self, lost: impl FnOnce() -> f64) -> f64 {
        if self.trade_subsidy.0 == 0.0 { 0.0 } else { self.trade_subsidy.0 * lost() }
    }

    /// What is due on an accepted hour recorded here, dollars; does the hour leave the country?
    pub fn due_on_hour(&self, leaves: bool) -> f64 {
        self.data_levy.0 + if leaves { self.data_export_fee.0 } else { 0.0 }
    }

    /// Payroll tax on the wages of an occupation: a share of them.
    pub fn payroll_tax_of(&self, occupation: Occupation) -> f64 {
        if occupation == Occupation::Courier { self.payroll_tax_couriers.0 } else { self.payroll_tax.0 }
    }
}

impl Policy {
    /// How much of the policy is in force on a day, 0 to 1; nothing if it is not.
    pub fn part_on(&self, today: NaiveDate) -> Option<f64> {
        is_on(today, self.from, self.until).then(|| phased_in(today, self.from, self.phase_in))
    }

    /// What a policy shows to be wrong by itself, each fault with its key within the policy.
    pub fn faults(&self) -> Vec<Fault> {
        let mut found = Vec::new();
        let mut note = |key: &str, words: String| found.push(Fault { key: key.into(), words });
        let levers = self.levers();
        let words = levers.iter().filter(|lever| !lever.is_number && self.phase_in.is_some());
        for Lever { name, .. } in words {
            note(
                "phase_in",
                format!("{name} has no values in between; give it a [[policy]] of its own without phase_in"),
            );
        }
        let Some(occupations) = &self.occupations else { return found };
        if occupations.is_empty() {
            note("occupations", "the list is empty; leave it out to mean all".into());
        }
        for Lever { name, .. } in levers.iter().filter(|lever| !lever.is_by_occupation) {
            let able: Vec<_> = LEVERS.iter().filter(|lever| lever.is_by_occupation).map(|lever| lever.name).collect();
            let able = able.join(", ");
            note("occupations", format!("{name} is the same for all occupations; these can differ: {able}"));
        }
        if self.payroll_tax.is_some() && occupations.contains(&Occupation::Courier) {
            let word = Occupation::Courier.name();
            note("occupations", format!("the payroll tax of a {word} is the lever payroll_tax_couriers"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Policy {
        serde_json::from_str(text).unwrap()
    }

    fn faults(text: &str) -> Vec<String> {
        policy(text).faults().into_iter().map(|fault| format!("{}: {}", fault.key, fault.words)).collect()
    }

    #[test]
    fn a_number_moves_in_a_line_and_arrives_exactly() {
        let (before, goal) = (Share(0.1), Share(0.3));
        assert!((before.towards(goal, 0.25).0 - 0.15).abs() < 1e-15);
        assert_eq!(before.towards(goal, 1.0), goal);
        assert_eq!(Regime::None.towards(Regime::Ban, 0.0), Regime::Ban);
    }

    #[test]
    fn a_lever_has_its_sentence_and_depends_on_a_lever_there_is() {
        let lever = |name: &str| LEVERS.iter().find(|lever| lever.name == name).unwrap();
        assert_eq!(lever("robot_tax").sentence("0.1"), Some("{} of the price of robots goes to the government"));
        assert_eq!(lever("withdrawal").sentence("false"), Some("past hours stay with the labs"));
        assert_eq!(lever("payroll_tax").sentence("0.1"), None);
        for needs in LEVERS.iter().filter_map(|lever| lever.needs) {
            assert!(LEVERS.iter().any(|lever| lever.name == needs.lever), "{needs:?}");
        }
        let portable = lever("royalty_portable").needs.unwrap();
        assert!(portable.is_met("0.15") && !portable.is_met("0") && !portable.is_met("0.0"));
        let penalty = lever("ban_penalty").needs.unwrap();
        assert!(penalty.is_met("ban") && !penalty.is_met("notice"));
    }

    #[test]
    fn a_policy_that_contradicts_itself_is_refused_with_the_way_out() {
        for (text, words) in [
            (r#"{"from":"2029-01","phase_in":"1 year","data_rights":"ban"}"#, "phase_in: data_rights has no values"),
            (r#"{"from":"2029-01","phase_in":"1 year","royalty_portable":false}"#, "phase_in: royalty_portable has no"),
            (r#"{"from":"2029-01","occupations":["helper"],"corporate_tax":0.1}"#, "occupations: corporate_tax is the"),
            (r#"{"from":"2029-01","occupations":["courier"],"payroll_tax":0.1}"#, "payroll_tax_couriers"),
            (r#"{"from":"2029-01","occupations":[],"payroll_tax":0.1}"#, "occupations: the list is empty"),
        ] {
            let found = faults(text);
            assert!(found.len() == 1 && found[0].contains(words), "{text}: {found:?}");
        }
        assert!(
            faults(r#"{"from":"2029-01","phase_in":"1 year","occupations":["helper"],"payroll_tax":0.1}"#).is_empty()
        );
    }
}
