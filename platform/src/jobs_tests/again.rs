//! Every wish in every state of a job, and what going on with it keeps.

use chrono::TimeDelta;
use entities::{artifact, model, obsolete_file};
use sea_orm::{Iterable, PaginatorTrait};
use serde_json::json;

use super::*;
use crate::artifacts::Key;
use crate::database::now;
use crate::tasks::Claim;

impl Home {
    /// A job that a worker brought to a state, with everything that goes with it.
    async fn job_in(&self, state: job::State, failed_at: Option<step::Name>) -> job::Model {
        let dataset = self.dataset().await;
        let row = jobs::create(&self.platform, self.new_job(dataset.id))
            .await
            .unwrap();
        let connection = self.platform.database.connection();
        let is_prepared = !matches!(state, job::State::Queued) && failed_at != Some(step::Name::Prepare);
        let began = now() - TimeDelta::seconds(1000);
        let mut change = jobs::changed(&row);
        change.state = Set(state);
        change.error = Set(failed_at.map(|_| "it broke".to_owned()));
        if state != job::State::Queued {
            change.started_at = Set(Some(began));
            tasks::withdraw(connection, row.id, task::Kind::Prepare)
                .await
                .unwrap();
        }
        if is_prepared {
            change.prepared_key = Set(Some("jobs/x/prepared.bin".to_owned()));
            change.search_started_at = Set(Some(began + TimeDelta::seconds(5)));
        }
        if state.is_terminal() {
            change.finished_at = Set(Some(began + TimeDelta::seconds(58)));
        }
        let row = change.update(connection).await.unwrap();
        let seconds = [
            (step::Name::Prepare, 0),
            (step::Name::Train, 5),
            (step::Name::Assemble, 50),
        ];
        for (name, second) in seconds {
            if state == job::State::Queued {
                break;
            }
            let step = step::Entity::find_by_id((row.id, name))
                .one(connection)
                .await
                .unwrap();
            let mut change = step.unwrap().into_active_model();
            change.started_at = Set(Some(began + TimeDelta::seconds(second)));
            change.attempts = Set(2);
            let is_failed = failed_at == Some(name);
            change.state = Set(if is_failed {
                step::State::Failed
            } else {
                step::State::Completed
            });
            change.update(connection).await.unwrap();
            if is_failed {
                break;
            }
        }
        row
    }

    async fn trial(&self, job: &job::Model, number: i32, state: trial::State) -> trial::Model {
        let row = trial::Model {
            id: Uuid::now_v7(),
            job_id: job.id,
            number,
            name: format!("t{number}"),
            learner: "linear".to_owned(),
            state,
            params: json!({}),
            spec: json!({}),
            score: Some(0.5),
            loss: Some(0.5),
            fold_scores: None,
            seconds: Some(1.0),
            rounds: Some(1),
            stop: Some("converged".to_owned()),
            curve: None,
            predict_seconds_per_row: Some(1e-6),
            weight: None,
            error: None,
            device: None,
            notes: None,
            artifact_key: None,
            version: 1,
            created_at: now(),
            started_at: None,
            finished_at: None,
        };
        let row = row.into_active_model();
        row.insert(self.platform.database.connection()).await.unwrap()
    }

    pub(super) async fn model(&self, job: &job::Model) -> model::Model {
        let connection = self.platform.database.connection();
        let key = Key::of_job(job.id, Uuid::now_v7(), 1, "model.automl");
        self.platform
            .artifacts
            .put_bytes(&key, b"old".to_vec())
            .await
            .unwrap();
        let file = artifact::Model {
            id: Uuid::now_v7(),
            user_id: job.user_id,
            job_id: Some(job.id),
            dataset_id: None,
            kind: artifact::Kind::Model,
            file_name: "model.automl".to_owned(),
            key: key.to_string(),
            size_bytes: 3,
            sha256: "0".repeat(64),
            created_at: now(),
        };
        file.into_active_model().insert(connection).await.unwrap();
        let row = model::Model {
            id: Uuid::now_v7(),
            user_id: job.user_id,
            job_id: job.id,
            name: "m".to_owned(),
            problem: "binary".to_owned(),
            target: "b".to_owned(),
            classes: json!([]),
            inputs: json!([]),
            evaluation: json!({}),
            members: json!([]),
            certificate: None,
            onnx_withheld: None,
            deployed: true,
            model_key: key.to_string(),
            created_at: now(),
        };
        row.into_active_model().insert(connection).await.unwrap()
    }

    async fn step(&self, job: Uuid, name: step::Name) -> step::Model {
        let row = step::Entity::find_by_id((job, name)).one(self.platform.database.connection());
        row.await.unwrap().unwrap()
    }

    /// Takes the job's open task of a kind.
    async fn claim(&self, kind: task::Kind) -> Claim {
        let lease = self.platform.settings.lease;
        let claim = tasks::claim(&self.platform.database, &offer(kind), lease).await;
        claim.unwrap().unwrap()
    }

