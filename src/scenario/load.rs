//! How a scenario is read: every file of its chain is checked, laid over the one it extends, and becomes parameters.

use super::chain::Chain;
use super::check::Walk;
use super::ranges::Ranges;
use super::shape::{FILE, LABELS};
use super::tree::Entry;
use super::{
    About, Problem, Problems, Reader, Scenario, Severity, dates, likeness, other, problem, resolved, rhythm, warnings,
    words,
};
use crate::economy::Parameters;
use crate::economy::parameters::Sections;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Most regions: what is traded between them grows with the square of their number.
const MOST_REGIONS: usize = 256;

/// Reads a scenario with what it extends, and `key=value` settings on top, with the values that stand in the files,
/// whatever is drawn.
///
/// # Errors
/// Every problem found in any of the files, each with its place.
pub(super) fn undrawn(path: &Path, settings: &[String], reader: Reader) -> Result<Scenario, Problems> {
    let mut chain = Chain::default();
    chain.read_files(path, reader);
    let files = chain.trees.len();
    settings.iter().for_each(|setting| chain.read_setting(setting));
    let Chain { sources, mut trees, problems, .. } = chain;
    let sources = Arc::new(sources);
    let mut walk = Walk { problems, ..Walk::default() };
    let has_syntax_errors = !walk.problems.is_empty();
    let is_too_wide = !declare(&trees, files, &mut walk);
    if !is_too_wide {
        trees.iter_mut().for_each(|tree| likeness::settle(tree, &mut walk));
    }
    let found = if trees.is_empty() || is_too_wide {
        None
    } else {
        resolve(trees, files, has_syntax_errors, &mut walk, &sources)
    };
    let (warnings, errors): (Vec<_>, Vec<_>) =
        walk.problems.into_iter().partition(|problem| problem.severity == Severity::Warning);
    match found {
        Some(scenario) if errors.is_empty() => {
            let (warnings, settings) = (Problems::new(warnings, sources), settings.to_vec());
            Ok(Scenario { warnings, settings, ..scenario })
        }
        _ if errors.is_empty() => {
            let title = format!("{}: the scenario could not be read; this is a bug of handover", path.display());
            Err(Problems::new(vec![Problem::plain(title)], sources))
        }
        // warnings about a file that cannot run would hide what is wrong with it
        _ => Err(Problems::new(errors, sources)),
    }
}

/// The trees from the one that counts most: settings from the last, then the file asked for, then what it extends.
fn by_weight(trees: &[Entry], files: usize) -> impl Iterator<Item = &Entry> {
    trees[files..].iter().rev().chain(&trees[..files])
}

/// Collects what the files declare before they are checked; says whether that is within bounds.
fn declare(trees: &[Entry], files: usize, walk: &mut Walk) -> bool {
    let regions = by_weight(trees, files).find_map(|tree| {
        let entry = tree.get("world.regions")?;
        Some(entry.get("value").unwrap_or(entry)).filter(|entry| entry.array().is_some())
    });
    if let Some(list) = regions {
        let mut names: Vec<&str> = list.array().unwrap_or(&[]).iter().filter_map(Entry::text).collect();
        names.extend(trees.iter().flat_map(likeness::declared));
        if names.len() > MOST_REGIONS {
            let title = format!("{} regions are declared, and at most {MOST_REGIONS} may be", names.len());
            walk.report(Problem::at(list, title).label("too many").help("put small countries together"));
            return false;
        }
        walk.regions = Some(names.into_iter().map(str::to_owned).collect());
    }
    for tree in by_weight(trees, files) {
        for path in ["capture.labs", "capture.labs.value"] {
            let names = tree.get(path).and_then(Entry::table).into_iter().flatten().map(|(name, _)| name.clone());
            walk.labs.get_or_insert_default().extend(names);
        }
        for (code, rate) in tree.get("currency").and_then(Entry::table).into_iter().flatten() {
            let rate = rate.get("value").unwrap_or(rate).text();
            // a rate that cannot be read is reported where it stands; one that counts more comes first
            if let Some(rate) = rate.filter(|_| walk.exchange.currencies().all(|known| known != code)) {
                let _ = walk.exchange.declare(code, rate);
            }
        }
    }
    true
}

