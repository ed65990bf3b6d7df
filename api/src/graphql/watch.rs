//! Streams of rows: a snapshot first, then each change as it is committed.
//!
//! An event says only "look"; the row is read again and pushed when its version has risen. A poll every ten seconds finds what
//! no event told, so a lost event delays and never freezes. A database that is away for a while is waited for: clients do not
//! subscribe again after an error.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::time::Duration;

use entities::{Viewer, batch_prediction, dataset, job, trial};
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt};
use platform::Platform;
use platform::database::is_passing;
use platform::events::{Event, Object};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QueryOrder};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;
use uuid::Uuid;

use super::batch_prediction::BatchPrediction;
use super::dataset::Dataset;
use super::job::Job;
use super::trial::Trial;
use crate::failure::Failure;

/// How long a change can stay unseen when its event was lost.
const POLL: Duration = Duration::from_secs(10);

/// Between two looks while the database is away.
const AWAY: Duration = Duration::from_secs(1);

/// A job until it has ended.
pub fn job(platform: Platform, viewer: Viewer, id: Uuid) -> impl Stream<Item = Result<Option<Job>, Failure>> {
    watch::<job::Model>(platform, viewer, id).map(|row| Ok(row?.map(Job)))
}

/// A dataset until it is read.
pub fn dataset(
    platform: Platform,
    viewer: Viewer,
    id: Uuid,
) -> impl Stream<Item = Result<Option<Dataset>, Failure>> {
    watch::<dataset::Model>(platform, viewer, id).map(|row| Ok(row?.map(Dataset)))
}

/// A batch prediction until it has ended.
pub fn batch_prediction(
    platform: Platform,
    viewer: Viewer,
    id: Uuid,
) -> impl Stream<Item = Result<Option<BatchPrediction>, Failure>> {
    watch::<batch_prediction::Model>(platform, viewer, id).map(|row| Ok(row?.map(BatchPrediction)))
}

/// Every trial of a job until the job has ended; null at once when there is no such job.
pub fn trials(
    platform: Platform,
    viewer: Viewer,
    job: Uuid,
) -> impl Stream<Item = Result<Option<Trial>, Failure>> {
    let events = platform.events.subscribe();
    let trials = Trials {
        platform,
        viewer,
        job,
        events,
        seen: HashMap::new(),
        pending: VecDeque::new(),
        started: false,
        done: false,
    };
    unfold(trials, |mut trials| async move {
        trials.next().await.map(|item| (item, trials))
    })
}

/// A row that can be watched.
trait Watched: Sized + Send {
    fn read(
        platform: &Platform,
        viewer: Viewer,
        id: Uuid,
    ) -> impl Future<Output = Result<Option<Self>, DbErr>> + Send;
    fn object() -> Object;
    fn version(&self) -> i64;
    fn is_terminal(&self) -> bool;
}

impl Watched for job::Model {
    async fn read(platform: &Platform, viewer: Viewer, id: Uuid) -> Result<Option<Self>, DbErr> {
        let query = job::Entity::find_for(viewer).filter(job::Column::Id.eq(id));
        query.one(platform.database.connection()).await
    }

    fn object() -> Object {
        Object::Job
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn is_terminal(&self) -> bool {
        self.state.is_terminal()
    }
}

impl Watched for dataset::Model {
    async fn read(platform: &Platform, viewer: Viewer, id: Uuid) -> Result<Option<Self>, DbErr> {
        let query = dataset::Entity::find_for(viewer).filter(dataset::Column::Id.eq(id));
        query.one(platform.database.connection()).await
    }

    fn object() -> Object {
        Object::Dataset
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn is_terminal(&self) -> bool {
        self.state.is_terminal()
    }
}

impl Watched for batch_prediction::Model {
    async fn read(platform: &Platform, viewer: Viewer, id: Uuid) -> Result<Option<Self>, DbErr> {
        let query = batch_prediction::Entity::find_for(viewer).filter(batch_prediction::Column::Id.eq(id));
        query.one(platform.database.connection()).await
    }

