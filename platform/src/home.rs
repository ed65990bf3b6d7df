//! The home folder: private to its owner, and used by one kind of server at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::Error;

/// How a process uses a home folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Alone: `serve`, which may take over whatever a dead predecessor left running.
    Alone,
    /// Beside others: `api` and `worker`.
    Shared,
}

/// Holds the lock of a home folder until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Locks a home folder.
///
/// # Errors
/// `Conflict` when another process uses it in a way that excludes this one.
pub fn lock(home: &Path, usage: Use) -> Result<Lock, Error> {
    let path = home.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = file.map_err(|error| Error::file(&path, error))?;
    let locked = match usage {
        Use::Alone => file.try_lock(),
        Use::Shared => file.try_lock_shared(),
    };
    match locked {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Error::Conflict(format!(
            "another automl process uses {}: stop it, or choose another --home (`serve` runs alone; `api` and `worker` run side by side)",
            home.display()
        ))),
        Err(TryLockError::Error(error)) => Err(Error::file(&path, error)),
    }
}

/// Makes a folder readable by its owner only.
///
/// # Errors
/// When its permissions cannot be changed.
pub async fn make_private(home: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::Permissions::from_mode(0o700);
        tokio::fs::set_permissions(home, permissions)
            .await
            .map_err(|error| Error::file(home, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alone_or_several_shared() {
        let home = tempfile::tempdir().unwrap();
        let first = lock(home.path(), Use::Shared).unwrap();
        let second = lock(home.path(), Use::Shared).unwrap();
        assert!(matches!(lock(home.path(), Use::Alone), Err(Error::Conflict(_))));
        drop((first, second));
        let alone = lock(home.path(), Use::Alone).unwrap();
        assert!(matches!(lock(home.path(), Use::Shared), Err(Error::Conflict(_))));
        drop(alone);
        lock(home.path(), Use::Alone).unwrap();
    }
}
