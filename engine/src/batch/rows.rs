//! A block of rows through the model; a cell may mean what it means everywhere (`model::value`).

use model::value::cell_number as number;
use model::{Column, Frame, InputKind, Loaded};

use super::schema::Schema;
use crate::error::Error;
use crate::read::stream::Block;
use crate::read::{Dictionary, show};

/// A cell that has no meaning to the model.
pub(super) struct Bad {
    /// Row of the block.
    pub row: usize,
    /// Column of the file.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// The answers to a block.
pub(super) struct Predicted {
    /// Every bad cell, row by row.
    pub errors: Vec<Bad>,
    /// For each row of the block its place among the good ones, or none.
    places: Vec<Option<u32>>,
    /// Row-major, good rows only.
    outputs: Vec<f64>,
    width: usize,
}

impl Predicted {
    /// Asks the model for every row whose cells it understands.
    pub fn new(
        model: &Loaded,
        schema: &Schema,
        block: &Block,
        pool: &rayon::ThreadPool,
    ) -> Result<Self, Error> {
        let inputs = &model.model().inputs;
        let errors = bad_cells(model, schema, block);
        let mut places = vec![Some(0); block.rows()];
        for error in &errors {
            places[error.row] = None;
        }
        for (good, place) in (0_u32..).zip(places.iter_mut().flatten()) {
            *place = good;
        }
        let rows: Vec<usize> = (0..block.rows()).filter(|row| places[*row].is_some()).collect();
        let mut frame = Frame {
            rows: rows.len(),
            ..Frame::default()
        };
        for (input, &column) in inputs.iter().zip(&schema.inputs) {
            frame.names.push(input.name.clone());
            let cells = rows.iter().map(|row| block.cell(*row, column));
            frame.columns.push(match input.kind {
                InputKind::Number => {
                    Column::Number(cells.map(|cell| number(cell).unwrap_or(f64::NAN)).collect())
                }
                InputKind::Text => {
                    let mut dictionary = Dictionary::default();
                    cells.for_each(|cell| dictionary.push(cell));
                    dictionary.into_column()
                }
            });
        }
        let outputs = model
            .predict_batch(&frame, Some(pool))
            .map_err(|error| Error::Internal(format!("rows that were checked are refused: {error}")))?;
        Ok(Self {
            errors,
            places,
            outputs,
            width: model.model().outputs(),
        })
    }

    /// What the model answers to a row; none when it could not be asked.
    pub fn outputs(&self, row: usize) -> Option<&[f64]> {
        let place = self.places[row]? as usize * self.width;
        Some(&self.outputs[place..place + self.width])
    }

    /// Rows without an answer.
    pub fn rows_in_error(&self) -> usize {
        self.places.iter().filter(|place| place.is_none()).count()
    }
}

fn bad_cells(model: &Loaded, schema: &Schema, block: &Block) -> Vec<Bad> {
    let mut numbers = Vec::new();
    for (input, column) in model.model().inputs.iter().zip(&schema.inputs) {
        if input.kind == InputKind::Number {
            numbers.push(*column);
        }
    }
    let mut bad = Vec::new();
    for row in 0..block.rows() {
        for &column in &numbers {
            let cell = block.cell(row, column);
            if number(cell).is_none() {
                let message = format!(
                    "\"{}\" is not a number, and this column holds numbers",
                    show(cell)
                );
                bad.push(Bad { row, column, message });
            }
        }
    }
    bad
}
