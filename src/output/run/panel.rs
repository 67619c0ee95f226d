//! panel.parquet: rows of the panel, written as they come.
//!
//! Rows go to a spool first, a file of whole numbers of one size a row, because a spool can be cut back to
//! a row and gone on with, which a Parquet file cannot. At the end it becomes Parquet, row group by row group;
//! at no time is more than one of these in memory.

use crate::economy::policy::Clock;
use crate::economy::settlement::payslip::{Payslip, Standing};
use crate::economy::shared::scars::SCAR_ONE;
use crate::economy::world::people::{ASKED, NEVER, RECORDED, REFUSES, SKILL_ONE, Work};
use crate::ground::list::Listed;
use crate::ground::money::MICRO;
use crate::observe::panel::{Cast, Row};
use crate::output::kit::parquet::{Frame, about, days_since_1970, facts, open, word_field, words};
use crate::output::kit::parquet_read::Received;
use crate::output::kit::unmade::Unmade;
use crate::scenario::Scenario;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, RecordBatch,
};
use arrow_schema::{DataType, Field};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

/// Rows in a row group.
const GROUP: usize = 1 << 16;

/// Digits of an amount, and how many of them after the point: micro-dollars.
const AMOUNT: (u8, i8) = (18, 6);

/// How a file of the panel holds money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amounts {
    /// As doubles, which programs compute with; to the nearest micro-dollar up to nine billion dollars.
    #[default]
    Doubles,
    /// As decimals, exact to the micro-dollar.
    Decimals,
}

impl Amounts {
    /// Decimals if they were asked for.
    pub fn exact_if(is_exact: bool) -> Amounts {
        if is_exact { Amounts::Decimals } else { Amounts::Doubles }
    }

    /// As a panel that was written holds it; doubles where there is none that can be read.
    pub fn of_file(path: &Path) -> Amounts {
        let is_exact = Received::open(path).is_ok_and(|received| received.is_decimal("pay"));
        Amounts::exact_if(is_exact)
    }

    fn kind(self) -> DataType {
        match self {
            Amounts::Doubles => DataType::Float64,
            Amounts::Decimals => DataType::Decimal128(AMOUNT.0, AMOUNT.1),
        }
    }

    fn column(self, micro_dollars: impl Iterator<Item = Option<i64>>) -> ArrayRef {
        match self {
            Amounts::Doubles => {
                Arc::new(micro_dollars.map(|amount| amount.map(|micro| micro as f64 / MICRO)).collect::<Float64Array>())
            }
            Amounts::Decimals => {
                let array = Decimal128Array::from_iter(micro_dollars.map(|amount| amount.map(i128::from)));
                let array = array.with_precision_and_scale(AMOUNT.0, AMOUNT.1);
                Arc::new(array.expect("18 digits hold what an account of one person holds"))
            }
        }
    }
}

// The fields of a row in the order of the spool: of the row itself, of where the member stands beside its work, of the
// payslip. They are written and read in this order.
macro_rules! spooled {
    (row: $($own:ident)*; standing: work $($standing:ident)*; slip: $($slip:ident)*;) => {
        /// Numbers in a row of the spool.
        const NUMBERS: usize = [$(stringify!($own),)* "work", $(stringify!($standing),)* $(stringify!($slip),)*].len();

        fn numbers(row: &Row) -> [i64; NUMBERS] {
            let (s, p) = (&row.standing, &row.slip);
            [$(row.$own.into(),)* s.work as i64, $(s.$standing.into(),)* $(p.$slip.into(),)*]
        }

        fn row(mut next: impl FnMut() -> i64) -> io::Result<Row> {
            Ok(Row {
                $($own: small(next())?,)*
                standing: Standing { work: Work::of(small(next())?), $($standing: small(next())?,)* },
                slip: Payslip { $($slip: small(next())?,)* },
            })
        }
    };
}

spooled! {
    row: tick member site left wage consumption;
    standing: work marks skill employer since entered scarred trained hours claim wallet;
    slip: wages outside_wages insurance stipend capture_pay royalty citizen_dividend recycling wage_insurance income_tax;
}

/// A number of the spool as its field has it.
fn small<T: TryFrom<i64>>(number: i64) -> io::Result<T> {
    T::try_from(number).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the spool of the panel is damaged"))
}

/// The rows so far.
#[derive(Debug)]
pub struct Spool {
    file: BufWriter<File>,
    rows: u64,
}

const ROW: usize = NUMBERS * 8;

impl Spool {
    /// A spool in an empty file that can be read and written.
    pub fn new(file: File) -> Spool {
        Spool { file: BufWriter::with_capacity(1 << 20, file), rows: 0 }
    }

