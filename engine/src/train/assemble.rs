//! From finished trials to the final model: ensemble, one look at the holdout, refit on all rows, ONNX, explanation, report.

use model::onnx::{self, Certificate};
use model::serve::Loaded;
use model::{Frame, Member, Model, Provenance};
use serde::{Deserialize, Serialize};

use super::evaluation::{self, Evaluation};
use super::leaderboard::{self, LeaderboardRow};
use super::members::{self, Chosen};
use super::{TrialArtifact, importance, refit, report};
use crate::context::Context;
use crate::error::Error;
use crate::metrics::Metric;
use crate::plan::{Prepared, Target};
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
    /// Outputs on the holdout, row-major, of the members that had not seen it.
    pub holdout_outputs: Vec<f64>,
    /// What was decided while assembling, in order.
    pub decisions: Vec<Decision>,
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
const CHOOSE_SHARE: f64 = 0.25;
/// Share of the time left after the holdout that refits may take.
const REFIT_SHARE: f64 = 0.7;
/// Share of the time left that proving the ONNX file may take.
const PROOF_SHARE: f64 = 0.7;
/// Share of the time for the proof in which its rows of one kind are expected to be compared (the rest is for the other kind
/// and for opening the file), and what a row takes there, as a multiple of its time in the model.
const PROOF_ROWS: (f64, f64) = (0.3, 6.0);
/// Bytes of an ONNX file that onnxruntime opens in a second, about: it cannot be stopped while it does.
const OPENED_PER_SECOND: f64 = 15e6;
/// Share of the time left after the proof that importance may take.
const IMPORTANCE_SHARE: f64 = 0.5;

/// Makes the final model of finished trials by `context.deadline`; what does not fit in time is left out and said so.
///
/// # Errors
/// `Input` when there is no completed trial, `Cancelled`, `Internal`.
pub fn assemble(assembly: &Assembly<'_>, context: &Context<'_>) -> Result<Assembled, Error> {
    let mut log = Log {
        context,
        decisions: Vec::new(),
    };
    let chosen = members::choose(assembly, &part(context, CHOOSE_SHARE), &mut log)?;
    // The figures come first: they are cheap, and a model without them is worth nothing to anybody.
    let mut scored = Scored::new(assembly, &chosen, context);
    let refitted = refit::members(assembly, &chosen, &part(context, REFIT_SHARE), &mut log);
    if context.is_cancelled() {
        return Err(Error::Cancelled);
    }
    let published = Published::of(assembly, chosen, refitted, &mut scored, context, &mut log);
    let Published { chosen, model, onnx } = published;
    let Scored {
        loaded,
        outputs: holdout_outputs,
        mut evaluation,
        row_seconds,
    } = scored;
    let measure = importance::Measure {
        model: &loaded,
        holdout: &assembly.data.holdout,
        truth: assembly.data.holdout_view(),
        metric: assembly.metric,
        row_seconds,
    };
    evaluation.importance = importance::measure(&measure, &part(context, IMPORTANCE_SHARE));
    if evaluation.importance.len() < model.inputs.len() {
        let count = evaluation.importance.len();
        log.add(format!(
            "importance is measured for {count} of {} columns: the time was up",
            model.inputs.len()
        ));
    }
    let leaderboard = leaderboard::build(assembly, &chosen, &evaluation);
    let decisions = log.decisions;
    let report_html = report::page(&report::Report {
        assembly,
        model: &model,
        evaluation: &evaluation,
        leaderboard: &leaderboard,
        onnx: onnx
            .as_ref()
            .map(|(bytes, certificate)| (bytes.len(), certificate))
            .map_err(String::as_str),
        decisions: &decisions,
    });
    Ok(Assembled {
        model,
        evaluation,
        leaderboard,
        onnx,
        report_html,
        holdout_outputs,
        decisions,
    })
}

/// The decision log of assembling.
pub(super) struct Log<'a> {
    context: &'a Context<'a>,
    decisions: Vec<Decision>,
}

impl Log<'_> {
    /// Writes one line.
    pub(super) fn add(&mut self, what: String) {
        self.decisions.push(Decision {
            at_seconds: self.context.clock.now().as_secs_f64(),
            what,
        });
    }
}

/// The same surroundings with a share of the time left.
fn part<'a>(context: &Context<'a>, share: f64) -> Context<'a> {
    let now = context.clock.now();
    let left = context.deadline.saturating_sub(now);
    Context {
        deadline: now + left.mul_f64(share),
        ..*context
    }
}

type Onnx = Result<(Vec<u8>, Certificate), String>;

/// Members that have not seen the holdout, on the holdout.
struct Scored {
    loaded: Loaded,
    outputs: Vec<f64>,
    evaluation: Evaluation,
    /// Seconds that one thread needs for a row.
    row_seconds: f64,
}

impl Scored {
    fn new(assembly: &Assembly<'_>, chosen: &Chosen, context: &Context<'_>) -> Self {
        let loaded = Loaded::new(build(assembly, chosen.members.clone()));
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
            baseline: baseline.as_deref(),
            validation_score: Some(chosen.validation_score),
        };
        let evaluation = Evaluation::new(&subject, context);
        Self {
            loaded,
            outputs,
            evaluation,
            row_seconds,
        }
    }
}

/// What is published.
struct Published {
    chosen: Chosen,
    model: Model,
    onnx: Onnx,
}

impl Published {
    /// The ensemble when its ONNX file is proven, else the best single trial when its file is (`scored` is then that one's),
    /// else the ensemble without a file.
    fn of(
        assembly: &Assembly<'_>,
        chosen: Chosen,
        refitted: Vec<Member>,
        scored: &mut Scored,
        context: &Context<'_>,
        log: &mut Log<'_>,
    ) -> Self {
        let started = context.clock.now();
        let model = build(assembly, refitted);
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
        if worth_a_try && let Some(single) = Self::single(assembly, &model, scored, context, log) {
            return single;
        }
        let onnx = Err(reason);
        Self { chosen, model, onnx }
    }

    /// The best single trial, when its ONNX file is proven.
    fn single(
        assembly: &Assembly<'_>,
        ensemble: &Model,
        scored: &mut Scored,
        context: &Context<'_>,
        log: &mut Log<'_>,
    ) -> Option<Self> {
        let chosen = members::best_single(assembly)?;
        let name = &chosen.members[0].name;
        let member = match ensemble.members.iter().find(|member| member.name == *name) {
            Some(refitted) => Member {
                weight: 1.0,
                ..refitted.clone()
            },
            None => chosen.members[0].clone(),
        };
        let model = build(assembly, vec![member]);
        let onnx = proven(assembly, &model, scored.row_seconds, context).ok()?;
        log.add(format!(
            "{name} alone is published, because its ONNX file is proven"
        ));
        *scored = Scored::new(assembly, &chosen, context);
        Some(Self {
            chosen,
            model,
            onnx: Ok(onnx),
        })
    }
}

fn build(assembly: &Assembly<'_>, members: Vec<Member>) -> Model {
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
    if bytes.len() as f64 / OPENED_PER_SECOND > seconds {
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
