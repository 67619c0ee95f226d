//! The forms of an outcome: how each is written, and what it is.

/// How outcomes of one kind are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The words before the bracket; none where outcomes are joined.
    pub words: &'static [&'static str],
    /// An example of each, between backticks.
    pub written: &'static str,
    /// What it is.
    pub about: &'static str,
}

const fn form(words: &'static [&'static str], written: &'static str, about: &'static str) -> Form {
    Form { words, written, about }
}

/// All forms; those from the joined ones on are read by `arithmetic.rs`.
pub const FORMS: [Form; 13] = [
    form(&["last"], "`last(unemployment_rate[USA])`, or bare `unemployment_rate[USA]`", "the last record"),
    form(&["at"], "`at(2031-12, displaced_total[CHN])`", "the last record dated in that month or before"),
    form(
        &["peak", "low", "mean"],
        "`peak(...)`, `low(...)`, `mean(...)`, with `2030-01..2035-01`, `..2035-01` or `2030-01..` after a comma",
        "over the run, or over those dates",
    ),
    form(&["sum"], "`sum(capture_pay_received[IND])`", "a flow added up: its unit loses the `/week`"),
    form(
        &["first_above", "first_below"],
        "`first_above(absorbed[CHN], 1000000)`, `first_below(unemployment_rate[USA], 4 %)`",
        "years until the first record beyond; empty if that never happens",
    ),
    form(
        &["headline"],
        "`headline(public_cost)`, `headline(royalties[IND])`",
        "what `handover compare` sums up, of the world or a region",
    ),
    form(
        &[],
        "`at(2030-12, fleet[USA, van]) / at(2028-12, fleet[USA, van]) - 1`",
        "outcomes joined by `+ - * /` between blanks, with brackets and plain numbers; what is added has one unit",
    ),
    form(&["ln"], "`ln(employed[USA] / employed[MEX])`", "natural logarithm of a plain number"),
    form(&["rank"], "`rank([wage[USA, picker], wage[IND, picker]], [2, 1])`", "Spearman's correlation of two lists"),
    form(
        &["elasticity"],
        "`elasticity(vacancies[USA], unemployed[USA], 2030-01..)`",
        "slope of the logarithm of the first in that of the second over the records, by least squares",
    ),
    form(
        &["turning"],
        "`turning(unemployed[USA], vacancies[USA])`",
        "area that the point of both goes around, as a share of the rectangle it moves in; positive if counter-clockwise",
    ),
    form(
        &["fastest"],
        "`fastest(robots_made[CHN, amr], 5 years, 2000)`",
        "highest growth a year over any five years that begin with at least so much",
    ),
    form(
        &["of"],
        "`of(ARM, employed[USA])`",
        "read in another arm of a comparison (where `handover validate` makes one)",
    ),
];

/// The words before the bracket of every form.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    FORMS.iter().flat_map(|form| form.words.iter().copied())
}
