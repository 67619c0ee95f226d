//! The project's prose: its lines are short enough to be read beside each other, and its words are the usual ones.

use crate::common;
use std::fs;
use std::path::{Path, PathBuf};

/// Characters that a line of prose may have.
const WIDTH: usize = 120;

/// Files below a folder, or the file itself, that end so; what was built or fetched is not the project's.
fn files(from: &str, ending: &str) -> Vec<PathBuf> {
    let mut open = vec![common::root().join(from)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
            open.extend(entries.filter(|path| !path.ends_with("target") && !path.ends_with("node_modules")));
        } else if path.extension().is_some_and(|other| other == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The name of a file of the project, from its root.
fn name(path: &Path) -> String {
    path.strip_prefix(common::root()).unwrap().display().to_string()
}

/// Documents in Markdown: those at the root, and those of every folder that has some.
fn documents() -> Vec<PathBuf> {
    let top = fs::read_dir(common::root()).unwrap().map(|entry| entry.unwrap().path());
    let is_document = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|ending| ending == "md");
    let mut found: Vec<PathBuf> = top.filter(is_document).collect();
    for folder in ["docs", "scenarios", "src", "tests", "benches", "examples", "fuzz", "python", "web"] {
        found.extend(files(folder, "md"));
    }
    found
}

/// Numbers of the lines of a document that are prose and too long. Blocks of code, rows of tables, quotations and what
/// has no place to break (a long address) may be longer.
fn too_long(text: &str) -> Vec<usize> {
    let mut fence = None;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let words = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| words.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        let is_prose = fence.is_none() && mark.is_none() && !words.starts_with(['|', '>']);
        let item = words.trim_start_matches(|c: char| "-*+".contains(c) || c.is_ascii_digit() || c == '.').trim();
        if is_prose && item.contains(' ') && line.chars().count() > WIDTH {
            found.push(number);
        }
    }
    found
}

#[test]
fn lines_of_documents_are_short() {
    let mut wrong = Vec::new();
    for path in common::many(documents(), 15, "documents") {
        let text = fs::read_to_string(&path).unwrap();
        wrong.extend(too_long(&text).into_iter().map(|line| format!("{}:{line}", name(&path))));
    }
    assert!(wrong.is_empty(), "lines of prose with more than {WIDTH} characters, break them: {wrong:#?}");
}

#[test]
fn a_long_line_of_prose_is_found_and_a_long_line_of_code_is_not() {
    let long = "word ".repeat(30);
    assert_eq!(too_long(&format!("short\n{long}\n- {long}\n")), [2, 3]);
    assert_eq!(too_long(&format!("```sh\n{long}\n```\n| {long} |\n> {long}\n{long}")), [6]);
    assert_eq!(too_long(&format!("- https://example.org/{}", "a".repeat(120))), [0; 0]);
    // signs are counted, not bytes
    assert_eq!(too_long(&format!("é {}", "é".repeat(118))), [0; 0]);
}

/// Words with the numbers of their lines, in lower case; what stands in backquotes is a name and no word.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_name = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            is_name = false;
            continue;
        }
        for (part, piece) in line.split('`').enumerate() {
            is_name ^= part > 0;
            if !is_name {
                let split = piece.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\'' || c == '-'));
                found.extend(split.filter(|word| !word.is_empty()).map(|word| (number, word.to_lowercase())));
            }
        }
        // a name may be broken between two lines of a paragraph, but not between paragraphs
        is_name &= !line.trim().is_empty();
    }
    found
}

/// What a file of Rust says in words, line by line: its comments without the examples in them, and its texts.
fn said_in(source: &str) -> String {
    let mut said = String::new();
    let (mut is_text, mut is_example) = (false, false);
    for line in source.lines() {
        let mut signs = line.char_indices().peekable();
        while let Some((at, sign)) = signs.next() {
            let rest = &line[at..];
            if is_text {
                match sign {
                    '\\' => drop(signs.next()),
                    '"' => is_text = false,
                    _ => said.push(sign),
                }
            } else if rest.starts_with("//") {
                let comment = rest.trim_start_matches(['/', '!']);
                is_example ^= comment.trim_start().starts_with("```");
                said += if is_example { "" } else { comment };
                break;
            } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
                // a quotation mark as a single sign begins no text
                signs.by_ref().take(if rest.starts_with("'\"'") { 2 } else { 3 }).for_each(drop);
            } else if sign == '"' {
                is_text = true;
                said.push(' ');
            }
        }
        said.push('\n');
    }
    said
}