/// Checks every tree, lays them over each other and reads the result.
fn resolve(
    mut trees: Vec<Entry>,
    files: usize,
    has_syntax_errors: bool,
    walk: &mut Walk,
    sources: &[problem::Source],
) -> Option<Scenario> {
    if let Some((title, help)) = other::instead("scenario", |table| trees[0].get(table).is_some()) {
        walk.report(Problem::in_source(0, 0..0, title).help(help));
        return None;
    }
    // what is walked later wins: the file at the bottom first, settings last
    let (mut own_cards, mut ranges) = (Vec::new(), Ranges::default());
    let order = (0..files).rev().chain(files..trees.len());
    for (level, place) in order.enumerate() {
        let cards = std::mem::take(&mut walk.cards);
        walk.is_setting = place >= files;
        walk_tree(&mut trees[place], sources, walk);
        ranges.take(&trees[place], &walk.cards);
        if level > 0 {
            own_cards.extend(walk.cards.values().cloned());
        }
        let newer = std::mem::replace(&mut walk.cards, cards);
        walk.cards.extend(newer);
    }
    check_name(&trees, files, walk);
    let regions: Vec<String> = walk.regions.iter().flatten().cloned().collect();
    let (mut about, mut changed, mut merged) = (About::default(), Vec::new(), Entry::empty());
    let settings = trees.split_off(files);
    for (level, mut tree) in trees.into_iter().rev().chain(settings).enumerate() {
        about.take(tree.remove("scenario"));
        if level > 0 {
            let mut leaves = Vec::new();
            tree.leaves("", &mut leaves);
            changed.extend(leaves.into_iter().map(|(path, _)| path));
        }
        walk.report_beyond(&tree, &merged);
        warnings::check_dropped(&tree, &merged, sources, walk);
        merged.merge(tree, Some(&FILE), &regions);
    }
    let likes = likeness::complete(&mut merged, walk)?;
    about.regions = likeness::names(&merged, "name");
    about.in_words = likeness::names(&merged, "in_words");
    if !has_syntax_errors {
        report_missing(&merged, files, walk);
    }
    words::check(&merged, walk);
    dates::check(&merged, files, walk);
    let origins = resolved::origins(&merged, sources);
    let file = as_one_file(&about, &merged);
    let mut model = merged.clone();
    for words in ["currency", "region"] {
        model.remove(words);
    }
    for list in ["policy", "event", "operator"] {
        model.strip(list, &LABELS.map(|(key, _)| key));
    }
    let sections: Result<Sections, _> = model.to_toml().try_into();
    let mut sections = match sections {
        Ok(sections) => sections,
        Err(error) => {
            if walk.problems.is_empty() {
                walk.report(Problem::plain(format!(
                    "the scenario fits no parameter: {error}; this is a bug of handover"
                )));
            }
            return None;
        }
    };
    let happenings = sections.events.iter().map(|event| event.happening().says()).collect();
    resolved::put_in_order(&mut sections);
    let hash = resolved::hash(&sections);
    let parameters = match Parameters::new(sections) {
        Ok(parameters) => parameters,
        Err(faults) => {
            for fault in faults {
                let is_known = |path: &String| path.starts_with(&fault.key);
                if !walk.dropped.iter().any(is_known) {
                    let entry = merged.deepest(&fault.key).0.latest();
                    let (title, help) = fault.words.split_once("; ").unwrap_or((&fault.words, ""));
                    walk.report(Problem::at(entry, format!("{}: {title}", fault.key)).label("here").help(help));
                }
            }
            return None;
        }
    };
    rhythm::check(&parameters, &merged, walk);
    warnings::check(&parameters, &merged, walk);
    ranges.check(&merged, walk);
    let catalogue = std::mem::take(&mut walk.cards);
    let warnings = Problems::default();
    Some(Scenario {
        about,
        parameters,
        catalogue,
        changed,
        origins,
        hash,
        warnings,
        own_cards,
        file,
        drawn: Arc::default(),
        settings: Vec::new(),
        likes,
        happenings,
    })
}

/// A scenario file that needs no other: every value as it was resolved.
fn as_one_file(about: &About, merged: &Entry) -> String {
    let head = About { regions: BTreeMap::new(), in_words: BTreeMap::new(), ..about.clone() };
    let head = toml::Value::try_from(head).expect("what a scenario says of itself is words");
    let mut whole = toml::Table::from_iter([("scenario".to_owned(), head)]);
    if let toml::Value::Table(rest) = merged.to_toml() {
        whole.extend(rest);
    }
    toml::to_string(&whole).expect("what was read as TOML can be written as TOML")
}

