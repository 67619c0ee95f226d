//! Streams of random numbers: what each draw is for.

/// What a draw is for. Two streams never share random numbers; the number is part of every result's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u64)]
pub enum Stream {
    /// Founding: skill of a worker.
    Skill = 1,
    /// Founding: first employer, status, spell.
    FirstWeek = 2,
    /// Founding: size of a site.
    SiteSize = 3,
    /// Founding: which sites are organised, film, adopt early; their hurdles.
    SiteTraits = 4,
    /// Is this worker asked, at this site?
    Coverage = 5,
    /// Review of the stance: when, and what is decided.
    Consent = 6,
    /// Dismissal for refusing.
    Dismissal = 7,
    /// Sites joining, leaving or complying.
    Programme = 8,
    /// Demand noise at a site.
    Demand = 9,
    /// Robots: rounding of what a fleet tries of a job.
    Attempts = 10,
    /// Robots: failure and repair.
    Uptime = 11,
    /// Separations, quits, notice, search.
    Labour = 12,
    /// Who is first in the queue for a vacancy, a course, a displacement.
    Queue = 13,
    /// Which vacancy the hired take.
    Vacancy = 14,
    /// Insurance cover when a job ends.
    Cover = 15,
    /// Founding: which sites get the odd workers of a market.
    Split = 16,
    /// Robots: rounding of the attempts that fail in the field.
    FieldFailures = 17,
    /// Who would attend a course.
    Course = 18,
    /// Founding: which robots are up.
    FirstRobots = 19,
    /// Which lab a site that joins the programme films for.
    ProgrammeLab = 20,
    /// Who leaves for good.
    Leaving = 21,
    /// Skill of an entrant.
    Entrant = 22,
    /// What a person asks for being filmed: one draw for life.
    Ask = 25,
    /// Which sites have the odd robots of a tick's deliveries.
    Deliveries = 26,
    /// Who is in the panel. It moves nobody's life.
    Panel = 32,
    /// Points of a sweep's design. It moves nobody's life.
    Design = 33,
    /// Resamples of a sweep's points, for intervals. It moves nobody's life.
    Resample = 64,
    /// Where the runs of a calibration stand. It moves nobody's life.
    Calibration = 48,
}

impl From<Stream> for u64 {
    fn from(stream: Stream) -> u64 {
        stream as u64
    }
}
