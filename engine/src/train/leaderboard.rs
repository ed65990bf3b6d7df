//! The leaderboard: the ensemble and every trial, best first.

use serde::{Deserialize, Serialize};

use super::alternative::Alternative;
use super::assemble::Assembly;
use super::evaluation::Evaluation;
use super::members::Chosen;
use crate::learners::Params;
use crate::search::{BASELINE, Outcome, TrialRecord};

/// Scores that differ by less than this share are a tie.
const TIE: f64 = 1e-6;

/// One line of the leaderboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct LeaderboardRow {
    /// 1 for the best; equal scores share a rank; absent for trials that failed.
    pub rank: Option<u32>,
    /// Trial number; absent for ensembles.
    pub number: Option<usize>,
    /// Name of the trial, or `Ensemble`, or `Best of each family`.
    pub name: String,
    /// `Learner::name`, or `ensemble`.
    pub learner: String,
    /// The job's metric on out-of-fold predictions.
    pub score: Option<f64>,
    /// Standard deviation over the folds, with two folds or more.
    pub score_sd: Option<f64>,
    /// Log loss, RMSE, or the mean absolute error where that is the metric, on the same.
    pub loss: Option<f64>,
    /// The metric on the holdout, for the final model and the baseline; others are never scored on it.
    pub holdout_score: Option<f64>,
    /// Share in the final model.
    pub weight: f64,
    /// Wall seconds of the trial.
    pub fit_seconds: Option<f64>,
    /// Seconds to predict one row.
    pub predict_seconds_per_row: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
    /// Why a trial is no member, where a limit of the time to answer a row is the reason; what an ensemble that is not published is worth
    /// beside the one that is.
    #[serde(default)]
    pub left_out: Option<String>,
    /// Hyperparameters.
    pub params: Params,
}

/// Name of the line of the final model when it has several members.
const ENSEMBLE: &str = "Ensemble";

/// All lines, ranked.
pub(super) fn build(
    assembly: &Assembly<'_>,
    chosen: &Chosen,
    evaluation: &Evaluation,
) -> Vec<LeaderboardRow> {
    let mut rows = Vec::new();
    if chosen.members.len() > 1 {
        rows.push(ensemble(assembly, chosen, evaluation));
    }
    rows.extend(evaluation.alternative.as_ref().map(alternative));
    for record in assembly.history {
        if let Some(mut row) = trial(record) {
            if let Some(place) = chosen
                .numbers
                .iter()
                .position(|number| *number == record.spec.number)
            {
                row.weight = chosen.members[place].weight;
            }
            let mut left_out = evaluation.latency.iter().flat_map(|latency| &latency.left_out);
            let own = left_out.find(|left_out| left_out.number == record.spec.number);
            row.left_out = own.map(|left_out| left_out.reason.clone());
            if row.learner == BASELINE {
                row.holdout_score = evaluation.baseline;
            } else if chosen.members.len() == 1 && row.weight > 0.0 {
                row.holdout_score = evaluation.score;
            }
            rows.push(row);
        }
    }
    let loss = |row: &LeaderboardRow| {
        row.score
            .map_or(f64::INFINITY, |score| assembly.metric.as_loss(score))
    };
    rows.sort_by(|left, right| loss(left).total_cmp(&loss(right)));
    let mut last: Option<(f64, u32)> = None;
    for (place, row) in rows.iter_mut().enumerate() {
        let Some(score) = row.score else { continue };
        let rank = match last {
            Some((previous, rank)) if (previous - score).abs() <= TIE * previous.abs() => rank,
            _ => place as u32 + 1,
        };
        last = Some((score, rank));
        row.rank = Some(rank);
    }
    rows
}

fn ensemble(assembly: &Assembly<'_>, chosen: &Chosen, evaluation: &Evaluation) -> LeaderboardRow {
    let mut predict = 0.0;
    for artifact in assembly.artifacts {
        if chosen.numbers.contains(&artifact.spec.number) {
            predict += artifact.score.predict_seconds_per_row;
        }
    }
    LeaderboardRow {
        name: ENSEMBLE.into(),
        learner: "ensemble".into(),
        score: Some(chosen.validation_score),
        holdout_score: evaluation.score,
        weight: 1.0,
        predict_seconds_per_row: Some(predict),
        ..LeaderboardRow::default()
    }
}

/// An ensemble that is not published.
fn alternative(alternative: &Alternative) -> LeaderboardRow {
    LeaderboardRow {
        name: alternative.name.clone(),
        learner: "ensemble".into(),
        score: Some(alternative.score),
        left_out: Some(alternative.reason.clone()),
        ..LeaderboardRow::default()
    }
}

/// `None` for a trial that is still open.
fn trial(record: &TrialRecord) -> Option<LeaderboardRow> {
    let mut row = LeaderboardRow {
        number: Some(record.spec.number),
        name: record.spec.name.clone(),
        learner: record.spec.learner.clone(),
        params: record.spec.params.clone(),
        ..LeaderboardRow::default()
    };
    match &record.outcome {
        Outcome::Open => return None,
        Outcome::Failed { reason } => row.error = Some(reason.clone()),
        Outcome::Completed(score) => {
            row.score = Some(score.score);
            row.score_sd = deviation(&score.fold_scores);
            row.loss = Some(score.loss);
            row.fit_seconds = Some(score.seconds);
            row.predict_seconds_per_row = Some(score.predict_seconds_per_row);
        }
    }
    Some(row)
}

fn deviation(scores: &[f64]) -> Option<f64> {
    if scores.len() < 2 {
        return None;
    }
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
    Some((squares / (scores.len() - 1) as f64).sqrt())
}
