//! Pages for people: self-contained HTML, without scripts, every value escaped.

pub(crate) mod chart;

use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// A whole page. `title` is text, the sections are HTML.
pub(crate) fn document(title: &str, sections: &[String]) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><style>{STYLE}</style></head><body><main>\n{}\n</main></body></html>\n",
        escape(title),
        sections.join("\n")
    )
}

/// What a page begins with: what sort of page it is, its title and one sentence (text all three), and figures by their names.
pub(crate) fn header(kind: &str, title: &str, lead: &str, figures: &[(&str, String)]) -> String {
    let mut cards = String::new();
    for (name, value) in figures {
        let _ = write!(
            cards,
            "<div class=\"figure\"><b>{}</b><span>{}</span></div>",
            escape(value),
            escape(name)
        );
    }
    format!(
        "<header><p class=\"kind\">AutoML Lite · {}</p><h1>{}</h1><p class=\"lead\">{}</p><div class=\"figures\">{cards}</div></header>",
        escape(kind),
        escape(title),
        escape(lead)
    )
}

/// Makes text safe inside HTML text and double-quoted attributes; control characters become visible.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(' '),
            other if other.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

/// A section; nothing without a body, which is HTML.
pub(crate) fn section(title: &str, body: &str) -> String {
    if body.is_empty() {
        String::new()
    } else {
        format!("<section><h2>{title}</h2>{body}</section>")
    }
}

/// A table of text.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut html = String::from("<div class=\"scroll\"><table><thead><tr>");
    for title in head {
        let _ = write!(html, "<th>{}</th>", escape(title));
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            let _ = write!(html, "<td>{}</td>", escape(cell));
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

/// A list of sentences; nothing without one.
pub(crate) fn list<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut items = String::new();
    for line in lines {
        let _ = write!(items, "<li>{}</li>", escape(line));
    }
    if items.is_empty() {
        items
    } else {
        format!("<ul>{items}</ul>")
    }
}

/// A number with about four significant digits.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if size >= 1000.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.2}")
    } else if size >= 0.001 || size == 0.0 {
        format!("{value:.4}")
    } else {
        format!("{value:.2e}")
    }
}

/// The text, cut at so many characters.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(limit - 1).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_values_stays_text() {
        let nasty = "<script>alert(\"1\")</script> & 'x'\u{0}";
        let safe = escape(nasty);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{0}']));
        assert!(table(&[nasty], &[vec![nasty.to_owned()]]).contains("&lt;script&gt;"));
    }
}
