//! The answer as Parquet: inputs of the model as they travel, all else as text.

use std::io::Write;

use model::value::cell_number as number;
use model::{InputKind, Model};
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column, DataFrame, DataType, Field, ParquetWriter, PlSmallStr, PolarsError, Schema as Types,
};

use super::super::Fault;
use super::super::rows::Predicted;
use super::super::schema::Schema;
use super::{added, reasons};
use crate::error::Error;
use crate::read::stream::Block;

/// A file that is being written, a group of rows a block.
pub(in super::super) struct Parquet<'a> {
    writer: BatchedWriter<Box<dyn Write + Send>>,
    repeated: Vec<(PlSmallStr, usize, bool)>,
    added: Vec<PlSmallStr>,
    model: &'a Model,
}

impl<'a> Parquet<'a> {
    /// Writes the beginning.
    pub fn begin(sink: Box<dyn Write + Send>, schema: &Schema, model: &'a Model) -> Result<Self, Fault> {
        let mut repeated = Vec::new();
        let mut types = Vec::new();
        for &column in &schema.repeated {
            let place = schema.inputs.iter().position(|input| *input == column);
            let is_number = place.is_some_and(|place| model.inputs[place].kind == InputKind::Number);
            let name: PlSmallStr = schema.names[column].as_str().into();
            let kind = if is_number {
                DataType::Float64
            } else {
                DataType::String
            };
            types.push(Field::new(name.clone(), kind));
            repeated.push((name, column, is_number));
        }
        let names = added(schema, model);
        for (place, name) in names.iter().enumerate() {
            let is_text = place + 1 == names.len() || (place == 0 && !model.classes.is_empty());
            let kind = if is_text {
                DataType::String
            } else {
                DataType::Float64
            };
            types.push(Field::new(name.as_str().into(), kind));
        }
        let types: Types = types.into_iter().collect();
        Ok(Self {
            writer: ParquetWriter::new(sink)
                .set_parallel(false)
                .batched(&types)
                .map_err(refused)?,
            repeated,
            added: names.iter().map(|name| name.as_str().into()).collect(),
            model,
        })
    }

    /// Writes a block.
    pub fn write(&mut self, schema: &Schema, block: &Block, predicted: &Predicted) -> Result<(), Fault> {
        let rows = block.rows();
        let mut columns = Vec::with_capacity(self.repeated.len() + self.added.len());
        for (name, column, is_number) in &self.repeated {
            let cells = (0..rows).map(|row| block.cell(row, *column));
            columns.push(if *is_number {
                let numbers = cells.map(|cell| number(cell).filter(|number| !number.is_nan()));
                Column::new(name.clone(), numbers.collect::<Vec<Option<f64>>>())
            } else {
                let texts = cells.map(|cell| (!model::value::is_missing(cell)).then_some(cell));
                Column::new(name.clone(), texts.collect::<Vec<Option<&str>>>())
            });
        }
        columns.extend(self.answers(schema, rows, predicted));
        let frame = DataFrame::new(rows, columns).map_err(refused)?;
        self.writer.write_batch(&frame).map_err(refused)
    }

    fn answers(&self, schema: &Schema, rows: usize, predicted: &Predicted) -> Vec<Column> {
        let of = |place: usize| -> Vec<Option<f64>> {
            (0..rows)
                .map(|row| predicted.outputs(row).map(|outputs| outputs[place]))
                .collect()
        };
        let mut names = self.added.iter().cloned();
        let mut name = || names.next().unwrap_or_default();
        let mut columns = Vec::with_capacity(self.added.len());
        if self.model.classes.is_empty() {
            columns.push(Column::new(name(), of(0)));
        } else {
            let outputs = |row: usize| predicted.outputs(row);
            let best = |row: usize| outputs(row).map(|outputs| (self.model.class(outputs), outputs));
            let labels = (0..rows).map(|row| best(row).map(|(best, _)| self.model.classes[best].as_str()));
            columns.push(Column::new(name(), labels.collect::<Vec<Option<&str>>>()));
            let largest = (0..rows).map(|row| best(row).map(|(best, outputs)| outputs[best]));
            columns.push(Column::new(name(), largest.collect::<Vec<Option<f64>>>()));
            for class in 0..self.model.classes.len() {
                columns.push(Column::new(name(), of(class)));
            }
        }
        let mut errors: Vec<Option<String>> = vec![None; rows];
        for (row, reason) in reasons(schema, predicted) {
            errors[row] = Some(reason);
        }
        columns.push(Column::new(name(), errors));
        columns
    }

    /// Writes the index.
    pub fn end(self) -> Result<(), Fault> {
        self.writer.finish().map_err(refused)?;
        Ok(())
    }
}

/// What the library refuses is a full disk, or a fault of ours.
fn refused(error: PolarsError) -> Fault {
    match error {
        PolarsError::IO { error, .. } => Fault::Write(std::io::Error::new(error.kind(), error.to_string())),
        error => Fault::Engine(Error::Internal(format!("Parquet cannot be written: {error}"))),
    }
}