/// Walks one tree; where a line is not TOML, nothing else is said about it.
pub(super) fn walk_tree(tree: &mut Entry, sources: &[problem::Source], walk: &mut Walk) {
    let before = walk.problems.len();
    let line = |problem: &Problem| {
        let (source, at) = problem.order();
        (source, sources.get(source).map_or(0, |source| source.line(at)))
    };
    let broken: Vec<_> = walk.problems.iter().map(line).collect();
    walk.file(tree);
    let mut place = 0;
    walk.problems.retain(|problem| {
        place += 1;
        place <= before || !broken.contains(&line(problem))
    });
}

fn report_missing(merged: &Entry, files: usize, walk: &mut Walk) {
    let sections = ["run", "world", "people", "labour", "learning"];
    if files == 1 && sections.into_iter().filter(|section| merged.get(section).is_none()).count() > 1 {
        let title = "the scenario extends nothing and does not state every number itself";
        let help = "write extends = \"baseline.toml\" under [scenario], and below it only what differs";
        walk.report(Problem::in_source(0, 0..0, title).help(help));
        return;
    }
    walk.missing(merged, &FILE, "");
}

/// The name of the scenario: of the file asked for, and what settings make of it.
fn check_name(trees: &[Entry], files: usize, walk: &mut Walk) {
    let top = &trees[0];
    for entry in trees[files..].iter().chain([top]).filter_map(|tree| tree.get("scenario.name")) {
        words::of_file(entry, "scenario.name", 64, &mut walk.problems);
    }
    if top.get("scenario.name").is_none() && walk.problems.is_empty() {
        let entry = top.get("scenario").unwrap_or(top);
        let help =
            "write name = \"..\" with lower-case letters, digits and hyphens: it names the folder of the results";
        walk.report(Problem::at(entry, "the scenario has no name").label("name is missing").help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    const BASELINE: &str = include_str!("../../scenarios/baseline.toml");

    fn with(text: &str, settings: &[&str]) -> Result<Scenario, Problems> {
        let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
            Some("baseline.toml") => Ok(BASELINE.to_owned()),
            Some("this.toml") => Ok(text.to_owned()),
            _ => Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no such file")),
        };
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        load(Path::new("scenarios/this.toml"), &settings, &reader)
    }

    fn message(text: &str, settings: &[&str]) -> String {
        with(text, settings).unwrap_err().to_string()
    }

    const HEAD: &str = "[scenario]\nname = \"this\"\nextends = \"baseline.toml\"\n";

    #[test]
    fn a_reform_states_only_what_differs() {
        let scenario =
            with(&format!("{HEAD}[learning]\nalpha = 0.25\n"), &["run.years=3", "learning.transfer=10 %"]).unwrap();
        assert_eq!(scenario.parameters.learning.alpha.0, 0.25);
        assert_eq!(scenario.parameters.learning.transfer.0, 0.1);
        assert_eq!(scenario.parameters.run.years.0, 3.0);
        assert_eq!(scenario.changed, ["learning.alpha", "run.years", "learning.transfer"]);
        assert_eq!(scenario.catalogue["learning.alpha"].grade, "C");
    }

    #[test]
    fn one_region_can_differ() {
        let scenario = with(&format!("{HEAD}[labour.unemployment]\nIND = \"9 %\"\n"), &[]).unwrap();
        let india = scenario.parameters.regions.iter().position(|name| name == "IND").unwrap();
        assert_eq!(scenario.parameters.labour.unemployment[india].0, 0.09);
        assert_eq!(scenario.parameters.labour.unemployment[0].0, 0.036);
    }

    #[test]
    fn the_order_of_regions_changes_nothing() {
        let turned = "[world]\nregions = [\"JPN\", \"EU27\", \"USA\", \"MEX\", \"CHN\", \"BGD\", \"VNM\", \"IND\"]\n";
        let scenario = with(&format!("{HEAD}{turned}"), &[]).unwrap();
        assert_eq!(scenario.parameters.regions, with(HEAD, &[]).unwrap().parameters.regions);
    }

    const TWO: &str = "[[policy]]\nfrom = \"2029-01\"\nregions = [\"IND\"]\nroyalty_rate = \"5 %\"\n[[policy]]\nfrom = \"2030-01\"\nrobot_tax = \"3 %\"\n";

    #[test]
    fn a_setting_changes_one_policy_and_adds_another() {
        let text = format!("{HEAD}{TWO}");
        let new = "policy.new={from = \"2031-01\", regions = [\"USA\"], data_levy = \"1 USD/hour\"}";
        let changed = with(&text, &["policy.0.royalty_rate=20 %", "policy.1.regions=[\"USA\"]", new]).unwrap();
        let by_hand = format!(
            "{HEAD}{}{}[[policy]]\nfrom = \"2031-01\"\nregions = [\"USA\"]\ndata_levy = \"1 USD/hour\"\n",
            TWO.replace("5 %", "20 %"),
            "regions = [\"USA\"]\n"
        );
        assert_eq!(changed.hash, with(&by_hand, &[]).unwrap().hash);
        assert_eq!(changed.parameters.policies.len(), 3);
        // a world without policies gets its first, and the one added can be changed by its number
        let first = with(HEAD, &[new, "policy.0.data_levy=2 USD/hour"]).unwrap();
        assert_eq!(first.parameters.policies.len(), 1);
        assert_eq!(first.parameters.policies[0].data_levy.unwrap().0, 2.0);
    }

    #[test]
    fn a_setting_of_an_element_that_is_not_there_says_what_there_is() {
        let event = "[[event]]\nkind = \"strike\"\nfrom = \"2029-01\"\nuntil = \"2030-01\"\nmost_skilled = \"30 %\"\n";
        for (text, setting, words) in [
            (TWO, "policy.2.royalty_rate=0.1", "the scenario states 2, counted from 0"),
            (TWO, "policy.0.royalty=0.1", "royalty_rate"),
            (TWO, "policy.first.royalty_rate=0.1", "policy.0 for the first"),
            (TWO, "policy.0=3", "must be"),
            (TWO, "policy.new={royalty_rate=0.1}", "from is missing"),
            (event, "event.0.factor=0.1", "most_skilled"),
            (event, "event.0.kind=import_ban", "cannot be changed"),
        ] {
            let shown = message(&format!("{HEAD}{text}"), &[setting]);
            assert!(shown.contains("--set:1:") && shown.contains(words), "{setting}:\n{shown}");
            assert!(!shown.contains("bug of handover"), "{setting}:\n{shown}");
        }
        // a file states its lists as a whole
        assert!(message(&format!("{HEAD}[policy.0]\nroyalty_rate = 0.1\n"), &[]).contains("[[policy]]"));
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_stands_with_what_to_write() {
        for (section, line, place, words) in [
            ("[learning]", "alhpa = 0.3", "5:1", "alpha"),
            ("[learning]", r#"alpha = "two""#, "5:9", "for example 0.34"),
            ("[labour]", "vacancy_length = 3", "5:18", "needs its unit"),
            ("[learning]", "transfer = 1.5", "5:12", "between 0 and 1"),
            ("[law]", r#"data_rights = "concent""#, "5:15", "consent"),
            ("[labour.unemployment]", "INDIA = 0.1", "5:1", r#""IND""#),
            ("[[policy]]", "from = \"2029-01\"\nroyalty = 0.1", "6:1", "royalty_rate"),
            ("[[policy]]", r#"from = "soon""#, "5:8", "is not a date"),
            ("[learning", "", "4", ""),
        ] {
            let shown = message(&format!("{HEAD}{section}\n{line}\n"), &[]);
            let is_shown = shown.contains(&format!("scenarios/this.toml:{place}")) && shown.contains(words);
            assert!(is_shown, "{section} {line}:\n{shown}");
        }
        let (bare, written) = (["run.persons_per_agent=1"], ["run.persons_per_agent=1 persons"]);
        assert_eq!(with(HEAD, &bare).unwrap().hash, with(HEAD, &written).unwrap().hash);
        let shown = message(HEAD, &["learning.alfa=0.3"]);
        assert!(shown.contains("--set:1:1") && shown.contains("alpha"), "{shown}");
    }

    #[test]
    fn typographic_quotes_are_named_as_such_where_they_quote() {
        let shown = message(HEAD, &["run.start=“2027-01”"]);
        let words = ["--set:1:13", "are typographic quotes", "write \"2027-01\" with straight quotes"];
        assert!(words.iter().all(|words| shown.contains(words)), "{shown}");
        let list = message(HEAD, &["policy.new={from=\"2029-01\", regions=[‘IND’], robot_tax=\"5 %\"}"]);
        assert!(list.contains("are typographic quotes") && list.contains("\"IND\""), "{list}");
        // within a text they are letters
        assert!(with(HEAD, &["scenario.title=It’s “mine”"]).is_ok());
    }

    #[test]
    fn no_path_leaves_the_folder_and_no_chain_is_a_circle() {
        for path in ["../baseline.toml", "/etc/passwd", ""] {
            let shown = message(&format!("[scenario]\nname = \"this\"\nextends = \"{path}\"\n"), &[]);
            assert!(shown.contains("its own folder"), "{shown}");
        }
        let shown = message("[scenario]\nname = \"this\"\nextends = \"./this.toml\"\n", &[]);
        assert!(shown.contains("extends itself"), "{shown}");
    }

    fn place(scenario: &Scenario, code: &str) -> usize {
        scenario.parameters.regions.iter().position(|region| region == code).unwrap()
    }

    #[test]
    fn a_region_of_ones_own_is_like_another_but_for_what_it_states() {
        let text = "[region.IDN]\nlike = \"VNM\"\nname = \"Indonesia\"\nin_words = \"the isles\"\nlabour.manufacturing = \"20 M persons\"\n\
                    labour.unemployment = { value = \"4.9 %\", grade = \"B\", source = \"a survey\" }\n\
                    demand.market_weights = 0.03\n\
                    [region.IDN.labour.wage]\nsource = \"wages\"\ngrade = \"C\"\nvalue = { helper = \"160 USD/month\" }\n";
        let scenario = with(&format!("{HEAD}{text}"), &[]).unwrap();
        let (idn, vnm) = (place(&scenario, "IDN"), place(&scenario, "VNM"));
        let parameters = &scenario.parameters;
        assert_eq!(parameters.regions.len(), 9);
        let labour = &parameters.labour;
        assert_eq!((labour.manufacturing[idn].0, labour.unemployment[idn].0), (20e6, 0.049));
        assert_eq!(labour.job_finding[idn].0, labour.job_finding[vnm].0);
        use crate::economy::world::lists::Occupation::{Courier, Helper};
        assert_eq!(labour.wage[Courier][idn].0, labour.wage[Courier][vnm].0);
        assert!(labour.wage[Helper][idn].0 < labour.wage[Helper][vnm].0);
        // the labs of the region it is like license and collect there
        let labs = &parameters.capture.labs;
        let has = |list: &[String]| list.iter().any(|region| region == "IDN");
        assert!(has(&labs["CHN lab"].licenses) && !has(&labs["USA lab"].licenses) && has(&labs["USA lab"].collects));
        // a stated share stays, the others give in proportion; one that was taken over gives too
        let shares = &parameters.demand.market_weights;
        assert_eq!(shares["IDN"].0, 0.03);
        assert!((shares.values().map(|share| share.0).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((shares["USA"].0 / shares["EU27"].0 - 0.4 / 0.3).abs() < 1e-12);
        let owners = &parameters.settlement.ownership;
        assert!((owners.values().map(|share| share.0).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(owners["IDN"].0, owners["VNM"].0);
        let exports = &parameters.trade.exports;
        assert_eq!(exports["IND"].0["IDN"].0, exports["IND"].0["VNM"].0);
        assert_eq!(exports["IDN"].0["USA"].0, exports["VNM"].0["USA"].0);
        assert!(!exports["IDN"].0.contains_key("IDN"));
        let card = |key: &str| (scenario.catalogue[key].grade.as_str(), scenario.catalogue[key].source.as_str());
        assert_eq!(card("labour.unemployment.IDN"), ("B", "a survey"));
        assert_eq!(card("labour.wage.helper.IDN"), ("C", "wages"));
        assert_eq!(card("labour.manufacturing.IDN"), ("C", "stated without a source"));
        assert_eq!(card("labour.job_finding.IDN"), ("C", "assumption: as in VNM"));
        assert_eq!(scenario.region_names()[idn], "Indonesia");
        let said = ["IDN", "USA", "VNM", "KEN"].map(|code| scenario.in_words(code));
        assert_eq!(said, ["the isles", "the United States", "Vietnam", "KEN"]);
        // as one file it means the same, and needs nobody to be like
        let again = with(&scenario.file, &[]).unwrap();
        assert_eq!((again.hash, again.about), (scenario.hash, scenario.about));
    }

    #[test]
    fn regions_can_be_like_each_other_in_turn_and_set_on_top() {
        let text = "[region.KEN]\nlike = \"IDN\"\n[region.IDN]\nlike = \"VNM\"\nlabour.unemployment = \"9 %\"\n";
        let scenario = with(&format!("{HEAD}{text}"), &["region.KEN.labour.job_finding=3 %/week"]).unwrap();
        let (ken, idn) = (place(&scenario, "KEN"), place(&scenario, "IDN"));
        let labour = &scenario.parameters.labour;
        assert_eq!((labour.unemployment[ken].0, labour.unemployment[idn].0), (0.09, 0.09));
        assert!((labour.job_finding[ken].0 - 0.03).abs() < 1e-15 && labour.job_finding[idn].0 > 0.05);
        // one value for all regions, and one of its own
        let all = "[labour]\nunemployment = \"5 %\"\n[region.IDN]\nlike = \"VNM\"\nlabour.unemployment = \"9 %\"\n";
        let scenario = with(&format!("{HEAD}{all}"), &[]).unwrap();
        let unemployment = &scenario.parameters.labour.unemployment;
        assert_eq!((unemployment[place(&scenario, "IDN")].0, unemployment[place(&scenario, "VNM")].0), (0.09, 0.05));
    }

    #[test]
    fn a_region_that_cannot_be_is_refused_with_what_to_write() {
        for (text, words) in [
            ("[region.VMN]\nname = \"Vietnam\"\n", "did you mean \"VNM\""),
            ("[region.IDN]\nlike = \"VMN\"\n", "did you mean \"VNM\""),
            ("[region.IDN]\nlike = \"IDN\"\n", "is like itself"),
            ("[region.IDN]\nlike = \"KEN\"\n[region.KEN]\nlike = \"IDN\"\n", "is like itself"),
            ("[region.IDN]\nlike = \"VNM\"\nlearning.alpha = 0.3\n", "is the same in every region"),
            ("[region.IDN]\nlike = \"VNM\"\nunemployment = \"5 %\"\n", "write labour.unemployment = .. here"),
            ("[region.IDN]\nlike = \"VNM\"\nnmae = \"Indonesia\"\n", "did you mean \"name\""),
            ("[region.IDN]\nlike = \"VNM\"\nlabour.wage.helpr = \"9 USD/month\"\n", "did you mean \"helper\""),
            ("[region.IDN]\nlike = \"VNM\"\nrun.years = 3\n", "is the same in every region"),
            ("[region.IDN]\nlike = \"VNM\"\nname = \"all\"\n", "means something else"),
            (
                "[region.IDN]\nlike = \"VNM\"\nlabour.unemployment = \"5 %\"\n[labour.unemployment]\nIDN = \"6 %\"\n",
                "is stated twice",
            ),
        ] {
            let shown = message(&format!("{HEAD}{text}"), &[]);
            assert!(shown.contains(words), "{text}:\n{shown}");
            assert!(!shown.contains("bug of handover") && !shown.contains("is missing"), "{text}:\n{shown}");
        }
    }

    #[test]
    fn a_label_is_shown_where_a_policy_is_named_and_means_nothing() {
        use super::super::describe::differences;
        let labelled = TWO.replace(
            "[[policy]]\nfrom = \"2029",
            "[[policy]]\nlabel = \"Half of it\"\ncomment = \"as asked\"\nfrom = \"2029",
        );
        let (bare, named) =
            (with(&format!("{HEAD}{TWO}"), &[]).unwrap(), with(&format!("{HEAD}{labelled}"), &[]).unwrap());
        assert_eq!(bare.hash, named.hash);
        assert!(differences(&bare, &named).is_empty());
        let said = differences(&with(HEAD, &[]).unwrap(), &named);
        let words = "“Half of it”: from January 2029, in India, 5 % of licence revenue goes to contributors";
        assert!(said[0].starts_with(words) && said[0].ends_with("[as asked]"), "{said:?}");
        assert_eq!(named.policy_over("law.royalty_rate").unwrap().called, " (“Half of it”)");
    }

    #[test]
    fn events_are_told_with_their_own_dates_whatever_their_order() {
        use super::super::describe::differences;
        let strike = "[[event]]\nkind = \"strike\"\nfrom = \"2029-01\"\nuntil = \"2030-01\"\nmost_skilled = \"30 %\"\n";
        let shock = "[[event]]\nkind = \"demand_shock\"\nfrom = \"2031-01\"\nuntil = \"2032-01\"\nfactor = 0.9\n";
        let base = with(HEAD, &[]).unwrap();
        let said = |text: &str| differences(&base, &with(&format!("{HEAD}{text}"), &[]).unwrap());
        let both = [said(strike), said(shock)].concat();
        assert_eq!(said(&format!("{strike}{shock}")), both);
        assert_eq!(said(&format!("{shock}{strike}")), [said(shock), said(strike)].concat());
    }
}
