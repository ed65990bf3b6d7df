//! How the rows were parted, in a few words and one hash: enough to see whether a second look parts them the same way.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Prepared;
use crate::hash::hex;

/// How the rows of a job were parted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitRecord {
    /// Rows to train and validate on.
    pub training_rows: u64,
    /// Rows kept for the end.
    pub holdout_rows: u64,
    /// Folds of the training rows.
    pub folds: u64,
    /// SHA-256, hex, of the row numbers of the table: those trained on, those kept for the end, then fold by fold the places among
    /// the training rows that are fitted on and scored on. Each list is its length as 8 bytes and its numbers as 4, little endian.
    pub sha256: String,
}

impl Prepared {
    /// How its rows were parted.
    pub fn split_record(&self) -> SplitRecord {
        let mut hash = Sha256::new();
        let mut add = |rows: &[u32]| {
            hash.update((rows.len() as u64).to_le_bytes());
            for row in rows {
                hash.update(row.to_le_bytes());
            }
        };
        add(&self.train.source);
        add(&self.holdout.source);
        for fold in &self.folds {
            add(&fold.fit);
            add(&fold.valid);
        }
        SplitRecord {
            training_rows: self.train.rows as u64,
            holdout_rows: self.holdout.rows as u64,
            folds: self.folds.len() as u64,
            sha256: hex(&hash.finalize()),
        }
    }
}
