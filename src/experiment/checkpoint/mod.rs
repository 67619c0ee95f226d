//! The whole state in one stream, so that a run can go on where it stopped.
//!
//! Resumed equals never stopped, bit for bit, at any tick and with any number of threads; the tests
//! do it at every tick. A checkpoint is a line that says what it is, a head (which program, which
//! scenario with every parameter, which tick) and the state, all of it under checksums: what was changed
//! by as little as a bit, or written by another version, is refused and nothing of it is used.
//!
//! Left out: reading checkpoints of other versions. Results are a function of scenario, seed and
//! version, so going on with another version would be a result of neither.

mod frames;
mod hash;
mod kept;
pub mod later;
mod past;
mod records;
mod refused;
mod shape;
mod sound;
mod state;
mod whole;

pub use hash::state_hash;
pub use kept::Kept;
pub use past::same_past;
pub use refused::Refused;
pub use whole::unlisted;

use crate::economy::Economy;
use crate::economy::policy::Date;
use crate::ground::backstop::backstop;
use crate::observe::indicators::{Wanted, want};
use crate::observe::{install, panel};
use crate::scenario::Scenario;
use chrono::NaiveDate;
use frames::{Reader, Writer};
use records::{read_short, write_record};
use serde::{Deserialize, Serialize};
use sound::Pattern;
use std::io::{self, Read, Write};

/// How every checkpoint begins; the number of the format follows, and a line's end.
const MAGIC: &[u8] = b"handover checkpoint ";

/// Number of the format, of one digit.
const FORMAT: u8 = 1;

/// Longest head: a scenario with every parameter takes a few dozen kibibytes.
const MOST_HEAD: u64 = 16 << 20;

/// What a checkpoint says about itself.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Head {
    /// Version of the program that wrote it.
    pub handover: String,
    /// Name of the scenario.
    pub scenario: String,
    /// The tick that comes next.
    pub tick: i32,
    /// First day of that tick.
    pub date: Date,
    /// Worker agents.
    pub workers: usize,
    /// What is recorded.
    #[serde(default, skip_serializing_if = "Wanted::is_all")]
    pub records: Wanted,
    /// Every parameter, as the scenario resolved it.
    pub parameters: serde_json::Value,
    layout: Vec<String>,
}

/// Every parameter of a scenario as a tree of values, in the model's units.
pub fn parameters(scenario: &Scenario) -> serde_json::Value {
    scenario.parameters.sections().as_json()
}

impl Head {
    /// What an economy of a scenario says about itself now.
    fn of(scenario: &Scenario, economy: &Economy) -> Head {
        Head {
            handover: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: scenario.about.name.clone(),
            tick: economy.tick(),
            date: Date(economy.date()),
            workers: economy.workers(),
            records: *economy.world.resource::<Wanted>(),
            parameters: parameters(scenario),
            layout: whole::layout(),
        }
    }

    /// Refuses a scenario for what there is to object to.
    fn demand_none(&self, differences: Vec<String>) -> Result<(), Refused> {
        match differences.as_slice() {
            [] => Ok(()),
            _ => Err(Refused::Scenario { name: self.scenario.clone(), differences }),
        }
    }

    /// What there is to object to a scenario that differs by what acts from the day `from` on, and by its length.
    fn before(&self, scenario: &Scenario, from: NaiveDate) -> Vec<String> {
        let day = self.date.0;
        if from < day {
            return vec![format!(
                "the reform acts from {from}, but this past has been simulated until {day}; take an earlier checkpoint"
            )];
        }
        same_past(&self.parameters, &parameters(scenario), from)
    }
}

/// Writes the state between two ticks.
///
/// # Errors
/// What the place that is written to says.
pub fn save(scenario: &Scenario, economy: &mut Economy, mut out: impl Write) -> io::Result<()> {
    let head = Head::of(scenario, economy);
    out.write_all(MAGIC)?;
    out.write_all(&[b'0' + FORMAT, b'\n'])?;
    let mut stream = Writer::new(out);
    write_record(&serde_json::to_string(&head)?, &mut stream)?;
    stream.end_frame()?;
    whole::write(&mut economy.world, &mut stream)?;
    stream.finish()
}

/// Bytes that a checkpoint takes now, to within a few per cent.
pub fn bytes(economy: &mut Economy) -> u64 {
    whole::bytes(&mut economy.world)
}

