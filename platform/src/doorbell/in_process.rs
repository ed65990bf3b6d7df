//! A doorbell inside one process, and the listeners of every form.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;
use std::time::Duration;

use async_trait::async_trait;
use entities::task::Queue;
use tokio::sync::watch;

use super::Doorbell;

/// Hears rings. Rings between two waits count as one.
#[derive(Clone, Debug)]
pub struct Listener {
    rings: watch::Receiver<u64>,
    idle: Arc<Idle>,
}

impl Listener {
    /// Waits for a ring, at most that long. True when it rang.
    pub async fn wait(&mut self, at_most: Duration) -> bool {
        let _waiting = self.idle.enter();
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

/// Who waits at this moment.
#[derive(Debug, Default)]
pub struct Idle {
    waiting: AtomicUsize,
    curious: Mutex<Vec<Waker>>,
}

impl Idle {
    /// True when somebody waits; else the waker is woken when somebody does.
    pub fn is_someone_waiting(&self, waker: &Waker) -> bool {
        if self.waiting.load(Ordering::SeqCst) > 0 {
            return true;
        }
        let mut curious = self.curious.lock().unwrap_or_else(PoisonError::into_inner);
        if !curious.iter().any(|known| known.will_wake(waker)) {
            curious.push(waker.clone());
        }
        drop(curious);
        // Somebody may have begun to wait in between.
        self.waiting.load(Ordering::SeqCst) > 0
    }

    fn enter(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let curious = std::mem::take(&mut *self.curious.lock().unwrap_or_else(PoisonError::into_inner));
        for waker in curious {
            waker.wake();
        }
        Waiting(Arc::clone(self))
    }
}

struct Waiting(Arc<Idle>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A doorbell inside one process.
#[derive(Debug)]
pub struct InProcess {
    rings: watch::Sender<u64>,
    idle: Arc<Idle>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            rings: watch::Sender::new(0),
            idle: Arc::default(),
        }
    }
}

impl InProcess {
    /// Who waits.
    pub fn idle(&self) -> &Arc<Idle> {
        &self.idle
    }
}

#[async_trait]
impl Doorbell for InProcess {
    fn ring(&self) {
        self.rings.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn listen(&self) -> Listener {
        Listener {
            rings: self.rings.subscribe(),
            idle: Arc::clone(&self.idle),
        }
    }

    async fn attend(&self, _queue: Queue, mut shutdown: watch::Receiver<bool>) {
        // There are no other processes. An error says that the sender is gone: the process is stopping.
        let _ = shutdown.wait_for(|stop| *stop).await;
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

    #[tokio::test]
    async fn knows_who_waits() {
        let bell = InProcess::default();
        let idle = Arc::clone(bell.idle());
        assert!(!idle.is_someone_waiting(Waker::noop()));
        let mut listener = bell.listen();
        let waiting = tokio::spawn(async move { listener.wait(Duration::from_secs(5)).await });
        while !idle.is_someone_waiting(Waker::noop()) {
            tokio::task::yield_now().await;
        }
        bell.ring();
        assert!(waiting.await.unwrap());
        assert!(!idle.is_someone_waiting(Waker::noop()));
    }
}
