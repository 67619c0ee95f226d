//! Draws of what is not known, as commands take them.

use super::scenario::read_named;
use clap::Args;
use handover::economy::parameters::draws::Draws as Table;
use handover::experiment::shipped;
use handover::scenario::plan::overlap;
use std::path::Path;

/// What is not known, for every command that simulates several replicates.
#[derive(Args, Debug)]
pub(super) struct Drawn {
    /// Draws of what is not known, a file that `handover calibrate` writes: replicate r has the draw r of them, in all
    /// worlds, so that intervals hold chance and doubt together.
    #[arg(long, value_name = "FILE", value_parser = draws)]
    draws: Option<Draws>,
}

/// A file of draws: what it was called, and its table on one line.
#[derive(Clone, Debug)]
struct Draws {
    name: String,
    table: Table,
}

impl Drawn {
    /// The draws, as `--set` takes them.
    pub(super) fn setting(&self) -> Option<String> {
        self.setting_beside(&[])
    }

    /// The same without what some settings, given with the history they belong to, state already; nothing if that is all.
    pub(super) fn setting_beside(&self, settings: &[String]) -> Option<String> {
        let keys = settings.iter().filter_map(|setting| setting.split_once('=')).map(|(key, _)| key.trim());
        let keys: Vec<&str> = keys.collect();
        let draws = self.draws.as_ref()?.table.without(|key| keys.iter().any(|given| overlap(given, key)));
        let table = toml::Value::try_from(&draws).expect("draws are words");
        (!draws.is_empty()).then(|| format!("draws={table}"))
    }

    /// The file, as it was named.
    pub(super) fn named(&self) -> Option<&str> {
        self.draws.as_ref().map(|draws| draws.name.as_str())
    }
}

/// Reads a file of draws that is named on the command line, the disk's or else a shipped one: its table `[draws]` on one
/// line.
fn draws(name: &str) -> Result<Draws, String> {
    let path = shipped::located(Path::new(name));
    let text = read_named(&path).map_err(|error| error.to_string())?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| format!("no TOML: {}", error.message()))?;
    let draws = table.get("draws").ok_or("it has no table [draws]; `handover calibrate` writes draws.toml")?;
    let table = draws.clone().try_into().map_err(|error: toml::de::Error| format!("[draws]: {}", error.message()))?;
    Ok(Draws { name: name.to_owned(), table })
}
