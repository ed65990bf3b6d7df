//! What a model follows from, so that it can be made once more: the same bytes from the same table, whatever the clock does.
//!
//! A search is led by time: which trials it runs, where a deadline ends a fit, which members are refitted. What the published
//! model follows from is less: its members' configurations and seeds, their weights, and where the clock ended their fits.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::assemble::{Assembly, make};
use super::members::Chosen;
use super::refit::Refits;
use super::run::{Event, Finished, Job, Timings, prepare};
use super::trial::{replay_trial, run_trial};
use super::{TrialArtifact, holdout_frame, lanes};
use crate::context::Turn;
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::search::{BASELINE, TrialRecord, TrialSpec};

/// What a model follows from, beside table and settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// Its members, heaviest first.
    pub members: Vec<MemberRecord>,
}

/// What a member follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// What was tried.
    pub spec: TrialSpec,
    /// Its share of the answers.
    pub weight: f64,
    /// What the clock said in the fit of each fold.
    pub folds: Vec<Vec<Turn>>,
    /// The same of its refit; `None`: it is published as it was validated.
    pub refit: Option<Vec<Vec<Turn>>>,
}

impl Replay {
    /// What these members follow from.
    pub(super) fn of(assembly: &Assembly<'_>, chosen: &Chosen, refits: &Refits) -> Self {
        let mut members = Vec::with_capacity(chosen.members.len());
        for (member, number) in chosen.members.iter().zip(&chosen.numbers) {
            let own = |artifact: &&TrialArtifact| artifact.spec.number == *number;
            if let Some(artifact) = assembly.artifacts.iter().find(own) {
                members.push(MemberRecord {
                    spec: artifact.spec.clone(),
                    weight: member.weight,
                    folds: artifact.turns.clone(),
                    refit: refits.get(number).cloned(),
                });
            }
        }
        Self { members }
    }

    pub(super) fn refits(&self) -> Refits {
        let mut refits = Refits::new();
        for member in &self.members {
            if let Some(turns) = &member.refit {
                refits.insert(member.spec.number, turns.clone());
            }
        }
        refits
    }
}

/// Makes a model once more. `job` has the table and the settings that it was made with (threads may differ: they change
/// nothing); `history` is every trial of then, for the leaderboard. The budget has no say: fits end where they ended then.
///
/// # Errors
/// `Input` when the record belongs to another table or other settings, else as [`super::run`].
pub fn replay(job: &Job<'_>, record: &Replay, history: Vec<TrialRecord>) -> Result<Finished, Error> {
    if record.members.is_empty() {
        return Err(Error::Input("the record of the run has no members".into()));
    }
    let pool = lanes::pool(job.settings.threads)?;
    let (data, metric) = prepare(job)?;
    let prepared = job.clock.now();
    let mut artifacts = Vec::with_capacity(record.members.len());
    for member in &record.members {
        (job.events)(&Event::TrialStarted { spec: &member.spec });
        let number = member.spec.number;
        let tell = |Progress { fold, round, loss }: Progress| {
            (job.events)(&Event::TrialProgress {
                number,
                fold,
                round,
                loss,
            });
        };
        let context = Context {
            progress: &tell,
            ..unhurried(job, &pool)
        };
        artifacts.push(replay_trial(
            &data,
            &member.spec,
            &member.folds,
            &context,
            metric,
        )?);
    }
    let baseline = history.iter().find(|record| record.spec.learner == BASELINE);
    if let Some(TrialRecord { spec, .. }) = baseline
        && artifacts
            .iter()
            .all(|artifact| artifact.spec.number != spec.number)
    {
        // The model is compared with it.
        artifacts.push(run_trial(&data, spec, &unhurried(job, &pool), metric)?);
    }
    let searched = job.clock.now();
    let holdout = holdout_frame(&data, &job.table.frame);
    let assembly = Assembly {
        data: &data,
        holdout: &holdout,
        artifacts: &artifacts,
        history: &history,
        metric,
        settings: job.settings,
        data_sha256: &job.table.sha256,
        program: job.program,
        runtime: job.runtime,
    };
    (job.events)(&Event::Assembling {
        reason: "the members are there again",
    });
    let assembled = make(&assembly, Some(record), &unhurried(job, &pool))?;
    let decisions = assembled.decisions.clone();
    let timings = Timings {
        prepared: prepared.as_secs_f64(),
        searched: searched.as_secs_f64(),
        assembled: job.clock.now().as_secs_f64(),
    };
    Ok(Finished {
        assembled,
        metric,
        history,
        decisions,
        notes: data.notes.clone(),
        timings,
    })
}

/// Time for what is not replayed but done anew: proving the file, explaining the model.
fn unhurried<'a>(job: &Job<'a>, pool: &'a rayon::ThreadPool) -> Context<'a> {
    Context {
        clock: job.clock,
        deadline: job.clock.now() + job.settings.budget.max(Duration::from_secs(60)),
        cancelled: job.control.assemble_flag(),
        device: crate::Device::Cpu,
        pool,
        seed: job.settings.seed,
        progress: &|_| {},
        pace: crate::Pace::default(),
    }
}
