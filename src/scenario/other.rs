//! What a file is that is not of the kind asked for.

/// Kinds of files: the table that only they have, what they are, and what takes them.
const KINDS: [(&str, &str, &str); 5] = [
    ("scenario", "a scenario", "`handover run` takes it"),
    ("sweep", "the plan of a sweep", "`handover sweep` takes it"),
    ("calibration", "a calibration", "`handover calibrate` takes it"),
    ("fact", "a table of facts", "`handover validate` takes the folder it lies in"),
    ("experiment", "a table of experiments", "`handover validate` takes the folder it lies in"),
];

/// What is wrong with a file without the table `asked` that has, by `has`, that of another kind; and what to type.
pub fn instead(asked: &str, has: impl Fn(&str) -> bool) -> Option<(String, String)> {
    let kind = |table: &str| KINDS.iter().find(|kind| kind.0 == table);
    let (_, wanted, _) = kind(asked).filter(|_| !has(asked))?;
    let (_, found, help) = KINDS.iter().find(|kind| has(kind.0))?;
    Some((format!("this is {found}, not {wanted}"), (*help).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_kind_is_called_by_its_name() {
        let said = instead("scenario", |table| ["sweep", "arm"].contains(&table)).unwrap();
        assert_eq!(said.0, "this is the plan of a sweep, not a scenario");
        assert_eq!(said.1, "`handover sweep` takes it");
        assert_eq!(instead("sweep", |table| table == "scenario").unwrap().1, "`handover run` takes it");
        assert_eq!(instead("scenario", |table| ["scenario", "sweep"].contains(&table)), None);
        assert_eq!(instead("scenario", |_| false), None);
    }
}