/// What a checkpoint says about itself, checked; the state behind it is not read.
///
/// # Errors
/// Why it is refused.
pub fn head(input: impl Read) -> Result<Head, Refused> {
    read_head(input).map(|(head, _)| head)
}

/// The economy of a checkpoint, which must be one of this very scenario.
///
/// # Errors
/// Why it is refused; a scenario that differs is told key by key.
pub fn resume(scenario: &Scenario, input: impl Read) -> Result<Economy, Refused> {
    read(scenario, input, |head| past::differences(&head.parameters, &parameters(scenario)))
}

/// The economy of a checkpoint with another future: the scenario may differ from the checkpoint's by
/// what acts from the day `from` on, and by its length.
///
/// # Errors
/// Why it is refused: what differs before that day, or a day that the checkpoint has already passed.
pub fn fork(scenario: &Scenario, from: NaiveDate, input: impl Read) -> Result<Economy, Refused> {
    read(scenario, input, |head| head.before(scenario, from))
}

/// Have two scenarios the same founding and spin-up, and the same random numbers?
pub fn begin_alike(one: &Scenario, other: &Scenario) -> bool {
    later::cut(&parameters(one)) == later::cut(&parameters(other))
}

fn read_head<R: Read>(mut input: R) -> Result<(Head, Reader<R>), Refused> {
    let mut line = [0; MAGIC.len() + 2];
    input.read_exact(&mut line).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Refused::NotOurs,
        _ => Refused::Disk(error),
    })?;
    let format = line[MAGIC.len()];
    if !line.starts_with(MAGIC) || !format.is_ascii_digit() || line[MAGIC.len() + 1] != b'\n' {
        return Err(Refused::NotOurs);
    }
    if format != b'0' + FORMAT {
        return Err(Refused::Format { found: format - b'0', ours: FORMAT });
    }
    let mut stream = Reader::new(input);
    let text: String = read_short(&mut stream, MOST_HEAD)?;
    let head: Head = serde_json::from_str(&text).map_err(|error| Refused::Damaged(error.to_string()))?;
    if head.handover != env!("CARGO_PKG_VERSION") {
        return Err(Refused::Version { found: head.handover, ours: env!("CARGO_PKG_VERSION") });
    }
    if !head.layout.iter().map(|name| whole::short(name)).eq(whole::layout()) {
        return Err(Refused::Layout);
    }
    Ok((head, stream))
}

/// Reads a whole checkpoint, unless `objections` to its head there are.
fn read(
    scenario: &Scenario,
    input: impl Read,
    objections: impl FnOnce(&Head) -> Vec<String>,
) -> Result<Economy, Refused> {
    let (head, mut stream) = read_head(input)?;
    head.demand_none(objections(&head))?;
    stream.begin()?;
    match backstop(|| restored(scenario, &head, stream)) {
        Ok(restored) => restored,
        Err(words) => Err(Refused::Unsound(words)),
    }
}

/// An economy without a state yet, which is watched as a run is.
fn bare(scenario: &Scenario) -> Economy {
    Economy::bare(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        panel::watch(schedule);
    })
}

/// The economy behind a head, if it holds together.
fn restored<R: Read>(scenario: &Scenario, head: &Head, mut stream: Reader<R>) -> Result<Economy, Refused> {
    let mut economy = bare(scenario);
    if head.tick < economy.tick() {
        return Err(Refused::Damaged(format!("it stands at tick {}, before the first of all", head.tick)));
    }
    want(&mut economy.world, head.records);
    economy.set_clock(head.tick);
    if economy.is_over() {
        return Err(Refused::Over(head.date.0));
    }
    if economy.date() != head.date.0 {
        let (date, tick) = (head.date.0, head.tick);
        return Err(Refused::Unsound(format!("it says {date} of tick {tick}, which is {}", economy.date())));
    }
    let pattern = Pattern::of(&scenario.parameters, head.tick)?;
    whole::read(&mut economy.world, &pattern.counts, &mut stream)?;
    stream.finish()?;
    pattern.fits(&mut economy.world)?;
    sound::check(&mut economy)?;
    if economy.workers() != head.workers {
        return Err(Refused::Unsound(format!("it says it has {} workers and has {}", head.workers, economy.workers())));
    }
    Ok(economy)
}
