//! Finds the onnxruntime library, which only the check of an ONNX file needs.

use std::path::{Path, PathBuf};

use model::onnx::Runtime;

use crate::failure::Failure;

/// Folders beside the binary and the working directory that `make run` fills.
const FOLDER: &str = ".run/onnxruntime";

/// The library, loaded: as named, by `ORT_DYLIB_PATH`, beside the binary, or in `.run/onnxruntime`. `None` when it is nowhere.
///
/// # Errors
/// `Input` when a library was named and cannot be used; one that was only found is passed over.
pub fn load(named: Option<&Path>) -> Result<Option<Runtime>, Failure> {
    if let Some(path) = chosen(named) {
        let runtime = Runtime::load(&path);
        return runtime.map(Some).map_err(|error| {
            Failure::Input(format!(
                "onnxruntime could not be loaded from {}: {error}",
                path.display()
            ))
        });
    }
    Ok(found().and_then(|path| Runtime::load(&path).ok()))
}

/// The absolute path of the library that [`load`] would load, for a child in another folder. It is not loaded here.
///
/// # Errors
/// `Input` when a library was named and is not there.
pub fn find(named: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = chosen(named) else {
        return Ok(found().and_then(|path| path.canonicalize().ok()));
    };
    path.canonicalize().map(Some).map_err(|error| {
        Failure::Input(format!(
            "onnxruntime cannot be found at {}: {error}",
            path.display()
        ))
    })
}

/// What the user named, here or in the environment.
fn chosen(named: Option<&Path>) -> Option<PathBuf> {
    let variable = std::env::var_os("ORT_DYLIB_PATH").filter(|value| !value.is_empty());
    named
        .map(Path::to_path_buf)
        .or_else(|| variable.map(PathBuf::from))
}

/// The first library in the usual folders.
fn found() -> Option<PathBuf> {
    folders().iter().find_map(|folder| library_in(folder))
}

fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(beside) = std::env::current_exe().ok().as_deref().and_then(Path::parent) {
        folders.push(beside.to_path_buf());
        folders.push(beside.join("lib"));
        // target/debug or target/release of a checkout.
        folders.extend(
            beside
                .ancestors()
                .skip(1)
                .take(2)
                .map(|folder| folder.join(FOLDER)),
        );
    }
    folders.push(PathBuf::from(FOLDER));
    folders
}

/// A file named like the library, here or in `lib` or a folder below; the shortest name wins (`.so` before `.so.1.32.0`).
fn library_in(folder: &Path) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in [folder.to_path_buf(), folder.join("lib")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let fits = name.starts_with("libonnxruntime.so")
                || (name.starts_with("libonnxruntime") && name.ends_with(".dylib"))
                || name == "onnxruntime.dll";
            if fits {
                found.push(entry.path());
            }
        }
    }
    found.sort_by_key(|path| path.as_os_str().len());
    found.into_iter().next()
}
