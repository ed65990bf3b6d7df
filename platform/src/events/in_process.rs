//! Events inside one process.

use tokio::sync::broadcast;

use super::{Event, Events};

/// Events kept for a slow subscriber; one that falls behind is told so and reads its rows again.
const BACKLOG: usize = 4096;

/// Events inside one process.
#[derive(Debug)]
pub struct InProcess {
    sender: broadcast::Sender<Event>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
        }
    }
}

impl Events for InProcess {
    fn publish(&self, event: Event) {
        // An error only says that nobody listens.
        let _ = self.sender.send(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
