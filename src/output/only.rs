//! Which files of a result are made, and which metrics stand in its series: the one place that decides.

use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::observe::indicators::{Metric, Wanted};
use crate::scenario::nearest;
use serde::{Deserialize, Serialize};

/// What of a result is made; by default all of it. A manifest holds it, so that the result can be made again.
///
/// ```
/// use handover::output::only::{OF_RUN, Only};
///
/// let only = Only::read(Some("series, gains"), None, &OF_RUN).unwrap();
/// assert!(only.has("series.csv") && only.has("gains.parquet") && !only.has("plots/fleet.svg"));
/// assert!(Only::default().has("plots/fleet.svg"));
/// let misspelt = Only::read(Some("serie"), None, &OF_RUN).unwrap_err();
/// assert!(misspelt.contains("did you mean \"series\"?"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Only {
    /// Groups of files; none: all of them.
    #[serde(rename = "only", default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    /// Metrics in the series; none: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<Metric>,
    /// Are pictures left out? A manifest shows that by its list of files.
    #[serde(skip)]
    without_plots: bool,
}

/// Groups of the files of a run: what stands before the dot or the slash in their names.
pub const OF_RUN: [&str; 8] = ["series", "flows", "receipt", "gains", "waterfall", "panel", "plots", "report"];

/// Groups of the files of an ensemble.
pub const OF_ENSEMBLE: [&str; 6] = ["bands", "gains", "waterfall", "replicates", "plots", "report"];

/// Groups of the files of a comparison.
pub const OF_COMPARISON: [&str; 13] = [
    "answer",
    "headlines",
    "gains",
    "waterfall",
    "lives",
    "money",
    "receipt",
    "divergence",
    "tipping",
    "regret",
    "effects",
    "plots",
    "report",
];

impl Only {
    /// Reads groups of files and metrics as they are typed, with commas between them; the groups are of `known`.
    ///
    /// # Errors
    /// The word that is none, with the nearest and all there are.
    pub fn read(groups: Option<&str>, metrics: Option<&str>, known: &[&str]) -> Result<Only, String> {
        let metric_names: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
        let groups = words("--only", "group of files", groups, known)?;
        let metrics = words("--metrics", "metric", metrics, &metric_names)?;
        Ok(Only {
            groups: groups.into_iter().map(|place| known[place].to_owned()).collect(),
            metrics: metrics.into_iter().map(|place| Metric::ALL[place]).collect(),
            without_plots: false,
        })
    }

    /// Without pictures, if they are left out.
    #[must_use]
    pub fn without_plots_if(self, left_out: bool) -> Only {
        Only { without_plots: self.without_plots || left_out, ..self }
    }

    /// Is a file of this name made?
    pub fn has(&self, name: &str) -> bool {
        let group = name.split(['.', '/']).next().unwrap_or(name);
        (self.groups.is_empty() || self.groups.iter().any(|asked| asked == group))
            && !(self.without_plots && group == "plots")
    }

    /// Does a metric stand in the series?
    pub fn has_metric(&self, metric: Metric) -> bool {
        self.metrics.is_empty() || self.metrics.contains(&metric)
    }

    /// Is a panel followed?
    pub fn has_panel(&self) -> bool {
        self.has("panel.parquet") || self.has("replicates")
    }

    /// Where to look next in the folder of a result: of these files, those that are made.
    pub fn where_to_look(&self, folder: &str, names: &[&str]) -> String {
        let made: Vec<String> =
            names.iter().filter(|name| self.has(name)).map(|name| format!("{folder}/{name}")).collect();
        format!("Where to look next: {}", if made.is_empty() { folder.to_owned() } else { made.join(", ") })
    }

    /// What must be recorded for the files, and for what the terminal is told: whoever reads a summary reads of everything.
    pub fn wanted(&self, is_summed_up: bool) -> Wanted {
        let series = ["series", "bands", "replicates"].iter().any(|group| self.has(group));
        if is_summed_up || self.has("report") || self.has("plots") || (series && self.metrics.is_empty()) {
            return Wanted::default();
        }
        Wanted::metrics(self.metrics.iter().copied()).and(Tally::wanted()).and_flows()
    }

    /// The options that ask for it, each with a blank before it.
    pub fn typed(&self) -> String {
        let metrics: Vec<&str> = self.metrics.iter().map(|metric| metric.name()).collect();
        let options = [("--only", self.groups.join(",")), ("--metrics", metrics.join(","))];
        let mut typed: String = options
            .iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(option, words)| format!(" {option} {words}"))
            .collect();
        if self.without_plots && self.groups.is_empty() {
            typed += " --no-plots";
        }
        typed
    }
}

/// Places of the words among those that are known, in their order and each once.
fn words(option: &str, noun: &str, text: Option<&str>, known: &[&str]) -> Result<Vec<usize>, String> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let mut places = Vec::new();
    for word in text.split(',').map(str::trim) {
        match known.iter().position(|name| *name == word) {
            Some(place) => places.push(place),
            None => {
                let near: Vec<String> =
                    nearest::rank(word, known.iter().copied()).into_iter().map(str::to_owned).collect();
                let meant = match near.as_slice() {
                    [] => ";".to_owned(),
                    near => format!("; did you mean {}?", nearest::either(near)),
                };
                let all = match known {
                    few if few.len() < 20 => format!("there are {}", few.join(", ")),
                    _ => "docs/metrics.md lists them".to_owned(),
                };
                return Err(format!("{option}: there is no {noun} {word:?}{meant} {all}"));
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}
