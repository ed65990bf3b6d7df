//! Pauses of the queue.

use super::*;

#[tokio::test]
async fn what_is_paused_is_not_handed_out() {
    let office = office().await;
    let ada = office.of(office.ada);
    for (what, holds) in [
        (Paused::default(), true),
        (
            Paused {
                kind: Some(task::Kind::Profile),
                queue: None,
            },
            true,
        ),
        (
            Paused {
                kind: None,
                queue: Some(task::Queue::Cpu),
            },
            true,
        ),
        (
            Paused {
                kind: Some(task::Kind::Profile),
                queue: Some(task::Queue::Cpu),
            },
            true,
        ),
        (
            Paused {
                kind: Some(task::Kind::Trial),
                queue: None,
            },
            false,
        ),
        (
            Paused {
                kind: None,
                queue: Some(task::Queue::Gpu),
            },
            false,
        ),
        (
            Paused {
                kind: Some(task::Kind::Profile),
                queue: Some(task::Queue::Gpu),
            },
            false,
        ),
    ] {
        office.task().await;
        pause(&ada, what, "maintenance").await.unwrap();
        // Again: the reason changes, and one resumption is enough.
        let row = pause(&ada, what, "longer maintenance").await.unwrap();
        assert_eq!(row.reason, "longer maintenance");
        // Once more with the same words: nothing is recorded.
        let recorded = office.log().await.len();
        assert_eq!(pause(&ada, what, "longer maintenance").await.unwrap(), row);
        assert_eq!(office.log().await.len(), recorded);
        let claimed = office.claim().await;
        assert_eq!(claimed.is_none(), holds, "{what:?}");
        assert!(resume(&ada, what, "done").await.unwrap());
        assert!(
            !resume(&ada, what, "done").await.unwrap(),
            "it was not paused any more"
        );
        let claimed = match claimed {
            Some(claimed) => claimed,
            None => office.claim().await.expect("it is handed out again"),
        };
        let transaction = office.platform.database.begin().await.unwrap();
        tasks::complete(&transaction, &claimed).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_pause_the_same_there_is_one_pause() {
    let office = office().await;
    let what = Paused {
        kind: Some(task::Kind::Trial),
        queue: None,
    };
    for _ in 0..5 {
        let mut asking = tokio::task::JoinSet::new();
        for number in 0..4 {
            let ada = office.of(office.ada);
            asking.spawn(async move { pause(&ada, what, &format!("{number}")).await });
        }
        while let Some(paused) = asking.join_next().await {
            paused.unwrap().unwrap();
        }
        let connection = office.platform.database.connection();
        assert_eq!(tasks::pauses(connection).await.unwrap().len(), 1);
        assert!(resume(&office.of(office.ada), what, "done").await.unwrap());
        assert!(tasks::pauses(connection).await.unwrap().is_empty());
    }
}
