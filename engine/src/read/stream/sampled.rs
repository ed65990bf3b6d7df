//! A table of any size in so much memory: read whole where it fits, else as many of its rows as fit, each as likely as any
//! other, with the figures of all of them.

use std::collections::BTreeMap;
use std::io::Read;

use model::{Column, Frame, InputKind, value};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use sha2::{Digest, Sha256};

use super::super::builder::{ColumnBuilder, number_of};
use super::super::head::{HEAD_BYTES, check_head};
use super::super::{Limits, ReadOptions, Table, no_rows, parse, read};
use super::survey::{self, Survey};
use super::{Block, Source, Stream};
use crate::error::Error;
use crate::hash::hex;

/// Share of the memory that the columns of a table may take, and share for its text.
const SHARE: u64 = 4;
/// Files below this share of the memory are read whole, however they are packed.
const SMALL: u64 = 64;
/// Bytes that a packed file may unpack to: every one of them costs time, though no memory.
const MOST_UNPACKED: u64 = 64 << 30;
/// Bytes of a file that are hashed at a time.
const STEP: usize = 1 << 20;
/// Seed of the draw: the sample of a file is always the same.
const SEED: u64 = 0x5A3E;

/// A table, or a sample of one.
#[derive(Debug)]
pub struct Sampled {
    /// The rows that were kept, in their order.
    pub table: Table,
    /// Figures of all rows, where not all were kept.
    pub totals: Option<Totals>,
}

/// Figures of all rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    /// Rows of the file.
    pub rows: u64,
    /// One a column.
    pub columns: Vec<ColumnTotals>,
}

/// Figures of all cells of a column; those of numbers are over finite ones.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnTotals {
    /// Cells without a value, where it is numeric.
    blank: u64,
    /// The same, where it is text: blanks are a value there.
    empty: u64,
    /// Whether every cell with a value is a number.
    pub is_number: bool,
    /// Finite numbers.
    pub count: u64,
    /// Cells equal to 0.
    pub zeros: u64,
    /// Infinite cells.
    pub infinite: u64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Sum of squared distances from the mean (Welford, Technometrics 1962).
    pub squares: f64,
}

/// Reads a table within so much memory.
///
/// # Errors
/// As [`super::super::read`]; `Internal` when the file cannot be read.
pub fn read_within(source: &Source<'_>, options: &ReadOptions, memory_bytes: u64) -> Result<Sampled, Error> {
    let endless = ReadOptions {
        limits: Limits {
            bytes: source.size.max(MOST_UNPACKED),
            cells: u64::MAX,
            ..options.limits.clone()
        },
        ..options.clone()
    };
    if source.size > memory_bytes / SMALL
        && let Some(survey) = survey::look(source, &endless)?
    {
        let head = beginning(&survey, source, options)?;
        let per_byte = head.cells as f64 / head.bytes.max(1) as f64;
        let frame_bytes = (survey.bytes as f64 * per_byte * 8.0) as u64;
        if survey.bytes.max(frame_bytes) > memory_bytes / SHARE {
            let rows = (memory_bytes / SHARE / 8) as usize / head.table.frame.columns.len().max(1);
            return sample(
                source,
                &endless,
                head.table,
                (memory_bytes / SHARE / 2) as usize,
                rows,
            );
        }
    }
    let mut bytes = Vec::new();
    let mut file = (source.open)().map_err(|error| unreadable(&error))?;
    let mut beginning = file.by_ref().take(HEAD_BYTES as u64);
    beginning
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    check_head(&bytes, source.size, source.file_name, options)?;
    file.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok(Sampled {
        table: read(&bytes, source.file_name, options)?,
        totals: None,
    })
}

/// The first rows as a table, which tells how the file is written.
struct Beginning {
    table: Table,
    bytes: usize,
    cells: usize,
}

fn beginning(survey: &Survey, source: &Source<'_>, options: &ReadOptions) -> Result<Beginning, Error> {
    let text = survey.head_text()?;
    // A record may go on beyond what was read; a line break between quotes is none.
    let mut end = text.len();
    let mut is_quoted = false;
    for (place, character) in text.char_indices() {
        match character {
            '"' if options.quoting => is_quoted = !is_quoted,
            '\n' if !is_quoted => end = place + 1,
            _ => {}
        }
    }
    let mut parsed = parse(&text.as_bytes()[..end], source.file_name, options)?;
    if parsed.frame.rows == 0 && end < text.len() {
        // A quote that is never closed has no end of a record after it: what is wrong with that cell is told.
        end = text.len();
        parsed = parse(text.as_bytes(), source.file_name, options)?;
    }
    if parsed.frame.rows == 0 {
        return Err(no_rows());
    }
    let cells = parsed.frame.rows * parsed.frame.columns.len();
    let mut format = parsed.format;
    format.bytes = source.size;
    format.encoding = Some(survey.encoding);
    format.compression = survey.compression;
    Ok(Beginning {
        bytes: end,
        cells,
        table: Table {
            frame: parsed.frame,
            format,
            notes: parsed.notes,
            sha256: String::new(),
        },
    })
}

