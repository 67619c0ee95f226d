//! Only what is asked for: which files of a result are made, which metrics stand in its series, and that it can be made
//! again.

use crate::common::{handover, text, world_of};
use handover::output::only::{OF_COMPARISON, OF_ENSEMBLE, OF_RUN, Only};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

/// Runs a command in a small world, from the folder of the shipped scenarios, and demands that it ends so.
fn ends(folder: &Path, code: i32, arguments: &[&str]) -> Output {
    let world = world_of!("400000", "4");
    let world = if ["verify", "fork"].contains(&arguments[0]) { &[][..] } else { &world };
    let done = handover(folder, &[arguments, world].concat());
    assert_eq!(done.status.code(), Some(code), "{arguments:?}: {}", text(&done.stderr));
    done
}

/// Names of the files of a result, those in folders with the folder's name.
fn names(folder: &Path) -> BTreeSet<String> {
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let listed: BTreeSet<String> = manifest["files"].as_object().unwrap().keys().cloned().collect();
    assert!(listed.iter().all(|name| folder.join(name).is_file()), "{listed:?}");
    listed
}

fn groups(folder: &Path) -> BTreeSet<String> {
    names(folder).iter().map(|name| name.split(['.', '/']).next().unwrap().to_owned()).collect()
}

fn same(one: &Path, other: &Path, name: &str) {
    assert!(fs::read(one.join(name)).unwrap() == fs::read(other.join(name)).unwrap(), "{name} has other bytes");
}

const YEAR: &str = "--years=1";

#[test]
fn a_run_makes_what_is_asked_for_and_verify_makes_it_again() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    ends(place.path(), 0, &["run", "baseline", YEAR, "--out=all", "--quiet"]);
    let all: BTreeSet<String> = OF_RUN.map(str::to_owned).into();
    assert_eq!(groups(&at("all")), all, "every file is of a group that can be asked for, and no group is empty");
    let two = ["--only=series, gains,waterfall", "--metrics=unemployment_rate,absorbed"];
    ends(place.path(), 0, &[&["run", "baseline", YEAR, "--out=few", "--quiet"], &two[..]].concat());
    let few = ["gains.csv", "gains.parquet", "series.csv", "series.parquet", "waterfall.csv"];
    assert_eq!(names(&at("few")), few.map(str::to_owned).into());
    for name in ["gains.csv", "gains.parquet", "waterfall.csv"] {
        same(&at("all"), &at("few"), name);
    }
    let series = |name: &str| fs::read_to_string(at(name).join("series.csv")).unwrap();
    let (whole, part) = (series("all"), series("few"));
    let asked = |line: &&str| ["metric", "unemployment_rate", "absorbed"].contains(&line.split(',').nth(6).unwrap());
    assert_eq!(part.lines().collect::<Vec<_>>(), whole.lines().filter(asked).collect::<Vec<_>>());
    let hash = |name: &str| -> Value {
        let manifest = fs::read(at(name).join("manifest.json")).unwrap();
        serde_json::from_slice::<Value>(&manifest).unwrap()["state_hash"].clone()
    };
    assert_eq!(hash("all"), hash("few"), "what is written moves nobody");
    // --json reads what the tables do not
    let json = |more: &[&str]| -> Value {
        let done = ends(place.path(), 0, &[&["run", "baseline", YEAR, "--force", "--json"], more].concat());
        serde_json::from_slice(&done.stdout).unwrap()
    };
    let (all, few) = (json(&["--out=j"]), json(&["--out=k", "--only=receipt"]));
    assert_eq!((&all["headlines"], &all["gains"]), (&few["headlines"], &few["gains"]));
    let report = ["--only=report,series", "--no-plots", "--metrics=wage"];
    ends(place.path(), 0, &[&["run", "baseline", YEAR, "--out=page"], &report[..]].concat());
    let page = fs::read_to_string(at("page").join("report.html")).unwrap();
    assert!(page.contains("handover run baseline --only series,report --metrics wage"), "the page says how it is made");
    assert!(!page.contains("flows.parquet"), "the page names what is not beside it");
    for name in ["few", "page", "k"] {
        ends(place.path(), 0, &["verify", name]);
    }
}

