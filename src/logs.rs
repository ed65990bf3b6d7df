//! What a serving process says on stderr, in one of two forms: lines for people, and JSON objects for stores of logs. stdout is
//! for what was asked for.

mod json;
mod plain;

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::failure::Failure;
use crate::traces::Traces;

/// Form of the log.
pub const VARIABLE: &str = "AUTOML_LOG_FORMAT";

/// What is logged by default. The queue library shouts at every try to reconnect; the doorbell says once that it is away.
const LOGGED: &str = "info,sqlx=warn,sea_orm=warn,apalis_core=off";

/// Fields that are for the collector of traces only.
const COLLECTORS: &str = "otel.";

/// How to log.
#[derive(Args, Clone, Debug)]
pub struct Logs {
    /// Form of the log on stderr: lines for people, or a JSON object a line (docs/operations.md) [default: $AUTOML_LOG_FORMAT, else text]
    #[arg(long, value_enum)]
    log_format: Option<Format>,
}

/// Form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For a store of logs.
    Json,
}

impl Logs {
    /// The form that was asked for, the option before the variable.
    ///
    /// # Errors
    /// When the variable names no form.
    pub fn format(&self) -> Result<Format, Failure> {
        let set = std::env::var(VARIABLE).ok();
        match (self.log_format, set.as_deref()) {
            (Some(format), _) => Ok(format),
            (None, None | Some("")) => Ok(Format::Text),
            (None, Some(word)) => <Format as ValueEnum>::from_str(word, false)
                .map_err(|_| Failure::Failed(format!("{VARIABLE} is {word:?}; `text` and `json` are known"))),
        }
    }

    /// What has another process log as this one does.
    pub fn arguments(&self) -> Vec<String> {
        let format = self.log_format.as_ref().and_then(ValueEnum::to_possible_value);
        let format = format.map(|format| format!("--log-format={}", format.get_name()));
        format.into_iter().collect()
    }

    /// Logs from here on, as `RUST_LOG` says, and hands spans over to what sends them.
    ///
    /// # Errors
    /// When the variable names no form.
    pub fn start(&self, traces: Option<&Traces>) -> Result<Format, Failure> {
        let format = self.format()?;
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED));
        let lines = match format {
            Format::Text => fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(std::io::stderr().is_terminal())
                .fmt_fields(plain::Fields)
                .boxed(),
            Format::Json => fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(false)
                .fmt_fields(fmt::format::JsonFields::new())
                .event_format(json::Line)
                .boxed(),
        };
        tracing_subscriber::registry()
            .with(lines.with_filter(filter))
            .with(traces.map(Traces::layer))
            .init();
        if format == Format::Json {
            std::panic::set_hook(Box::new(json::tell_panic));
        }
        Ok(format)
    }
}
