//! The ODD protocol (Overview, Design concepts, Details; Grimm et al. 2020) as the program itself would write it: the
//! running schedule with what each rule reads and writes, every parameter with its card, flows, levers, events, metrics.
//!
//! Left out: why a rule is as it is; `docs/model.md` says that, and a test holds its lists against these.

mod numbers;
mod week;

use crate::economy::calendar::Entry;
use crate::economy::policy::Clock;
use crate::economy::world::flows::Flow;
use crate::ground::list::Listed;
use crate::observe::indicators::Metric;
use crate::output::codebook::{Cell, Codes, Topic, codes};
use crate::output::kit::words::wrapped;
use crate::scenario::Scenario;
use std::fmt::Write;

/// A table of Markdown.
fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('\n', " ").replace('|', "\\|")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

/// A table of the codebook, its first so many columns as code.
fn of_codebook(topic: Topic, as_code: usize) -> String {
    let Codes { columns, rows, .. } = codes(topic);
    let cells = |row: Vec<Cell>| {
        let words = row.iter().map(Cell::words).enumerate();
        words.map(|(n, words)| if n < as_code && !words.is_empty() { format!("`{words}`") } else { words }).collect()
    };
    table(columns, rows.into_iter().map(cells))
}

/// The payments that there are.
fn flows() -> String {
    let row = |flow: &Flow| vec![flow.name(), flow.payer().name(), flow.payee().name()];
    table(&["flow", "payer", "payee"], Flow::ALL.iter().map(|flow| row(flow).into_iter().map(str::to_owned).collect()))
}

/// The whole document, for a schedule and the scenario whose numbers are listed.
pub fn text(week: &[Entry], scenario: &Scenario) -> String {
    let mut out = String::new();
    head(&mut out, scenario);
    overview(&mut out, week, scenario);
    concepts(&mut out, week);
    details(&mut out, week, scenario);
    out.push_str("## How sure is this?\n\n");
    paragraph(
        &mut out,
        "What stands here is what the program does, because it is read from the program that does it. Whether the \
         rules are those of the world is another question: see [how sure is this?](how-sure.md). The column of grades \
         says how good each number is; A is an official statistic or peer-reviewed, B reputable press or an industry \
         body, C an estimate or an assumption.",
    );
    format!("{}\n", out.trim_end())
}

fn paragraph(out: &mut String, text: &str) {
    let _ = writeln!(out, "{}\n", wrapped(text));
}

fn head(out: &mut String, scenario: &Scenario) {
    out.push_str("# The model as an ODD protocol\n\n");
    paragraph(
        out,
        "This page is written by the program and changed by no hand: `handover odd` prints it. It has the headings of \
         the ODD protocol (Grimm et al. 2020). [The model](model.md) says the same at length, with formulas and \
         reasons. A test fails if a rule, a payment, a lever, an event or a metric is in one of the two and not in \
         the other.",
    );
    paragraph(out, &format!("Numbers are those of the scenario `{}`: {}.", scenario.about.name, scenario.about.title));
}

fn overview(out: &mut String, week: &[Entry], scenario: &Scenario) {
    out.push_str("## 1. Purpose and patterns\n\n");
    paragraph(
        out,
        "The model asks one question. When hours filmed at work teach robots that then do other people's jobs, when \
         do they replace whom, and who is paid? It compares laws in the same world with the same random numbers. It is \
         no forecast. The patterns by which it is judged stand in [the model](model.md#1-purpose-and-patterns), and \
         what became of them in [held against the world](validation.md) and [held against theory](theory.md).",
    );
    out.push_str("## 2. Entities, state variables and scales\n\n");
    let (run, regions) = (&scenario.parameters.run, &scenario.parameters.regions);
    let clock = Clock::of(run);
    paragraph(
        out,
        &format!(
            "{} regions: {}. A tick is {} {}; a run has {} ticks from {} on, after {} ticks of spin-up. An agent stands \
             for up to {} people, a robot agent for {} robots. Money is whole micro-dollars. There is no space within \
             a region.",
            regions.len(),
            regions.join(", "),
            clock.weeks,
            if clock.weeks == 1.0 { "week" } else { "weeks" },
            clock.ticks() as i64 - i64::from(clock.ticks_in(run.spin_up.0)),
            run.start.0,
            clock.ticks_in(run.spin_up.0),
            scenario.parameters.weights.range().1,
            run.robots_per_agent.0,
        ),
    );
    paragraph(
        out,
        "State is what some rule writes. Each line is a resource of the world or a column of an entity, by its name in \
         the program, with the rules that write it and those that only read it.",
    );
    out.push_str(&week::state(week));
    out.push_str("\n## 3. Process overview and scheduling\n\n");
    paragraph(
        out,
        &format!(
            "A tick is {} rules in the order below. The list is the running schedule; what a rule reads and writes is \
             what its signature says. Two rules that touch the same data without an order between them are refused \
             before the first tick.",
            week.len()
        ),
    );
    out.push_str(&week::phases(week));
}