    fn object() -> Object {
        Object::BatchPrediction
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn is_terminal(&self) -> bool {
        self.state.is_terminal()
    }
}

struct Watch {
    platform: Platform,
    viewer: Viewer,
    id: Uuid,
    events: Receiver<Option<Event>>,
    seen: Option<i64>,
    done: bool,
}

/// The row, then each rise of its version, until it is terminal; null at the end when it is gone or never was.
fn watch<R: Watched>(
    platform: Platform,
    viewer: Viewer,
    id: Uuid,
) -> impl Stream<Item = Result<Option<R>, Failure>> {
    // Listening begins before the snapshot is read, so that no change falls between the two.
    let events = platform.events.subscribe();
    let watch = Watch {
        platform,
        viewer,
        id,
        events,
        seen: None,
        done: false,
    };
    unfold(watch, |mut watch| async move {
        watch.next::<R>().await.map(|item| (item, watch))
    })
}

impl Watch {
    async fn next<R: Watched>(&mut self) -> Option<Result<Option<R>, Failure>> {
        if self.done {
            return None;
        }
        let mut must_look = false;
        loop {
            if let Some(seen) = self.seen.filter(|_| !std::mem::take(&mut must_look)) {
                let id = self.id;
                wake(&mut self.events, |event| {
                    event.object == R::object() && event.id == id && event.version > seen
                })
                .await;
            }
            match R::read(&self.platform, self.viewer, self.id).await {
                Ok(Some(row)) if self.seen.is_none_or(|seen| row.version() > seen) => {
                    self.seen = Some(row.version());
                    self.done = row.is_terminal();
                    return Some(Ok(Some(row)));
                }
                Ok(Some(_)) => {}
                Ok(None) => {
                    self.done = true;
                    return Some(Ok(None));
                }
                Err(cause) if is_passing(&cause) => {
                    tokio::time::sleep(AWAY).await;
                    // Nobody tells again what could not be read now.
                    must_look = true;
                }
                Err(cause) => {
                    self.done = true;
                    return Some(Err(cause.into()));
                }
            }
        }
    }
}

/// Waits for an event that matters. None: nothing is known (time to poll, or events were lost).
async fn wake(events: &mut Receiver<Option<Event>>, matters: impl Fn(&Event) -> bool) -> Option<Event> {
    let matching = async {
        loop {
            match events.recv().await {
                Ok(Some(event)) if matters(&event) => return Some(event),
                Ok(Some(_)) => {}
                Ok(None) | Err(RecvError::Lagged(_)) => return None,
                // Nobody can publish any more; polling goes on.
                Err(RecvError::Closed) => std::future::pending::<()>().await,
            }
        }
    };
    timeout(POLL, matching).await.ok().flatten()
}

struct Trials {
    platform: Platform,
    viewer: Viewer,
    job: Uuid,
    events: Receiver<Option<Event>>,
    seen: HashMap<Uuid, i64>,
    pending: VecDeque<trial::Model>,
    started: bool,
    done: bool,
}

impl Trials {
    async fn next(&mut self) -> Option<Result<Option<Trial>, Failure>> {
        loop {
            if let Some(row) = self.pending.pop_front() {
                return Some(Ok(Some(Trial(row))));
            }
            if self.done {
                return None;
            }
            match self.look().await {
                Ok(true) => {}
                Ok(false) => {
                    self.done = true;
                    return Some(Ok(None));
                }
                Err(cause) if is_passing(&cause) => {
                    tokio::time::sleep(AWAY).await;
                    // The next look is at everything again.
                    self.started = false;
                }
                Err(cause) => {
                    self.done = true;
                    return Some(Err(cause.into()));
                }
            }
        }
    }

    /// Waits for news and reads it. False when the job is gone or never was.
    async fn look(&mut self) -> Result<bool, DbErr> {
        let mut one = None;
        if self.started {
            let job = self.job;
            let matters = |event: &Event| {
                event.job_id == Some(job) && matches!(event.object, Object::Job | Object::Trial)
            };
            let event = wake(&mut self.events, matters).await;
            one = event
                .filter(|event| event.object == Object::Trial)
                .map(|event| event.id);
        }
        self.started = true;
        // The job is read before its trials: once it has ended, no trial changes any more.
        let job = if one.is_none() {
            let Some(job) = job::Model::read(&self.platform, self.viewer, self.job).await? else {
                return Ok(false);
            };
            Some(job)
        } else {
            None
        };
        let mut query = trial::Entity::find_for(self.viewer).filter(trial::Column::JobId.eq(self.job));
        if let Some(id) = one {
            query = query.filter(trial::Column::Id.eq(id));
        }
        for row in query
            .order_by_asc(trial::Column::Number)
            .all(self.platform.database.connection())
            .await?
        {
            if self.seen.get(&row.id).is_none_or(|seen| row.version > *seen) {
                self.seen.insert(row.id, row.version);
                self.pending.push_back(row);
            }
        }
        self.done = job.is_some_and(|job| job.state.is_terminal());
        Ok(true)
    }
}
