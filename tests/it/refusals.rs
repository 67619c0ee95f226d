//! What is refused, where, and with which words; and that every command refuses the same.

use crate::common;
use chrono::{Days, NaiveDate};
use handover::experiment::run::run;
use handover::output::only::Only;
use handover::scenario::{Problems, Scenario, load};
use std::path::Path;
use std::process::Command;

/// Coarse and short, so that a run takes a moment.
const COARSE: [&str; 4] =
    ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.5"];

/// A scenario written on the spot, with settings on top.
fn read(body: &str, settings: &[&str]) -> Result<Scenario, Problems> {
    let text = format!("[scenario]\nname = \"variant\"\nextends = \"baseline.toml\"\n{body}");
    let reader =
        |path: &Path| if path.ends_with("variant.toml") { Ok(text.clone()) } else { std::fs::read_to_string(path) };
    let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    load(&common::root().join("scenarios/variant.toml"), &settings, &reader)
}

/// Refused, at this line and column of the file, with these words.
#[track_caller]
fn refused_at(body: &str, place: &str, words: &str) {
    let Err(problems) = read(body, &[]) else { panic!("this is accepted:\n{body}") };
    let said = problems.to_string();
    assert!(said.contains(&format!("variant.toml:{place}")) && said.contains(words), "{body}\n{said}");
    assert!(!said.contains("bug of handover"), "{said}");
}

#[test]
fn what_no_tick_sees_is_refused() {
    let policy = |dates: &str| format!("[[policy]]\n{dates}royalty_rate = \"60 %\"\n");
    for (body, place) in [
        (policy("from = \"2028-01-01\"\nuntil = \"2028-01-06\"\n"), "6:9"),
        (policy("from = \"2027-01-02\"\nuntil = \"2027-01-08\"\n"), "6:9"),
        (policy("from = \"2027-01-01\"\nuntil = \"2027-01-08\"\nphase_in = \"1 year\"\n"), "6:9"),
        (
            format!(
                "[run]\ntick = \"4 weeks\"\npanel = 0\n{}",
                policy("from = \"2027-01-30\"\nuntil = \"2027-02-20\"\n")
            ),
            "9:9",
        ),
        (format!("[run]\nyears = 1\n{}", policy("from = \"2027-12-25\"\n")), "7:8"),
    ] {
        refused_at(&body, place, "would do nothing");
    }
    refused_at(
        "[[event]]\nkind = \"natural_disaster\"\nfrom = \"2028-01-01\"\nuntil = \"2028-01-05\"\nshare = \"90 %\"\n",
        "7:9",
        "would do nothing",
    );
}

/// A file's law of 2031 may be left aside for a trial of two years, and is not in a file that says so itself.
#[test]
fn what_begins_after_a_run_is_refused_in_a_file_and_told_of_in_a_trial() {
    let late = "[[policy]]\nfrom = \"2031-01\"\nroyalty_rate = \"10 %\"\n";
    refused_at(&format!("[run]\nyears = 2\n{late}"), "7:8", "the run ends before");
    let trial = read(late, &["run.years=2"]).unwrap_or_else(|problems| panic!("{problems}"));
    let said = trial.warnings.to_string();
    assert!(said.contains("the run ends before") && said.contains("it never acts"), "{said}");
    assert!(read(late, &[]).unwrap_or_else(|problems| panic!("{problems}")).warnings.is_empty());
}

