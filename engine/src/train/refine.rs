//! What is fitted on top of the chosen members, all of it on their out-of-fold outputs: calibration, then a threshold on calibrated
//! probabilities, then the bounds of intervals and sets around calibrated answers. It follows from the members' weights alone, so that
//! a model whose members are fitted again, on more rows, keeps it.

use model::Refinements;

use super::assemble::{Assembly, Log};
use super::calibration::{self, CalibrationDecision};
use super::members::Chosen;
use super::threshold::{self, ThresholdDecision};
use super::trial::oof_target;
use super::{conformal, ensemble};
use crate::plan::Target;

/// What was fitted, and why.
pub(super) struct Refined {
    /// For the model; without a background, which belongs to fitted members (`attribution::background`).
    pub refinements: Refinements,
    /// Classification only.
    pub calibration: Option<CalibrationDecision>,
    /// Where the user has a goal.
    pub threshold: Option<ThresholdDecision>,
}

/// Fits everything for these members, and logs what was decided.
pub(super) fn fit(assembly: &Assembly<'_>, chosen: &Chosen, log: &mut Log<'_>) -> Refined {
    let mut refined = Refined {
        refinements: Refinements::default(),
        calibration: None,
        threshold: None,
    };
    let truth = oof_target(assembly.data);
    let (target, weights) = (&truth.target, truth.weights.as_deref());
    let Some(mut outputs) = outputs(assembly, chosen, target.len() * assembly.data.outputs()) else {
        return refined;
    };
    if let Target::Classes { codes, .. } = target {
        refined.calibrate(assembly, (codes, weights), &mut outputs);
    }
    if let (Some(goal), Target::Classes { codes, labels }) = (assembly.settings.threshold, target)
        && labels.len() == 2
    {
        let second: Vec<f64> = outputs.chunks_exact(2).map(|row| row[1]).collect();
        let decision = threshold::decide(goal, &second, codes, weights);
        refined.refinements.threshold = decision.threshold;
        refined.threshold = Some(decision);
    }
    refined.refinements.conformal = conformal::fit(&truth, &outputs);
    refined.tell(log);
    refined
}

/// The ensemble's out-of-fold outputs; `None` where a member's are not there.
fn outputs(assembly: &Assembly<'_>, chosen: &Chosen, expected: usize) -> Option<Vec<f64>> {
    let mut members: Vec<&[f32]> = Vec::with_capacity(chosen.members.len());
    let mut weights = Vec::with_capacity(chosen.members.len());
    for (place, (member, number)) in chosen.members.iter().zip(&chosen.numbers).enumerate() {
        let mut artifacts = assembly.artifacts.iter();
        let artifact = artifacts.find(|artifact| artifact.spec.number == *number)?;
        members.push(artifact.oof.as_slice());
        weights.push((place, member.weight));
    }
    let fits = members.iter().all(|outputs| outputs.len() == expected);
    (fits && expected > 0).then(|| ensemble::weighted(&members, &weights))
}

impl Refined {
    fn calibrate(
        &mut self,
        assembly: &Assembly<'_>,
        (codes, weights): (&[u32], Option<&[f64]>),
        outputs: &mut [f64],
    ) {
        let folds = &assembly.data.folds;
        let rows: Vec<u32> = folds.iter().flat_map(|fold| fold.valid.iter().copied()).collect();
        let (calibration, decision) = calibration::decide(&calibration::Given {
            codes,
            weights,
            outputs,
            rows: &rows,
            metric: assembly.metric,
            has_threshold: assembly.settings.threshold.is_some(),
        });
        if let Some(calibration) = &calibration {
            for row in outputs.chunks_exact_mut(assembly.data.outputs()) {
                calibration.apply(row);
            }
        }
        self.refinements.calibration = calibration;
        self.calibration = Some(decision);
    }

    fn tell(&self, log: &mut Log<'_>) {
        if let Some(decision) = &self.calibration {
            log.add(match decision.is_kept {
                true => format!("the probabilities are calibrated: {}", decision.reason),
                false => format!("the probabilities stay as they are: {}", decision.reason),
            });
        }
        if let Some(decision) = &self.threshold {
            log.add(decision.reason.clone());
        }
        if self.refinements.conformal.is_none() {
            log.add("there are too few out-of-fold rows for intervals".to_owned());
        }
    }
}
