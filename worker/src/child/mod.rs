//! A trainer child: the same program, started with nothing but a folder, that does one piece of work after the other.

mod cgroup;
mod exit;
mod limits;
mod watch;
mod words;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tracing::Span;

use crate::protocol::{FailureClass, LINE_LIMIT, OUTPUT_LIMIT, Reply, ReplyEvent, Request, Told, VERSION};

pub use cgroup::{Absent, Leaf, Subtree};
pub use exit::Exit;

use exit::Bounds;
use words::Words;

/// How to start a child.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its whole environment.
    pub environment: Vec<(String, String)>,
    /// Bound of its resident memory.
    pub memory_bytes: u64,
    /// Whether its address space is bounded as well. A driver of a GPU reserves addresses for all memory of the machine and the
    /// GPU: there the watch on resident memory has to do.
    pub bounds_addresses: bool,
    /// Bound of the disk that its files take, each and all together.
    pub disk_bytes: u64,
    /// Folder in which it gets its own folder.
    pub scratch: PathBuf,
    /// Where it gets a cgroup of its own; none: the other limits have to do.
    pub cgroup: Option<Subtree>,
}

/// A running child. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    process: tokio::process::Child,
    pid: u32,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    words: Words,
    /// Before the folder: who writes into it ends first.
    cgroup: Option<Leaf>,
    folder: TempDir,
    bounds: Bounds,
    requests: u64,
}

