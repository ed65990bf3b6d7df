//! Jobs whose tasks are paused, and what administrators do about tasks of jobs.

use chrono::TimeDelta;
use entities::{queue_pause, usage};
use sea_orm::sea_query::Expr;

use super::*;
use crate::administration::{self, Paused};
use crate::audit::{self, Actor, By};
use crate::database::now;

const TRIALS: Paused = Paused {
    kind: Some(task::Kind::Trial),
    queue: None,
};

impl Home {
    /// The platform as a request of its owner has it, who is an administrator.
    fn administrator(&self) -> Platform {
        self.platform.asked(By::new(Actor::User(self.user_id)))
    }

    /// Pauses that, as if it had been done so many seconds ago.
    async fn paused(&self, what: Paused, seconds: i64) {
        let row = administration::pause(&self.administrator(), what, "new disks")
            .await
            .unwrap();
        let mut change = row.into_active_model();
        change.paused_at = Set(now() - TimeDelta::seconds(seconds));
        change.update(self.platform.database.connection()).await.unwrap();
    }

    /// A search with a trial that has waited for so many seconds.
    async fn waiting(&self, seconds: i64) -> job::Model {
        let row = self.job_in(job::State::Running, None).await;
        let connection = self.platform.database.connection();
        let payload = Payload::Trial {
            job: row.id,
            trial: Uuid::nil(),
        };
        tasks::enqueue(connection, self.user_id, payload).await.unwrap();
        // The checks before its first task are as old as the job seems to be.
        step::Entity::update_many()
            .col_expr(step::Column::StartedAt, Expr::value(row.started_at))
            .filter(step::Column::JobId.eq(row.id))
            .exec(connection)
            .await
            .unwrap();
        task::Entity::update_many()
            .col_expr(
                task::Column::UpdatedAt,
                Expr::value(now() - TimeDelta::seconds(seconds)),
            )
            .filter(task::Column::JobId.eq(row.id))
            .exec(connection)
            .await
            .unwrap();
        row
    }

    async fn given_back_seconds(&self, id: Uuid) -> i64 {
        self.job(id).await.paused_ms / 1000
    }
}

fn is_about(seconds: i64, expected: i64) -> bool {
    (expected..expected + 30).contains(&seconds)
}

#[tokio::test]
async fn pauses_that_overlap_give_back_what_they_held_up_together() {
    let home = home().await;
    let admin = home.administrator();
    let row = home.waiting(900).await;
    home.paused(Paused::default(), 800).await;
    home.paused(TRIALS, 300).await;
    assert!(administration::resume(&admin, TRIALS, "done").await.unwrap());
    let seconds = home.given_back_seconds(row.id).await;
    assert!(is_about(seconds, 800), "{seconds}");
    assert!(
        administration::resume(&admin, Paused::default(), "done")
            .await
            .unwrap()
    );
    let seconds = home.given_back_seconds(row.id).await;
    assert!(is_about(seconds, 800), "once: {seconds}");
    let left = queue_pause::Entity::find().all(home.platform.database.connection());
    assert!(left.await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_restart_gave_back_the_end_of_a_pause_does_not_give_back_again() {
    let home = home().await;
    let row = home.waiting(900).await;
    home.paused(TRIALS, 800).await;
    let connection = home.platform.database.connection();
    jobs::give_time_back(connection, &row, None, now()).await.unwrap();
    let seconds = home.given_back_seconds(row.id).await;
    assert!(is_about(seconds, 900), "{seconds}");
    administration::resume(&home.administrator(), TRIALS, "done")
        .await
        .unwrap();
    let seconds = home.given_back_seconds(row.id).await;
    assert!(is_about(seconds, 900), "once: {seconds}");
}

#[tokio::test]
async fn a_task_that_was_given_up_is_not_done_again_for_a_job_that_went_on() {
    let home = home().await;
    let admin = home.administrator();
    let connection = home.platform.database.connection();
    let give_up = async |id: Uuid| {
        let payload = Payload::Prepare { job: id };
        let id = tasks::enqueue(connection, home.user_id, payload).await.unwrap();
        let dead = task::ActiveModel {
            id: Set(id),
            state: Set(task::State::Dead),
            ..Default::default()
        };
        dead.update(connection).await.unwrap().id
    };
    let cancelled = home.job_in(job::State::Cancelled, None).await;
    let old = give_up(cancelled.id).await;
    let refused = administration::requeue(&admin, old, "try").await;
    let Err(Error::Conflict(message)) = refused else {
        panic!("{refused:?}");
    };
    assert!(message.contains("has not failed since"), "{message}");
    assert_eq!(home.job(cancelled.id).await.state, job::State::Cancelled);
    let failed = home.job_in(job::State::Failed, Some(step::Name::Prepare)).await;
    let dead = give_up(failed.id).await;
    administration::requeue(&admin, dead, "try").await.unwrap();
    assert_eq!(home.job(failed.id).await.state, job::State::Queued);
    let log = audit::newest(&home.platform.database, 10).await.unwrap();
    assert_eq!(log.len(), 1);
    let after = log[0].after.clone().unwrap();
    assert!(
        after.contains(&failed.id.to_string()) && after.contains("queued"),
        "the job is queued, the task is as dead as it was: {after}"
    );
}

#[tokio::test]
async fn whoever_has_used_up_the_day_gives_nothing_that_runs_more_time() {
    let home = home_with(|settings| settings.quotas.compute_seconds_per_day = Some(10)).await;
    let row = home.job_in(job::State::Running, None).await;
    jobs::extend(&home.platform, row.id, 30, None).await.unwrap();
    let used = usage::Model {
        source_id: Uuid::now_v7(),
        number: 1,
        user_id: home.user_id,
        job_id: None,
        kind: usage::Kind::Compute,
        amount: 10_000,
        used_at: now(),
    };
    usage::Entity::insert(used.into_active_model())
        .exec_without_returning(home.platform.database.connection())
        .await
        .unwrap();
    let refused = jobs::extend(&home.platform, row.id, 30, None).await;
    assert!(matches!(refused, Err(Error::QuotaExceeded(_))), "{refused:?}");
}