/// Against the plain way to find out: one day of a tick after the other.
#[test]
fn a_window_is_accepted_if_and_only_if_a_tick_begins_in_it() {
    let start = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let mut verdicts = [0, 0];
    for (tick, days) in [("1 day", 1), ("1 week", 7), ("4 weeks", 28)] {
        for begins in [0, 1, 6, 7, 27, 28, 29] {
            for lasts in [1, 6, 7, 8, 27, 28] {
                let (from, until) = (start + Days::new(begins), start + Days::new(begins + lasts));
                let body = format!(
                    "[run]\nyears = 1\npanel = 0\ntick = {tick:?}\n[[policy]]\nfrom = \"{from}\"\nuntil = \"{until}\"\n\
                     royalty_rate = \"60 %\"\n"
                );
                let acts = (0..364 / days).map(|k| start + Days::new(k * days)).any(|day| from <= day && day < until);
                assert_eq!(read(&body, &[]).is_ok(), acts, "{body}");
                verdicts[usize::from(acts)] += 1;
            }
        }
    }
    assert!(verdicts.iter().all(|&count| count > 10), "{verdicts:?}");
}

#[test]
fn lengths_are_whole_numbers_of_ticks() {
    let table = r#"
        record_every = "10 days" | 5:16 | write "1 week" or "2 weeks"
        record_every = "3 days"  | 5:16 | write "1 week"
        panel_every = "10 days"  | 5:15 | run.panel = 0
        years = 0.001            | 5:9  | nothing would happen
        panel = 1                | 5:9  | at least
    "#;
    let odd = [
        ["record_every = \"0 weeks\"", "5:16", ""],
        ["tick = \"4 weeks\"\nrecord_every = \"6 weeks\"\npanel = 0", "6:16", "write \"4 weeks\" or \"8 weeks\""],
        ["tick = \"4 weeks\"\npanel_every = \"13 weeks\"", "6:15", "write \"12 weeks\" or \"16 weeks\""],
    ];
    for [body, place, words] in common::rows(table).into_iter().chain(odd) {
        refused_at(&format!("[run]\n{body}\n"), place, words);
    }
    // what is rounded is said
    let settling = read("[run]\nspin_up = \"10 days\"\n", &[]).unwrap().warnings.to_string();
    assert!(settling.contains("variant.toml:5:11") && settling.contains("a tick is 1 week"), "{settling}");
    let rounded = read("[run]\nyears = 0.05\n", &[]).unwrap().warnings.to_string();
    assert!(rounded.contains("the run lasts 3 weeks") && rounded.contains("before its first record"), "{rounded}");
}

#[test]
fn lists_name_each_thing_once_and_at_least_one() {
    let policy = |list: &str| format!("[[policy]]\nfrom = \"2028-01\"\n{list}\npayroll_tax = \"10 %\"\n");
    for (body, place, words) in [
        (policy("regions = []"), "6:11", "leave regions out"),
        (policy("occupations = []"), "6:15", "leave occupations out"),
        (policy("regions = [\"IND\", \"CHN\", \"IND\"]"), "6:26", "stands twice"),
        (policy("occupations = [\"helper\", \"helper\"]"), "6:26", "stands twice"),
    ] {
        refused_at(&body, place, words);
    }
    let dates = "from = \"2028-01\"\nuntil = \"2029-01\"\n";
    let table = r#"
        natural_disaster | share = "90 %"        | sites = ["factory", "factory"] | stands twice
        natural_disaster | share = "90 %"        | sites = []                     | leave sites out
        robot_tariff     | rate = "10 %"         | classes = ["amr", "amr"]       | stands twice
        robot_tariff     | rate = "10 %"         | classes = []                   | leave classes out
        strike           | most_skilled = "10 %" | regions = ["IND", "IND"]       | stands twice
    "#;
    for [kind, own, list, words] in common::rows(table) {
        refused_at(&format!("[[event]]\nkind = {kind:?}\n{dates}{own}\n{list}\n"), "9:", words);
    }
    refused_at("[capture.labs.\"US lab\"]\nlicenses = [\"USA\", \"USA\"]\n", "5:20", "stands twice");
    refused_at(
        "[world]\nregions = [\"IND\", \"IND\", \"VNM\", \"BGD\", \"CHN\", \"MEX\", \"USA\", \"EU27\", \"JPN\"]\n",
        "5:",
        "twice",
    );
}

