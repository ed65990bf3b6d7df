//! Prepare: a job gets its split, folds and encoded data.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use entities::job::{Event, Notes};
use entities::{artifact, dataset, job, step, task};
use platform::artifacts::Key;
use platform::database::clock;
use platform::{Changes, Error, jobs};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, Set};
use serde_json::Value;

use super::{Files, Held, Order, Output, Task, out, parse};
use crate::flow;
use crate::work::{PREPARED, PROFILE, Prepared, TABLE, Work};

const OUTPUTS: &[Output] = &[Output {
    kind: artifact::Kind::Prepared,
    name: PREPARED,
    is_optional: false,
}];

/// The kind.
#[derive(Debug)]
pub struct Prepare;

#[async_trait]
impl Task for Prepare {
    fn kind(&self) -> task::Kind {
        task::Kind::Prepare
    }

    async fn begin(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        changes: &mut Changes,
    ) -> Result<Option<Order>, Error> {
        let Some(mut row) = flow::job_of(transaction, &held.claim.task).await? else {
            return Ok(None);
        };
        if let Some(state) = row.state.after(Event::Start) {
            flow::step(transaction, &row, step::Name::Prepare, step::State::Running, None).await?;
            let mut change = jobs::changed(&row);
            change.state = Set(state);
            change.started_at = Set(Some(clock(transaction).await?));
            row = change.update(transaction).await?;
            changes.job(&row);
        }
        if row.state != job::State::Running || row.prepared_key.is_some() {
            return Ok(None);
        }
        let dataset = dataset::Entity::find_by_id(row.dataset_id)
            .one(transaction)
            .await?
            .ok_or(Error::Gone)?;
        let key = |key: &Option<String>| Key::parse(key.as_deref().unwrap_or_default());
        let platform = &held.platform.settings;
        let settings = flow::engine_settings(&row, platform.threads, platform.memory_bytes)?;
        Ok(Some(Order {
            inputs: vec![
                (key(&dataset.frame_key)?, TABLE.to_owned()),
                (key(&dataset.profile_key)?, PROFILE.to_owned()),
            ],
            wall_limit: settings.budget + Duration::from_secs(30),
            work: Work::Prepare {
                table: PathBuf::from(TABLE),
                profile: PathBuf::from(PROFILE),
                settings,
                out: out(),
            },
            outputs: OUTPUTS,
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
        let prepared: Prepared = parse(answer)?;
        let Some(row) = flow::job_of(transaction, &held.claim.task).await? else {
            return Ok(());
        };
        if row.state != job::State::Running {
            return Ok(());
        }
        files.insert(held, transaction).await?;
        let json =
            |value: serde_json::Result<Value>| value.map_err(|error| Error::Conflict(error.to_string()));
        let name = |value: Value| value.as_str().map(str::to_owned);
        let mut change = jobs::changed(&row);
        change.problem = Set(name(json(serde_json::to_value(prepared.problem))?));
        change.metric = Set(name(json(serde_json::to_value(prepared.metric))?));
        change.higher_is_better = Set(Some(prepared.metric.higher_is_better()));
        change.shape = Set(Some(json(serde_json::to_value(&prepared.shape))?));
        change.notes = Set(Notes(prepared.notes));
        change.prepared_key = Set(Some(files.key(artifact::Kind::Prepared)?));
        let row = change.update(transaction).await?;
        let row = flow::start_search(transaction, row, &held.platform.settings, changes).await?;
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
        flow::fail(transaction, row, step::Name::Prepare, reason, changes).await?;
        Ok(())
    }

    async fn wanted(&self, held: Held<'_>) -> Result<bool, Error> {
        let row = flow::glance_at_job_of(held.platform.database.connection(), &held.claim.task).await?;
        Ok(row.is_some_and(|row| row.state == job::State::Running))
    }
}