    /// Seconds on the job's clock.
    fn elapsed(&self, row: &job::Model) -> i64 {
        ((now() - row.started_at.unwrap()).num_milliseconds() - row.paused_ms + 500) / 1000
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Wish {
    Cancel,
    Finish,
    Extend,
    Retry,
    Delete,
}

/// The state after a wish; none: it is refused.
fn expected(wish: Wish, before: job::State) -> Option<job::State> {
    use job::State;
    match (wish, before) {
        (Wish::Cancel, State::Queued | State::Running | State::Finishing) => Some(State::Cancelled),
        (Wish::Cancel | Wish::Finish, _) => Some(before),
        (Wish::Extend, State::Queued) => Some(State::Queued),
        (Wish::Extend, State::Running | State::Finishing | State::Completed) => Some(State::Running),
        // What failed before anything was prepared starts again.
        (Wish::Extend | Wish::Retry, State::Failed) | (Wish::Retry, State::Cancelled) => Some(State::Queued),
        (Wish::Extend | Wish::Retry, _) => None,
        (Wish::Delete, _) => before.is_terminal().then_some(before),
    }
}

#[tokio::test]
async fn every_wish_in_every_state() {
    let home = home().await;
    let platform = &home.platform;
    for state in job::State::iter() {
        for wish in [
            Wish::Cancel,
            Wish::Finish,
            Wish::Extend,
            Wish::Retry,
            Wish::Delete,
        ] {
            let failed_at = (state == job::State::Failed).then_some(step::Name::Prepare);
            let id = home.job_in(state, failed_at).await.id;
            let outcome = match wish {
                Wish::Cancel => jobs::cancel(platform, id).await.map(|row| row.state),
                Wish::Finish => jobs::finish(platform, id).await.map(|row| row.state),
                Wish::Extend => jobs::extend(platform, id, 60, None).await.map(|row| row.state),
                Wish::Retry => jobs::retry(platform, id, None).await.map(|row| row.state),
                Wish::Delete => jobs::delete(platform, id).await.map(|()| state),
            };
            match expected(wish, state) {
                Some(after) => assert_eq!(outcome.unwrap(), after, "{wish:?} in {state:?}"),
                None => {
                    assert!(
                        matches!(outcome, Err(Error::Conflict(_))),
                        "{wish:?} in {state:?}: {outcome:?}"
                    );
                    assert_eq!(home.job(id).await.state, state);
                }
            }
        }
    }
}

#[tokio::test]
async fn an_extended_job_searches_on_and_keeps_its_model_meanwhile() {
    let home = home().await;
    let row = home.job_in(job::State::Completed, None).await;
    home.trial(&row, 0, trial::State::Completed).await;
    home.trial(&row, 1, trial::State::Cancelled).await;
    home.trial(&row, 2, trial::State::Failed).await;
    let model = home.model(&row).await;
    let row = jobs::extend(&home.platform, row.id, 30, None).await.unwrap();
    assert_eq!(row.state, job::State::Running);
    assert_eq!((row.settings.budget_seconds, row.settings.seen_trials), (90, 1));
    assert_eq!((row.finished_at, row.finish_requested), (None, false));
    assert_eq!(home.elapsed(&row), 50, "the clock is where the search ended");
    let connection = home.platform.database.connection();
    let left = trial::Entity::find().all(connection).await.unwrap();
    let states: Vec<trial::State> = left.iter().map(|row| row.state).collect();
    assert_eq!(
        states,
        [trial::State::Completed],
        "what was cut short or failed is forgotten"
    );
    let train = home.step(row.id, step::Name::Train).await;
    assert_eq!((train.state, train.attempts), (step::State::Running, 0));
    assert_eq!(
        home.step(row.id, step::Name::Assemble).await.state,
        step::State::Pending
    );

    // Cancelled, it is what it was before.
    let row = jobs::cancel(&home.platform, row.id).await.unwrap();
    assert_eq!((row.state, row.cancel_requested), (job::State::Completed, false));
    assert!(row.notes.0.last().unwrap().contains("stays"), "{:?}", row.notes);
    let kept = model::Entity::find_by_id(model.id).one(connection).await.unwrap();
    assert_eq!(kept, Some(model));
    assert_eq!(
        home.step(row.id, step::Name::Train).await.state,
        step::State::Completed
    );
    // And can be extended again, but not for ever.
    jobs::extend(&home.platform, row.id, 10, None).await.unwrap();
    let refused = jobs::extend(&home.platform, row.id, 86_400, None).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_job_that_is_being_assembled_searches_on_when_it_is_extended() {
    let home = home().await;
    let row = home.job_in(job::State::Finishing, None).await;
    let connection = home.platform.database.connection();
    let payload = Payload::Assemble { job: row.id };
    tasks::enqueue(connection, row.user_id, payload).await.unwrap();
    let claim = home.claim(task::Kind::Assemble).await;
    let row = jobs::extend(&home.platform, row.id, 30, None).await.unwrap();
    assert_eq!(row.state, job::State::Running);
    let late = tasks::complete(connection, &claim).await;
    assert!(
        matches!(late, Err(Error::Lost)),
        "the assembling that was begun writes nothing"
    );
}

#[tokio::test]
async fn a_failed_job_goes_on_at_the_step_that_failed() {
    let home = home().await;
    let assembling = home.job_in(job::State::Failed, Some(step::Name::Assemble)).await;
    home.trial(&assembling, 0, trial::State::Completed).await;
    let row = jobs::retry(&home.platform, assembling.id, None).await.unwrap();
    assert_eq!((row.state, row.error.clone()), (job::State::Finishing, None));
    assert_eq!(home.elapsed(&row), 50, "it has the time that assembling had");
    assert_eq!(
        home.claim(task::Kind::Assemble).await.payload().unwrap(),
        Payload::Assemble { job: row.id }
    );
    assert!(row.prepared_key.is_some());

    let training = home.job_in(job::State::Failed, Some(step::Name::Train)).await;
    home.trial(&training, 0, trial::State::Failed).await;
    let row = jobs::retry(&home.platform, training.id, None).await.unwrap();
    assert_eq!(row.state, job::State::Running);
    assert_eq!(home.elapsed(&row), 5);
    assert!(row.prepared_key.is_some() && row.search_started_at.is_some());
    let trials = trial::Entity::find().filter(trial::Column::JobId.eq(row.id));
    let connection = home.platform.database.connection();
    assert_eq!(
        trials.count(connection).await.unwrap(),
        0,
        "none of them had a model"
    );
}

#[tokio::test]
async fn a_cancelled_job_starts_from_the_beginning() {
    let home = home().await;
    let row = home.job_in(job::State::Cancelled, None).await;
    home.trial(&row, 0, trial::State::Completed).await;
    home.model(&row).await;
    let queued = home.tasks_in(task::State::Queued).await;
    let row = jobs::retry(&home.platform, row.id, None).await.unwrap();
    assert_eq!(row.state, job::State::Queued);
    assert_eq!(
        (row.prepared_key.clone(), row.started_at, row.paused_ms),
        (None, None, 0)
    );
    assert_eq!(home.tasks_in(task::State::Queued).await, queued + 1);
    let connection = home.platform.database.connection();
    assert_eq!(trial::Entity::find().count(connection).await.unwrap(), 0);
    let prepare = home.step(row.id, step::Name::Prepare).await;
    assert_eq!(
        (prepare.state, prepare.started_at, prepare.attempts),
        (step::State::Pending, None, 0)
    );
}

#[tokio::test]
async fn files_of_a_replaced_model_go_after_a_while() {
    let home = home().await;
    let row = home.job_in(job::State::Finishing, None).await;
    let model = home.model(&row).await;
    let connection = home.platform.database.connection();
    let old = jobs::retire_model(connection, row.id).await.unwrap();
    assert_eq!(old.as_ref(), Some(&model));
    let files = artifact::Entity::find().filter(artifact::Column::JobId.eq(row.id));
    assert_eq!(files.count(connection).await.unwrap(), 0);
    let key = Key::parse(&model.model_key).unwrap();
    jobs::remove_obsolete(&home.platform).await.unwrap();
    assert!(
        home.platform.artifacts.get(&key).await.is_ok(),
        "somebody may be loading it"
    );
    let mut due = obsolete_file::Entity::find()
        .one(connection)
        .await
        .unwrap()
        .unwrap()
        .into_active_model();
    due.remove_after = Set(now() - TimeDelta::seconds(1));
    due.update(connection).await.unwrap();
    jobs::remove_obsolete(&home.platform).await.unwrap();
    assert!(matches!(
        home.platform.artifacts.get(&key).await,
        Err(Error::NoArtifact(_))
    ));
    assert_eq!(obsolete_file::Entity::find().count(connection).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_and_a_result_that_meet_end_in_one_state() {
    let home = home().await;
    for _ in 0..20 {
        let row = home.job_in(job::State::Finishing, None).await;
        let (platform, other) = (home.platform.clone(), home.platform.clone());
        let id = row.id;
        let commit = tokio::spawn(async move {
            let transaction = other.database.begin().await.unwrap();
            let row = jobs::lock(&transaction, id).await.unwrap().unwrap();
            let state = row.state.after(job::Event::Complete);
            if let Some(state) = state {
                let mut change = jobs::changed(&row);
                change.state = Set(state);
                change.update(&transaction).await.unwrap();
                transaction.commit().await.unwrap();
            }
            state.is_some()
        });
        let cancel = tokio::spawn(async move { jobs::cancel(&platform, id).await.unwrap().state });
        let (completed, cancelled) = (commit.await.unwrap(), cancel.await.unwrap());
        let end = home.job(id).await.state;
        assert_eq!(end, cancelled);
        assert_eq!(completed, end == job::State::Completed, "never both");
    }
}
