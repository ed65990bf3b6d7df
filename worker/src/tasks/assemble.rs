//! Assemble: the trials of a job become its model.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use engine::train::files;
use entities::job::Event;
use entities::{artifact, dataset, job, model, step, task, trial};
use platform::artifacts::Key;
use platform::database::{clock, now};
use platform::{Changes, Error, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, Set,
};
use serde_json::Value;
use uuid::Uuid;

use super::{Files, Held, Order, Output, Task, out, parse};
use crate::flow;
use crate::notify;
use crate::work::{Assembled, PREPARED, TABLE, Work};

/// The files of a finished job.
pub const FILES: &[Output] = &[
    Output {
        kind: artifact::Kind::Model,
        name: files::MODEL,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::Onnx,
        name: files::ONNX,
        is_optional: true,
    },
    Output {
        kind: artifact::Kind::Report,
        name: files::REPORT,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::ModelCard,
        name: files::CARD,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::Leaderboard,
        name: files::LEADERBOARD,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::HoldoutPredictions,
        name: files::HOLDOUT,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::Evaluation,
        name: files::EVALUATION,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::RunLog,
        name: files::RUN,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::Provenance,
        name: files::PROVENANCE,
        is_optional: false,
    },
];

/// The kind.
#[derive(Debug)]
pub struct Assemble;

#[async_trait]
impl Task for Assemble {
    fn kind(&self) -> task::Kind {
        task::Kind::Assemble
    }

    async fn begin(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        _changes: &mut Changes,
    ) -> Result<Option<Order>, Error> {
        let Some(row) = flow::job_of(transaction, &held.claim.task).await? else {
            return Ok(None);
        };
        if row.state != job::State::Finishing {
            return Ok(None);
        }
        let dataset = dataset::Entity::find_by_id(row.dataset_id)
            .one(transaction)
            .await?
            .ok_or(Error::Gone)?;
        let trials = trials(&row, transaction).await?;
        let key = |key: &Option<String>| Key::parse(key.as_deref().unwrap_or_default());
        let mut inputs = vec![
            (key(&row.prepared_key)?, PREPARED.to_owned()),
            (key(&dataset.frame_key)?, TABLE.to_owned()),
        ];
        let mut files = Vec::new();
        for trial in trials
            .iter()
            .filter(|trial| trial.state == trial::State::Completed)
        {
            let name = format!("trial-{}.bin", trial.number);
            inputs.push((key(&trial.artifact_key)?, name.clone()));
            files.push(PathBuf::from(name));
        }
        let settings = &held.platform.settings;
        let at = clock(transaction).await?;
        let work = Work::Assemble {
            prepared: PathBuf::from(PREPARED),
            table: PathBuf::from(TABLE),
            trials: files,
            history: flow::records(&trials)?,
            metric: parse(Value::from(row.metric.clone()))?,
            settings: Box::new(flow::engine_settings(
                &row,
                settings.threads,
                settings.memory_bytes,
            )?),
            elapsed: flow::elapsed(&row, at),
            onnxruntime: settings.onnxruntime.clone(),
            out: out(),
        };
        // The engine ends by the budget; this bound only stops one that hangs.
        let wall_limit = flow::left(&row, at) * 2 + Duration::from_secs(120);
        Ok(Some(Order {
            inputs,
            work,
            outputs: FILES,
            wall_limit,
        }))
    }