/// A row of the table of words in CONTRIBUTING.md.
struct Row {
    not: Vec<Vec<String>>,
    but: String,
    /// Where the word is right all the same.
    except: Vec<Vec<String>>,
}

/// What the guide says not to write, and what to write instead.
fn table() -> Vec<Row> {
    let guide = fs::read_to_string(common::root().join("CONTRIBUTING.md")).unwrap();
    let table = guide.split("<!-- words -->").nth(1).expect("CONTRIBUTING.md marks where its table of words stands");
    let phrases = |cell: &str| -> Vec<Vec<String>> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(|phrase| phrase.split(' ').map(str::to_owned).collect()).collect()
    };
    let row = |line: &str| -> Option<Row> {
        let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
        let is_row = cells[0].starts_with('`');
        is_row.then(|| Row { not: phrases(cells[0]), but: cells[1].to_owned(), except: phrases(cells[2]) })
    };
    table.lines().filter_map(row).collect()
}

/// What is said against the table: the number of the line, the words, and what to write.
fn unusual(said: &[(usize, String)], table: &[Row]) -> Vec<(usize, String)> {
    let stands = |at: usize, phrase: &[String]| {
        said.len() >= at + phrase.len() && phrase.iter().zip(&said[at..]).all(|(word, (_, other))| word == other)
    };
    let mut found = Vec::new();
    for row in table {
        for (at, (line, _)) in said.iter().enumerate() {
            let is_excepted = row.except.iter().any(|phrase| {
                let from = at.saturating_sub(phrase.len() - 1);
                (from..=at).any(|from| stands(from, phrase))
            });
            for phrase in row.not.iter().filter(|phrase| stands(at, phrase) && !is_excepted) {
                found.push((*line, format!("{:?}, write: {}", phrase.join(" "), row.but)));
            }
        }
    }
    found
}

#[test]
fn words_are_the_usual_ones() {
    let table = common::many(table(), 5, "rows");
    let mut texts = Vec::new();
    for path in common::many(files("src", "rs"), 200, "sources") {
        texts.push((name(&path), said_in(&fs::read_to_string(&path).unwrap())));
    }
    let others = [("docs", "md"), ("README.md", "md"), ("CONTRIBUTING.md", "md"), ("scenarios", "toml")];
    for path in others.into_iter().flat_map(|(from, ending)| files(from, ending)) {
        texts.push((name(&path), fs::read_to_string(&path).unwrap()));
    }
    let mut wrong = Vec::new();
    for (name, text) in &texts {
        let found = unusual(&words(text), &table);
        wrong.extend(found.into_iter().map(|(line, words)| format!("{name}:{line}: {words}")));
    }
    assert!(wrong.is_empty(), "words that CONTRIBUTING.md says not to use: {wrong:#?}");
}

#[test]
fn an_unusual_word_is_found_wherever_it_is_said() {
    let table = table();
    let lines = |text: &str| -> Vec<usize> {
        let mut lines: Vec<usize> = unusual(&words(text), &table).into_iter().map(|(line, _)| line).collect();
        lines.sort_unstable();
        lines
    };
    // over a line's end, but not as a name
    assert_eq!(lines("one number hangs\non another\n"), [1]);
    assert_eq!(lines("it hangs on nought"), [1, 1]);
    assert_eq!(lines("the field `luck` and the\nfield `nought\nhangs on` are names, nothing else"), [0; 0]);
    // where it is right
    assert_eq!(lines("choose a luck number\nby luck"), [2]);
    // in comments and texts of a source, not in its names nor in examples
    let source =
        "/// By luck.\nlet luck = '\"'; // nought\nsay(\"all\n luck\");\n/// ```\n/// let luck = 1;\n/// ```\n";
    assert_eq!(lines(&said_in(source)), [1, 2, 4]);
}

