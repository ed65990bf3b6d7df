//! `automl verify`: whether the files of a run are as they were made, and what they say holds when it is looked at once more.

mod with_data;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use engine::Settings;
use engine::archive::{self, Archive};
use engine::plan::SplitRecord;
use engine::train::files;
use model::onnx::{self, Certificate};
use model::{Column, Frame, Input, InputKind, Model, store};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::failure::Failure;
use crate::{onnxruntime, table_file};

use with_data::WithData;

/// Arguments of `automl verify`.
#[derive(Args)]
pub struct Arguments {
    /// The archive of a run, or the folder that `automl train` wrote.
    run: PathBuf,
    /// Files of the run, for example a downloaded `model.onnx` and `model.automl`. Of a folder all are taken.
    files: Vec<PathBuf>,
    /// The table that the run was trained on: its hash, the split and the score on the holdout are checked with it.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The onnxruntime library that runs the ONNX file.
    #[arg(long)]
    onnxruntime: Option<PathBuf>,
    /// Threads to compute on; all of the machine when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// What a `run.json` says that can be looked at once more.
#[derive(Deserialize)]
struct Record {
    settings: Settings,
    split: SplitRecord,
    certificate: Option<Certificate>,
    data: Option<Data>,
    data_sha256: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    sha256: String,
}

impl Record {
    fn data_sha256(&self) -> &str {
        let own = self.data.as_ref().map(|data| &data.sha256);
        own.or(self.data_sha256.as_ref()).map_or("", String::as_str)
    }
}

/// What came of one look.
enum Finding {
    Holds(String),
    Fails(String),
    /// Not looked at, and what it would take.
    Open(String),
}

/// Looks at everything that there is, and tells.
///
/// # Errors
/// `Input` for what is no archive of a run and files that cannot be read; `Failed` when anything does not hold.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (archive, given) = gather(arguments)?;
    let mut findings = vec![Finding::Holds(format!(
        "The archive is whole: {} files of a run of {}.",
        archive.manifest.files.len(),
        archive.manifest.program
    ))];
    let record: Record = parsed(&archive, files::RUN)?;
    files_as_recorded(&archive, &given, &mut findings);
    let model = model(&given, &record, &mut findings);
    let with_data = arguments
        .data
        .as_deref()
        .map(|data| WithData::read(arguments, data, &record));
    let with_data = with_data.transpose()?;
    match &with_data {
        Some(with_data) => findings.extend(with_data.findings(&archive, &record)?),
        None => findings.push(Finding::Open(
            "The split and the score were not looked at: name the table with --data.".to_owned(),
        )),
    }
    let rows = with_data
        .as_ref()
        .and_then(|with_data| with_data.holdout.as_ref());
    findings.push(onnx_answers(
        arguments,
        &given,
        model.as_ref(),
        rows,
        record.certificate.as_ref(),
    )?);
    tell(arguments.json, &findings);
    let failed = findings
        .iter()
        .filter(|finding| matches!(finding, Finding::Fails(_)))
        .count();
    match failed {
        0 => Ok(()),
        1 => Err(Failure::Failed("one thing does not hold".to_owned())),
        _ => Err(Failure::Failed(format!("{failed} things do not hold"))),
    }
}

/// The archive, and the other files of the run by their names.
fn gather(arguments: &Arguments) -> Result<(Archive, BTreeMap<String, Vec<u8>>), Failure> {
    let path = match arguments.run.is_dir() {
        true => arguments.run.join(files::PROVENANCE),
        false => arguments.run.clone(),
    };
    let archive = archive::open(&table_file::bytes(&path)?);
    let archive = archive.map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
    let mut given = BTreeMap::new();
    if arguments.run.is_dir() {
        for record in &archive.manifest.files {
            // Names come from the archive: only a plain one is a file of this folder.
            let file = arguments
                .run
                .join(Path::new(&record.name).file_name().unwrap_or_default());
            match fs::read(&file) {
                Ok(bytes) => drop(given.insert(record.name.clone(), bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(Failure::Input(format!(
                        "{} cannot be read: {error}",
                        file.display()
                    )));
                }
            }
        }
    }
    for file in &arguments.files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        given.insert(name, table_file::bytes(file)?);
    }
    Ok((archive, given))
}

fn parsed<T: DeserializeOwned>(archive: &Archive, name: &str) -> Result<T, Failure> {
    let missing = || Failure::Input(format!("the archive has no {name}"));
    let bytes = archive.files.get(name).ok_or_else(missing)?;
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::Input(format!("{name} in the archive cannot be read: {error}")))
}

