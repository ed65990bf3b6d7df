//! What can go wrong, as a client sees it: one closed list of codes, and one type that resolvers return.
//!
//! A failure's text is shown to the client only when it is about the client's own request. What went wrong inside is
//! logged with the request id and answered as `INTERNAL_SERVER_ERROR`, or as `SERVICE_UNAVAILABLE` when the same request may
//! succeed a moment later.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::TimeDelta;
use platform::allowance::Refused;
use platform::database::{is_out_of_time, is_passing};
use platform::error::is_database_full;

/// Value of `extensions.code` of an error; Apollo's names where they exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// No such operation in the document, or it is ambiguous.
    OperationResolutionFailure,
    /// A value is not acceptable.
    BadUserInput,
    /// The request is not a GraphQL-over-HTTP request.
    BadRequest,
    /// No valid token.
    Unauthenticated,
    /// The token does not allow it.
    Forbidden,
    /// Nothing is there, or it is not the viewer's.
    NotFound,
    /// Beyond a limit of size, depth or cost.
    QueryTooComplex,
    /// No document is known by the hash.
    PersistedQueryNotFound,
    /// The document is named in a way that is not understood.
    PersistedQueryNotSupported,
    /// Too much at a time, or in too short a time; `Retry-After` says when there is room again.
    RateLimited,
    /// It took too long.
    Timeout,
    /// Something that the server needs does not answer; the same request may succeed a moment later.
    Unavailable,
    /// A disk of the server is full: somebody has to make room.
    DiskFull,
    /// Our fault; details are in the log only.
    Internal,
}

impl Code {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::OperationResolutionFailure => "OPERATION_RESOLUTION_FAILURE",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "SERVICE_UNAVAILABLE",
            Self::DiskFull => "DISK_FULL",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// HTTP status of a plain (not GraphQL) endpoint that fails so.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// True when the client cannot mend it: its request may be a good one, and the log has the details.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Unavailable | Self::DiskFull | Self::Internal)
    }
}

/// Why a request or a resolver failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The client can mend it; the text says how.
    #[error("{message}")]
    Client {
        /// Which kind.
        code: Code,
        /// What is wrong and what to do.
        message: String,
    },
    /// Too much in too short a time.
    #[error("{message}")]
    RateLimited {
        /// What there was too much of.
        message: String,
        /// When there is room again.
        wait: TimeDelta,
    },
    /// A disk of the server is full; the text is for the log.
    #[error("a disk is full: {0}")]
    DiskFull(String),
    /// The database did not answer as it should.
    #[error("database: {0}")]
    Database(Arc<sea_orm::DbErr>),
    /// The store of files did not answer as it should.
    #[error("{0}")]
    Store(String),
    /// Anything else of ours.
    #[error("{0}")]
    Internal(String),
}

impl From<sea_orm::DbErr> for Failure {
    fn from(cause: sea_orm::DbErr) -> Self {
        if is_database_full(&cause) {
            return Self::DiskFull(cause.to_string());
        }
        Self::Database(Arc::new(cause))
    }
}

impl From<platform::Error> for Failure {
    fn from(cause: platform::Error) -> Self {
        match cause {
            platform::Error::Database(cause) => cause.into(),
            platform::Error::NotAdministrator => Self::client(Code::Forbidden, "This is for administrators."),
            platform::Error::Store(_) | platform::Error::Busy => Self::Store(cause.to_string()),
            cause if cause.is_disk_full() => Self::DiskFull(cause.to_string()),
            cause => Self::internal(cause),
        }
    }
}

impl Failure {
    /// A failure that the client can mend.
    pub fn client(code: Code, message: impl Into<String>) -> Self {
        Self::Client {
            code,
            message: message.into(),
        }
    }

    /// A value of the request is not acceptable.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::client(Code::BadUserInput, message)
    }

    /// There was too much of something: "points of operations", for example.
    pub fn rate_limited(refused: Refused, what: &str) -> Self {
        match refused {
            Refused::Wait(wait) => {
                let seconds = seconds_of(wait);
                let message = format!("Too many {what} in too short a time; try again in {seconds} s.");
                Self::RateLimited { message, wait }
            }
            Refused::Never { most } => Self::client(
                Code::BadUserInput,
                format!("These are too many {what}: at most {most} are allowed at once."),
            ),
        }
    }

    /// Whole seconds after which to ask again, where waiting helps.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited { wait, .. } => Some(seconds_of(*wait)),
            _ => None,
        }
    }

    /// A failure of ours, for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// No valid token.
    pub fn unauthenticated() -> Self {
        Self::client(
            Code::Unauthenticated,
            "No valid token. Sign in, open the link that the server prints when it starts, or send `Authorization: Bearer <token>`.",
        )
    }

    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            Self::Client { code, .. } => *code,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Database(cause) if is_out_of_time(cause) => Code::Timeout,
            Self::Database(cause) if is_passing(cause) => Code::Unavailable,
            Self::Store(_) => Code::Unavailable,
            Self::DiskFull(_) => Code::DiskFull,
            Self::Database(_) | Self::Internal(_) => Code::Internal,
        }
    }

    /// The text that a client may see.
    pub fn public_message(&self) -> String {
        match self {
            Self::Client { message, .. } | Self::RateLimited { message, .. } => message.clone(),
            _ if self.code() == Code::Timeout => TIMEOUT_MESSAGE.to_owned(),
            Self::DiskFull(_) => DISK_FULL_MESSAGE.to_owned(),
            _ if self.code() == Code::Unavailable => UNAVAILABLE_MESSAGE.to_owned(),
            _ => INTERNAL_MESSAGE.to_owned(),
        }
    }
}

/// Rounded up; one at least.
fn seconds_of(wait: TimeDelta) -> u32 {
    let milliseconds = wait.num_milliseconds().max(1).unsigned_abs();
    u32::try_from(milliseconds.div_ceil(1000)).unwrap_or(u32::MAX)
}

/// What a client sees when it took too long.
pub const TIMEOUT_MESSAGE: &str = "The request took too long and was stopped; ask for less at a time.";
/// What a client sees when asking again may help.
const UNAVAILABLE_MESSAGE: &str = "The server cannot reach its database or its files at the moment. Whether the change was made is not certain: ask again, with the same idempotencyKey where there is one.";
/// What a client sees when a disk is full.
const DISK_FULL_MESSAGE: &str =
    "A disk of the server is full. Nothing was lost; try again when whoever runs the server has made room.";

/// What a client sees of a failure of ours.
pub const INTERNAL_MESSAGE: &str =
    "Something went wrong on the server. The log has the details under this request id.";