/// Words that a sentence of the book may have.
const MOST_WORDS: usize = 40;

/// Pages with sentences that are longer, from before there was a limit. This list only becomes shorter.
const LONG_WINDED: [&str; 4] = ["model.md", "scenarios-library.md", "sensitivity.md", "validation.md"];

/// What ends with a full stop, a question or exclamation mark, or a colon.
fn sentences(paragraph: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), paragraph);
    while let Some(end) = [". ", "? ", "! ", ": "].iter().filter_map(|mark| rest.find(mark)).min() {
        found.push(&rest[..=end]);
        rest = &rest[end + 2..];
    }
    found.push(rest);
    found
}

/// The sentences of a page that have too many words: its paragraphs and items, without blocks, tables and headings.
fn too_wordy(text: &str) -> Vec<String> {
    let (mut paragraphs, mut is_block, mut is_new) = (Vec::<String>::new(), false, true);
    for line in text.lines() {
        let words = line.trim();
        if words.starts_with("```") {
            is_block = !is_block;
        }
        if is_block || words.is_empty() || words.starts_with(['|', '#', '`', '<', '!']) {
            is_new = true;
            continue;
        }
        let is_item =
            words.starts_with("- ") || words.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        match paragraphs.last_mut().filter(|_| !is_new && !is_item) {
            Some(paragraph) => *paragraph += &format!(" {words}"),
            None => paragraphs.push(words.to_owned()),
        }
        is_new = false;
    }
    paragraphs
        .iter()
        .flat_map(|paragraph| sentences(paragraph))
        .filter(|sentence| sentence.split_whitespace().count() > MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

/// The pages of the book, without the classroom's handouts.
fn pages() -> Vec<PathBuf> {
    let docs = common::root().join("docs");
    files("docs", "md").into_iter().filter(|path| path.parent() == Some(&docs)).collect()
}

#[test]
fn sentences_of_the_book_can_be_read_aloud() {
    let mut wrong = Vec::new();
    for path in pages().into_iter().chain([common::root().join("README.md")]) {
        let page = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = too_wordy(&fs::read_to_string(&path).unwrap());
        if !LONG_WINDED.contains(&page.as_str()) {
            wrong.extend(found.into_iter().map(|sentence| format!("{}: {sentence}", name(&path))));
        } else if found.is_empty() {
            wrong.push(format!("{}: has only short sentences now: take it off the list", name(&path)));
        }
    }
    assert!(wrong.is_empty(), "sentences of more than {MOST_WORDS} words, make two of each: {wrong:#?}");
}

#[test]
fn a_long_sentence_is_found() {
    let long = "word ".repeat(41);
    assert_eq!(too_wordy(&format!("Short. {long}end. Short.\n")).len(), 1);
    assert_eq!(too_wordy(&format!("{0}\n{0}\nend.\n", "word ".repeat(21))).len(), 1);
    assert_eq!(too_wordy(&format!("- {0}\n- {0}\n\n{0}\n\n{0}\n", "word ".repeat(21))), [""; 0]);
    assert_eq!(too_wordy(&format!("```text\n{long}\n```\n| {long} |\n")), [""; 0]);
}

/// Pages that quote no number of the model: what there is to type and to read, and how it is built.
const NO_NUMBERS: [&str; 18] = [
    "SUMMARY.md",
    "architecture.md",
    "cluster.md",
    "commands.md",
    "conventions.md",
    "events.md",
    "exit-codes.md",
    "files.md",
    "get-it.md",
    "glossary.md",
    "in-code.md",
    "introduction.md",
    "levers.md",
    "metrics.md",
    "scenarios.md",
    "threats.md",
    "versions.md",
    "your-scenario.md",
];

#[test]
fn every_page_with_numbers_says_how_sure_they_are() {
    let is_heading = |line: &str| line.starts_with('#') && line.ends_with(" How sure is this?");
    let says = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().any(is_heading);
    let without: Vec<String> = pages().into_iter().filter(|path| !says(path)).map(|path| name(&path)).collect();
    let expected = NO_NUMBERS.map(|name| format!("docs/{name}"));
    assert_eq!(without, expected, "let a page with numbers of the model end with \"## How sure is this?\"");
}
