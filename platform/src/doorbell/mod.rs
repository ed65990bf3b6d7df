//! Wakes workers: there may be a task. Losing every ring delays a task by one poll interval at most.

mod gate;
mod in_process;
mod redis;
mod relay;
mod second;

use std::fmt;

use async_trait::async_trait;
use entities::task::Queue;
use tokio::sync::watch;

pub use in_process::{InProcess, Listener};
pub use redis::Redis;
pub use second::Second;

/// Rings at workers.
#[async_trait]
pub trait Doorbell: fmt::Debug + Send + Sync {
    /// Says that there may be a task: call it after the commit that made one.
    fn ring(&self);

    /// Listens from now on.
    fn listen(&self) -> Listener;

    /// Brings the rings of other processes to this one's listeners, for a worker that takes from that queue, until
    /// `shutdown` turns true.
    async fn attend(&self, queue: Queue, shutdown: watch::Receiver<bool>);
}
