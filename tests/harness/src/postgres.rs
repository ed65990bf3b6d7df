//! A Postgres server of Debian's binaries in a folder of its own.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::postgres::{Client, NoTls, SimpleQueryMessage};
use anyhow::{Context, Result, bail, ensure};
use uuid::Uuid;

mod standby;

use crate::daemon::{Daemon, Signal};

/// The account that programs use, an ordinary one that owns their databases, and its password: the server listens on the loopback
/// interface only, and holds nothing of value.
const USER: &str = "automl";
const PASSWORD: &str = "automl";
/// The superuser, for tests that look at everything or harm the server. It has the same password.
const KEEPER: &str = "keeper";
/// A file beside the data of a server that has both accounts; an older one has a single account, which may do everything.
const ROLES: &str = "roles";
/// How long it may take to start, recovery after a crash included.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(30);
/// The account that runs it when this program is root's: Postgres refuses root.
const ACCOUNT: &str = "postgres";

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Survives an immediate stop, as a real one does. Without it nothing is flushed, which is much faster.
    pub is_durable: bool,
    /// Where its files are kept after it has stopped; none: in a temporary folder.
    pub folder: Option<PathBuf>,
    /// Port; none: a free one.
    pub port: Option<u16>,
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Connections are ended and everything is flushed.
    Fast,
    /// At once, as by a crash: the next start recovers.
    Immediate,
}

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    binaries: PathBuf,
    folder: PathBuf,
    is_temporary: bool,
    is_durable: bool,
    port: u16,
    daemon: Mutex<Option<Daemon>>,
}

impl Postgres {
    /// Makes a cluster where there is none, starts the server and waits until it answers.
    ///
    /// # Errors
    /// When Postgres is not installed or does not start; the message holds the end of its log.
    pub fn start(options: &Options) -> Result<Self> {
        let server = Self::idle(options)?;
        let is_new = !server.folder.join("data/PG_VERSION").exists();
        if is_new {
            server.initialise()?;
        }
        server.resume()?;
        if is_new {
            server.query(
                "postgres",
                &format!("CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{PASSWORD}'"),
            )?;
        }
        Ok(server)
    }

    /// A server that has a folder, and in it nothing yet.
    fn idle(options: &Options) -> Result<Self> {
        let (folder, is_temporary) = match &options.folder {
            Some(folder) => (folder.clone(), false),
            None => (
                tempfile::Builder::new().prefix("postgres-").tempdir()?.keep(),
                true,
            ),
        };
        let server = Self {
            binaries: binaries()?,
            folder,
            is_temporary,
            is_durable: options.is_durable,
            port: options.port.map_or_else(crate::free_port, Ok)?,
            daemon: Mutex::new(None),
        };
        std::fs::create_dir_all(&server.folder)?;
        if runs_as_root() {
            let (user, group) = account()?;
            std::os::unix::fs::chown(&server.folder, Some(user), Some(group))?;
        }
        Ok(server)
    }

    /// Port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// URL of a database of this server.
    pub fn url(&self, database: &str) -> String {
        Self::url_at(self.port, database)
    }

    /// URL of a database behind another port, a proxy's for example.
    pub fn url_at(port: u16, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{port}/{database}")
    }

