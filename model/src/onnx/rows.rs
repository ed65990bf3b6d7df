//! Rows as columns of raw cells, the way both a graph and the native model take them.

use crate::frame::MISSING_CODE;
use crate::value::{self, Value};
use crate::{Column, EncodeError, Frame, InputKind, Model};

/// The cells of one input.
#[derive(Clone, Debug)]
pub(crate) enum Cells {
    /// NaN is missing.
    Numbers(Vec<f64>),
    /// The empty string is missing.
    Texts(Vec<String>),
}

/// One cell that a row can be given.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Number(f64),
    Text(String),
}

/// Rows to compare: one column an input of the model.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub columns: Vec<Cells>,
    pub count: usize,
}

impl Rows {
    /// No rows.
    pub fn new(model: &Model) -> Self {
        let empty = |kind| match kind {
            InputKind::Number => Cells::Numbers(Vec::new()),
            InputKind::Text => Cells::Texts(Vec::new()),
        };
        Self {
            columns: model.inputs.iter().map(|input| empty(input.kind)).collect(),
            count: 0,
        }
    }

    /// Rows of a table, at most `most`, evenly spread.
    pub fn of_frame(model: &Model, frame: &Frame, most: usize) -> Result<Self, EncodeError> {
        let count = frame.rows.min(most);
        let chosen: Vec<usize> = (0..count).map(|row| row * frame.rows / count).collect();
        let mut columns = Vec::with_capacity(model.inputs.len());
        let mut lacking = Vec::new();
        for input in &model.inputs {
            let Some(column) = frame.column(&input.name) else {
                lacking.push(input.name.clone());
                continue;
            };
            columns.push(match input.kind {
                InputKind::Number => {
                    let numbers = crate::transform::numbers(input, column)?;
                    Cells::Numbers(chosen.iter().map(|row| numbers[*row]).collect())
                }
                InputKind::Text => Cells::Texts(chosen.iter().map(|row| text(column, *row)).collect()),
            });
        }
        if lacking.is_empty() {
            Ok(Self { columns, count })
        } else {
            Err(EncodeError::MissingColumns(lacking))
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[Cell]) {
        for (column, cell) in self.columns.iter_mut().zip(row) {
            match (column, cell) {
                (Cells::Numbers(numbers), Cell::Number(number)) => numbers.push(*number),
                (Cells::Texts(texts), Cell::Text(text)) => texts.push(text.clone()),
                (Cells::Numbers(numbers), Cell::Text(_)) => numbers.push(f64::NAN),
                (Cells::Texts(texts), Cell::Number(_)) => texts.push(String::new()),
            }
        }
        self.count += 1;
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> Vec<Cell> {
        let cell = |column: &Cells| match column {
            Cells::Numbers(numbers) => Cell::Number(numbers[row]),
            Cells::Texts(texts) => Cell::Text(texts[row].clone()),
        };
        self.columns.iter().map(cell).collect()
    }

    /// The row as values for the native model.
    pub fn values(&self, row: usize) -> Vec<Value<'_>> {
        let mut values = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            values.push(match column {
                Cells::Numbers(numbers) => Value::Number(numbers[row]),
                Cells::Texts(texts) => Value::Text(&texts[row]),
            });
        }
        values
    }

    /// The columns of some rows.
    pub fn slice(&self, rows: std::ops::Range<usize>) -> Vec<Cells> {
        let part = |column: &Cells| match column {
            Cells::Numbers(numbers) => Cells::Numbers(numbers[rows.clone()].to_vec()),
            Cells::Texts(texts) => Cells::Texts(texts[rows.clone()].to_vec()),
        };
        self.columns.iter().map(part).collect()
    }
}

fn text(column: &Column, row: usize) -> String {
    match column {
        Column::Number(values) => {
            value::number_text(values[row]).map_or_else(String::new, |text| text.as_str().to_owned())
        }
        Column::Text { codes, .. } if codes[row] == MISSING_CODE => String::new(),
        Column::Text { codes, dictionary } => dictionary[codes[row] as usize].clone(),
    }
}
