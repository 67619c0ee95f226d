//! What people call the regions of the shipped scenarios, for whoever writes a name where a code stands.

/// Codes with the names by which countries are known; the first is the one that stands in a sentence.
const NAMES: [(&str, &[&str]); 8] = [
    ("BGD", &["Bangladesh", "BD"]),
    ("CHN", &["China", "CN", "PRC"]),
    ("EU27", &["the EU-27", "EU-27", "the European Union", "European Union", "Europe", "EU"]),
    ("IND", &["India", "IN"]),
    ("JPN", &["Japan", "JP"]),
    ("MEX", &["Mexico", "MX"]),
    ("USA", &["the United States", "United States", "United States of America", "US", "America", "U.S.", "U.S.A."]),
    ("VNM", &["Vietnam", "Viet Nam", "VN"]),
];

/// What a known region is called in a sentence: "the United States".
pub(super) fn in_words(code: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == code).map(|(_, names)| names[0])
}

/// The region that a name means, if it is among the known ones: its code and what it is called.
pub(super) fn meant<'a>(word: &str, known: &[&'a str]) -> Option<(&'a str, &'static str)> {
    let is_called = |name: &&str| name.eq_ignore_ascii_case(word.trim());
    let &(code, names) = NAMES.iter().find(|(_, names)| names.iter().any(is_called))?;
    let code = known.iter().find(|&&known| known == code)?;
    Some((code, names[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_names_where_it_is_declared() {
        let known = ["IND", "USA"];
        assert_eq!(meant("india", &known), Some(("IND", "India")));
        assert_eq!(meant("US", &known), Some(("USA", "the United States")));
        assert_eq!(meant("Japan", &known), None);
        assert_eq!(meant("Indiana", &known), None);
        assert_eq!((in_words("EU27"), in_words("KEN")), (Some("the EU-27"), None));
    }
}