    /// Goes on after the first `rows` rows of a spool; what comes after them is cut off.
    ///
    /// # Errors
    /// What the file system said; or that the file holds fewer rows.
    pub fn resume(mut file: File, rows: u64) -> io::Result<Spool> {
        let length = rows * ROW as u64;
        if file.metadata()?.len() < length {
            let words = format!("the spool of the panel holds fewer than {rows} rows");
            return Err(io::Error::new(io::ErrorKind::InvalidData, words));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Spool { file: BufWriter::with_capacity(1 << 20, file), rows })
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes that the rows so far take.
    pub fn bytes(&self) -> u64 {
        self.rows * ROW as u64
    }

    /// Adds rows.
    ///
    /// # Errors
    /// What the file system said.
    pub fn add(&mut self, rows: &[Row]) -> io::Result<()> {
        for row in rows {
            for number in numbers(row) {
                self.file.write_all(&number.to_le_bytes())?;
            }
        }
        self.rows += rows.len() as u64;
        Ok(())
    }

    /// Sees to it that the rows so far are on the disk.
    ///
    /// # Errors
    /// What the file system said.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }

    /// Writes the spool as Parquet.
    ///
    /// # Errors
    /// What the file system or Parquet said.
    pub fn finish<W: Write + Send>(self, scenario: &Scenario, cast: &Cast, amounts: Amounts, out: W) -> io::Result<()> {
        let mut file = self.file.into_inner()?;
        file.seek(SeekFrom::Start(0))?;
        let mut source = BufReader::with_capacity(1 << 20, file);
        let (mut writer, schema) = open(out, fields(amounts), facts_of(scenario))?;
        let mut left = self.rows;
        while left > 0 {
            let count = left.min(GROUP as u64) as usize;
            let rows = (0..count).map(|_| read(&mut source)).collect::<io::Result<Vec<Row>>>()?;
            let columns = columns(&rows, scenario, cast, amounts);
            let batch = RecordBatch::try_new(Arc::clone(&schema), columns).map_err(Unmade::from)?;
            writer.write(&batch).map_err(Unmade::from)?;
            writer.flush().map_err(Unmade::from)?;
            left -= count as u64;
        }
        writer.close().map_err(Unmade::from)?;
        Ok(())
    }
}

/// What a panel says of itself.
fn facts_of(scenario: &Scenario) -> Vec<(String, String)> {
    let mut extra = facts(scenario);
    extra.push(("panel_every_weeks".to_owned(), scenario.parameters.run.panel_every.0.to_string()));
    extra
}

/// Rows of a panel as they come from a run, as a table with exact amounts: panel.parquet.
pub fn frame(rows: &[Row], scenario: &Scenario, cast: &Cast) -> Frame {
    let exact = Amounts::Decimals;
    Frame::new(fields(exact), facts_of(scenario), columns(rows, scenario, cast, exact))
}

fn read(source: &mut impl Read) -> io::Result<Row> {
    let mut bytes = [0_u8; ROW];
    source.read_exact(&mut bytes)?;
    let mut word = bytes.chunks_exact(8).map(|chunk| {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        i64::from_le_bytes(eight)
    });
    row(|| word.next().expect("a row has a word for every field"))
}

type Amount = (&'static str, &'static str, fn(&Row) -> i64);

/// Amounts of the interval.
const AMOUNTS: [Amount; 15] = [
    ("pay", "labour income before tax: wages and outside_wages", |row| row.slip.pay()),
    ("wages", "wages from sites", |row| row.slip.wages),
    ("outside_wages", "wages from jobs in other services", |row| row.slip.outside_wages),
    ("transfers", "insurance, stipend, citizen_dividend, wage_insurance and recycling", |row| row.slip.transfers()),
    ("insurance", "unemployment insurance", |row| row.slip.insurance),
    ("stipend", "stipends on training courses", |row| row.slip.stipend),
    ("citizen_dividend", "citizen dividend", |row| row.slip.citizen_dividend),
    ("wage_insurance", "wage insurance of the displaced", |row| row.slip.wage_insurance),
    ("recycling", "robot tax and data levy handed back", |row| row.slip.recycling),
    ("capture_pay", "pay for being filmed", |row| row.slip.capture_pay),
    ("royalty", "royalties on recorded hours, after collection", |row| row.slip.royalty),
    ("income_tax", "income tax paid", |row| row.slip.income_tax),
    ("consumption", "consumption", |row| row.consumption),
    ("wallet", "savings at the end of the interval", |row| row.standing.wallet),
    ("wage", "pay of a week in the present job, before tax; null without a job", |row| row.wage),
];

fn fields(amounts: Amounts) -> Vec<Field> {
    let nullable = |field: Field| field.with_nullable(true);
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    let date = |name: &str| nullable(field(name, DataType::Date32));
    let mut fields = vec![
        about(field("tick", DataType::Int32), "last tick of the interval", ""),
        about(field("date", DataType::Date32), "first day of that tick", ""),
        about(word_field("worker"), "name: region, occupation, ordinal; the same person in every scenario", ""),
        about(word_field("region"), "region", ""),
        about(word_field("occupation"), "occupation, for life", ""),
        about(field("weight", DataType::Int64), "people the row stands for; the weights add up to all", "persons"),
        about(field("skill", DataType::Float64), "skill factor on pay, for life; mean 1 in each occupation", "ratio"),
        about(
            word_field("status"),
            "employed, unemployed, outside (a job in other services), training, or gone (left for good, or yet to enter)",
            "",
        ),
        about(field("status_since", DataType::Date32), "first day of the tick in which the status began", ""),
        about(
            date("entered_on"),
            "first day of the tick in which whoever has the place entered; null for the worker of the founding",
            "",
        ),
        about(
            date("left_on"),
            "first day of the tick in which the last to have the place left for good; null unless the status is gone",
            "",
        ),
        about(nullable(word_field("site")), "where employed: region, type, ordinal; null if not at a site", ""),
        about(
            nullable(field("organised", DataType::Boolean)),
            "does the site have regular contracts? null if not at a site",
            "",
        ),
    ];
    fields.extend(AMOUNTS.map(|(name, words, _)| {
        let unit = match name {
            "wage" => "USD/week",
            "wallet" => "USD",
            _ => "USD since the last row",
        };
        let amount = field(name, amounts.kind()).with_nullable(name == "wage");
        about(amount, words, unit)
    }));
    fields.extend([
        about(word_field("stance"), "not asked, films or refuses, at the present site", ""),
        about(field("filmed", DataType::Boolean), "filmed in the last tick of the interval", ""),
        about(field("hours_recorded", DataType::Float64), "accepted hours ever recorded", "hours"),
        about(date("displaced_on"), "first day of the tick of the last displacement by robots; null if never", ""),
        about(field("scar", DataType::Float64), "part of pay that the scar of displacement takes", "share"),
        about(date("trained_on"), "first day of the tick in which the last course began; null if never", ""),
    ]);
    fields
}

fn columns(rows: &[Row], scenario: &Scenario, cast: &Cast, amounts: Amounts) -> Vec<ArrayRef> {
    let parameters = &scenario.parameters;
    let run = &parameters.run;
    let clock = Clock::of(run);
    let day = |tick: i32| days_since_1970(clock.date(tick));
    let ever = |tick: i16| (tick != NEVER).then(|| day(tick.into()));
    let left_on = |row: &Row| (row.standing.work == Work::Gone).then(|| day(row.standing.since.into()));
    let member = |row: &Row| &cast.members[row.member as usize];
    let names: Vec<String> = rows.iter().map(|row| member(row).who.name(&parameters.regions)).collect();
    let site = |row: &Row| (row.standing.work == Work::Employed).then(|| &cast.sites[row.site as usize]);
    let float =
        |value: &dyn Fn(&Row) -> f64| -> ArrayRef { Arc::new(rows.iter().map(value).collect::<Float64Array>()) };
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| row.tick).collect::<Int32Array>()),
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| day(row.tick)))),
        words(names.iter().map(|name| Some(name.as_str()))),
        words(rows.iter().map(|row| Some(parameters.regions[member(row).who.region].as_str()))),
        words(rows.iter().map(|row| Some(member(row).who.occupation.name()))),
        Arc::new(rows.iter().map(|row| member(row).weight).collect::<Int64Array>()),
        float(&|row| f64::from(row.standing.skill) / SKILL_ONE as f64),
        words(rows.iter().map(|row| Some(Work::NAMES[row.standing.work as usize]))),
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| day(row.standing.since.into())))),
        Arc::new(rows.iter().map(|row| ever(row.standing.entered)).collect::<Date32Array>()),
        Arc::new(rows.iter().map(left_on).collect::<Date32Array>()),
        words(rows.iter().map(|row| site(row).map(|site| site.name.as_str()))),
        Arc::new(rows.iter().map(|row| site(row).map(|site| site.is_organised)).collect::<BooleanArray>()),
    ];
    for (name, _, amount) in AMOUNTS {
        let has_job = |row: &Row| matches!(row.standing.work, Work::Employed | Work::Outside);
        let value = |row: &Row| (name != "wage" || has_job(row)).then(|| amount(row));
        columns.push(amounts.column(rows.iter().map(value)));
    }
    let stance = |row: &Row| match (row.standing.has(ASKED), row.standing.has(REFUSES)) {
        (false, _) => "not asked",
        (true, false) => "films",
        (true, true) => "refuses",
    };
    columns.extend([
        words(rows.iter().map(|row| Some(stance(row)))),
        Arc::new(rows.iter().map(|row| Some(row.standing.has(RECORDED))).collect::<BooleanArray>()) as ArrayRef,
        float(&|row| f64::from(row.standing.hours) / 1e3),
        Arc::new(rows.iter().map(|row| ever(row.standing.scarred)).collect::<Date32Array>()),
        float(&|row| 1.0 - row.left as f64 / SCAR_ONE as f64),
        Arc::new(rows.iter().map(|row| ever(row.standing.trained)).collect::<Date32Array>()),
    ]);
    columns
}
