//! Mail over a real database and a real HTTP double of SES: each fault of the mail service, and what it may cost. A mail goes
//! out once; twice at the most, and only where nobody can know.

mod accounts;
mod double;
mod logged;
mod office;
mod receiver;
mod webhook;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use double::{Answer, Double};
use entities::{job, mail, step};
use migration::MigratorTrait;
use office::{ADDRESS, Office, WAITS};
use sea_orm::{EntityTrait, Set};
use worker::notify;
use worker::notify::mail::Waits;

const SOON: Duration = Duration::from_secs(10);

/// How often each mail was taken.
fn counts(double: &Double) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for taken in double.taken() {
        assert_eq!(taken.to, ADDRESS);
        *counts.entry(taken.reference).or_insert(0) += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_is_told_once_by_many_senders() {
    let double = Double::start().await;
    let office = Office::over(&double).await;
    let senders: Vec<_> = (0..4).map(|n| office.sender(&format!("s{n}"), WAITS)).collect();
    let mut jobs = Vec::new();
    for number in 0..20 {
        let state = if number % 2 == 0 {
            job::State::Completed
        } else {
            job::State::Failed
        };
        jobs.push(office.ended(state).await);
    }
    let rows = office.settled(SOON).await;
    assert_eq!(rows.len(), 20);
    assert!(
        rows.iter()
            .all(|row| row.state == mail::State::Sent && row.attempts == 1)
    );
    assert!(
        rows.iter()
            .all(|row| row.message_id == Some(format!("id-{}", row.id.simple())))
    );
    assert_eq!(counts(&double).len(), 20);
    assert!(counts(&double).values().all(|count| *count == 1));
    for row in jobs {
        let step = office.step(row.id).await;
        assert_eq!(step.state, step::State::Completed);
        assert!(step.finished_at.is_some());
        let now = office.job(row.id).await;
        assert!(now.version > row.version, "watchers are told");
        assert_eq!(
            (now.state, now.error),
            (row.state, row.error),
            "the result is untouched"
        );
    }
    for sender in senders {
        sender.stop().await;
    }
}

/// What becomes of so many messages: every third one meets some trouble, by a seed.
fn storm(seed: u64, messages: usize) -> Vec<Answer> {
    const TROUBLES: [Answer; 5] = [
        Answer::Throttle,
        Answer::Unavailable,
        Answer::TakeAndHangUp,
        Answer::TakeAndFault,
        Answer::TakeAndStall(Duration::from_millis(50)),
    ];
    let mut state = seed;
    let mut drawn = || {
        // Knuth's linear congruential generator (MMIX); its high bits are good.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut answers = Vec::new();
    for _ in 0..messages {
        let is_trouble = drawn() % 3 == 0;
        answers.push(if is_trouble {
            TROUBLES[drawn() % 5]
        } else {
            Answer::Take
        });
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_costs_a_second_mail_only_in_doubt() {
    for seed in 1..=3 {
        let double = Double::start().await;
        double.script(&storm(seed, 300));
        let office = Office::over(&double).await;
        let senders: Vec<_> = (0..3).map(|n| office.sender(&format!("s{n}"), WAITS)).collect();
        for _ in 0..12 {
            office.ended(job::State::Completed).await;
        }
        let rows = office.settled(Duration::from_secs(60)).await;
        assert_eq!(rows.len(), 12);
        let taken = counts(&double);
        for row in &rows {
            let taken = taken
                .get(&row.id.simple().to_string())
                .copied()
                .unwrap_or_default();
            // One that was doubted twice is given up, and that is not a doubt to be waited out.
            assert_eq!(taken, row.doubts as usize + 1, "seed {seed}: {row:?}");
            assert!(
                taken == 2 || row.state == mail::State::Sent,
                "seed {seed}: {row:?}"
            );
        }
        assert!(double.calls() > 12, "seed {seed}: nothing went wrong");
        for sender in senders {
            sender.stop().await;
        }
    }
}

#[tokio::test]
async fn ending_again_tells_nothing_again() {
    let double = Double::start().await;
    let office = Office::over(&double).await;
    let sender = office.sender("s", WAITS);
    let row = office.ended(job::State::Completed).await;
    office.settled(SOON).await;
    for _ in 0..3 {
        let transaction = office.platform.database.begin().await.unwrap();
        notify::queue(&transaction, &row).await.unwrap();
        transaction.commit().await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(office.mails().await.len(), 1);
    assert_eq!(double.calls(), 1);
    assert_eq!(office.step(row.id).await.state, step::State::Completed);
    sender.stop().await;
}

#[tokio::test]
async fn a_rollback_tells_nothing() {
    let double = Double::start().await;
    let office = Office::over(&double).await;
    let row = office.ended(job::State::Completed).await;
    let sender = office.sender("s", WAITS);
    office.settled(SOON).await;
    let transaction = office.platform.database.begin().await.unwrap();
    let failed = job::Model {
        state: job::State::Failed,
        ..row
    };
    notify::queue(&transaction, &failed).await.unwrap();
    transaction.rollback().await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!((office.mails().await.len(), double.calls()), (1, 1));
    sender.stop().await;
}

#[tokio::test]
async fn throttling_is_waited_out() {
    let double = Double::start().await;
    double.script(&[
        Answer::Throttle,
        Answer::Throttle,
        Answer::Throttle,
        Answer::Unavailable,
    ]);
    let office = Office::over(&double).await;
    office.ended(job::State::Completed).await;
    office.ended(job::State::Failed).await;
    let sender = office.sender("s", WAITS);
    let rows = office.settled(SOON).await;
    assert!(rows.iter().all(|row| row.state == mail::State::Sent), "{rows:?}");
    assert_eq!((double.calls(), double.taken().len()), (6, 2));
    let failures: i32 = rows.iter().map(|row| row.failures).sum();
    assert_eq!(failures, 1, "waiting for one's turn is no failure");
    sender.stop().await;
}

#[tokio::test]
async fn a_backlog_drains_as_the_daily_quota_allows() {
    let double = Double::start().await;
    double.limit(1000.0, 2);
    let office = Office::over(&double).await;
    for _ in 0..5 {
        office.ended(job::State::Completed).await;
    }
    let sender = office.sender("s", WAITS);
    let sent = |wanted: usize| {
        move |rows: &[mail::Model]| rows.iter().filter(|row| row.state == mail::State::Sent).count() == wanted
    };
    office.until(SOON, sent(2)).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(double.taken().len(), 2);
    let offered = double.calls();
    assert!(
        offered <= 3,
        "a full day is asked about, not run against: {offered}"
    );
    double.limit(1000.0, 4);
    office.until(SOON, sent(4)).await;
    double.limit(1000.0, 100);
    let rows = office.settled(SOON).await;
    assert!(sent(5)(&rows), "{rows:?}");
    assert!(counts(&double).values().all(|count| *count == 1));
    sender.stop().await;
}

#[tokio::test]
async fn the_rate_holds_for_all_senders_together() {
    let double = Double::start().await;
    double.limit(5.0, 1000);
    let office = Office::over(&double).await;
    for _ in 0..12 {
        office.ended(job::State::Completed).await;
    }
    let senders: Vec<_> = (0..3).map(|n| office.sender(&format!("s{n}"), WAITS)).collect();
    let began = Instant::now();
    office.settled(SOON).await;
    assert!(
        began.elapsed() >= Duration::from_millis(1800),
        "12 at 5 a second take over two"
    );
    let taken = double.taken();
    for first in &taken {
        let window = Duration::from_millis(900);
        let within = taken
            .iter()
            .filter(|other| other.at >= first.at && other.at - first.at < window)
            .count();
        assert!(within <= 6, "{within} within {window:?}");
    }
    for sender in senders {
        sender.stop().await;
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_holds_up_nobody() {
    let double = Double::start().await;
    double.script(&[Answer::Reject]);
    let office = Office::over(&double).await;
    let first = office.ended(job::State::Completed).await;
    office.ended(job::State::Completed).await;
    let sender = office.sender("s", WAITS);
    let rows = office.settled(SOON).await;
    assert_eq!(
        rows.iter().map(|row| row.state).collect::<Vec<_>>(),
        [mail::State::Failed, mail::State::Sent]
    );
    let reason = rows[0].error.as_deref().unwrap();
    assert!(reason.contains("MessageRejected"), "{reason}");
    let step = office.step(first.id).await;
    assert_eq!(
        (step.state, step.error.as_deref()),
        (step::State::Failed, Some(reason))
    );
    assert_eq!(office.job(first.id).await.state, job::State::Completed);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(double.calls(), 2);
    sender.stop().await;
}

/// What may be known is not left in doubt: two that were taken without an answer, one of them twice.
async fn in_doubt(first: &[Answer], wait: Duration, expected: (mail::State, usize)) {
    let double = Double::start().await;
    double.script(first);
    let office = Office::over(&double).await;
    office.ended(job::State::Completed).await;
    let sender = office.sender("s", WAITS);
    office
        .until(wait, |rows| {
            rows[0].doubts == 1 && rows[0].state == mail::State::Queued
        })
        .await;
    let doubted = Instant::now();
    tokio::time::sleep(WAITS.doubt / 2).await;
    assert_eq!(double.taken().len(), 1, "not while it may still arrive");
    let rows = office.settled(wait + SOON).await;
    assert!(doubted.elapsed() >= WAITS.doubt - Duration::from_millis(300));
    assert_eq!((rows[0].state, double.taken().len()), expected, "{rows:?}");
    tokio::time::sleep(WAITS.doubt + Duration::from_millis(300)).await;
    assert_eq!(double.taken().len(), expected.1, "never a third time");
    sender.stop().await;
}

#[tokio::test]
async fn taken_and_hung_up_is_sent_once_more() {
    in_doubt(&[Answer::TakeAndHangUp], SOON, (mail::State::Sent, 2)).await;
}

#[tokio::test]
async fn taken_and_silent_is_sent_once_more() {
    let stall = Answer::TakeAndStall(Duration::from_secs(40));
    in_doubt(&[stall], Duration::from_secs(25), (mail::State::Sent, 2)).await;
}

#[tokio::test]
async fn taken_twice_in_doubt_is_not_sent_a_third_time() {
    in_doubt(
        &[Answer::TakeAndFault, Answer::TakeAndHangUp],
        SOON,
        (mail::State::Failed, 2),
    )
    .await;
}

#[tokio::test]
async fn a_sender_that_dies_between_call_and_store_costs_one_more_at_most() {
    let double = Double::start().await;
    double.script(&[Answer::TakeAndStall(Duration::from_secs(60))]);
    let office = Office::over(&double).await;
    office.ended(job::State::Completed).await;
    let waits = Waits {
        lease: Duration::from_millis(1200),
        ..WAITS
    };
    let sender = office.sender("first", waits);
    office
        .until(SOON, |rows| rows[0].state == mail::State::Sending)
        .await;
    while double.taken().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sender.kill().await;
    let sender = office.sender("second", waits);
    let rows = office.settled(SOON).await;
    assert_eq!(
        (rows[0].state, rows[0].doubts),
        (mail::State::Sent, 1),
        "{rows:?}"
    );
    assert_eq!(rows[0].attempts, 2);
    assert_eq!(double.taken().len(), 2);
    sender.stop().await;
}

#[tokio::test]
async fn what_is_not_wanted_is_not_sent() {
    let double = Double::start().await;
    let office = Office::over(&double).await;
    office.change_user(|user| user.mail_failed = Set(false)).await;
    office.ended(job::State::Failed).await;
    let kept = office.ended(job::State::Completed).await;
    office.change_user(|user| user.email = Set(None)).await;
    let silent = office.ended(job::State::Completed).await;
    // A mail that is queued already goes nowhere once the address is gone.
    let sender = office.sender("s", WAITS);
    let rows = office.settled(SOON).await;
    assert!(
        rows.iter().all(|row| row.state == mail::State::Skipped),
        "{rows:?}"
    );
    let reasons: Vec<_> = rows.iter().map(|row| row.error.as_deref().unwrap()).collect();
    assert_eq!(
        reasons,
        [
            "this kind of mail is switched off in the settings",
            "there is no mail address in the settings",
            "there is no mail address in the settings",
        ]
    );
    assert_eq!(double.calls(), 0);
    for id in [kept.id, silent.id] {
        let step = office.step(id).await;
        assert_eq!(step.state, step::State::Skipped);
        assert!(step.error.unwrap().contains("no mail address"));
        assert_eq!(office.job(id).await.state, job::State::Completed);
    }
    sender.stop().await;
}

#[tokio::test]
async fn a_deleted_job_takes_its_mail_with_it() {
    let double = Double::start().await;
    let office = Office::over(&double).await;
    let row = office.ended(job::State::Completed).await;
    job::Entity::delete_by_id(row.id)
        .exec(office.platform.database.connection())
        .await
        .unwrap();
    let sender = office.sender("s", WAITS);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((office.mails().await.len(), double.calls()), (0, 0));
    sender.stop().await;
}

#[tokio::test]
async fn jobs_from_before_get_the_step() {
    let double = Double::start().await;
    let office = Office::over(&double).await;
    let row = office.ended(job::State::Completed).await;
    let connection = office.platform.database.connection();
    let migrations = migration::Migrator::migrations();
    let own = migrations
        .iter()
        .position(|one| one.name() == "m20261124_000003_mail")
        .unwrap();
    let later = migrations.len() - own;
    migration::Migrator::down(connection, Some(later as u32))
        .await
        .unwrap();
    // By a connection that has seen nothing yet: SQLite looks for columns of the same name in what a connection remembers.
    let url = office.platform.settings.database_url();
    let fresh = platform::Database::connect(url.expose()).await.unwrap();
    migration::Migrator::up(fresh.connection(), None).await.unwrap();
    let step = office.step(row.id).await;
    assert_eq!((step.position, step.state), (4, step::State::Skipped));
    assert!(office.mails().await.is_empty());
    office.change_user(|user| user.mail_failed = Set(false)).await;
}

#[tokio::test]
async fn a_folder_takes_the_same_mail_as_a_file() {
    let office = Office::with_folder().await;
    office.ended(job::State::Failed).await;
    let sender = office.sender("s", WAITS);
    let rows = office.settled(SOON).await;
    assert_eq!(rows[0].state, mail::State::Sent, "{rows:?}");
    let file = office
        .home
        .path()
        .join("outbox")
        .join(rows[0].message_id.as_ref().unwrap());
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(&format!("\r\nTo: {ADDRESS}\r\n")), "{text}");
    assert!(
        text.contains("\r\nSubject: Training failed: Penguins: species\r\n"),
        "{text}"
    );
    assert!(
        text.contains("\r\nList-Unsubscribe: <https://automl.example/v1/unsubscribe/"),
        "{text}"
    );
    assert!(text.contains("the target has one value only"), "{text}");
    sender.stop().await;
}
