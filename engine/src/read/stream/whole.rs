//! A file that is read whole, handed over as if it were streamed.

use model::{Column, Frame, value};

use super::super::{ReadOptions, Table, read as read_table};
use super::Source;
use super::block::Block;
use super::content::Content;
use crate::error::Error;

/// Bytes read at a time.
const STEP: usize = 1 << 16;

/// Reads the table within the bounds of what fits into memory.
pub(super) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Table, Error> {
    let options = ReadOptions {
        limits: source.whole.clone(),
        ..options.clone()
    };
    let mut content = Content::open(source, &options.limits)?;
    let mut bytes = Vec::new();
    let mut step = vec![0; STEP];
    loop {
        let read = content.read(&mut step)?;
        if read == 0 {
            return read_table(&bytes, source.file_name, &options);
        }
        bytes.extend_from_slice(&step[..read]);
    }
}

/// A table that is being handed over.
pub(super) struct Whole {
    frame: Frame,
    row: usize,
}

impl Whole {
    /// At the first row.
    pub fn new(frame: Frame) -> Self {
        Self { frame, row: 0 }
    }

    /// Hands over rows until the block is full or nothing is left.
    pub fn next(&mut self, block: &mut Block) {
        while self.row < self.frame.rows && !block.is_full() {
            for column in &self.frame.columns {
                match column {
                    _ if column.is_missing(self.row) => block.push(""),
                    Column::Number(values) => match value::number_text(values[self.row]) {
                        Some(text) => block.push(text.as_str()),
                        None => block.push(""),
                    },
                    Column::Text { codes, dictionary } => block.push(&dictionary[codes[self.row] as usize]),
                }
            }
            self.row += 1;
        }
    }

    /// Share of its rows that was handed over.
    pub fn share(&self) -> f64 {
        self.row as f64 / self.frame.rows.max(1) as f64
    }
}
