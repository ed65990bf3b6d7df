//! The child's side: reads requests, does the work in its own folder, replies. It has no credentials, no database and no
//! environment, and ends when its parent does.

mod assemble;
mod engine_work;
mod predict;

use std::io::{BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::protocol::{FailureClass, Reply, ReplyEvent, Request, Rows, Step, VERSION};

/// Between two progress lines.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// An orderly failure.
#[derive(Debug)]
pub struct Failure {
    /// Whose fault.
    pub class: FailureClass,
    /// For people.
    pub message: String,
}

impl Failure {
    /// A fault of ours.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self {
            class: FailureClass::Internal,
            message: error.to_string(),
        }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        let class = if platform::error::is_out_of_space(error) {
            FailureClass::Disk
        } else {
            FailureClass::Internal
        };
        Self {
            class,
            message: format!("{}: {error}", path.display()),
        }
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        let class = match &error {
            engine::Error::Input(_) => FailureClass::Input,
            engine::Error::Deadline => FailureClass::Deadline,
            engine::Error::Memory { .. } => FailureClass::Memory,
            engine::Error::Gpu(_) => FailureClass::Gpu,
            engine::Error::Cancelled | engine::Error::Internal(_) => FailureClass::Internal,
        };
        Self {
            class,
            message: error.to_string(),
        }
    }
}

/// Tells the parent how far the work is, now and then.
#[derive(Debug)]
pub struct Reporter {
    id: u64,
    last: Mutex<Option<Instant>>,
}

impl Reporter {
    /// Tells a step, unless one was told a moment ago.
    pub fn step(&self, step: Step) {
        self.now_and_then(ReplyEvent::Progress(step));
    }

    /// Tells how many rows are done, unless that was told a moment ago.
    pub fn rows(&self, rows: Rows) {
        self.now_and_then(ReplyEvent::Rows(rows));
    }

    fn now_and_then(&self, event: ReplyEvent) {
        let Ok(mut last) = self.last.lock() else { return };
        if last.is_none_or(|last| last.elapsed() >= PROGRESS_INTERVAL) {
            *last = Some(Instant::now());
            reply(self.id, event);
        }
    }
}

/// Serves the engine's work to the worker that started this process: the whole of `automl trainer`.
pub fn run() {
    let mut trainer = engine_work::Trainer::default();
    serve(|work, reporter| trainer.handle(work, reporter));
}

/// Computes a little on the GPU.
///
/// # Errors
/// Why that cannot be, for people.
pub fn probe_gpu() -> Result<(), String> {
    engine::device::probe()
}

/// Serves requests from stdin until it closes, or the process that started this one is gone. Never returns before.
pub fn serve<W: DeserializeOwned>(mut handle: impl FnMut(W, &Reporter) -> Result<Value, Failure>) {
    for request in requests() {
        let reporter = Reporter {
            id: request.id,
            last: Mutex::new(None),
        };
        let event = match answer(request, &reporter, &mut handle) {
            Ok(value) => ReplyEvent::Done { value },
            Err(failure) => ReplyEvent::Failed {
                class: failure.class,
                message: failure.message,
            },
        };
        reply(reporter.id, event);
    }
}

fn answer<W: DeserializeOwned>(
    request: Request,
    reporter: &Reporter,
    handle: &mut impl FnMut(W, &Reporter) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    if request.version != VERSION {
        let message = format!(
            "this trainer speaks version {VERSION}, not {}: restart the worker",
            request.version
        );
        return Err(Failure::internal(message));
    }
    let work = serde_json::from_value(request.work).map_err(Failure::internal)?;
    let handled = std::panic::catch_unwind(AssertUnwindSafe(|| handle(work, reporter)));
    handled.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Failure {
            class: FailureClass::Panic,
            message: text.unwrap_or_else(|| "unknown".to_owned()),
        })
    })
}

/// Requests as a thread of its own reads them: when stdin closes, the parent is gone and the process ends at once,
/// whatever it is computing.
fn requests() -> Receiver<Request> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            let Ok(request) = serde_json::from_str(&line) else {
                break;
            };
            if sender.send(request).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    receiver
}

/// Writes one reply. A parent that does not listen any more is gone: so is this process.
fn reply(id: u64, event: ReplyEvent) {
    let written = serde_json::to_vec(&Reply { id, event }).map(|mut line| {
        line.push(b'\n');
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(&line).and_then(|()| stdout.flush())
    });
    if !matches!(written, Ok(Ok(()))) {
        std::process::exit(1);
    }
}