/// Settings about time, good and bad; `check` and `run` say the same of each.
const OF_TIME: [&str; 24] = [
    "run.tick=1 day",
    "run.tick=4 weeks",
    "run.tick=2 weeks",
    "run.record_every=1 week",
    "run.record_every=10 days",
    "run.record_every=0 weeks",
    "run.record_every=1 day",
    "run.record_every=52 weeks",
    "run.panel=1",
    "run.panel=0",
    "run.panel=96",
    "run.panel_every=10 days",
    "run.panel_every=1 week",
    "run.panel_every=-1 week",
    "run.spin_up=0 weeks",
    "run.spin_up=3 days",
    "run.years=0",
    "run.years=0.001",
    "run.years=0.05",
    "run.years=-1",
    "run.start=2027-02-29",
    "run.start=2027-02-28",
    "world.regions=[]",
    "policy.new={from=\"2027-02-01\",regions=[],payroll_tax=0.1}",
];

#[test]
fn check_and_run_say_the_same() {
    let place = tempfile::tempdir().unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    let code = |arguments: &[&str], setting: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        command.current_dir(place.path()).args(arguments).arg(&baseline);
        COARSE.iter().chain([&setting]).for_each(|setting| {
            command.args(["--set", setting]);
        });
        command.output().unwrap().status.code()
    };
    let mut verdicts = std::collections::BTreeMap::new();
    for setting in OF_TIME {
        let checked = code(&["check", "--no-forecast"], setting);
        assert_eq!(checked, code(&["run", "--quiet", "--force", "--out", "o"], setting), "{setting}");
        *verdicts.entry(checked).or_insert(0) += 1;
    }
    assert!(verdicts.len() == 2 && verdicts[&Some(0)] > 5 && verdicts[&Some(2)] > 5, "{verdicts:?}");
}

/// What is accepted runs, in this very process: no rule that only a run knows of is left.
#[test]
fn what_is_accepted_runs() {
    let mut ran = 0;
    for setting in OF_TIME {
        let settings: Vec<&str> = COARSE.iter().copied().chain([setting]).collect();
        if let Ok(scenario) = read("", &settings) {
            run(&scenario, |_| true).unwrap_or_else(|stopped| panic!("{setting}: {stopped:?}"));
            ran += 1;
        }
    }
    assert!(ran > 5);
}

#[test]
fn what_cannot_be_seen_stands_in_no_text() {
    for (body, place) in [
        ("title = \"\\u001b]0;pwned\\u0007\"\n", "4:9"),
        ("title = \"two\\nlines\"\n", "4:9"),
        ("question = \"\\u202ereversed\"\n", "4:12"),
        ("authors = \"bell\\u0007\"\n", "4:11"),
        ("[learning.alpha]\nvalue = 0.3\nsource = \"\\u009b31m\"\n", "6:10"),
        ("[[operator]]\nname = \"a\\rb\"\nregion = \"USA\"\nsites = \"factory\"\npersons = \"1 M persons\"\n", "5:8"),
        ("[\"learn\\u0007ing\"]\nalpha = 0.3\n", "4:2"),
    ] {
        refused_at(body, place, "take it out");
    }
    let told = read("", &["scenario.title=\"\u{1b}[31mred\""]).unwrap_err().to_string();
    assert!(!told.contains('\u{1b}') && told.contains("--set:1:"), "{told:?}");
    assert!(read("question = \"\"\"one\ntwo\"\"\"\n", &[]).is_ok(), "prose has lines");
}

