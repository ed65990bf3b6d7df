//! A Redis server in a folder of its own.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::daemon::{Daemon, Signal};

/// How long it may take to start, loading its file included.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long it may take to stop or to answer.
const LIMIT: Duration = Duration::from_secs(10);

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Keeps an append-only file, written each second; without it a restart forgets everything.
    pub is_persistent: bool,
    /// Refuses writes beyond that many bytes; none: no bound.
    pub max_memory_bytes: Option<u64>,
    /// Where its files are kept after it has stopped; none: in a temporary folder.
    pub folder: Option<PathBuf>,
    /// Port; none: a free one.
    pub port: Option<u16>,
}

/// A running server.
#[derive(Debug)]
pub struct Redis {
    options: Options,
    folder: PathBuf,
    port: u16,
    daemon: Mutex<Option<Daemon>>,
}

impl Redis {
    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    /// When Redis is not installed or does not start.
    pub fn start(options: Options) -> Result<Self> {
        let folder = match &options.folder {
            Some(folder) => folder.clone(),
            None => tempfile::Builder::new().prefix("redis-").tempdir()?.keep(),
        };
        std::fs::create_dir_all(&folder)?;
        let port = options.port.map_or_else(crate::free_port, Ok)?;
        let server = Self {
            options,
            folder,
            port,
            daemon: Mutex::new(None),
        };
        server.resume()?;
        Ok(server)
    }

    /// Port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// URL of one of its 1024 databases.
    pub fn url(&self, database: u16) -> String {
        format!("redis://127.0.0.1:{}/{database}", self.port)
    }

    /// Sends one command and returns the first line of the reply, without its type mark.
    ///
    /// # Errors
    /// When it cannot be reached, or refuses.
    pub fn command(&self, words: &[&str]) -> Result<String> {
        command(self.port, words)
    }

    /// Removes every key of every database.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn flush_all(&self) -> Result<()> {
        self.command(&["FLUSHALL"]).map(drop)
    }

    /// Stops it in good order, the append-only file written.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn stop(&self) -> Result<()> {
        self.end(Signal::Term)
    }

    /// Ends it as a crash would.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn kill(&self) -> Result<()> {
        self.end(Signal::Kill)
    }

    /// Starts the stopped server again, on the same port with the same files.
    ///
    /// # Errors
    /// When it does not answer in time.
    pub fn resume(&self) -> Result<()> {
        let mut daemon = self.daemon.lock().unwrap_or_else(PoisonError::into_inner);
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))?;
        let keeps = if self.options.is_persistent { "yes" } else { "no" };
        let memory = self.options.max_memory_bytes.unwrap_or(0).to_string();
        let mut command = Command::new("redis-server");
        command
            .args([
                "--port",
                &self.port.to_string(),
                "--bind",
                "127.0.0.1",
                "--databases",
                "1024",
            ])
            .args(["--save", "", "--appendonly", keeps, "--appendfsync", "everysec"])
            .args([
                "--maxmemory",
                &memory,
                "--maxmemory-policy",
                "noeviction",
                "--dir",
            ])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let removed = self.options.folder.is_none().then_some(self.folder.as_path());
        let mut running = Daemon::start(&mut command, Signal::Term, removed)
            .context("starting redis-server; `make setup-services` installs it")?;
        let began = Instant::now();
        while self.command(&["PING"]).ok().as_deref() != Some("PONG") {
            if !running.is_running() || began.elapsed() > START_LIMIT {
                bail!("Redis does not start; its log is {}/log", self.folder.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        *daemon = Some(running);
        Ok(())
    }

    /// Stops and starts it.
    ///
    /// # Errors
    /// As [`Redis::stop`] and [`Redis::resume`].
    pub fn restart(&self) -> Result<()> {
        self.stop()?;
        self.resume()
    }

    /// It keeps its connections and answers nothing, until [`Redis::unpause`].
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause(&self) -> Result<()> {
        self.signal(Signal::Stop)
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When it does not run.
    pub fn unpause(&self) -> Result<()> {
        self.signal(Signal::Continue)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let daemon = self.daemon.lock().unwrap_or_else(PoisonError::into_inner);
        daemon.as_ref().context("Redis does not run")?.signal(signal)?;
        Ok(())
    }

    fn end(&self, signal: Signal) -> Result<()> {
        let mut daemon = self.daemon.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut running) = daemon.take() else {
            return Ok(());
        };
        running.signal(signal)?;
        ensure!(running.wait(LIMIT)?.is_some(), "Redis does not stop");
        Ok(())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // What does not stop is killed with its daemon.
        if self.options.folder.is_none() {
            let _ = self.kill();
            let _ = std::fs::remove_dir_all(&self.folder);
        } else {
            let _ = self.stop();
        }
    }
}

/// Sends one command to a port of 127.0.0.1, a proxy's for example, and returns the first line of the reply without its type mark.
///
/// # Errors
/// When nobody is there, or it refuses.
pub fn command(port: u16, words: &[&str]) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(LIMIT))?;
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let line = line.trim_end();
    match line.split_at_checked(1) {
        Some(("-", error)) => bail!("Redis refuses {}: {error}", words[0]),
        Some(("$", length)) if length != "-1" => {
            let mut text = vec![0; length.parse()?];
            reader.read_exact(&mut text)?;
            Ok(String::from_utf8_lossy(&text).into_owned())
        }
        Some((_, rest)) => Ok(rest.to_owned()),
        None => bail!("Redis closed the connection"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_persistent_server_remembers() {
        for is_persistent in [false, true] {
            let server = Redis::start(Options {
                is_persistent,
                ..Options::default()
            })
            .unwrap();
            server.command(&["SET", "a", "b c"]).unwrap();
            assert_eq!(server.command(&["GET", "a"]).unwrap(), "b c");
            server.restart().unwrap();
            let kept = if is_persistent { "b c" } else { "-1" };
            assert_eq!(server.command(&["GET", "a"]).unwrap(), kept);
            server.flush_all().unwrap();
            assert_eq!(server.command(&["DBSIZE"]).unwrap(), "0");
        }
    }

    #[test]
    fn a_full_server_refuses_writes() {
        let server = Redis::start(Options {
            max_memory_bytes: Some(1 << 20),
            ..Options::default()
        })
        .unwrap();
        let value = "x".repeat(1 << 20);
        let refused = (0..4).any(|_| server.command(&["SET", "a", &value]).is_err());
        assert!(refused);
    }
}
