//! What is looked for: points where a number is beyond a threshold, or among the lowest or highest.

/// Which points are cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Case {
    /// Below this.
    Below(f64),
    /// Above this.
    Above(f64),
    /// Among the lowest of this share.
    Lowest(f64),
    /// Among the highest.
    Highest(f64),
}

const EXAMPLE: &str = "write, for example, 'us_unemployment > 8 %', 'income < -0.2' or 'income lowest 10 %'";

/// Reads "NAME < NUMBER", "NAME > NUMBER", "NAME lowest SHARE" or "NAME highest SHARE"; gives the name too. A number may be
/// in per cent, in k, M or bn, and may be followed by its unit.
///
/// # Errors
/// What cannot be read, with an example.
pub fn read(text: &str) -> Result<(String, Case), String> {
    type Make = fn(f64) -> Case;
    let signs: [(&str, Make, bool); 4] = [
        (" lowest ", Case::Lowest, true),
        (" highest ", Case::Highest, true),
        ("<", Case::Below, false),
        (">", Case::Above, false),
    ];
    let found = signs.into_iter().find_map(|(sign, make, is_share)| {
        let (name, value) = text.split_once(sign)?;
        Some((name.trim(), make, value.trim_start_matches('=').trim(), is_share))
    });
    let Some((name, make, value, is_share)) = found.filter(|found| !found.0.is_empty()) else {
        return Err(format!("{text:?} does not say which points are looked for; {EXAMPLE}"));
    };
    let value = number(value).ok_or_else(|| format!("{value:?} in {text:?} is no number; {EXAMPLE}"))?;
    if is_share && !(value > 0.0 && value < 1.0) {
        return Err(format!("{text:?} needs a share between 0 and 100 %; {EXAMPLE}"));
    }
    Ok((name.to_owned(), make(value)))
}

fn number(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-._eE".contains(c))).unwrap_or(text.len());
    let value: f64 = text[..end].replace('_', "").parse().ok()?;
    let unit = text[end..].trim();
    let (first, rest) = unit.split_once(' ').unwrap_or((unit, ""));
    let (factor, is_factor) = match first {
        "%" | "pp" => (0.01, true),
        "k" => (1e3, true),
        "M" => (1e6, true),
        "bn" => (1e9, true),
        "tn" => (1e12, true),
        _ => (1.0, false),
    };
    // what follows is the unit, which the output has anyway
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || "/- ".contains(c));
    (if is_factor { is_word(rest) } else { is_word(unit) }).then_some(value * factor).filter(|value| value.is_finite())
}

/// How many of these points fit into a share of them; never all.
fn fitting(share: f64, points: usize) -> usize {
    // 29 % of 100 are 29, whatever the product rounds to
    let count = crate::ground::numbers::whole((share * points as f64 + 1e-9).floor()).unsigned_abs() as usize;
    count.min(points.saturating_sub(1))
}

impl Case {
    /// What to say where equal values leave fewer cases than the share that was asked for; nothing where they do not.
    pub fn ties(self, values: &[f64]) -> Option<String> {
        let (Case::Lowest(share) | Case::Highest(share)) = self else { return None };
        let asked = fitting(share, values.len());
        let found = self.of(values).1.into_iter().filter(|&is_case| is_case).count();
        (found < asked).then(|| {
            format!(
                "{found} points are cases instead of the {asked} that were asked for: others equal the first point beyond them, and equal points are left out together"
            )
        })
    }

    /// The threshold, in the unit of the values, and which values are beyond it. A share takes so many of the points
    /// as fit into it, from either end alike; points that are equal to the first one left out are left out with it.
    pub fn of(self, values: &[f64]) -> (Case, Vec<bool>) {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let case = match self {
            _ if sorted.is_empty() => self,
            Case::Lowest(share) => Case::Below(sorted[fitting(share, sorted.len())]),
            Case::Highest(share) => Case::Above(sorted[sorted.len() - 1 - fitting(share, sorted.len())]),
            other => other,
        };
        let holds = |&value: &f64| match case {
            Case::Below(limit) => value < limit,
            Case::Above(limit) => value > limit,
            Case::Lowest(_) | Case::Highest(_) => false,
        };
        (case, values.iter().map(holds).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_read_as_they_are_said() {
        for (text, name, case) in [
            ("us_unemployment > 8 %", "us_unemployment", Case::Above(0.08)),
            ("income<-0.2", "income", Case::Below(-0.2)),
            ("displaced >= 1.5 M persons", "displaced", Case::Above(1.5e6)),
            ("income lowest 10 %", "income", Case::Lowest(0.1)),
            ("cost highest 0.25", "cost", Case::Highest(0.25)),
            ("wage < 200 USD/month", "wage", Case::Below(200.0)),
        ] {
            let (found, read) = read(text).unwrap();
            assert_eq!(found, name);
            let (Case::Above(value) | Case::Below(value) | Case::Lowest(value) | Case::Highest(value)) = read;
            let (Case::Above(known) | Case::Below(known) | Case::Lowest(known) | Case::Highest(known)) = case;
            assert!((value / known - 1.0).abs() < 1e-12, "{text}");
            assert_eq!(std::mem::discriminant(&read), std::mem::discriminant(&case), "{text}");
        }
        for wrong in ["income", "< 3", "income < much", "income lowest 200 %", "income < 3 %%", ""] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains("for example"), "{error}");
        }
    }

    /// The same share takes as many points from above as from below, of any number of points.
    #[test]
    fn highest_and_lowest_take_as_many() {
        for (points, share, expected) in [(16, 0.5, 8), (100, 0.29, 29), (10, 0.1, 1), (15, 0.1, 1), (7, 0.99, 6)] {
            let values: Vec<f64> = (0..points).map(f64::from).collect();
            for case in [Case::Lowest(share), Case::Highest(share)] {
                let count = case.of(&values).1.into_iter().filter(|&is_case| is_case).count();
                assert_eq!((count, case.ties(&values)), (expected, None), "{case:?} of {points}");
            }
        }
        // 1 1 1 2 3 3 3 3: a half is four; from above the four threes, from below only what is under 3
        let values = [1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0];
        assert_eq!(Case::Highest(0.5).ties(&values), None);
        assert_eq!(Case::Lowest(0.5).ties(&values), None);
        let count = |case: Case| case.of(&values).1.into_iter().filter(|&is_case| is_case).count();
        assert_eq!((count(Case::Highest(0.25)), count(Case::Lowest(0.25))), (0, 0));
        assert!(Case::Lowest(0.25).ties(&values).unwrap().starts_with("0 points are cases instead of the 2"));
    }

    #[test]
    fn the_lowest_tenth_of_ten_is_one() {
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        let (case, is_case) = Case::Lowest(0.1).of(&values);
        assert_eq!((case, is_case.iter().filter(|&&is_case| is_case).count()), (Case::Below(1.0), 1));
        let (_, is_case) = Case::Highest(0.3).of(&values);
        assert_eq!(is_case.iter().position(|&is_case| is_case), Some(7));
        assert_eq!(Case::Above(4.0).of(&values).1.iter().filter(|&&is_case| is_case).count(), 5);
    }
}
