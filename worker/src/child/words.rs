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

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use tokio::process::Command;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Log {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    /// What the log has of a child that runs this script, and its last words.
    fn heard(script: &str) -> (String, String) {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(log.clone())
            .with_ansi(false)
            .finish();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let guard = tracing::subscriber::set_default(subscriber);
        let last = runtime.unwrap().block_on(async {
            let mut command = Command::new("sh");
            command.args(["-c", script]).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut words = Words::hear(child.stderr.take().unwrap());
            words.are_about(tracing::error_span!("about", task.id = 7));
            words.last().await.unwrap()
        });
        drop(guard);
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        (log, last)
    }

    #[test]
    fn lines_are_logged_with_what_they_are_about() {
        let (log, last) = heard("sleep 0.2; printf 'one\\n\\ntwo' >&2; printf ' three\\nrest' >&2");
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        for (line, said) in lines.iter().zip(["one", "two three"]) {
            let text =
                format!("about{{task.id=7}}: worker::child::words: the trainer child says line=\"{said}\"");
            assert!(line.ends_with(&text), "{line}");
        }
        assert_eq!(last, "one\n\ntwo three\nrest");
    }

    #[test]
    fn who_never_stops_talking_fills_no_disk() {
        let (log, last) = heard("sleep 0.2; seq -f '%01000g' 300 >&2");
        assert_eq!(log.lines().count(), LINES + 1);
        assert!(log.lines().all(|line| line.len() < LINE + 200), "{log}");
        assert!(log.ends_with("says more than is logged\n"), "{log}");
        assert_eq!(last.len(), KEPT);
    }
}
