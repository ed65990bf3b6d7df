//! What `automl train` shows while it runs: a bar on a terminal, lines elsewhere, JSON lines on request.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use engine::metrics::Metric;
use engine::search::Outcome;
use engine::train::Event;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How progress is shown.
pub enum Progress {
    /// One JSON object a line on standard output.
    Json(Mutex<std::io::Stdout>),
    /// A bar on the terminal, trials as lines above it.
    Bar(Bar),
    /// Trials as lines on standard error.
    Lines(Mutex<Option<Metric>>),
}

/// The bar: time spent of the budget.
pub struct Bar {
    bar: ProgressBar,
    metric: Mutex<Option<Metric>>,
}

impl Progress {
    /// The form that fits the output.
    pub fn new(json: bool, budget: Duration) -> Self {
        if json {
            return Self::Json(Mutex::new(std::io::stdout()));
        }
        if !std::io::stderr().is_terminal() {
            return Self::Lines(Mutex::new(None));
        }
        let bar =
            ProgressBar::with_draw_target(Some(budget.as_millis() as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:32.cyan/blue} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.set_message("reading");
        Self::Bar(Bar {
            bar,
            metric: Mutex::new(None),
        })
    }

    /// Shows one event at `now` of `budget`.
    pub fn show(&self, event: &Event<'_>, now: Duration, budget: Duration) {
        match self {
            Self::Json(out) => {
                // A trial reports every round; a reader wants the others.
                if !matches!(event, Event::TrialProgress { .. }) {
                    print_json(out, event, now);
                }
            }
            Self::Bar(bar) => bar.show(event, now, budget),
            Self::Lines(metric) => {
                if let Some(line) = words(event, metric) {
                    eprintln!("{:6.1} s  {line}", now.as_secs_f64());
                }
            }
        }
    }

    /// The last words: a JSON object, or lines for people.
    pub fn finish(&self, json: &serde_json::Value, lines: &str) {
        match self {
            Self::Json(out) => {
                if let Ok(mut out) = out.lock() {
                    let _ = writeln!(out, "{json}");
                }
            }
            Self::Bar(bar) => {
                bar.bar.finish_and_clear();
                println!("{lines}");
            }
            Self::Lines(_) => println!("{lines}"),
        }
    }
}

fn print_json(out: &Mutex<std::io::Stdout>, event: &Event<'_>, now: Duration) {
    let Ok(mut value) = serde_json::to_value(event) else {
        return;
    };
    value["at_seconds"] = now.as_secs_f64().into();
    if let Ok(mut out) = out.lock() {
        // A reader that went away must not end the training.
        let _ = writeln!(out, "{value}");
        let _ = out.flush();
    }
}

impl Bar {
    fn show(&self, event: &Event<'_>, now: Duration, budget: Duration) {
        self.bar.set_position(now.as_millis() as u64);
        let left = budget.saturating_sub(now).as_secs();
        match event {
            Event::TrialStarted { spec } => self.bar.set_message(format!("{left} s left · {}", spec.name)),
            Event::TrialProgress {
                fold, round, loss, ..
            } => {
                self.bar.set_message(format!(
                    "{left} s left · fold {} round {round} loss {loss:.5}",
                    fold + 1
                ));
            }
            Event::Assembling { .. } => self.bar.set_message(format!("{left} s left · assembling")),
            Event::Prepared { .. } | Event::TrialFinished { .. } => {}
        }
        if let Some(line) = words(event, &self.metric) {
            self.bar.println(format!("{:6.1} s  {line}", now.as_secs_f64()));
        }
    }
}

/// One line for the events that people want to keep.
fn words(event: &Event<'_>, metric: &Mutex<Option<Metric>>) -> Option<String> {
    let mut metric = metric.lock().ok()?;
    match event {
        Event::Prepared {
            problem,
            metric: chosen,
            rows,
            holdout_rows,
            features,
            folds,
            ..
        } => {
            *metric = Some(*chosen);
            Some(format!(
                "{problem:?} problem, {}: {rows} training rows, {holdout_rows} kept for the end, {features} features, {folds} fold(s)",
                chosen.title()
            ))
        }
        Event::TrialFinished { record, best } => {
            let title = metric.map(Metric::title).unwrap_or_default();
            let best = best.map(|best| format!("  best {best:.5}")).unwrap_or_default();
            Some(match &record.outcome {
                Outcome::Completed(score) => {
                    format!(
                        "{:24} {title} {:.5} in {:.1} s{best}",
                        record.spec.name, score.score, score.seconds
                    )
                }
                Outcome::Failed { reason } => format!("{:24} failed: {reason}", record.spec.name),
                Outcome::Open => return None,
            })
        }
        Event::Assembling { reason } => Some(format!("assembling: {reason}")),
        Event::TrialStarted { .. } | Event::TrialProgress { .. } => None,
    }
}
