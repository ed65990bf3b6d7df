//! Wakes workers: there may be a task. Losing every ring delays a task by one poll interval at most.

use std::fmt;
use std::time::Duration;

use tokio::sync::watch;

/// Rings at workers.
pub trait Doorbell: fmt::Debug + Send + Sync {
    /// Says that there may be a task.
    fn ring(&self);
    /// Listens from now on.
    fn listen(&self) -> Listener;
}

/// Hears rings. Rings between two waits count as one.
#[derive(Clone, Debug)]
pub struct Listener {
    rings: watch::Receiver<u64>,
}

impl Listener {
    /// Waits for a ring, at most that long. True when it rang.
    pub async fn wait(&mut self, at_most: Duration) -> bool {
        match tokio::time::timeout(at_most, self.rings.changed()).await {
            Ok(Ok(())) => true,
            // The doorbell is gone: the process is stopping; polling goes on at its pace.
            Ok(Err(_)) => {
                tokio::time::sleep(at_most).await;
                false
            }
            Err(_) => false,
        }
    }
}

/// A doorbell inside one process.
#[derive(Debug)]
pub struct InProcess {
    rings: watch::Sender<u64>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            rings: watch::Sender::new(0),
        }
    }
}

impl Doorbell for InProcess {
    fn ring(&self) {
        self.rings.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn listen(&self) -> Listener {
        Listener {
            rings: self.rings.subscribe(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn wakes_everyone_once() {
        let bell = InProcess::default();
        let (mut first, mut second) = (bell.listen(), bell.listen());
        bell.ring();
        bell.ring();
        assert!(first.wait(Duration::from_secs(5)).await);
        assert!(second.wait(Duration::from_secs(5)).await);
        assert!(!first.wait(Duration::from_millis(10)).await);
    }
}
