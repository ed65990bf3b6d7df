//! Some rows of a table, every cell as text.

/// Rows of a block at most.
const ROWS: usize = 1 << 15;
/// Bytes of a block from which on it is full.
const BYTES: usize = 8 << 20;

/// Some rows of a table, every cell as text; what has no value is the empty text, or a token that means it.
#[derive(Debug, Default)]
pub struct Block {
    width: usize,
    cells: String,
    /// Where each cell ends, row by row.
    ends: Vec<usize>,
}

impl Block {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ends.len() / self.width.max(1)
    }

    /// A cell.
    ///
    /// # Panics
    /// When there is no such row or column.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        assert!(column < self.width, "the block has {} columns", self.width);
        let index = row * self.width + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.cells[start..self.ends[index]]
    }

    pub(super) fn clear(&mut self, width: usize) {
        self.width = width;
        self.cells.clear();
        self.ends.clear();
    }

    /// Adds the next cell of the row that is being filled.
    pub(super) fn push(&mut self, cell: &str) {
        self.cells.push_str(cell);
        self.ends.push(self.cells.len());
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows() >= ROWS || self.cells.len() >= BYTES
    }
}
