//! Whether a result has pictures.

/// Are pictures part of a result? Without them it is made sooner; the report's charts are drawn by the page itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// They are.
    Drawn,
    /// They are not; `handover plot` draws them from the tables.
    LeftOut,
}

impl Pictures {
    /// Drawn, unless they are left out.
    pub fn unless(left_out: bool) -> Pictures {
        if left_out { Pictures::LeftOut } else { Pictures::Drawn }
    }
}
