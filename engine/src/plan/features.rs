//! Encoded columns as they grow, within the memory allowed.

use model::{Column, Encoder, Feature, FeatureKind, Frame, Input, Transform};

use super::columns::Fitted;
use crate::error::Error;

/// What the program itself and small buffers take.
const BASE_BYTES: u64 = 64 << 20;

/// Encoded columns as they grow.
pub struct Features {
    /// The raw inputs used so far.
    pub inputs: Vec<Input>,
    /// Raw inputs to features.
    pub encoder: Encoder,
    /// Features of the training rows, column-major.
    pub train: Vec<Vec<f64>>,
    /// Features of the holdout, column-major.
    pub holdout: Vec<Vec<f64>>,
    fixed_bytes: u64,
    bytes_per_feature: u64,
    limit_bytes: u64,
}

impl Features {
    /// None yet, of a table of so many rows and bytes, within `limit_bytes`.
    pub fn new(rows: usize, frame_bytes: u64, outputs: usize, limit_bytes: u64) -> Self {
        // Some ten trials' f32 predictions live beside the data while the ensemble is made.
        let predictions = rows as u64 * outputs as u64 * 4 * 10;
        Self {
            inputs: Vec::new(),
            encoder: Encoder::default(),
            train: Vec::new(),
            holdout: Vec::new(),
            fixed_bytes: BASE_BYTES + frame_bytes + predictions,
            // f64, and two copies as bins of one byte.
            bytes_per_feature: rows as u64 * 10,
            limit_bytes,
        }
    }

    /// Encodes one column and keeps what varies in training.
    ///
    /// # Errors
    /// `Memory` when it would be too much, `Input` when the column cannot be encoded.
    pub fn add(
        &mut self,
        frame: &Frame,
        fitted: Fitted,
        train: &[u32],
        holdout: &[u32],
        notes: &mut Vec<String>,
    ) -> Result<(), Error> {
        let beside = fitted.beside.as_ref().map_or(0, |(_, names)| names.len());
        // A text column is encoded entry by entry of its dictionary first.
        let entries = match frame.column(&fitted.input.name) {
            Some(Column::Text { dictionary, .. }) => dictionary.len(),
            _ => 0,
        };
        let encoded = entries * fitted.features.len().max(beside);
        self.fits(fitted.features.len() + beside, encoded)?;
        let name = fitted.input.name.clone();
        let encoded = encode_one(
            frame,
            &fitted.input,
            &fitted.transform,
            fitted.encoder_features(0),
        )?;
        let mut varies: Vec<bool> = encoded
            .iter()
            .map(|values| has_two_values(values, train))
            .collect();
        let count_column_stays = matches!(fitted.transform, Transform::Words(_));
        let note = fitted.note.clone();
        let Some(fitted) = fitted.keep(&varies) else {
            notes.push(format!(
                "`{name}` is not used: it holds a single value in the training rows"
            ));
            return Ok(());
        };
        notes.extend(note);
        if count_column_stays && let Some(last) = varies.last_mut() {
            *last = true;
        }
        for (values, _) in encoded.into_iter().zip(&varies).filter(|(_, varies)| **varies) {
            self.push(&values, train, holdout);
        }
        let input = self.inputs.len();
        self.encoder.features.extend(fitted.encoder_features(input));
        self.encoder.steps.push((input, fitted.transform));
        if let Some((transform, names)) = fitted.beside {
            let described: Vec<Feature> = names
                .into_iter()
                .map(|name| Feature {
                    name,
                    input,
                    kind: FeatureKind::Number,
                })
                .collect();
            for values in encode_one(frame, &fitted.input, &transform, described.clone())? {
                self.push(&values, train, holdout);
            }
            self.encoder.features.extend(described);
            self.encoder.steps.push((input, transform));
        }
        self.inputs.push(fitted.input);
        Ok(())
    }

    /// Checks that so many more features have room, and meanwhile so many encoded values.
    ///
    /// # Errors
    /// `Memory` when they have not.
    pub fn fits(&self, more: usize, values: usize) -> Result<(), Error> {
        let features = (self.encoder.features.len() + more) as u64;
        let needed_bytes = self.fixed_bytes + features * self.bytes_per_feature + values as u64 * 8;
        if needed_bytes > self.limit_bytes {
            return Err(Error::Memory {
                needed_bytes,
                limit_bytes: self.limit_bytes,
            });
        }
        Ok(())
    }

    fn push(&mut self, values: &[f64], train: &[u32], holdout: &[u32]) {
        let gathered = |rows: &[u32]| rows.iter().map(|&row| values[row as usize]).collect();
        self.train.push(gathered(train));
        self.holdout.push(gathered(holdout));
    }
}

/// The features of one step, by the same code that serves.
pub fn encode_one(
    frame: &Frame,
    input: &Input,
    transform: &Transform,
    features: Vec<Feature>,
) -> Result<Vec<Vec<f64>>, Error> {
    let encoder = Encoder {
        steps: vec![(0, transform.clone())],
        features,
    };
    encoder
        .encode(std::slice::from_ref(input), frame)
        .map_err(|error| Error::Input(format!("column `{}`: {error}", input.name)))
}

/// True when the rows hold two different values; missing counts as one.
fn has_two_values(values: &[f64], rows: &[u32]) -> bool {
    let Some(&first) = rows.first() else { return false };
    let first = values[first as usize];
    rows.iter().any(|&row| {
        let value = values[row as usize];
        value != first && !(value.is_nan() && first.is_nan())
    })
}
