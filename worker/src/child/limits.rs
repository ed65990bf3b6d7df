//! Limits that the kernel keeps for a child. The one file of this crate that calls it directly.
#![expect(
    unsafe_code,
    reason = "limits between fork and exec, and signals to a process group, have no safe interface"
)]

use std::io;

use tokio::process::Command;

/// Room of the address space beyond the memory bound: thread stacks, allocator arenas and mapped libraries reserve more
/// than they touch.
const ADDRESS_SPACE_EXTRA: u64 = 8 << 30;
/// What the kernel's out-of-memory killer adds to a child's share of memory, in thousandths: it goes before any server.
const OOM_SCORE: &[u8] = b"500";
/// Niceness: the server itself answers first.
const NICE: libc::c_int = 5;

/// Has the child set its limits before it becomes the program: first in line when memory is short, address space (for that much
/// memory, if any), file size, no core dumps, niceness, no new privileges, no network where the kernel allows it, and death with
/// its parent.
pub fn confine(command: &mut Command, memory_bytes: Option<u64>, file_bytes: u64) {
    let parent = std::process::id();
    // SAFETY: the closure runs in the forked child and calls only async-signal-safe functions; it allocates nothing.
    unsafe {
        command.pre_exec(move || {
            go_first_when_memory_is_short();
            if let Some(bytes) = memory_bytes {
                let address_space = bytes.saturating_mul(2).saturating_add(ADDRESS_SPACE_EXTRA);
                limit(libc::RLIMIT_AS, address_space)?;
            }
            limit(libc::RLIMIT_FSIZE, file_bytes)?;
            limit(libc::RLIMIT_CORE, 0)?;
            // Being less nice than asked for is no reason not to run.
            libc::nice(NICE);
            // No program with more rights than this one can be started from here on; old kernels do not know it.
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            // A network of its own without an interface; kernels that forbid user namespaces refuse, then the cleared
            // environment and the empty folder have to do.
            libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET);
            if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
                return Err(io::Error::last_os_error());
            }
            // The parent may have died between the fork and the line above.
            if libc::getppid() as u32 != parent {
                libc::_exit(1);
            }
            Ok(())
        });
    }
}

/// Kills a process group. A group that is gone already is fine.
pub fn kill_group(leader: u32) {
    let Ok(leader) = libc::pid_t::try_from(leader) else {
        return;
    };
    if leader > 1 {
        // SAFETY: kill takes plain numbers; a group that does not exist is reported, not touched.
        unsafe {
            libc::kill(-leader, libc::SIGKILL);
        }
    }
}

/// The bound of memory has to do where the kernel may not be asked for this.
fn go_first_when_memory_is_short() {
    // SAFETY: the path ends with NUL, the bytes are a constant, and a file that did not open is not used.
    unsafe {
        let file = libc::open(
            c"/proc/self/oom_score_adj".as_ptr(),
            libc::O_WRONLY | libc::O_CLOEXEC,
        );
        if file >= 0 {
            libc::write(file, OOM_SCORE.as_ptr().cast(), OOM_SCORE.len());
            libc::close(file);
        }
    }
}

fn limit(resource: libc::__rlimit_resource_t, value: u64) -> io::Result<()> {
    let bound = libc::rlimit {
        rlim_cur: value,
        rlim_max: value,
    };
    // SAFETY: the pointer is to a local value that outlives the call.
    if unsafe { libc::setrlimit(resource, &raw const bound) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
