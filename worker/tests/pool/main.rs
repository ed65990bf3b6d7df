//! The pool over a real database and store, with real children that only pretend to train: the flow of a job, and what
//! becomes of it when children die, people change their minds or the server goes away. This program is its own child.

mod admin;
mod again;
mod batch;
mod pretend;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use entities::{artifact, dataset, job, step, task, trial};
use platform::jobs;
use pretend::{DEADLY, GOOD, SLOW, UNLUCKY, UNREADABLE};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use server::Server;
use worker::trainer;

const SOON: Duration = Duration::from_secs(30);

async fn a_job_completes() {
    let server = Server::start(GOOD).await;
    let id = server.create_job(6).await;
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    assert_eq!(
        (row.problem.as_deref(), row.metric.as_deref()),
        (Some("binary"), Some("roc_auc"))
    );
    assert_eq!(row.notes.0.first().map(String::as_str), Some("made up"));
    let trials = server.trials(id).await;
    assert_eq!(
        trials.iter().map(|row| row.number).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4, 5]
    );
    assert!(
        trials
            .iter()
            .all(|row| row.state == trial::State::Completed && row.weight == Some(0.0))
    );
    let connection = server.platform.database.connection();
    let steps = step::Entity::find()
        .filter(step::Column::JobId.eq(id))
        .all(connection)
        .await
        .unwrap();
    assert_eq!(steps.len(), step::STEPS.len());
    for row in steps {
        // Nobody has given an address.
        let expected = match row.name {
            step::Name::Notify => step::State::Skipped,
            _ => step::State::Completed,
        };
        assert_eq!(row.state, expected, "{row:?}");
    }
    let files = artifact::Entity::find()
        .filter(artifact::Column::JobId.eq(id))
        .all(connection)
        .await
        .unwrap();
    let report = files
        .iter()
        .find(|row| row.kind == artifact::Kind::Report)
        .unwrap();
    let key = platform::artifacts::Key::parse(&report.key).unwrap();
    assert_eq!(server.platform.artifacts.get(&key).await.unwrap(), b"report.html");
    server.check_over(id).await;
    jobs::delete(&server.platform, id).await.unwrap();
    assert!(
        server.platform.artifacts.get(&key).await.is_err(),
        "files go with their job"
    );
}

async fn a_cancelled_job_stops_within_two_seconds() {
    let server = Server::start(SLOW).await;
    let id = server.create_job(50).await;
    server.wait_for_running_trial(id, 1).await;
    assert!(matches!(
        jobs::delete(&server.platform, id).await,
        Err(platform::Error::Conflict(_))
    ));
    let row = jobs::cancel(&server.platform, id).await.unwrap();
    assert_eq!(row.state, job::State::Cancelling);
    let row = server.end(id, Duration::from_secs(3)).await;
    assert_eq!(row.state, job::State::Cancelled);
    assert_eq!(server.children(), 0, "no child is left");
    server.check_over(id).await;
}

async fn finish_now_keeps_the_best() {
    let server = Server::start(SLOW).await;
    let id = server.create_job(50).await;
    server.wait_for_running_trial(id, 1).await;
    jobs::finish(&server.platform, id).await.unwrap();
    let row = server.end(id, Duration::from_secs(10)).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    assert_eq!(server.trials(id).await[0].state, trial::State::Completed);
    server.check_over(id).await;
}

async fn a_dying_child_costs_one_trial() {
    let server = Server::start(DEADLY).await;
    let id = server.create_job(4).await;
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    let trials = server.trials(id).await;
    let failed: Vec<i32> = trials
        .iter()
        .filter(|row| row.state == trial::State::Failed)
        .map(|row| row.number)
        .collect();
    assert_eq!(failed, [1]);
    assert!(
        trials[1].error.as_deref().unwrap().contains("signal 6"),
        "{:?}",
        trials[1].error
    );
    server.check_over(id).await;
}

async fn a_child_that_dies_once_costs_nothing() {
    let server = Server::start(UNLUCKY).await;
    let id = server.create_job(4).await;
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    assert!(
        server
            .trials(id)
            .await
            .iter()
            .all(|row| row.state == trial::State::Completed)
    );
    server.check_over(id).await;
}