#[test]
fn names_are_names_everywhere() {
    for name in [
        "",
        "../../../evil",
        "/evil",
        "a/b",
        ".hidden",
        "-x",
        "con",
        "nul",
        "com1",
        "all",
        "world",
        "na",
        "nan",
        "none",
        "A",
    ] {
        let told = read("", &[&format!("scenario.name={name:?}")]);
        let told = told.err().unwrap_or_else(|| panic!("accepted as a scenario's name: {name:?}")).to_string();
        assert!(told.contains("--set:1:") && told.contains("names the folder"), "{told}");
    }
    for name in ["", " x", "x ", "all", "World", "NA", "NaN", "null", "none", "../x", "a/b", "CON", ".x", "-x", "=1+1"]
    {
        let operator = format!(
            "[[operator]]\nname = {name:?}\nregion = \"USA\"\nsites = \"factory\"\npersons = \"1 M persons\"\n"
        );
        refused_at(&operator, "5:8", "the name of the operator");
        let lab = format!("[capture.labs.{name:?}]\nshare = 0\nhome = \"USA\"\nlicenses = []\ncollects = []\n");
        refused_at(&lab, "4:", "the name of the lab");
        refused_at(&format!("[world]\nregions = [{name:?}, \"USA\"]\n"), "5:12", "the name of the region");
    }
}

/// A plan with a name in one place or another.
fn plan(arm: &str, factor: &str, output: &str, title: &str) -> String {
    format!(
        "[sweep]\nname = \"p\"\ntitle = {title:?}\n[[arm]]\nname = {arm:?}\nscenario = \"baseline.toml\"\n[design]\nkind = \"grid\"\n\
         [[factor]]\nname = {factor:?}\nkey = \"learning.alpha\"\nvalues = [0.3]\n[[output]]\nname = {output:?}\n\
         value = \"last(unemployment_rate[USA])\"\n"
    )
}

#[test]
fn names_and_texts_of_plans_are_refused_alike() {
    let read = |text: &str| {
        let reader = |path: &Path| {
            if path.ends_with("plan.toml") { Ok(text.to_owned()) } else { std::fs::read_to_string(path) }
        };
        handover::scenario::plan::read(&common::root().join("scenarios/plan.toml"), &[], &reader, &|_, _| Ok(()))
    };
    assert!(read(&plan("a", "f", "o", "t")).is_ok(), "{:?}", read(&plan("a", "f", "o", "t")).err());
    for name in ["", "all", "NA", "NaN", "null", "none", " a", "..", "-a"] {
        for (text, place) in [
            (plan(name, "f", "o", "t"), "5:8"),
            (plan("a", name, "o", "t"), "10:8"),
            (plan("a", "f", name, "t"), "14:8"),
        ] {
            let told = read(&text).unwrap_err().to_string();
            assert!(told.contains(&format!("plan.toml:{place}")) && told.contains("take another name"), "{told}");
        }
    }
    let told = read(&plan("a", "f", "o", "\u{7}").replace("\\u{7}", "\\u0007")).unwrap_err().to_string();
    assert!(told.contains("plan.toml:3:9") && told.contains("U+0007"), "{told}");
}

/// Runs the program in a folder of its own: exit code and what it says.
fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let place = tempfile::tempdir().unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    std::fs::copy(baseline, place.path().join("baseline.toml")).unwrap();
    std::fs::write(place.path().join("plan.toml"), plan("a", "f", "o", "t")).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(place.path()).args(arguments).output().unwrap();
    assert!(std::fs::read_dir(place.path()).unwrap().count() == 2, "something was left behind by {arguments:?}");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn no_option_adds_a_line_to_a_batch_script() {
    for option in ["--partition", "--time", "--memory", "--out"] {
        let (code, told) = said(&["sweep", "plan.toml", "--engine", "slurm", "--dry-run", option, "cpu\ntouch pwned"]);
        assert!(code == Some(2) && told.contains(option), "{option}: {code:?} {told}");
    }
    for command in ["run", "compare", "solve"] {
        let (code, told) = said(&[command, "baseline.toml", "--out", "a\nb"]);
        assert!(code == Some(2) && told.contains("line break"), "{command}: {code:?} {told}");
    }
}

