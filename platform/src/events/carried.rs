//! Events between processes: over Redis pub/sub, and over Postgres while Redis does not take them. A lost one delays: subscribers
//! read their rows every few seconds anyway.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Event, Events, InProcess};
use crate::Database;
use crate::link::{Link, Listening};
use crate::notices::{self, Notice, Notices};

const CHANNEL: &str = "events";
/// Events on their way at most; more are dropped while nobody takes them.
const OUTGOING: usize = 1024;
/// Events in one message: Postgres carries less than 8000 bytes at once.
const TOGETHER: usize = 25;
/// What Redis gets to take a message, where Postgres may.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long Redis is not asked after it took none.
const REST: Duration = Duration::from_secs(2);

/// Events as they travel.
#[derive(Serialize, Deserialize)]
struct Message {
    /// Who sent them: its own process has heard them already.
    origin: Uuid,
    events: Vec<Event>,
}

/// What carries events to other processes.
#[derive(Clone, Debug, Default)]
pub struct Carriers {
    /// Asked first.
    pub redis: Option<Link>,
    /// Asked when Redis is away or not there.
    pub postgres: Option<(Database, Arc<Notices>)>,
}

/// Events of all processes that have the same carriers.
#[derive(Debug)]
pub struct Carried {
    local: Arc<InProcess>,
    outgoing: mpsc::Sender<Event>,
    tasks: Vec<JoinHandle<()>>,
    _listening: Option<Listening>,
}

impl Carried {
    /// By those carriers; without any, inside this process.
    pub fn new(carriers: Carriers) -> Self {
        let origin = Uuid::new_v4();
        let heard = Heard {
            local: Arc::default(),
            origin,
        };
        let local = Arc::clone(&heard.local);
        let (outgoing, queue) = mpsc::channel(OUTGOING);
        let mut tasks = Vec::new();
        if let Some((_, notices)) = &carriers.postgres {
            tasks.push(tokio::spawn(hear(notices.subscribe(), heard.clone())));
        }
        let listening = carriers.redis.as_ref().map(|link| {
            link.listen(CHANNEL, move |text| match text {
                // The mark of a reconnection.
                "" => heard.local.doubt(),
                text => heard.message(text),
            })
        });
        tasks.push(tokio::spawn(send(carriers, origin, queue)));
        Self {
            local,
            outgoing,
            tasks,
            _listening: listening,
        }
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Events for Carried {
    fn publish(&self, event: Event) {
        self.local.publish(event);
        if self.outgoing.try_send(event).is_err() {
            tracing::debug!("events do not get out: other processes will see a change a little later");
        }
    }

    fn subscribe(&self) -> broadcast::Receiver<Option<Event>> {
        self.local.subscribe()
    }
}

/// The receiving side.
#[derive(Clone)]
struct Heard {
    local: Arc<InProcess>,
    origin: Uuid,
}

impl Heard {
    fn message(&self, text: &str) {
        // What cannot be read comes from another version.
        let Ok(message) = serde_json::from_str::<Message>(text) else {
            return self.local.doubt();
        };
        if message.origin != self.origin {
            for event in message.events {
                self.local.publish(event);
            }
        }
    }
}

async fn hear(mut notices: broadcast::Receiver<Notice>, heard: Heard) {
    loop {
        match notices.recv().await {
            Ok(Notice::Event(text)) => heard.message(&text),
            Ok(Notice::Standing) | Err(RecvError::Lagged(_)) => heard.local.doubt(),
            Ok(Notice::Task(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

async fn send(carriers: Carriers, origin: Uuid, mut queue: mpsc::Receiver<Event>) {
    let mut redis_rests_until = Instant::now();
    let mut events = Vec::new();
    while queue.recv_many(&mut events, TOGETHER).await > 0 {
        let events = std::mem::take(&mut events);
        let Ok(text) = serde_json::to_string(&Message { origin, events }) else {
            continue;
        };
        if let Some(link) = &carriers.redis
            && (redis_rests_until <= Instant::now() || carriers.postgres.is_none())
        {
            match tokio::time::timeout(PATIENCE, link.publish(CHANNEL, &text)).await {
                Ok(Ok(())) => continue,
                _ => redis_rests_until = Instant::now() + REST,
            }
        }
        if let Some((database, _)) = &carriers.postgres
            && let Err(error) = notices::tell_event(database.connection(), &text).await
        {
            tracing::debug!(%error, "other processes will see a change a little later");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Object;
    use super::*;

    #[test]
    fn a_message_is_not_too_long_for_postgres() {
        let id = Uuid::max();
        let event = Event {
            object: Object::BatchPrediction,
            id,
            job_id: Some(id),
            user_id: id,
            version: i64::MIN,
        };
        let message = Message {
            origin: id,
            events: vec![event; TOGETHER],
        };
        let length = serde_json::to_string(&message).unwrap().len();
        assert!(length < 8000, "{length} bytes");
    }
}
