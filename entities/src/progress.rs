//! How far a job's search is, in numbers: counted where the trials are, without reading them.

use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait, Func, Order, Query, SelectStatement, WindowStatement,
};
use sea_orm::{ActiveEnum, ColumnTrait, FromQueryResult};
use uuid::Uuid;

use crate::{Viewer, job, trial};

/// Counts of a job's trials, and the best of them.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Progress {
    /// The job.
    pub job_id: Uuid,
    /// Trials with a score.
    pub finished: i64,
    /// Trials being fitted.
    pub running: i64,
    /// Trials without a model.
    pub failed: i64,
    /// The best score so far.
    pub best_score: Option<f64>,
    /// Name of the first trial that has it.
    pub best_name: Option<String>,
}

/// Progress of those of the jobs that are the viewer's (none: anybody's) and have trials: one row a job, one statement for all of them.
///
/// The trials of a job are numbered from the best on, as the job's metric has it, and the first row stands for all.
pub fn find_for(viewer: Option<Viewer>, jobs: impl IntoIterator<Item = Uuid>) -> SelectStatement {
    let is_scored = || state(trial::State::Completed).and(column(trial::Column::Score).is_not_null());
    let of_job = || WindowStatement::partition_by((trial::Entity, trial::Column::JobId));
    let score = || column(trial::Column::Score);
    let upwards = CaseStatement::new()
        .case(
            Expr::col((job::Entity, job::Column::HigherIsBetter)).eq(false),
            score(),
        )
        .finally(score().mul(-1.0));
    let mut best_first = of_job();
    best_first
        .order_by_expr(choose(is_scored(), 0, 1), Order::Asc)
        .order_by_expr(upwards.into(), Order::Asc)
        .order_by((trial::Entity, trial::Column::Number), Order::Asc);
    let mut ranked = Query::select();
    ranked
        .expr_as(column(trial::Column::JobId), "job_id")
        .expr_as(of_scored(is_scored(), score()), "best_score")
        .expr_as(of_scored(is_scored(), column(trial::Column::Name)), "best_name")
        .expr_window_as(Func::cust("ROW_NUMBER"), best_first, "place")
        .from(trial::Entity)
        .inner_join(
            job::Entity,
            Expr::col((job::Entity, job::Column::Id)).equals((trial::Entity, trial::Column::JobId)),
        )
        .and_where_option(viewer.map(|viewer| job::Column::UserId.eq(viewer.user_id)))
        .and_where(trial::Column::JobId.is_in(jobs));
    for (name, which) in [
        ("finished", trial::State::Completed),
        ("running", trial::State::Running),
        ("failed", trial::State::Failed),
    ] {
        let counted = Func::count(of_scored(state(which), Expr::val(1)));
        ranked.expr_window_as(counted, of_job(), name);
    }
    Query::select()
        .columns([
            "job_id",
            "finished",
            "running",
            "failed",
            "best_score",
            "best_name",
        ])
        .from_subquery(ranked, "ranked")
        .and_where(Expr::col("place").eq(1))
        .to_owned()
}

fn column(column: trial::Column) -> Expr {
    Expr::col((trial::Entity, column))
}

fn state(state: trial::State) -> Expr {
    column(trial::Column::State).eq(state.to_value())
}

fn choose(condition: Expr, then: i32, otherwise: i32) -> Expr {
    CaseStatement::new()
        .case(condition, then)
        .finally(otherwise)
        .into()
}

/// The value where the condition holds, else nothing.
fn of_scored(condition: Expr, value: Expr) -> Expr {
    CaseStatement::new().case(condition, value).into()
}
