//! Statistics are what they say: nothing is known by a name that two have, nothing is set twice, and the effect
//! of a word is not divided by a step that words do not have.

use crate::common;
use std::fs;
use std::path::Path;
use std::process::Command;

const SMALL: [&str; 3] = common::world_of!(500000, 8);
const SHORT: [&str; 2] = ["--years=1", "--quiet"];

fn handover(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    let done = command.current_dir(folder).args(arguments).output().unwrap();
    let both = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8_lossy(&both).into_owned())
}

/// A folder with the baseline, and laws of the same name.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::copy(common::root().join("scenarios/baseline.toml"), place.path().join("baseline.toml")).unwrap();
    for rate in ["5", "20"] {
        let law = format!(
            "[scenario]\nname = \"my-tax\"\ntitle = \"{rate} %\"\nextends = \"baseline.toml\"\n\
             [[policy]]\nfrom = \"2027-02\"\nrobot_tax = \"{rate} %\"\n"
        );
        fs::write(place.path().join(format!("tax{rate}.toml")), law).unwrap();
    }
    place
}

const SET: &str = "[set]\n\"run.years\" = 1\n\"run.spin_up\" = \"8 weeks\"\n\
    \"run.persons_per_agent\" = \"500000 persons\"\n\"run.least_agents\" = 0\n\"run.record_every\" = \"13 weeks\"\n";

fn plan(arms: &str, set: &str, design: &str, factors: &str) -> String {
    format!(
        "[sweep]\nname = \"p\"\ntitle = \"small\"\nreplicates = 1\nseed = 1\n{arms}{SET}{set}[design]\n{design}\n{factors}\
         [[output]]\nname = \"hours\"\nvalue = \"sum(accepted_hours[all])\"\n"
    )
}

const BASE: &str = "[[arm]]\nname = \"base\"\nscenario = \"baseline.toml\"\n";

#[test]
fn arms_of_one_name_are_refused_with_both_places() {
    let place = place();
    let factor = "[[factor]]\nkey = \"learning.alpha\"\nvalues = [0.3]\n";
    for arms in [
        "[[arm]]\nname = \"base\"\nscenario = \"tax5.toml\"\n[[arm]]\nname = \"base\"\nscenario = \"tax20.toml\"\n",
        "[[arm]]\nscenario = \"tax5.toml\"\n[[arm]]\nscenario = \"tax20.toml\"\n",
    ] {
        fs::write(place.path().join("plan.toml"), plan(arms, "", "kind = \"grid\"", factor)).unwrap();
        let (exit, said) = handover(place.path(), &["sweep", "plan.toml", "--out=result", "--quiet"]);
        assert_eq!(exit, Some(2), "{said}");
        let lines =
            if arms.contains("base") { ["plan.toml:7", "plan.toml:10"] } else { ["plan.toml:7", "plan.toml:9"] };
        assert!(lines.iter().all(|line| said.contains(line)) && said.contains("two arms are called"), "{said}");
    }
}

#[test]
fn reforms_of_one_name_are_refused() {
    let place = place();
    for (one, other) in [("tax5.toml", "tax20.toml"), ("tax5.toml", "tax5.toml"), ("tax5.toml", "./tax5.toml")] {
        let arguments =
            [&["compare", "baseline.toml", one, other, "--replicates=1", "--out=result"], &SMALL[..], &SHORT].concat();
        let (exit, said) = handover(place.path(), &arguments);
        assert_eq!(exit, Some(2), "{said}");
        assert!(said.contains(one) && said.contains(other) && !place.path().join("result").exists(), "{said}");
    }
}

#[test]
fn no_table_of_a_comparison_has_two_columns_of_one_name() {
    let place = place();
    let arguments =
        [&["compare", "baseline.toml", "tax5.toml", "--replicates=2", "--out=result"], &SMALL[..], &SHORT].concat();
    assert_eq!(handover(place.path(), &arguments), (Some(0), String::new()));
    let mut tables = 0;
    for file in fs::read_dir(place.path().join("result")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|end| end != "csv") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let count = head.len();
        head.sort_unstable();
        head.dedup();
        assert_eq!(head.len(), count, "{}", path.display());
        assert!(!text.contains(",inf"), "{}", path.display());
        tables += 1;
    }
    assert!(tables >= 7, "{tables} tables");
}