/// Streams all rows: totals of all, text of some.
fn sample(
    source: &Source<'_>,
    options: &ReadOptions,
    head: Table,
    text_bytes: usize,
    most_rows: usize,
) -> Result<Sampled, Error> {
    let mut stream = Stream::open(source, options)?;
    let names = stream.names().to_vec();
    let mut totals = vec![ColumnTotals::default(); names.len()];
    let mut kept = Kept::new(names.len(), text_bytes, most_rows.max(1));
    let mut block = Block::default();
    let mut rows = 0;
    while stream.next(&mut block)? {
        for (column, totals) in totals.iter_mut().enumerate() {
            let is_forced = options.kinds.get(&names[column]) == Some(&InputKind::Number);
            (0..block.rows()).for_each(|row| totals.add(block.cell(row, column), is_forced));
        }
        for row in 0..block.rows() {
            kept.offer((0..names.len()).map(|column| block.cell(row, column)));
        }
        rows += block.rows() as u64;
    }
    let kept_rows = kept.keys.len();
    let mut columns = Vec::with_capacity(names.len());
    for (column, name) in names.iter().enumerate() {
        columns.push(kept.column(column, name, &options.kinds, &totals[column])?);
    }
    let mut notes = stream.notes().to_vec();
    notes.push(format!(
        "The file is larger than the memory allowed: {kept_rows} of its {rows} rows are used, drawn evenly; give more memory to use more."
    ));
    let frame = Frame {
        names,
        columns,
        rows: kept_rows,
    };
    let table = Table {
        frame,
        notes,
        sha256: hash(source)?,
        ..head
    };
    Ok(Sampled {
        table,
        totals: Some(Totals {
            rows,
            columns: totals,
        }),
    })
}

/// Rows whose random numbers are the smallest so far: an even sample, thinned by half whenever it is full.
struct Kept {
    width: usize,
    most_bytes: usize,
    most_rows: usize,
    largest: u64,
    random: Pcg64Mcg,
    /// The random number of each row.
    keys: Vec<u64>,
    text: String,
    /// Where each cell ends, row by row.
    ends: Vec<usize>,
}

impl Kept {
    fn new(width: usize, most_bytes: usize, most_rows: usize) -> Self {
        Self {
            width,
            most_bytes,
            most_rows,
            largest: u64::MAX,
            random: Pcg64Mcg::seed_from_u64(SEED),
            keys: Vec::new(),
            text: String::new(),
            ends: Vec::new(),
        }
    }

    fn offer<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        let key: u64 = self.random.random();
        if key > self.largest {
            return;
        }
        self.keys.push(key);
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        // What a cell takes beside its text: where it ends.
        while self.text.len() + self.ends.len() * 8 > self.most_bytes || self.keys.len() > self.most_rows {
            self.thin();
        }
    }

    fn thin(&mut self) {
        self.largest /= 2;
        let mut thinned = Self {
            largest: self.largest,
            random: self.random.clone(),
            ..Self::new(self.width, self.most_bytes, self.most_rows)
        };
        for (row, &key) in self.keys.iter().enumerate() {
            if key <= self.largest {
                thinned.keys.push(key);
                for column in 0..self.width {
                    thinned.text.push_str(self.cell(row, column));
                    thinned.ends.push(thinned.text.len());
                }
            }
        }
        *self = thinned;
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        let index = row * self.width + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    /// A column of the kind that all rows of the file say.
    fn column(
        &self,
        column: usize,
        name: &str,
        kinds: &BTreeMap<String, InputKind>,
        totals: &ColumnTotals,
    ) -> Result<Column, Error> {
        let kind = kinds.get(name).copied();
        let kind = kind.or((!totals.is_number).then_some(InputKind::Text));
        let mut builder = ColumnBuilder::new(name.to_owned(), kind);
        builder.push(0, || (0..self.keys.len()).map(|row| Some(self.cell(row, column))))?;
        Ok(builder.finish())
    }
}

impl Default for ColumnTotals {
    fn default() -> Self {
        Self {
            blank: 0,
            empty: 0,
            is_number: true,
            count: 0,
            zeros: 0,
            infinite: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            mean: 0.0,
            squares: 0.0,
        }
    }
}

impl ColumnTotals {
    fn add(&mut self, cell: &str, is_forced: bool) {
        match number_of(cell, is_forced) {
            None => self.is_number = false,
            Some(number) if number.is_nan() => {
                self.blank += 1;
                self.empty += u64::from(value::is_missing(cell));
            }
            Some(number) if number.is_infinite() => self.infinite += 1,
            Some(number) => {
                self.count += 1;
                self.zeros += u64::from(number == 0.0);
                self.min = self.min.min(number);
                self.max = self.max.max(number);
                let distance = number - self.mean;
                self.mean += distance / self.count as f64;
                self.squares += distance * (number - self.mean);
            }
        }
    }

    /// Cells without a value.
    pub fn missing(&self) -> u64 {
        if self.is_number { self.blank } else { self.empty }
    }

    /// Sample standard deviation (n - 1).
    pub fn sd(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }
}

fn hash(source: &Source<'_>) -> Result<String, Error> {
    let mut file = (source.open)().map_err(|error| unreadable(&error))?;
    let mut hasher = Sha256::new();
    let mut step = vec![0; STEP];
    loop {
        let read = file.read(&mut step).map_err(|error| unreadable(&error))?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&step[..read]);
    }
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::Internal(format!("the file cannot be read: {error}"))
}

#[cfg(test)]
#[path = "sampled_tests.rs"]
mod tests;