    async fn commit(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        answer: Value,
        files: &Files,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let assembled: Assembled = parse(answer)?;
        let Some(row) = flow::job_of(transaction, &held.claim.task).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Complete) else {
            return Ok(());
        };
        let old = jobs::retire_model(transaction, row.id).await?;
        files.insert(held, transaction).await?;
        weigh(&row, &assembled, transaction, changes).await?;
        flow::step(
            transaction,
            &row,
            step::Name::Assemble,
            step::State::Completed,
            None,
        )
        .await?;
        let mut notes = row.notes.clone();
        notes.0.extend(assembled.notes.iter().cloned());
        let model = model_row(&row, assembled, files.key(artifact::Kind::Model)?)?;
        let score = model.evaluation.get("score").and_then(Value::as_f64);
        changes.model(&store_model(transaction, model, old).await?);
        let mut change = jobs::changed(&row);
        change.state = Set(state);
        change.notes = Set(notes);
        change.score = Set(score);
        change.finished_at = Set(Some(now()));
        let row = change.update(transaction).await?;
        notify::queue(transaction, &row).await?;
        changes.job(&row);
        Ok(())
    }

    async fn dead(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some(row) = flow::job_of(transaction, &held.claim.task).await? else {
            return Ok(());
        };
        flow::fail(transaction, row, step::Name::Assemble, reason, changes).await?;
        Ok(())
    }

    async fn wanted(&self, held: Held<'_>) -> Result<bool, Error> {
        let row = flow::glance_at_job_of(held.platform.database.connection(), &held.claim.task).await?;
        Ok(row.is_some_and(|row| row.state == job::State::Finishing))
    }
}

/// Writes the weights of the final ensemble into the trials' rows: absent members weigh 0.
async fn weigh(
    row: &job::Model,
    assembled: &Assembled,
    transaction: &impl ConnectionTrait,
    changes: &mut Changes,
) -> Result<(), Error> {
    for trial in trials(row, transaction).await? {
        if trial.state != trial::State::Completed {
            continue;
        }
        let member = assembled.members.iter().find(|member| member.name == trial.name);
        let version = trial.version + 1;
        let mut change = trial.into_active_model();
        change.weight = Set(Some(member.map_or(0.0, |member| member.weight)));
        change.version = Set(version);
        changes.trial(&change.update(transaction).await?, row.user_id);
    }
    Ok(())
}

/// Inserts the model of a job, or puts it in the place of the one that the job made before. A model that answers goes on
/// answering as long as whoever asks it need not ask differently: with the same inputs and the same classes.
async fn store_model(
    transaction: &impl ConnectionTrait,
    mut new: model::Model,
    old: Option<model::Model>,
) -> Result<model::Model, Error> {
    let Some(old) = old else {
        return Ok(new.into_active_model().insert(transaction).await?);
    };
    new.id = old.id;
    new.deployed = old.deployed && old.classes == new.classes && signature(&old) == signature(&new);
    Ok(new.into_active_model().reset_all().update(transaction).await?)
}

/// Names and kinds of a model's inputs; their ranges and examples do not bind who asks.
fn signature(row: &model::Model) -> Vec<(Option<&Value>, Option<&Value>)> {
    let mut inputs = Vec::new();
    for input in row.inputs.as_array().into_iter().flatten() {
        inputs.push((input.get("name"), input.get("kind")));
    }
    inputs
}

fn model_row(row: &job::Model, assembled: Assembled, model_key: String) -> Result<model::Model, Error> {
    let json = |value: serde_json::Result<Value>| value.map_err(|error| Error::Conflict(error.to_string()));
    let problem = json(serde_json::to_value(assembled.problem))?;
    Ok(model::Model {
        id: Uuid::now_v7(),
        user_id: row.user_id,
        job_id: row.id,
        name: row.name.clone(),
        problem: problem.as_str().unwrap_or_default().to_owned(),
        target: row.target.clone(),
        classes: Value::from(assembled.classes),
        inputs: json(serde_json::to_value(assembled.inputs))?,
        evaluation: assembled.evaluation,
        members: json(serde_json::to_value(assembled.members))?,
        certificate: assembled
            .certificate
            .map(serde_json::to_value)
            .map(json)
            .transpose()?,
        onnx_withheld: assembled.onnx_withheld,
        deployed: false,
        model_key,
        created_at: now(),
    })
}

async fn trials(row: &job::Model, database: &impl ConnectionTrait) -> Result<Vec<trial::Model>, Error> {
    let rows = trial::Entity::find()
        .filter(trial::Column::JobId.eq(row.id))
        .order_by_asc(trial::Column::Number);
    Ok(rows.all(database).await?)
}
