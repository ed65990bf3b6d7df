//! What administrators decide, seen by a pool: a pause holds up and costs no time, a drained worker finishes and ends.

use std::time::Duration;

use chrono::TimeDelta;
use entities::{job, queue_pause, step, task, trial, usage};
use platform::administration::{self, Paused};
use platform::audit::{Actor, By};
use platform::{Platform, accounts, jobs, workers};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use crate::pretend::{GOOD, SLOW, STEADY};
use crate::server::Server;

/// The platform as a request of its owner has it, who is an administrator.
async fn administrator(server: &Server) -> Platform {
    let owner = accounts::owner(&server.platform).await.unwrap();
    server.platform.asked(By::new(Actor::User(owner.id)))
}

async fn tasks_of(server: &Server, id: Uuid, state: task::State) -> Vec<task::Model> {
    task::Entity::find()
        .filter(task::Column::JobId.eq(id))
        .filter(task::Column::State.eq(state))
        .all(server.platform.database.connection())
        .await
        .unwrap()
}

pub async fn a_pause_holds_up_and_costs_no_time() {
    let server = Server::start(GOOD).await;
    let admin = administrator(&server).await;
    let trials = Paused {
        kind: Some(task::Kind::Trial),
        queue: None,
    };
    administration::pause(&admin, trials, "maintenance")
        .await
        .unwrap();
    let id = server.create_job(3).await;
    let began = std::time::Instant::now();
    while tasks_of(&server, id, task::State::Queued).await.is_empty()
        || server.job(id).await.search_started_at.is_none()
    {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "it is prepared all the same"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // As if the pause had lasted for longer than the whole budget.
    let connection = server.platform.database.connection();
    let row = server.job(id).await;
    let (budget, long_ago) = (row.settings.budget_seconds, TimeDelta::seconds(900));
    let mut change = row.clone().into_active_model();
    change.started_at = Set(row.started_at.map(|at| at - long_ago));
    change.search_started_at = Set(row.search_started_at.map(|at| at - long_ago));
    change.version = Set(row.version + 1);
    change.update(connection).await.unwrap();
    let earlier = platform::database::now() - long_ago;
    queue_pause::Entity::update_many()
        .col_expr(queue_pause::Column::PausedAt, Expr::value(earlier))
        .exec(connection)
        .await
        .unwrap();
    task::Entity::update_many()
        .col_expr(task::Column::UpdatedAt, Expr::value(earlier))
        .filter(task::Column::JobId.eq(id))
        .exec(connection)
        .await
        .unwrap();
    step::Entity::update_many()
        .col_expr(step::Column::StartedAt, Expr::value(earlier))
        .filter(step::Column::JobId.eq(id))
        .filter(step::Column::StartedAt.is_not_null())
        .exec(connection)
        .await
        .unwrap();
    // Longer than some looks of the reconciler.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(
        server.job(id).await.state,
        job::State::Running,
        "its time is not declared over"
    );
    assert!(tasks_of(&server, id, task::State::Running).await.is_empty());
    assert!(administration::resume(&admin, trials, "done").await.unwrap());
    let row = server.end(id, Duration::from_secs(30)).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    let paused = row.paused_ms / 1000;
    assert!(
        (890..i64::from(budget) + 400).contains(&paused),
        "{paused} s were given back"
    );
    server.check_over(id).await;
    let used = usage::Entity::find()
        .filter(usage::Column::JobId.eq(id))
        .all(connection)
        .await
        .unwrap();
    assert!(
        used.len() >= 5,
        "preparing, three trials and assembling: {used:?}"
    );
    assert!(
        used.iter().all(|row| (0..60_000).contains(&row.amount)),
        "{used:?}"
    );
}

/// Has the one worker that is there take nothing more.
async fn drain(server: &Server) {
    let admin = administrator(server).await;
    let connection = server.platform.database.connection();
    let present = workers::present(connection).await.unwrap();
    administration::drain(&admin, present[0].id, "new machine")
        .await
        .unwrap();
    assert!(
        workers::present(connection).await.unwrap().is_empty(),
        "nobody counts on it"
    );
}

pub async fn a_drained_worker_finishes_what_it_holds_and_ends() {
    let mut server = Server::start(STEADY).await;
    let id = server.create_job(6).await;
    server.wait_for_running_trial(id, 1).await;
    let held = tasks_of(&server, id, task::State::Running).await;
    drain(&server).await;
    server.wait_for_pool(Duration::from_secs(20)).await;
    assert!(tasks_of(&server, id, task::State::Running).await.is_empty());
    for task in held {
        let row = task::Entity::find_by_id(task.id)
            .one(server.platform.database.connection())
            .await
            .unwrap();
        let row = row.unwrap();
        assert_eq!(
            (row.state, row.fence),
            (task::State::Done, task.fence),
            "it was finished, not given back"
        );
    }
    let trials = server.trials(id).await;
    assert_eq!(trials[1].state, trial::State::Completed, "{:?}", trials[1].error);
    assert_eq!(
        server.job(id).await.state,
        job::State::Running,
        "it took nothing new"
    );
    server.arguments = vec!["trainer".to_owned(), GOOD.to_owned()];
    server.start_pool();
    let row = server.end(id, Duration::from_secs(30)).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    server.check_over(id).await;
}

pub async fn a_server_whose_slots_are_drained_looks_after_the_queue() {
    let mut server = Server::start(SLOW).await;
    server.stop().await;
    server.outlives_slots = true;
    server.start_pool();
    let id = server.create_job(50).await;
    server.wait_for_running_trial(id, 1).await;
    drain(&server).await;
    // It hears of that with one of its next beats; a slot that was free before would take what is asked for now.
    tokio::time::sleep(Duration::from_secs(3)).await;
    // Its trials are not wanted any more: then its slots have nothing, and end.
    jobs::finish(&server.platform, id).await.unwrap();
    let began = std::time::Instant::now();
    while !tasks_of(&server, id, task::State::Running).await.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    while tasks_of(&server, id, task::State::Queued).await.is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "nothing is to be assembled"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let waiting = tasks_of(&server, id, task::State::Queued).await;
    assert_eq!(
        waiting.len(),
        1,
        "to be assembled, and nobody takes it: {waiting:?}"
    );
    // As if another worker had taken it and was gone.
    let mut lost = waiting[0].clone().into_active_model();
    lost.state = Set(task::State::Running);
    lost.worker = Set(Some("another".to_owned()));
    lost.lease_until = Set(Some(1));
    let lost = lost.update(server.platform.database.connection()).await.unwrap();
    let began = std::time::Instant::now();
    let found = loop {
        let waiting = tasks_of(&server, id, task::State::Queued).await;
        if let Some(row) = waiting.into_iter().next() {
            break row;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "nobody noticed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!((found.id, found.crashes), (lost.id, 1));
    server.stop().await;
}