#[test]
fn an_ensemble_and_a_comparison_make_what_is_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let two = ["run", "baseline", YEAR, "--replicates=2", "--quiet"];
    ends(place.path(), 0, &[&two[..], &["--out=all"]].concat());
    assert_eq!(groups(&at("all")), OF_ENSEMBLE.map(str::to_owned).into());
    let asked = ["--out=few", "--only=bands,replicates", "--metrics=absorbed,gini_income"];
    ends(place.path(), 0, &[&two[..], &asked].concat());
    assert_eq!(groups(&at("few")), ["bands", "replicates"].map(str::to_owned).into());
    let bands = |name: &str| fs::read_to_string(at(name).join("bands.csv")).unwrap();
    let (whole, part) = (bands("all"), bands("few"));
    let asked = |line: &&str| ["metric", "absorbed", "gini_income"].contains(&line.split(',').nth(6).unwrap());
    assert_eq!(part.lines().collect::<Vec<_>>(), whole.lines().filter(asked).collect::<Vec<_>>());
    same(&at("all"), &at("few"), "replicates/01/flows.parquet");
    let until = "--until-ci=wage[USA, picker]=1000000 USD/month";
    ends(place.path(), 0, &[&two[..], &["--out=sure", "--only=bands", "--metrics=hires", until]].concat());
    let three = ["compare", "baseline", "royalty-30", YEAR, "--replicates=2", "--quiet"];
    ends(place.path(), 0, &[&three[..], &["--out=both"]].concat());
    assert_eq!(groups(&at("both")), OF_COMPARISON.map(str::to_owned).into());
    ends(place.path(), 0, &[&three[..], &["--out=answer", "--only=effects,answer"]].concat());
    assert_eq!(names(&at("answer")), ["answer.csv", "effects.parquet"].map(str::to_owned).into());
    for name in ["answer.csv", "effects.parquet"] {
        same(&at("both"), &at("answer"), name);
    }
    for name in ["few", "sure", "answer"] {
        ends(place.path(), 0, &["verify", name]);
    }
}

#[test]
fn a_word_that_is_none_is_told_with_the_nearest() {
    let place = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (["run", "baseline", "--only=serie"], "there is no group of files \"serie\"; did you mean \"series\"?"),
        (["run", "baseline", "--only="], "there is no group of files \"\"; there are series, flows"),
        (["run", "baseline", "--metrics=wages"], "there is no metric \"wages\"; did you mean \"wage\" or \"taxes\"?"),
        (["run", "baseline", "--metrics=qqq"], "there is no metric \"qqq\"; docs/metrics.md lists them"),
    ] {
        let done = ends(place.path(), 2, &arguments);
        assert!(text(&done.stderr).contains(words), "{}", text(&done.stderr));
    }
    let done = ends(place.path(), 2, &["run", "baseline", "--replicates=2", "--only=series"]);
    assert!(text(&done.stderr).contains("there are bands, gains"), "{}", text(&done.stderr));
    let done = ends(place.path(), 2, &["compare", "baseline", "ban", "--only=headline"]);
    assert!(text(&done.stderr).contains("did you mean \"headlines\"?"), "{}", text(&done.stderr));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "nothing was written");
}

/// A checkpoint that holds fewer records serves those who want no more of them.
#[test]
fn a_checkpoint_with_fewer_records_is_not_taken_for_one_with_all() {
    let place = tempfile::tempdir().unwrap();
    let few = ["run", "baseline", YEAR, "--quiet", "--only=series", "--metrics=hires"];
    let saving = ["--out=a", "--checkpoint-every=12 weeks", "--keep"];
    ends(place.path(), 0, &[&few[..], &saving].concat());
    let again = ends(place.path(), 0, &[&few[..], &saving, &["--resume"]].concat());
    assert!(text(&again.stderr).contains("finished already"), "{}", text(&again.stderr));
    let other = [&few[..4], &saving, &["--resume"]].concat();
    assert!(text(&ends(place.path(), 2, &other).stderr).contains("--force"), "another result is not this one");
    let settings = world_of!("400000", "4");
    let fork = ["fork", "a.partial", "--with=baseline", "--years=1.5", "--out=b"];
    let refused = ends(place.path(), 2, &[&fork[..], &settings].concat());
    assert!(text(&refused.stderr).contains("does not hold all records"), "{}", text(&refused.stderr));
    // what was stopped goes on with the same bytes
    fs::rename(place.path().join("a"), place.path().join("unbroken")).unwrap();
    let resumed = ends(place.path(), 0, &[&few[..], &saving, &["--resume"]].concat());
    assert!(text(&resumed.stderr).contains("going on from"), "{}", text(&resumed.stderr));
    same(&place.path().join("a"), &place.path().join("unbroken"), "series.parquet");
    same(&place.path().join("a"), &place.path().join("unbroken"), "manifest.json");
}

#[test]
fn the_name_of_a_file_says_its_group() {
    let only = Only::read(Some("plots,replicates"), None, &["replicates", "plots"]).unwrap();
    assert!(only.has("plots/fleet.svg") && only.has("replicates/07/series.parquet") && !only.has("series.parquet"));
    assert!(!only.clone().without_plots_if(true).has("plots/fleet.svg"));
    assert_eq!(only.typed(), " --only replicates,plots");
    assert_eq!(Only::default().without_plots_if(true).typed(), " --no-plots");
    assert!(only.has_panel() && !Only::read(Some("series"), None, &OF_RUN).unwrap().has_panel());
}
