//! Draws of what is not known: each is the scenario with other values, checked like it.

use super::load::undrawn;
use super::plan::overlap;
use super::problem::Problem;
use super::{Problems, Reader, Scenario};
use crate::economy::Parameters;
use crate::economy::parameters::Sections;
use crate::economy::parameters::draws::Draws;
use std::path::Path;
use std::sync::Arc;

/// Most draws: each is a whole scenario.
const MOST_DRAWS: usize = 1_000;

/// Reads a scenario with what it extends, and `key=value` settings on top; if it has draws of what is not known, its
/// numbers are those of its own replicate's draw.
///
/// # Errors
/// Every problem found in any of the files, each with its place.
pub fn load(path: &Path, settings: &[String], reader: Reader) -> Result<Scenario, Problems> {
    with_draws(undrawn(path, settings, reader)?)
}

/// The scenario with every draw made ready, and the numbers of its own replicate's.
///
/// # Errors
/// A draw that has too few values, or one that is wrong, as `--set` would say it.
fn with_draws(scenario: Scenario) -> Result<Scenario, Problems> {
    let draws = &scenario.parameters.draws;
    if draws.is_empty() {
        return Ok(scenario);
    }
    check(draws)?;
    check_set(draws, &scenario.changed)?;
    let read = |_: &Path| Ok(scenario.file.clone());
    let one = |(number, settings): (usize, Vec<String>)| -> Result<Sections, Problems> {
        let found = undrawn(Path::new("the scenario as one file"), &settings, &read);
        let drawn = found.map_err(|problems| wrong(&format!("draw {number} of draws: {problems}")))?;
        Ok(drawn.parameters.sections().clone())
    };
    let drawn: Vec<Sections> = draws.settings().enumerate().map(one).collect::<Result<_, _>>()?;
    let scenario = Scenario { drawn: Arc::new(drawn), ..scenario };
    let own = scenario.sections_of(scenario.parameters.run.replicate).clone();
    let parameters = Parameters::new(own).map_err(|faults| wrong(&format!("draws: {}", faults[0].words)))?;
    Ok(Scenario { parameters, ..scenario })
}

fn check(draws: &Draws) -> Result<(), Problems> {
    let keys = draws.keys.len();
    if draws.values.len() > MOST_DRAWS {
        return Err(wrong(&format!("draws: {} draws, and at most {MOST_DRAWS} may be", draws.values.len())));
    }
    if keys == 0 {
        return Err(wrong("draws: there are values and no keys; write keys = [\"learning.alpha\"]"));
    }
    // a draw decides what a number is, not which draw it is or how the world is simulated
    if let Some(key) = draws.keys.iter().find(|key| key.starts_with("run.") || key.starts_with("draws")) {
        return Err(wrong(&format!("draws: {key} cannot be drawn: draws are of numbers of the economy")));
    }
    match draws.values.iter().position(|values| values.len() != keys) {
        Some(place) => {
            let found = draws.values[place].len();
            Err(wrong(&format!("draws: draw {place} has {found} values, and there are {keys} keys")))
        }
        None => Ok(()),
    }
}

/// Refuses what is drawn and set: one of the two would be silently overruled.
fn check_set(draws: &Draws, changed: &[String]) -> Result<(), Problems> {
    let is_set = |key: &&String| changed.iter().any(|changed| overlap(changed, key));
    match draws.keys.iter().find(is_set) {
        Some(key) => Err(wrong(&format!("draws: {key} is drawn, and this scenario sets it; leave one of the two out"))),
        None => Ok(()),
    }
}

fn wrong(words: &str) -> Problems {
    Problems::new(vec![Problem::plain(words)], Arc::default())
}

impl Scenario {
    /// Every number of a replicate: of its draw, if there are draws of what is not known.
    pub fn sections_of(&self, replicate: u32) -> &Sections {
        match self.drawn.len() {
            0 => self.parameters.sections(),
            draws => &self.drawn[replicate as usize % draws],
        }
    }

