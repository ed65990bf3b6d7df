//! Profile: a file becomes a table with a profile.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use entities::{artifact, dataset, task};
use platform::artifacts::Key;
use platform::tasks::Payload;
use platform::{Changes, Error};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Set};
use serde_json::Value;

use super::{Files, Held, Order, Output, Task, out, parse};
use crate::flow;
use crate::work::{DATA_REPORT, Format, PROFILE, Profiled, TABLE, Work};

/// Reading is bounded by the upload limit; this is far beyond.
const WALL_LIMIT: Duration = Duration::from_secs(1800);

const OUTPUTS: &[Output] = &[
    Output {
        kind: artifact::Kind::Profile,
        name: PROFILE,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::Frame,
        name: TABLE,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::DataReport,
        name: DATA_REPORT,
        is_optional: false,
    },
];

/// The kind.
#[derive(Debug)]
pub struct Profile;

#[async_trait]
impl Task for Profile {
    fn kind(&self) -> task::Kind {
        task::Kind::Profile
    }

    async fn begin(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        _changes: &mut Changes,
    ) -> Result<Option<Order>, Error> {
        let Some(row) = dataset_of(held, transaction).await? else {
            return Ok(None);
        };
        if row.state != dataset::State::Profiling {
            return Ok(None);
        }
        let source = "source".to_owned();
        let format = format_of(&row)?;
        Ok(Some(Order {
            inputs: vec![(Key::parse(&row.source_key)?, source.clone())],
            work: Work::Profile {
                source: PathBuf::from(source),
                file_name: row.file_name,
                format,
                threads: held.platform.settings.threads,
                memory_bytes: held.platform.settings.memory_bytes,
                out: out(),
            },
            outputs: OUTPUTS,
            wall_limit: WALL_LIMIT,
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
        let profiled: Profiled = parse(answer)?;
        let Some(row) = dataset_of(held, transaction).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(dataset::Event::Profiled) else {
            return Ok(());
        };
        files.insert(held, transaction).await?;
        let version = row.version + 1;
        let mut change = row.into_active_model();
        change.state = Set(state);
        change.version = Set(version);
        change.profile_key = Set(Some(files.key(artifact::Kind::Profile)?));
        change.frame_key = Set(Some(files.key(artifact::Kind::Frame)?));
        change.row_count = Set(i64::try_from(profiled.rows).ok());
        change.column_count = Set(i32::try_from(profiled.columns).ok());
        changes.dataset(&change.update(transaction).await?);
        Ok(())
    }

    async fn dead(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some(row) = dataset_of(held, transaction).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(dataset::Event::Fail) else {
            return Ok(());
        };
        let version = row.version + 1;
        let mut change = row.into_active_model();
        change.state = Set(state);
        change.version = Set(version);
        change.error = Set(Some(reason.to_owned()));
        changes.dataset(&change.update(transaction).await?);
        Ok(())
    }

    async fn wanted(&self, held: Held<'_>) -> Result<bool, Error> {
        Ok(dataset_of(held, held.platform.database.connection())
            .await?
            .is_some())
    }
}

/// What the owner says of the file, in the engine's types.
fn format_of(row: &dataset::Model) -> Result<Format, Error> {
    let said = row.format.clone().unwrap_or_default();
    Ok(Format {
        delimiter: said.delimiter,
        encoding: said.encoding.as_deref().map(flow::named).transpose()?,
        header: said.header,
    })
}

async fn dataset_of(
    held: Held<'_>,
    database: &impl ConnectionTrait,
) -> Result<Option<dataset::Model>, Error> {
    let Payload::Profile { dataset } = held.claim.payload()? else {
        return Ok(None);
    };
    Ok(dataset::Entity::find_by_id(dataset).one(database).await?)
}
