//! A page that is one file: no request leaves it, and no text of a scenario can become markup or script.
//!
//! Scripts run only by their hash, named in the content-security policy; data stand in a block that is not
//! executed; all else is markup by type, in which text is escaped. Charts are an addition: every one has its table below it.

pub(crate) mod explore;
pub(crate) mod gains;
pub(crate) mod money;
pub(crate) mod parts;

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use serde_json::Value;
use sha2::{Digest, Sha256};

const ECHARTS: &str = include_str!("vendor/echarts.min.js");
const OURS: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// Text, with its apostrophes escaped as well: it may stand in an attribute with quotes of either kind.
struct Text<'a>(&'a str);

impl Render for Text<'_> {
    fn render(&self) -> Markup {
        PreEscaped(self.0.render().into_string().replace('\'', "&#39;"))
    }
}

/// Characters from which on a cell is a sentence.
const LONG: usize = 48;

/// Columns from which on cells break where there is no room.
const MANY: usize = 4;

/// A part of a page, under a heading that the table of contents names.
#[derive(Debug)]
struct Section {
    id: String,
    heading: String,
    body: String,
}

impl Render for Section {
    fn render(&self) -> Markup {
        let Section { id, heading, body } = self;
        html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (Text(heading)) } "\n"
                (PreEscaped(body))
            }
        }
    }
}

/// A page in the making.
#[derive(Debug, Default)]
pub struct Page {
    /// What stands before the first section.
    front: String,
    sections: Vec<Section>,
    charts: serde_json::Map<String, Value>,
}

impl Page {
    /// Begins a section with a heading that the table of contents names.
    pub fn section(&mut self, heading: &str) {
        let id = format!("part-{}", self.sections.len() + 1);
        self.sections.push(Section { id, heading: heading.to_owned(), body: String::new() });
    }

    fn put(&mut self, markup: &Markup) {
        let body = self.sections.last_mut().map_or(&mut self.front, |section| &mut section.body);
        body.push_str(&markup.0);
        body.push('\n');
    }

    /// A heading below the section's.
    pub fn heading(&mut self, text: &str) {
        self.put(&html! { h3 { (Text(text)) } });
    }

    /// A paragraph.
    pub fn text(&mut self, text: &str) {
        self.put(&html! { p { (Text(text)) } });
    }

    /// Sentences that matter, as a list.
    pub fn answer(&mut self, sentences: &[String]) {
        self.put(&html! {
            ol class="answer" { "\n" @for sentence in sentences { li { (Text(sentence)) } "\n" } }
        });
    }

    /// Points side by side, as a list.
    pub fn points(&mut self, points: &[String]) {
        self.put(&html! { ul { "\n" @for point in points { li { (Text(point)) } "\n" } } });
    }

    /// Something to type.
    pub fn command(&mut self, text: &str) {
        self.put(&html! { pre tabindex="0" { code { (Text(text)) } } });
    }

    /// A table; cells of the first column are headings of their rows. A folded one opens on demand.
    pub fn table(&mut self, caption: &str, head: &[&str], rows: &[Vec<String>], is_folded: bool) {
        self.put(&table(caption, head, rows, is_folded, ""));
    }

    /// A table whose cells break between numbers where there is no room, as on a telephone.
    pub fn narrow_table(&mut self, caption: &str, head: &[&str], rows: &[Vec<String>], is_folded: bool) {
        self.put(&table(caption, head, rows, is_folded, "narrow"));
    }

    /// A chart with its title, what it shows in words, its height in pixels, and its data as a table.
    pub fn chart(&mut self, title: &str, says: &str, height: u32, chart: Value, head: &[&str], rows: &[Vec<String>]) {
        let id = format!("chart-{}", self.charts.len() + 1);
        let label = format!("Chart: {title}. {says} The numbers are in the table below.");
        self.put(&html! {
            figure {
                figcaption { strong { (Text(title)) } " " (Text(says)) }
                div class="chart" id=(id) role="img" aria-label=(Text(&label)) style={ "height:" (height) "px" } {} "\n"
                (table(&format!("Numbers: {title}"), head, rows, true, "")) "\n"
            }
        });
        self.charts.insert(id, chart);
    }

    /// Pictures of which a reader chooses one, with the numbers of all; `number` of them there are before.
    fn explorer(&mut self, markup: &Markup, numbers: Value) {
        let id = format!("explore-{}", self.explorers());
        self.put(markup);
        self.charts.insert(id, numbers);
    }

    /// How many explorers there are.
    fn explorers(&self) -> usize {
        self.charts.keys().filter(|id| id.starts_with("explore-")).count()
    }

