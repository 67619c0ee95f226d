//! A scenario to start from that has one more region than the baseline.

use super::scenario::examine;
use handover::experiment::shipped::located;
use handover::scenario::Scenario;
use handover::scenario::explain::explain;
use handover::scenario::nearest::{either, rank};
use handover::scenario::words::fault_in_path;
use std::path::Path;

/// Numbers to look up first: those in which countries differ most, and which a result about one depends on.
const FIRST: [&str; 26] = [
    "labour.manufacturing",
    "labour.pickers",
    "labour.couriers",
    "labour.wage.assembler",
    "labour.wage.operator",
    "labour.wage.tool_and_die",
    "labour.wage.helper",
    "labour.wage.picker",
    "labour.wage.courier",
    "labour.weekly_hours",
    "labour.unemployment",
    "labour.organised.factory",
    "demography.growth",
    "wages.growth",
    "demand.parcels",
    "demand.human_cost_per_parcel",
    "demand.home_share",
    "trade.exports",
    "capture.filming_at_start",
    "law.data_rights",
    "law.minimum_wage",
    "law.payroll_tax",
    "law.payroll_tax_couriers",
    "law.income_tax",
    "law.corporate_tax",
    "law.insurance_replacement",
];

/// The scenario as a text.
///
/// # Errors
/// Why there can be no such region, in words.
pub(super) fn template(name: &str, region: &str, like: &str) -> Result<String, String> {
    let baseline = examine(&located(Path::new("baseline")), &[]).map_err(|problems| problems.to_string())?;
    let known = &baseline.parameters.regions;
    if let Some(words) = fault_in_path(region) {
        return Err(format!("the region cannot be called {region:?}: the name {words}"));
    }
    let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !region.chars().all(is_key) {
        return Err(format!("the code of a region has letters and digits, for example IDN, not {region:?}"));
    }
    if known.iter().any(|code| code == region) {
        return Err(format!(
            "the baseline has the region {region} already; state what differs, as in the template without --region"
        ));
    }
    if !known.iter().any(|code| code == like) {
        let near: Vec<String> = rank(like, known.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
        let help = if near.is_empty() {
            format!("one of {}", known.join(", "))
        } else {
            format!("did you mean {}?", either(&near))
        };
        return Err(format!("the baseline has no region {like:?} that {region} could be like; {help}"));
    }
    let numbers: String = FIRST.iter().map(|key| line(&baseline, key, like)).collect();
    let text = TEMPLATE.replace("NAME", name).replace("CODE", region).replace("LIKE", like);
    Ok(text.replace("NUMBERS\n", &numbers))
}

/// A number as the region has it that the new one is like, in a comment, with what it means.
fn line(baseline: &Scenario, key: &str, like: &str) -> String {
    let Ok(found) = explain(baseline, &format!("{key}.{like}")) else { return String::new() };
    let shown =
        |written: &str| if written.parse::<f64>().is_ok() { written.to_owned() } else { format!("{written:?}") };
    let value = match found.as_slice() {
        [one] if one.key == format!("{key}.{like}") => shown(&one.origin.written),
        several => {
            let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
            let pairs = several.iter().map(|one| format!("{} = {}", last(&one.key), shown(&one.origin.written)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    };
    let meaning = found.first().map_or("", |one| one.meaning.as_str());
    format!("# {meaning}\n# {key} = {value}\n")
}

const TEMPLATE: &str = r##"#:schema ../docs/scenario.schema.json

# A world with a region of your own, which is like LIKE where nothing here says otherwise.
# handover explain NAME.toml KEY says what a number is and where it comes from; handover check NAME.toml what is wrong.

[scenario]
name     = "NAME"
title    = "The world with CODE"
question = "What does it ask?"
authors  = "you"
extends  = "baseline.toml"

[region.CODE]
like = "LIKE"
name = "CODE"                      # what pictures and tables call it

# Numbers to look up first, as they are in LIKE. Take the # away where you know better, with a source:
# labour.unemployment = { value = "4.9 %", range = "within a quarter", grade = "B", source = "labour-force survey, 2024" }
# A number without a card counts as an assumption, grade C. Any other number by region may stand here too.

NUMBERS
# What it sells at home and abroad, and who owns firms, are shares: what you state stays, all others give in proportion.
# demand.market_weights = 0.02
# settlement.ownership = 0.01
"##;