#[test]
fn keys_that_are_set_twice_or_within_one_another_are_refused() {
    let place = place();
    let wages = "[[factor]]\nname = \"all\"\nkeys = [\"labour.wage\"]\nvalues = [\"1 times\", \"2 times\"]\n";
    let helper = "[[factor]]\nname = \"helpers\"\nkeys = [\"labour.wage.helper\"]\nvalues = [\"3 times\"]\n";
    let both = "[[factor]]\nname = \"b\"\nkeys = [\"labour.wage\", \"labour.wage.helper\"]\nvalues = [\"3 times\"]\n";
    let same = "[[factor]]\nname = \"c\"\nkeys = [\"learning.alpha\", \"learning.alpha\"]\nvalues = [0.3]\n";
    let alpha = "[[factor]]\nkey = \"learning.alpha\"\nvalues = [0.3]\n";
    let cases = [
        (String::new(), format!("{wages}{helper}"), ["labour.wage", "labour.wage.helper"]),
        (String::new(), format!("{helper}{wages}"), ["labour.wage", "labour.wage.helper"]),
        (String::new(), both.to_owned(), ["labour.wage", "labour.wage.helper"]),
        (String::new(), same.to_owned(), ["learning.alpha", "set twice"]),
        ("\"learning.alpha\" = 0.25\n".to_owned(), alpha.to_owned(), ["[set] at plan.toml:15", "set twice"]),
    ];
    for (set, factors, words) in cases {
        fs::write(place.path().join("plan.toml"), plan(BASE, &set, "kind = \"grid\"", &factors)).unwrap();
        let (exit, said) = handover(place.path(), &["sweep", "plan.toml", "--out=result", "--quiet"]);
        assert_eq!(exit, Some(2), "{said}");
        assert!(words.iter().all(|word| said.contains(word)) && said.matches("plan.toml:").count() >= 2, "{said}");
    }
    fs::write(place.path().join("plan.toml"), plan(BASE, "", "kind = \"grid\"", alpha)).unwrap();
    let (exit, said) =
        handover(place.path(), &["sweep", "plan.toml", "--out=result", "--quiet", "--set=learning.alpha=0.25"]);
    assert!(exit == Some(2) && said.contains("--set"), "{said}");
}

/// A law that is a word moves the hours by the difference between its words, and no more.
#[test]
fn the_effect_of_a_word_is_a_difference_of_outputs() {
    let place = place();
    let factors = "[[factor]]\nkey = \"learning.alpha\"\nlow = 0.2\nhigh = 0.3\n\
        [[factor]]\nkey = \"law.data_rights\"\nvalues = [\"none\", \"ban\"]\n";
    let design = "kind = \"morris\"\ntrajectories = 4\nlevels = 4\nseed = 1";
    fs::write(place.path().join("plan.toml"), plan(BASE, "", design, factors)).unwrap();
    let (exit, said) = handover(place.path(), &["sweep", "plan.toml", "--out=result", "--quiet"]);
    assert_eq!(exit, Some(0), "{said}");
    let (exit, said) = handover(place.path(), &["sensitivity", "result", "--json"]);
    assert_eq!(exit, Some(0), "{said}");
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    let law = &found["answers"][0]["factors"][1];
    assert_eq!(law["effect_of"], "one word for another", "{law}");
    assert_eq!(found["answers"][0]["factors"][0]["effect_of"], "the whole range");
    let ends: Vec<f64> = law["mean_at_ends"].as_array().unwrap().iter().map(|end| end.as_f64().unwrap()).collect();
    let (effect, span) = (law["mu_star"]["value"].as_f64().unwrap(), (ends[1] - ends[0]).abs());
    // learning.alpha hardly moves the hours of one year: the effect is the span of the two words' means
    assert!(span > 0.0 && effect <= span * 1.2, "{effect} where the outputs span {span}");
    let table = fs::read_to_string(place.path().join("result/report/sensitivity.csv")).unwrap();
    assert!(table.contains("law.data_rights") && table.contains("mu_star between words"), "{table}");
}

#[test]
fn a_lever_that_is_also_fixed_is_refused() {
    let place = place();
    let arguments = [
        &["solve", "baseline.toml", "--lever=learning.alpha", "--between", "0.2", "0.4", "--replicates=1"][..],
        &["--target=last(unemployment_rate[USA]) <= 1", "--set=learning.alpha=0.3", "--out=result"][..],
        &SMALL[..],
        &SHORT,
    ]
    .concat();
    let (exit, said) = handover(place.path(), &arguments);
    assert!(exit == Some(2) && said.contains("--lever learning.alpha and --set learning.alpha"), "{said}");
}

