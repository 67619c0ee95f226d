//! The parts of a page that follow the money: who pays whom, and from the filmed hour to the lost job.

use crate::economy::world::flows::Flow;
use crate::experiment::compare::effects::Paired;
use crate::experiment::run::ReceiptCell;
use crate::observe::receipt::OTHER_SOURCES;
use crate::output::kit::numbers::{interval, quantity};
use crate::output::kit::page::Page;
use crate::output::kit::page::parts::matrix;
use crate::output::kit::words::plain_name;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Payments in which the technology and the law meet; everyday wages and sales would hide them.
const SHOWN: [Flow; 16] = [
    Flow::Licences,
    Flow::Subscriptions,
    Flow::Robots,
    Flow::SiteFees,
    Flow::CapturePay,
    Flow::Vendor,
    Flow::Royalties,
    Flow::RobotTax,
    Flow::DataLevy,
    Flow::BanPenalty,
    Flow::DataExportFee,
    Flow::BuyersCharge,
    Flow::Recycling,
    Flow::CitizenDividend,
    Flow::LabTax,
    Flow::LabDividends,
];

/// Most payments that a reader can follow with the eye.
const MOST: usize = 24;

/// Payments of the last year between sectors of regions, as a Sankey diagram; dollars by kind, region of the
/// payer and region of the payee.
pub fn who_pays_whom(page: &mut Page, title: &str, regions: &[String], money: &BTreeMap<(Flow, u16, u16), f64>) {
    let mut sums: BTreeMap<(String, String), f64> = BTreeMap::new();
    for (&(flow, from, to), dollars) in money.iter().filter(|(key, _)| SHOWN.contains(&key.0)) {
        let name = |sector: &str, region: u16| format!("{} {sector}", plain_name(&regions[usize::from(region)]));
        // a sankey flows one way: who pays stands left, who is paid stands right
        let ends = (name(flow.payer().name(), from), format!("{} ", name(flow.payee().name(), to)));
        *sums.entry(ends).or_default() += dollars;
    }
    let mut flows: Vec<(&String, &String, f64)> = sums.iter().map(|((from, to), sum)| (from, to, *sum)).collect();
    flows.retain(|flow| flow.2 > 0.0);
    flows.sort_by(|a, b| b.2.total_cmp(&a.2));
    flows.truncate(MOST);
    let nodes: BTreeSet<&str> = flows.iter().flat_map(|flow| [flow.0.as_str(), flow.1.as_str()]).collect();
    let link = |(from, to, value): &(&String, &String, f64)| json!({"source": from, "target": to, "value": value});
    let chart = json!({
        "kind": "sankey",
        "nodes": nodes.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "links": flows.iter().map(link).collect::<Vec<_>>(),
    });
    let rows: Vec<Vec<String>> = flows
        .iter()
        .map(|(from, to, value)| vec![(*from).clone(), to.trim().to_owned(), quantity(*value, "USD")])
        .collect();
    let says = format!(
        "The {} largest flows of licences, subscriptions, robots, footage, royalties, levies and hand-backs in the last year; payers left, payees right.",
        flows.len()
    );
    page.chart(title, &says, 640, chart, &["payer", "payee", "USD in the last year"], &rows);
}

/// What a law may move besides: transfers, subsidies, tariffs and taxes on profits. Wages, sales and what is consumed
/// differ a little wherever one life goes otherwise, and are left out.
const MOVED: [Flow; 10] = [
    Flow::RoyaltiesDue,
    Flow::WageSubsidy,
    Flow::Insurance,
    Flow::Stipends,
    Flow::Courses,
    Flow::WageInsurance,
    Flow::RobotTariff,
    Flow::GoodsTariff,
    Flow::SiteTax,
    Flow::MakerTax,
];

