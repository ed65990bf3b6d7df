//! The trainer of this test: good work is made up, bad work is as bad as its name says.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use worker::trainer::{Failure, Reporter};
use worker::work::{self, Work};

/// Target of the job whose work never ends.
pub const ENDLESS: &str = "endless";

/// Work that ends badly.
pub struct Poison {
    /// Name of the file that causes it.
    pub name: &'static str,
    /// Part of what its owner is told.
    pub reason: &'static str,
    act: fn(),
}

/// Each with a dataset of its name.
pub const POISONS: &[Poison] = &[
    Poison {
        name: "allocates",
        reason: "more than the 512 MiB of memory",
        act: allocate,
    },
    Poison {
        name: "allocates-at-once",
        reason: "more than the 512 MiB of memory",
        act: allocate_at_once,
    },
    Poison {
        name: "aborts",
        reason: "ended by signal 6",
        act: abort,
    },
    Poison {
        name: "panics",
        reason: "a fault of the program: boom",
        act: panic,
    },
    Poison {
        name: "leaves",
        reason: "ended with code Some(3)",
        act: leave,
    },
    Poison {
        name: "fills-with-files",
        reason: "more than the 64 MiB of disk",
        act: fill_with_files,
    },
    Poison {
        name: "fills-with-one-file",
        reason: "more than the 64 MiB of disk",
        act: fill_with_one_file,
    },
    Poison {
        name: "floods",
        reason: "misbehaved: the child wrote",
        act: flood,
    },
    Poison {
        name: "floods-a-line",
        reason: "misbehaved: the child wrote a line",
        act: flood_a_line,
    },
    Poison {
        name: "floods-errors-and-leaves",
        reason: "ended with code Some(4)",
        act: flood_errors,
    },
];

/// Answers as the name of the file, or the target, has it.
pub fn handle(work: Work, _: &Reporter) -> Result<Value, Failure> {
    match work {
        Work::Profile { file_name, out, .. } => {
            if let Some(poison) = POISONS.iter().find(|poison| poison.name == file_name) {
                (poison.act)();
            }
            write(&out, &[work::PROFILE, work::TABLE, work::DATA_REPORT])?;
            serde_json::to_value(work::Profiled { rows: 1, columns: 2 }).map_err(Failure::internal)
        }
        Work::Prepare { settings, .. } if settings.target == ENDLESS => endless(),
        _ => Err(Failure::internal("nothing else is asked here")),
    }
}

fn write(out: &Path, names: &[&str]) -> Result<(), Failure> {
    for name in names {
        std::fs::write(out.join(name), *name).map_err(Failure::internal)?;
    }
    Ok(())
}

/// Computes without end.
fn endless() -> ! {
    let mut number = 1_u64;
    loop {
        number = std::hint::black_box(number.wrapping_mul(3));
    }
}

fn allocate() {
    let mut kept = Vec::new();
    loop {
        kept.push(vec![1_u8; 16 << 20]);
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn allocate_at_once() {
    drop(std::hint::black_box(vec![1_u8; 1 << 40]));
}

fn abort() {
    std::process::abort();
}

fn panic() {
    panic!("boom");
}

fn leave() {
    std::process::exit(3);
}

fn fill_with_files() {
    for number in 0.. {
        std::fs::write(format!("file-{number}"), vec![1; 1 << 20])
            .expect("the disk of this machine is larger");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn fill_with_one_file() {
    let mut file = std::fs::File::create("file").expect("a file");
    loop {
        file.write_all(&vec![1; 1 << 20]).expect("a signal comes first");
    }
}

fn flood() {
    let mut stdout = std::io::stdout().lock();
    loop {
        stdout
            .write_all(b"words without an end\n")
            .expect("somebody reads");
    }
}

fn flood_a_line() {
    let mut stdout = std::io::stdout().lock();
    loop {
        stdout.write_all(&[b'x'; 4096]).expect("somebody reads");
    }
}

fn flood_errors() {
    let mut stderr = std::io::stderr().lock();
    for _ in 0..10_000 {
        stderr.write_all(&[b'x'; 4096]).expect("somebody reads");
    }
    std::process::exit(4);
}