#[test]
fn a_calibration_sets_nothing_twice() {
    let place = place();
    let factor = |key: &str| format!("[[factor]]\nkey = \"{key}\"\nlow = 0.2\nhigh = 0.3\n");
    let target = "[[target]]\nname = \"u\"\noutcome = \"last(unemployment_rate[USA])\"\nvalue = \"4 %\"\n\
        tolerance = \"1 pp\"\nsource = \"an assumption\"\n";
    let alpha = factor("learning.alpha");
    for (set, factors) in [
        ("[set]\n\"learning.alpha\" = 0.25\n", alpha.clone()),
        ("[set]\nlearning.alpha = 0.25\n", alpha.clone()),
        ("", format!("{alpha}{alpha}")),
    ] {
        let text = format!("[calibration]\nname = \"c\"\nscenario = \"baseline.toml\"\n{set}{factors}{target}");
        fs::write(place.path().join("calibration.toml"), text).unwrap();
        let (exit, said) = handover(place.path(), &["calibrate", "calibration.toml", "--out=result", "--quiet"]);
        assert!(exit == Some(2) && said.contains("set the same value"), "{said}");
    }
}

#[test]
fn an_uneven_number_of_points_is_remarked_before_anything_runs() {
    let place = place();
    let factor = "[[factor]]\nkey = \"learning.alpha\"\nlow = 0.2\nhigh = 0.3\n";
    for (design, words) in [
        ("kind = \"sobol\"\npoints = 100", "no power of two"),
        ("kind = \"saltelli\"\npoints = 8", "too few"),
        ("kind = \"morris\"\ntrajectories = 2", "too few"),
    ] {
        fs::write(place.path().join("plan.toml"), plan(BASE, "", design, factor)).unwrap();
        let (exit, said) = handover(place.path(), &["sweep", "plan.toml", "--out=result", "--dry-run"]);
        assert!(exit == Some(0) && said.contains(words), "{said}");
    }
}

#[test]
fn a_factor_that_an_arm_overrides_is_warned_of() {
    let place = place();
    let arms = format!("{BASE}[[arm]]\nname = \"tax\"\nscenario = \"tax5.toml\"\n");
    let dry = |arms: &str, factor: &str| {
        fs::write(place.path().join("plan.toml"), plan(arms, "", "kind = \"grid\"", factor)).unwrap();
        let (exit, said) = handover(place.path(), &["sweep", "plan.toml", "--out=result", "--dry-run"]);
        assert_eq!(exit, Some(0), "{said}");
        said
    };
    let tax = "[[factor]]\nkey = \"law.robot_tax\"\nvalues = [\"1 %\", \"2 %\"]\n";
    let said = dry(&arms, tax);
    assert!(said.contains("policy.0.robot_tax overrides law.robot_tax") && said.contains("does nothing"), "{said}");
    let alpha = "[[factor]]\nkey = \"learning.alpha\"\nvalues = [0.3]\n";
    assert!(!dry(&arms, alpha).contains("warning"));
    let slow = "[scenario]\nname = \"slow\"\nextends = \"baseline.toml\"\n[learning]\nalpha = 0.21\n";
    fs::write(place.path().join("slow.toml"), slow).unwrap();
    let said = dry(&format!("{BASE}[[arm]]\nscenario = \"slow.toml\"\n"), alpha);
    assert!(said.contains("the arm's own value is never run"), "{said}");
    // of one region in the arm, of all regions in the factor
    let law = "[scenario]\nname = \"slow\"\nextends = \"baseline.toml\"\n[law]\npayroll_tax.USA = \"9 %\"\n";
    fs::write(place.path().join("slow.toml"), law).unwrap();
    let payroll = "[[factor]]\nkey = \"law.payroll_tax\"\nvalues = [\"5 %\", \"6 %\"]\n";
    let said = dry(&format!("{BASE}[[arm]]\nscenario = \"slow.toml\"\n"), payroll);
    assert!(said.contains("the arm's own value is never run"), "{said}");
    // a policy of one region overrides nothing of another
    let policy = "[scenario]\nname = \"slow\"\nextends = \"baseline.toml\"\n[[policy]]\nfrom = \"2027-02\"\n\
        regions = [\"USA\"]\npayroll_tax = \"9 %\"\n";
    fs::write(place.path().join("slow.toml"), policy).unwrap();
    let of = |region: &str| payroll.replace("payroll_tax", &format!("payroll_tax.{region}"));
    let arm = format!("{BASE}[[arm]]\nscenario = \"slow.toml\"\n");
    assert!(dry(&arm, &of("USA")).contains("does nothing"));
    assert!(!dry(&arm, &of("IND")).contains("does nothing"));
}

