//! A table read block by block: what [`super::read`] would read, in memory that does not grow with the file. Delimited text and
//! JSON lines are streamed; a Parquet file has its index at its end and is read whole.
//!
//! The file is read twice: once to know its encoding (and the keys of JSON lines) as a whole, once for its rows.

mod block;
mod content;
mod csv;
mod encodings;
mod json;
mod sampled;
mod survey;
#[cfg(test)]
mod tests;
mod text;
mod whole;

use std::io::{self, Read};

use super::{FileKind, Limits, ReadOptions, kind_of_text};
use crate::error::Error;

pub use block::Block;
pub use sampled::{ColumnTotals, Sampled, Totals, read_within};

use text::Text;

/// A file that can be read from its beginning as often as needed.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Opens it at its first byte.
    pub open: &'a dyn Fn() -> io::Result<Box<dyn Read>>,
    /// Its size in bytes.
    pub size: u64,
    /// Its name, a hint of its format.
    pub file_name: &'a str,
    /// Bounds of a file that has to be read whole.
    pub whole: &'a Limits,
}

/// A table that is being read.
pub struct Stream {
    names: Vec<String>,
    notes: Vec<String>,
    rows: Rows,
}

enum Rows {
    Csv(csv::Csv),
    Json(json::Json),
    Whole(whole::Whole),
}

impl Stream {
    /// Looks at the whole file and begins to read it. `options.kinds` are of no use here: every cell is text.
    ///
    /// # Errors
    /// `Input` as [`super::read`]; `Internal` when it cannot be read.
    pub fn open(source: &Source<'_>, options: &ReadOptions) -> Result<Self, Error> {
        if source.size == 0 {
            return Err(super::empty());
        }
        let survey = match survey::look(source, options)? {
            Some(survey) => survey,
            None => return Self::whole(source, options),
        };
        let head = survey.head_text()?;
        match kind_of_text(&head, options)? {
            FileKind::JsonLines => {
                let keys = json::keys(Text::open(source, options, &survey)?, &options.limits)?;
                let rows = json::Json::new(Text::open(source, options, &survey)?, &keys, &options.limits);
                Self::named(keys, |_| Rows::Json(rows))
            }
            _ => {
                let text = Text::open(source, options, &survey)?;
                let opened = csv::open(&head, text, source.file_name, options)?;
                Ok(Self {
                    names: opened.names,
                    notes: opened.notes,
                    rows: Rows::Csv(opened.rows),
                })
            }
        }
    }

    fn whole(source: &Source<'_>, options: &ReadOptions) -> Result<Self, Error> {
        let table = whole::read(source, options)?;
        Ok(Self {
            names: table.frame.names.clone(),
            notes: table.notes.clone(),
            rows: Rows::Whole(whole::Whole::new(table.frame)),
        })
    }

    fn named(raw: Vec<String>, rows: impl FnOnce(usize) -> Rows) -> Result<Self, Error> {
        let (names, notes) = super::names::unique(raw);
        if names.is_empty() {
            return Err(Error::Input(
                "the JSON objects have no keys; give each a value a column".into(),
            ));
        }
        let rows = rows(names.len());
        Ok(Self { names, notes, rows })
    }

    /// Unique column names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What was changed while reading the names, one sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Reads the next rows into a block, whatever it held; false at the end.
    ///
    /// # Errors
    /// `Input` for a fault of the file, with its line.
    pub fn next(&mut self, block: &mut Block) -> Result<bool, Error> {
        block.clear(self.names.len());
        match &mut self.rows {
            Rows::Csv(rows) => rows.next(block)?,
            Rows::Json(rows) => rows.next(block)?,
            Rows::Whole(rows) => rows.next(block),
        }
        Ok(block.rows() > 0)
    }

    /// Share of the file that was read, 0 to 1.
    pub fn share(&self) -> f64 {
        match &self.rows {
            Rows::Csv(rows) => rows.text.share(),
            Rows::Json(rows) => rows.text.share(),
            Rows::Whole(rows) => rows.share(),
        }
    }
}
