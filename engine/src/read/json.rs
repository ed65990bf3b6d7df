//! JSON lines: one flat object a line. A nested value is kept as its JSON text.

use std::collections::HashMap;

use model::Frame;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

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
        cells.push(line, index + 1, &options.limits)?;
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

/// Takes the members of an object one by one: a line of a million keys is refused at the first one too many.
struct Members<'a, F> {
    take: F,
    refused: &'a mut Option<Error>,
}

impl<'de, F: FnMut(String, &str) -> Result<(), Error>> Visitor<'de> for Members<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            let value: &RawValue = members.next_value()?;
            if let Err(error) = (self.take)(key, value.get()) {
                *self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

/// Hands over the keys of the object on a line, each with its value as written.
///
/// # Errors
/// `Input` when the line is not one object, or what `take` refuses.
pub(super) fn members(
    text: &str,
    line: usize,
    take: impl FnMut(String, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut refused = None;
    let visitor = Members {
        take,
        refused: &mut refused,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = reader.deserialize_map(visitor).and_then(|()| reader.end());
    match refused {
        Some(error) => Err(error),
        None => read.map_err(|error| no_object(line, &error)),
    }
}

/// The cell that a value as written means; none for null.
///
/// # Errors
/// `Input` for one that is too long.
pub(super) fn cell(raw: &str, name: &str, line: usize, limits: &Limits) -> Result<Option<String>, Error> {
    // Before it is parsed: a nested value takes many times its text. A character of a string is written in six at most.
    let written = if raw.starts_with('"') {
        raw.len() / 6
    } else {
        raw.len()
    };
    let too_long = || {
        Error::Input(format!(
            "line {line}: the value of {} is longer than {} bytes; shorten it",
            show(name),
            limits.cell_bytes
        ))
    };
    if written > limits.cell_bytes {
        return Err(too_long());
    }
    let cell = match serde_json::from_str(raw).map_err(|error| no_object(line, &error))? {
        Value::Null => None,
        Value::String(text) => Some(text),
        value => Some(value.to_string()),
    };
    if cell.as_ref().is_some_and(|text| text.len() > limits.cell_bytes) {
        return Err(too_long());
    }
    Ok(cell)
}

/// More different keys than columns are allowed.
pub(super) fn too_many_keys(line: usize, limits: &Limits) -> Error {
    Error::Input(format!(
        "line {line}: more than {} different keys; every line should have the same keys",
        limits.columns
    ))
}

impl Cells {
    fn push(&mut self, text: &str, line: usize, limits: &Limits) -> Result<(), Error> {
        members(text, line, |key, raw| self.set(key, raw, line, limits))?;
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

    /// Sets one cell of the row that is being read; of a key that stands twice in it the last value counts.
    fn set(&mut self, key: String, raw: &str, line: usize, limits: &Limits) -> Result<(), Error> {
        let column = match self.positions.get(&key) {
            Some(&column) => column,
            None => self.add_column(key, line, limits)?,
        };
        let cell = cell(raw, &self.names[column], line, limits)?;
        let cells = &mut self.columns[column];
        cells.resize(self.rows, None);
        cells.push(cell);
        Ok(())
    }

    fn add_column(&mut self, key: String, line: usize, limits: &Limits) -> Result<usize, Error> {
        let column = self.names.len();
        if column >= limits.columns {
            return Err(too_many_keys(line, limits));
        }
        self.names.push(key.clone());
        self.positions.insert(key, column);
        self.columns.push(Vec::new());
        Ok(column)
    }
}

fn no_object(line: usize, error: &serde_json::Error) -> Error {
    Error::Input(format!(
        "line {line} is not one JSON object ({error}); write one object with the same keys a line"
    ))
}
