//! The order of a job's candidates.

use std::cmp::Ordering;

use async_graphql::{Enum, SimpleObject};
use entities::{job, model, trial};

use super::trial::{Trial, TrialState, score_sd};

/// What a row of the leaderboard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum LeaderboardKind {
    /// The simplest thing that could be said of the target.
    Baseline,
    /// A trial of the search.
    Trial,
    /// The final model, also when it has one member only.
    Ensemble,
    /// A smaller ensemble that could have been the final model.
    Alternative,
}

/// One candidate.
#[derive(SimpleObject)]
pub struct LeaderboardRow {
    /// From 1.
    pub rank: i32,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: LeaderboardKind,
    /// Stable name of the learner; `ensemble` for the final model and its alternative.
    pub learner: String,
    /// Validation score.
    pub score: Option<f64>,
    /// Standard deviation over folds.
    pub score_sd: Option<f64>,
    /// Wall seconds of the trial.
    pub fit_seconds: Option<f64>,
    /// Share in the final ensemble.
    pub weight: Option<f64>,
    /// How far it is.
    pub state: TrialState,
    /// Why it failed.
    pub error: Option<String>,
    /// Why a trial is no member of the final model, where a limit of the time to answer a row is the reason; what an ensemble that is
    /// not published is worth beside the one that is. Null otherwise.
    pub left_out: Option<String>,
    /// The trial; null for ensembles.
    pub trial: Option<Trial>,
}

/// Learner of the candidate that everything else must beat.
const BASELINE: &str = "baseline";

/// All candidates: scored ones best first, then those without a score in the order of their numbers.
pub fn rows(
    job: &job::Model,
    trials: Vec<trial::Model>,
    model: Option<&model::Model>,
) -> Vec<LeaderboardRow> {
    let mut rows: Vec<LeaderboardRow> = trials.into_iter().map(of_trial).collect();
    if let Some(model) = model {
        for row in &mut rows {
            row.left_out = left_out(model, row.trial.as_ref().map(|trial| trial.0.number));
        }
        rows.push(of_ensemble(model));
        rows.extend(of_alternative(model));
    }
    // The sort is stable: equals keep the order of their numbers, the ensemble last.
    rows.sort_by(|left, right| by_score(job, left.score, right.score));
    for (position, row) in rows.iter_mut().enumerate() {
        row.rank = position as i32 + 1;
    }
    rows
}

/// Why the trial of that number is no member, as the engine's evaluation says it.
fn left_out(model: &model::Model, number: Option<i32>) -> Option<String> {
    let all = model.evaluation.pointer("/latency/left_out")?.as_array()?;
    let own = |entry: &&serde_json::Value| entry["number"].as_i64() == number.map(i64::from);
    Some(all.iter().find(own)?["reason"].as_str()?.to_owned())
}

/// The smaller ensemble that could have been published, as the engine's evaluation says it.
fn of_alternative(model: &model::Model) -> Option<LeaderboardRow> {
    let alternative = model.evaluation.get("alternative")?;
    Some(LeaderboardRow {
        name: alternative["name"].as_str()?.to_owned(),
        kind: LeaderboardKind::Alternative,
        score: alternative["score"].as_f64(),
        left_out: alternative["reason"].as_str().map(str::to_owned),
        ..of_ensemble(model)
    })
}

/// Best first, without a score last.
fn by_score(job: &job::Model, left: Option<f64>, right: Option<f64>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) if job.higher_is_better == Some(false) => left.total_cmp(&right),
        (Some(left), Some(right)) => right.total_cmp(&left),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn of_trial(trial: trial::Model) -> LeaderboardRow {
    LeaderboardRow {
        rank: 0,
        name: trial.name.clone(),
        kind: if trial.learner == BASELINE {
            LeaderboardKind::Baseline
        } else {
            LeaderboardKind::Trial
        },
        learner: trial.learner.clone(),
        score: trial.score,
        score_sd: score_sd(&trial),
        fit_seconds: trial.seconds,
        weight: trial.weight,
        state: trial.state.into(),
        error: trial.error.clone(),
        left_out: None,
        trial: Some(Trial(trial)),
    }
}

fn of_ensemble(model: &model::Model) -> LeaderboardRow {
    LeaderboardRow {
        rank: 0,
        name: "Ensemble".to_owned(),
        kind: LeaderboardKind::Ensemble,
        learner: "ensemble".to_owned(),
        // The score on the same out-of-fold rows as the trials'; absent where the engine did not report it.
        score: model
            .evaluation
            .get("validation_score")
            .and_then(serde_json::Value::as_f64),
        score_sd: None,
        fit_seconds: None,
        weight: None,
        state: TrialState::Completed,
        error: None,
        left_out: None,
        trial: None,
    }
}