/// Every file that was given, against its hash.
fn files_as_recorded(archive: &Archive, given: &BTreeMap<String, Vec<u8>>, findings: &mut Vec<Finding>) {
    let mut looked_at = Vec::with_capacity(given.len());
    for (name, bytes) in given {
        // A browser saves a second download as `model (1).onnx`: whose hash it has decides, its name does not.
        let hash = engine::hash::sha256(bytes);
        let records = &archive.manifest.files;
        findings.push(match records.iter().find(|record| record.sha256 == hash) {
            Some(record) => Finding::Holds(format!("{name} is the {} of this run.", record.name)),
            None => Finding::Fails(format!(
                "{name} is no file of this run: its SHA-256 is none of theirs."
            )),
        });
        looked_at.push(hash);
    }
    for record in archive.manifest.files.iter().filter(|record| !record.is_inside) {
        if !looked_at.contains(&record.sha256) {
            findings.push(Finding::Open(format!(
                "{} was not looked at: it was not given.",
                record.name
            )));
        }
    }
}

/// The model, where it was given, and whether it is of the data that the record names.
fn model(given: &BTreeMap<String, Vec<u8>>, record: &Record, findings: &mut Vec<Finding>) -> Option<Model> {
    let bytes = given.values().find(|bytes| bytes.starts_with(store::MAGIC))?;
    let model = match store::read(bytes) {
        Ok(model) => model,
        Err(error) => {
            findings.push(Finding::Fails(format!("The model cannot be opened: {error}.")));
            return None;
        }
    };
    findings.push(match model.provenance.data_sha256 == record.data_sha256() {
        true => Finding::Holds("The model is sound, and of the data that the record names.".to_owned()),
        false => Finding::Fails("The model was trained on other data than the record names.".to_owned()),
    });
    Some(model)
}

/// The ONNX file beside the model, answer by answer.
fn onnx_answers(
    arguments: &Arguments,
    given: &BTreeMap<String, Vec<u8>>,
    model: Option<&Model>,
    rows: Option<&Frame>,
    certificate: Option<&Certificate>,
) -> Result<Finding, Failure> {
    let Some(certificate) = certificate else {
        return Ok(Finding::Open("The run has no ONNX file.".to_owned()));
    };
    let graph = given
        .values()
        .find(|bytes| engine::hash::sha256(bytes) == certificate.onnx_sha256);
    let (Some(graph), Some(model)) = (graph, model) else {
        return Ok(Finding::Open(format!(
            "{} was not run: that takes it and {}.",
            files::ONNX,
            files::MODEL
        )));
    };
    let Some(runtime) = onnxruntime::load(arguments.onnxruntime.as_deref())? else {
        return Ok(Finding::Open(format!(
            "{} was not run: name the onnxruntime library with --onnxruntime.",
            files::ONNX
        )));
    };
    let none = no_rows(model);
    Ok(
        match onnx::verify(graph, model, rows.unwrap_or(&none), &runtime) {
            Ok(found) => Finding::Holds(format!(
                "{} answers like the model in onnxruntime {}: {} rows, largest difference {:.1e} (allowed {:.0e}).",
                files::ONNX,
                found.runtime,
                found.holdout_rows + found.edge_rows,
                found.largest_difference,
                found.tolerance
            )),
            Err(error) => Finding::Fails(format!(
                "{} does not answer like the model: {error}.",
                files::ONNX
            )),
        },
    )
}

/// A table of the model's inputs without a row: rows made from the model are compared all the same.
fn no_rows(model: &Model) -> Frame {
    let column = |input: &Input| match input.kind {
        InputKind::Number => Column::Number(Vec::new()),
        InputKind::Text => Column::Text {
            codes: Vec::new(),
            dictionary: Vec::new(),
        },
    };
    Frame {
        names: model.inputs.iter().map(|input| input.name.clone()).collect(),
        columns: model.inputs.iter().map(column).collect(),
        rows: 0,
    }
}

fn tell(as_json: bool, findings: &[Finding]) {
    if as_json {
        let mut list = Vec::new();
        for finding in findings {
            let (state, words) = match finding {
                Finding::Holds(words) => ("holds", words),
                Finding::Fails(words) => ("fails", words),
                Finding::Open(words) => ("open", words),
            };
            list.push(json!({ "state": state, "what": words }));
        }
        println!("{}", json!({ "findings": list }));
        return;
    }
    for finding in findings {
        let (mark, words) = match finding {
            Finding::Holds(words) => ("ok   ", words),
            Finding::Fails(words) => ("FAILS", words),
            Finding::Open(words) => ("open ", words),
        };
        println!("{mark} {}", crate::profile::visible(words));
    }
}
