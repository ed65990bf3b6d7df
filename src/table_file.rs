//! A table in a file, and files written whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::Error;
use engine::read::stream::{self, Sampled, Source};
use engine::read::{self, ReadOptions, Table};
use model::InputKind;

use crate::failure::Failure;

/// Reads a table; `kinds` fixes how the columns of a model travel.
///
/// # Errors
/// `Input` when the file is not there or is no table.
pub fn read(path: &Path, kinds: BTreeMap<String, InputKind>, threads: usize) -> Result<Table, Failure> {
    let bytes = bytes(path)?;
    let options = ReadOptions {
        kinds,
        threads,
        ..ReadOptions::default()
    };
    read::read(&bytes, &name(path), &options).map_err(|error| of_file(path, error))
}

/// Reads a table within so much memory: of a larger one an even sample of its rows.
///
/// # Errors
/// As [`read`].
pub fn read_within(path: &Path, threads: usize, memory_bytes: u64) -> Result<Sampled, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::Input(format!("{} cannot be read: {error}", path.display()));
    if path.is_dir() {
        return Err(folder(path));
    }
    let size = fs::metadata(path).map_err(unreadable)?.len();
    let open = || fs::File::open(path).map(|file| -> Box<dyn std::io::Read> { Box::new(file) });
    let options = ReadOptions {
        threads,
        ..ReadOptions::default()
    };
    let source = Source {
        open: &open,
        size,
        file_name: &name(path),
        whole: &options.limits,
    };
    open().map_err(unreadable)?;
    stream::read_within(&source, &options, memory_bytes).map_err(|error| of_file(path, error))
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn of_file(path: &Path, error: Error) -> Failure {
    match Failure::from(error) {
        Failure::Input(message) => Failure::Input(format!("{}: {message}", path.display())),
        failed @ (Failure::Failed(_) | Failure::Logged) => failed,
    }
}

fn folder(path: &Path) -> Failure {
    Failure::Input(format!("{} is a folder; name a file", path.display()))
}

/// The bytes of a file that the user named.
///
/// # Errors
/// `Input` when it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.is_dir() {
        return Err(folder(path));
    }
    fs::read(path).map_err(|error| Failure::Input(format!("{} cannot be read: {error}", path.display())))
}

/// Writes a file under another name first, so that nobody finds half of it.
///
/// # Errors
/// `Failed` when the disk refuses.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let refuse =
        |error: std::io::Error| Failure::Failed(format!("{} cannot be written: {error}", path.display()));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part: PathBuf = path.with_file_name(name);
    fs::write(&part, content).map_err(refuse)?;
    fs::rename(&part, path).map_err(refuse)
}

/// Number of threads that the machine offers.
pub fn machine_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
