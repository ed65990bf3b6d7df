//! A process in the background that never outlives this one.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Waits for the end of its standard input, that is of the program that started it, then ends the process `$2` and removes
/// the folder `$3`.
const WATCH: &str = r#"read -r _; kill -"$1" "$2" 2>/dev/null; sleep 1; kill -KILL "$2" 2>/dev/null; [ -z "$3" ] || rm -rf "$3""#;

/// Waits for the end of the program that started it, then removes the folder `$1`.
const SWEEP: &str = r#"read -r _; rm -rf "$1""#;

/// Removes a folder when it is dropped; so does the end of this program, even by a signal.
#[derive(Debug)]
pub struct Sweep {
    folder: PathBuf,
    watch: Child,
}

impl Sweep {
    /// From now on.
    ///
    /// # Errors
    /// When no process can be started.
    pub fn start(folder: &Path) -> io::Result<Self> {
        let watch = Command::new("sh")
            .process_group(0)
            .args(["-c", SWEEP, "sweep"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            folder: folder.to_owned(),
            watch,
        })
    }
}

impl Drop for Sweep {
    fn drop(&mut self) {
        let _ = self.watch.kill();
        let _ = self.watch.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What can be sent to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Asks it to end.
    Term,
    /// Asks it to end, as ctrl-c does.
    Interrupt,
    /// Asks it to end at once.
    Quit,
    /// Ends it.
    Kill,
    /// Stops it: it keeps everything and does nothing.
    Stop,
    /// Lets it go on.
    Continue,
}

impl Signal {
    fn number(self) -> libc::c_int {
        match self {
            Self::Term => libc::SIGTERM,
            Self::Interrupt => libc::SIGINT,
            Self::Quit => libc::SIGQUIT,
            Self::Kill => libc::SIGKILL,
            Self::Stop => libc::SIGSTOP,
            Self::Continue => libc::SIGCONT,
        }
    }

    /// Sends it to a process that this program or a child of it has started.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn send(self, process: u32) -> io::Result<()> {
        let process = libc::pid_t::try_from(process).map_err(io::Error::other)?;
        // SAFETY: kill takes plain numbers.
        #[expect(
            unsafe_code,
            reason = "the standard library can only kill, and only its own children"
        )]
        let sent = unsafe { libc::kill(process, self.number()) };
        if sent == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    }
}

/// A running process. Dropping it kills it; so does the end of this program, even by a signal.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    watch: Child,
}

impl Daemon {
    /// Starts a command. `removed` is a folder that goes when this program has ended without stopping the process itself.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, last_signal: Signal, removed: Option<&Path>) -> io::Result<Self> {
        // A ctrl-c at the terminal is for this program alone: it ends the others in its own order.
        let mut child = command.process_group(0).spawn()?;
        let watch = Command::new("sh")
            .process_group(0)
            .args(["-c", WATCH, "watch"])
            .arg(last_signal.number().to_string())
            .arg(child.id().to_string())
            .arg(removed.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match watch {
            Ok(watch) => Ok(Self { child, watch }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(error)
            }
        }
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The process itself, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// True while it has not ended.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// When it is gone.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        signal.send(self.id())
    }

    /// Waits until it has ended, at most that long; none: it still runs.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn wait(&mut self, at_most: Duration) -> io::Result<Option<ExitStatus>> {
        let began = Instant::now();
        loop {
            let ended = self.child.try_wait()?;
            if ended.is_some() || began.elapsed() >= at_most {
                return Ok(ended);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // What has ended already cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.watch.kill();
        let _ = self.watch.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_daemon_is_dead() {
        let daemon = Daemon::start(Command::new("sleep").arg("60"), Signal::Term, None).unwrap();
        let id = daemon.id();
        drop(daemon);
        assert!(Signal::Continue.send(id).is_err());
    }

    #[test]
    fn a_daemon_ends_with_its_starter_and_takes_the_folder_along() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        let mut daemon = Daemon::start(Command::new("sleep").arg("60"), Signal::Term, Some(&inside)).unwrap();
        // What the end of this program does: the pipe closes.
        drop(daemon.watch.stdin.take());
        assert!(daemon.wait(Duration::from_secs(5)).unwrap().is_some());
        daemon.watch.wait().unwrap();
        assert!(!inside.exists());
    }
}
