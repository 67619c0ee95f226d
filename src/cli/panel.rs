//! Where the panel's rows go while a run lasts.

use handover::economy::Economy;
use handover::observe::indicators::{Wanted, want};
use handover::observe::panel::{Cast, Panel};
use handover::observe::{install, panel};
use handover::output::only::Only;
use handover::output::run::panel::{Amounts, Spool};
use handover::scenario::Scenario;
use std::io;
use std::path::{Path, PathBuf};

/// What `--panel` and `--panel-every` set in the scenario.
pub(super) fn settings(size: Option<u32>, every: Option<&str>) -> Vec<String> {
    let every = every.map(|every| match every {
        "week" => "1 week",
        "quarter" => "13 weeks",
        other => other,
    });
    let size = size.map(|size| format!("run.panel={size}"));
    size.into_iter().chain(every.map(|every| format!("run.panel_every={every}"))).collect()
}

/// Founds the economy of a scenario for what is made of it: with the panel if both want one, and with records of what is
/// `wanted`.
pub(super) fn found(scenario: &Scenario, only: &Only, wanted: Wanted) -> Economy {
    let mut economy = Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        if only.has_panel() {
            panel::install(world, schedule);
        }
    });
    want(&mut economy.world, wanted);
    economy
}

/// Takes the panel's rows from a run and spools them.
pub(super) struct Desk {
    folder: PathBuf,
    /// Are rows left in the world until the end, where checkpoints find them?
    waits: bool,
    spool: Option<Spool>,
    amounts: Amounts,
    cast: Option<Cast>,
}

impl Desk {
    /// A desk for a run; the spool is in `folder`. Where checkpoints are saved, rows stay in the world,
    /// which they are part of.
    pub(super) fn new(folder: &Path, economy: &mut Economy, saves: bool, amounts: Amounts) -> Desk {
        let cast = Cast::of(&mut economy.world);
        Desk { folder: folder.to_owned(), waits: saves, spool: None, amounts, cast }
    }

    /// Takes the rows that have become due.
    pub(super) fn collect(&mut self, economy: &mut Economy) -> io::Result<()> {
        if self.waits && !economy.is_over() {
            return Ok(());
        }
        let rows = economy.world.get_resource_mut::<Panel>().map(|mut panel| panel.take_rows()).unwrap_or_default();
        if rows.is_empty() {
            return Ok(());
        }
        let spool = match &mut self.spool {
            Some(spool) => spool,
            // an unnamed file: it is gone when the process is, however that ends
            none => match tempfile::tempfile_in(&self.folder) {
                Ok(file) => none.insert(Spool::new(file)),
                Err(error) => return Err(self.told(&error)),
            },
        };
        let added = spool.add(&rows);
        added.map_err(|error| self.told(&error))
    }

    fn told(&self, error: &io::Error) -> io::Error {
        let (shown, bytes) = (self.folder.display(), self.spool.as_ref().map_or(0, Spool::bytes));
        io::Error::new(error.kind(), format!("{shown}: {error} (spooling the panel, {bytes} bytes so far)"))
    }

    /// The panel as a file of the result; none without rows.
    pub(super) fn finish(mut self, scenario: &Scenario) -> io::Result<Vec<(String, Vec<u8>)>> {
        let (Some(spool), Some(cast)) = (self.spool.take(), self.cast.take()) else { return Ok(Vec::new()) };
        let mut content = Vec::new();
        spool.finish(scenario, &cast, self.amounts, &mut content).map_err(|error| self.told(&error))?;
        Ok(vec![("panel.parquet".to_owned(), content)])
    }
}
