//! What a job would take. The face asks; whoever knows the engine answers, without looking at the data itself.

use entities::job::JobSettings;
use entities::{Viewer, job, task, trial};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{Database, Error, Settings, workers};

/// What works on a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workforce {
    /// Trials at the same time.
    pub slots: usize,
    /// Threads of one slot.
    pub threads: usize,
    /// Memory of one slot, in bytes: the smallest there is.
    pub memory_bytes: u64,
}

/// A job that is not started yet; everything in it is validated already.
#[derive(Clone, Debug)]
pub struct Question {
    /// The stored profile of its dataset.
    pub profile: Vec<u8>,
    /// Column to predict.
    pub target: String,
    /// What the user asks for.
    pub settings: JobSettings,
    /// What works on it.
    pub workforce: Workforce,
    /// Trials of an earlier job on the same dataset and target, by number; empty when there was none.
    pub pilot: Vec<trial::Model>,
}

/// What is known for certain to lie between two values: nothing is; what is likely to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span<T> {
    /// Hardly less.
    pub low: T,
    /// Hardly more.
    pub high: T,
}

/// What a job is expected to do and to take.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// `binary`, `multiclass` or `regression`.
    pub problem: String,
    /// Snake-case metric name.
    pub metric: String,
    /// Rows to train and validate on.
    pub training_rows: u64,
    /// Rows that are kept for the end.
    pub holdout_rows: u64,
    /// Features that the columns become.
    pub features: Span<u64>,
    /// Folds of a trial; 1 is one split.
    pub folds: u32,
    /// Trials.
    pub trials: Span<u32>,
    /// Whether there may be more trials than the upper end says.
    pub is_open: bool,
    /// Seconds from the start to the model.
    pub seconds: Span<f64>,
    /// Memory of one slot, in bytes.
    pub memory_bytes: Span<u64>,
    /// What is likely to run, in the order of the first trials.
    pub learners: Vec<LearnerShare>,
    /// Whether what trials of an earlier job took was used.
    pub is_measured: bool,
    /// What should be known before the job is started, for people.
    pub notes: Vec<String>,
}

/// A learner that is likely to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnerShare {
    /// Stable name.
    pub name: String,
    /// Words for people.
    pub title: String,
    /// Trials, likely.
    pub trials: u32,
}

/// Whoever knows what a job takes.
pub trait Estimator: std::fmt::Debug + Send + Sync {
    /// Answers in some tens of milliseconds; it computes, and is to be called where that holds nobody up.
    ///
    /// # Errors
    /// When the profile or the settings are of a version that this one cannot read.
    fn estimate(&self, question: &Question) -> Result<Estimate, Error>;
}

/// What would work on a job now: the processors of all workers that are there, else what this machine would give.
///
/// # Errors
/// When the database refuses.
pub async fn workforce(database: &Database, settings: &Settings) -> Result<Workforce, Error> {
    let mut all = Workforce {
        slots: 0,
        threads: usize::MAX,
        memory_bytes: u64::MAX,
    };
    for row in workers::present(database.connection()).await? {
        let slots = usize::try_from(row.slots).unwrap_or(0);
        if row.queue != task::Queue::Cpu || slots == 0 {
            continue;
        }
        let threads = usize::try_from(row.threads).unwrap_or(1) / slots;
        all.slots += slots;
        all.threads = all.threads.min(threads.max(1));
        all.memory_bytes = all.memory_bytes.min(row.memory_bytes.unsigned_abs());
    }
    if all.slots > 0 {
        return Ok(all);
    }
    Ok(Workforce {
        slots: settings.slots,
        threads: settings.threads_per_slot(),
        memory_bytes: settings.memory_bytes,
    })
}

/// The trials of the viewer's last completed job on that dataset and target.
///
/// # Errors
/// When the database refuses.
pub async fn pilot(
    database: &Database,
    viewer: Viewer,
    dataset_id: Uuid,
    target: &str,
) -> Result<Vec<trial::Model>, Error> {
    let connection = database.connection();
    let last = job::Entity::find_for(viewer)
        .filter(job::Column::DatasetId.eq(dataset_id))
        .filter(job::Column::Target.eq(target))
        .filter(job::Column::State.eq(job::State::Completed))
        .order_by_desc(job::Column::Id)
        .one(connection)
        .await?;
    let Some(last) = last else {
        return Ok(Vec::new());
    };
    let trials = trial::Entity::find()
        .filter(trial::Column::JobId.eq(last.id))
        .filter(trial::Column::State.eq(trial::State::Completed))
        .order_by_asc(trial::Column::Number);
    Ok(trials.all(connection).await?)
}
