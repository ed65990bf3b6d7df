//! The second bell: Postgres tells every process of new tasks, with the commit that made them. Where Redis rings first, it rings
//! a moment later, so that one idle slot is awake and not all of them; where Redis is away or not there, it rings.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use entities::task::Queue;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use super::{Doorbell, InProcess, Listener};
use crate::notices::{Notice, Notices};

/// What the first bell gets before the second one rings. Rings in that time count as one.
const GRACE: Duration = Duration::from_millis(50);

/// A doorbell with a second one behind it.
#[derive(Debug)]
pub struct Second {
    first: Arc<dyn Doorbell>,
    local: Arc<InProcess>,
    notices: Arc<Notices>,
    grace: Duration,
}

impl Second {
    /// Behind `first`, whose listeners are those of `local`.
    pub fn behind(first: Arc<dyn Doorbell>, local: Arc<InProcess>, notices: Arc<Notices>) -> Self {
        Self {
            first,
            local,
            notices,
            grace: GRACE,
        }
    }

    /// The only one between processes.
    pub fn alone(notices: Arc<Notices>) -> Self {
        let local = Arc::new(InProcess::default());
        Self {
            first: Arc::clone(&local) as Arc<dyn Doorbell>,
            local,
            notices,
            grace: Duration::ZERO,
        }
    }

    async fn hear(&self, queue: Queue) {
        let mut notices = self.notices.subscribe();
        while is_told(&mut notices, queue).await {
            if !self.grace.is_zero() {
                tokio::time::sleep(self.grace).await;
                // What came in between is in the database as well when somebody looks now.
                notices = notices.resubscribe();
            }
            self.local.ring();
        }
    }
}

#[async_trait]
impl Doorbell for Second {
    fn ring(&self) {
        self.first.ring();
    }

    fn listen(&self) -> Listener {
        self.local.listen()
    }

    async fn attend(&self, queue: Queue, shutdown: watch::Receiver<bool>) {
        tokio::select! {
            () = self.first.attend(queue, shutdown) => {}
            () = self.hear(queue) => {}
        }
    }
}

/// Waits until there may be a task in that queue; false: nobody can tell any more.
async fn is_told(notices: &mut Receiver<Notice>, queue: Queue) -> bool {
    loop {
        match notices.recv().await {
            Ok(Notice::Task(told)) if told != queue => {}
            Ok(Notice::Event(_)) => {}
            Ok(Notice::Task(_) | Notice::Standing) | Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}
