//! Rows of delimited text.

use model::csv::{Record, Records, Syntax, each_field};

use super::super::csv::{Opening, check_record, opening};
use super::super::{Limits, ReadOptions};
use super::block::Block;
use super::text::Text;
use crate::error::Error;

/// Characters that are looked at together, in bytes.
const WINDOW: usize = 4 << 20;
/// No record is longer, in bytes.
const LONGEST: usize = 64 << 20;

/// Delimited text whose header was read.
pub(super) struct Opened {
    /// Names of the columns.
    pub names: Vec<String>,
    /// What was changed in them.
    pub notes: Vec<String>,
    /// What follows.
    pub rows: Csv,
}

/// Rows that are being read.
pub(super) struct Csv {
    /// The file.
    pub text: Text,
    window: String,
    /// Where the next record begins in the window.
    position: usize,
    /// Line of the next record.
    line: usize,
    syntax: Syntax,
    first: Record,
    limits: Limits,
    rows: u64,
    /// Blank lines that are the end of the file or a fault: the first one, and how many.
    blanks: Option<(usize, usize)>,
}

/// Finds out how the text is written, and reads its header. `head` is the beginning of `text`.
pub(super) fn open(head: &str, text: Text, file_name: &str, options: &ReadOptions) -> Result<Opened, Error> {
    let Opening {
        syntax,
        first,
        names,
        notes,
        rows: records,
        ..
    } = opening(head, file_name, options)?;
    let (start, line) = (records.position(), records.line());
    let mut rows = Csv {
        text,
        window: String::new(),
        position: 0,
        line,
        syntax,
        first,
        limits: options.limits.clone(),
        rows: 0,
        blanks: None,
    };
    rows.skip(start)?;
    Ok(Opened { names, notes, rows })
}

impl Csv {
    /// Reads rows until the block is full or nothing is left.
    pub fn next(&mut self, block: &mut Block) -> Result<(), Error> {
        while !block.is_full() {
            let before = self.position;
            self.take(block)?;
            if self.position > before {
                continue;
            }
            if self.text.is_over {
                return Ok(());
            }
            self.grow()?;
        }
        Ok(())
    }

    /// Takes whole records out of the window. A record that reaches its end may go on behind it.
    fn take(&mut self, block: &mut Block) -> Result<(), Error> {
        let window = std::mem::take(&mut self.window);
        let taken = self.take_of(&window, block);
        self.window = window;
        taken
    }

    fn take_of(&mut self, window: &str, block: &mut Block) -> Result<(), Error> {
        let rest = &window[self.position..];
        let start = self.position;
        let mut records = Records::new(rest, self.syntax).on_line(self.line);
        while !block.is_full() {
            let record = match records.next_record() {
                Ok(None) => break,
                Ok(Some(_)) | Err(_) if !self.text.is_over && records.position() >= rest.len() => break,
                Err(fault) => return Err(fault.into()),
                Ok(Some(record)) => record,
            };
            self.position = start + records.position();
            self.line = records.line();
            self.push(rest, &record, block)?;
        }
        Ok(())
    }

    fn push(&mut self, text: &str, record: &Record, block: &mut Block) -> Result<(), Error> {
        if record.is_blank() {
            // Blank lines at the end are no fault, and whether this is the end shows later.
            let (line, count) = self.blanks.unwrap_or((record.line, 0));
            self.blanks = Some((line, count + 1));
            return Ok(());
        }
        if let Some((line, count)) = self.blanks.take() {
            if self.first.fields > 1 && self.rows > 0 {
                return Err(Error::Input(format!(
                    "line {line} is blank amid the table; remove it"
                )));
            }
            if self.first.fields == 1 {
                // In a table of one column a blank line is a missing cell.
                for _ in 0..count {
                    block.push("");
                }
                self.rows += count as u64;
            }
        }
        check_record(record, &self.first, &self.limits)?;
        each_field(&text[record.start..record.end], self.syntax, |field| {
            block.push(&field);
        });
        self.rows += 1;
        Ok(())
    }

    /// Drops what was read and adds what follows.
    fn grow(&mut self) -> Result<(), Error> {
        self.window.drain(..self.position);
        self.position = 0;
        let wanted = self.window.len() + WINDOW;
        if wanted > LONGEST {
            return Err(Error::Input(format!(
                "line {} begins a record of more than {} MiB; leave out columns, or look for a quote that is never closed",
                self.line,
                LONGEST >> 20
            )));
        }
        while self.window.len() < wanted && !self.text.is_over {
            self.text.fill(&mut self.window)?;
        }
        Ok(())
    }

    /// Passes over so many bytes of text.
    fn skip(&mut self, bytes: usize) -> Result<(), Error> {
        while self.window.len() < bytes && !self.text.is_over {
            self.text.fill(&mut self.window)?;
        }
        self.position = bytes.min(self.window.len());
        Ok(())
    }
}
