//! What can happen in a life, for which reasons, and a year of it in money.

use crate::economy::settlement::payslip::Payslip;
use crate::economy::world::people::Work;
use crate::observe::rows::Workplace;
use chrono::NaiveDate;

/// Why somebody stopped working at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Robots had absorbed the work.
    Displaced,
    /// Notice for ordinary reasons.
    LaidOff,
    /// The job ended in the ordinary course.
    Separated,
    /// Left for a job in other services.
    Quit,
    /// Refused the camera.
    Dismissed,
}

/// Who decided how the camera is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// The worker.
    Alone,
    /// The covered workers of the site, as one.
    Crew,
    /// A strike.
    Strike,
}

/// The refusal score of a worker at a site, term by term, in log odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reasons {
    /// Who decides.
    pub decider: Decider,
    /// a0; by threshold, the log odds of refusing unpaid.
    pub base: f64,
    /// a_skill z.
    pub skill: f64,
    /// a_fear x.
    pub fear: f64,
    /// a_peer (refusing share - 1/2).
    pub peers: f64,
    /// What pay takes off.
    pub pay: f64,
    /// - a_retaliation * weeks of wage at risk.
    pub retaliation: f64,
    /// P(refuse); where few are made to choose, less than the score says.
    pub probability: f64,
    /// Capture pay on offer and the royalty an hour may expect, dollars per recorded hour.
    pub offer: f64,
}

impl Reasons {
    /// The terms of the score by their words.
    pub fn terms(&self) -> [(&'static str, f64); 6] {
        let words = ["base", "skill", "fear", "peers", "pay", "risk of dismissal"];
        let terms = [self.base, self.skill, self.fear, self.peers, self.pay, self.retaliation];
        std::array::from_fn(|n| (words[n], terms[n]))
    }

    /// v: the sum of the terms.
    pub fn score(&self) -> f64 {
        self.base + self.skill + self.fear + self.peers + self.pay + self.retaliation
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The diary begins: what the worker did before, where, for how much a week, dollars.
    Begins(Work, Option<Workplace>, f64),
    /// Asked to be filmed for the first time at the site: refuses?
    Asked(bool, Workplace, Reasons),
    /// Reviewed the stance and changed it: refuses now?
    ChangedMind(bool, Workplace, Reasons),
    /// Filmed for the first time at the site.
    Filmed(Workplace),
    /// The site ended its programme.
    CamerasGone(Workplace),
    /// Took so many recorded hours out of the stock.
    TookBack(f64),
    /// Left the working population for good: so many dollars were in the wallet.
    LeftForGood(f64),
    /// Somebody else entered at the place, and looks for work; skill in standard deviations.
    Entered(f64),
    /// Left a site after so many weeks; part of pay that the scar takes from now on.
    Left(Cause, Workplace, f64, f64),
    /// Hired at a site after so many weeks of doing something else, for so many dollars a week; part of
    /// pay that a scar takes.
    Hired(Work, Workplace, f64, f64, f64),
    /// Found a job in other services after so many weeks, for so many dollars a week; part that a scar takes.
    WentOutside(f64, f64, f64),
    /// Lost the job in other services after so many weeks.
    LostOutside(f64),
    /// Began a course.
    CourseBegan,
    /// Ended it.
    CourseEnded,
    /// Insurance ran out after so many weeks without work.
    InsuranceEnded(f64),
    /// Received a royalty for the first time.
    FirstRoyalty,
    /// Nothing is left in the wallet.
    WalletEmpty,
}

/// An event and its date.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Tick in which it happened.
    pub tick: i32,
    /// First day of the tick.
    pub date: NaiveDate,
    /// What.
    pub event: Event,
}

/// A calendar year of one person in money, micro-dollars. A place whose worker leaves and which another takes has two
/// in that year, and none while it is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year {
    /// Which.
    pub year: i32,
    /// Whose: 0 is the worker of the start, 1 whoever entered at the place first, and so on.
    pub person: usize,
    /// The day on which the person left for good, if that was in this year.
    pub left_on: Option<NaiveDate>,
    /// Received and paid in tax.
    pub slip: Payslip,
    /// Consumed.
    pub consumption: i64,
    /// Wallet at the end.
    pub wallet: i64,
    /// Part of pay that the scar takes at the end.
    pub scar: f64,
    /// Weeks by [`Work`].
    pub weeks: [f64; 5],
}