#[test]
fn counts_that_no_machine_has_are_refused_at_once() {
    let table = "
        --threads    | 0          | from 1 to 512
        --threads    | 513        | from 1 to 512
        --threads    | many       | this machine has
        --replicates | 4294967295 | 100000
        --panel      | 4000000000 | 10000000
        --years      | 1e300      | run.years
        --years      | nan        | run.years
    ";
    for [option, value, words] in common::rows(table) {
        let (code, told) = said(&["run", "baseline.toml", option, value]);
        assert!(code == Some(2) && told.contains(words), "{option} {value}: {code:?} {told}");
    }
    for command in ["compare", "solve"] {
        let (code, told) = said(&[command, "baseline.toml", "--replicates", "4294967295"]);
        assert!(code == Some(2) && told.contains("100000"), "{command}: {code:?} {told}");
    }
    for (command, file) in
        [("sweep", "plan.toml"), ("calibrate", "plan.toml"), ("verify", "."), ("follow", "baseline.toml")]
    {
        let (code, told) = said(&[command, file, "--threads", "100000"]);
        assert!(code == Some(2) && told.contains("from 1 to 512"), "{command}: {code:?} {told}");
    }
}

#[test]
fn many_policies_or_events_are_counted_and_not_compared() {
    refused_at(&"[[policy]]\nfrom=\"2028-01\"\n".repeat(30_000), "2004:", "at most 1000");
    // nothing in them: what is missing in each is looked for among all that is wrong
    refused_at(&"[[policy]]\n".repeat(80_000), "1004:", "at most 1000");
    let event = "[[event]]\nkind=\"strike\"\nmost_skilled=0.1\nfrom=\"2028-01\"\n";
    refused_at(&event.repeat(10_000), "4004:", "at most 1000");
}

