//! What a worker computes on: the processor, or a GPU that is really there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

/// How long the driver may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The driver's library that a trainer on a GPU is linked with.
const LIBRARY: &str = "libcuda.so.1";
/// The trainer that computes on a GPU, beside this program.
const TRAINER: &str = "automl-trainer-cuda";
/// Folders in which the driver's library is usual.
const FOLDERS: [&str; 7] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
    "/usr/local/cuda/compat",
    "/usr/lib/wsl/lib",
];

/// A GPU and what computes on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpu {
    /// For people, for example `NVIDIA H100 80GB HBM3, 81559 MiB`.
    pub name: String,
    /// The trainer child.
    pub trainer: PathBuf,
}

/// Where a GPU is looked for.
#[derive(Clone, Debug)]
pub struct Places {
    /// The driver's own program, which names the GPUs, and what precedes its arguments.
    pub listing: Vec<String>,
    /// Folders of libraries.
    pub libraries: Vec<PathBuf>,
    /// Folder of this program.
    pub programs: PathBuf,
}

impl Places {
    /// Those of this machine, for a program in `programs`; `library_path` is `LD_LIBRARY_PATH`.
    pub fn here(programs: &Path, library_path: Option<&OsStr>) -> Self {
        let named = library_path.map(std::env::split_paths).into_iter().flatten();
        Self {
            listing: vec!["nvidia-smi".to_owned()],
            libraries: named.chain(FOLDERS.map(PathBuf::from)).collect(),
            programs: programs.to_owned(),
        }
    }
}

/// Finds the GPU.
///
/// # Errors
/// All that is missing, for people.
pub async fn gpu(places: &Places) -> Result<Gpu, String> {
    let mut missing = Vec::new();
    let name = match list(&places.listing).await {
        Ok(name) => name,
        Err(reason) => {
            missing.push(format!("an NVIDIA GPU with its driver ({reason})"));
            String::new()
        }
    };
    if !places
        .libraries
        .iter()
        .any(|folder| folder.join(LIBRARY).exists())
    {
        missing.push(format!(
            "the driver's library {LIBRARY} (in LD_LIBRARY_PATH or {})",
            FOLDERS[0]
        ));
    }
    let trainer = places.programs.join(TRAINER);
    if !trainer.is_file() {
        missing.push(format!("the program {}", trainer.display()));
    }
    if missing.is_empty() {
        return Ok(Gpu { name, trainer });
    }
    Err(format!(
        "a GPU worker needs what is missing here: {}",
        missing.join("; ")
    ))
}

/// The first GPU and its memory.
async fn list(listing: &[String]) -> Result<String, String> {
    let (program, first) = listing.split_first().ok_or("nothing names the GPUs")?;
    let answer = Command::new(program)
        .args(first)
        .args(["--query-gpu=name,memory.total", "--format=csv,noheader"])
        .kill_on_drop(true)
        .output();
    let output = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(format!("{program}: {error}")),
        Err(_) => return Err(format!("{program} does not answer")),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let first = text.lines().next().map(str::trim).unwrap_or_default();
    if !output.status.success() || first.is_empty() {
        return Err(format!("{program} names none"));
    }
    Ok(first.chars().take(100).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn places(folder: &Path, script: &str) -> Places {
        Places {
            listing: ["/bin/sh", "-c", script].map(str::to_owned).into(),
            libraries: vec![folder.join("lib")],
            programs: folder.to_owned(),
        }
    }

    #[tokio::test]
    async fn finds_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(
            folder.path(),
            "echo 'NVIDIA H100 80GB HBM3, 81559 MiB'; echo other",
        );
        fs::create_dir(folder.path().join("lib")).unwrap();
        fs::write(folder.path().join("lib").join(LIBRARY), "").unwrap();
        fs::write(folder.path().join(TRAINER), "").unwrap();
        let found = gpu(&places).await.unwrap();
        assert_eq!(found.name, "NVIDIA H100 80GB HBM3, 81559 MiB");
        assert_eq!(found.trainer, folder.path().join(TRAINER));
    }

    #[tokio::test]
    async fn says_all_that_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let missing = gpu(&places(folder.path(), "exit 9")).await.unwrap_err();
        for part in ["names none", LIBRARY, TRAINER] {
            assert!(missing.contains(part), "{missing}");
        }
        let mut nowhere = places(folder.path(), "");
        nowhere.listing = vec![folder.path().join("nothing").display().to_string()];
        let missing = gpu(&nowhere).await.unwrap_err();
        assert!(missing.contains("nothing: No such file"), "{missing}");
    }

    #[test]
    fn looks_where_the_loader_looks() {
        let here = Places::here(Path::new("/p"), Some(OsStr::new("/a:/b")));
        assert_eq!(here.libraries[..2], [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert!(here.libraries.contains(&PathBuf::from(FOLDERS[0])));
    }
}
