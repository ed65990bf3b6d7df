//! Which workers compute a trial: one with a GPU where the job wants that or one is there, else any other.

use engine::learners;
use engine::search::Room;
use entities::job::{self, GpuChoice};
use entities::task::Queue;
use platform::tasks::{self, Needs, OnGpu};
use platform::workers::Slots;
use platform::{Changes, Error};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};

/// Said while a job that wants a GPU finds none.
const WAITING: &str =
    "Waiting for a GPU worker: this job wants one and none is there. Other trials go on meanwhile.";
/// Said when one came.
const CAME: &str = "A GPU worker is there.";
/// Said when trials go back.
const LEFT: &str = "No GPU worker is left: trials that waited for one are computed without.";

/// Where the trials of a job go at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    choice: GpuChoice,
    slots: Slots,
    on_gpu: OnGpu,
}

impl Route {
    /// Reads what it depends on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(
        transaction: &impl ConnectionTrait,
        job: &job::Model,
        slots: Slots,
    ) -> Result<Self, Error> {
        let choice = job.settings.gpu;
        let on_gpu = match choice {
            GpuChoice::No => OnGpu::default(),
            GpuChoice::Allowed | GpuChoice::Wanted => tasks::on_gpu(transaction, job.id).await?,
        };
        Ok(Self {
            choice,
            slots,
            on_gpu,
        })
    }

    /// What a trial of that learner needs.
    pub fn needs(&self, learner: &str) -> Needs {
        let can_use_one = learners::by_name(learner).is_some_and(learners::Learner::uses_gpu);
        let queue = if can_use_one && self.uses_gpu() {
            Queue::Gpu
        } else {
            Queue::Cpu
        };
        Needs {
            queue,
            memory_bytes: 0,
        }
    }

    /// Room for more trials where `open` are not over. One more than there are slots is queued for each kind of worker, so that
    /// a slot that gets free does not wait for the next decision. What waits for a GPU keeps no other slot idle.
    pub fn room(&self, open: usize) -> Room {
        let on_gpu = self.on_gpu.queued + self.on_gpu.running;
        let free = |slots: usize, open: usize| (slots + 1).saturating_sub(open);
        Room {
            slots: free(self.slots.cpu, open.saturating_sub(on_gpu)),
            // Should no worker be there, one would have a slot.
            gpu: self.uses_gpu().then(|| free(self.slots.gpu.max(1), on_gpu)),
        }
    }

    /// True when something waits for a GPU and nobody has one.
    pub fn waits_in_vain(&self) -> bool {
        self.on_gpu.queued > 0 && self.slots.gpu == 0
    }

    /// Keeps trials from waiting for a GPU that nobody has: they go back where one was only allowed, and the job says so; it says
    /// as well that it waits, or waits no longer. Returns the job as it is then.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle(
        &mut self,
        transaction: &impl ConnectionTrait,
        job: job::Model,
        changes: &mut Changes,
    ) -> Result<job::Model, Error> {
        let words = match self.choice {
            GpuChoice::Allowed if self.waits_in_vain() => {
                tasks::to_cpu(transaction, job.id).await?;
                self.on_gpu.queued = 0;
                changes.task();
                LEFT
            }
            GpuChoice::Wanted if self.waits_in_vain() && !is_waiting(&job) => WAITING,
            GpuChoice::Wanted if self.slots.gpu > 0 && is_waiting(&job) => CAME,
            _ => return Ok(job),
        };
        let mut notes = job.notes.clone();
        notes.0.push(words.to_owned());
        let mut change = platform::jobs::changed(&job);
        change.notes = Set(notes);
        let job = change.update(transaction).await?;
        changes.job(&job);
        Ok(job)
    }

    fn uses_gpu(&self) -> bool {
        match self.choice {
            GpuChoice::No => false,
            GpuChoice::Allowed => self.slots.gpu > 0,
            GpuChoice::Wanted => true,
        }
    }
}

/// True when the last word on it was that the job waits.
fn is_waiting(job: &job::Model) -> bool {
    let mut words = job.notes.0.iter().rev();
    words
        .find(|note| *note == WAITING || *note == CAME)
        .is_some_and(|note| note == WAITING)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(choice: GpuChoice, cpu: usize, gpu: usize, queued: usize) -> Route {
        Route {
            choice,
            slots: Slots { cpu, gpu },
            on_gpu: OnGpu { queued, running: 0 },
        }
    }

    #[test]
    fn networks_go_where_the_job_says_and_a_gpu_is() {
        let cases = [
            (GpuChoice::No, 1, Queue::Cpu),
            (GpuChoice::Allowed, 0, Queue::Cpu),
            (GpuChoice::Allowed, 1, Queue::Gpu),
            (GpuChoice::Wanted, 0, Queue::Gpu),
            (GpuChoice::Wanted, 1, Queue::Gpu),
        ];
        for (choice, gpu, queue) in cases {
            let route = route(choice, 2, gpu, 0);
            assert_eq!(route.needs("network").queue, queue, "{choice:?} {gpu}");
            for learner in learners::LEARNERS.iter().filter(|learner| !learner.uses_gpu()) {
                assert_eq!(
                    route.needs(learner.name()).queue,
                    Queue::Cpu,
                    "{}",
                    learner.name()
                );
            }
        }
    }

    #[test]
    fn what_waits_for_a_gpu_keeps_no_other_slot_idle() {
        let room = route(GpuChoice::Wanted, 2, 0, 2).room(2);
        assert_eq!(
            room,
            Room {
                slots: 3,
                gpu: Some(0)
            }
        );
        let room = route(GpuChoice::Allowed, 2, 1, 1).room(3);
        assert_eq!(
            room,
            Room {
                slots: 1,
                gpu: Some(1)
            }
        );
        let room = route(GpuChoice::Allowed, 2, 0, 0).room(3);
        assert_eq!(room, Room { slots: 0, gpu: None });
    }
}
