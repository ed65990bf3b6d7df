//! How a piece of work ended without a result, and whether trying it again makes sense.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use crate::protocol::FailureClass;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Exit {
    /// The child said so and lives on.
    #[error("{message}")]
    Failed {
        /// Whose fault.
        class: FailureClass,
        /// For people.
        message: String,
    },
    /// It used, or asked for, more memory than allowed.
    #[error("it needed more than the {} MiB of memory that are allowed", .limit_bytes >> 20)]
    Memory {
        /// What it used when it was stopped, if that was seen.
        used_bytes: Option<u64>,
        /// The bound.
        limit_bytes: u64,
    },
    /// Its files are larger than allowed.
    #[error("it needed more than the {} MiB of disk that are allowed", .limit_bytes >> 20)]
    Disk {
        /// The bound.
        limit_bytes: u64,
    },
    /// A panic that ended it.
    #[error("a fault of the program: {0}")]
    Panic(String),
    /// A signal ended it; 9 may be the kernel's out-of-memory killer or a person.
    #[error("the training process was ended by signal {0}")]
    Signal(i32),
    /// It did not end in time and was killed.
    #[error("it did not end within {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// It ended without a word.
    #[error("the training process ended with code {0:?}")]
    Code(Option<i32>),
    /// It said what no child says.
    #[error("the training process misbehaved: {0}")]
    Protocol(String),
    /// Its stdout closed; the reason is being found out. Never leaves this module's parent.
    #[error("the training process closed its output")]
    Closed,
    /// It could not be started.
    #[error("the training process could not be started: {0}")]
    Start(String),
}

impl Exit {
    /// How often this kind of end may happen to one task before it is given up; 1: trying again would end the same way.
    pub fn budget(&self) -> i32 {
        match self {
            Self::Failed {
                class: FailureClass::Gpu,
                ..
            } => 2,
            // The same data and seed fail the same way.
            Self::Failed { .. }
            | Self::Memory { .. }
            | Self::Disk { .. }
            | Self::Panic(_)
            | Self::Timeout(_)
            | Self::Protocol(_) => 1,
            Self::Signal(_) | Self::Code(_) | Self::Closed => 2,
            Self::Start(_) => 3,
        }
    }

    /// One word for a trace. What a child has said stays here: it may quote a table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "failed",
            Self::Memory { .. } => "memory",
            Self::Disk { .. } => "disk",
            Self::Panic(_) => "panic",
            Self::Signal(_) => "signal",
            Self::Timeout(_) => "timeout",
            Self::Code(_) | Self::Closed => "gone",
            Self::Protocol(_) => "misbehaved",
            Self::Start(_) => "not_started",
        }
    }

    /// True when the child can do the next piece of work.
    pub fn leaves_child_alive(&self) -> bool {
        matches!(self, Self::Failed { class, .. } if *class != FailureClass::Gpu)
    }

    /// True when a GPU may be to blame: without it the same work may succeed.
    pub fn blames_gpu(&self) -> bool {
        match self {
            Self::Failed { class, .. } => *class == FailureClass::Gpu,
            // These bounds are the same everywhere.
            Self::Memory { .. } | Self::Disk { .. } | Self::Protocol(_) => false,
            // Drivers end processes, hang, and do not load.
            Self::Panic(_)
            | Self::Signal(_)
            | Self::Timeout(_)
            | Self::Code(_)
            | Self::Closed
            | Self::Start(_) => true,
        }
    }

    /// True when the disk was full, whoever has filled it: another moment or another machine may have room.
    pub fn is_disk_full(&self) -> bool {
        matches!(
            self,
            Self::Failed {
                class: FailureClass::Disk,
                ..
            }
        )
    }
}

/// What a child may use.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Resident memory.
    pub memory_bytes: u64,
    /// Disk, all its files together.
    pub disk_bytes: u64,
}

/// Tells from the exit status and the last words why a child died.
pub fn classify(status: Option<ExitStatus>, last_words: &str, bounds: Bounds) -> Exit {
    // Rust's own words when an allocation is refused, as it is beyond the address-space limit; then it aborts.
    if last_words.contains("memory allocation of") {
        return Exit::Memory {
            used_bytes: None,
            limit_bytes: bounds.memory_bytes,
        };
    }
    if let Some(panic) = panic_words(last_words) {
        return Exit::Panic(panic);
    }
    match status {
        Some(status) => match status.signal() {
            // The bound of one file, which is that of all.
            Some(libc::SIGXFSZ) => Exit::Disk {
                limit_bytes: bounds.disk_bytes,
            },
            Some(signal) => Exit::Signal(signal),
            None => Exit::Code(status.code()),
        },
        None => Exit::Code(None),
    }
}

/// The message of the last panic in a stderr text: the line after `thread '…' panicked at …:`.
fn panic_words(text: &str) -> Option<String> {
    let mut lines = text[text.rfind("panicked at")?..].lines();
    let place = lines.next()?;
    let message = lines.next().unwrap_or(place).trim();
    Some(message.chars().take(300).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_gpu_costs_the_child_and_other_failures_do_not() {
        let failed = |class| Exit::Failed {
            class,
            message: String::new(),
        };
        let gpu = failed(FailureClass::Gpu);
        assert!(gpu.blames_gpu() && !gpu.leaves_child_alive());
        assert_eq!(gpu.budget(), 2);
        let input = failed(FailureClass::Input);
        assert!(!input.blames_gpu() && input.leaves_child_alive());
        assert!(Exit::Signal(11).blames_gpu());
    }

    #[test]
    fn reads_last_words() {
        let signal = |number| Some(ExitStatus::from_raw(number));
        let bounds = Bounds {
            memory_bytes: 1,
            disk_bytes: 2,
        };
        assert_eq!(classify(signal(9), "", bounds), Exit::Signal(9));
        assert_eq!(classify(signal(25), "", bounds), Exit::Disk { limit_bytes: 2 });
        let refused = "memory allocation of 99 bytes failed";
        assert_eq!(
            classify(signal(6), refused, bounds),
            Exit::Memory {
                used_bytes: None,
                limit_bytes: 1
            }
        );
        let panic = "thread 'main' (7) panicked at src/a.rs:1:2:\nindex out of bounds\nnote: run with";
        assert_eq!(
            classify(signal(6), panic, bounds),
            Exit::Panic("index out of bounds".to_owned())
        );
        assert_eq!(
            classify(Some(ExitStatus::from_raw(3 << 8)), "", bounds),
            Exit::Code(Some(3))
        );
    }
}
