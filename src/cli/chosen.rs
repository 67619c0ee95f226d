//! `handover plot --metric`: one series alone.

use super::Exit;
use super::error::Failed;
use clap::{Args, ValueEnum};
use handover::experiment::outcome::History;
use handover::ground::backstop::backstop;
use handover::output::disk::files;
use handover::output::disk::unread::Unread;
use handover::output::disk::verify::{Kind, Recorded};
use handover::output::ensemble;
use handover::output::plots;
use handover::output::run::{pictures, read};
use std::path::Path;

/// Which series, and how it is drawn.
#[derive(Args, Debug)]
pub(super) struct Chosen {
    /// This metric alone, of a run or an ensemble; `handover explain --metrics` lists them.
    #[arg(long, value_name = "METRIC", requires = "region")]
    pub(super) metric: Option<String>,
    /// Its region; of a run also "all", where regions add up.
    #[arg(long, value_name = "REGION", requires = "metric")]
    region: Option<String>,
    /// Its item [default: all, or the first].
    #[arg(long, value_name = "ITEM", requires = "metric")]
    item: Option<String>,
    /// The kinds of files, with commas between them [default: svg and png, or what --out ends with].
    #[arg(long, value_enum, value_delimiter = ',', requires = "metric")]
    format: Vec<Format>,
    /// On what it is looked at, with commas between them: dark for dark pages, print for greys [default: light].
    #[arg(long, value_enum, value_delimiter = ',', requires = "metric")]
    theme: Vec<Theme>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Svg,
    Png,
    Pdf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Theme {
    Light,
    Dark,
    Print,
}

impl Chosen {
    fn themes(&self) -> Vec<plots::Theme> {
        let one = |theme: &Theme| match theme {
            Theme::Light => plots::Theme::Light,
            Theme::Dark => plots::Theme::Dark,
            Theme::Print => plots::Theme::Print,
        };
        if self.theme.is_empty() { vec![plots::Theme::Light] } else { self.theme.iter().map(one).collect() }
    }

    /// The kinds of files that are asked for; where none is, what a file's name says, or both.
    fn endings(&self, out: Option<&Path>) -> Vec<plots::Ending> {
        let one = |format: &Format| match format {
            Format::Svg => plots::Ending::Svg,
            Format::Png => plots::Ending::Png,
            Format::Pdf => plots::Ending::Pdf,
        };
        match (self.format.as_slice(), out.and_then(ending)) {
            ([], Some(named)) => vec![named],
            ([], None) => vec![plots::Ending::Svg, plots::Ending::Png],
            (some, _) => some.iter().map(one).collect(),
        }
    }

    /// The series in words that the language of outcomes reads.
    fn written(&self) -> String {
        let item = self.item.as_ref().map(|item| format!(", {item}")).unwrap_or_default();
        let text = |of: &Option<String>| of.clone().unwrap_or_default();
        format!("{}[{}{item}]", text(&self.metric), text(&self.region))
    }

    /// Draws it into a folder, or as the one file that is named; says what was written.
    ///
    /// # Errors
    /// There is no such series, or no such picture of it, or what the file system said.
    pub(super) fn draw(&self, folder: &Path, recorded: &Recorded, out: Option<&Path>) -> Result<String, Failed> {
        let input = |words: String| Failed::new(Exit::Input, words);
        let scenario = &recorded.scenario;
        let history = History::read(&self.written(), scenario).map_err(|problem| input(problem.to_string()))?;
        let (themes, endings) = (self.themes(), self.endings(out));
        let named = out.filter(|path| ending(path).is_some());
        if let (Some(path), true) = (named, themes.len() * endings.len() > 1) {
            let words = "is one file, and several are asked for; name a folder, or one --format and one --theme";
            return Err(input(format!("{} {words}", path.display())));
        }
        if let Some(path) = named.filter(|path| ending(path) != endings.first().copied()) {
            return Err(input(format!("{} does not end as --format says", path.display())));
        }
        let drawn = backstop(|| self.drawn(folder, recorded, &history, &themes, &endings))
            .map_err(|words| input(format!("{}: of these tables nothing can be drawn: {words}", folder.display())))??;
        let mut written = Vec::new();
        for (name, bytes) in drawn {
            let path = match (named, out) {
                (Some(file), _) => file.to_path_buf(),
                (None, Some(out)) => out.join(&name),
                (None, None) => folder.join("plots").join(&name),
            };
            write(&path, &bytes)?;
            written.push(path.display().to_string());
        }
        Ok(format!("{history} drawn: {}", written.join(", ")))
    }

    fn drawn(
        &self,
        folder: &Path,
        recorded: &Recorded,
        history: &History,
        themes: &[plots::Theme],
        endings: &[plots::Ending],
    ) -> Result<Vec<(String, Vec<u8>)>, Failed> {
        let input = |words: String| Failed::new(Exit::Input, words);
        let unread = |unread: Unread| input(unread.to_string());
        let scenario = &recorded.scenario;
        let regions = &scenario.parameters.regions;
        let one = match &recorded.kind {
            Kind::Run => {
                let series = read::series(&folder.join("series.parquet"), regions).map_err(unread)?;
                pictures::chosen(scenario, history, &series)
            }
            Kind::Ensemble { .. } if history.region == "all" => {
                let words = "the bands of regions do not add up to one of the world; name one region";
                return Err(input(format!(
                    "{history}: {words}, for example --region {}",
                    regions.first().map_or("", String::as_str)
                )));
            }
            Kind::Ensemble { attendance, .. } => {
                let histories = read::bands(&folder.join("bands.parquet"), regions, &history.item).map_err(unread)?;
                ensemble::chosen(scenario, attendance, history, &histories)
            }
            Kind::Search | Kind::Comparison { .. } => {
                let words = "only runs and ensembles hold series of which one could be drawn";
                return Err(input(format!("{}: {words}", folder.display())));
            }
        };
        let drawn = one.draw(scenario, themes, endings);
        drawn.map_err(|unmade| input(format!("{}: {unmade}", folder.display())))
    }
}

/// What the name of a picture says that it is.
fn ending(path: &Path) -> Option<plots::Ending> {
    let ending = path.extension()?.to_str()?;
    [plots::Ending::Svg, plots::Ending::Png, plots::Ending::Pdf]
        .into_iter()
        .find(|known| ending.eq_ignore_ascii_case(known.name()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files::replace(parent, &name, bytes)
        .map_err(|error| Failed::new(Exit::Disk, format!("{}: {error} ({} bytes)", path.display(), bytes.len())))
}
