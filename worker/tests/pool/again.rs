//! Jobs that go on: extended, tried again.

use entities::{artifact, job, model, step, trial};
use platform::jobs;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use std::time::Duration;
use uuid::Uuid;

use crate::SOON;
use crate::pretend::{CLUMSY, GOOD, SLOW, UNLUCKY};
use crate::server::Server;

pub async fn model(server: &Server, job: Uuid) -> model::Model {
    let row = model::Entity::find()
        .filter(model::Column::JobId.eq(job))
        .one(server.platform.database.connection());
    row.await.unwrap().unwrap()
}

async fn step(server: &Server, job: Uuid, name: step::Name) -> step::Model {
    let row = step::Entity::find_by_id((job, name)).one(server.platform.database.connection());
    row.await.unwrap().unwrap()
}

async fn deploy(server: &Server, job: Uuid) -> model::Model {
    let mut change = model(server, job).await.into_active_model();
    change.deployed = Set(true);
    change
        .update(server.platform.database.connection())
        .await
        .unwrap()
}

pub async fn behave(server: &mut Server, mode: &str) {
    server.stop().await;
    server.arguments = vec!["trainer".to_owned(), mode.to_owned()];
    server.start_pool();
}

pub async fn an_extended_job_gets_more_trials_and_a_newer_model() {
    let server = Server::start(GOOD).await;
    let id = server.create_job(4).await;
    let first = server.end(id, SOON).await;
    assert_eq!(first.state, job::State::Completed, "{:?}", first.error);
    let before = deploy(&server, id).await;
    let old = server.trials(id).await;

    let row = jobs::extend(&server.platform, id, 60, None).await.unwrap();
    assert_eq!(row.state, job::State::Running);
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    let trials = server.trials(id).await;
    assert_eq!(trials.len(), 8, "as many again");
    let ids = |rows: &[trial::Model]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&trials[..4]), ids(&old), "the first ones are used again");
    let after = model(&server, id).await;
    assert_eq!(after.evaluation["trials"], 8, "all of them make the model");
    assert_eq!(
        (after.id, after.deployed),
        (before.id, true),
        "whoever asks it goes on asking it"
    );
    assert_ne!(after.model_key, before.model_key);
    let reports = artifact::Entity::find()
        .filter(artifact::Column::JobId.eq(id))
        .filter(artifact::Column::Kind.eq(artifact::Kind::Report))
        .all(server.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(
        reports.len(),
        1,
        "files of the old model are not offered any more"
    );
    let steps = [step::Name::Prepare, step::Name::Train, step::Name::Assemble];
    for name in steps {
        assert_eq!(
            step(&server, id, name).await.state,
            step::State::Completed,
            "{name:?}"
        );
    }
    server.check_over(id).await;
}

pub async fn a_cancelled_extension_leaves_the_model_that_was() {
    let server = Server::start(SLOW).await;
    let id = server.create_job(50).await;
    server.wait_for_running_trial(id, 1).await;
    jobs::finish(&server.platform, id).await.unwrap();
    assert_eq!(server.end(id, SOON).await.state, job::State::Completed);
    let before = deploy(&server, id).await;

    jobs::extend(&server.platform, id, 60, None).await.unwrap();
    // The trial that was cut short is forgotten: its number is given again.
    server.wait_for_running_trial(id, 1).await;
    jobs::cancel(&server.platform, id).await.unwrap();
    let row = server.end(id, Duration::from_secs(4)).await;
    assert_eq!((row.state, row.cancel_requested), (job::State::Completed, false));
    assert_eq!(model(&server, id).await, before);
    assert_eq!(server.children(), 0, "no child is left");
    server.check_over(id).await;
}

pub async fn a_retried_job_assembles_what_it_has() {
    let mut server = Server::start(CLUMSY).await;
    let id = server.create_job(3).await;
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Failed);
    let failed = step(&server, id, step::Name::Assemble).await;
    assert_eq!(failed.state, step::State::Failed);
    assert!(failed.error.unwrap().contains("fit together"));
    let old = server.trials(id).await;

    behave(&mut server, GOOD).await;
    let row = jobs::retry(&server.platform, id, None).await.unwrap();
    assert_eq!((row.state, row.error), (job::State::Finishing, None));
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    let trials = server.trials(id).await;
    assert!(trials.iter().zip(&old).all(|(new, old)| new.id == old.id) && trials.len() == old.len());
    server.check_over(id).await;

    // An extension that fails leaves the model that was.
    let before = model(&server, id).await;
    behave(&mut server, CLUMSY).await;
    jobs::extend(&server.platform, id, 60, None).await.unwrap();
    let row = server.end(id, SOON).await;
    assert_eq!((row.state, row.error), (job::State::Completed, None));
    assert!(
        row.notes.0.last().unwrap().contains("fit together"),
        "{:?}",
        row.notes
    );
    assert_eq!(model(&server, id).await, before);
    server.check_over(id).await;
}

pub async fn a_cancelled_job_is_retried_from_the_beginning() {
    let mut server = Server::start(SLOW).await;
    let id = server.create_job(3).await;
    server.wait_for_running_trial(id, 1).await;
    jobs::cancel(&server.platform, id).await.unwrap();
    assert_eq!(server.end(id, SOON).await.state, job::State::Cancelled);
    let old = server.trials(id).await;
    behave(&mut server, GOOD).await;
    jobs::retry(&server.platform, id, None).await.unwrap();
    let row = server.end(id, SOON).await;
    assert_eq!(row.state, job::State::Completed, "{:?}", row.error);
    let trials = server.trials(id).await;
    assert_eq!(trials.len(), 3);
    assert!(old.iter().all(|old| trials.iter().all(|new| new.id != old.id)));
    assert!(row.paused_ms < 1000, "its clock is new: {}", row.paused_ms);
    server.check_over(id).await;
}

pub async fn a_step_shows_that_its_work_was_tried_again() {
    let server = Server::start(UNLUCKY).await;
    let id = server.create_job(4).await;
    let mut shown = None;
    while shown.is_none() {
        assert!(
            !server.job(id).await.state.is_terminal(),
            "the step never showed it"
        );
        let row = step(&server, id, step::Name::Train).await;
        shown = (row.attempts > 0).then_some(row);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let shown = shown.unwrap();
    assert!(shown.error.unwrap().contains("signal 6"));
    assert!(shown.retry_at.is_some());
    assert_eq!(server.end(id, SOON).await.state, job::State::Completed);
    let row = step(&server, id, step::Name::Train).await;
    assert_eq!((row.attempts, row.error, row.retry_at), (1, None, None));
}
