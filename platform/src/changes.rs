//! What a transaction changed, collected while it runs and announced after its commit.

use entities::{batch_prediction, dataset, job, trial};
use uuid::Uuid;

use crate::events::{Event, Object};
use crate::{Doorbell, Events};

/// Changes to announce. Dropping them (a rollback) announces nothing.
#[derive(Debug, Default)]
#[must_use = "announce it after the commit"]
pub struct Changes {
    events: Vec<Event>,
    has_tasks: bool,
}

impl Changes {
    /// A dataset changed.
    pub fn dataset(&mut self, row: &dataset::Model) {
        self.push(Object::Dataset, row.id, None, row.user_id, row.version);
    }

    /// A job or one of its steps changed.
    pub fn job(&mut self, row: &job::Model) {
        self.push(Object::Job, row.id, Some(row.id), row.user_id, row.version);
    }

    /// A trial of that user changed.
    pub fn trial(&mut self, row: &trial::Model, user_id: Uuid) {
        self.push(Object::Trial, row.id, Some(row.job_id), user_id, row.version);
    }

    /// A model appeared or changed.
    pub fn model(&mut self, row: &entities::model::Model) {
        self.push(Object::Model, row.id, Some(row.job_id), row.user_id, 0);
    }

    /// A batch prediction changed.
    pub fn batch_prediction(&mut self, row: &batch_prediction::Model) {
        self.push(Object::BatchPrediction, row.id, None, row.user_id, row.version);
    }

    /// There are new tasks.
    pub fn task(&mut self) {
        self.has_tasks = true;
    }

    /// Publishes the last event of each row, and rings when there are tasks.
    pub fn announce(self, events: &dyn Events, doorbell: &dyn Doorbell) {
        for (position, event) in self.events.iter().enumerate() {
            let is_last = !self.events[position + 1..]
                .iter()
                .any(|later| later.id == event.id);
            if is_last {
                events.publish(*event);
            }
        }
        if self.has_tasks {
            doorbell.ring();
        }
    }

    fn push(&mut self, object: Object, id: Uuid, job_id: Option<Uuid>, user_id: Uuid, version: i64) {
        self.events.push(Event {
            object,
            id,
            job_id,
            user_id,
            version,
        });
    }
}