async fn a_job_outlives_its_server() {
    let mut server = Server::start(SLOW).await;
    let id = server.create_job(3).await;
    server.wait_for_running_trial(id, 1).await;
    server.kill().await;
    assert_eq!(server.job(id).await.state, job::State::Running);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    server.arguments = vec!["trainer".to_owned(), GOOD.to_owned()];
    server.start_pool();
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    assert!(
        row.paused_ms >= 1000,
        "the time without a server does not count: {}",
        row.paused_ms
    );
    server.check_over(id).await;
}

async fn a_drained_pool_gives_its_work_back() {
    let mut server = Server::start(SLOW).await;
    let id = server.create_job(3).await;
    server.wait_for_running_trial(id, 1).await;
    server.stop().await;
    assert_eq!(server.children(), 0);
    let trials = server.trials(id).await;
    assert!(trials.iter().all(|row| row.state != trial::State::Running));
    server.arguments = vec!["trainer".to_owned(), GOOD.to_owned()];
    server.start_pool();
    assert_eq!(server.end(id, SOON).await.state, job::State::Completed);
    let connection = server.platform.database.connection();
    let tasks = task::Entity::find()
        .filter(task::Column::JobId.eq(id))
        .all(connection)
        .await
        .unwrap();
    assert!(
        tasks.iter().all(|task| task.crashes == 0 && task.failures == 0),
        "no budget was used"
    );
    server.check_over(id).await;
}

async fn an_idle_pool_ends_by_itself() {
    let mut server = Server::start(GOOD).await;
    let id = server.create_job(3).await;
    assert_eq!(server.end(id, SOON).await.state, job::State::Completed);
    server.stop().await;
    server.exit_when_idle = Some(Duration::from_secs(3));
    server.start_pool();
    let id = server.create_job(3).await;
    assert_eq!(server.end(id, SOON).await.state, job::State::Completed);
    server.wait_for_pool(SOON).await;
    let connection = server.platform.database.connection();
    assert!(platform::workers::present(connection).await.unwrap().is_empty());
}

async fn an_unreadable_file_says_so() {
    let server = Server::start(UNREADABLE).await;
    let row = server.dataset().await;
    assert_eq!(
        (row.state, row.error.as_deref()),
        (dataset::State::Failed, Some("the file is empty"))
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("trainer") {
        let mode = arguments.next().unwrap_or_default();
        let memory = arguments.next().map(PathBuf::from);
        return trainer::serve(|work, reporter| pretend::handle(work, reporter, &mode, memory.as_deref()));
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        tokio::join!(
            a_job_completes(),
            a_cancelled_job_stops_within_two_seconds(),
            finish_now_keeps_the_best(),
            a_dying_child_costs_one_trial(),
            a_child_that_dies_once_costs_nothing(),
            a_job_outlives_its_server(),
            a_drained_pool_gives_its_work_back(),
            an_idle_pool_ends_by_itself(),
            an_unreadable_file_says_so(),
        );
        tokio::join!(
            again::an_extended_job_gets_more_trials_and_a_newer_model(),
            again::a_cancelled_extension_leaves_the_model_that_was(),
            again::a_retried_job_assembles_what_it_has(),
            again::a_cancelled_job_is_retried_from_the_beginning(),
            again::a_step_shows_that_its_work_was_tried_again(),
        );
        tokio::join!(
            admin::a_pause_holds_up_and_costs_no_time(),
            admin::a_drained_worker_finishes_what_it_holds_and_ends(),
            admin::a_server_whose_slots_are_drained_looks_after_the_queue(),
        );
        tokio::join!(
            batch::a_batch_completes_with_its_files(),
            batch::a_cancelled_batch_stops_within_two_seconds(),
            batch::a_batch_whose_child_dies_is_done_again(),
            batch::a_drained_pool_gives_its_batch_back(),
            batch::a_file_that_does_not_fit_fails_at_once(),
        );
    });
    println!("pool: 22 tests passed");
}
