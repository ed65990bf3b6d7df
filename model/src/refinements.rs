//! What is fitted on top of a chosen ensemble. None of it is needed to predict: a model without refinements answers as its
//! members do.

use serde::{Deserialize, Serialize};

use crate::attribution::Background;
use crate::calibration::Calibration;
use crate::interval::Conformal;
use crate::serve::argmax;
use crate::{Invalid, Model, ProblemType};

/// Everything that is fitted on top of the ensemble, by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Refinements {
    /// Maps the ensemble's probabilities to calibrated ones.
    pub calibration: Option<Calibration>,
    /// Binary problems: the second class is predicted where its (calibrated) probability is greater. `None`: the more probable
    /// class is, and the first one of equals.
    pub threshold: Option<f64>,
    /// How far answers are from the truth, for intervals and sets.
    pub conformal: Option<Conformal>,
    /// What contributions are measured from.
    pub background: Option<Background>,
}

impl Model {
    /// Calibrates outputs, row-major.
    pub(crate) fn calibrate(&self, outputs: &mut [f64]) {
        if let Some(calibration) = &self.refinements.calibration {
            for row in outputs.chunks_exact_mut(self.outputs()) {
                calibration.apply(row);
            }
        }
    }

    /// Position of the predicted class: by the threshold where there is one, else the largest probability, the first one of
    /// equals. 0 for regression.
    pub fn class(&self, outputs: &[f64]) -> usize {
        match (self.refinements.threshold, outputs) {
            (Some(threshold), [_, second]) => usize::from(*second > threshold),
            _ => argmax(outputs),
        }
    }

    pub(crate) fn validate_refinements(&self) -> Result<(), Invalid> {
        let Refinements {
            calibration,
            threshold,
            conformal,
            background,
        } = &self.refinements;
        if let Some(calibration) = calibration {
            calibration.validate(self.problem)?;
        }
        if let Some(threshold) = threshold {
            let inside = (0.0..=1.0).contains(threshold);
            if self.problem != ProblemType::Binary || !inside {
                return Err(Invalid::new("its threshold is no probability of a second class"));
            }
        }
        if let Some(conformal) = conformal {
            conformal.validate()?;
        }
        if let Some(background) = background {
            background.validate(self)?;
        }
        Ok(())
    }
}
