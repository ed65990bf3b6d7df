//! What Postgres tells whoever listens: there may be a task, or an event. A notice of a task leaves with the commit that made it.
//!
//! Everything here may be missed while the session is interrupted; it says so when it stands again, and polling goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use entities::task::Queue;
use postgres::fallible_iterator::FallibleIterator;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use tokio::sync::broadcast;

use crate::{Error, Secret, tls};

/// Channel of events. Channels of tasks: [`channel`].
const EVENTS: &str = "automl_events";
/// Between two looks whether the session still stands, and between two tries to have one.
const INTERVAL: Duration = Duration::from_secs(1);
/// Notices kept for a slow subscriber; one that falls behind is told so.
const BACKLOG: usize = 4096;

/// Something that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There may be a task in that queue.
    Task(Queue),
    /// An event, as its sender wrote it.
    Event(String),
    /// The session stands from now on: what was told before may have been missed.
    Standing,
}

/// A session that listens. Dropping it ends it.
#[derive(Debug)]
pub struct Notices {
    heard: broadcast::Sender<Notice>,
    is_over: Arc<AtomicBool>,
}

impl Notices {
    /// Listens on a thread of its own, over reconnections.
    ///
    /// # Errors
    /// When the URL cannot be read or no thread can be started.
    pub fn listen(url: &Secret) -> Result<Self, Error> {
        let target = tls::postgres(url)?;
        let notices = Self {
            heard: broadcast::Sender::new(BACKLOG),
            is_over: Arc::default(),
        };
        let (heard, is_over) = (notices.heard.clone(), Arc::clone(&notices.is_over));
        thread::Builder::new()
            .name("notices".to_owned())
            .spawn(move || keep_hearing(&target, &heard, &is_over))
            .map_err(|error| Error::Settings(format!("no thread for the notices of Postgres: {error}")))?;
        Ok(notices)
    }

    /// Every notice from now on. `Lagged` means: some were dropped.
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.heard.subscribe()
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

/// Tells with the caller's transaction that it made a task. However many it makes, Postgres tells once a queue. Other databases
/// have no other process to tell.
///
/// # Errors
/// When the database refuses.
pub async fn tell_task(transaction: &impl ConnectionTrait, queue: Queue) -> Result<(), DbErr> {
    tell(transaction, channel(queue), "").await
}

/// Tells an event: less than 8000 bytes.
///
/// # Errors
/// When the database refuses.
pub async fn tell_event(database: &impl ConnectionTrait, event: &str) -> Result<(), DbErr> {
    tell(database, EVENTS, event).await
}

async fn tell(database: &impl ConnectionTrait, channel: &str, text: &str) -> Result<(), DbErr> {
    let backend = database.get_database_backend();
    if backend == DbBackend::Postgres {
        let values = [channel.into(), text.into()];
        let statement = Statement::from_sql_and_values(backend, "SELECT pg_notify($1, $2)", values);
        database.execute_raw(statement).await?;
    }
    Ok(())
}

fn channel(queue: Queue) -> &'static str {
    match queue {
        Queue::Cpu => "automl_cpu",
        Queue::Gpu => "automl_gpu",
    }
}

fn keep_hearing(target: &tls::Target, heard: &broadcast::Sender<Notice>, is_over: &AtomicBool) {
    let mut is_away = false;
    while !is_over.load(Ordering::Acquire) {
        let ended = hear(target, heard, is_over, &mut is_away);
        // One line an outage.
        if let Err(error) = ended
            && !std::mem::replace(&mut is_away, true)
        {
            tracing::warn!(%error, "notices of Postgres cannot be heard; everybody looks for themselves");
        }
        thread::sleep(INTERVAL);
    }
}

/// Until the session is lost.
fn hear(
    target: &tls::Target,
    heard: &broadcast::Sender<Notice>,
    is_over: &AtomicBool,
    is_away: &mut bool,
) -> Result<(), postgres::Error> {
    let mut client = target.connect("automl notices")?;
    let channels = [channel(Queue::Cpu), channel(Queue::Gpu), EVENTS];
    client.batch_execute(&channels.map(|name| format!("LISTEN {name};")).concat())?;
    *is_away = false;
    // Here and below: an error only says that nobody listens.
    let _ = heard.send(Notice::Standing);
    while !is_over.load(Ordering::Acquire) {
        let next = client.notifications().timeout_iter(INTERVAL).next()?;
        let Some(next) = next else {
            client.is_valid(tls::PATIENCE)?;
            continue;
        };
        let notice = match next.channel() {
            EVENTS => Notice::Event(next.payload().to_owned()),
            name if name == channel(Queue::Gpu) => Notice::Task(Queue::Gpu),
            _ => Notice::Task(Queue::Cpu),
        };
        let _ = heard.send(notice);
    }
    client.close()
}