/// Payments of the last year that differ between two worlds beyond chance: a Sankey diagram of what is paid more, and one
/// of what is paid less; and a table with intervals.
pub fn who_pays_whom_otherwise(page: &mut Page, names: &[String], money: &BTreeMap<(Flow, u16, u16), Paired>) {
    let mut told: Vec<(&(Flow, u16, u16), &Paired)> = money
        .iter()
        .filter(|((flow, ..), pair)| (SHOWN.contains(flow) || MOVED.contains(flow)) && pair.is_told())
        .collect();
    told.sort_by(|a, b| b.1.difference.mean.abs().total_cmp(&a.1.difference.mean.abs()));
    told.truncate(MOST);
    if told.is_empty() {
        page.text("Of what sectors pay each other for technology, footage and by law, nothing differs in the last year by more than chance.");
        return;
    }
    let end = |sector: &str, region: u16| format!("{} {sector}", plain_name(&names[usize::from(region)]));
    let ends = |flow: Flow, from: u16, to: u16| [end(flow.payer().name(), from), end(flow.payee().name(), to)];
    for (is_more, title, colour) in
        [(true, "Paid more with the reform", "#0072b2"), (false, "Paid less with the reform", "#d55e00")]
    {
        let mine: Vec<_> = told.iter().filter(|(_, pair)| (pair.difference.mean > 0.0) == is_more).collect();
        if mine.is_empty() {
            continue;
        }
        let mut nodes = BTreeSet::new();
        let mut links = Vec::new();
        let mut rows = Vec::new();
        for &&(&(flow, from, to), pair) in &mine {
            let [payer, payee] = ends(flow, from, to);
            let size = pair.difference.mean.abs();
            let right = format!("{payee} ");
            let style = json!({"color": colour, "opacity": 0.4});
            links.push(json!({"source": &payer, "target": &right, "value": size, "lineStyle": style}));
            nodes.extend([payer.clone(), right]);
            let [before, after] = [pair.base.mean, pair.reform.mean].map(|value| quantity(value, "USD"));
            rows.push(vec![payer, payee, flow.name().replace('_', " "), before, after, interval(pair, "USD")]);
        }
        let chart = json!({
            "kind": "sankey",
            "nodes": nodes.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
            "links": links,
        });
        let says = format!(
            "{} payments of the last year that differ from the base by more than chance: a width is the difference; payers left, payees right.",
            mine.len()
        );
        let height = 90 + 26 * u32::try_from(mine.len()).unwrap_or(MOST as u32);
        let head = ["payer", "payee", "for", "base", "reform", "difference (95 % interval)"];
        page.chart(title, &says, height, chart, &head, &rows);
    }
}

/// Name of what hours came from: a region, the stock at the start, or robots.
pub fn source(regions: &[String], from: usize) -> &str {
    regions.get(from).map_or_else(|| OTHER_SOURCES[from - regions.len()], String::as_str)
}

/// One quantity of the hand-over receipt as a matrix: filmed in (row), lost in (column); nothing where all is 0.
pub fn receipt_matrix(
    page: &mut Page,
    title: &str,
    says: &str,
    regions: &[String],
    cells: &BTreeMap<ReceiptCell, f64>,
    what: &str,
) {
    let sources: BTreeSet<usize> = cells.keys().map(|key| key.0).collect();
    let sources: Vec<usize> = sources.into_iter().collect();
    let rows: Vec<String> = sources.iter().map(|&from| plain_name(source(regions, from)).to_owned()).collect();
    let columns: Vec<String> = regions.iter().map(|code| plain_name(code).to_owned()).collect();
    let mine = cells.iter().filter(|((_, _, word), _)| *word == what);
    let placed: Vec<(usize, usize, f64)> = mine
        .filter_map(|(&(from, to, _), value)| Some((sources.iter().position(|&row| row == from)?, to, *value)))
        .collect();
    if placed.iter().any(|cell| cell.2 != 0.0) {
        matrix(page, title, says, &rows, &columns, &placed);
    }
}
