//! What is published: the refitted ensemble with its proven ONNX file, or the best single member, or a model without a file.

use model::onnx::{self, Certificate};
use model::{Member, Model, Refinements};

use super::assemble::{Assembly, Log, Scored, build, part};
use super::members::{self, Chosen};
use super::proof_time::{ProofTime, opening_seconds};
use super::refine;
use crate::context::Context;

/// Share of the time left that proving the ONNX file may take.
const PROOF_SHARE: f64 = 0.75;
/// Share of the time for the proof in which its rows of one kind are expected to be compared (the rest is for the other kind
/// and for opening the file), and what a row takes there, as a multiple of its time in the model.
const PROOF_ROWS: (f64, f64) = (0.3, 6.0);
/// An ONNX file and its proof, or why there is none.
pub(super) type Onnx = Result<(Vec<u8>, Certificate), String>;

/// What is published.
pub(super) struct Published {
    /// The members that were scored.
    pub chosen: Chosen,
    /// The model.
    pub model: Model,
    /// Its file.
    pub onnx: Onnx,
}

impl Published {
    /// The ensemble when its ONNX file is proven, else the best single trial when its file is (`scored` is then that one's),
    /// else the ensemble without a file.
    pub(super) fn of(
        assembly: &Assembly<'_>,
        chosen: Chosen,
        refitted: Vec<Member>,
        scored: &mut Scored,
        context: &Context<'_>,
        log: &mut Log<'_>,
    ) -> Self {
        let started = context.clock.now();
        let model = build(assembly, refitted, kept(scored));
        let reason = match proven(assembly, &model, scored.row_seconds, context) {
            Ok(onnx) => {
                let difference = onnx.1.largest_difference;
                log.add(format!(
                    "the ONNX file answers like the model (largest difference {difference:.1e})"
                ));
                let onnx = Ok(onnx);
                return Self { chosen, model, onnx };
            }
            Err(reason) => reason,
        };
        log.add(format!("no ONNX file of the model: {reason}"));
        // A single member takes less than all, but not nothing.
        let spent = context.clock.now().saturating_sub(started);
        let has_time = context.clock.now() + spent / 2 < context.deadline;
        let worth_a_try =
            chosen.members.len() > 1 && assembly.runtime.is_some() && has_time && !context.is_cancelled();
        if worth_a_try && let Some(single) = Self::single(assembly, (&chosen, &model), scored, context, log) {
            return single;
        }
        let onnx = Err(reason);
        Self { chosen, model, onnx }
    }

    /// The best single trial, when its ONNX file is proven.
    fn single(
        assembly: &Assembly<'_>,
        (ensemble_chosen, ensemble): (&Chosen, &Model),
        scored: &mut Scored,
        context: &Context<'_>,
        log: &mut Log<'_>,
    ) -> Option<Self> {
        let chosen = members::best_single(assembly, ensemble_chosen)?;
        let refinements = refine::fit(assembly, &chosen, &mut Log::new(context)).refinements;
        let name = &chosen.members[0].name;
        let member = match ensemble.members.iter().find(|member| member.name == *name) {
            Some(refitted) => Member {
                weight: 1.0,
                ..refitted.clone()
            },
            None => chosen.members[0].clone(),
        };
        let model = build(assembly, vec![member], refinements);
        let onnx = proven(assembly, &model, scored.row_seconds, context).ok()?;
        log.add(format!(
            "{name} alone is published, because its ONNX file is proven"
        ));
        *scored = Scored::new(assembly, &chosen, context, log);
        Some(Self {
            chosen,
            model,
            onnx: Ok(onnx),
        })
    }
}

/// Time that publishing these members takes, about, in seconds.
pub(super) fn expected_seconds(members: &[Member], time: ProofTime) -> f64 {
    time.seconds(members) / PROOF_SHARE
}

/// What was fitted on top of the members; the background of contributions belongs to fitted ones and is made anew.
fn kept(scored: &Scored) -> Refinements {
    Refinements {
        background: None,
        ..scored.loaded.model().refinements.clone()
    }
}

/// The ONNX file of a model and the proof that it answers alike, on as many holdout rows as there is time for.
fn proven(assembly: &Assembly<'_>, model: &Model, row_seconds: f64, context: &Context<'_>) -> Onnx {
    let Some(runtime) = assembly.runtime else {
        return Err("onnxruntime is not there to check it; give its library and train again".into());
    };
    let proof = part(context, PROOF_SHARE);
    if proof.must_stop() {
        return Err("there was no time left to check it; give the run more".into());
    }
    let seconds = proof.deadline.saturating_sub(context.clock.now()).as_secs_f64();
    let most_rows = (seconds * PROOF_ROWS.0 / (row_seconds.max(1e-9) * PROOF_ROWS.1)) as usize;
    let bytes = onnx::export(model).map_err(|error| error.to_string())?;
    if opening_seconds(&model.members) > seconds {
        return Err("there was no time left to open the ONNX file; give the run more".into());
    }
    let limits = onnx::Limits {
        most_rows,
        go_on: &|| !proof.must_stop(),
        threads: context.pool.current_num_threads(),
    };
    let certificate = onnx::verify_within(&bytes, model, assembly.holdout, runtime, &limits);
    certificate
        .map(|certificate| (bytes, certificate))
        .map_err(|error| error.to_string())
}
