//! The folder below which the children of one process have theirs. It goes with the process; where that was killed, the next
//! one removes it: a lock that the kernel keeps tells whose owner is gone.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use platform::Error;

/// Ending of the file that the owner of a folder keeps locked, beside the folder.
const LOCK: &str = "lock";

/// A folder of this process.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    lock: PathBuf,
    /// Held until the process ends.
    _held: File,
}

impl Scratch {
    /// Removes what others left, then makes a folder of that name, which nobody else has.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(root: &Path, name: &str) -> Result<Self, Error> {
        let failed = |error| Error::file(root, error);
        fs::create_dir_all(root).map_err(failed)?;
        remove_abandoned(root);
        let folder = root.join(name);
        let lock = folder.with_extension(LOCK);
        let held = locked(&lock).map_err(failed)?;
        fs::create_dir_all(&folder).map_err(failed)?;
        Ok(Self {
            folder,
            lock,
            _held: held,
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is removed by the next process.
        if fs::remove_dir_all(&self.folder).is_ok() {
            let _ = fs::remove_file(&self.lock);
        }
    }
}

/// Makes and locks a file. Somebody who looks for abandoned ones may have removed it in between: then once more.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        file.lock()?;
        if path.exists() {
            return Ok(file);
        }
    }
}

fn remove_abandoned(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let lock = entry.path();
        if lock.extension() != Some(OsStr::new(LOCK)) {
            continue;
        }
        let Ok(file) = OpenOptions::new().write(true).open(&lock) else {
            continue;
        };
        if file.try_lock().is_err() {
            continue;
        }
        match fs::remove_dir_all(lock.with_extension("")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, path = %lock.display(), "a left-over folder stays");
            }
            _ => drop(fs::remove_file(&lock)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_owner_and_what_a_killed_one_left_goes_next() {
        let root = tempfile::tempdir().unwrap();
        let living = Scratch::take(root.path(), "living").unwrap();
        fs::write(living.folder().join("a"), "a").unwrap();
        // As a killed process leaves them: the folder, and a lock that nobody holds.
        fs::create_dir_all(root.path().join("dead/trainer-1")).unwrap();
        fs::write(root.path().join("dead.lock"), "").unwrap();
        let next = Scratch::take(root.path(), "next").unwrap();
        assert!(!root.path().join("dead").exists() && !root.path().join("dead.lock").exists());
        assert!(living.folder().join("a").exists(), "its owner lives");
        drop((living, next));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
