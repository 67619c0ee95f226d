//! Characters that control a terminal or turn the direction of a text instead of being shown.

/// Does a character control a terminal or the direction of what follows, instead of being shown?
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// A text in which what is hidden is written out: `\u{1b}`.
pub(super) fn visible(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) && c != '\n' { c.escape_default().collect() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// What a hidden character is called.
pub(super) fn called(c: char) -> String {
    match c {
        '\n' | '\r' => "a line break".into(),
        '\t' => "a tab".into(),
        c => format!("the character U+{:04X}, which is not shown", u32::from(c)),
    }
}
