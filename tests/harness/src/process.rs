//! The program under test, as a process.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::daemon::{Daemon, Signal};

/// How long a server may take to say that it is ready.
const READY_LIMIT: Duration = Duration::from_secs(60);
/// Lines of the log that a failing test shows.
const LAST_LINES: usize = 25;

/// What to start.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables beside those of this process; other `AUTOML_*` and `AWS_*` ones are not passed on.
    pub environment: Vec<(String, String)>,
    /// File that gets its standard error.
    pub log: PathBuf,
}

/// A running process. Dropping it kills it; in a failing test it shows the end of its log.
#[derive(Debug)]
pub struct Process {
    daemon: Daemon,
    launch: Launch,
}

impl Process {
    /// Starts it.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(launch: Launch) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&launch.log)
            .expect("the log can be written");
        let mut command = Command::new(&launch.program);
        command
            .args(&launch.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("AUTOML_") || text.starts_with("AWS_") {
                command.env_remove(&name);
            }
        }
        command.envs(launch.environment.iter().cloned());
        let daemon = Daemon::start(&mut command, Signal::Kill, None).expect("the program starts");
        Self { daemon, launch }
    }

    /// The first line of its standard output; what follows is read and dropped.
    ///
    /// # Panics
    /// When it ends or is silent before that.
    pub fn first_line(&mut self) -> String {
        let stdout = self
            .daemon
            .child()
            .stdout
            .take()
            .expect("standard output is read once");
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // Nobody listens any more where the limit has passed.
            let _ = sender.send(lines.next());
            lines.for_each(drop);
        });
        let line = receiver.recv_timeout(READY_LIMIT).ok().flatten();
        line.unwrap_or_else(|| {
            panic!(
                "{:?} says nothing; the end of its log:\n{}",
                self.launch.arguments,
                self.last_words()
            )
        })
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.daemon.id()
    }

    /// True while it has not ended.
    pub fn is_running(&mut self) -> bool {
        self.daemon.is_running()
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// When it is gone.
    pub fn signal(&self, signal: Signal) {
        self.daemon.signal(signal).expect("the process is there");
    }

    /// Waits for its end, at most that long.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        self.daemon.wait(at_most).expect("the process can be waited for")
    }

    /// Kills it at once, as a power cut would.
    ///
    /// # Panics
    /// When it stays.
    pub fn kill(&mut self) {
        self.signal(Signal::Kill);
        assert!(
            self.wait(Duration::from_secs(10)).is_some(),
            "a killed process is gone"
        );
    }

    /// Starts it again as it was started.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::start(self.launch.clone())
    }

    /// Its children: of a worker, the trainers.
    pub fn children(&self) -> Vec<u32> {
        children(self.id())
    }

    /// The file that gets its standard error.
    pub fn log(&self) -> &Path {
        &self.launch.log
    }

    fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.launch.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- {:?} ----\n{}", self.launch.arguments, self.last_words());
        }
    }
}

/// The most memory that a running process has had so far, in bytes.
pub fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// Children of a process.
pub fn children(process: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    for thread in threads.into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        found.extend(text.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    found
}
