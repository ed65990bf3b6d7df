//! What a child writes to its stderr: lines of the worker's log, and the last of it says why the child died.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::ChildStderr;
use tokio::task::JoinHandle;
use tracing::Span;

/// Bytes that are kept, the last ones.
const KEPT: usize = 4096;
/// Lines of one child that are logged: a child that writes without end fills no disk.
const LINES: usize = 100;
/// Bytes of one line that are logged.
const LINE: usize = 500;

/// The stderr of a running child.
#[derive(Debug)]
pub struct Words {
    about: Arc<Mutex<Span>>,
    reading: Option<JoinHandle<String>>,
}

impl Words {
    /// Listens until the child's stderr is closed.
    pub fn hear(stderr: ChildStderr) -> Self {
        let about = Arc::new(Mutex::new(Span::none()));
        let reading = tokio::spawn(read(stderr, Arc::clone(&about)));
        Self {
            about,
            reading: Some(reading),
        }
    }

    /// The span of the lines to come.
    pub fn are_about(&self, span: Span) {
        *self.about.lock().unwrap_or_else(PoisonError::into_inner) = span;
    }

    /// The last words of a dead child; a grandchild that holds its stderr is waited for a second only.
    pub async fn last(&mut self) -> Option<String> {
        let reading = self.reading.take()?;
        tokio::time::timeout(Duration::from_secs(1), reading)
            .await
            .ok()?
            .ok()
    }
}

/// Reads to the end, logs lines and keeps the last bytes.
async fn read(mut stderr: ChildStderr, about: Arc<Mutex<Span>>) -> String {
    let mut kept: Vec<u8> = Vec::new();
    let mut lines = Lines::default();
    let mut block = [0; 1024];
    while let Ok(read) = stderr.read(&mut block).await {
        if read == 0 {
            break;
        }
        kept.extend_from_slice(&block[..read]);
        if kept.len() > KEPT {
            kept.drain(..kept.len() - KEPT);
        }
        let span = about.lock().unwrap_or_else(PoisonError::into_inner).clone();
        span.in_scope(|| lines.take(&block[..read]));
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Cuts what comes in blocks into lines, and logs them.
#[derive(Debug, Default)]
struct Lines {
    begun: Vec<u8>,
    logged: usize,
}

impl Lines {
    fn take(&mut self, block: &[u8]) {
        for byte in block {
            if *byte == b'\n' {
                self.log();
            } else if self.begun.len() < LINE {
                self.begun.push(*byte);
            }
        }
    }

    fn log(&mut self) {
        let line = std::mem::take(&mut self.begun);
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() || self.logged > LINES {
            return;
        }
        self.logged += 1;
        if self.logged > LINES {
            tracing::warn!("the trainer child says more than is logged");
        } else {
            tracing::warn!(line = line.trim_end(), "the trainer child says");
        }
    }
}
