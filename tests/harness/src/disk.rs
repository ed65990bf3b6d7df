//! A small disk that can be filled to its last byte: a file system in memory, where this program may mount one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;

/// Waits for the end of the program that started it, then takes the file system at `$1` away.
const WATCH: &str = r#"read -r _; umount -l "$1"; rmdir "$1" 2>/dev/null"#;
/// Bytes that the filling file is written in: the last block is the smallest.
const BLOCKS: [usize; 3] = [1 << 20, 1 << 12, 1];
/// What others give back meanwhile is taken at once.
const GREED: Duration = Duration::from_millis(5);

/// A mounted file system. Dropping it takes it away; so does the end of this program, even by a signal.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
    watch: Child,
    filling: Mutex<Option<Filling>>,
}

/// The thread that keeps a disk full.
#[derive(Debug)]
struct Filling {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Disk {
    /// A disk of that size.
    ///
    /// # Errors
    /// Why this machine has none: mounting needs the right to do so. For the message of a test that is skipped.
    pub fn mount(mebibytes: u32) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={mebibytes}m,mode=0755"),
                "tmpfs",
            ])
            .arg(folder.path())
            .output()
            .map_err(|error| format!("mount cannot be run: {error}"))?;
        if !mounted.status.success() {
            return Err(String::from_utf8_lossy(&mounted.stderr).trim().to_owned());
        }
        let watch = Command::new("sh")
            .args(["-c", WATCH, "watch"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            folder,
            watch,
            filling: Mutex::new(None),
        })
    }

    /// Where it is mounted.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Fills it up and keeps it full: writing to it fails from then on, whatever else is removed.
    ///
    /// # Panics
    /// When it cannot be written for another reason.
    pub fn fill(&self) {
        let mut file = self.open_ballast();
        top_up(&mut file);
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                top_up(&mut file);
                std::thread::sleep(GREED);
            }
        });
        *self.filling.lock().unwrap_or_else(PoisonError::into_inner) = Some(Filling { is_over, thread });
    }

    /// Fills it up once, but for so many bytes: what others give back stays free.
    ///
    /// # Panics
    /// As [`Disk::fill`].
    pub fn fill_but(&self, left: u64) {
        let mut file = self.open_ballast();
        top_up(&mut file);
        let length = file.metadata().expect("a file has a length").len();
        file.set_len(length.saturating_sub(left))
            .expect("it can be shortened");
    }

    /// Makes room again.
    ///
    /// # Panics
    /// When it was not filled.
    pub fn free(&self) {
        self.stop_filling();
        std::fs::remove_file(self.ballast()).expect("it was filled");
    }

    fn stop_filling(&self) {
        let filling = self.filling.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(filling) = filling {
            filling.is_over.store(true, Ordering::Relaxed);
            // Its panic is the test's.
            let ended = filling.thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the disk was not kept full"
            );
        }
    }

    fn open_ballast(&self) -> File {
        let opened = File::options().create(true).append(true).open(self.ballast());
        opened.expect("a file can be made")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

/// Writes until nothing more fits.
fn top_up(file: &mut File) {
    for block in BLOCKS {
        let block = vec![0; block];
        loop {
            match file.write_all(&block) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => break,
                Err(error) => panic!("the disk cannot be filled: {error}"),
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.stop_filling();
        let _ = self.watch.kill();
        let _ = self.watch.wait();
        // Lazily: whoever still has a file open there loses nothing but its name.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_full_until_it_is_freed() {
        let disk = match Disk::mount(1) {
            Ok(disk) => disk,
            Err(reason) => return eprintln!("skipped: no small disk here: {reason}"),
        };
        let file = disk.folder().join("file");
        disk.fill();
        let full = std::fs::write(&file, b"x").unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
        disk.free();
        std::fs::write(&file, b"x").unwrap();
        let folder = disk.folder().to_owned();
        drop(disk);
        assert!(!folder.exists());
    }
}
