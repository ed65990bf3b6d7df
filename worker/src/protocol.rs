//! What worker and trainer child say to each other: one JSON object a line, over the child's stdin and stdout.
//!
//! The child is trusted with nothing: lines and totals are bounded, and what it answers is parsed into types.

use engine::Progress;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of the lines. A child of another version is refused.
pub const VERSION: u32 = 2;
/// Longest line that is read, in bytes.
pub const LINE_LIMIT: usize = 8 << 20;
/// Bytes that a child may write for one piece of work.
pub const OUTPUT_LIMIT: usize = 64 << 20;

/// Worker to child.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// [`VERSION`].
    pub version: u32,
    /// Rises by one; replies carry it.
    pub id: u64,
    /// What to do; each kind of work has its own type.
    pub work: Value,
}

/// Child to worker.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reply {
    /// Of the request.
    pub id: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: ReplyEvent,
}

/// What a child tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum ReplyEvent {
    /// Still working: a step of a fit.
    Progress(Step),
    /// Still working: rows of a file.
    Rows(Rows),
    /// The work is done; files lie in its folder.
    Done {
        /// The result, by kind of work.
        value: Value,
    },
    /// The work failed in an orderly way.
    Failed {
        /// Whose fault.
        class: FailureClass,
        /// For people.
        message: String,
    },
}

/// One step of a fit; the wire form of `engine::Progress`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Fold, from 0.
    pub fold: u32,
    /// Round, epoch or tree count so far.
    pub round: u32,
    /// Validation loss; absent when it is not finite.
    pub loss: Option<f64>,
}

impl From<Progress> for Step {
    fn from(progress: Progress) -> Self {
        let bounded = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            fold: bounded(progress.fold),
            round: bounded(progress.round),
            loss: Some(progress.loss).filter(|loss| loss.is_finite()),
        }
    }
}

/// How much of a file is predicted; the wire form of `engine::batch::Progress`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Rows read, those in error included.
    pub done: u64,
    /// Rows that could not be predicted.
    pub in_error: u64,
    /// Share of the file that was read, 0 to 1.
    pub share: f64,
}

impl From<engine::batch::Progress> for Rows {
    fn from(progress: engine::batch::Progress) -> Self {
        Self {
            done: progress.rows,
            in_error: progress.rows_in_error,
            share: progress.share,
        }
    }
}

/// What a child tells while it works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// A step of a fit.
    Step(Step),
    /// Rows of a file.
    Rows(Rows),
}

/// Whose fault an orderly failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The data or the settings cannot be used.
    Input,
    /// Time passed before anything usable existed.
    Deadline,
    /// More memory would be needed than is allowed.
    Memory,
    /// The disk is full: nobody's work, and another moment or another machine may have room.
    Disk,
    /// The GPU failed: this process cannot use it any more, another one may.
    Gpu,
    /// A panic that was caught.
    Panic,
    /// Any other fault of ours.
    Internal,
}
