//! The meaning of one raw cell. Reading a file, training, serving and the ONNX graph share these functions.

use std::fmt::Write;

/// Strings that mean "no value" in any column, compared exactly. The empty string is one of them.
pub const MISSING_TOKENS: &[&str] = &[
    "", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "<NA>", "?",
];

/// True when the text means "no value". Text is compared byte for byte: a text cell is never trimmed.
pub fn is_missing(text: &str) -> bool {
    text.len() <= 4 && MISSING_TOKENS.contains(&text)
}

/// The number that the text of a cell means, or `None` when it is no number. In a column of numbers a cell is missing
/// when `is_missing(trim_blanks(cell))`, else this must answer.
///
/// A number is an optional sign and decimal digits with at most one point and an optional exponent (`-1.5e3`, `.5`,
/// `5.`), or a word: `inf`, `infinity`, `nan` in any case. Spaces and tabs around it do not count. Codes with leading
/// zeros (`007`), thousands separators, units (`2 rooms`), hexadecimal and what overflows an f64 are no numbers.
pub fn parse_number(text: &str) -> Option<f64> {
    let text = trim_blanks(text);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    match *bytes {
        [] => None,
        [b'0', b'0'..=b'9', ..] => None,
        [b'0'..=b'9' | b'.', ..] => text.parse().ok().filter(|number: &f64| number.is_finite()),
        [first, ..] if first.is_ascii_alphabetic() => text.parse().ok(),
        _ => None,
    }
}

/// The number that a cell of a file means in a column of numbers, NaN where it has no value; `None` when it is no number.
pub fn cell_number(cell: &str) -> Option<f64> {
    if is_missing(trim_blanks(cell)) {
        return Some(f64::NAN);
    }
    parse_number(cell)
}

/// True for a plain whole number beyond ±2^53: an f64 would lose its last digits, so a column that holds one is text.
pub fn is_large_integer(text: &str) -> bool {
    const LARGEST_EXACT: u64 = 1 << 53;
    let text = trim_blanks(text);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.len() < 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    digits.parse().map_or(true, |number: u64| number > LARGEST_EXACT)
}

/// The text without spaces and tabs around it.
pub fn trim_blanks(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// One raw cell of a row to predict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Missing,
    /// A number; NaN means "no value".
    Number(f64),
    /// A string; the [`MISSING_TOKENS`] mean "no value".
    Text(&'a str),
}

impl Value<'_> {
    /// True when the cell holds no value.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Number(number) => number.is_nan(),
            Self::Text(text) => is_missing(text),
        }
    }
}

/// A number as the text that a text column would hold: no fraction for whole numbers (`3`, `-0.0` is `0`), else the
/// shortest digits that read back as the same number (`0.1`), never an exponent. `None` for NaN, which is missing.
pub fn number_text(number: f64) -> Option<NumberText> {
    if number.is_nan() {
        return None;
    }
    let mut text = NumberText {
        bytes: [0; NUMBER_TEXT_BYTES],
        len: 0,
    };
    // Adding zero turns -0.0 into 0.0. The buffer holds the longest f64 (343 bytes), so that writing cannot fail.
    write!(text, "{}", number + 0.0).ok()?;
    Some(text)
}

/// Longer than any f64 that is written without an exponent.
const NUMBER_TEXT_BYTES: usize = 352;

/// The text of a number, on the stack.
#[derive(Clone, Copy, Debug)]
pub struct NumberText {
    bytes: [u8; NUMBER_TEXT_BYTES],
    len: usize,
}

impl NumberText {
    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl Write for NumberText {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        let end = self.len + part.len();
        let free = self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?;
        free.copy_from_slice(part.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_what_only_looks_like_them() {
        let numbers = [
            ("0", 0.0),
            ("-0", 0.0),
            ("12", 12.0),
            ("+5", 5.0),
            (" 39\t", 39.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("0.50", 0.5),
            ("-1.5e3", -1500.0),
            ("1E-2", 0.01),
            ("inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("9007199254740993", 9_007_199_254_740_992.0),
        ];
        for (text, number) in numbers {
            assert_eq!(parse_number(text), Some(number), "{text}");
        }
        for text in [
            "", " ", "2 rooms", "007", "-00.5", "1,000", "1 000", "0x1F", "1e400", ".", "-", "e5", "1e",
            "--1", "$5", "true",
        ] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        assert!(parse_number("NaN").is_some_and(f64::is_nan));
    }

    #[test]
    fn large_integers_start_above_2_to_the_53() {
        assert!(!is_large_integer("9007199254740992"));
        assert!(is_large_integer("9007199254740993"));
        assert!(is_large_integer("-123456789012345678901234567890"));
        assert!(!is_large_integer("12345678901234567890.5"));
    }

    #[test]
    fn numbers_become_the_text_a_file_would_hold() {
        let text = |number| number_text(number).map(|text| text.as_str().to_owned());
        assert_eq!(text(3.0).as_deref(), Some("3"));
        assert_eq!(text(-0.0).as_deref(), Some("0"));
        assert_eq!(text(0.1).as_deref(), Some("0.1"));
        assert_eq!(text(-12.5).as_deref(), Some("-12.5"));
        assert_eq!(text(f64::NAN), None);
        for extreme in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, -f64::from_bits(1)] {
            assert_eq!(text(extreme).and_then(|text| text.parse().ok()), Some(extreme));
        }
    }
}
