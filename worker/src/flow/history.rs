//! Trials: rows here, records there.

use engine::learners::Stop;
use engine::search::{Outcome, Score, TrialRecord, TrialSpec};
use entities::trial;
use platform::Error;
use platform::database::now;
use sea_orm::Set;
use uuid::Uuid;

use super::settings::named;

/// The trials of a job as the search sees them, in order of their numbers as the rows are.
///
/// # Errors
/// `Conflict` for a row that another version wrote and this one cannot read.
pub fn records(rows: &[trial::Model]) -> Result<Vec<TrialRecord>, Error> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let spec = serde_json::from_value(row.spec.clone()).map_err(|error| {
            Error::Conflict(format!("this version cannot read trial {}: {error}", row.number))
        })?;
        records.push(TrialRecord {
            spec,
            outcome: outcome(row)?,
        });
    }
    Ok(records)
}

fn outcome(row: &trial::Model) -> Result<Outcome, Error> {
    Ok(match row.state {
        trial::State::Queued | trial::State::Running => Outcome::Open,
        trial::State::Failed | trial::State::Cancelled => Outcome::Failed {
            reason: row.error.clone().unwrap_or_else(|| "cancelled".to_owned()),
        },
        trial::State::Completed => Outcome::Completed(score(row)?),
    })
}

fn score(row: &trial::Model) -> Result<Score, Error> {
    let absent = || Error::Conflict(format!("trial {} is completed without a score", row.number));
    let stop: Stop = named(row.stop.as_deref().ok_or_else(absent)?)?;
    Ok(Score {
        score: row.score.ok_or_else(absent)?,
        loss: row.loss.ok_or_else(absent)?,
        fold_scores: row.fold_scores.clone().unwrap_or_default().0,
        seconds: row.seconds.ok_or_else(absent)?,
        rounds: usize::try_from(row.rounds.ok_or_else(absent)?).unwrap_or(0),
        stop,
        predict_seconds_per_row: row.predict_seconds_per_row.ok_or_else(absent)?,
        curve: row.curve.clone().unwrap_or_default().0,
    })
}

/// Writes a score into the change of a row.
pub fn set_score(change: &mut trial::ActiveModel, score: &Score) -> Result<(), Error> {
    let stop = serde_json::to_value(score.stop).ok();
    let stop = stop.and_then(|stop| stop.as_str().map(str::to_owned));
    let stop = stop.ok_or_else(|| Error::Conflict("a stop reason without a name".to_owned()))?;
    change.score = Set(Some(score.score));
    change.loss = Set(Some(score.loss));
    change.fold_scores = Set(Some(trial::FoldScores(score.fold_scores.clone())));
    change.seconds = Set(Some(score.seconds));
    change.rounds = Set(Some(i32::try_from(score.rounds).unwrap_or(i32::MAX)));
    change.stop = Set(Some(stop));
    change.curve = Set(Some(trial::Curve(score.curve.clone())));
    change.predict_seconds_per_row = Set(Some(score.predict_seconds_per_row));
    Ok(())
}

/// The row of a trial that the search asks for.
pub fn queued(job_id: Uuid, spec: &TrialSpec) -> Result<trial::Model, Error> {
    let json = |error: serde_json::Error| Error::Conflict(error.to_string());
    Ok(trial::Model {
        id: Uuid::now_v7(),
        job_id,
        number: i32::try_from(spec.number).map_err(|_| Error::Conflict("too many trials".to_owned()))?,
        name: spec.name.clone(),
        learner: spec.learner.clone(),
        state: trial::State::Queued,
        params: serde_json::to_value(&spec.params).map_err(json)?,
        spec: serde_json::to_value(spec).map_err(json)?,
        score: None,
        loss: None,
        fold_scores: None,
        seconds: None,
        rounds: None,
        stop: None,
        curve: None,
        predict_seconds_per_row: None,
        weight: None,
        error: None,
        device: None,
        notes: None,
        artifact_key: None,
        version: 1,
        created_at: now(),
        started_at: None,
        finished_at: None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::{IntoActiveModel, TryIntoModel};

    use super::*;

    #[test]
    fn a_record_survives_its_row() {
        let spec = TrialSpec {
            number: 3,
            name: "Linear 2".to_owned(),
            learner: "linear".to_owned(),
            params: [("l2".to_owned(), engine::learners::ParamValue::Float(0.1))].into(),
            seed: u64::MAX,
            limit: Duration::from_millis(1234),
            reason: "next of the portfolio".to_owned(),
        };
        let score = Score {
            score: 0.1 + 0.2,
            loss: 1e-17,
            fold_scores: vec![0.5, 0.25],
            seconds: 1.5,
            rounds: 12,
            stop: Stop::Converged,
            predict_seconds_per_row: 1e-6,
            curve: vec![(1, 0.5)],
        };
        let open = queued(Uuid::nil(), &spec).unwrap();
        assert_eq!(
            records(std::slice::from_ref(&open)).unwrap(),
            [TrialRecord {
                spec: spec.clone(),
                outcome: Outcome::Open
            }]
        );
        let mut change = open.into_active_model();
        set_score(&mut change, &score).unwrap();
        change.state = Set(trial::State::Completed);
        let row = change.try_into_model().unwrap();
        assert_eq!(
            records(&[row]).unwrap(),
            [TrialRecord {
                spec,
                outcome: Outcome::Completed(score)
            }]
        );
    }
}
