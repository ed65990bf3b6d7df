//! Events inside one process.

use tokio::sync::broadcast;

use super::{Event, Events};

/// Events kept for a slow subscriber; one that falls behind is told so and reads its rows again.
const BACKLOG: usize = 4096;

/// Events inside one process.
#[derive(Debug)]
pub struct InProcess {
    sender: broadcast::Sender<Option<Event>>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
        }
    }
}

impl InProcess {
    /// Says that some events may be lost.
    pub fn doubt(&self) {
        // Here and below: an error only says that nobody listens.
        let _ = self.sender.send(None);
    }
}

impl Events for InProcess {
    fn publish(&self, event: Event) {
        let _ = self.sender.send(Some(event));
    }

    fn subscribe(&self) -> broadcast::Receiver<Option<Event>> {
        self.sender.subscribe()
    }
}
