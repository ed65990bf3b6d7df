//! The meaning of one raw cell. Reading a file, training, serving and the ONNX graph share these functions.

/// Strings that mean "no value" in any column, compared exactly. The empty string is one of them.
pub const MISSING_TOKENS: &[&str] =
    &["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "<NA>", "?"];

/// True when the text means "no value".
pub fn is_missing(text: &str) -> bool {
    MISSING_TOKENS.contains(&text)
}

/// One raw cell of a row to predict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Missing,
    /// A number.
    Number(f64),
    /// A string.
    Text(&'a str),
}
