//! Prepared data as bytes, so that every worker of a job sees the same.

use std::io::Read;

use super::{Aim, Prepared, Rows, Target};
use crate::error::Error;

const MAGIC: &[u8; 8] = b"AMLPLAN\0";
/// Version 2 has weights at its end; 3 may have topics among its steps; 4 has directions and an aim behind the weights; the
/// aim of 5 may be any quantile.
const VERSION: u16 = 5;
/// What ends version 1, which had no weights, as version 2: an absent option.
const NO_WEIGHTS: u8 = 0;
/// What ends version 3 as version 4: no directions, and the mean for an aim.
const FREE: [u8; 2] = [0, 0];
/// What ends version 4 where the median was aimed at, and what 5 has behind it.
const MEDIAN: (u8, u8) = (1, 50);
const HEADER: usize = 10;

impl Prepared {
    /// Magic, version, then zstd of postcard.
    ///
    /// # Errors
    /// `Internal` when the data cannot be written (out of memory).
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let fault = |error: &dyn std::fmt::Display| {
            Error::Internal(format!("prepared data could not be written: {error}"))
        };
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        let mut writer = zstd::Encoder::new(bytes, 1).map_err(|error| fault(&error))?;
        postcard::to_io(self, &mut writer).map_err(|error| fault(&error))?;
        writer.finish().map_err(|error| fault(&error))
    }

    /// Reads what `to_bytes` wrote; unpacks at most `limit` bytes.
    ///
    /// # Errors
    /// `Input` when the bytes are not prepared data, of another version, damaged, or larger than `limit`.
    pub fn from_bytes(bytes: &[u8], limit: u64) -> Result<Self, Error> {
        let refuse = |what: &str| Error::Input(format!("this is not usable prepared data: {what}"));
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return Err(refuse("the file starts with something else"));
        }
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        if !(1..=VERSION).contains(&version) {
            return Err(refuse(&format!(
                "it has version {version}, this program reads 1 to {VERSION}"
            )));
        }
        let reader = zstd::Decoder::new(&bytes[HEADER..]).map_err(|_| refuse("it is damaged"))?;
        let mut unpacked = Vec::new();
        reader
            .take(limit.saturating_add(1))
            .read_to_end(&mut unpacked)
            .map_err(|_| refuse("it is damaged"))?;
        if unpacked.len() as u64 > limit {
            return Err(refuse(&format!("it unpacks to more than {limit} bytes")));
        }
        if version == 1 {
            unpacked.push(NO_WEIGHTS);
        }
        if version < 4 {
            unpacked.extend(FREE);
        }
        if version < 5 && unpacked.last() == Some(&MEDIAN.0) {
            unpacked.push(MEDIAN.1);
        }
        let prepared: Self = postcard::from_bytes(&unpacked).map_err(|_| refuse("it is damaged"))?;
        prepared.check().map_err(|what| refuse(&what))?;
        Ok(prepared)
    }

    /// Lengths and indices agree, so that no learner can be led out of bounds.
    fn check(&self) -> Result<(), String> {
        check_rows(&self.train, self.encoder.features.len())?;
        check_rows(&self.holdout, self.encoder.features.len())?;
        for fold in &self.folds {
            if fold.fit.is_empty() || fold.valid.is_empty() {
                return Err("a fold is empty".to_owned());
            }
            if fold
                .fit
                .iter()
                .chain(&fold.valid)
                .any(|&row| row as usize >= self.train.rows)
            {
                return Err("a fold names a row that does not exist".to_owned());
            }
        }
        if let Some(weights) = &self.weights {
            check_weights(&weights.train, &self.train)?;
            check_weights(&weights.holdout, &self.holdout)?;
        }
        let width = self.encoder.features.len();
        if self
            .monotone
            .iter()
            .any(|(feature, _)| *feature as usize >= width)
        {
            return Err("a direction is of a feature that does not exist".to_owned());
        }
        if matches!(self.aim, Aim::Quantile(percent) if !(1..100).contains(&percent)) {
            return Err("it aims at a quantile that is none".to_owned());
        }
        if self.folds.is_empty() {
            return Err("it has no folds".to_owned());
        }
        let mut features = self.encoder.features.iter().zip(&self.train.features);
        let codes_fit = features.all(|(feature, values)| match feature.kind {
            model::FeatureKind::Number => true,
            model::FeatureKind::Category { cardinality } => values
                .iter()
                .all(|&code| code >= 0.0 && code < f64::from(cardinality)),
        });
        if codes_fit {
            Ok(())
        } else {
            Err("a category code is out of range".to_owned())
        }
    }
}

fn check_weights(weights: &[f64], rows: &Rows) -> Result<(), String> {
    if weights.len() != rows.rows
        || weights
            .iter()
            .any(|weight| !(weight.is_finite() && *weight > 0.0))
    {
        return Err("its weights are not one positive number a row".to_owned());
    }
    Ok(())
}

fn check_rows(rows: &Rows, features: usize) -> Result<(), String> {
    let same_length = rows.features.iter().all(|values| values.len() == rows.rows);
    if rows.features.len() != features
        || !same_length
        || rows.target.len() != rows.rows
        || rows.source.len() != rows.rows
    {
        return Err("its columns have different lengths".to_owned());
    }
    if let Target::Classes { codes, labels } = &rows.target
        && codes.iter().any(|&code| code as usize >= labels.len())
    {
        return Err("a class is out of range".to_owned());
    }
    Ok(())
}
