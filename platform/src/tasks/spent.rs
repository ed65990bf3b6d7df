//! The time that slots work for people, as it is counted: a row for each claim, when it ends, whatever came of it.

use entities::{task, usage};
use sea_orm::sea_query::{
    CaseStatement, Condition, Expr, InsertStatement, OnConflict, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, DbBackend, DbErr, ExprTrait};

use super::Claim;
use crate::Error;
use crate::database::{milliseconds, now};

/// Counts a claim that has just ended, or ends in the same transaction.
///
/// # Errors
/// When the database refuses.
pub(super) async fn count(transaction: &impl ConnectionTrait, claim: &Claim) -> Result<(), Error> {
    let ended = Condition::all()
        .add(task::Column::Id.eq(claim.task.id))
        .add(task::Column::Fence.eq(claim.task.fence));
    insert(transaction, of_tasks(transaction.get_database_backend(), ended)).await
}

/// Counts the claims of running tasks that are about to be taken from their workers.
///
/// # Errors
/// When the database refuses.
pub(super) async fn count_running(transaction: &impl ConnectionTrait, which: Condition) -> Result<(), Error> {
    let running = which.add(task::Column::State.eq(task::State::Running));
    insert(transaction, of_tasks(transaction.get_database_backend(), running)).await
}

/// Counts the claim that a row had before it was taken over: to the end of its lease at most, for nobody worked on it later.
///
/// # Errors
/// When the database refuses.
pub(super) async fn count_lost(transaction: &impl ConnectionTrait, row: &task::Model) -> Result<(), Error> {
    let taken = taken(
        transaction.get_database_backend(),
        Expr::val(row.claimed_at),
        Expr::val(row.lease_until),
    );
    let values = Query::select()
        .expr(Expr::val(row.id))
        .expr(Expr::val(row.fence))
        .expr(Expr::val(row.user_id))
        .expr(Expr::val(row.job_id))
        .expr(compute())
        .expr(taken)
        .expr(Expr::val(now()))
        .to_owned();
    insert(transaction, values).await
}

fn of_tasks(backend: DbBackend, which: Condition) -> SelectStatement {
    let taken = taken(
        backend,
        Expr::col(task::Column::ClaimedAt),
        Expr::col(task::Column::LeaseUntil),
    );
    Query::select()
        .column(task::Column::Id)
        .column(task::Column::Fence)
        .column(task::Column::UserId)
        .column(task::Column::JobId)
        .expr(compute())
        .expr(taken)
        .expr(Expr::val(now()))
        .from(task::Entity)
        .cond_where(which)
        .to_owned()
}

/// Milliseconds from a claim to now, or to the end of its lease if that came before.
fn taken(backend: DbBackend, claimed_at: Expr, lease_until: Expr) -> SimpleExpr {
    let end: SimpleExpr = CaseStatement::new()
        .case(lease_until.clone().lt(milliseconds(backend)), lease_until)
        .finally(milliseconds(backend))
        .into();
    // A clock that was set back takes nothing away.
    CaseStatement::new()
        .case(end.clone().gt(claimed_at.clone()), end.sub(claimed_at))
        .finally(Expr::val(0_i64))
        .into()
}

fn compute() -> Expr {
    Expr::val(usage::Kind::Compute.to_value())
}

async fn insert(transaction: &impl ConnectionTrait, rows: SelectStatement) -> Result<(), Error> {
    let mut statement = InsertStatement::new();
    statement.into_table(usage::Entity).columns([
        usage::Column::SourceId,
        usage::Column::Number,
        usage::Column::UserId,
        usage::Column::JobId,
        usage::Column::Kind,
        usage::Column::Amount,
        usage::Column::UsedAt,
    ]);
    statement
        .select_from(rows)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    // A claim is counted once.
    statement.on_conflict(OnConflict::new().do_nothing().to_owned());
    transaction.execute(&statement).await?;
    Ok(())
}
