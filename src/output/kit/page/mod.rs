//! A page that is one file: no request leaves it, and no text of a scenario can become markup or script.
//!
//! Scripts run only by their hash, named in the content-security policy; data stand in a block that is not
//! executed; all text goes through [`escape`]. Charts are an addition: every one has its table below it.

pub(crate) mod money;
pub(crate) mod parts;

use data_encoding::BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;

const ECHARTS: &str = include_str!("vendor/echarts.min.js");
const OURS: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// Text as HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Characters from which on a cell is a sentence.
const LONG: usize = 48;

/// A page in the making.
#[derive(Debug, Default)]
pub struct Page {
    body: String,
    links: Vec<(String, String)>,
    charts: serde_json::Map<String, Value>,
}

impl Page {
    /// Begins a section with a heading that the table of contents names.
    pub fn section(&mut self, heading: &str) {
        let id = format!("part-{}", self.links.len() + 1);
        let close = if self.links.is_empty() { "" } else { "</section>\n" };
        let _ =
            writeln!(self.body, "{close}<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{}</h2>", escape(heading));
        self.links.push((id, heading.to_owned()));
    }

    /// A heading below the section's.
    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h3>{}</h3>", escape(text));
    }

    /// A paragraph.
    pub fn text(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
    }

    /// Sentences that matter, as a list.
    pub fn answer(&mut self, sentences: &[String]) {
        self.body.push_str("<ol class=\"answer\">\n");
        for sentence in sentences {
            let _ = writeln!(self.body, "<li>{}</li>", escape(sentence));
        }
        self.body.push_str("</ol>\n");
    }

    /// Something to type.
    pub fn command(&mut self, text: &str) {
        let _ = writeln!(self.body, "<pre tabindex=\"0\"><code>{}</code></pre>", escape(text));
    }

    /// A table; cells of the first column are headings of their rows. A folded one opens on demand.
    pub fn table(&mut self, caption: &str, head: &[&str], rows: &[Vec<String>], is_folded: bool) {
        if is_folded {
            let _ = write!(self.body, "<details><summary>{}</summary>", escape(caption));
        }
        // sentences may wrap, numbers may not
        let has_sentences = rows.iter().flatten().any(|cell| cell.chars().count() > LONG);
        let class = if has_sentences { " class=\"words\"" } else { "" };
        let _ = write!(
            self.body,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table{class}>",
            escape(caption)
        );
        let _ = write!(self.body, "<caption>{}</caption><thead><tr>", escape(caption));
        for cell in head {
            let _ = write!(self.body, "<th scope=\"col\">{}</th>", escape(cell));
        }
        self.body.push_str("</tr></thead><tbody>\n");
        for row in rows {
            self.body.push_str("<tr>");
            for (n, cell) in row.iter().enumerate() {
                let (open, close) = if n == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
                let _ = write!(self.body, "{open}{}{close}", escape(cell));
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</tbody></table></div>");
        self.body.push_str(if is_folded { "</details>\n" } else { "\n" });
    }

    /// A chart with its title, what it shows in words, its height in pixels, and its data as a table.
    pub fn chart(&mut self, title: &str, says: &str, height: u32, chart: Value, head: &[&str], rows: &[Vec<String>]) {
        let id = format!("chart-{}", self.charts.len() + 1);
        let _ = writeln!(
            self.body,
            "<figure><figcaption><strong>{}</strong> {}</figcaption><div class=\"chart\" id=\"{id}\" role=\"img\" aria-label=\"{}\" style=\"height:{height}px\"></div>",
            escape(title),
            escape(says),
            escape(&format!("Chart: {title}. {says} The numbers are in the table below."))
        );
        self.table(&format!("Numbers: {title}"), head, rows, true);
        self.body.push_str("</figure>\n");
        self.charts.insert(id, chart);
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
        let mut links = String::new();
        for (id, heading) in &self.links {
            let _ = write!(links, "<li><a href=\"#{id}\">{}</a></li>", escape(heading));
        }
        let (title, question, standing) = (escape(title), escape(question), escape(standing));
        let close = if self.links.is_empty() { "" } else { "</section>" };
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\
             <a class=\"skip\" href=\"#main\">To the answer</a>\n<header><p class=\"kicker\">handover {version}</p><h1>{title}</h1>\n\
             <p class=\"question\">{question}</p><p class=\"standing\">{standing}</p></header>\n\
             <nav aria-label=\"Contents\"><ol>{links}</ol></nav>\n<main id=\"main\">\n{body}{close}</main>\n\
             <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{ECHARTS}</script>\n<script>{OURS}</script>\n</body></html>\n",
            version = env!("CARGO_PKG_VERSION"),
            body = self.body,
        )
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