/// Every command that turns a value says what a sweep says of it, each number once.
#[test]
fn implausible_and_overridden_values_are_said_by_every_command() {
    let place = place();
    fs::write(place.path().join("plan.toml"), plan(BASE, "", "kind = \"grid\"", FAR)).unwrap();
    let target = "[[target]]\nname = \"u\"\noutcome = \"last(unemployment_rate[USA])\"\nvalue = \"4 %\"\n\
        tolerance = \"1 pp\"\nsource = \"an assumption\"\n";
    let head = "[calibration]\nname = \"c\"\ntitle = \"A title\"\nscenario = \"tax5.toml\"\n";
    let factor = |key: &str, low: &str, high: &str| format!("[[factor]]\nkey = {key:?}\nlow = {low}\nhigh = {high}\n");
    let factors = factor("learning.alpha", "0.3", "0.9") + &factor("law.robot_tax", "\"1 %\"", "\"2 %\"");
    fs::write(place.path().join("calibration.toml"), format!("{head}{factors}{target}")).unwrap();
    let far = "--set=learning.alpha=0.9";
    let [small, any] = ["--set=run.persons_per_agent=1000000 persons", "--set=run.least_agents=0"];
    let lever = ["--between", "1 %", "2 %", "--target=last(unemployment_rate[USA]) <= 1", "--replicates=1", "--out=s"];
    let solve = [&["solve", "tax5.toml", "--lever=law.robot_tax", far], &lever[..], &SMALL[..], &SHORT].concat();
    let follow = ["follow", "baseline.toml", "--worker=USA/courier/0", far, small, any, "--years=0.1", "--quiet"];
    for (arguments, is_overridden) in [
        (&["check", "--no-forecast", "baseline.toml", far][..], false),
        (&["check", "plan.toml"], false),
        (&["check", "calibration.toml"], true),
        (&follow, false),
        (&solve, true),
    ] {
        let (exit, said) = handover(place.path(), arguments);
        assert_eq!(exit, Some(0), "{arguments:?}: {said}");
        let times = said.matches("learning.alpha: this lies outside what its card calls plausible").count();
        assert_eq!(times, 1, "{arguments:?}: {said}");
        assert_eq!(said.contains("overrides law.robot_tax"), is_overridden, "{arguments:?}: {said}");
    }
}

/// A factor whose upper end lies outside its card's range.
const FAR: &str = "[[factor]]\nkey = \"learning.alpha\"\nvalues = [0.3, 0.9]\n";

/// `check` reads plans and calibrations as the commands that run them do.
#[test]
fn plans_and_calibrations_are_checked_without_running() {
    let place = place();
    let arms = format!("{BASE}[[arm]]\nname = \"tax\"\nscenario = \"tax5.toml\"\n");
    let tax = "[[factor]]\nkey = \"law.robot_tax\"\nvalues = [\"1 %\", \"2 %\"]\n";
    let check = |text: &str| {
        fs::write(place.path().join("plan.toml"), text).unwrap();
        handover(place.path(), &["check", "plan.toml", "baseline.toml", "--no-forecast"])
    };
    let (exit, said) = check(&plan(&arms, "", "kind = \"grid\"", tax));
    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("policy.0.robot_tax overrides law.robot_tax") && said.contains("grid, 2 points"), "{said}");
    let (exit, said) = check(&plan(&arms, "", "kind = \"gird\"", tax));
    assert!(exit == Some(2) && said.contains("plan.toml:") && said.contains("gird"), "{said}");
    assert!(said.contains("baseline.toml: "), "the other file is checked all the same: {said}");
    let (exit, said) = check("[calibration]\nname = \"c\"\nscenario = \"baseline.toml\"\n");
    assert!(exit == Some(2) && said.contains("there is no [[factor]]"), "{said}");
}
