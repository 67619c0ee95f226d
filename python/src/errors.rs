//! What goes wrong, as exceptions of Python with the words of the command line. The classes are the package's own
//! (`handover/_errors.py`), so that they are of the built-in kinds too.

use handover::experiment::run::Stopped;
use handover::scenario::{Problem, Problems, Severity};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::fmt::Display;

/// An exception of the package by its name; should that not be there, why.
fn named(name: &str, words: String, problems: Option<String>) -> PyErr {
    Python::attach(|py| {
        let make = || -> PyResult<PyErr> {
            let class = py.import("handover._errors")?.getattr(name)?;
            let exception = match problems {
                Some(list) => class.call1((words, list))?,
                None => class.call1((words,))?,
            };
            Ok(PyErr::from_value(exception))
        };
        make().unwrap_or_else(|error| error)
    })
}

/// The input is wrong.
pub fn input(words: impl Display) -> PyErr {
    named("InputError", words.to_string(), None)
}

/// A bug of handover.
pub fn bug(words: impl Display) -> PyErr {
    named("Bug", format!("{words}\nThis is a bug of handover; please report it with the scenario."), None)
}

/// The disk or the memory is full, or what the file system said.
pub fn disk(words: impl Display) -> PyErr {
    named("DiskError", words.to_string(), None)
}

/// One problem with its place.
fn one(problems: &Problems, problem: &Problem) -> Value {
    let place = problems.place(problem);
    json!({
        "severity": match problem.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "title": problem.title,
        "label": problem.label,
        "help": problem.help,
        "meant": problem.meant,
        "file": place.as_ref().map(|place| &place.file),
        "line": place.as_ref().map(|place| place.line),
        "column": place.as_ref().map(|place| place.column),
    })
}

/// All problems, as JSON.
pub fn as_json(problems: &Problems) -> String {
    Value::from_iter(problems.iter().map(|problem| one(problems, problem))).to_string()
}

/// What is wrong with a scenario, in the words of the command line, and each problem with its place.
pub fn problems(problems: &Problems) -> PyErr {
    named("InputError", problems.to_string(), Some(as_json(problems)))
}

/// Why a run stopped.
pub fn stopped(stopped: Stopped) -> PyErr {
    match stopped {
        Stopped::Breach(breach) => bug(breach),
        Stopped::Asked(date) => PyKeyboardInterrupt::new_err(format!("stopped at {date}")),
    }
}
