//! How a file was read, and what its owner says of that.

use async_graphql::{ComplexObject, Enum, InputObject, SimpleObject};
use entities::dataset;
use serde::{Deserialize, Serialize};

use super::payload::UserError;
use super::problem::stored_name;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// Delimited text.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
}

/// How text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    #[graphql(name = "UTF_8")]
    Utf8,
    /// UTF-16, little endian.
    #[graphql(name = "UTF_16LE")]
    Utf16le,
    /// UTF-16, big endian.
    #[graphql(name = "UTF_16BE")]
    Utf16be,
    /// Windows-1252, which has all printable characters of Latin-1.
    #[graphql(name = "WINDOWS_1252")]
    Windows1252,
}

/// How a file was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileCompression {
    /// Not at all.
    None,
    /// By gzip.
    Gzip,
    /// By zstd.
    Zstd,
}

/// How a file was read.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
#[graphql(complex)]
pub struct FileFormat {
    /// For example `csv`, `parquet`, `json_lines`.
    #[graphql(deprecation = "Use `type`, which is an enum; removed after 2027-05-31.")]
    pub kind: String,
    /// Between fields.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Character encoding.
    #[graphql(deprecation = "Use `textEncoding`, which is an enum; removed after 2027-05-31.")]
    #[serde(default)]
    pub encoding: Option<String>,
    #[graphql(skip)]
    #[serde(default)]
    header: Option<bool>,
    #[graphql(skip)]
    #[serde(default)]
    compression: Option<String>,
}

#[ComplexObject]
impl FileFormat {
    /// What the file is; null for a kind that this version does not know.
    #[graphql(name = "type")]
    async fn file_type(&self) -> Option<FileType> {
        super::problem::from_stored(&self.kind)
    }

    /// How its text is written; null for files that are no text.
    async fn text_encoding(&self) -> Option<TextEncoding> {
        self.encoding.as_deref().and_then(super::problem::from_stored)
    }

    /// Whether the file says the names of its columns.
    async fn header(&self) -> bool {
        // Only delimited text may lack them.
        self.header.unwrap_or(true)
    }

    /// For example `gzip`; null when it was not compressed.
    #[graphql(deprecation = "Use `compressedBy`, which is an enum; removed after 2027-05-31.")]
    async fn compression(&self) -> Option<&str> {
        self.compression.as_deref().filter(|name| *name != "none")
    }

    /// How it was packed; null for a way that this version does not know.
    async fn compressed_by(&self) -> Option<FileCompression> {
        super::problem::from_stored(self.compression.as_deref().unwrap_or("none"))
    }
}

/// What the owner knows of a file. What is absent is found by looking at it.
#[derive(Clone, Debug, InputObject)]
pub struct FileFormatInput {
    /// Between fields of delimited text: one ASCII character, not a quote and no line break; `\\t` is a tab. It makes the file delimited text.
    delimiter: Option<String>,
    /// How its text is written.
    encoding: Option<TextEncoding>,
    /// Whether the first record of delimited text holds the names of the columns.
    has_header: Option<bool>,
}

impl FileFormatInput {
    /// As it is stored.
    ///
    /// # Errors
    /// When the delimiter can be none.
    pub fn checked(&self) -> Result<dataset::Format, UserError> {
        let delimiter = match self.delimiter.as_deref() {
            None => None,
            Some("\\t") => Some('\t'),
            Some(text) => Some(one_character(text)?),
        };
        Ok(dataset::Format {
            delimiter,
            encoding: self.encoding.map(stored_name),
            header: self.has_header,
        })
    }
}

fn one_character(text: &str) -> Result<char, UserError> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if one.is_ascii() && !matches!(one, '"' | '\n' | '\r' | '\0') => Ok(one),
        _ => {
            let message = "The delimiter must be one ASCII character such as , ; | or a tab, and neither a quote nor a line break.";
            Err(UserError::of("format", "DELIMITER_INVALID", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_one_character_that_can_be_one() {
        let checked = |text: &str| {
            let input = FileFormatInput {
                delimiter: Some(text.to_owned()),
                encoding: Some(TextEncoding::Windows1252),
                has_header: Some(false),
            };
            input.checked()
        };
        for (text, expected) in [(";", ';'), ("\t", '\t'), ("\\t", '\t'), (" ", ' ')] {
            let format = checked(text).expect("it can be one");
            assert_eq!(format.delimiter, Some(expected));
            assert_eq!(format.encoding.as_deref(), Some("windows1252"));
            assert_eq!(format.header, Some(false));
        }
        for text in ["", ";;", "\"", "\n", "\r", "\0", "ß", "💥"] {
            let error = checked(text).expect_err("it cannot");
            assert_eq!(error.code, "DELIMITER_INVALID", "{text:?}");
        }
    }
}
