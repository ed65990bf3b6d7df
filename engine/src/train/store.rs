//! What a trial leaves behind as bytes, read again when the model is assembled. A forest has tens of millions of them, so that this
//! is here, where numeric code is optimised in every profile.

use model::Predictor;
use serde::{Deserialize, Serialize};

use super::TrialArtifact;
use crate::context::Turn;
use crate::error::Error;
use crate::search::{Score, TrialSpec};

/// The artifact as it is stored. [`Described`] travels as JSON inside: the type of a hyperparameter is told by its value,
/// which a format without types cannot do.
#[derive(Serialize, Deserialize)]
struct Stored {
    description: String,
    score: Score,
    predictors: Vec<Predictor>,
    oof: Vec<f32>,
}

/// What may grow: versions side by side read each other's trials.
#[derive(Serialize, Deserialize)]
struct Described {
    #[serde(flatten)]
    spec: TrialSpec,
    #[serde(default)]
    turns: Vec<Vec<Turn>>,
}

impl TrialArtifact {
    /// Its bytes.
    ///
    /// # Errors
    /// `Internal` when it cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let described = Described {
            spec: self.spec,
            turns: self.turns,
        };
        let stored = Stored {
            description: serde_json::to_string(&described).map_err(|error| fault(&error))?,
            score: self.score,
            predictors: self.predictors,
            oof: self.oof,
        };
        postcard::to_stdvec(&stored).map_err(|error| fault(&error))
    }

    /// Reads what [`TrialArtifact::into_bytes`] wrote.
    ///
    /// # Errors
    /// `Internal` when it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let stored: Stored = postcard::from_bytes(bytes).map_err(|error| fault(&error))?;
        let described: Described =
            serde_json::from_str(&stored.description).map_err(|error| fault(&error))?;
        Ok(Self {
            spec: described.spec,
            score: stored.score,
            predictors: stored.predictors,
            oof: stored.oof,
            turns: described.turns,
        })
    }
}

fn fault(error: &dyn std::fmt::Display) -> Error {
    Error::Internal(format!("a trial's file: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::{Estimator, Link};

    use super::*;
    use crate::learners::{ParamValue, Stop};

    #[test]
    fn an_artifact_comes_back_as_it_was() {
        let params = [
            ("rounds".to_owned(), ParamValue::Int(100)),
            ("rate".to_owned(), ParamValue::Float(0.1)),
            ("early".to_owned(), ParamValue::Flag(true)),
            ("loss".to_owned(), ParamValue::Text("log".to_owned())),
        ];
        let artifact = TrialArtifact {
            spec: TrialSpec {
                number: 1,
                name: "Gradient boosting 1".to_owned(),
                learner: "gradient_boosting".to_owned(),
                params: params.into(),
                seed: 7,
                limit: Duration::from_millis(1500),
                reason: "next of the portfolio".to_owned(),
            },
            score: Score {
                score: 0.9,
                loss: 0.3,
                fold_scores: vec![0.9],
                seconds: 1.0,
                rounds: 3,
                stop: Stop::Deadline,
                predict_seconds_per_row: 1e-6,
                curve: vec![(1, 0.5)],
            },
            predictors: vec![Predictor {
                dense: None,
                estimator: Estimator::Constant(vec![0.25, 0.75]),
                link: Link::Identity,
            }],
            oof: vec![0.25, 0.75],
            turns: vec![vec![Turn {
                part: 0,
                at: 7,
                left: 0,
            }]],
        };
        let bytes = artifact.clone().into_bytes().unwrap();
        assert_eq!(TrialArtifact::from_bytes(&bytes).unwrap(), artifact);
        assert!(TrialArtifact::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
