//! What the files of results hold.

use super::Cell;

/// What the files of a result hold; `*` is any part of a name.
pub const FILES: [(&str, &str); 31] = [
    ("manifest.json", "scenario as resolved, seeds, version, and the SHA-256 of every other file"),
    ("report.html", "the answer in one page that opens without a network"),
    ("series.csv", "metrics by date, region and item, as text"),
    ("series.parquet", "the same with units and meanings in the columns"),
    ("flows.parquet", "every payment by date, kind, payer and payee, exact"),
    ("receipt.parquet", "of the work that robots do in one region, what is owed to hours recorded in another"),
    ("gains.csv", "who gained, who lost, who was paid, by region"),
    ("gains.parquet", "the same with units and meanings in the columns"),
    ("waterfall.csv", "how the work that robots absorbed became people displaced: steps that add up, by region"),
    ("panel.parquet", "a sample of workers, followed; money as doubles, with --panel-exact as decimals"),
    ("plots/*.svg", "pictures, for print"),
    ("plots/*.png", "the same pictures, for slides"),
    ("bands.csv", "of an ensemble: median and bands of every metric over the replicates"),
    ("bands.parquet", "the same with units and meanings in the columns"),
    ("replicates/*", "of an ensemble: each replicate's tables, in a folder of its own"),
    ("answer.csv", "of a comparison: the sentences of the answer, in their order"),
    ("headlines.csv", "of a comparison: base, reform, difference and interval of each headline"),
    ("effects.parquet", "of a comparison: base, reform, difference and interval of each metric by date"),
    ("lives.csv", "of a comparison: lifetime income by what happened to people in either world"),
    ("money.csv", "of a comparison: every kind of payment of the last year, by sector"),
    ("receipt.csv", "of a comparison: the receipt of the last year in base and reform"),
    ("regret.csv", "of a comparison: what each policy loses against the best one, by state of the world"),
    ("tipping.csv", "of a comparison: shares of replicates in which a tipping point was passed"),
    ("divergence.csv", "of a comparison: how many agents do something else than in the base"),
    ("sweep.parquet", "of a sweep: a row for each point, arm and replicate"),
    ("runs/*", "of a sweep: every run that is done, by the hash of all it depends on"),
    ("report/*", "of a sweep: what `handover sensitivity` and `handover plot` wrote"),
    ("discover/*", "of a sweep: what `handover discover` wrote"),
    ("*.partial/*", "of a run that saves checkpoints: what it saved until it is done"),
    ("*.checkpoint", "a whole world on one day, to resume or to fork from"),
    ("validation.*", "of `handover validate`: the scorecard as a page, as text and as data"),
];

pub(super) fn files() -> Vec<Vec<Cell>> {
    FILES.iter().map(|&(name, about)| vec![name.into(), about.into()]).collect()
}
