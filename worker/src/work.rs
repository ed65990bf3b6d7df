//! What the child can be asked to do, and what it answers. Paths are relative to the child's folder.

use std::path::PathBuf;
use std::time::Duration;

use engine::Settings;
use engine::metrics::Metric;
use engine::plan::Shape;
use engine::read::Encoding;
use engine::search::{Score, TrialRecord, TrialSpec};
use model::ProblemType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Name of a dataset's table in the cache format, in the child's folder.
pub const TABLE: &str = "table.bin";
/// Name of the profile.
pub const PROFILE: &str = "profile.json";
/// Name of the profile as a page.
pub const DATA_REPORT: &str = "data-report.html";
/// Name of a job's prepared data.
pub const PREPARED: &str = "prepared.bin";
/// Name of what a trial leaves behind.
pub const TRIAL: &str = "trial.bin";
/// Name of a fitted model.
pub const MODEL: &str = "model.automl";
/// Name of a batch's predictions.
pub const PREDICTIONS: &str = "predictions.csv";
/// Name of the same as Parquet.
pub const PREDICTIONS_PARQUET: &str = "predictions.parquet";
/// Name of what is to be known of a batch besides.
pub const REPORT: &str = "report.json";

/// A piece of work.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Read and profile a file: writes [`PROFILE`], [`TABLE`] and [`DATA_REPORT`] into `out`; answers [`Profiled`].
    Profile {
        /// The file.
        source: PathBuf,
        /// Its name, a hint of its format.
        file_name: String,
        /// What its owner says of its format.
        #[serde(default)]
        format: Format,
        /// Threads to use.
        threads: usize,
        /// Bound of memory.
        memory_bytes: u64,
        /// Folder to write into.
        out: PathBuf,
    },
    /// Prepare the data of a job: writes [`PREPARED`] into `out`; answers [`Prepared`].
    Prepare {
        /// [`TABLE`].
        table: PathBuf,
        /// [`PROFILE`].
        profile: PathBuf,
        /// Of the job.
        settings: Settings,
        /// Folder to write into.
        out: PathBuf,
    },
    /// Fit and score one configuration: writes [`TRIAL`] into `out`; answers [`Scored`].
    Trial {
        /// [`PREPARED`]; read once for all trials of a child.
        prepared: PathBuf,
        /// What to try.
        spec: TrialSpec,
        /// The job's metric.
        metric: Metric,
        /// Threads to use.
        threads: usize,
        /// Bound of memory.
        memory_bytes: u64,
        /// Whether a GPU is to be used where the learner can.
        gpu: bool,
        /// Time it may take at most, whatever the spec says.
        limit: Duration,
        /// Folder to write into.
        out: PathBuf,
    },
    /// Make the model of a job: writes the files of [`crate::tasks::FILES`] into `out`; answers [`Assembled`].
    Assemble {
        /// [`PREPARED`].
        prepared: PathBuf,
        /// [`TABLE`].
        table: PathBuf,
        /// [`TRIAL`] files of completed trials, in order of their numbers.
        trials: Vec<PathBuf>,
        /// Every trial of the job.
        history: Vec<TrialRecord>,
        /// The job's metric.
        metric: Metric,
        /// Of the job.
        settings: Box<Settings>,
        /// Time on the job's clock.
        elapsed: Duration,
        /// The onnxruntime library.
        onnxruntime: Option<PathBuf>,
        /// Folder to write into.
        out: PathBuf,
    },
    /// Predict the rows of a file: writes [`PREDICTIONS`], [`REPORT`] and where asked [`PREDICTIONS_PARQUET`] into `out`;
    /// answers [`Predicted`].
    Predict {
        /// The file.
        source: PathBuf,
        /// Its name, a hint of its format.
        file_name: String,
        /// [`MODEL`].
        model: PathBuf,
        /// [`PROFILE`] of the training data.
        profile: Option<PathBuf>,
        /// What the model is worth on its holdout.
        holdout: Vec<engine::train::MetricValue>,
        /// What is wanted.
        options: engine::batch::Options,
        /// Also as Parquet.
        parquet: bool,
        /// Threads to use.
        threads: usize,
        /// Bound of memory.
        memory_bytes: u64,
        /// Folder to write into.
        out: PathBuf,
    },
}

impl Work {
    /// Time passed between the order and its start: what runs against the budget of a job has so much less.
    pub fn waited(&mut self, time: Duration) {
        if let Self::Assemble { elapsed, .. } = self {
            *elapsed += time;
        }
    }
}

/// What is known of a file before it is read; what is absent is found by looking at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// Between fields.
    pub delimiter: Option<char>,
    /// How its text is written.
    pub encoding: Option<Encoding>,
    /// Whether the first record holds the names of the columns.
    pub header: Option<bool>,
}

/// A profiled dataset.
#[derive(Debug, Serialize, Deserialize)]
pub struct Profiled {
    /// Rows of the table.
    pub rows: u64,
    /// Columns of the table.
    pub columns: u32,
}

/// A prepared job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Prepared {
    /// What is predicted.
    pub problem: ProblemType,
    /// The metric that decides.
    pub metric: Metric,
    /// What the search knows of the data.
    pub shape: Shape,
    /// What was decided and why.
    pub notes: Vec<String>,
}

/// The answer to a trial.
#[derive(Debug, Serialize, Deserialize)]
pub struct Scored {
    /// What it is worth.
    pub score: Score,
    /// What is to be known of how it was computed.
    pub notes: Vec<String>,
}

/// The answer to a batch, as its row shows it; the files hold the rest.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Predicted {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that could not be predicted.
    pub rows_in_error: u64,
}

/// An assembled model, as its row shows it; the files hold the rest.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assembled {
    /// What it predicts.
    pub problem: ProblemType,
    /// Class labels in output order.
    pub classes: Vec<String>,
    /// Raw inputs.
    pub inputs: Vec<model::Input>,
    /// What it is worth: `engine::train::Evaluation`.
    pub evaluation: Value,
    /// The ensemble.
    pub members: Vec<Member>,
    /// Proof of the ONNX file.
    pub certificate: Option<model::onnx::Certificate>,
    /// Why there is no ONNX file.
    pub onnx_withheld: Option<String>,
    /// What was decided while assembling.
    pub notes: Vec<String>,
}

/// One member of the ensemble.
#[derive(Debug, Serialize, Deserialize)]
pub struct Member {
    /// The trial's name.
    pub name: String,
    /// Its learner.
    pub learner: String,
    /// Its share.
    pub weight: f64,
}
