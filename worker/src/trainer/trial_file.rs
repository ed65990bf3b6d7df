//! The file that a trial leaves behind, read again when the model is assembled.

use engine::search::Score;
use engine::train::TrialArtifact;
use model::Predictor;
use serde::{Deserialize, Serialize};

use super::Failure;

/// The artifact as it is stored. The specification travels as JSON inside: the type of a hyperparameter is told by its value,
/// which a format without types cannot do.
#[derive(Serialize, Deserialize)]
struct Stored {
    spec: String,
    score: Score,
    predictors: Vec<Predictor>,
    oof: Vec<f32>,
}

/// The bytes of an artifact.
pub(super) fn to_bytes(artifact: TrialArtifact) -> Result<Vec<u8>, Failure> {
    let TrialArtifact {
        spec,
        score,
        predictors,
        oof,
    } = artifact;
    let spec = serde_json::to_string(&spec).map_err(Failure::internal)?;
    let stored = Stored {
        spec,
        score,
        predictors,
        oof,
    };
    postcard::to_stdvec(&stored).map_err(Failure::internal)
}

/// The artifact of those bytes.
pub(super) fn from_bytes(bytes: &[u8]) -> Result<TrialArtifact, Failure> {
    let stored: Stored = postcard::from_bytes(bytes).map_err(Failure::internal)?;
    Ok(TrialArtifact {
        spec: serde_json::from_str(&stored.spec).map_err(Failure::internal)?,
        score: stored.score,
        predictors: stored.predictors,
        oof: stored.oof,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use engine::learners::{ParamValue, Stop};
    use engine::search::TrialSpec;
    use model::{Estimator, Link};

    use super::*;

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
        };
        let bytes = to_bytes(artifact.clone()).unwrap();
        assert_eq!(from_bytes(&bytes).unwrap(), artifact);
        assert!(from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