    /// Makes a database with a new name, as a copy of `template` where one is given, and returns its name.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn create_database(&self, template: Option<&str>) -> Result<String> {
        let name = format!("test_{}", Uuid::new_v4().simple());
        self.create_named(&name, template)?;
        Ok(name)
    }

    /// Makes a database of that name.
    ///
    /// # Errors
    /// When the server refuses, for instance since there is one.
    pub fn create_named(&self, name: &str, template: Option<&str>) -> Result<()> {
        let template = template.unwrap_or("template0");
        self.query(
            "postgres",
            &format!(r#"CREATE DATABASE "{name}" OWNER {USER} TEMPLATE "{template}""#),
        )?;
        Ok(())
    }

    /// Runs statements as superuser and returns the rows of all of them as text; null is empty.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn query(&self, database: &str, statements: &str) -> Result<Vec<Vec<String>>> {
        query(&self.keeper_url(database), statements)
    }

    /// What the server has logged so far.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.folder.join("log"))?)
    }

    /// URL of a database of this server, for its superuser.
    pub fn keeper_url(&self, database: &str) -> String {
        let (keeper, port) = (self.keeper(), self.port);
        format!("postgres://{keeper}:{PASSWORD}@127.0.0.1:{port}/{database}")
    }

    fn keeper(&self) -> &'static str {
        if self.folder.join(ROLES).exists() {
            KEEPER
        } else {
            USER
        }
    }

    /// Stops the server.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn stop(&self, how: Stop) -> Result<()> {
        let mut daemon = self.daemon.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut running) = daemon.take() else {
            return Ok(());
        };
        running.signal(match how {
            Stop::Fast => Signal::Interrupt,
            Stop::Immediate => Signal::Quit,
        })?;
        ensure!(
            running.wait(STOP_LIMIT)?.is_some(),
            "Postgres does not stop: {}",
            self.last_words()
        );
        Ok(())
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
        let mut command = as_account(&self.binaries.join("postgres"))?;
        command
            .arg("-D")
            .arg(self.folder.join("data"))
            .args([
                "-p",
                &self.port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .args(["-c", "max_connections=300", "-c", "shared_buffers=64MB"])
            // Its stop waits for connections that have not said yet who they are, those behind a broken way for example.
            .args(["-c", "authentication_timeout=2s"]);
        if !self.is_durable {
            command.args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]);
        }
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let removed = self.is_temporary.then_some(self.folder.as_path());
        let mut running = Daemon::start(&mut command, Signal::Quit, removed).context("starting Postgres")?;
        let began = Instant::now();
        while self.query("postgres", "SELECT 1").is_err() {
            if !running.is_running() || began.elapsed() > START_LIMIT {
                bail!("Postgres does not start: {}", self.last_words());
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        *daemon = Some(running);
        Ok(())
    }

    /// Stops and starts it.
    ///
    /// # Errors
    /// As [`Postgres::stop`] and [`Postgres::resume`].
    pub fn restart(&self, how: Stop) -> Result<()> {
        self.stop(how)?;
        self.resume()
    }

    fn initialise(&self) -> Result<()> {
        let password = self.folder.join("password");
        std::fs::write(&password, PASSWORD)?;
        let mut command = as_account(&self.binaries.join("initdb"))?;
        let made = command
            .arg("-D")
            .arg(self.folder.join("data"))
            .arg(format!("--pwfile={}", password.display()))
            .args([
                "-U",
                KEEPER,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ])
            .current_dir(&self.folder)
            .output()
            .context("running initdb")?;
        std::fs::remove_file(&password)?;
        ensure!(
            made.status.success(),
            "initdb failed: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        std::fs::write(self.folder.join(ROLES), "")?;
        Ok(())
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A server that does not stop is killed with its daemon.
        let _ = self.stop(if self.is_temporary {
            Stop::Immediate
        } else {
            Stop::Fast
        });
        if self.is_temporary {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Runs statements at a URL and returns the rows of all of them as text; null is empty. Callable from async tests too.
///
/// # Errors
/// When the server cannot be reached or refuses.
pub fn query(url: &str, statements: &str) -> Result<Vec<Vec<String>>> {
    // The blocking client brings a runtime of its own, which does not fit into an async test's.
    let asked = std::thread::scope(|scope| {
        scope
            .spawn(|| Client::connect(url, NoTls)?.simple_query(statements))
            .join()
    });
    let messages = asked.map_err(|_| anyhow::anyhow!("the client of Postgres panicked"))??;
    let mut rows = Vec::new();
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            rows.push(
                (0..row.len())
                    .map(|column| row.get(column).unwrap_or_default().to_owned())
                    .collect(),
            );
        }
    }
    Ok(rows)
}

/// A program of the newest installed Postgres.
///
/// # Errors
/// When Postgres is not installed.
pub fn binary(name: &str) -> Result<PathBuf> {
    Ok(binaries()?.join(name))
}

/// The folder of the newest installed binaries.
fn binaries() -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
    {
        let version: Option<u32> = entry.file_name().to_str().and_then(|name| name.parse().ok());
        let folder = entry.path().join("bin");
        if let (Some(version), true) = (version, folder.join("initdb").exists()) {
            found.push((version, folder));
        }
    }
    found.sort();
    let newest = found.pop().context(
        "no Postgres below /usr/lib/postgresql; `make setup-services` installs Debian's package postgresql",
    )?;
    Ok(newest.1)
}

/// A command that runs as the account for Postgres when this program is root's, else as oneself.
fn as_account(program: &Path) -> Result<Command> {
    if !runs_as_root() {
        return Ok(Command::new(program));
    }
    let (user, group) = account()?;
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={user}"))
        .arg(format!("--regid={group}"))
        .args(["--clear-groups", "--"])
        .arg(program);
    Ok(command)
}

fn runs_as_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// User and group id of the account that Debian's package makes.
fn account() -> Result<(u32, u32)> {
    let accounts = std::fs::read_to_string("/etc/passwd")?;
    for line in accounts.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [name, _, user, group, ..] = fields[..]
            && name == ACCOUNT
        {
            return Ok((user.parse()?, group.parse()?));
        }
    }
    bail!("root cannot run Postgres, and there is no account {ACCOUNT}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_durable_server_keeps_its_rows_through_a_crash() {
        let server = Postgres::start(&Options {
            is_durable: true,
            ..Options::default()
        })
        .unwrap();
        let database = server.create_database(None).unwrap();
        server
            .query(&database, "CREATE TABLE a (b int); INSERT INTO a VALUES (1), (2)")
            .unwrap();
        server.restart(Stop::Immediate).unwrap();
        let copy = server.create_database(Some(&database)).unwrap();
        for name in [&database, &copy] {
            let rows = server.query(name, "SELECT b FROM a ORDER BY b").unwrap();
            assert_eq!(rows, [["1"], ["2"]], "{name}");
        }
        server.stop(Stop::Fast).unwrap();
        assert!(server.query(&database, "SELECT 1").is_err());
        let folder = server.folder.clone();
        drop(server);
        assert!(!folder.exists());
    }
}
