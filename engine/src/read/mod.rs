//! Bytes of a file to a table: CSV in all its dialects, JSON lines and Parquet, plain or compressed. The content decides
//! what a file is; its name only hints. Every bound of [`Limits`] is checked before memory is spent on it.

#[cfg(test)]
mod bomb_tests;
mod builder;
mod compression;
mod csv;
mod dialect;
mod encoding;
mod head;
mod json;
mod names;
mod parquet;
pub mod stream;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use model::{Frame, InputKind};
use serde::{Deserialize, Serialize};

pub(crate) use builder::Dictionary;
pub use compression::Compression;
pub use encoding::Encoding;
use head::{HEAD_BYTES, check_head};

use crate::error::Error;
use crate::hash;

/// A table that was read, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The columns.
    pub frame: Frame,
    /// What the file was found to be.
    pub format: FormatReport,
    /// What was changed while reading (renamed headers), one sentence each, for the user.
    pub notes: Vec<String>,
    /// SHA-256 of the bytes as given, hex.
    pub sha256: String,
}

/// What a file was found to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatReport {
    /// The kind of file.
    pub kind: FileKind,
    /// Field separator, for delimited text.
    pub delimiter: Option<char>,
    /// Text encoding, for text.
    pub encoding: Option<Encoding>,
    /// Whether the first record holds the column names, for delimited text.
    pub header: Option<bool>,
    /// How the file was compressed.
    pub compression: Compression,
    /// Size as given.
    pub bytes: u64,
    /// Options of [`ReadOptions`] that would change how this file is read.
    pub overridable: Vec<String>,
}

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Delimited text.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
}

/// What the user or a model fixes; what is left open is detected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadOptions {
    /// Field separator: an ASCII character.
    pub delimiter: Option<char>,
    /// Whether `"` encloses fields. False: a quote is a character like any other.
    pub quoting: bool,
    /// Whether the first record holds the column names.
    pub header: Option<bool>,
    /// Text encoding.
    pub encoding: Option<Encoding>,
    /// Columns whose kind is known: a model's inputs. A `Text` column keeps the text of each cell as it is; a cell of a
    /// `Number` column that is no number is an error. Names that the file does not have are no error.
    pub kinds: BTreeMap<String, InputKind>,
    /// Threads to type columns on.
    pub threads: usize,
    /// Bounds.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            quoting: true,
            header: None,
            encoding: None,
            kinds: BTreeMap::new(),
            threads: 1,
            limits: Limits::default(),
        }
    }
}

/// Bounds of what is read. Beyond any of them reading ends with an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Bytes after decompression.
    pub bytes: u64,
    /// Decompressed bytes per compressed byte, checked beyond 64 MiB.
    pub ratio: u64,
    /// Bytes of one cell.
    pub cell_bytes: usize,
    /// Columns.
    pub columns: usize,
    /// Rows times columns.
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 8 << 30,
            ratio: 1000,
            cell_bytes: 1 << 20,
            columns: 50_000,
            cells: 1_000_000_000,
        }
    }
}

impl Limits {
    /// The usual bounds, and no more than so much memory has room for: a table beyond them could only be killed half read.
    pub fn within(memory_bytes: u64) -> Self {
        let usual = Self::default();
        Self {
            bytes: usual.bytes.min(memory_bytes / 4 * 3),
            cells: usual.cells.min(memory_bytes / 8),
            ..usual
        }
    }
}

