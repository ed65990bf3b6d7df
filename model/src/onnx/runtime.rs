//! onnxruntime, loaded from a library file at run time.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::Tensor;
use thiserror::Error;

use super::OutputNames;
use super::rows::Cells;

/// Why onnxruntime could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuntimeError {
    /// The file is not there, or no library that fits.
    #[error("onnxruntime could not be loaded from {path}: {reason}")]
    Load {
        /// The library's path.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// A process loads onnxruntime once.
    #[error("this process has loaded onnxruntime from {0} already")]
    OtherPath(PathBuf),
    /// The graph was refused, or failed.
    #[error("onnxruntime: {0}")]
    Run(String),
}

/// A loaded onnxruntime.
#[derive(Clone, Debug)]
pub struct Runtime {
    environment: Environment,
    version: String,
}

/// The one onnxruntime of the process: a library can be loaded once, and has one environment.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

impl Runtime {
    /// Loads the library (`libonnxruntime.so…`), or takes it when this process has loaded that path before.
    ///
    /// # Errors
    /// `Load`, or `OtherPath` when another path was loaded before.
    pub fn load(path: &Path) -> Result<Self, RuntimeError> {
        let failed = |reason: String| RuntimeError::Load {
            path: path.to_owned(),
            reason,
        };
        // The loader would look for a relative path beside the executable.
        let full_path = path.canonicalize().map_err(|error| failed(error.to_string()))?;
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = match loaded.as_ref() {
            Some((first, environment)) if *first == full_path => environment.clone(),
            Some((first, _)) => return Err(RuntimeError::OtherPath(first.clone())),
            None => {
                let builder = ort::init_from(&full_path).map_err(|error| failed(error.to_string()))?;
                let environment = builder.with_name("automl").with_telemetry(false).build();
                let environment = environment.map_err(|error| failed(error.to_string()))?;
                *loaded = Some((full_path.clone(), environment.clone()));
                environment
            }
        };
        let version = version(&full_path).unwrap_or_else(|| ort::info().to_owned());
        Ok(Self { environment, version })
    }

    /// Its version, for example `1.32.0`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Opens a graph to run on that many threads.
    pub(crate) fn open(&self, onnx: &[u8], threads: usize) -> Result<Graph, RuntimeError> {
        let builder = Session::builder(&self.environment).map_err(failed)?;
        let builder = builder.with_intra_threads(threads.max(1)).map_err(failed)?;
        let builder = builder
            .with_log_level(ort::logging::LogLevel::Error)
            .map_err(failed)?;
        let mut builder = builder.with_inter_threads(1).map_err(failed)?;
        let session = builder.commit_from_memory(onnx).map_err(failed)?;
        Ok(Graph { session })
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in `map_err`, which passes by value"
)]
fn failed<R>(error: ort::Error<R>) -> RuntimeError {
    RuntimeError::Run(error.to_string())
}

/// The version that the library's symbols carry (`VERS_1.32.0`, on Linux): its programming interface tells the build alone.
fn version(library: &Path) -> Option<String> {
    let bytes = std::fs::read(library).ok()?;
    let mark = b"\0VERS_";
    let start = bytes.windows(mark.len()).position(|part| part == mark)? + mark.len();
    let digits = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let version: Vec<u8> = bytes[start..].iter().take_while(digits).copied().collect();
    String::from_utf8(version)
        .ok()
        .filter(|version| !version.is_empty())
}

/// An open graph.
pub(crate) struct Graph {
    session: Session,
}

/// What a graph answers.
pub(crate) struct Answers {
    /// One label a row; empty for regression.
    pub labels: Vec<String>,
    /// Row-major, K (or 1) a row.
    pub values: Vec<f64>,
}

impl Graph {
    /// Answers rows given as one column an input.
    pub fn run(&mut self, inputs: &[(&str, Cells)], names: &OutputNames) -> Result<Answers, RuntimeError> {
        let mut tensors: Vec<(&str, SessionInputValue<'_>)> = Vec::with_capacity(inputs.len());
        for (name, cells) in inputs {
            let tensor = match cells {
                Cells::Numbers(values) => Tensor::from_array(([values.len(), 1], values.clone()))
                    .map_err(failed)?
                    .into_dyn(),
                Cells::Texts(texts) => Tensor::from_string_array(([texts.len(), 1], texts.as_slice()))
                    .map_err(failed)?
                    .into_dyn(),
            };
            tensors.push((name, tensor.into()));
        }
        let outputs = self.session.run(tensors).map_err(failed)?;
        let lacking = |name: &str| RuntimeError::Run(format!("the graph has no output `{name}`"));
        let values = outputs.get(&names.values).ok_or_else(|| lacking(&names.values))?;
        let values = values.try_extract_tensor::<f64>().map_err(failed)?.1.to_vec();
        let labels = match &names.label {
            None => Vec::new(),
            Some(name) => {
                let labels = outputs.get(name).ok_or_else(|| lacking(name))?;
                labels.try_extract_strings().map_err(failed)?.1
            }
        };
        Ok(Answers { labels, values })
    }
}
