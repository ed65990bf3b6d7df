//! A second server that follows the first.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{Options, PASSWORD, Postgres, ROLES, START_LIMIT, as_account};

impl Postgres {
    /// Starts a server that has, from now on, everything that this one has acknowledged: a commit waits until the standby has
    /// written it. This server must be durable, for else it waits for nobody.
    ///
    /// # Errors
    /// When the standby cannot be made or does not follow.
    pub fn standby(&self) -> Result<Self> {
        ensure!(
            self.is_durable,
            "a server that is not durable waits for no standby"
        );
        let standby = Self::idle(&Options {
            is_durable: true,
            ..Options::default()
        })?;
        let copied = as_account(&self.binaries.join("pg_basebackup"))?
            .args(["--host=127.0.0.1", "--port", &self.port.to_string()])
            .args(["--username", self.keeper(), "--pgdata"])
            .arg(standby.folder.join("data"))
            .args(["--write-recovery-conf", "--wal-method=stream"])
            .args(["--checkpoint=fast", "--no-sync"])
            .env("PGPASSWORD", PASSWORD)
            .current_dir(&standby.folder)
            .output()
            .context("running pg_basebackup")?;
        ensure!(
            copied.status.success(),
            "pg_basebackup failed: {}",
            String::from_utf8_lossy(&copied.stderr)
        );
        if self.folder.join(ROLES).exists() {
            std::fs::write(standby.folder.join(ROLES), "")?;
        }
        standby.resume()?;
        // Only here, not in the copy: the promoted standby has nobody to wait for.
        self.query("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'")?;
        self.query("postgres", "SELECT pg_reload_conf()")?;
        let began = Instant::now();
        let following = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
        while self.query("postgres", following)?.is_empty() {
            let is_late = began.elapsed() > START_LIMIT;
            ensure!(!is_late, "the standby does not follow: {}", standby.last_words());
            std::thread::sleep(Duration::from_millis(30));
        }
        Ok(standby)
    }

    /// Makes a standby a server of its own, which takes writes.
    ///
    /// # Errors
    /// When it does not become one in time.
    pub fn promote(&self) -> Result<()> {
        let promoted = self.query("postgres", "SELECT pg_promote(true, 60)")?;
        ensure!(
            promoted == [["t"]],
            "the standby stays one: {}",
            self.last_words()
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::Stop;

    #[test]
    fn a_promoted_standby_has_every_acknowledged_row() {
        let primary = Postgres::start(&Options {
            is_durable: true,
            ..Options::default()
        })
        .unwrap();
        let standby = primary.standby().unwrap();
        let database = primary.create_database(None).unwrap();
        primary.query(&database, "CREATE TABLE a (b int)").unwrap();
        let add = |server: &Postgres| server.query(&database, "INSERT INTO a VALUES (1)");
        for _ in 0..50 {
            add(&primary).unwrap();
        }
        assert!(add(&standby).is_err(), "it only follows");
        primary.stop(Stop::Immediate).unwrap();
        standby.promote().unwrap();
        let rows = standby.query(&database, "SELECT count(*) FROM a").unwrap();
        assert_eq!(rows, [["50"]]);
        add(&standby).unwrap();
    }
}
