//! Which of the known words was meant.
//!
//! Near means few slips of the finger: letters left out, put in, replaced or swapped. Among equally
//! near words, the one with the same beginning comes first.

/// Most words that are suggested.
pub(super) const MOST: usize = 3;

/// The known words nearest to a word, nearest first; none that has little in common with it.
pub fn rank<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<(usize, f64, &str)> = known
        .filter_map(|candidate| {
            let slips = slips(word, candidate);
            let length = word.chars().count().max(candidate.chars().count());
            if slips > 1 && slips * 2 > length {
                // not looked at any closer: of a very long word that takes very long
                return None;
            }
            let likeness = -strsim::jaro_winkler(word, candidate);
            (slips <= 1 || likeness < -0.6).then_some((slips, likeness, candidate))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(b.2)));
    found.into_iter().map(|(.., candidate)| candidate).take(MOST).collect()
}

/// How many slips turn one word into the other; capital or small letters are none.
pub(super) fn slips(word: &str, candidate: &str) -> usize {
    // a word much longer than any key is not one of them, and measuring it would take long
    if word.len() > 4 * candidate.len() + 16 {
        return word.len();
    }
    let (word, candidate) = (word.to_lowercase(), candidate.to_lowercase());
    strsim::osa_distance(&word.replace('-', "_"), &candidate.replace('-', "_"))
}

/// "a", "b" or "c".
pub fn either(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_find_their_word() {
        let known = ["alpha", "scale", "transfer", "royalty_rate", "royalty_basis"];
        let first = |word: &str| rank(word, known.iter().copied()).first().copied();
        assert_eq!(first("alhpa"), Some("alpha"));
        assert_eq!(first("Alpha"), Some("alpha"));
        assert_eq!(first("royalty-rat"), Some("royalty_rate"));
        assert_eq!(first("tranfer"), Some("transfer"));
        assert_eq!(first("quantum"), None);
        assert_eq!(slips(&"x".repeat(1_000_000), "alpha"), 1_000_000);
    }
}
