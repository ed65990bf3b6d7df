//! Watches the resident memory of a child and the disk that its folder takes.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Between two looks. A child that allocates at memory speed gains some hundred MiB in it.
const INTERVAL: Duration = Duration::from_millis(50);

/// Ends when the process uses more than the limit, with what it uses. Never ends for a process that cannot be seen.
pub async fn above(pid: u32, limit_bytes: u64) -> u64 {
    let path = format!("/proc/{pid}/status");
    loop {
        tokio::time::sleep(INTERVAL).await;
        // Procfs answers from memory: this does not block.
        let used = std::fs::read_to_string(&path)
            .ok()
            .and_then(|status| resident_bytes(&status));
        if let Some(used) = used.filter(|used| *used > limit_bytes) {
            return used;
        }
    }
}

/// Between two looks at a folder: what fits into it at the speed of a disk is no harm.
const DISK_INTERVAL: Duration = Duration::from_millis(500);
/// What an entry takes beside its content: a million empty files fill a disk as well.
const ENTRY_BYTES: u64 = 1 << 10;

/// Ends when the files of a folder take more disk than the limit.
pub async fn filled(folder: PathBuf, limit_bytes: u64) {
    loop {
        tokio::time::sleep(DISK_INTERVAL).await;
        let looked = folder.clone();
        let used = tokio::task::spawn_blocking(move || disk_bytes(&looked)).await;
        if used.is_ok_and(|used| used > limit_bytes) {
            return;
        }
    }
}

/// Disk that a folder takes; what cannot be seen counts nothing. Links are not followed.
fn disk_bytes(folder: &Path) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(data) = entry.metadata() else { continue };
            // Blocks, not the length: a hole takes nothing.
            bytes += ENTRY_BYTES + data.blocks() * 512;
            if data.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    bytes
}

/// `VmRSS` of a `/proc/<pid>/status` text.
fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_what_a_folder_takes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("full"), vec![1; 3 << 20]).unwrap();
        std::fs::File::create(inner.join("hole"))
            .unwrap()
            .set_len(1 << 30)
            .unwrap();
        std::os::unix::fs::symlink("/usr", inner.join("link")).unwrap();
        let bytes = disk_bytes(folder.path());
        assert!((3 << 20..4 << 20).contains(&bytes), "{bytes}");
        assert_eq!(disk_bytes(&folder.path().join("gone")), 0);
    }

    #[test]
    fn reads_the_status_of_this_process() {
        assert_eq!(resident_bytes("Name:\tx\nVmRSS:\t    2048 kB\n"), Some(2 << 20));
        assert_eq!(resident_bytes("Name:\tx\n"), None);
        let own = std::fs::read_to_string("/proc/self/status").unwrap();
        assert!(resident_bytes(&own).unwrap() > 1 << 20);
    }
}
