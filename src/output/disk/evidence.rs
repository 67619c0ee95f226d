//! What a sensitivity run says about the evidence behind an answer, for the report of a comparison.

use crate::output::disk::files::done;
use crate::output::disk::manifest::Evidence;
use crate::output::disk::ours;
use crate::output::disk::unread::Unread;
use std::path::Path;

/// Reads the report that `handover sensitivity` left in a sweep's folder.
///
/// # Errors
/// If there is none, it was changed, or its design gives no shares of variance.
pub fn read(folder: &Path) -> Result<Evidence, Unread> {
    let report = folder.join("report");
    done(&report).map_err(|error| Unread::NoReport(error, folder.display().to_string()))?;
    let path = report.join("sensitivity.json");
    let wrong = |words: &str| Unread::wrong(&path, words);
    let text = ours::read_file(&path, ours::MOST_MANIFEST_BYTES).map_err(|error| Unread::file(&path, error))?;
    let value = ours::json(&text).map_err(|error| wrong(&error.0))?;
    let word = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let answers = value["answers"].as_array().ok_or_else(|| wrong("it holds no answers"))?;
    let said = |is_effect: bool| {
        let mine =
            answers.iter().filter(move |answer| answer["of"].as_str().is_some_and(|of| of != "level") == is_effect);
        mine.filter(|answer| answer["evidence"].is_string())
            .map(|answer| (word(answer, "name"), word(answer, "evidence")))
    };
    let says: Vec<(String, String)> = said(true).chain(said(false)).collect();
    if says.is_empty() {
        let design = word(&value, "design");
        return Err(wrong(&format!(
            "a {design} design gives no shares of variance by grade; they need a saltelli design"
        )));
    }
    let factors = answers[0]["factors"].as_array().map_or(0, Vec::len);
    Ok(Evidence { sweep: word(&value, "sweep"), factors, says })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::disk::files::write_result;
    use crate::output::disk::manifest::hash;
    use serde_json::json;

    fn report(folder: &Path, value: &serde_json::Value) {
        let text = value.to_string().into_bytes();
        let manifest = json!({"files": {"sensitivity.json": {"sha256": hash(&text)}}});
        let files =
            [("sensitivity.json".to_owned(), text), ("manifest.json".to_owned(), manifest.to_string().into_bytes())];
        write_result(&folder.join("report"), &files).unwrap();
    }

    #[test]
    fn what_is_said_of_effects_comes_first() {
        let place = tempfile::tempdir().unwrap();
        let answer =
            |name: &str, of: &str| json!({"name": name, "of": of, "evidence": "71 % of it", "factors": [1, 2]});
        let answers = json!({"sweep": "doubtful", "design": "saltelli", "answers": [answer("jobs", "level"), answer("change", "effect")]});
        report(place.path(), &answers);
        let found = read(place.path()).unwrap();
        assert_eq!((found.sweep.as_str(), found.factors), ("doubtful", 2));
        assert_eq!(found.says[0].0, "change");
        std::fs::write(place.path().join("report/sensitivity.json"), "{}").unwrap();
        assert!(read(place.path()).unwrap_err().to_string().contains("not as the manifest says"));
    }

    #[test]
    fn a_morris_sweep_has_no_shares() {
        let place = tempfile::tempdir().unwrap();
        report(
            place.path(),
            &json!({"sweep": "m", "design": "morris", "answers": [{"evidence": null, "of": "level"}]}),
        );
        assert!(read(place.path()).unwrap_err().to_string().contains("saltelli"));
        let error = read(&place.path().join("nowhere")).unwrap_err().to_string();
        assert!(error.contains("handover sensitivity"), "{error}");
    }
}
