//! Row-level security: what one person's connection can see and write, whatever the statement says and whatever became of the
//! request before.

use std::time::Duration;

use entities::{Viewer, dataset, job};
use platform::{Database, Platform};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, Set,
    Statement,
};
use uuid::Uuid;

use crate::setup::{Application, Person};
use crate::{new_database, server};

async fn text(database: &Database, sql: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let rows = database.connection().query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get::<String>("", "line")).collect()
}

fn as_seen_by(application: &Application, person: &Person) -> Platform {
    application.platform.for_viewer(Viewer::member(person.id))
}

/// A dataset, a job with two trials and a model.
async fn work_of(application: &Application, owner: &Person) -> job::Model {
    let dataset = application.dataset(owner, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Completed).await;
    application.trial(&row, 0, Some(1.0)).await;
    application.trial(&row, 1, Some(0.5)).await;
    application.model(&row).await;
    row
}

#[tokio::test]
async fn every_table_that_belongs_to_somebody_is_walled() {
    let server = server();
    let application = Application::start_over(Some(new_database(&server))).await;
    let database = &application.platform.database;
    // A row that refers to somebody's row is somebody's, whatever its columns are called.
    let open = "SELECT DISTINCT c.relname::text AS line FROM pg_class c \
        LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' \
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace \
        AND (c.relname = 'user' OR f.oid IS NOT NULL) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)";
    assert_eq!(text(database, open).await.unwrap(), Vec::<String>::new());
    let policies = "SELECT tablename::text AS line FROM pg_policies ORDER BY 1";
    let walled = text(database, policies).await.unwrap();
    for name in [
        "user", "token", "dataset", "job", "step", "trial", "model", "artifact", "mail", "task", "webhook",
    ] {
        assert!(
            walled.iter().any(|table| table == name),
            "{name} is not among {walled:?}"
        );
    }
    assert!(!database.is_past_row_security().await.unwrap());
    let name = database_name(database).await;
    let keeper = Database::connect(&server.keeper_url(&name)).await.unwrap();
    assert!(
        keeper.is_past_row_security().await.unwrap(),
        "a superuser is told apart"
    );
}

