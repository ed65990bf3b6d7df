//! Watches the resident memory of a child.

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
    fn reads_the_status_of_this_process() {
        assert_eq!(resident_bytes("Name:\tx\nVmRSS:\t    2048 kB\n"), Some(2 << 20));
        assert_eq!(resident_bytes("Name:\tx\n"), None);
        let own = std::fs::read_to_string("/proc/self/status").unwrap();
        assert!(resident_bytes(&own).unwrap() > 1 << 20);
    }
}