impl Child {
    /// Starts a child in a new empty folder, with nothing of this process's environment and in a process group of its own.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(launch: &Launch) -> std::io::Result<Self> {
        std::fs::create_dir_all(&launch.scratch)?;
        let folder = tempfile::Builder::new()
            .prefix("trainer-")
            .tempdir_in(&launch.scratch)?;
        let mut command = Command::new(&launch.program);
        command
            .args(&launch.arguments)
            .env_clear()
            .envs(launch.environment.iter().cloned())
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let addresses = launch.bounds_addresses.then_some(launch.memory_bytes);
        limits::confine(&mut command, addresses, launch.disk_bytes);
        let mut process = command.spawn()?;
        let gone = || std::io::Error::other("the trainer child ended at once");
        let stderr = process.stderr.take().ok_or_else(gone)?;
        let pid = process.id().ok_or_else(gone)?;
        Ok(Self {
            // It waits for its first request: nothing of weight happens before it is inside.
            cgroup: launch
                .cgroup
                .as_ref()
                .and_then(|subtree| enclosed(subtree, pid, launch.memory_bytes)),
            pid,
            stdin: process.stdin.take().ok_or_else(gone)?,
            stdout: BufReader::new(process.stdout.take().ok_or_else(gone)?),
            words: Words::hear(stderr),
            process,
            folder,
            bounds: Bounds {
                memory_bytes: launch.memory_bytes,
                disk_bytes: launch.disk_bytes,
            },
            requests: 0,
        })
    }

    /// The child's working folder; paths in requests are relative to it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The span in which the worker's log has what the child says from here on.
    pub fn says_about(&self, span: Span) {
        self.words.are_about(span);
    }

    /// Has it do one piece of work; what it tells meanwhile goes to `told`. After an error other than [`Exit::Failed`] it is dead.
    ///
    /// # Errors
    /// How the work ended without a result.
    pub async fn run(
        &mut self,
        work: Value,
        wall_limit: Duration,
        told: &mpsc::UnboundedSender<Told>,
    ) -> Result<Value, Exit> {
        let (pid, folder) = (self.pid, self.folder.path().to_owned());
        let Bounds {
            memory_bytes,
            disk_bytes,
        } = self.bounds;
        let ended = tokio::select! {
            reply = self.ask(work, told) => reply,
            () = tokio::time::sleep(wall_limit) => Err(Exit::Timeout(wall_limit)),
            used = watch::above(pid, memory_bytes) => Err(Exit::Memory { used_bytes: Some(used), limit_bytes: memory_bytes }),
            () = watch::filled(folder, disk_bytes) => Err(Exit::Disk { limit_bytes: disk_bytes }),
        };
        match ended {
            Ok(value) => Ok(value),
            Err(Exit::Failed { class, message }) => Err(Exit::Failed { class, message }),
            Err(Exit::Closed) => Err(self.why_closed().await),
            Err(exit) => {
                self.kill().await;
                Err(exit)
            }
        }
    }

    /// Kills it and all it has started, and waits until it is gone.
    pub async fn kill(&mut self) {
        // Its id is somebody else's, perhaps, once it was collected.
        if self.process.id().is_some() {
            limits::kill_group(self.pid);
            // It was killed: what is left is to collect it.
            let _ = self.process.kill().await;
        }
    }

    async fn ask(&mut self, work: Value, told: &mpsc::UnboundedSender<Told>) -> Result<Value, Exit> {
        self.requests += 1;
        let request = Request {
            version: VERSION,
            id: self.requests,
            work,
        };
        let mut line = serde_json::to_vec(&request).map_err(|error| Exit::Protocol(error.to_string()))?;
        line.push(b'\n');
        if self.stdin.write_all(&line).await.is_err() {
            return Err(Exit::Closed);
        }
        let mut total = 0;
        loop {
            let line = self.read_line().await?;
            total += line.len();
            if total > OUTPUT_LIMIT {
                return Err(Exit::Protocol(format!(
                    "the child wrote more than {OUTPUT_LIMIT} bytes"
                )));
            }
            // What is no reply was printed by a library; it is of no interest.
            let Ok(reply) = serde_json::from_slice::<Reply>(&line) else {
                continue;
            };
            if reply.id != self.requests {
                continue;
            }
            match reply.event {
                // Nobody may be listening to progress.
                ReplyEvent::Progress(step) => drop(told.send(Told::Step(step))),
                ReplyEvent::Rows(rows) => drop(told.send(Told::Rows(rows))),
                ReplyEvent::Done { value } => return Ok(value),
                ReplyEvent::Failed { class, message } => return Err(Exit::Failed { class, message }),
            }
        }
    }

    async fn read_line(&mut self) -> Result<Vec<u8>, Exit> {
        let mut line = Vec::new();
        loop {
            let block = self.stdout.fill_buf().await.map_err(|_| Exit::Closed)?;
            if block.is_empty() {
                return Err(Exit::Closed);
            }
            let end = block.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(block.len(), |end| end + 1);
            line.extend_from_slice(&block[..taken]);
            self.stdout.consume(taken);
            if line.len() > LINE_LIMIT {
                return Err(Exit::Protocol(format!(
                    "the child wrote a line of more than {LINE_LIMIT} bytes"
                )));
            }
            if end.is_some() {
                return Ok(line);
            }
        }
    }

    /// Its stdout is closed: it is dead or dying.
    async fn why_closed(&mut self) -> Exit {
        let waited = tokio::time::timeout(Duration::from_secs(2), self.process.wait()).await;
        let status = waited.ok().and_then(Result::ok);
        self.kill().await;
        let words = self.words.last().await;
        if self.cgroup.as_ref().is_some_and(Leaf::ran_out_of_memory) {
            return Exit::Memory {
                used_bytes: None,
                limit_bytes: self.bounds.memory_bytes,
            };
        }
        exit::classify(status, words.as_deref().unwrap_or_default(), self.bounds)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.process.id().is_some() {
            limits::kill_group(self.pid);
        }
    }
}

/// A cgroup with that process in it; a child without one still has all other limits.
fn enclosed(subtree: &Subtree, pid: u32, memory_bytes: u64) -> Option<Leaf> {
    let made = subtree.leaf(memory_bytes).and_then(|leaf| {
        leaf.add(pid)?;
        Ok(leaf)
    });
    made.inspect_err(|error| tracing::warn!(%error, "a trainer child without a cgroup"))
        .ok()
}

/// The failure of an orderly child.
pub fn failed(class: FailureClass, message: impl Into<String>) -> Exit {
    Exit::Failed {
        class,
        message: message.into(),
    }
}