async fn database_name(database: &Database) -> String {
    text(database, "SELECT current_database()::text AS line")
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn a_statement_without_any_filter_shows_the_viewer_s_rows_only() {
    let server = server();
    let application = Application::start_over(Some(new_database(&server))).await;
    let mine = work_of(&application, &application.ann).await;
    let theirs = work_of(&application, &application.bob).await;
    let platform = as_seen_by(&application, &application.ann);
    let connection = platform.database.connection();
    let rows = job::Entity::find().all(connection).await.unwrap();
    assert_eq!(rows, std::slice::from_ref(&mine));
    let rows = job::Entity::find_by_id(theirs.id).one(connection).await.unwrap();
    assert_eq!(rows, None);
    // Inside a transaction as well, and through what is joined.
    let transaction = platform.database.begin().await.unwrap();
    assert_eq!(job::Entity::find().count(&transaction).await.unwrap(), 1);
    assert_eq!(
        entities::trial::Entity::find().count(&transaction).await.unwrap(),
        2
    );
    transaction.commit().await.unwrap();
    // Every table: what two people see together is all there is, and a stranger sees nothing.
    let everything = &application.platform.database;
    let ann = &platform.database;
    let bob = as_seen_by(&application, &application.bob).database;
    let stranger = application
        .platform
        .for_viewer(Viewer::member(Uuid::now_v7()))
        .database;
    let tables = text(
        everything,
        "SELECT tablename::text AS line FROM pg_policies ORDER BY 1",
    )
    .await
    .unwrap();
    assert!(tables.len() >= 14, "{tables:?}");
    for table in tables {
        let all = format!("SELECT \"{table}\"::text AS line FROM \"{table}\" ORDER BY 1");
        let mut seen = text(ann, &all).await.unwrap();
        let of_bob = text(&bob, &all).await.unwrap();
        assert!(of_bob.iter().all(|row| !seen.contains(row)), "{table}");
        seen.extend(of_bob);
        seen.sort();
        let mut whole = text(everything, &all).await.unwrap();
        whole.sort();
        assert_eq!(seen, whole, "{table}");
        assert_eq!(
            text(&stranger, &all).await.unwrap(),
            Vec::<String>::new(),
            "{table}"
        );
    }
    assert_eq!(
        text(&platform.as_admin().database, "SELECT id::text AS line FROM job")
            .await
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nothing_of_another_s_is_written() {
    let server = server();
    let application = Application::start_over(Some(new_database(&server))).await;
    let mine = work_of(&application, &application.ann).await;
    let theirs = work_of(&application, &application.bob).await;
    let platform = as_seen_by(&application, &application.ann);
    let connection = platform.database.connection();
    let renamed = job::Entity::update_many()
        .col_expr(job::Column::Name, Expr::value("renamed"))
        .exec(connection)
        .await
        .unwrap();
    assert_eq!(renamed.rows_affected, 1);
    let trials = entities::trial::Entity::delete_many()
        .exec(connection)
        .await
        .unwrap();
    assert_eq!(trials.rows_affected, 2);
    // A row for somebody else, and a row of one's own given away.
    let dataset = application.dataset(&application.bob, dataset::State::Ready).await;
    let mut given = dataset.clone().into_active_model().reset_all();
    given.id = Set(Uuid::now_v7());
    let refused = given.insert(connection).await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
    let mut given = mine.clone().into_active_model();
    given.user_id = Set(application.bob.id);
    let refused = given.update(connection).await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
    // A row below another's job, which has no owner of its own.
    let mut step = entities::step::ActiveModel::from(step_of(theirs.id));
    step = step.reset_all();
    let refused = entities::step::Entity::insert(step)
        .exec_without_returning(connection)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
    let everything = application.platform.database.connection();
    let row = job::Entity::find_by_id(theirs.id).one(everything).await.unwrap();
    assert_eq!(row, Some(theirs));
}

fn step_of(job_id: Uuid) -> entities::step::Model {
    entities::step::Model {
        job_id,
        name: entities::step::Name::Train,
        position: 2,
        state: entities::step::State::Pending,
        started_at: None,
        finished_at: None,
        error: None,
        attempts: 0,
        retry_at: None,
    }
}

/// Whatever happens to a request, the next one that gets its connection is told anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dropped_and_panicking_requests_leave_nothing_behind() {
    let server = server();
    let application = Application::start_over(Some(new_database(&server))).await;
    let mine = work_of(&application, &application.ann).await;
    let theirs = work_of(&application, &application.bob).await;
    let ann = as_seen_by(&application, &application.ann).database;
    let bob = as_seen_by(&application, &application.bob).database;
    let everything = application.platform.database.clone();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..600_u64 {
        let (ann, bob, everything) = (ann.clone(), bob.clone(), everything.clone());
        let expected = [vec![mine.id], vec![theirs.id]];
        tasks.spawn(async move {
            let (database, wanted) = match number % 3 {
                0 => (&ann, expected[0].clone()),
                1 => (&bob, expected[1].clone()),
                _ => (&everything, [expected[0].clone(), expected[1].clone()].concat()),
            };
            // A request that is given up at any moment, some in the middle of a transaction, some by a panic.
            let doomed = database.clone();
            let work = async move {
                let transaction = doomed.begin().await?;
                job::Entity::find().all(&transaction).await?;
                transaction.execute_unprepared("SELECT pg_sleep(0.002)").await?;
                assert!(number % 7 != 0, "as a bug would");
                job::Entity::find().all(doomed.connection()).await
            };
            let moment = Duration::from_micros(number * 37 % 6000);
            let spawned = tokio::spawn(async move {
                // Some are in time.
                let _ = tokio::time::timeout(moment, work).await;
            });
            // A panic ends its own task only.
            let _ = spawned.await;
            let rows = job::Entity::find()
                .all(database.connection())
                .await
                .expect("rows");
            let mut seen: Vec<Uuid> = rows.into_iter().map(|row| row.id).collect();
            seen.sort();
            let mut wanted = wanted;
            wanted.sort();
            assert_eq!(seen, wanted, "request {number}");
        });
        if number % 24 == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("each request sees its own rows");
    }
}

/// Connections that die are replaced by ones that are told as well.
#[tokio::test]
async fn new_connections_are_told_too() {
    let server = server();
    let application = Application::start_over(Some(new_database(&server))).await;
    work_of(&application, &application.ann).await;
    work_of(&application, &application.bob).await;
    let bob = as_seen_by(&application, &application.bob).database;
    let name = database_name(&application.platform.database).await;
    for _ in 0..5 {
        let cut = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        server.query("postgres", &cut).unwrap();
        let rows = job::Entity::find().all(bob.connection()).await.unwrap();
        assert!(
            rows.len() == 1 && rows[0].user_id == application.bob.id,
            "{rows:?}"
        );
    }
}
