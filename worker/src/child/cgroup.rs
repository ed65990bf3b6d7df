//! A cgroup (v2) for each child, where this process was given a subtree of its own: the kernel then bounds memory, swap and the
//! number of processes of everything the child starts, and tells whom it ended for want of memory. Elsewhere the limits of
//! [`super::limits`] and the watch on the resident memory have to do.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

/// What this process needs of the kernel to bound its children.
const CONTROLLERS: [&str; 2] = ["memory", "pids"];
/// Cgroup of this process itself: one that has bounded children may hold no process.
const OWN: &str = "worker";
/// Threads and processes of one child; threads of learners are far fewer.
const PROCESSES: u32 = 4096;
/// A cgroup can be removed once its last process was collected, which may be a moment later.
const REMOVAL: (u32, Duration) = (20, Duration::from_millis(5));

/// Why children get no cgroup. Not an error: most machines are like that.
#[derive(Debug, thiserror::Error)]
pub enum Absent {
    /// Cgroups of version 2 are not mounted, or this process is in none.
    #[error("there is no cgroup v2 here")]
    Unmounted,
    /// A controller is not delegated.
    #[error("its cgroup does not have the controller {0}")]
    Controller(&'static str),
    /// Others live in the cgroup of this process, which is then not its own to divide.
    #[error("it shares its cgroup with other processes")]
    Shared,
    /// The subtree belongs to somebody else.
    #[error("its cgroup cannot be divided: {0}")]
    Refused(#[from] io::Error),
}

/// A part of the cgroup hierarchy that is this process's to divide.
#[derive(Clone, Debug)]
pub struct Subtree {
    folder: PathBuf,
}

impl Subtree {
    /// The cgroup of this process, if it is its own: a container's, or a service's with `Delegate=yes`.
    ///
    /// # Errors
    /// Why there is none.
    pub fn take() -> Result<Self, Absent> {
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        let membership = fs::read_to_string("/proc/self/cgroup")?;
        let folder = own_folder(&mounts, &membership).ok_or(Absent::Unmounted)?;
        Self::divide(folder, std::process::id())
    }

    /// Moves the process into a leaf, so that its cgroup can have bounded children.
    fn divide(folder: PathBuf, process: u32) -> Result<Self, Absent> {
        let controllers = fs::read_to_string(folder.join("cgroup.controllers"))?;
        for needed in CONTROLLERS {
            if !controllers.split_whitespace().any(|name| name == needed) {
                return Err(Absent::Controller(needed));
            }
        }
        let process = process.to_string();
        let inhabitants = fs::read_to_string(folder.join("cgroup.procs"))?;
        if inhabitants.split_whitespace().any(|other| other != process) {
            return Err(Absent::Shared);
        }
        let own = folder.join(OWN);
        match fs::create_dir(&own) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
        fs::write(own.join("cgroup.procs"), &process)?;
        let wanted = CONTROLLERS.map(|name| format!("+{name}")).join(" ");
        if let Err(error) = fs::write(folder.join("cgroup.subtree_control"), wanted) {
            // Back to where it was; that it cannot go back changes nothing for anybody.
            let _ = fs::write(folder.join("cgroup.procs"), &process);
            let _ = fs::remove_dir(&own);
            return Err(error.into());
        }
        Ok(Self { folder })
    }

    /// A cgroup for one child, bounded but still empty.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn leaf(&self, memory_bytes: u64) -> io::Result<Leaf> {
        let folder = self.folder.join(format!("trainer-{}", Uuid::new_v4().simple()));
        fs::create_dir(&folder)?;
        let leaf = Leaf { folder };
        leaf.set("memory.max", &memory_bytes.to_string())?;
        leaf.set("pids.max", &PROCESSES.to_string())?;
        // All of it goes when one of it goes: half a trainer is none.
        leaf.set("memory.oom.group", "1")?;
        match leaf.set("memory.swap.max", "0") {
            // Without swap, or without its accounting, there is nothing to forbid.
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(leaf),
        }
    }
}

/// The cgroup of one child. Dropping it ends what is left in it.
#[derive(Debug)]
pub struct Leaf {
    folder: PathBuf,
}

impl Leaf {
    /// Moves a process in, with all it will start.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn add(&self, process: u32) -> io::Result<()> {
        self.set("cgroup.procs", &process.to_string())
    }

    /// True when the kernel has ended a process of this cgroup for want of memory.
    pub fn ran_out_of_memory(&self) -> bool {
        let events = fs::read_to_string(self.folder.join("memory.events")).unwrap_or_default();
        kills(&events) > 0
    }

