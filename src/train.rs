//! `automl train`: from a table to a model, on the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use engine::learners::LEARNERS;
use engine::metrics::Metric;
use engine::profile::{self, Options};
use engine::settings::{MonotoneColumn, Preset, Settings, Validation};
use engine::train::{Control, Finished, Job, ThresholdGoal};
use engine::{Clock, Error, train};
use model::ProblemType;
use serde_json::json;

use crate::failure::Failure;
use crate::train_progress::Progress;
use crate::{interrupt, onnxruntime, quantity, table_file, train_files};

/// Name and version, for provenance.
pub const PROGRAM: &str = concat!("automl ", env!("CARGO_PKG_VERSION"));

/// Arguments of `automl train`.
#[derive(Args)]
pub struct Arguments {
    /// The table: CSV, TSV, Parquet or JSON lines, plain or compressed.
    data: PathBuf,
    /// The column to predict.
    #[arg(long)]
    target: String,
    /// What kind of question it is.
    #[arg(long, value_enum, default_value_t = Task::Auto)]
    task: Task,
    /// What candidates are compared by, for example roc_auc, log_loss, f1, rmse, mae.
    #[arg(long)]
    metric: Option<String>,
    /// Wall time for everything, for example 60s, 5m, 1h.
    #[arg(long, default_value = "60s", value_parser = quantity::duration)]
    budget: Duration,
    /// How much effort.
    #[arg(long, value_enum, default_value_t = Effort::Balanced)]
    preset: Effort,
    /// Threads to compute on; all of the machine when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Memory to stay within.
    #[arg(long, default_value = "4GiB", value_parser = quantity::size)]
    memory: u64,
    /// Seed of everything random.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// A column to leave out; may be repeated.
    #[arg(long)]
    exclude: Vec<String>,
    /// A learner that may be used, for example gradient_boosting; may be repeated, all of them when not given.
    #[arg(long = "learner", value_parser = PossibleValuesParser::new(learner_names()))]
    learners: Vec<String>,
    /// How candidates are compared, and which rows are kept for the final score: auto, holdout, folds:5, time:COLUMN (fitted on
    /// earlier rows, scored on later ones) or group:COLUMN (no group on both sides), for example time:sold_at, group:customer.
    #[arg(long, default_value = "auto")]
    validation: Validation,
    /// A column of numbers that says how much a row counts, for example --weights survey_weight; it is no feature.
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// What the predicted label of two classes is decided for: f1, balanced_accuracy, mcc, recall:0.9 (at least that recall, the best
    /// precision) or precision:0.9. When not given, the more probable class is predicted.
    #[arg(long)]
    threshold: Option<String>,
    /// A column of numbers that the prediction may only rise, or only fall, with, for example --monotone area=rising --monotone age=falling;
    /// of two classes it is the probability of the second. May be repeated. Learners that cannot keep to it are not tried.
    #[arg(long, value_name = "COLUMN=DIRECTION")]
    monotone: Vec<MonotoneColumn>,
    /// What the model may take to answer one row, alone, in one thread, for example 2ms or 500us. Slower trials become no members, and
    /// members are chosen within it.
    #[arg(long, value_name = "TIME", value_parser = quantity::latency)]
    max_latency: Option<Duration>,
    /// Stop after that many trials; a run that this ends is the same every time.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    trials: Option<u32>,
    /// Folder for the model, its report and its record.
    #[arg(long)]
    out: PathBuf,
    /// The onnxruntime library that proves the ONNX file.
    #[arg(long)]
    onnxruntime: Option<PathBuf>,
    /// Print progress as JSON lines.
    #[arg(long)]
    json: bool,
}

/// `--task`.
#[derive(Clone, Copy, ValueEnum)]
enum Task {
    /// By the target's values.
    Auto,
    /// Two classes.
    Binary,
    /// Three classes or more.
    Multiclass,
    /// A number.
    Regression,
}

/// `--preset`.
#[derive(Clone, Copy, ValueEnum)]
enum Effort {
    /// A good model soon.
    Quick,
    /// The whole portfolio within the budget.
    Balanced,
    /// Folds always, the whole budget.
    Best,
}

/// The process's clock.
struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Trains and writes the files.
///
/// # Errors
/// `Input` for arguments or data that cannot be used, `Failed` otherwise.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let around = Around {
        data: &arguments.data,
        out: &arguments.out,
        onnxruntime: arguments.onnxruntime.as_deref(),
        json: arguments.json,
    };
    let told = around.carry_out(&settings(arguments)?, &train::run)?;
    told.progress.finish(&told.json, &told.lines);
    Ok(())
}

/// What a run has around it.
pub struct Around<'a> {
    /// The table.
    pub data: &'a Path,
    /// Folder of the files.
    pub out: &'a Path,
    /// The library that proves the ONNX file, where it is named.
    pub onnxruntime: Option<&'a Path>,
    /// Whether progress is JSON lines.
    pub json: bool,
}

