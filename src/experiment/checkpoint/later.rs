//! What a founding and its spin-up do not depend on, so that runs which differ by nothing else can share them.
//!
//! In the spin-up technology stands still, and nothing grows that has a date; policies and events act from the first
//! tick after it. Some numbers are read by no rule before then, or only multiplied by zero. They are listed
//! here, each with the reason; a test perturbs every one of them in many worlds and finds the same state at the end of
//! the spin-up, to the bit. What is not listed is taken to matter from the founding on.
//!
//! Left out: numbers that matter early in some worlds only, by the words chosen for their rule.

use serde_json::Value;

/// Keys that no founding and no spin-up depends on, each with all keys below it, and why.
pub const LATER: &[(&str, &str)] = &[
    ("run.years", "the end of the run"),
    ("wages.growth", "wages have no trend in the spin-up"),
    ("wages.growth_floor", "as `wages.growth`"),
    ("wages.growth_half_life", "as `wages.growth`"),
    ("wages.matched", "the trend is 1 in the spin-up, and so is its power"),
    ("demand.growth", "demand is as it was on the first day"),
    ("demand.growth_floor", "as `demand.growth`"),
    ("demand.growth_half_life", "as `demand.growth`"),
    ("demand.season", "there are no seasons in the spin-up"),
    ("demand.season_peak", "as `demand.season`"),
    ("demand.omega", "nobody buys more or less than at the start"),
    ("demand.pass_through", "prices are those of the founding"),
    ("trade.site_half_life", "nobody learns of a price that does not move"),
    ("trade.half_life", "trade does not move in the spin-up"),
    ("capture.price_decline", "an hour costs what it costs at the start"),
    ("capture.price_floor", "as `capture.price_decline`"),
    ("learning.release_interval", "no model is released, and no claim fades"),
    ("robots.innovation", "nobody hears of robots"),
    ("robots.imitation", "as `robots.innovation`"),
    ("robots.adopters", "as `robots.innovation`"),
    ("robots.other_jobs", "as `robots.innovation`"),
    ("robots.other_sites", "as `robots.innovation`"),
    ("robots.growth_cap", "what retires is replaced, and nothing else is bought"),
    ("robots.pilot", "as `robots.growth_cap`"),
    ("robots.deliveries", "what is ordered comes at once"),
    ("robots.delivery_time", "as `robots.deliveries`"),
    ("robots.capacity_growth", "as `robots.deliveries`"),
    ("robots.learning_rate", "what replaces teaches makers nothing"),
];

/// Lists of what is dated, which begins to act after the spin-up whatever its date.
const DATED: [&str; 2] = ["policy", "event"];

/// Does no founding and no spin-up depend on a key, as `--set` takes it?
pub fn is_later(key: &str) -> bool {
    let is_below = |above: &str| key.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    DATED.into_iter().chain(LATER.iter().map(|(later, _)| *later)).any(is_below)
}

/// The parameters on which a founding and a spin-up depend: a tree of them without the rest.
pub fn cut(tree: &Value) -> Value {
    let mut tree = tree.clone();
    for key in DATED.into_iter().chain(LATER.iter().map(|(later, _)| *later)) {
        let (above, last) = key.rsplit_once('.').unwrap_or(("", key));
        let mut above = above.split('.').filter(|part| !part.is_empty());
        let table = above.try_fold(&mut tree, |table, part| table.get_mut(part));
        if let Some(table) = table.and_then(Value::as_object_mut) {
            table.remove(last);
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_later_is_cut_with_all_below_it_and_nothing_else() {
        assert!(is_later("policy.0.royalty_rate") && is_later("run.years"));
        assert!(!is_later("run") && !is_later("policymaker") && !is_later("run.yearsish"));
        let tree =
            json!({"run": {"years": 5.0, "seed": 1}, "policy": [{"from": "2030-01-01"}], "learning": {"alpha": 0.3}});
        assert_eq!(cut(&tree), json!({"run": {"seed": 1}, "learning": {"alpha": 0.3}}));
        assert_eq!(cut(&cut(&tree)), cut(&tree));
    }
}
