//! How often connections are told on whose behalf they work, and who waits for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use entities::{Viewer, dataset, job};
use harness::Postgres;
use platform::Database;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::setup::{Application, Person};
use crate::{new_database, server};

async fn application(server: &Postgres) -> Application {
    let url = new_database(server);
    let (_, name) = url.rsplit_once('/').expect("a URL");
    let loud = format!("ALTER DATABASE \"{name}\" SET log_statement = 'all'");
    server.query("postgres", &loud).expect("it is loud");
    let application = Application::start_over(Some(url)).await;
    for owner in [&application.ann, &application.bob] {
        let dataset = application.dataset(owner, dataset::State::Ready).await;
        application.job(&dataset, job::State::Completed).await;
    }
    application
}

/// The database as that person sees it.
fn database_of(application: &Application, person: &Person) -> Database {
    let viewer = Viewer::member(person.id);
    application.platform.for_viewer(viewer).database
}

/// Times that some connection was told on that person's behalf.
fn words(server: &Postgres, person: &Person) -> usize {
    let word = format!("SET app.user_id = '{}'", person.id);
    server.log().expect("a log").matches(&word).count()
}

/// Everything that the database shows.
async fn read(database: &Database, owner: &Person) {
    let rows = database.all(job::Entity::find()).await.expect("rows");
    assert!(rows.len() == 1 && rows[0].user_id == owner.id, "{rows:?}");
}

#[tokio::test]
async fn reads_that_follow_closely_share_a_word_and_writes_have_their_own() {
    let server = server();
    let application = application(&server).await;
    let (ann, bob) = (&application.ann, &application.bob);
    let [of_ann, of_bob] = [ann, bob].map(|person| database_of(&application, person));
    let before = [words(&server, ann), words(&server, bob)];
    // In turns: each word goes to a connection of its own.
    for _ in 0..100 {
        read(&of_ann, ann).await;
        read(&of_bob, bob).await;
    }
    let after = [words(&server, ann), words(&server, bob)];
    for (before, after) in before.iter().zip(after) {
        let told = after - before;
        assert!((1..=50).contains(&told), "{told} words for 100 reads");
    }
    // Another time limit is another word.
    read(&of_ann.within(Duration::from_secs(3)), ann).await;
    assert_eq!(words(&server, ann), after[0] + 1);
    for number in 1..=5 {
        let rename = job::Entity::update_many()
            .col_expr(job::Column::Name, Expr::value("again"))
            .filter(job::Column::UserId.eq(ann.id));
        rename.exec(of_ann.connection()).await.expect("a write");
        assert_eq!(words(&server, ann), after[0] + 1 + number);
    }
    // What nobody takes goes back: later everything is told anew.
    let before = words(&server, bob);
    tokio::time::sleep(Duration::from_secs(1)).await;
    read(&of_bob, bob).await;
    assert_eq!(words(&server, bob), before + 1);
    // One reader alone takes the last connection and sets it aside again and again; one task sends it back in the end.
    for _ in 0..100 {
        read(&of_bob, bob).await;
    }
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert!(tasks < 30, "{tasks} tasks");
}

/// Pages are read as fast as can be, by more than there are connections, and a transaction waits for none of them for long.
#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_let_in() {
    let server = server();
    let application = Arc::new(application(&server).await);
    let (is_over, reads) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut readers = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (application, is_over, reads) = (application.clone(), is_over.clone(), reads.clone());
        readers.spawn(async move {
            let owner = match number % 3 {
                0 => &application.bob,
                _ => &application.ann,
            };
            let database = database_of(&application, owner);
            while !is_over.load(Ordering::Relaxed) {
                read(&database, owner).await;
                reads.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let mut longest = Duration::ZERO;
    for _ in 0..40 {
        let began = Instant::now();
        let transaction = application.platform.database.begin().await.expect("let in");
        longest = longest.max(began.elapsed());
        transaction
            .execute_unprepared("SELECT 1")
            .await
            .expect("it answers");
        transaction.rollback().await.expect("over");
    }
    is_over.store(true, Ordering::Relaxed);
    while let Some(ended) = readers.join_next().await {
        ended.expect("each sees their own");
    }
    assert!(longest < Duration::from_secs(3), "{longest:?}");
    assert!(reads.load(Ordering::Relaxed) > 40);
}
