//! The README and the book: what they tell to type is typed, in an empty folder a page, and says what stands below it.
//!
//! A block marked `console` holds commands, each after `$ `, and below each what it prints on stdout; the line `...`
//! stands for any number of lines, once an output. A block marked `toml` whose first line is a comment with the name of
//! a file (`# mine.toml`) is written to that file first. `HANDOVER_REFRESH=1 cargo test --release --test it book::` writes
//! what commands print now into the pages. A block marked `sh` is not run; its commands must be ones that there are.

use crate::common;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_handover"))
}

/// The README and the pages of the book, from the project's root.
fn pages() -> Vec<String> {
    let summary = fs::read_to_string(common::root().join("docs/SUMMARY.md")).unwrap();
    let names =
        summary.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(name, _)| format!("docs/{name}"));
    let pages: Vec<String> = std::iter::once("README.md".to_owned()).chain(names).collect();
    assert!(pages.len() > 30, "{}", pages.len());
    pages
}

/// A block of a page: how it is marked, and where its lines are.
struct Block<'a> {
    mark: &'a str,
    lines: std::ops::Range<usize>,
}

fn blocks<'a>(lines: &[&'a str]) -> Vec<Block<'a>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    for (place, line) in lines.iter().enumerate() {
        let Some(mark) = line.strip_prefix("```") else { continue };
        match open.take() {
            None => open = Some((mark.trim(), place + 1)),
            Some((mark, first)) => found.push(Block { mark, lines: first..place }),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

/// What is printed, as a page shows it: with the same lines left out, if it leaves some out.
fn shown(said: &str, before: &[&str]) -> Vec<String> {
    let mut said: Vec<String> = said.trim_end().lines().map(|line| line.trim_end().to_owned()).collect();
    if said == [""] {
        said.clear();
    }
    let Some(head) = before.iter().position(|line| *line == "...") else { return said };
    let tail = before.len() - head - 1;
    if said.len() <= head + tail {
        return said;
    }
    let last = said.split_off(said.len() - tail);
    said.truncate(head);
    said.push("...".to_owned());
    said.extend(last);
    said
}

/// Runs a line of a shell in a folder where `handover` is found; what it printed. It must end well, unless it asks for
/// what is said on stderr too.
#[allow(clippy::disallowed_methods)] // the shell finds the program where it looks for all others
fn typed(folder: &Path, line: &str) -> Result<String, String> {
    let found = std::env::join_paths(
        std::iter::once(program().parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let done =
        Command::new("bash").args(["-c", line]).current_dir(folder).env("PATH", found.unwrap()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    match done.status.success() || line.contains("2>&1") {
        true => Ok(text(&done.stdout)),
        false => Err(format!("{line}\nended with {}\n{}{}", done.status, text(&done.stdout), text(&done.stderr))),
    }
}

/// Does what a page says; the page as it should be.
fn followed(text: &str) -> Result<String, String> {
    let home = tempfile::tempdir().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (mut page, mut done) = (Vec::new(), 0);
    for block in blocks(&lines) {
        let body = &lines[block.lines.clone()];
        page.extend(lines[done..block.lines.start].iter().map(|&line| line.to_owned()));
        done = block.lines.end;
        match block.mark {
            "toml" => {
                let name = body.first().and_then(|line| line.strip_prefix("# ")).filter(|name| name.ends_with(".toml"));
                if let Some(name) = name.filter(|name| !name.contains([' ', '/'])) {
                    fs::write(home.path().join(name), body.join("\n") + "\n").unwrap();
                }
                page.extend(body.iter().map(|&line| line.to_owned()));
            }
            "console" => {
                let starts: Vec<usize> = (0..body.len()).filter(|&place| body[place].starts_with("$ ")).collect();
                assert!(starts.first() == Some(&0), "a block of commands begins with one: {body:?}");
                for (place, &start) in starts.iter().enumerate() {
                    let end = starts.get(place + 1).copied().unwrap_or(body.len());
                    let said = typed(home.path(), &body[start][2..])?;
                    page.push(body[start].to_owned());
                    page.extend(shown(&said, &body[start + 1..end]));
                }
            }
            _ => page.extend(body.iter().map(|&line| line.to_owned())),
        }
    }
    page.extend(lines[done..].iter().map(|&line| line.to_owned()));
    Ok(page.join("\n") + "\n")
}

fn check(name: &str) -> Result<(), String> {
    let path = common::root().join(name);
    let text = fs::read_to_string(&path).unwrap();
    let now = followed(&text).map_err(|words| format!("{name}: {words}"))?;
    if now == text {
        return Ok(());
    }
    if common::is_refresh() {
        fs::write(&path, now).unwrap();
        return Ok(());
    }
    let differs = |(old, new): &(&str, &str)| old != new;
    let place = text.lines().zip(now.lines()).position(|pair| differs(&pair)).unwrap_or(0);
    let (old, new) = (text.lines().nth(place).unwrap_or(""), now.lines().nth(place).unwrap_or(""));
    Err(format!("{name}:{}: the page shows\n{old}\nand the command prints\n{new}", place + 1))
}

#[test]
fn every_command_of_a_page_prints_what_stands_below_it() {
    let pages = pages();
    let has_commands =
        |name: &&String| fs::read_to_string(common::root().join(name)).unwrap().contains("\n```console\n");
    let pages: Vec<&String> = pages.iter().filter(has_commands).collect();
    assert!(pages.len() >= 8, "{pages:?}");
    let next = std::sync::Mutex::new(pages.iter());
    let work = || {
        let mut wrong = Vec::new();
        loop {
            let page = next.lock().unwrap().next();
            let Some(page) = page else { return wrong };
            wrong.extend(check(page).err());
        }
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_page_that_says_something_else_is_found() {
    let page = "# A page\n\n```toml\n# mine.toml\n[scenario]\nname = \"mine\"\nextends = \"royalty-15.toml\"\n```\n\n```console\n$ echo a; echo b; echo c\na\n...\n$ handover check --no-forecast mine.toml | head -n 1\nmine.toml: wrong\n```\nEnd.\n";
    let right = page.replace("mine.toml: wrong", "mine.toml: A 15 % royalty on robot licences, from 2029");
    assert_eq!(followed(page).unwrap(), right);
    assert_eq!(followed(&right).unwrap(), right);
    assert!(followed("```console\n$ handover run nothing\n```\n").unwrap_err().contains("there is no such file"));
    assert!(followed("```console\n$ handover run nothing 2>&1\n```\n").unwrap().contains("there is no such file"));
    assert_eq!(shown("a\nb\nc\n", &["x", "...", "y"]), ["a", "...", "c"]);
    assert_eq!(shown("a\nb\n", &["x", "...", "y"]), ["a", "b"]);
    assert_eq!(shown("\n", &["x"]), [""; 0]);
}

/// Commands and options that are named but not run.
fn named(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for block in blocks(&lines).iter().filter(|block| block.mark == "sh" || block.mark == "text") {
        let joined = lines[block.lines.clone()].join("\n").replace("\\\n", " ");
        found.extend(joined.lines().filter(|line| line.starts_with("handover ")).map(str::to_owned));
    }
    found.extend(text.split('`').filter(|piece| piece.starts_with("handover ")).map(|piece| piece.replace('\n', " ")));
    found
}

#[test]
fn every_command_that_is_named_is_there_with_its_options() {
    let help = |command: &str| {
        let done = Command::new(program()).args([command, "--help"]).output().unwrap();
        done.status.success().then(|| String::from_utf8(done.stdout).unwrap())
    };
    let wrong_in = |text: &str| -> Vec<String> {
        let mut wrong = Vec::new();
        for line in named(text) {
            let line = line.split(" #").next().unwrap_or("").to_owned();
            let words: Vec<&str> = line.split_whitespace().collect();
            let command = words.get(1).copied().unwrap_or("").trim_end_matches([',', ';', ':']);
            if command.starts_with('-') || command.chars().any(|sign| !sign.is_ascii_lowercase()) {
                continue;
            }
            let Some(help) = help(command) else {
                wrong.push(format!("there is no {line:?}"));
                continue;
            };
            let options = words.iter().map(|word| word.trim_start_matches('[')).filter(|word| word.starts_with("--"));
            for option in options {
                let option = option.split(['=', ']', ',']).next().unwrap();
                if option.len() > 2 && !help.contains(option) {
                    wrong.push(format!("{line:?}: there is no {option}"));
                }
            }
        }
        wrong
    };
    assert_eq!(wrong_in("`handover fly` and `handover run x --wings 2`\n").len(), 2);
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(common::root().join(&page)).unwrap();
        seen += named(&text).len();
        let wrong = wrong_in(&text);
        assert!(wrong.is_empty(), "{page}: {wrong:#?}");
    }
    assert!(seen > 50, "only {seen} commands were seen");
}

/// Where the links of a text lead, and the anchors of its headings as mdBook and code hosts make them.
fn links_and_anchors(text: &str) -> (Vec<String>, BTreeSet<String>) {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let (mut links, mut anchors, mut heading) = (Vec::new(), BTreeSet::new(), None::<String>);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let words = heading.take().unwrap_or_default().to_lowercase();
                let kept = words.chars().filter(|sign| sign.is_alphanumeric() || " -_".contains(*sign));
                let anchor: String = kept.map(|sign| if sign == ' ' { '-' } else { sign }).collect();
                let again = (1..).map(|count| format!("{anchor}-{count}")).find(|other| !anchors.contains(other));
                let is_new = anchors.insert(anchor);
                anchors.extend(again.filter(|_| !is_new));
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            _ => {}
        }
    }
    (links, anchors)
}

/// What is wrong with the links of a file.
fn broken(name: &str, text: &str, book: &BTreeSet<String>) -> Vec<String> {
    let (links, own) = links_and_anchors(text);
    let folder = Path::new(name).parent().unwrap().to_owned();
    let mut wrong = Vec::new();
    for link in links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
        let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(path, anchor)| (path, Some(anchor)));
        let target = plain(&folder.join(path));
        if !path.is_empty() && !common::root().join(&target).exists() {
            wrong.push(format!("{name}: {link}: there is no such file"));
            continue;
        }
        let is_document = path.is_empty() || path.ends_with(".md");
        let is_left_out = book.contains(name) && !path.is_empty() && is_document && target.starts_with("docs");
        if is_left_out && !book.contains(&target.display().to_string()) {
            wrong.push(format!("{name}: {link}: that page is not in the book"));
        }
        if let Some(anchor) = anchor.filter(|_| is_document) {
            let anchors = match path.is_empty() {
                true => own.clone(),
                false => links_and_anchors(&fs::read_to_string(common::root().join(&target)).unwrap()).1,
            };
            if !anchors.contains(anchor) {
                wrong.push(format!("{name}: {link}: there is no such heading"));
            }
        }
    }
    wrong
}

fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn every_link_leads_somewhere() {
    let book: BTreeSet<String> = pages().into_iter().collect();
    let mut names: BTreeSet<String> = book.clone();
    names.extend(["CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned));
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for name in &names {
        let text = fs::read_to_string(common::root().join(name)).unwrap();
        seen += links_and_anchors(&text).0.len();
        wrong.extend(broken(name, &text, &book));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 150, "only {seen} links were seen");
    // every page of docs/ is in the book
    for entry in fs::read_dir(common::root().join("docs")).unwrap() {
        let name = format!("docs/{}", entry.unwrap().file_name().to_string_lossy());
        let is_page = name.ends_with(".md") && !name.ends_with("SUMMARY.md");
        assert!(!is_page || book.contains(&name), "docs/SUMMARY.md does not name {name}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let book = BTreeSet::from(["docs/here.md".to_owned(), "docs/model.md".to_owned()]);
    let text = "# Here & there\n\n[a](model.md) [b](#here--there) [c](nowhere.md) [d](model.md#nothing) [e](#no) [f](results.md)\n";
    let wrong = broken("docs/here.md", text, &book);
    let about = |link: &str| wrong.iter().any(|words| words.contains(link));
    assert!(wrong.len() == 4 && !about("#here--there"), "{wrong:#?}");
    for link in ["nowhere.md", "model.md#nothing", "#no:", "results.md"] {
        assert!(about(link), "{link}: {wrong:#?}");
    }
}

#[test]
fn the_readme_is_short() {
    let lines = fs::read_to_string(common::root().join("README.md")).unwrap().lines().count();
    assert!(lines <= 120, "{lines} lines: what a newcomer need not read belongs into the book");
}
