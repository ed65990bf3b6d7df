//! From finished trials to the final model: ensemble, one look at the holdout, refit on all rows, ONNX, explanation, report.

use model::onnx::{self, Certificate};
use model::serve::Loaded;
use model::{Frame, Member, Model, Provenance, Refinements};
use serde::{Deserialize, Serialize};

use super::evaluation::{self, Evaluation};
use super::leaderboard::{self, LeaderboardRow};
use super::members::{self, Chosen};
use super::proof_time::ProofTime;
use super::publish::{self, Published};
use super::refine::{self, Refined};
use super::{Replay, TrialArtifact, attribution, card, explain, joined, latency, refit, report, threshold};
use crate::context::Context;
use crate::error::Error;
use crate::metrics::Metric;
use crate::plan::{Prepared, SplitRecord, Target};
use crate::search::{BASELINE, TrialRecord};
use crate::settings::Settings;

/// What assembling needs.
#[derive(Clone, Copy)]
pub struct Assembly<'a> {
    /// The prepared data.
    pub data: &'a Prepared,
    /// The raw rows `data.holdout.source`, in that order: at least the model's input columns.
    pub holdout: &'a Frame,
    /// What completed trials left behind.
    pub artifacts: &'a [TrialArtifact],
    /// Every trial, failed ones included, for the leaderboard.
    pub history: &'a [TrialRecord],
    /// The job's metric.
    pub metric: Metric,
    /// The job's settings.
    pub settings: &'a Settings,
    /// SHA-256 of the training file, hex.
    pub data_sha256: &'a str,
    /// Name and version of the program.
    pub program: &'a str,
    /// onnxruntime, to prove the ONNX file; without it none is offered.
    pub runtime: Option<&'a onnx::Runtime>,
}

/// The result of a job.
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The final model: its members have seen the holdout as well, where there was time to refit them.
    pub model: Model,
    /// What its members were worth before they saw the holdout.
    pub evaluation: Evaluation,
    /// Every trial and the ensemble, best first.
    pub leaderboard: Vec<LeaderboardRow>,
    /// The ONNX file and its proof, or why there is none, in words.
    pub onnx: Result<(Vec<u8>, Certificate), String>,
    /// The report, one self-contained HTML page.
    pub report_html: String,
    /// The model card, Markdown.
    pub model_card: String,
    /// Outputs on the holdout, row-major, of the members that had not seen it.
    pub holdout_outputs: Vec<f64>,
    /// What was decided while assembling, in order.
    pub decisions: Vec<Decision>,
    /// What the model follows from.
    pub replay: Replay,
    /// How the rows were parted.
    pub split: SplitRecord,
}

/// One decision, for the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When, in seconds on the job's clock.
    pub at_seconds: f64,
    /// What and why.
    pub what: String,
}

/// Share of the time left, at the start, by which members are chosen.
pub(super) const CHOOSE_SHARE: f64 = 0.25;
/// Share of the time left that refits may take: what proof and explanations leave of it, within bounds.
const REFIT_SHARE: (f64, f64) = (0.1, 0.7);
/// Share of the time left that is kept for explanations.
const EXPLAIN_SHARE: f64 = 0.15;
/// Makes the final model of finished trials by `context.deadline`; what does not fit in time is left out and said so.
///
/// # Errors
/// `Input` when there is no completed trial, `Cancelled`, `Internal`.
pub fn assemble(assembly: &Assembly<'_>, context: &Context<'_>) -> Result<Assembled, Error> {
    make(assembly, None, context)
}

/// [`assemble`], or once more as it was done before.
///
/// # Errors
/// As [`assemble`]; `Input` when a member's trial is not there.
pub(super) fn make(
    assembly: &Assembly<'_>,
    before: Option<&Replay>,
    context: &Context<'_>,
) -> Result<Assembled, Error> {
    let mut log = Log::new(context);
    let mut chosen = match before {
        None => members::choose(assembly, context, &mut log)?,
        Some(before) => members::chosen_before(assembly, before)?,
    };
    // The figures come first: they are cheap, and a model without them is worth nothing to anybody.
    let mut scored = Scored::new(assembly, &chosen, context, &mut log);
    let proof_time = match before {
        None => ProofTime::learned(assembly, &chosen.members, context, &mut log),
        Some(_) => ProofTime::default(),
    };
    let refits = before.map(Replay::refits);
    let (mut refitted, mut refits) = refit::members(
        assembly,
        &chosen,
        refits.as_ref(),
        &part(context, refit_share(&chosen, proof_time, context)),
        &mut log,
    );
    if context.is_cancelled() {
        return Err(Error::Cancelled);
    }
    if before.is_none() {
        let published = (&mut refitted, &mut refits);
        latency::keep_published(assembly, &mut chosen, published, &mut scored, context, &mut log)?;
    }
    let published = Published::of(assembly, chosen, refitted, &mut scored, context, &mut log);
    let Published {
        mut chosen,
        model,
        onnx,
    } = published;
    let published = Loaded::new(model);
    scored
        .evaluation
        .add_latency(latency::of_published(assembly, &published, &mut chosen, context));
    scored.evaluation.alternative = chosen.alternative.take();
    let model = published.into_model();
    for member in &model.members {
        if let Some(line) = joined::describe(member, &model.encoder) {
            log.add(line);
        }
    }
    let Scored {
        loaded,
        outputs: holdout_outputs,
        mut evaluation,
        row_seconds,
    } = scored;
    explain::fill(&mut evaluation, assembly, &loaded, row_seconds, context, &mut log);
    let replay = Replay::of(assembly, &chosen, &refits);
    let leaderboard = leaderboard::build(assembly, &chosen, &evaluation);
    let decisions = log.decisions;
    let report = report::Report {
        assembly,
        model: &model,
        evaluation: &evaluation,
        leaderboard: &leaderboard,
        onnx: onnx
            .as_ref()
            .map(|(bytes, certificate)| (bytes.len(), certificate))
            .map_err(String::as_str),
        decisions: &decisions,
    };
    let (report_html, model_card) = (report::page(&report), card::text(&report));
    Ok(Assembled {
        model,
        evaluation,
        leaderboard,
        onnx,
        report_html,
        model_card,
        holdout_outputs,
        decisions,
        replay,
        split: assembly.data.split_record(),
    })
}

