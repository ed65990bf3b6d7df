//! Which columns of a file are what to a model.

use model::{EncodeError, Model};

use super::Options;
use crate::error::Error;
use crate::read::show;

/// Ignored columns that are named; the others are counted.
const NAMED: usize = 20;

/// Columns of a file, by their use.
pub(super) struct Schema {
    /// All names.
    pub names: Vec<String>,
    /// Where each input of the model is.
    pub inputs: Vec<usize>,
    /// Where the target is, if it is there.
    pub target: Option<usize>,
    /// Columns that the answer repeats.
    pub repeated: Vec<usize>,
    ignored: Vec<String>,
}

impl Schema {
    /// Finds the columns by name.
    ///
    /// # Errors
    /// `Input` naming every input that the file lacks, or the id column.
    pub fn new(model: &Model, names: &[String], options: &Options) -> Result<Self, Error> {
        let position = |wanted: &str| names.iter().position(|name| name == wanted);
        let (mut inputs, mut lacking) = (Vec::new(), Vec::new());
        for input in &model.inputs {
            match position(&input.name) {
                Some(column) => inputs.push(column),
                None => lacking.push(input.name.clone()),
            }
        }
        if !lacking.is_empty() {
            return Err(Error::Input(EncodeError::MissingColumns(lacking).to_string()));
        }
        let target = position(&model.target);
        let id = match &options.id_column {
            None => None,
            Some(name) => Some(position(name).ok_or_else(|| {
                let there: Vec<String> = names.iter().take(NAMED).map(|name| show(name)).collect();
                Error::Input(format!(
                    "the table has no column `{}` to name its rows by; it has {}",
                    show(name),
                    there.join(", ")
                ))
            })?),
        };
        let is_used =
            |column: usize| inputs.contains(&column) || target == Some(column) || id == Some(column);
        let ignored = (0..names.len()).filter(|column| !is_used(*column));
        let ignored = ignored.map(|column| names[column].clone()).collect();
        Ok(Self {
            names: names.to_vec(),
            repeated: match id {
                Some(column) => vec![column],
                None => (0..names.len()).collect(),
            },
            inputs,
            target,
            ignored,
        })
    }

    /// Columns that the model does not know, as a sentence.
    pub fn warnings(&self) -> Option<String> {
        let named: Vec<String> = self.ignored.iter().take(NAMED).map(|name| show(name)).collect();
        let more = self.ignored.len() - named.len();
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        (!named.is_empty()).then(|| {
            format!(
                "The model has no input {}{rest}; they were ignored.",
                named.join(", ")
            )
        })
    }
}
