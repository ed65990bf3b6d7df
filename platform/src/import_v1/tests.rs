//! Over `test_database`: SQLite, or Postgres where a server is named.

mod home;

use entities::{dataset, job, job_tag, step, task, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use serde_json::json;

use super::*;
use crate::audit::{self, verify};
use crate::database::now;
use crate::{accounts, default_data, jobs};
use home::{a_dataset, a_job, home};

fn counts(read: u64, imported: u64, there: u64) -> Counts {
    Counts {
        read,
        imported,
        there,
    }
}

#[tokio::test]
async fn both_tables_come_in_once() {
    let home = home().await;
    home.write(
        &[
            a_job("j", "d"),
            a_dataset("d", "a.csv", 8),
            a_dataset("d", "a.csv", 8),
            a_job("j", "d"),
        ],
        &[("datasets/d/a.csv", "a,b\n1,2\n")],
    );
    let dry = home.import(true).await;
    assert_eq!(
        (dry.datasets, dry.jobs, dry.bytes),
        (counts(2, 1, 1), counts(2, 1, 1), 8)
    );
    assert_eq!(home.datasets().await, []);
    let connection = home.platform.database.connection();
    assert_eq!(user::Entity::find().count(connection).await.unwrap(), 0);

    let first = home.import(false).await;
    assert_eq!(
        (first.datasets, first.jobs, first.skips.count),
        (counts(2, 1, 1), counts(2, 1, 1), 0)
    );
    let again = home.import(false).await;
    assert_eq!(
        (again.datasets, again.jobs, again.skips.count),
        (counts(2, 0, 2), counts(2, 0, 2), 0)
    );
    assert_eq!((home.datasets().await.len(), home.jobs().await.len()), (1, 1));
}

#[tokio::test]
async fn datasets_are_read_anew_and_jobs_have_no_model() {
    let home = home().await;
    home.write(
        &[a_job("j", "d"), a_dataset("d", "a.csv", 8)],
        &[("datasets/d/a.csv", "a,b\n1,2\n")],
    );
    home.import(false).await;
    let connection = home.platform.database.connection();
    let [row] = &home.datasets().await[..] else {
        panic!("one dataset")
    };
    assert_eq!(
        (row.name.as_str(), row.file_name.as_str(), row.size_bytes),
        ("a", "a.csv", 8)
    );
    assert_eq!(row.state, dataset::State::Profiling);
    assert_eq!(row.created_at.to_rfc3339(), "2025-12-01T10:00:00.250+00:00");
    let key = crate::artifacts::Key::parse(&row.source_key).unwrap();
    assert_eq!(home.platform.artifacts.get(&key).await.unwrap(), b"a,b\n1,2\n");
    let tasks = task::Entity::find().all(connection).await.unwrap();
    assert_eq!(
        tasks
            .iter()
            .map(|task| (task.kind, task.dataset_id))
            .collect::<Vec<_>>(),
        [(task::Kind::Profile, Some(row.id))]
    );

    let [job] = &home.jobs().await[..] else {
        panic!("one job")
    };
    assert_eq!(
        (job.state, job.dataset_id, job.score),
        (job::State::Failed, row.id, None)
    );
    assert!(job.error.as_deref().unwrap().contains("pickle"), "{job:?}");
    assert_eq!(
        (job.name.as_str(), job.target.as_str(), job.annotation.as_deref()),
        ("a · b", "b", Some("mine"))
    );
    assert_eq!(job.settings.budget_seconds, 120);
    assert!(
        job.notes.0[0].contains("accuracy 0.9375, best_estimator lgbm"),
        "{:?}",
        job.notes
    );
    assert_eq!(
        job.finished_at.unwrap() - job.created_at,
        chrono::TimeDelta::minutes(3)
    );
    let tags = job_tag::Entity::find().all(connection).await.unwrap();
    assert_eq!(
        tags.iter().map(|tag| tag.tag.as_str()).collect::<Vec<_>>(),
        ["base"]
    );
    let steps = step::Entity::find().all(connection).await.unwrap();
    assert!(steps.len() == 5 && steps.iter().all(|step| step.state == step::State::Skipped));

    // The account of the first start is older, and stays the one of the first start.
    let owner = accounts::owner(&home.platform).await.unwrap();
    assert_ne!((owner.name.as_str(), owner.id), ("default", row.user_id));
    let log = audit::newest(&home.platform.database, 10).await.unwrap();
    assert_eq!(
        log.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(),
        ["DATA_IMPORTED"; 2]
    );
    assert_eq!(log[1].reason.as_deref(), Some("they came"));
    assert!(
        verify::verify(&home.platform.database, None)
            .await
            .unwrap()
            .is_ok()
    );
}

#[tokio::test]
async fn what_is_imported_is_claimed_and_trained_again() {
    let home = home().await;
    home.write(
        &[a_dataset("d", "a.csv", 8), a_job("j", "d")],
        &[("d/a.csv", "a,b\n1,2\n")],
    );
    home.import(false).await;
    let connection = home.platform.database.connection();
    let ada = user::Model::new(Uuid::now_v7(), "Ada", now()).into_active_model();
    let ada = ada.insert(connection).await.unwrap().id;
    let claim = default_data::claim(&home.platform, ada, "hers").await.unwrap();
    assert_eq!(claim, Err(default_data::Refused::Unfinished), "it is being read");
    let done = task::ActiveModel {
        state: Set(task::State::Done),
        ..Default::default()
    };
    task::Entity::update_many()
        .set(done)
        .exec(connection)
        .await
        .unwrap();
    let ready = dataset::ActiveModel {
        state: Set(dataset::State::Ready),
        ..Default::default()
    };
    dataset::Entity::update_many()
        .set(ready)
        .exec(connection)
        .await
        .unwrap();
    assert!(
        default_data::claim(&home.platform, ada, "hers")
            .await
            .unwrap()
            .is_ok()
    );
    // A job that an export of a later day has besides goes to whoever has the dataset by now.
    home.write(
        &[a_dataset("d", "a.csv", 8), a_job("j", "d"), a_job("k", "d")],
        &[],
    );
    let report = home.import(false).await;
    assert_eq!((report.datasets, report.jobs), (counts(1, 0, 1), counts(2, 1, 1)));
    let rows = home.jobs().await;
    assert!(
        rows.len() == 2 && rows.iter().all(|row| row.user_id == ada),
        "{rows:?}"
    );
    let again = jobs::retry(&home.platform, rows[0].id, None).await.unwrap();
    assert_eq!((again.state, again.error), (job::State::Queued, None));
    let open = step::Entity::find()
        .filter(step::Column::JobId.eq(again.id))
        .filter(step::Column::State.eq(step::State::Pending));
    assert_eq!(open.count(connection).await.unwrap(), 3);
}

#[tokio::test]
async fn what_cannot_come_in_says_why_and_the_rest_does() {
    let home = home().await;
    let mut odd = a_dataset("odd", "o.csv", 4);
    odd["colour"] = json!("red");
    home.write(
        &[
            a_dataset("gone", "a.csv", 8),
            a_dataset("short", "a.csv", 9),
            a_dataset("large", "a.csv", 60),
            a_dataset("empty", "a.csv", 0),
            a_dataset("../files/datasets/odd", "a.csv", 1),
            a_job("orphan", "gone"),
            odd,
            json!({ "thing": 1 }),
        ],
        &[
            ("datasets/short/a.csv", "a,b\n1,2\n"),
            ("datasets/large/a.csv", &"a".repeat(60)),
            ("datasets/empty/a.csv", ""),
            ("datasets/odd/other name.csv", "a\n1\n"),
        ],
    );
    let report = home.import(false).await;
    assert_eq!((report.datasets, report.jobs), (counts(6, 1, 0), counts(1, 0, 0)));
    assert_eq!(
        report.unknown.into_iter().collect::<Vec<_>>(),
        [("dataset.colour".to_owned(), 1)]
    );
    assert_eq!(report.skips.count, 7);
    for (id, word) in [
        ("gone", "no file"),
        ("short", "8 bytes, and 9"),
        ("large", "AUTOML_UPLOAD_LIMIT"),
        ("empty", "no bytes"),
        ("../files/datasets/odd", "dataset_id"),
        ("orphan", "gone is not there"),
    ] {
        let skip = report
            .skips
            .listed
            .iter()
            .find(|skip| skip.id.as_deref() == Some(id));
        assert!(skip.unwrap().reason.contains(word), "{id}: {skip:?}");
    }
    // Later the file is found again, and the job comes with it.
    home.write(
        &[a_dataset("gone", "a.csv", 8), a_job("orphan", "gone")],
        &[("datasets/gone/a.csv", "a,b\n1,2\n")],
    );
    let report = home.import(false).await;
    assert_eq!(
        (report.datasets, report.jobs, report.skips.count),
        (counts(1, 1, 0), counts(1, 1, 0), 0)
    );
}

#[tokio::test]
async fn many_jobs_come_in_groups() {
    let home = home().await;
    let mut items = vec![a_dataset("d", "a.csv", 8)];
    for number in 0..205 {
        items.push(a_job(&format!("j-{number}"), "d"));
    }
    home.write(&items, &[("datasets/d/a.csv", "a,b\n1,2\n")]);
    assert_eq!(home.import(false).await.jobs, counts(205, 205, 0));
    assert_eq!(home.import(false).await.jobs, counts(205, 0, 205));
    let log = audit::newest(&home.platform.database, 10).await.unwrap();
    assert_eq!(log.len(), 4);
}

#[test]
fn ids_lie_where_their_rows_were_made_and_stay() {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
    let early = row_id("job", "a", at("2025-01-01T00:00:00Z"));
    assert_eq!(early, row_id("job", "a", at("2025-01-01T00:00:00Z")));
    assert_ne!(early, row_id("dataset", "a", at("2025-01-01T00:00:00Z")));
    assert!(early < row_id("job", "b", at("2025-01-01T00:00:00.001Z")));
    assert_eq!(early.get_version_num(), 7);
}
