//! Typographic quotes, as word processors and web pages make them of straight ones: to TOML they are letters.

use std::ops::Range;

/// Marks that stand around quoted words in print: double ones, single ones.
const MARKS: [&[char]; 2] = [&['“', '”', '„', '‟', '«', '»'], &['‘', '’', '‚', '‛']];

/// Straight marks that may end what a mark of print begins.
const STRAIGHT: [char; 2] = ['"', '\''];

/// Words in typographic quotes where straight ones are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typographic {
    /// Where they stand in the text, with their quotes.
    pub span: Range<usize>,
    /// What is wrong, in a sentence.
    pub title: String,
    /// What to write.
    pub help: String,
}

/// The words in typographic quotes at a byte of a text: a key or a value, not a part of a text in straight quotes.
pub fn typographic(text: &str, at: usize) -> Option<Typographic> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?;
    regions(line).into_iter().find(|region| region.contains(&(at - start))).map(|region| {
        let quoted = &line[region.clone()];
        let inside = unquoted(quoted);
        let mut marks: Vec<String> = quoted.chars().filter(|&c| kind(c).is_some()).map(String::from).collect();
        marks.dedup();
        let what =
            if marks.len() == 1 { "is a typographic quote, and quotes" } else { "are typographic quotes, and quote" };
        Typographic {
            span: start + region.start..start + region.end,
            title: format!("{} {what} nothing here", marks.join(" and ")),
            help: format!("write \"{inside}\" with straight quotes; word processors and web pages bend them"),
        }
    })
}

/// Does a value begin with a typographic quote, be it in a list or a table?
pub(super) fn is_typographic(value: &str) -> bool {
    !regions(value).is_empty()
}

/// Words without the typographic quotes around them.
pub(super) fn unquoted(words: &str) -> &str {
    let is_mark = |c: char| kind(c).is_some() || STRAIGHT.contains(&c);
    if words.starts_with(|c| kind(c).is_some()) { words.trim_matches(is_mark) } else { words }
}

/// Double or single.
fn kind(c: char) -> Option<usize> {
    MARKS.iter().position(|marks| marks.contains(&c))
}

/// Where words in typographic quotes begin and end in a line of TOML.
fn regions(line: &str) -> Vec<Range<usize>> {
    let (mut found, mut last, mut inside) = (Vec::new(), None, None);
    let mut letters = line.char_indices();
    while let Some((at, c)) = letters.next() {
        match (inside, kind(c)) {
            (Some(quote), _) => inside = (c != quote).then_some(quote),
            (None, _) if c == '#' => break,
            (None, _) if STRAIGHT.contains(&c) => inside = Some(c),
            (None, Some(kind)) if last.is_none_or(|last| "=[{,.".contains(last)) => {
                let is_end = |c: char| MARKS[kind].contains(&c) || c == STRAIGHT[kind];
                let end = letters.find(|&(_, c)| is_end(c)).map(|(at, c)| at + c.len_utf8());
                found.push(at..end.unwrap_or(line.trim_end().len()));
            }
            _ => {}
        }
        last = if c.is_whitespace() { last } else { Some(c) };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_a_key_or_a_value_is_meant_as_a_quote() {
        let found = |line: &'static str| regions(line).into_iter().map(|region| &line[region]).collect::<Vec<_>>();
        assert_eq!(found("title = “A nice title”"), ["“A nice title”"]);
        assert_eq!(found("“years” = 3"), ["“years”"]);
        assert_eq!(found("regions = [“IND”, \"USA\", ’VNM’]"), ["“IND”", "’VNM’"]);
        assert_eq!(found("title = “It’s mine\""), ["“It’s mine\""]);
        assert_eq!(found("law.“robot_tax”=„3 %"), ["“robot_tax”", "„3 %"]);
        for right in ["title = \"“A”\"", "a = 3 # “b”", "title = It’s mine", "a = 'it is “so”'"] {
            assert_eq!(found(right), [""; 0], "{right}");
        }
    }

    #[test]
    fn what_to_write_is_said_of_the_words_at_the_place() {
        let text = "[a]\nb = 1\nc = [“x”, “y z”]\n";
        let told = typographic(text, text.find("“y").unwrap()).unwrap();
        assert_eq!(&text[told.span], "“y z”");
        assert!(told.title.starts_with("“ and ” are typographic quotes") && told.help.contains("\"y z\""));
        assert_eq!(typographic(text, text.find("b =").unwrap()), None);
        assert_eq!(unquoted("“y z”"), "y z");
        assert_eq!(unquoted("it’s"), "it’s");
    }
}
