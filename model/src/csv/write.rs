//! How a table is written as CSV (RFC 4180): rows end with a line feed, fields are quoted where they need it.

use std::fmt::Write;

use crate::value;

/// A cell as it is written. Text that a spreadsheet would take for a formula is marked as text, unless it is to stay as it is;
/// numbers are none, with whatever sign (OWASP, "CSV injection").
pub fn cell(text: &str, raw: bool) -> String {
    if !raw && is_formula(text) {
        return format!("\"'{}\"", text.replace('"', "\"\""));
    }
    field(text)
}

fn is_formula(text: &str) -> bool {
    let first = text.trim_start_matches(' ').chars().next();
    if first.is_some_and(|first| matches!(first, '\t' | '\r' | '\n')) {
        return true;
    }
    text.trim_start().starts_with(['=', '+', '-', '@']) && value::parse_number(text).is_none()
}

/// The shortest text that reads back as the same number.
pub fn number(text: &mut String, value: f64) {
    let written = if value != 0.0 && value.abs() < 1e-4 {
        write!(text, "{value:e}")
    } else {
        write!(text, "{value}")
    };
    debug_assert!(written.is_ok(), "writing to a string does not fail");
}

/// Quotes a field where commas, quotes, line ends or outer blanks need it.
pub fn field(text: &str) -> String {
    let special = |character: char| matches!(character, ',' | '"' | '\n' | '\r');
    if text.contains(special) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_marked_and_numbers_are_not() {
        for (text, expected) in [
            ("=1+1", "\"'=1+1\""),
            ("+49 30 1", "\"'+49 30 1\""),
            ("-x", "\"'-x\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("  =HYPERLINK(\"x\")", "\"'  =HYPERLINK(\"\"x\"\")\""),
            ("\t1", "\"'\t1\""),
            ("\r=1", "\"'\r=1\""),
            ("-1.5e3", "-1.5e3"),
            ("+5", "+5"),
            ("-.5", "-.5"),
            ("plain, text", "\"plain, text\""),
            ("", ""),
        ] {
            assert_eq!(cell(text, false), expected, "{text:?}");
        }
        assert_eq!(cell("=1+1", true), "=1+1");
    }
}