#[cfg(target_os = "linux")]
#[test]
fn a_world_larger_than_the_memory_is_refused_before_anything_is_made() {
    let place = tempfile::tempdir().unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    let command = format!(
        "ulimit -v 1000000; exec {:?} run {:?} --set 'run.persons_per_agent=10 persons' --years 0.2 --quiet --out o",
        env!("CARGO_BIN_EXE_handover"),
        baseline
    );
    let output = Command::new("sh").args(["-c", &command]).current_dir(place.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(74), "{told}");
    assert!(told.contains("ulimit -v") && told.contains("run.persons_per_agent=100"), "{told}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "something was left behind");
}

/// The exit code and what is said under a limit of addresses, in kilobytes; `compare` founds worlds before it asks for
/// room, so there it is the founding that refuses.
#[cfg(target_os = "linux")]
#[test]
fn whatever_asks_for_more_memory_than_there_is_ends_with_74_and_a_clean_folder() {
    let place = tempfile::tempdir().unwrap();
    let scenarios = common::root().join("scenarios");
    let sh = |kilobytes: u32, arguments: &str| {
        let command = format!("ulimit -v {kilobytes}; exec {:?} {arguments}", env!("CARGO_BIN_EXE_handover"));
        let mut sh = Command::new("sh");
        sh.args(["-c", &command]).current_dir(place.path()).env("S", &scenarios);
        let output = sh.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let coarse = "--set run.persons_per_agent=1000000 --quiet";
    let (exit, told) = sh(20_000_000, &format!("run $S/baseline.toml {coarse} --years 0.1 --panel 0 --out small"));
    assert_eq!(exit, Some(0), "{told}");
    let worlds = "$S/baseline.toml $S/royalty-15.toml --set run.persons_per_agent=10";
    for (kilobytes, arguments, words) in [
        (1_000_000, format!("compare {worlds} --years 3 --quiet --out o"), "no memory for 34517538 agents"),
        (1_000_000, "follow $S/baseline.toml --worker IND/helper/0 --set run.persons_per_agent=10".into(), "ulimit -v"),
        (1_000_000, format!("run $S/baseline.toml {coarse} --years 0.1 --threads 512 --out o"), "fewer --threads"),
        (
            1_000_000,
            format!("run $S/baseline.toml {coarse} --years 0.1 --threads 64 --replicates 64 --out o"),
            "ulimit",
        ),
        (250_000, "verify small --threads 2".into(), "ulimit -v"),
    ] {
        let (exit, told) = sh(kilobytes, &arguments);
        assert!(exit == Some(74) && told.contains(words), "{arguments}: {exit:?} {told}");
        let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["small"], "{arguments}");
    }
    let (exit, told) = sh(250_000, "check $S/baseline.toml");
    assert!(exit == Some(0) && told.contains("no forecast"), "{exit:?} {told}");
}

/// Commands that print, each as words after the program.
#[cfg(unix)]
const PRINTING: [&[&str]; 10] = [
    &["--help"],
    &["--version"],
    &["run", "--help"],
    &["schema"],
    &["completions", "bash"],
    &["man"],
    &["check", "--no-forecast", "BASELINE"],
    &["explain", "BASELINE"],
    &["run", "BASELINE", "SHORT"],
    &["run", "BASELINE", "SHORT", "--json"],
];

/// What a command types for SHORT.
#[cfg(unix)]
const SHORT: [&str; 5] =
    ["--set=run.persons_per_agent=1000000", "--set=run.least_agents=0", "--years=0.1", "--force", "--out=o"];

/// The exit code where stdout and stderr are what they are.
#[cfg(unix)]
fn code_with(words: &[&str], stdout: std::process::Stdio, stderr: std::process::Stdio) -> Option<i32> {
    let place = tempfile::tempdir().unwrap();
    let baseline = common::root().join("scenarios/baseline.toml").to_string_lossy().into_owned();
    let words = words.iter().flat_map(|word| match word {
        &"BASELINE" => vec![baseline.as_str()],
        &"SHORT" => SHORT.to_vec(),
        word => vec![*word],
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.current_dir(place.path()).args(words).stdout(stdout).stderr(stderr).status().unwrap().code()
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_or_a_closed_pipe_ends_no_command_in_a_panic() {
    use std::process::Stdio;
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    for words in PRINTING {
        assert_eq!(code_with(words, full(), Stdio::null()), Some(74), "{words:?} on a full device");
        assert_eq!(code_with(words, closed(), Stdio::null()), Some(0), "{words:?} into a closed pipe");
        assert_eq!(code_with(words, Stdio::null(), full()), Some(0), "{words:?}, nothing can be said");
    }
    for stderr in [full(), closed()] {
        assert_eq!(code_with(&["check", "nowhere.toml"], Stdio::null(), stderr), Some(2));
    }
    assert_eq!(code_with(&["run"], full(), closed()), Some(2));
}

#[test]
fn a_file_that_is_missing_is_not_its_own_suggestion() {
    let alone = |extends: &str| {
        let text = format!("[scenario]\nname = \"alone\"\nextends = {extends:?}\n");
        let reader = |path: &Path| match path.ends_with("alone.toml") {
            true => Ok(text.clone()),
            false => Err(std::io::Error::from(std::io::ErrorKind::NotFound)),
        };
        load(Path::new("here/alone.toml"), &[], &reader).unwrap_err().to_string()
    };
    let told = alone("baseline.toml");
    assert!(!told.contains("did you mean") && told.contains("here/alone.toml:3:11"), "{told}");
    assert!(
        told.contains("here/baseline.toml: there is no such file") && told.contains("scenarios/baseline.toml"),
        "{told}"
    );
    assert!(alone("baselin.toml").contains("did you mean \"baseline.toml\"?"));
    assert!(!alone("other.toml").contains("did you mean"));
}

#[test]
fn commas_are_understood_and_refused_with_what_to_write() {
    let table = r#"
        learning.alpha=,34                          | write "0.34"
        learning.alpha=.34                          | write "0.34"
        learning.alpha=0,34                         | write "0.34"
        labour.manufacturing.IND=64,000,000 persons | write "64 M persons"
        labour.manufacturing.IND=64'500'000 persons | write "64500 k persons"
        labour.manufacturing.IND=1,234,567 persons  | write "1234567 persons"
        law.data_levy=2,5 USD/hour                  | write "2.5 USD/hour"
        law.data_levy=1,500 USD/hour                | or "1.500 USD/hour" if it is a decimal
    "#;
    for [setting, words] in common::rows(table) {
        let told = read("", &[setting]).unwrap_err().to_string();
        assert!(told.contains("--set:1:") && told.contains(words), "{setting}\n{told}");
    }
    refused_at("[learning]\nalpha = 2,5\n", "5:", "decimals take a point");
    refused_at("[learning]\nalpha = ,34\n", "5:", "decimals take a point");
    refused_at("[law]\ndata_levy = \"2,5 USD/hour\"\n", "5:13", "write \"2.5 USD/hour\"");
}

#[test]
fn a_country_by_its_name_is_pointed_to_its_code() {
    let policy =
        |regions: &str| format!("[[policy]]\nfrom = \"2028-01\"\nregions = {regions}\nroyalty_rate = \"15 %\"\n");
    for (name, code) in
        [("India", "IND"), ("china", "CHN"), ("Vietnam", "VNM"), ("US", "USA"), ("EU", "EU27"), ("Japan", "JPN")]
    {
        refused_at(&policy(&format!("[{name:?}]")), "6:12", &format!("did you mean {code:?} ("));
        refused_at(&format!("[labour.unemployment]\n{name} = 0.1\n"), "5:1", &format!("did you mean {code:?} ("));
    }
}

#[test]
fn the_length_of_a_run_is_a_number_of_years_or_a_length() {
    let years = |text: &str| read(&format!("[run]\nyears = {text}\n"), &[]).unwrap().parameters.run.years.0;
    assert_eq!([years("10"), years("\"10\""), years("\"10 years\""), years("\"520 weeks\"")], [10.0; 4]);
    refused_at("[run]\nyears = \"10 persons\"\n", "5:9", "years");
    refused_at("[run]\nyears = \"ten\"\n", "5:9", "number");
}

#[test]
fn a_policy_has_a_label_and_no_name_and_two_of_one_day_are_one() {
    for key in ["name", "title", "description"] {
        for list in ["[[policy]]\n", "[[event]]\nkind = \"strike\"\nmost_skilled = 0.1\n"] {
            let told =
                read(&format!("{list}from = \"2028-01\"\nroyalty_rate = 0.1\n{key} = \"x\"\n"), &[]).unwrap_err();
            assert!(told.to_string().contains("label says what it is called"), "{told}");
        }
    }
    let twice = "[[policy]]\nfrom = \"2028-01\"\nroyalty_rate = 0.1\n";
    let told = read(&format!("{twice}{}", twice.replace("0.1", "0.2")), &[]).unwrap_err().to_string();
    assert!(told.contains("write one [[policy]]") && !told.contains("until ="), "{told}");
    let told = read(&format!("{twice}{}", twice.replace("2028", "2029")), &[]).unwrap_err().to_string();
    assert!(told.contains("until = \"2029-01-01\""), "{told}");
}

#[test]
fn small_markets_are_warned_of_only_where_somebody_made_them_small() {
    let warned = |settings: &[&str]| read("", settings).unwrap().warnings.to_string().contains("labour markets");
    assert!(!warned(&[]) && !warned(&["run.persons_per_agent=500"]));
    assert!(warned(&["run.persons_per_agent=20000", "run.least_agents=0"]));
}

#[test]
fn a_list_that_replaces_another_says_so() {
    let policy = "[[policy]]\nfrom = \"2028-01\"\nroyalty_rate = \"15 %\"\n";
    let other = policy.replace("2028", "2029");
    let with = |top: &str, settings: &[&str]| {
        let head = |name: &str, extends: &str| format!("[scenario]\nname = {name:?}\nextends = {extends:?}\n");
        let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
            Some("top.toml") => Ok(head("top", "middle.toml") + top),
            Some("middle.toml") => Ok(head("middle", "baseline.toml")
                + policy
                + &other.replace("royalty_rate", "robot_tax").replace("15 %", "5 %")),
            _ => std::fs::read_to_string(path),
        };
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        load(&common::root().join("scenarios/top.toml"), &settings, &reader).unwrap()
    };
    let told = with(policy, &[]).warnings.to_string();
    assert!(told.contains("the 2 [[policy]] of ") && told.contains("middle.toml do not hold here"), "{told}");
    assert!(told.contains("top.toml:4:"), "{told}");
    assert!(with("", &[]).warnings.is_empty(), "nothing is dropped where nothing is stated");
    assert!(with("", &["policy.0.royalty_rate=0.2"]).warnings.is_empty(), "a setting changes one and drops none");
}

#[test]
fn a_run_without_a_record_shows_no_numbers() {
    let scenario = read(
        "",
        &["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.05"],
    )
    .unwrap();
    let results = run(&scenario, |_| true).unwrap();
    let told = handover::output::run::summary::summary(&results, "here", &Only::default());
    assert!(told.contains("Nothing was recorded") && !told.contains("0.0 %"), "{told}");
    let longer = read("", &COARSE).unwrap();
    let told = handover::output::run::summary::summary(&run(&longer, |_| true).unwrap(), "here", &Only::default());
    assert!(!told.contains("Nothing was recorded") && told.contains(" %"), "{told}");
}

#[test]
fn a_truth_may_be_said_in_words() {
    let withdrawal = |body: &str, settings: &[&str]| {
        let scenario = read(body, settings).unwrap_or_else(|problems| panic!("{problems}"));
        (scenario.hash.clone(), scenario.parameters.first_law[0].withdrawal)
    };
    let yes = withdrawal("[law]\nwithdrawal = true\n", &[]);
    let no = withdrawal("[law]\nwithdrawal = false\n", &[]);
    assert!(yes.1 && !no.1 && yes.0 != no.0);
    for (word, meant) in [("yes", &yes), ("true", &yes), ("no", &no), ("false", &no)] {
        assert_eq!(&withdrawal(&format!("[law]\nwithdrawal = {word:?}\n"), &[]), meant, "{word}");
        assert_eq!(&withdrawal("", &[&format!("law.withdrawal={word}")]), meant, "--set {word}");
    }
    refused_at("[law]\nwithdrawal = \"maybe\"\n", "5:14", "must be true or false");
}

#[test]
fn a_new_scenario_takes_no_reserved_name() {
    for name in ["", "all", "nan", "none", "con", "../evil", "A"] {
        let (code, told) = said(&["new", name]);
        assert!(code == Some(2) && told.contains("cannot name a scenario"), "{name}: {code:?} {told}");
    }
}

#[test]
fn what_a_plan_sets_is_checked_together() {
    let read = |set: &str| {
        let text = format!("{}[set]\n{set}", plan("a", "f", "o", "t"));
        let reader = |path: &Path| {
            if path.ends_with("plan.toml") { Ok(text.clone()) } else { std::fs::read_to_string(path) }
        };
        let path = common::root().join("scenarios/plan.toml");
        handover::scenario::plan::read(&path, &[], &reader, &|_, _| Ok(())).err().map(|problems| problems.to_string())
    };
    assert_eq!(read("\"run.tick\" = \"4 weeks\"\n\"run.panel\" = 0\n"), None);
    assert_eq!(read("\"run.record_every\" = \"3 days\"\n\"run.tick\" = \"1 day\"\n"), None);
    let told = read("\"run.tick\" = \"4 weeks\"\n").unwrap();
    assert!(told.contains("plan.toml:17:14") && told.contains("run.panel = 0"), "{told}");
    let told = read("\"run.years\" = 1\n\"run.record_every\" = \"10 days\"\n").unwrap();
    assert!(told.contains("plan.toml:18:22") && told.contains("write \"1 week\""), "{told}");
}
