//! How a subcommand ends when it does not succeed.

use std::fmt;
use std::process::ExitCode;

/// One clear line for the user and the exit code that goes with it.
#[derive(Debug)]
pub enum Failure {
    /// Bad usage or bad input: exit code 2.
    Input(String),
    /// Anything else: exit code 1.
    Failed(String),
    /// Anything else that the log tells already: exit code 1.
    Logged,
}

impl Failure {
    /// The exit code.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(2),
            Self::Failed(_) | Self::Logged => ExitCode::from(1),
        }
    }

    /// True when nothing is left to say.
    pub fn is_logged(&self) -> bool {
        matches!(self, Self::Logged)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self {
            Self::Input(message) | Self::Failed(message) => message,
            Self::Logged => "see the log",
        };
        for (place, line) in message.lines().enumerate() {
            let gap = if place > 0 { " " } else { "" };
            write!(formatter, "{gap}{}", line.trim())?;
        }
        Ok(())
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Input(_) => Self::Input(error.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(format!("{error:#}"))
    }
}