fn refit_share(chosen: &Chosen, time: ProofTime, context: &Context<'_>) -> f64 {
    let left = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
    let proof = publish::expected_seconds(&chosen.members, time) / left.max(1e-3);
    (1.0 - EXPLAIN_SHARE - proof).clamp(REFIT_SHARE.0, REFIT_SHARE.1)
}

/// The decision log of assembling.
pub(super) struct Log<'a> {
    context: &'a Context<'a>,
    decisions: Vec<Decision>,
}

impl<'a> Log<'a> {
    /// An empty one.
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            decisions: Vec::new(),
        }
    }

    /// Writes one line.
    pub(super) fn add(&mut self, what: String) {
        self.decisions.push(Decision {
            at_seconds: self.context.clock.now().as_secs_f64(),
            what,
        });
    }
}

/// The same surroundings with a share of the time left.
pub(super) fn part<'a>(context: &Context<'a>, share: f64) -> Context<'a> {
    let now = context.clock.now();
    let left = context.deadline.saturating_sub(now);
    Context {
        deadline: now + left.mul_f64(share),
        ..*context
    }
}

/// Members that have not seen the holdout, on the holdout.
pub(super) struct Scored {
    /// Their model.
    pub loaded: Loaded,
    /// Its outputs.
    pub outputs: Vec<f64>,
    /// What they are worth.
    pub evaluation: Evaluation,
    /// Seconds that one thread needs for a row.
    pub row_seconds: f64,
}

impl Scored {
    /// Fits what stands on top of the members, then scores them: the one look at the holdout.
    pub(super) fn new(
        assembly: &Assembly<'_>,
        chosen: &Chosen,
        context: &Context<'_>,
        log: &mut Log<'_>,
    ) -> Self {
        let Refined {
            refinements,
            calibration,
            threshold: decided,
        } = refine::fit(assembly, chosen, log);
        let loaded = Loaded::new(build(assembly, chosen.members.clone(), refinements));
        let holdout = &assembly.data.holdout;
        let started = context.clock.now();
        let outputs = loaded.predict_features(&holdout.features, holdout.rows, Some(context.pool));
        let seconds = context.clock.now().saturating_sub(started).as_secs_f64();
        let row_seconds = seconds * context.pool.current_num_threads() as f64 / holdout.rows.max(1) as f64;
        let baseline = baseline_outputs(assembly);
        let subject = evaluation::Subject {
            metric: assembly.metric,
            problem: assembly.data.problem,
            target: &holdout.target,
            weights: assembly.data.holdout_view().weights,
            outputs: &outputs,
            decided: &threshold::as_decided(loaded.model(), &outputs),
            baseline: baseline.as_deref(),
            validation_score: Some(chosen.validation_score),
        };
        let mut evaluation = Evaluation::new(&subject, context);
        let rows = (holdout, subject.weights);
        evaluation.add_refined((calibration, decided), &loaded, rows, &outputs, context);
        Self {
            loaded,
            outputs,
            evaluation,
            row_seconds,
        }
    }
}

/// The model of some members.
pub(super) fn build(assembly: &Assembly<'_>, members: Vec<Member>, refinements: Refinements) -> Model {
    let mut model = bare(assembly, members, refinements);
    attribution::add_background(&mut model, assembly.data);
    model
}

/// The same without what contributions are measured from.
pub(super) fn bare(assembly: &Assembly<'_>, members: Vec<Member>, refinements: Refinements) -> Model {
    let classes = match &assembly.data.train.target {
        Target::Classes { labels, .. } => labels.clone(),
        Target::Values(_) => Vec::new(),
    };
    Model {
        problem: assembly.data.problem,
        target: assembly.settings.target.clone(),
        classes,
        inputs: assembly.data.inputs.clone(),
        encoder: assembly.data.encoder.clone(),
        members,
        provenance: Provenance {
            program: assembly.program.to_owned(),
            data_sha256: assembly.data_sha256.to_owned(),
            seed: assembly.settings.seed,
            rows: assembly.data.train.rows as u64,
        },
        refinements,
    }
}

/// What the baseline answers on the holdout.
fn baseline_outputs(assembly: &Assembly<'_>) -> Option<Vec<f64>> {
    let artifact = assembly
        .artifacts
        .iter()
        .find(|artifact| artifact.spec.learner == BASELINE)?;
    // Of folds chained forward the last has seen most; of others all have seen about as much.
    let predictor = if assembly.data.folds_fit_all_rows() {
        artifact.predictors.first()?
    } else {
        artifact.predictors.last()?
    };
    let rows: Vec<u32> = (0..assembly.data.holdout.rows as u32).collect();
    Some(predictor.predict(&assembly.data.holdout.features, &rows))
}
