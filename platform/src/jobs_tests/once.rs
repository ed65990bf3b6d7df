//! One change a key, and not more jobs than one may have.

use chrono::TimeDelta;
use entities::idempotency as keys;
use sea_orm::PaginatorTrait;
use tokio::task::JoinSet;

use super::*;
use crate::idempotency::{self, Request};

async fn count(home: &Home) -> u64 {
    job::Entity::find()
        .count(home.platform.database.connection())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_requests_with_one_key_make_one_job() {
    let home = home().await;
    let dataset = home.dataset().await;
    let mut asking = JoinSet::new();
    for _ in 0..100 {
        let platform = home.platform.clone();
        let new = home.new_job(dataset.id);
        let request = Request::new(home.user_id, "k", "createJob", "the same");
        asking.spawn(async move { jobs::create_once(&platform, new, Some(&request)).await });
    }
    let mut answers = Vec::new();
    while let Some(answer) = asking.join_next().await {
        answers.push(answer.unwrap().unwrap());
    }
    assert_eq!(count(&home).await, 1);
    assert_eq!(home.tasks_in(task::State::Queued).await, 2, "profile and prepare");
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_user_for_a_day() {
    let home = home().await;
    let dataset = home.dataset().await;
    let create = async |request: &Request| {
        jobs::create_once(&home.platform, home.new_job(dataset.id), Some(request)).await
    };
    let first = Request::new(home.user_id, "k", "createJob", "this");
    let row = create(&first).await.unwrap();
    let other = Request::new(home.user_id, "k", "createJob", "that");
    assert!(matches!(create(&other).await, Err(Error::KeyReused)));
    let operation = Request::new(home.user_id, "k", "cloneJob", "this");
    assert!(matches!(create(&operation).await, Err(Error::KeyReused)));
    assert_eq!(count(&home).await, 1, "a refused request changes nothing");

    let connection = home.platform.database.connection();
    let now = crate::database::now();
    assert_eq!(
        idempotency::answered(connection, Some(&first)).await.unwrap(),
        Some(row.id)
    );
    let stranger = Request::new(Uuid::now_v7(), "k", "createJob", "this");
    assert_eq!(
        idempotency::answered(connection, Some(&stranger)).await.unwrap(),
        None
    );
    idempotency::forget_old(connection, now + TimeDelta::hours(23))
        .await
        .unwrap();
    assert_eq!(keys::Entity::find().count(connection).await.unwrap(), 1);
    idempotency::forget_old(connection, now + TimeDelta::hours(25))
        .await
        .unwrap();
    assert_eq!(keys::Entity::find().count(connection).await.unwrap(), 0);
    assert_ne!(create(&first).await.unwrap().id, row.id);
}

#[tokio::test]
async fn a_key_of_a_request_that_was_refused_is_free() {
    let home = home().await;
    let dataset = home.dataset().await;
    let request = Request::new(home.user_id, "k", "createJob", "this");
    let foreign = home.new_job(Uuid::now_v7());
    let refused = jobs::create_once(&home.platform, foreign, Some(&request)).await;
    assert!(matches!(refused, Err(Error::Gone)));
    let new = home.new_job(dataset.id);
    jobs::create_once(&home.platform, new, Some(&request))
        .await
        .unwrap();
}

#[tokio::test]
async fn extending_with_a_key_adds_once() {
    let home = home().await;
    let dataset = home.dataset().await;
    let id = jobs::create(&home.platform, home.new_job(dataset.id))
        .await
        .unwrap()
        .id;
    let request = Request::new(home.user_id, "k", "extendJob", "30");
    for _ in 0..3 {
        let row = jobs::extend(&home.platform, id, 30, Some(&request))
            .await
            .unwrap();
        assert_eq!((row.settings.budget_seconds, row.version), (90, 2));
    }
    assert!(matches!(
        jobs::retry(
            &home.platform,
            id,
            Some(&Request::new(home.user_id, "k", "retryJob", ""))
        )
        .await,
        Err(Error::KeyReused)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_so_many_unfinished_jobs_and_no_more() {
    let home = home_with(|settings| settings.jobs_per_user = 3).await;
    let dataset = home.dataset().await;
    let mut asking = JoinSet::new();
    for _ in 0..12 {
        let (platform, new) = (home.platform.clone(), home.new_job(dataset.id));
        asking.spawn(async move { jobs::create(&platform, new).await });
    }
    let mut made = Vec::new();
    while let Some(answer) = asking.join_next().await {
        match answer.unwrap() {
            Ok(row) => made.push(row.id),
            Err(Error::QueueFull {
                position: 4,
                limit: 3,
            }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((made.len(), count(&home).await), (3, 3));
    jobs::cancel(&home.platform, made[0]).await.unwrap();
    let row = jobs::create(&home.platform, home.new_job(dataset.id))
        .await
        .unwrap();
    assert!(matches!(
        jobs::retry(&home.platform, made[0], None).await,
        Err(Error::QueueFull { .. })
    ));
    jobs::extend(&home.platform, row.id, 10, None)
        .await
        .expect("one that is in the queue already takes no further place");
}