fn concepts(out: &mut String, week: &[Entry]) {
    out.push_str("## 4. Design concepts\n\n");
    let concepts = [
        ("Basic principles", "tasks are displaced, not people; learning curves for capability and for prices; search and matching; a wage curve; diffusion with awareness and hurdles; every payment has a payer and a payee.".to_owned()),
        ("Emergence", "when robots come to an occupation and region, displacement, wages, trade, licences, refusal, and who is paid.".to_owned()),
        ("Adaptation", "workers choose whether to film; sites choose staff, robots and cameras; labs choose how many hours to buy.".to_owned()),
        ("Objectives", "rules of thumb: payback below a hurdle, pay above what is asked. Nobody optimises.".to_owned()),
        ("Learning", "labs learn from hours by a fixed curve; people do not change their rules.".to_owned()),
        ("Prediction", "sites plan staff from expected jobs; buyers compare today's costs; nobody anticipates a law.".to_owned()),
        ("Sensing", "what a rule can see is the column \"reads\" of section 3.".to_owned()),
        ("Interaction", "through markets, crowding, imitation and money.".to_owned()),
        ("Stochasticity", "each draw is named by what it is for, by whom and in which tick, so that scenarios of one seed share it.".to_owned()),
        ("Collectives", "under `bargaining` the filmed of a site decide as one; an operator's sites decide alike.".to_owned()),
        ("Observation", format!("{} metrics by region and item, {} kinds of payment by region of payer and payee, both below. {} rules of the schedule only observe.", Metric::ALL.len(), Flow::ALL.len(), week::observers(week))),
    ];
    for (name, says) in concepts {
        let says = wrapped(&format!("- **{name}**: {says}"));
        let _ = writeln!(out, "{}", says.replace('\n', "\n  "));
    }
    out.push('\n');
}

fn details(out: &mut String, week: &[Entry], scenario: &Scenario) {
    out.push_str("## 5. Initialisation\n\n");
    paragraph(
        out,
        &format!(
            "The founding makes a first week that repeats itself as long as nothing else moves: heads from employment \
             and unemployment, flows that keep them, jobs that keep the crews busy, prices that cover their cost. {} \
             ticks of spin-up follow in which technology stands still. Blocks of numbers that follow from the scenario \
             alone, and that the founding gives to the world, are those of section 7.",
            Clock::of(&scenario.parameters.run).ticks_in(scenario.parameters.run.spin_up.0)
        ),
    );
    out.push_str("## 6. Input data\n\n");
    paragraph(
        out,
        "One scenario file and those that it extends, and nothing else. What changes from outside while a run goes on: \
         dated policies, which set levers; dated events; paths by year where a scenario gives them.",
    );
    out.push_str("## 7. Submodels\n\n");
    paragraph(
        out,
        "The rules by their files, each with the blocks of numbers that it reads. The formulas stand in section 7 of \
         [the model](model.md#7-submodels).",
    );
    out.push_str(&week::submodels(week));
    out.push_str("\n### Parameters\n\n");
    out.push_str(&numbers::parameters(scenario));
    out.push_str("\n### Flows\n\n");
    out.push_str(&flows());
    out.push_str("\n### Levers\n\n");
    out.push_str(&of_codebook(Topic::Levers, 1));
    out.push_str("\n### Events\n\n");
    out.push_str(&of_codebook(Topic::Events, 2));
    out.push_str("\n### Metrics\n\n");
    out.push_str(&of_codebook(Topic::Metrics, 1));
    out.push('\n');
}