    fn set(&self, file: &str, value: &str) -> io::Result<()> {
        // Never made here: a file that is missing is a limit that the kernel does not know.
        let mut options = fs::OpenOptions::new();
        io::Write::write_all(
            &mut options.write(true).open(self.folder.join(file))?,
            value.as_bytes(),
        )
    }
}

impl Drop for Leaf {
    fn drop(&mut self) {
        // Kernels before 5.14 do not know it; the process group was killed then.
        let _ = self.set("cgroup.kill", "1");
        for _ in 0..REMOVAL.0 {
            match fs::remove_dir(&self.folder) {
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => std::thread::sleep(REMOVAL.1),
                Err(error) => return tracing::debug!(%error, "a cgroup stays"),
                Ok(()) => return,
            }
        }
    }
}

/// Folder of the cgroup that the process with these `/proc/self/mountinfo` and `/proc/self/cgroup` is in.
fn own_folder(mounts: &str, membership: &str) -> Option<PathBuf> {
    let own = membership.lines().find_map(|line| line.strip_prefix("0::"))?;
    for line in mounts.lines() {
        let (place, kind) = line.split_once(" - ")?;
        let mut fields = place.split(' ').skip(3);
        if let (true, Some(root), Some(mount)) = (kind.starts_with("cgroup2 "), fields.next(), fields.next())
        {
            let below = Path::new(own).strip_prefix(root).ok()?;
            return Some(Path::new(mount).join(below));
        }
    }
    None
}

/// `oom_kill` of a `memory.events` text.
fn kills(events: &str) -> u64 {
    let line = events.lines().find_map(|line| line.strip_prefix("oom_kill "));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with the files that the kernel would make.
    fn made_up(controllers: &str, inhabitants: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cgroup.controllers"), controllers).unwrap();
        fs::write(folder.path().join("cgroup.procs"), inhabitants).unwrap();
        folder
    }

    #[test]
    fn finds_its_own_folder() {
        let hybrid = "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                      32 23 0:28 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
        let folder = own_folder(hybrid, "4:memory:/x\n0::/system.slice/automl.service\n");
        assert_eq!(
            folder.unwrap(),
            Path::new("/sys/fs/cgroup/unified/system.slice/automl.service")
        );
        let container = "40 30 0:28 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n";
        let folder = own_folder(container, "0::/docker/abc\n");
        assert_eq!(folder.unwrap(), Path::new("/sys/fs/cgroup"));
        assert_eq!(own_folder(container, "0::/../elsewhere\n"), None);
        assert_eq!(own_folder(hybrid, "4:memory:/x\n"), None);
        assert_eq!(own_folder("", "0::/\n"), None);
    }

    #[test]
    fn divides_only_what_is_its_own() {
        let all = "cpu memory pids\n";
        let shared = made_up(all, "6\n7\n");
        assert!(matches!(
            Subtree::divide(shared.path().to_owned(), 7),
            Err(Absent::Shared)
        ));
        let poor = made_up("cpu pids\n", "7\n");
        assert!(matches!(
            Subtree::divide(poor.path().to_owned(), 7),
            Err(Absent::Controller("memory"))
        ));
        let own = made_up(all, "7\n");
        Subtree::divide(own.path().to_owned(), 7).unwrap();
        let read = |name: &str| fs::read_to_string(own.path().join(name)).unwrap();
        assert_eq!(read("worker/cgroup.procs"), "7");
        assert_eq!(read("cgroup.subtree_control"), "+memory +pids");
        // A subtree that cannot be divided is left as it was.
        let refusing = made_up(all, "7\n");
        fs::create_dir(refusing.path().join("cgroup.subtree_control")).unwrap();
        assert!(matches!(
            Subtree::divide(refusing.path().to_owned(), 7),
            Err(Absent::Refused(_))
        ));
        assert_eq!(
            fs::read_to_string(refusing.path().join("cgroup.procs")).unwrap(),
            "7"
        );
    }

    #[test]
    fn bounds_a_leaf_and_reads_its_events() {
        let folder = tempfile::tempdir().unwrap();
        let leaf = Leaf {
            folder: folder.path().to_owned(),
        };
        assert!(leaf.set("memory.max", "1").is_err(), "no file is made up");
        for name in ["cgroup.procs", "cgroup.kill", "memory.max"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        leaf.add(9).unwrap();
        assert!(!leaf.ran_out_of_memory());
        let events = folder.path().join("memory.events");
        fs::write(&events, "low 0\nmax 12\noom 1\noom_kill 0\n").unwrap();
        assert!(!leaf.ran_out_of_memory());
        fs::write(&events, "low 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 1\n").unwrap();
        assert!(leaf.ran_out_of_memory());
        drop(leaf);
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            (read("cgroup.procs"), read("cgroup.kill")),
            ("9".to_owned(), "1".to_owned())
        );
    }
}
