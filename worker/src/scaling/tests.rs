//! The loop over a real database and a real fleet of processes that only sleep.

use std::time::{Duration, Instant};

use entities::task;
use migration::MigratorTrait;
use platform::scaling::{Local, Program};
use platform::settings::{Place, Scaled};
use platform::workers::{self, Registration};
use platform::{Settings, accounts};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::*;

const SOON: Duration = Duration::from_secs(20);

async fn platform(home: &std::path::Path) -> Platform {
    let scaled = Scaled {
        min: 0,
        max: 2,
        slots: 1,
        place: Place::Local,
    };
    let mut settings = Settings::new(home, 1, 2 << 30);
    settings.scaling = Some(Scaling {
        cpu: Some(scaled),
        gpu: None,
        name: "automl".to_owned(),
        idle: Duration::from_secs(2),
        boot: Duration::from_secs(600),
        interval: Duration::from_millis(200),
        region: None,
        endpoint: None,
    });
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    platform
}

/// Adds tasks that name no row that would have to be there.
async fn enqueue(platform: &Platform, queue: Queue, count: usize, memory_bytes: i64) {
    let user_id = accounts::owner(platform).await.unwrap().id;
    let now = platform::database::now();
    for _ in 0..count {
        let row = task::Model {
            id: Uuid::now_v7(),
            kind: task::Kind::Profile,
            payload: serde_json::json!({}),
            user_id,
            job_id: None,
            dataset_id: None,
            batch_prediction_id: None,
            state: task::State::Queued,
            priority: 0,
            fence: 0,
            worker: None,
            lease_until: None,
            failures: 0,
            crashes: 0,
            run_after: 0,
            error: None,
            queue,
            memory_bytes,
            rung_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
            claimed_at: None,
            traceparent: None,
        };
        task::Entity::insert(row.into_active_model())
            .exec_without_returning(platform.database.connection())
            .await
            .unwrap();
    }
}

fn registration() -> Registration {
    Registration {
        id: Uuid::now_v7(),
        name: "worker-a".to_owned(),
        host: "i-1".to_owned(),
        queue: Queue::Cpu,
        slots: 2,
        threads: 2,
        memory_bytes: 1 << 30,
        device: "CPU".to_owned(),
    }
}

async fn until(fleet: &Local, size: usize) {
    let began = Instant::now();
    while fleet.size(Queue::Cpu).await.unwrap() != size {
        assert!(began.elapsed() < SOON, "the fleet does not become {size}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_queue_brings_workers_and_the_end_takes_them() {
    let home = tempfile::tempdir().unwrap();
    let platform = platform(home.path()).await;
    let program = Program {
        file: "/bin/sh".into(),
        arguments: ["-c", "cat > /dev/null", "worker"].map(str::to_owned).into(),
    };
    let scaling = platform.settings.scaling.clone().unwrap();
    let fleet = Arc::new(Local::new(scaling, program));
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(run(
        platform.clone(),
        Arc::clone(&fleet) as Arc<dyn Fleet>,
        stopping,
    ));
    tokio::time::sleep(Duration::from_secs(1)).await;
    until(&fleet, 0).await;
    enqueue(&platform, Queue::Gpu, 3, 0).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    until(&fleet, 0).await;
    enqueue(&platform, Queue::Cpu, 5, 0).await;
    until(&fleet, 2).await;
    stop.send(true).unwrap();
    tokio::time::timeout(SOON, running).await.unwrap().unwrap();
    until(&fleet, 0).await;
}

#[tokio::test]
async fn sees_tasks_and_workers_of_its_queue() {
    let home = tempfile::tempdir().unwrap();
    let platform = platform(home.path()).await;
    enqueue(&platform, Queue::Cpu, 4, 0).await;
    enqueue(&platform, Queue::Gpu, 1, 0).await;
    workers::register(&platform.database, &registration())
        .await
        .unwrap();
    let offer = platform::tasks::Offer {
        worker: "worker-a".to_owned(),
        kinds: vec![task::Kind::Profile],
        queue: Queue::Cpu,
        memory_bytes: 1 << 30,
    };
    let claim = platform::tasks::claim(&platform.database, &offer, Duration::from_secs(60)).await;
    claim.unwrap().unwrap();
    let load = load::look(&platform.database, Queue::Cpu, 7, &mut Seen::default())
        .await
        .unwrap();
    assert_eq!((load.waiting, load.size), (3, 7));
    let worker = &load.workers[..];
    assert_eq!(worker.len(), 1);
    assert_eq!(
        (worker[0].slots, worker[0].tasks, worker[0].host.as_str()),
        (2, 1, "i-1")
    );
    let gpu = load::look(&platform.database, Queue::Gpu, 0, &mut Seen::default())
        .await
        .unwrap();
    assert_eq!((gpu.waiting, gpu.workers.len()), (1, 0));
    let rows = task::Entity::find()
        .all(platform.database.connection())
        .await
        .unwrap();
    assert_eq!(rows.len(), 5);
}

#[tokio::test]
async fn more_of_the_same_do_not_help_a_task_that_needs_more_memory() {
    let home = tempfile::tempdir().unwrap();
    let platform = platform(home.path()).await;
    enqueue(&platform, Queue::Cpu, 9, 2 << 30).await;
    let mut seen = Seen::default();
    let load = load::look(&platform.database, Queue::Cpu, 0, &mut seen).await;
    assert_eq!(load.unwrap().waiting, 1, "one worker shows what memory they have");
    let mut registration = registration();
    workers::register(&platform.database, &registration)
        .await
        .unwrap();
    let load = load::look(&platform.database, Queue::Cpu, 1, &mut seen).await;
    assert_eq!(load.unwrap().waiting, 0);
    workers::leave(platform.database.connection(), registration.id)
        .await
        .unwrap();
    let load = load::look(&platform.database, Queue::Cpu, 0, &mut seen).await;
    assert_eq!(
        load.unwrap().waiting,
        0,
        "it is remembered when the fleet is empty"
    );
    registration.memory_bytes = 2 << 30;
    workers::register(&platform.database, &registration)
        .await
        .unwrap();
    let load = load::look(&platform.database, Queue::Cpu, 1, &mut seen).await;
    assert_eq!(load.unwrap().waiting, 9);
}
