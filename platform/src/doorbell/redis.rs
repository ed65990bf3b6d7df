//! The doorbell over Redis: an apalis queue for each capability, whose message is the id of a task. The message only makes one
//! idle slot look; which task it takes, and whether, the database decides.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis::prelude::{
    BackendExt, BoxDynError, PollSnapshot, PollStrategy, WorkerBuilder, WorkerBuilderExt, WorkerError,
};
use apalis_core::backend::Vacuum;
use apalis_redis::RedisStorage;
use async_trait::async_trait;
use entities::task::Queue;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, unfold};
use futures_util::{FutureExt, StreamExt};
use redis::AsyncCommands;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::gate::Gate;
use super::relay::{Relay, config, storage, wake_channel};
use super::{Doorbell, InProcess, Listener};
use crate::Database;
use crate::link::{Link, Listening};

/// Between two looks for untold tasks that nobody announced.
const RELAY_INTERVAL: Duration = Duration::from_secs(1);
/// Between two looks at the queue without a wake-up.
const POLL: Duration = Duration::from_secs(1);
/// Between two tries to be a worker of the queue, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// Between two clean-ups of messages that were heard.
const VACUUM: Duration = Duration::from_secs(60);
/// A slot that was rung for needs a moment to stop waiting; the next message is not taken before.
const SETTLE: Duration = Duration::from_millis(5);

/// The doorbell.
#[derive(Debug)]
pub struct Redis {
    local: Arc<InProcess>,
    link: Link,
    news: Arc<Notify>,
    relay: JoinHandle<()>,
}

impl Redis {
    /// A doorbell that relays the tasks of that database, and rings in this process with `local`.
    pub fn new(database: Database, link: Link, local: Arc<InProcess>) -> Self {
        let news = Arc::new(Notify::new());
        let relay = Relay {
            database,
            link: link.clone(),
        };
        Self {
            local,
            link,
            relay: tokio::spawn(keep_telling(relay, Arc::clone(&news))),
            news,
        }
    }

    /// One life of an apalis worker. It ends with the first trouble of Redis.
    async fn serve(&self, queue: Queue, wakes: watch::Receiver<u64>) -> String {
        // A name that was ever used may still count as alive.
        let name = format!("worker-{}", Uuid::now_v7().simple());
        let ended = listener(&name, storage(&self.link, queue), &self.local, wakes).await;
        self.unregister(queue, &name).await;
        match ended {
            Ok(()) => "it ended".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// apalis leaves the names of ended workers in their set.
    async fn unregister(&self, queue: Queue, name: &str) {
        let set = config(&self.link, queue).workers_set();
        let removed: Result<(), _> = self.link.manager().zrem(set, name).await;
        if let Err(error) = removed {
            tracing::debug!(%error, "the name of an ended listener stays in Redis for now");
        }
    }

    /// Removes what was heard, which apalis keeps for ever.
    async fn clean(&self, queue: Queue) {
        // The first one comes soon, for workers that do not live long.
        let mut pause = VACUUM / 12;
        loop {
            tokio::time::sleep(pause).await;
            pause = VACUUM;
            if let Err(error) = storage(&self.link, queue).vacuum().await {
                tracing::debug!(%error, "heard messages stay in Redis for now");
            }
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

#[async_trait]
impl Doorbell for Redis {
    fn ring(&self) {
        self.news.notify_one();
    }

    fn listen(&self) -> Listener {
        self.local.listen()
    }

    async fn attend(&self, queue: Queue, mut shutdown: watch::Receiver<bool>) {
        let (sender, wakes) = watch::channel(0_u64);
        let _listening: Listening = self.link.listen(&wake_channel(queue), move |_| {
            sender.send_modify(|count| *count = count.wrapping_add(1));
        });
        let serving = async {
            let mut pause = PAUSES.0;
            loop {
                let began = tokio::time::Instant::now();
                let reason = self.serve(queue, wakes.clone()).await;
                // One line an outage.
                if pause == PAUSES.0 {
                    tracing::warn!(reason, "the doorbell over Redis is away; Postgres rings");
                }
                tokio::time::sleep(pause).await;
                pause = if began.elapsed() > PAUSES.1 * 2 {
                    PAUSES.0
                } else {
                    (pause * 2).min(PAUSES.1)
                };
            }
        };
        tokio::select! {
            () = serving => {}
            () = self.clean(queue) => {}
            // An error says that the sender is gone: the process is stopping.
            _ = shutdown.wait_for(|stop| *stop) => {}
        }
    }
}

/// An apalis worker that hears one message at a time, and only while a slot of this process waits.
fn listener(
    name: &str,
    storage: RedisStorage<String>,
    local: &Arc<InProcess>,
    wakes: watch::Receiver<u64>,
) -> BoxFuture<'static, Result<(), WorkerError>> {
    let gate = Gate(Arc::clone(local.idle()));
    let local = Arc::clone(local);
    let heard = move |_task: String| {
        let local = Arc::clone(&local);
        async move {
            local.ring();
            tokio::time::sleep(SETTLE).await;
            Ok::<(), BoxDynError>(())
        }
    };
    WorkerBuilder::new(name)
        .backend(storage.poll_with_strategy(Ticks::new(wakes)))
        .layer(gate)
        .concurrency(1)
        .catch_panic()
        .build(heard)
        .run()
        .boxed()
}

async fn keep_telling(relay: Relay, news: Arc<Notify>) {
    let mut is_away = false;
    loop {
        tokio::select! {
            () = news.notified() => {}
            () = tokio::time::sleep(RELAY_INTERVAL) => {}
        }
        match relay.run_once().await {
            Ok(()) => is_away = false,
            Err(error) => {
                // One line an outage.
                if !std::mem::replace(&mut is_away, true) {
                    tracing::warn!(%error, "new tasks cannot be told over Redis; Postgres tells them");
                }
                tokio::time::sleep(RELAY_INTERVAL).await;
            }
        }
    }
}

/// When apalis looks at the queue: at every wake-up and once a second. Its own interval strategy forgets to register for the
/// tick after the one it has seen, and sleeps until something else wakes it.
struct Ticks(BoxStream<'static, ()>);

impl Ticks {
    fn new(wakes: watch::Receiver<u64>) -> Self {
        let ticks = unfold(wakes, |mut wakes| async move {
            let gone = tokio::select! {
                changed = wakes.changed() => changed.is_err(),
                () = tokio::time::sleep(POLL) => false,
            };
            if gone {
                tokio::time::sleep(POLL).await;
            }
            Some(((), wakes))
        });
        Self(ticks.boxed())
    }
}

impl PollStrategy for Ticks {
    fn poll_drive(&mut self, context: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        // Until it is pending: only then is this task registered for the next tick.
        while let Poll::Ready(Some(())) = self.0.poll_next_unpin(context) {}
        Poll::Pending
    }
}
