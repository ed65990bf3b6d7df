//! The GPU queue and the ways out of it.

use std::time::Duration;

use super::*;
use crate::tasks::{CRASH_BUDGET, Claim, Needs, Next, OnGpu};
use crate::workers::{self, Registration, Slots};

const LEASE: Duration = Duration::from_secs(10);

async fn a_job(home: &Home) -> Uuid {
    let dataset = home.dataset().await;
    let created = jobs::create(&home.platform, home.new_job(dataset.id)).await;
    created.unwrap().id
}

async fn add(home: &Home, job: Uuid) -> Uuid {
    let needs = Needs {
        queue: task::Queue::Gpu,
        memory_bytes: 0,
    };
    let payload = Payload::Trial {
        job,
        trial: Uuid::nil(),
    };
    let connection = home.platform.database.connection();
    let id = tasks::enqueue_for(connection, home.user_id, payload, needs)
        .await
        .unwrap();
    let mut change = row(home, id).await.into_active_model();
    change.rung_at = Set(Some(1));
    change.update(connection).await.unwrap().id
}

async fn row(home: &Home, id: Uuid) -> task::Model {
    let row = task::Entity::find_by_id(id).one(home.platform.database.connection());
    row.await.unwrap().unwrap()
}

async fn claim(home: &Home, queue: task::Queue) -> Option<Claim> {
    let offer = tasks::Offer {
        queue,
        ..offer(task::Kind::Trial)
    };
    tasks::claim(&home.platform.database, &offer, LEASE)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_waits_for_a_gpu_can_be_given_to_all() {
    let home = home().await;
    let connection = home.platform.database.connection();
    let (job, other) = (a_job(&home).await, a_job(&home).await);
    let held = add(&home, job).await;
    assert_eq!(claim(&home, task::Queue::Gpu).await.unwrap().task.id, held);
    let waiting = add(&home, job).await;
    let of_other = add(&home, other).await;
    assert!(claim(&home, task::Queue::Cpu).await.is_none(), "it needs a GPU");
    let counted = OnGpu {
        queued: 1,
        running: 1,
    };
    assert_eq!(tasks::on_gpu(connection, job).await.unwrap(), counted);
    assert_eq!(tasks::to_cpu(connection, job).await.unwrap(), 1);
    assert_eq!(
        tasks::to_cpu(connection, job).await.unwrap(),
        0,
        "again changes nothing"
    );
    let moved = row(&home, waiting).await;
    assert_eq!((moved.queue, moved.rung_at), (task::Queue::Cpu, None));
    assert_eq!(row(&home, held).await.queue, task::Queue::Gpu, "a worker has it");
    assert_eq!(row(&home, of_other).await.queue, task::Queue::Gpu);
    assert_eq!(claim(&home, task::Queue::Cpu).await.unwrap().task.id, waiting);
}

#[tokio::test]
async fn a_task_leaves_the_gpu_with_its_whole_budget() {
    let home = home().await;
    let connection = home.platform.database.connection();
    let id = add(&home, a_job(&home).await).await;
    let first = claim(&home, task::Queue::Gpu).await.unwrap();
    let next = tasks::crash(connection, &first, "the GPU failed", CRASH_BUDGET).await;
    assert_eq!(next.unwrap(), Next::Retried);
    assert_eq!(
        row(&home, id).await.queue,
        task::Queue::Gpu,
        "it is tried again there"
    );
    let second = claim(&home, task::Queue::Gpu).await.unwrap();
    let late = tasks::leave_gpu(connection, &first, "late").await;
    assert!(matches!(late, Err(Error::Lost)), "an old fence moves nothing");
    tasks::leave_gpu(connection, &second, "it failed again")
        .await
        .unwrap();
    let left = row(&home, id).await;
    assert_eq!(
        (left.queue, left.crashes, left.failures),
        (task::Queue::Cpu, 0, 0)
    );
    assert_eq!(left.error.as_deref(), Some("it failed again"));
    assert!(claim(&home, task::Queue::Gpu).await.is_none());
    assert_eq!(claim(&home, task::Queue::Cpu).await.unwrap().task.id, id);
}

#[tokio::test]
async fn slots_are_counted_by_queue_while_their_workers_are_there() {
    let home = home().await;
    let database = &home.platform.database;
    let worker = |name: &str, queue, slots| Registration {
        id: Uuid::now_v7(),
        name: name.to_owned(),
        host: "h".to_owned(),
        queue,
        slots,
        threads: 1,
        memory_bytes: 1 << 30,
        device: format!("device of {name}"),
    };
    let gpu = worker("gpu", task::Queue::Gpu, 1);
    for registration in [
        &worker("a", task::Queue::Cpu, 2),
        &worker("b", task::Queue::Cpu, 3),
        &gpu,
    ] {
        workers::register(database, registration).await.unwrap();
    }
    let connection = database.connection();
    assert_eq!(
        workers::slots(connection).await.unwrap(),
        Slots { cpu: 5, gpu: 1 }
    );
    let device = workers::device(connection, "gpu").await.unwrap();
    assert_eq!(device.as_deref(), Some("device of gpu"));
    workers::drain(connection, gpu.id).await.unwrap();
    assert_eq!(
        workers::slots(connection).await.unwrap(),
        Slots { cpu: 5, gpu: 0 }
    );
}
