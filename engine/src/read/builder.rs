//! Cells to a typed column. A column is numeric when every cell that is not missing is a number; else it is text. The
//! decision does not depend on the order of the rows.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use model::frame::MISSING_CODE;
use model::{Column, InputKind, value};

use super::show;
use crate::error::Error;

/// Builds one column, slab of rows by slab of rows.
pub(super) struct ColumnBuilder {
    name: String,
    forced: Option<InputKind>,
    cells: Cells,
}

enum Cells {
    Numbers(Vec<f64>),
    Text(Dictionary),
    /// Was taken for numbers until a cell was none: the rows have to be read again as text.
    Restart,
}

impl ColumnBuilder {
    /// A column that is numeric until proven otherwise, unless its kind is known.
    pub fn new(name: String, forced: Option<InputKind>) -> Self {
        let cells = match forced {
            Some(InputKind::Text) => Cells::Text(Dictionary::default()),
            _ => Cells::Numbers(Vec::new()),
        };
        Self { name, forced, cells }
    }

    /// True when the rows have to be pushed again from the first on.
    pub fn wants_restart(&self) -> bool {
        matches!(self.cells, Cells::Restart)
    }

    /// Makes the column text and empty.
    pub fn restart(&mut self) {
        self.cells = Cells::Text(Dictionary::default());
    }

    /// Adds the cells that `cells` lists (each time from the start); `first_row` is the number of rows before them.
    ///
    /// # Errors
    /// `Input` for a cell that is no number in a column that has to be numeric.
    pub fn push<'a, I>(&mut self, first_row: usize, cells: impl Fn() -> I) -> Result<(), Error>
    where
        I: Iterator<Item = Option<&'a str>>,
    {
        if let Cells::Numbers(numbers) = &mut self.cells {
            match push_numbers(numbers, cells(), self.forced.is_some()) {
                Ok(()) => return Ok(()),
                Err((row, cell)) if self.forced.is_some() => {
                    return Err(Error::Input(format!(
                        "column {}, row {}: \"{}\" is not a number, and this column holds numbers",
                        show(&self.name),
                        first_row + row + 1,
                        show(cell)
                    )));
                }
                Err(_) if first_row == 0 => self.restart(),
                Err(_) => self.cells = Cells::Restart,
            }
        }
        if let Cells::Text(dictionary) = &mut self.cells {
            for cell in cells() {
                dictionary.push(cell.unwrap_or(""));
            }
        }
        Ok(())
    }

    /// The column.
    pub fn finish(self) -> Column {
        match self.cells {
            Cells::Numbers(values) => Column::Number(values),
            Cells::Text(dictionary) => dictionary.into_column(),
            Cells::Restart => Column::Text {
                codes: Vec::new(),
                dictionary: Vec::new(),
            },
        }
    }
}

/// Adds numbers; on the first cell that is none, its row and text. Large whole numbers count as text unless the column
/// is known to be numeric.
fn push_numbers<'a>(
    numbers: &mut Vec<f64>,
    cells: impl Iterator<Item = Option<&'a str>>,
    is_forced: bool,
) -> Result<(), (usize, &'a str)> {
    for (row, cell) in cells.enumerate() {
        let cell = cell.unwrap_or("");
        numbers.push(number_of(cell, is_forced).ok_or((row, cell))?);
    }
    Ok(())
}

/// The number of a cell of a numeric column; NaN where it is missing, `None` for a cell that is none.
pub(super) fn number_of(cell: &str, is_forced: bool) -> Option<f64> {
    match value::parse_number(cell) {
        Some(number) if is_forced || !value::is_large_integer(cell) => Some(number),
        _ => value::is_missing(value::trim_blanks(cell)).then_some(f64::NAN),
    }
}

/// Distinct strings in order of first appearance and one code a row.
#[derive(Default)]
pub(crate) struct Dictionary {
    codes: Vec<u32>,
    entries: Vec<String>,
    /// Hash of a string to the last entry with that hash; the keys are hashes already.
    last: HashMap<u64, u32, BuildHasherDefault<Unhashed>>,
    /// For each entry the one before it with the same hash, or `MISSING_CODE`.
    previous: Vec<u32>,
}

impl Dictionary {
    /// Adds a row.
    pub fn push(&mut self, text: &str) {
        let code = if value::is_missing(text) {
            MISSING_CODE
        } else {
            self.code(text)
        };
        self.codes.push(code);
    }

    /// The column of the rows added.
    pub fn into_column(self) -> Column {
        Column::Text {
            codes: self.codes,
            dictionary: self.entries,
        }
    }

    fn code(&mut self, text: &str) -> u32 {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        let newest = self.last.get(&hash).copied().unwrap_or(MISSING_CODE);
        let mut candidate = newest;
        while candidate != MISSING_CODE {
            if self.entries[candidate as usize] == text {
                return candidate;
            }
            candidate = self.previous[candidate as usize];
        }
        // Rows are bounded below u32::MAX by the reader, and there are no more entries than rows.
        let code = self.entries.len() as u32;
        self.entries.push(text.to_owned());
        self.previous.push(newest);
        self.last.insert(hash, code);
        code
    }
}

/// Passes a 64-bit key through.
#[derive(Default)]
pub(crate) struct Unhashed(u64);

impl Hasher for Unhashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {
        debug_assert!(false, "only u64 keys are hashed");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
