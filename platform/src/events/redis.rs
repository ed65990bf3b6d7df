//! Events between processes over Redis pub/sub. A lost one delays: subscribers read their rows every few seconds anyway.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Event, Events, InProcess};
use crate::link::{Link, Listening};

const CHANNEL: &str = "events";
/// Events on their way to Redis at most; more are dropped while it does not answer.
const OUTGOING: usize = 1024;

/// An event as it travels.
#[derive(Serialize, Deserialize)]
struct Message {
    /// Who sent it: its own process has heard it already.
    origin: Uuid,
    event: Event,
}

/// The form over Redis.
#[derive(Debug)]
pub struct Redis {
    local: Arc<InProcess>,
    outgoing: mpsc::Sender<Event>,
    sending: JoinHandle<()>,
    _listening: Listening,
}

impl Redis {
    /// Events of every process on that link.
    pub fn new(link: &Link) -> Self {
        let local = Arc::new(InProcess::default());
        let origin = Uuid::new_v4();
        let (outgoing, queue) = mpsc::channel(OUTGOING);
        let heard = Arc::clone(&local);
        Self {
            local,
            outgoing,
            sending: tokio::spawn(send(link.clone(), origin, queue)),
            _listening: link.listen(CHANNEL, move |text| {
                // What cannot be read comes from another version, or is the mark of a reconnection.
                if let Ok(message) = serde_json::from_str::<Message>(text)
                    && message.origin != origin
                {
                    heard.publish(message.event);
                }
            }),
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.sending.abort();
    }
}

impl Events for Redis {
    fn publish(&self, event: Event) {
        self.local.publish(event);
        if self.outgoing.try_send(event).is_err() {
            tracing::debug!("Redis does not keep up: other processes will see a change a little later");
        }
    }

    fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.local.subscribe()
    }
}

async fn send(link: Link, origin: Uuid, mut queue: mpsc::Receiver<Event>) {
    while let Some(event) = queue.recv().await {
        let message = Message { origin, event };
        let Ok(text) = serde_json::to_string(&message) else {
            continue;
        };
        if let Err(error) = link.publish(CHANNEL, &text).await {
            tracing::debug!(%error, "other processes will see a change a little later");
        }
    }
}