    /// The whole page.
    pub fn finish(self, title: &str, question: &str, standing: &str) -> String {
        let hash = |script: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(script.as_bytes())));
        // "</script" and "<!--" must not appear inside a script element
        let data = Value::Object(self.charts).to_string().replace('<', "\\u003c");
        let policy = format!(
            "default-src 'none'; script-src {} {}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
            hash(ECHARTS),
            hash(OURS)
        );
        let head = html! {
            head {
                meta charset="utf-8"; "\n"
                meta http-equiv="Content-Security-Policy" content=(policy); "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                meta name="referrer" content="no-referrer"; "\n"
                title { (Text(title)) } "\n"
                style { (PreEscaped(STYLE)) }
            }
        };
        let whole = html! {
            (DOCTYPE) "\n"
            html lang="en" {
                (head) "\n"
                body {
                    a class="skip" href="#main" { "To the answer" } "\n"
                    header {
                        p class="kicker" { "handover " (env!("CARGO_PKG_VERSION")) }
                        h1 { (Text(title)) } "\n"
                        p class="question" { (Text(question)) }
                        p class="standing" { (Text(standing)) }
                    } "\n"
                    // the answer comes first: where else to look is folded
                    nav aria-label="Contents" {
                        details {
                            summary { "Contents" }
                            ol { @for part in &self.sections { li { a href={ "#" (part.id) } { (Text(&part.heading)) } } } }
                        }
                    } "\n"
                    main id="main" {
                        "\n" (PreEscaped(self.front))
                        @for (n, part) in self.sections.iter().enumerate() { @if n > 0 { "\n" } (part) }
                    } "\n"
                    script type="application/json" id="data" { (PreEscaped(data)) } "\n"
                    script { (PreEscaped(ECHARTS)) } "\n"
                    script { (PreEscaped(OURS)) } "\n"
                }
            } "\n"
        };
        whole.into_string()
    }
}

fn table(caption: &str, head: &[&str], rows: &[Vec<String>], is_folded: bool, class: &str) -> Markup {
    // sentences may wrap, numbers may not unless there are many
    let has_sentences = rows.iter().flatten().any(|cell| cell.chars().count() > LONG);
    let class = match class {
        "" if has_sentences && head.len() > MANY => "words narrow",
        "" if has_sentences => "words",
        "" if head.len() > MANY => "narrow",
        own => own,
    };
    let whole = html! {
        div class="scroll" tabindex="0" role="group" aria-label=(Text(caption)) {
            // on a telephone a row is a card, whose lines say what they are; the roles keep it a table for those who listen
            table class=[(!class.is_empty()).then_some(class)] role="table" {
                caption { (Text(caption)) }
                thead role="rowgroup" { tr role="row" {
                    @for cell in head {
                        @if cell.is_empty() { td role="cell" {} } @else { th scope="col" role="columnheader" { (Text(cell)) } }
                    }
                } }
                tbody role="rowgroup" {
                    "\n"
                    @for row in rows {
                        tr role="row" {
                            @for (n, cell) in row.iter().enumerate() {
                                @if n == 0 {
                                    th scope="row" role="rowheader" { (Text(cell)) }
                                } @else {
                                    td role="cell" data-label=[head.get(n).map(|name| Text(name))] { (Text(cell)) }
                                }
                            }
                        } "\n"
                    }
                }
            }
        }
    };
    if is_folded {
        html! { details { summary { (Text(caption)) } (whole) } }
    } else {
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_with_markup_is_text() {
        let payload = "</script><script>window.hit=1</script><img src=x onerror=\"window.hit=1\">'\"&";
        let mut page = Page::default();
        page.section(payload);
        page.text(payload);
        page.answer(&[payload.to_owned()]);
        page.command(payload);
        page.chart(payload, payload, 100, json!({"kind": payload}), &[payload], &[vec![payload.to_owned(); 2]]);
        let whole = page.finish(payload, payload, payload);
        // three scripts: data, library, ours; and no other element that the payload could have made
        assert_eq!(whole.matches("<script").count(), 3);
        assert_eq!(whole.matches("</script>").count(), 3);
        assert!(!whole.contains("<img") && !whole.contains("onerror=\""));
    }

    #[test]
    fn a_page_names_no_other_place() {
        let whole = Page::default().finish("t", "q", "s");
        // names of XML vocabularies are no addresses to fetch, and url(#...) means a part of the page itself
        let left = whole.replace("http://www.w3.org/", "").replace("url(#", "");
        for word in ["http://", "https://", "src=\"", "@import", "url(", "<link"] {
            assert!(!left.contains(word), "{word}");
        }
        assert!(whole.contains("default-src 'none'"));
    }
}
