//! The model of a job that goes on: it stays until a newer one is committed, and stays for good when none comes.
//!
//! A newer model takes the row, and with it the id, of the one before. Whoever asks the deployed model goes on asking it under
//! the same address and from the commit on gets the newer answers: that is what extending a job is for. The new model was
//! chosen on validation scores from all the old trials and some more, never on the holdout; choosing between the two by the
//! holdout would make its score a lie.

use std::time::Duration;

use entities::job::Event;
use entities::{artifact, job, model, obsolete_file, step, trial};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, Set,
};
use uuid::Uuid;

use super::{changed, close};
use crate::database::now;
use crate::{Changes, Error, Platform};

/// How long replaced files stay for those who are reading them.
const GRACE: Duration = Duration::from_secs(600);

/// Files of jobs that are no result: they are kept as long as the trials are.
const WORKING_FILES: [artifact::Kind; 2] = [artifact::Kind::Prepared, artifact::Kind::Trial];

/// Takes the files of a job's model, if it has one, off their rows, for the newer model that the same transaction stores. The
/// files go some minutes after the commit. Gives the row that the newer model takes over.
///
/// # Errors
/// When the database refuses.
pub async fn retire_model(
    transaction: &impl ConnectionTrait,
    job_id: Uuid,
) -> Result<Option<model::Model>, Error> {
    let found = model::Entity::find()
        .filter(model::Column::JobId.eq(job_id))
        .one(transaction)
        .await?;
    let Some(old) = found else { return Ok(None) };
    let results = artifact::Column::JobId
        .eq(job_id)
        .and(artifact::Column::Kind.is_not_in(WORKING_FILES));
    drop_files(transaction, results).await?;
    Ok(Some(old))
}

/// Drops every file of a job that starts again from the beginning.
///
/// # Errors
/// When the database refuses.
pub async fn drop_all_files(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<(), Error> {
    drop_files(transaction, artifact::Column::JobId.eq(job_id)).await
}

/// A job that had a model before it was resumed is COMPLETED with it again; none when it had none. The caller announces it.
///
/// # Errors
/// When the database refuses.
pub async fn restore(
    transaction: &impl ConnectionTrait,
    row: &job::Model,
    why: &str,
    changes: &mut Changes,
) -> Result<Option<job::Model>, Error> {
    let Some(state) = row.state.after(Event::Restore) else {
        return Ok(None);
    };
    let models = model::Entity::find().filter(model::Column::JobId.eq(row.id));
    if models.count(transaction).await? == 0 {
        return Ok(None);
    }
    close(transaction, row, why, changes).await?;
    step::Entity::update_many()
        .col_expr(
            step::Column::State,
            step::Column::State.save_as(Expr::val(step::State::Completed)),
        )
        .col_expr(step::Column::FinishedAt, Expr::value(now()))
        .filter(step::Column::JobId.eq(row.id))
        .filter(step::Column::State.ne(step::State::Completed))
        .exec(transaction)
        .await?;
    let mut notes = row.notes.clone();
    notes
        .0
        .push(format!("No newer model was made: {why}. The one before stays."));
    let mut change = changed(row);
    change.state = Set(state);
    change.notes = Set(notes);
    change.cancel_requested = Set(false);
    change.finished_at = Set(Some(now()));
    Ok(Some(change.update(transaction).await?))
}

/// Removes files whose time has come, and then forgets them.
///
/// # Errors
/// When the database or the store refuses; the rest is tried again next time.
pub async fn remove_obsolete(platform: &Platform) -> Result<(), Error> {
    let connection = platform.database.connection();
    let due = obsolete_file::Entity::find()
        .filter(obsolete_file::Column::RemoveAfter.lte(now()))
        .all(connection)
        .await?;
    for row in due {
        platform.artifacts.remove_prefix(&row.prefix).await?;
        obsolete_file::Entity::delete_by_id(row.prefix)
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// Forgets the trials of a job. Their tasks, if any, find nothing to do then.
///
/// # Errors
/// When the database refuses.
pub async fn forget_trials(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<(), Error> {
    trial::Entity::delete_many()
        .filter(trial::Column::JobId.eq(job_id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Forgets the trials of a job that have no model. They were cut short or failed, often for lack of time.
///
/// # Errors
/// When the database refuses.
pub async fn forget_failures(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<(), Error> {
    trial::Entity::delete_many()
        .filter(trial::Column::JobId.eq(job_id))
        .filter(trial::Column::State.ne(trial::State::Completed))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn drop_files(transaction: &impl ConnectionTrait, which: SimpleExpr) -> Result<(), Error> {
    // Keys alone: a newer version may have stored files of kinds that this one does not know.
    let keys: Vec<String> = artifact::Entity::find()
        .select_only()
        .column(artifact::Column::Key)
        .filter(which.clone())
        .into_tuple()
        .all(transaction)
        .await?;
    artifact::Entity::delete_many()
        .filter(which)
        .exec(transaction)
        .await?;
    let mut folders: Vec<&str> = Vec::new();
    for key in &keys {
        // A task's files lie together: its prefix ends where the name begins.
        if let Some((folder, _)) = key.rsplit_once('/') {
            folders.push(folder);
        }
    }
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let row = obsolete_file::Model {
            prefix: format!("{folder}/"),
            remove_after: now() + GRACE,
        };
        obsolete_file::Entity::insert(row.into_active_model())
            .on_conflict_do_nothing_on([obsolete_file::Column::Prefix])
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
