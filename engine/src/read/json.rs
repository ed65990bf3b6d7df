//! JSON lines: one flat object a line. A nested value is kept as its JSON text.

use std::collections::HashMap;

use model::Frame;
use serde_json::Value;

use super::builder::ColumnBuilder;
use super::encoding::Encoding;
use super::{Compression, FileKind, FormatReport, Limits, Parsed, ReadOptions, names, show};
use crate::error::Error;

/// Cells of the columns found so far.
#[derive(Default)]
struct Cells {
    names: Vec<String>,
    positions: HashMap<String, usize>,
    columns: Vec<Vec<Option<String>>>,
    rows: usize,
}

/// Reads JSON lines. Columns are in order of first appearance; a key that a line lacks is missing there.
pub(super) fn parse(text: &str, encoding: Encoding, options: &ReadOptions) -> Result<Parsed, Error> {
    let mut cells = Cells::default();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let object: serde_json::Map<String, Value> = serde_json::from_str(line).map_err(|error| {
            Error::Input(format!(
                "line {} is not one JSON object ({error}); write one object with the same keys a line",
                index + 1
            ))
        })?;
        cells.push(object, index + 1, &options.limits)?;
    }
    let (names, notes) = names::unique(cells.names);
    if names.is_empty() {
        return Err(Error::Input(
            "the JSON objects have no keys; give each a value a column".into(),
        ));
    }
    let mut columns = Vec::with_capacity(names.len());
    for (name, mut values) in names.iter().zip(cells.columns) {
        values.resize(cells.rows, None);
        let mut builder = ColumnBuilder::new(name.clone(), options.kinds.get(name).copied());
        builder.push(0, || values.iter().map(Option::as_deref))?;
        columns.push(builder.finish());
    }
    let format = FormatReport {
        kind: FileKind::JsonLines,
        delimiter: None,
        encoding: Some(encoding),
        header: None,
        compression: Compression::None,
        bytes: 0,
        overridable: vec!["encoding".to_owned()],
    };
    Ok(Parsed {
        frame: Frame {
            names,
            columns,
            rows: cells.rows,
        },
        format,
        notes,
    })
}

impl Cells {
    fn push(
        &mut self,
        object: serde_json::Map<String, Value>,
        line: usize,
        limits: &Limits,
    ) -> Result<(), Error> {
        for (key, value) in object {
            let column = match self.positions.get(&key) {
                Some(&column) => column,
                None => self.add_column(key, line, limits)?,
            };
            let cell = match value {
                Value::Null => None,
                Value::String(text) => Some(text),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    Some(value.to_string())
                }
            };
            if cell.as_ref().is_some_and(|text| text.len() > limits.cell_bytes) {
                return Err(Error::Input(format!(
                    "line {line}: the value of {} is longer than {} bytes; shorten it",
                    show(&self.names[column]),
                    limits.cell_bytes
                )));
            }
            self.columns[column].resize(self.rows, None);
            self.columns[column].push(cell);
        }
        self.rows += 1;
        if (self.rows as u64).saturating_mul(self.names.len() as u64) > limits.cells
            || self.rows >= u32::MAX as usize
        {
            return Err(Error::Input(format!(
                "the table has more than {} cells, which is the limit; leave out rows or keys",
                limits.cells
            )));
        }
        Ok(())
    }

    fn add_column(&mut self, key: String, line: usize, limits: &Limits) -> Result<usize, Error> {
        let column = self.names.len();
        if column >= limits.columns {
            return Err(Error::Input(format!(
                "line {line}: more than {} different keys; every line should have the same keys",
                limits.columns
            )));
        }
        self.names.push(key.clone());
        self.positions.insert(key, column);
        self.columns.push(Vec::new());
        Ok(column)
    }
}
