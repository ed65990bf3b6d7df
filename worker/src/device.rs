//! What a worker computes on: the processor, or a GPU that is really there and that its trainer can use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

/// What a worker without a GPU computes on, for people.
pub const CPU: &str = "CPU";
/// Variables that a trainer on a GPU is given: where its libraries are, and which GPU is its.
pub const PASSED_ON: [&str; 2] = ["LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"];
/// The argument with which the trainer tries its GPU and ends.
pub const PROBE: &str = "probe";

/// How long the driver may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a first computation may take: the driver compiles for its GPU what it has not seen before.
const PROBE_PATIENCE: Duration = Duration::from_secs(120);
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
    /// Its whole environment.
    pub environment: Vec<(String, String)>,
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
    /// What a trainer there is given: of [`PASSED_ON`] what is set.
    pub environment: Vec<(String, String)>,
}

impl Places {
    /// Those of this machine, for a program in `programs` with that environment.
    pub fn here(programs: &Path, environment: Vec<(String, String)>) -> Self {
        let path = environment.iter().find(|(name, _)| name == PASSED_ON[0]);
        let path = path.map(|(_, path)| path.clone()).unwrap_or_default();
        let named = std::env::split_paths(&path);
        Self {
            listing: vec!["nvidia-smi".to_owned()],
            libraries: named.chain(FOLDERS.map(PathBuf::from)).collect(),
            programs: programs.to_owned(),
            environment,
        }
    }
}

/// Finds the GPU, and has the trainer compute a little on it.
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
        return match probe(&trainer, &places.environment).await {
            Ok(()) => Ok(Gpu {
                name,
                trainer,
                environment: places.environment.clone(),
            }),
            Err(reason) => Err(format!("{} cannot use {name}: {reason}", trainer.display())),
        };
    }
    Err(format!(
        "a GPU worker needs what is missing here: {}",
        missing.join("; ")
    ))
}

/// Starts the trainer as tasks will.
async fn probe(trainer: &Path, environment: &[(String, String)]) -> Result<(), String> {
    let answer = Command::new(trainer)
        .arg(PROBE)
        .env_clear()
        .envs(environment.iter().cloned())
        .kill_on_drop(true)
        .output();
    let output = match tokio::time::timeout(PROBE_PATIENCE, answer).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err("it does not answer".to_owned()),
    };
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    Err(last.unwrap_or("it says nothing").chars().take(300).collect())
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
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn places(folder: &Path, script: &str) -> Places {
        Places {
            listing: ["/bin/sh", "-c", script].map(str::to_owned).into(),
            libraries: vec![folder.join("lib")],
            programs: folder.to_owned(),
            environment: vec![("LD_LIBRARY_PATH".to_owned(), "/somewhere".to_owned())],
        }
    }

    /// A trainer, the library and a GPU.
    fn place_all(folder: &Path, trainer: &str) -> Places {
        fs::create_dir(folder.join("lib")).unwrap();
        fs::write(folder.join("lib").join(LIBRARY), "").unwrap();
        let file = folder.join(TRAINER);
        fs::write(&file, format!("#!/bin/sh\n{trainer}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        places(folder, "echo 'NVIDIA H100 80GB HBM3, 81559 MiB'; echo other")
    }

    #[tokio::test]
    async fn finds_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let script = r#"[ "$1 $LD_LIBRARY_PATH $HOME" = "probe /somewhere " ]"#;
        let found = gpu(&place_all(folder.path(), script)).await.unwrap();
        assert_eq!(found.name, "NVIDIA H100 80GB HBM3, 81559 MiB");
        assert_eq!(found.trainer, folder.path().join(TRAINER));
        assert_eq!(found.environment[0].1, "/somewhere");
    }

    #[tokio::test]
    async fn a_trainer_that_cannot_compute_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let places = place_all(folder.path(), "echo noise; echo CUDA_ERROR_NO_DEVICE >&2; exit 1");
        let refused = gpu(&places).await.unwrap_err();
        assert!(
            refused.contains("cannot use NVIDIA H100") && refused.ends_with("CUDA_ERROR_NO_DEVICE"),
            "{refused}"
        );
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
        let environment = vec![("LD_LIBRARY_PATH".to_owned(), "/a:/b".to_owned())];
        let here = Places::here(Path::new("/p"), environment);
        assert_eq!(here.libraries[..2], [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert!(here.libraries.contains(&PathBuf::from(FOLDERS[0])));
    }
}