/// What is to be said at the end, as JSON and in words.
pub struct Told {
    pub progress: Progress,
    pub json: serde_json::Value,
    pub lines: String,
}

impl Around<'_> {
    /// Reads and profiles the table, does the work while Ctrl-C is listened to, and writes the files.
    ///
    /// # Errors
    /// As [`run`], and those of the work.
    pub fn carry_out(
        &self,
        settings: &Settings,
        work: &dyn Fn(&Job<'_>) -> Result<Finished, Error>,
    ) -> Result<Told, Failure> {
        let clock = Wall(Instant::now());
        train_files::prepare_folder(self.out)?;
        let progress = Progress::new(self.json, settings.budget);
        let runtime = onnxruntime::load(self.onnxruntime)?;
        let table = table_file::read_within(self.data, settings.threads, settings.memory_bytes)?.table;
        let options = Options {
            target: Some(settings.target.clone()),
            threads: settings.threads,
        };
        let profile = profile::profile(&table, &options)?;
        let control = Arc::new(Control::default());
        interrupt::listen(Arc::clone(&control));
        let events = |event: &train::Event<'_>| progress.show(event, clock.now(), settings.budget);
        let finished = work(&Job {
            table: &table,
            profile: &profile,
            settings,
            clock: &clock,
            control: &control,
            events: &events,
            runtime: runtime.as_ref(),
            program: PROGRAM,
        })?;
        train_files::write(self.out, self.data, settings, &finished)?;
        let (json, lines) = last_words(self.out, &finished, clock.now());
        Ok(Told {
            progress,
            json,
            lines,
        })
    }
}

fn settings(arguments: &Arguments) -> Result<Settings, Failure> {
    let metric = arguments.metric.as_deref().map(Metric::parse).transpose()?;
    let threshold = arguments.threshold.as_deref().map(str::parse::<ThresholdGoal>);
    Ok(Settings {
        problem: match arguments.task {
            Task::Auto => None,
            Task::Binary => Some(ProblemType::Binary),
            Task::Multiclass => Some(ProblemType::Multiclass),
            Task::Regression => Some(ProblemType::Regression),
        },
        metric,
        preset: match arguments.preset {
            Effort::Quick => Preset::Quick,
            Effort::Balanced => Preset::Balanced,
            Effort::Best => Preset::Best,
        },
        threads: arguments
            .threads
            .map_or_else(table_file::machine_threads, usize::from),
        memory_bytes: arguments.memory,
        seed: arguments.seed,
        exclude: arguments.exclude.clone(),
        learners: arguments.learners.clone(),
        validation: arguments.validation.clone(),
        weights: arguments.weights.clone(),
        threshold: threshold.transpose()?,
        monotone: arguments.monotone.clone(),
        max_latency: arguments.max_latency,
        max_trials: arguments.trials.map(|trials| trials as usize),
        ..Settings::new(&arguments.target, arguments.budget)
    })
}

fn learner_names() -> Vec<&'static str> {
    LEARNERS.iter().map(|learner| learner.name()).collect()
}

/// What is said at the end: as JSON and in words.
fn last_words(out: &Path, finished: &Finished, spent: Duration) -> (serde_json::Value, String) {
    let assembled = &finished.assembled;
    let evaluation = &assembled.evaluation;
    let onnx = match &assembled.onnx {
        Ok((_, certificate)) => {
            let rows = certificate.holdout_rows + certificate.edge_rows;
            format!(
                "model.onnx answers like the model on {rows} rows (largest difference {:.1e}).",
                certificate.largest_difference
            )
        }
        Err(reason) => format!("No model.onnx: {reason}."),
    };
    let members: Vec<String> = assembled
        .model
        .members
        .iter()
        .map(|member| format!("{} {:.0} %", member.name, member.weight * 100.0))
        .collect();
    let latency = evaluation.latency.as_ref().map(|latency| latency.seconds);
    let answers = latency.map_or_else(String::new, |seconds| {
        format!(" It answers a row in {:.3} ms.", seconds * 1e3)
    });
    let folder = out.display();
    let seconds = spent.as_secs_f64();
    let lines = format!(
        "{}\nModel: {}.{answers}\n{onnx}\nWritten to {folder} in {seconds:.1} s.",
        evaluation.summary,
        members.join(", ")
    );
    let json = json!({
        "event": "finished",
        "at_seconds": seconds,
        "metric": finished.metric,
        "score": evaluation.score,
        "low": evaluation.low,
        "high": evaluation.high,
        "baseline": evaluation.baseline,
        "is_better_than_baseline": evaluation.is_better_than_baseline,
        "summary": evaluation.summary,
        "latency_seconds": latency,
        "onnx": assembled.onnx.is_ok(),
        "onnx_withheld": assembled.onnx.as_ref().err(),
        "out": folder.to_string(),
    });
    (json, lines)
}