    /// What intervals over replicates hold, where there are draws of what is not known.
    pub fn draws_in_words(&self) -> Option<String> {
        let draws = &self.parameters.draws;
        let numbers = if draws.keys.len() == 1 { "number" } else { "numbers" };
        (!draws.is_empty()).then(|| {
            format!(
                "Each replicate has its own draw of {} doubtful {numbers}, so that intervals hold chance and doubt together ({}).",
                draws.keys.len(),
                draws.source
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(draws: &str, settings: &[&str]) -> Result<Scenario, Problems> {
        let text =
            format!("[scenario]\nname = \"this\"\nextends = \"baseline.toml\"\n[draws]\nsource = \"a test\"\n{draws}");
        let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
            Some("baseline.toml") => Ok(include_str!("../../scenarios/baseline.toml").to_owned()),
            _ => Ok(text.clone()),
        };
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        load(Path::new("this.toml"), &settings, &reader)
    }

    const TWO: &str = "keys = [\"learning.alpha\", \"robots.imitation\", \"demand.density_elasticity.depot.CHN\"]\n\
                       values = [[\"0.2\", \"26 %/year\", \"0.1\"], [\"0.4\", \"52 %/year\", \"0.9\"]]\n";

    #[test]
    fn a_replicate_has_the_values_of_its_draw_and_begins_again_after_the_last() {
        let scenario = with(TWO, &[]).unwrap();
        let china = scenario.parameters.region("CHN");
        for (replicate, alpha, imitation, density) in [(0, 0.2, 0.005, 0.1), (1, 0.4, 0.01, 0.9), (4, 0.2, 0.005, 0.1)]
        {
            let sections = scenario.sections_of(replicate);
            let depot = &sections.demand.density_elasticity[crate::economy::world::lists::SiteType::Depot];
            assert_eq!(sections.learning.alpha.0, alpha, "{replicate}");
            assert!((sections.robots.imitation.0 - imitation).abs() < 1e-15, "{replicate}");
            assert_eq!(depot[china].0, density, "{replicate}");
        }
        // a single run is a replicate, too
        assert_eq!(scenario.parameters.learning.alpha.0, 0.2);
        assert_eq!(with(TWO, &["run.replicate=3"]).unwrap().parameters.learning.alpha.0, 0.4);
    }

    #[test]
    fn what_is_set_in_code_holds_for_every_draw_and_the_hash_names_the_draws() {
        let scenario = with(TWO, &[]).unwrap().with(|sections| sections.run.years.0 = 2.0).unwrap();
        assert_eq!([0, 1].map(|replicate| scenario.sections_of(replicate).run.years.0), [2.0; 2]);
        assert_eq!(scenario.sections_of(1).learning.alpha.0, 0.4);
        let other = TWO.replace("0.4", "0.41");
        assert_ne!(with(TWO, &[]).unwrap().hash, with(&other, &[]).unwrap().hash);
        // which draw comes first counts, and two may be the same
        let turned = TWO.replace("\"0.2\"", "\"0.3\"").replace("\"0.4\"", "\"0.2\"").replace("\"0.3\"", "\"0.4\"");
        assert_ne!(with(TWO, &[]).unwrap().hash, with(&turned, &[]).unwrap().hash);
        let same =
            "keys = [\"learning.alpha\", \"people.skill_sigma\"]\nvalues = [[\"0.3\", \"0.3\"], [\"0.3\", \"0.3\"]]\n";
        assert_eq!(with(same, &[]).unwrap().sections_of(1).people.skill_sigma.0, 0.3);
        // a result keeps its scenario as one file: made again from it, it has the same draws
        let file = with(TWO, &[]).unwrap().file;
        let again = load(Path::new("again.toml"), &[], &|_: &Path| Ok(file.clone())).unwrap();
        assert_eq!(again.hash, with(TWO, &[]).unwrap().hash);
        assert_eq!(again.sections_of(1).learning.alpha.0, 0.4);
    }

    #[test]
    fn a_draw_that_is_wrong_is_named() {
        for (from, to, words) in [
            ("\"0.2\", ", "", "draw 0 has 2 values, and there are 3 keys"),
            ("learning.alpha", "learning.alhpa", "alpha"),
            ("\"0.4\"", "\"many\"", "draw 1 of draws"),
            ("learning.alpha", "run.years", "cannot be drawn"),
        ] {
            let shown = with(&TWO.replace(from, to), &[]).unwrap_err().to_string();
            assert!(shown.contains(words), "{to}:\n{shown}");
        }
        let shown = with(TWO, &["demand.density_elasticity.depot=0.3"]).unwrap_err().to_string();
        assert!(shown.contains("depot.CHN is drawn, and this scenario sets it"), "{shown}");
    }
}