/// Reads a file that lies in memory. `file_name` breaks ties of the detection only.
///
/// # Errors
/// `Input` when the file is no table or is beyond a limit: the message says what is wrong, where, and what to do.
/// `Internal` when a library fails on input that we found sound.
pub fn read(bytes: &[u8], file_name: &str, options: &ReadOptions) -> Result<Table, Error> {
    if bytes.is_empty() {
        return Err(empty());
    }
    refuse_other_formats(bytes)?;
    let (content, compression) = compression::decompress(bytes, file_name, options)?;
    if content.is_empty() {
        return Err(Error::Input(
            "the compressed file holds nothing; upload a table with a header and rows".into(),
        ));
    }
    let mut parsed = parse(&content, file_name, options)?;
    parsed.format.compression = compression;
    parsed.format.bytes = bytes.len() as u64;
    if parsed.frame.rows == 0 {
        return Err(no_rows());
    }
    Ok(Table {
        frame: parsed.frame,
        format: parsed.format,
        notes: parsed.notes,
        sha256: hash::sha256(bytes),
    })
}

/// What a format's reader hands back.
struct Parsed {
    frame: Frame,
    format: FormatReport,
    notes: Vec<String>,
}

fn parse(content: &[u8], file_name: &str, options: &ReadOptions) -> Result<Parsed, Error> {
    if content.starts_with(b"PAR1") {
        return parquet::parse(content, options);
    }
    refuse_packed_twice(content)?;
    refuse_other_formats(content)?;
    let (text, encoding) = encoding::decode(content, options.encoding)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > options.limits.bytes {
        return Err(too_large(&options.limits));
    }
    match kind_of_text(&text, options)? {
        FileKind::JsonLines => json::parse(&text, encoding, options),
        _ => csv::parse(&text, encoding, file_name, options),
    }
}

/// What the text, or its beginning, is.
fn kind_of_text(text: &str, options: &ReadOptions) -> Result<FileKind, Error> {
    let start = text.trim_start();
    match start.as_bytes().first() {
        None => Err(Error::Input(
            "the file holds only blank lines; upload a table with a header and rows".into(),
        )),
        Some(b'{') if options.delimiter.is_none() => Ok(FileKind::JsonLines),
        Some(b'[') if start[1..].trim_start().starts_with('{') => Err(Error::Input(
            "the file is one JSON array; write one JSON object a line (JSON lines), or a CSV file".into(),
        )),
        Some(_) => Ok(FileKind::Csv),
    }
}

fn refuse_packed_twice(content: &[u8]) -> Result<(), Error> {
    if compression::is_compressed(content) {
        return Err(Error::Input(
            "the file is compressed twice; compress it once".into(),
        ));
    }
    Ok(())
}

/// The table that is none.
fn empty() -> Error {
    Error::Input("the file is empty; upload a table with a header and rows".into())
}

/// A header and nothing below it.
pub(crate) fn no_rows() -> Error {
    Error::Input("the table has column names but no rows; add at least one row".into())
}

fn too_large(limits: &Limits) -> Error {
    Error::Input(format!(
        "the file holds more than {} MiB of data, which is the limit; split it or leave out columns",
        limits.bytes >> 20
    ))
}

/// Files that people upload by mistake, known by their first bytes.
fn refuse_other_formats(bytes: &[u8]) -> Result<(), Error> {
    let known: &[(&[u8], &str)] = &[
        (
            b"PK\x03\x04",
            "a zip archive or an Excel workbook; save the sheet as CSV, or unpack the archive",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "an old Excel workbook; save the sheet as CSV",
        ),
        (b"%PDF", "a PDF document; export the table as CSV"),
        (b"BZh", "compressed with bzip2; use gzip or zstd"),
        (b"\xfd7zXZ", "compressed with xz; use gzip or zstd"),
        (b"ARROW1", "an Arrow file; save it as Parquet or CSV"),
        (b"SQLite format 3", "a SQLite database; export the table as CSV"),
        (b"\x89PNG", "an image; upload a table"),
        (b"\xff\xd8\xff", "an image; upload a table"),
    ];
    for (magic, what) in known {
        if bytes.starts_with(magic) {
            return Err(Error::Input(format!("the file is {what}")));
        }
    }
    Ok(())
}

/// A cell for an error message: at most 40 characters, control characters escaped.
pub(crate) fn show(cell: &str) -> String {
    let mut shown = String::new();
    for character in cell.chars().take(40) {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if cell.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}
