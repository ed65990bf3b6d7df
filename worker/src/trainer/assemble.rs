//! Assembling in the child: from trial files to the files of a model.

use std::path::Path;
use std::time::Duration;

use engine::search::TrialRecord;
use engine::train::{self, Assembled, Assembly, TrialArtifact};
use serde_json::{Value, json};

use super::Failure;
use super::engine_work::{Stopwatch, Surroundings, Trainer, answer, read, read_table, threads_of, write};
use crate::work::{self, Member, Work};

/// Kept back from the budget, with a hundredth of it: the worker stores the files and commits afterwards.
const HAND_OVER: Duration = Duration::from_millis(400);

/// Makes the model and writes its files.
pub(super) fn assemble(trainer: &mut Trainer, work: Work) -> Result<Value, Failure> {
    let Work::Assemble {
        prepared,
        table,
        trials,
        history,
        metric,
        settings,
        elapsed,
        onnxruntime,
        out,
    } = work
    else {
        return Err(Failure::internal("this is no assembling"));
    };
    let surroundings = Surroundings {
        clock: Stopwatch::start(elapsed),
        deadline: settings.budget.saturating_sub(HAND_OVER + settings.budget / 100),
    };
    let table = read_table(&table)?;
    let data = trainer.prepared(prepared, settings.memory_bytes)?;
    let mut artifacts: Vec<TrialArtifact> = Vec::with_capacity(trials.len());
    for trial in &trials {
        artifacts.push(TrialArtifact::from_bytes(&read(trial)?)?);
    }
    let holdout = train::holdout_frame(data, &table.frame);
    let runtime = onnxruntime.as_deref().map(model::onnx::Runtime::load);
    let pool = threads_of(settings.threads)?;
    let program = format!("automl {}", env!("CARGO_PKG_VERSION"));
    let assembly = Assembly {
        data,
        holdout: &holdout,
        artifacts: &artifacts,
        history: &history,
        metric,
        settings: &settings,
        data_sha256: &table.sha256,
        program: &program,
        runtime: runtime.as_ref().and_then(|loaded| loaded.as_ref().ok()),
    };
    let context = surroundings.context(&pool, settings.seed, &|_| {});
    let mut assembled = train::assemble(&assembly, &context)?;
    if let Some(Err(error)) = &runtime {
        assembled.onnx = Err(format!(
            "onnxruntime could not be loaded to check the file: {error}"
        ));
    }
    write_files(&assembled, &assembly, &out)?;
    answer(&row(assembled, &history)?)
}

fn write_files(assembled: &Assembled, assembly: &Assembly<'_>, out: &Path) -> Result<(), Failure> {
    let log = json!({
        "program": assembly.program,
        "settings": assembly.settings,
        "data_sha256": assembly.data_sha256,
        "preparation": assembly.data.notes,
        "trials": assembly.history,
        "decisions": assembled.decisions,
        "replay": assembled.replay,
        "split": assembled.split,
        "leaderboard": assembled.leaderboard,
        "certificate": assembled.onnx.as_ref().ok().map(|(_, certificate)| certificate),
        "onnx_withheld": assembled.onnx.as_ref().err(),
    });
    for file in train::files::of(assembled, &log)? {
        write(&out.join(file.name), &file.bytes)?;
    }
    Ok(())
}

fn row(assembled: Assembled, history: &[TrialRecord]) -> Result<work::Assembled, Failure> {
    let mut members = Vec::with_capacity(assembled.model.members.len());
    for member in &assembled.model.members {
        let record = history.iter().find(|record| record.spec.name == member.name);
        members.push(Member {
            name: member.name.clone(),
            learner: record
                .map(|record| record.spec.learner.clone())
                .unwrap_or_default(),
            weight: member.weight,
        });
    }
    let (certificate, onnx_withheld) = match assembled.onnx {
        Ok((_, certificate)) => (Some(certificate), None),
        Err(reason) => (None, Some(reason)),
    };
    Ok(work::Assembled {
        problem: assembled.model.problem,
        classes: assembled.model.classes,
        inputs: assembled.model.inputs,
        evaluation: answer(&assembled.evaluation)?,
        members,
        certificate,
        onnx_withheld,
        notes: assembled
            .decisions
            .into_iter()
            .map(|decision| decision.what)
            .collect(),
    })
}
