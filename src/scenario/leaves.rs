//! Single values: is this text a quantity, a date, one of the words, the name of a region?

use super::check::Walk;
use super::countries;
use super::nearest::{either, rank};
use super::problem::Problem;
use super::shape::Shape;
use super::tree::{Entry, Node};
use crate::ground::units::{Exchange, Quantity, WEEKS_PER_YEAR};
use chrono::NaiveDate;

impl Walk {
    /// A value that is not a table and not a list.
    pub(super) fn leaf(&mut self, entry: &mut Entry, shape: &Shape, path: &str) -> bool {
        let Node::Leaf(value) = &mut entry.node else { return false };
        let read = match (shape, &*value) {
            // how long a run is may be said as any other length of time
            (Shape::Quantity(quantity), toml::Value::String(text)) if path == "run.years" && !is_number(text) => {
                years(text, &self.exchange).and_then(|years| quantity.read_bare(years)).map(|y| settled(quantity, y))
            }
            (Shape::Quantity(quantity), toml::Value::String(text)) => {
                quantity.read(text, &self.exchange).map(|number| settled(quantity, number))
            }
            (Shape::Quantity(quantity), toml::Value::Integer(number)) => {
                quantity.read_bare(*number as f64).map(|number| settled(quantity, number))
            }
            (Shape::Quantity(quantity), toml::Value::Float(number)) => {
                quantity.read_bare(*number).map(|number| settled(quantity, number))
            }
            (Shape::Truth, toml::Value::Boolean(_)) | (Shape::Text, toml::Value::String(_)) => return true,
            // as answers are written by people, and in plans
            (Shape::Truth, toml::Value::String(text)) => match truth(text) {
                Some(truth) => Ok(toml::Value::Boolean(truth)),
                None => return self.wrong_type(entry, shape, path),
            },
            (Shape::Whole(least, most), toml::Value::Integer(number)) if (least..=most).contains(&number) => {
                return true;
            }
            (Shape::Whole(least, most), toml::Value::Integer(_)) => {
                Err(format!("a whole number here lies between {least} and {most}"))
            }
            (Shape::Date, toml::Value::String(text)) => date(text).map(|date| toml::Value::String(date.to_string())),
            (Shape::Rate, toml::Value::String(text)) => {
                let currency = path.rsplit('.').next().unwrap_or("");
                Exchange::default().declare(currency, text).map(|()| value.clone())
            }
            (Shape::Word(words), toml::Value::String(text)) => {
                let text = text.clone();
                return words.iter().any(|(word, _)| *word == text) || {
                    let known: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
                    self.not_one_of(entry, &text, &format!("{path}: {text:?} is not {}", shape.words()), &known)
                };
            }
            (Shape::Name(noun), toml::Value::String(text)) => {
                let (text, noun) = (text.clone(), *noun);
                return self.is_declared(noun, &text) || {
                    let known = self.declared(noun);
                    let title = format!("no {} {text:?} is declared", noun.word());
                    self.not_one_of(entry, &text, &title, &known.iter().map(String::as_str).collect::<Vec<_>>())
                };
            }
            _ => return self.wrong_type(entry, shape, path),
        };
        match read {
            Ok(settled) => *value = settled,
            Err(words) => {
                let (title, help) = words.split_once("; ").unwrap_or((&words, ""));
                let problem = Problem::at(entry, format!("{path}: {title}")).label("here").help(help);
                self.report(problem);
                return false;
            }
        }
        true
    }

    fn not_one_of(&mut self, entry: &Entry, text: &str, title: &str, known: &[&str]) -> bool {
        let country = countries::meant(text, known);
        let meant: Vec<String> = match country {
            Some((code, _)) => vec![code.to_owned()],
            None => rank(text, known.iter().copied()).into_iter().map(str::to_owned).collect(),
        };
        let help = match meant.as_slice() {
            [code] if let Some((_, name)) = country => format!("did you mean {code:?} ({name})?"),
            [] if known.len() <= 12 => format!("one of {}", known.join(", ")),
            [] => String::new(),
            near => format!("did you mean {}?", either(near)),
        };
        self.report(Problem::at(entry, title).label("here").help(help).meant(meant));
        false
    }

    pub(super) fn wrong_type(&mut self, entry: &Entry, shape: &Shape, path: &str) -> bool {
        let title = format!("{path} must be {}", shape.words());
        let found = match &entry.node {
            Node::Table(_) => "a table",
            Node::Array(_) => "a list",
            Node::Leaf(toml::Value::String(_)) => "a text",
            Node::Leaf(toml::Value::Boolean(_)) => "true or false",
            Node::Leaf(_) => "a number",
        };
        let help = match (shape, &entry.node) {
            (Shape::List(inner), Node::Table(_)) if matches!(**inner, Shape::Table(_) | Shape::Tagged(..)) => {
                format!("write [[{path}]] with double brackets: there may be several")
            }
            (Shape::List(_), Node::Leaf(_)) => format!("write [{:?}]", entry.shown()),
            (Shape::Date, Node::Leaf(toml::Value::Integer(year))) => format!("write \"{year}-01\" for January"),
            (Shape::Text | Shape::Date | Shape::Word(_), Node::Leaf(value)) => format!("write \"{value}\" in quotes"),
            (Shape::Truth, Node::Leaf(_)) => "write true or false without quotes".into(),
            (Shape::Whole(..), Node::Leaf(_)) => "write, for example, 1".into(),
            _ => String::new(),
        };
        self.report(Problem::at(entry, title).label(format!("this is {found}")).help(help));
        false
    }
}

/// A truth in words, however it is said.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}

/// "10 years", or another length of time, in years.
fn years(text: &str, exchange: &Exchange) -> Result<f64, String> {
    match Quantity::named("Span") {
        Some(span) => span.read(text, exchange).map(|weeks| weeks / WEEKS_PER_YEAR),
        None => Err(format!("{text:?} is not a number of years; write 10")),
    }
}

/// A number in the model's unit, as it stands in a resolved scenario.
fn settled(quantity: &Quantity, number: f64) -> toml::Value {
    if quantity.unit.is_empty() { toml::Value::Float(number) } else { toml::Value::String(quantity.write(number)) }
}

/// A day, or a month that stands for its first day.
fn date(text: &str) -> Result<NaiveDate, String> {
    let full = if text.len() == 7 { format!("{text}-01") } else { text.to_owned() };
    full.parse().map_err(|_| format!("{text:?} is not a date; write \"2029-01\" or \"2029-01-15\""))
}
