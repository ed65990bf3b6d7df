//! The answer as a table: the columns of the file, then `prediction`, for classes `probability` and `p_<label>` each, and
//! `prediction_error`.

mod parquet;

use std::io::{self, Write};

use model::Model;
use model::csv::{cell, number};

use super::rows::Predicted;
use super::schema::Schema;
use crate::read::stream::Block;

pub(super) use parquet::Parquet;

/// Bytes that are written together.
const TOGETHER: usize = 1 << 20;

/// Names of the columns that are added, none of which the file has.
pub(super) fn added(schema: &Schema, model: &Model) -> Vec<String> {
    let mut wanted = vec!["prediction".to_owned()];
    if !model.classes.is_empty() {
        wanted.push("probability".to_owned());
        wanted.extend(model.classes.iter().map(|label| format!("p_{label}")));
    }
    wanted.push("prediction_error".to_owned());
    let mut taken: Vec<String> = schema
        .repeated
        .iter()
        .map(|column| schema.names[*column].clone())
        .collect();
    let mut names = Vec::with_capacity(wanted.len());
    for name in wanted {
        let mut free = name.clone();
        let mut number = 2;
        while taken.contains(&free) {
            free = format!("{name}_{number}");
            number += 1;
        }
        taken.push(free.clone());
        names.push(free);
    }
    names
}

/// Why a row has no prediction: all its bad cells in one line.
pub(super) fn reasons(schema: &Schema, predicted: &Predicted) -> Vec<(usize, String)> {
    let mut reasons: Vec<(usize, String)> = Vec::new();
    for error in &predicted.errors {
        let reason = format!("{}: {}", schema.names[error.column], error.message);
        match reasons.last_mut() {
            Some((row, words)) if *row == error.row => {
                words.push_str("; ");
                words.push_str(&reason);
            }
            _ => reasons.push((error.row, reason)),
        }
    }
    reasons
}

/// The answer as CSV (RFC 4180).
pub(super) struct Csv<'a> {
    sink: &'a mut dyn Write,
    /// Labels as they are written.
    labels: Vec<String>,
    model: &'a Model,
    raw: bool,
    text: String,
}

impl<'a> Csv<'a> {
    /// Writes the names.
    pub fn begin(sink: &'a mut dyn Write, schema: &Schema, model: &'a Model, raw: bool) -> io::Result<Self> {
        let mut csv = Self {
            sink,
            labels: model.classes.iter().map(|label| cell(label, raw)).collect(),
            model,
            raw,
            text: String::new(),
        };
        let repeated = schema.repeated.iter().map(|column| &schema.names[*column]);
        let added = added(schema, model);
        for (place, name) in repeated.chain(&added).enumerate() {
            if place > 0 {
                csv.text.push(',');
            }
            csv.text.push_str(&cell(name, raw));
        }
        csv.text.push('\n');
        Ok(csv)
    }

    /// Writes a block, a line a row.
    pub fn write(&mut self, schema: &Schema, block: &Block, predicted: &Predicted) -> io::Result<()> {
        let reasons = reasons(schema, predicted);
        let mut reasons = reasons.into_iter().peekable();
        for row in 0..block.rows() {
            for &column in &schema.repeated {
                self.text.push_str(&cell(block.cell(row, column), self.raw));
                self.text.push(',');
            }
            match predicted.outputs(row) {
                Some(outputs) => self.answer(outputs),
                None => {
                    let empty = 1 + self.labels.len() + usize::from(!self.labels.is_empty());
                    self.text.extend(std::iter::repeat_n(',', empty));
                }
            }
            if let Some((_, reason)) = reasons.next_if(|(place, _)| *place == row) {
                self.text.push_str(&cell(&reason, self.raw));
            }
            self.text.push('\n');
            if self.text.len() >= TOGETHER {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Writes what is left.
    pub fn end(mut self) -> io::Result<()> {
        self.flush()?;
        self.sink.flush()
    }

    /// One answer, with a comma at its end.
    fn answer(&mut self, outputs: &[f64]) {
        debug_assert_eq!(outputs.len(), self.model.outputs(), "one value an output");
        if self.labels.is_empty() {
            number(&mut self.text, outputs[0]);
        } else {
            let best = self.model.class(outputs);
            self.text.push_str(&self.labels[best]);
            self.text.push(',');
            number(&mut self.text, outputs[best]);
            for output in outputs {
                self.text.push(',');
                number(&mut self.text, *output);
            }
        }
        self.text.push(',');
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }
}
