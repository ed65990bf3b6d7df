//! Answers of the bucket as errors of ours. Texts name the operation and the bucket's code, never a link or a credential.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::Error;
use crate::artifacts::Key;

/// What went wrong while doing something with a file.
pub fn failed<E: ProvideErrorMetadata, R>(doing: &str, key: &str, error: &SdkError<E, R>) -> Error {
    let why = match error {
        SdkError::ServiceError(context) => {
            let meta = context.err().meta();
            match (meta.code(), meta.message()) {
                (Some(code), Some(message)) => format!("the bucket answered {code}: {message}"),
                (Some(code), None) => format!("the bucket answered {code}"),
                (None, _) => "the bucket failed and did not say why".to_owned(),
            }
        }
        SdkError::TimeoutError(_) => "the bucket did not answer in time".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            "the bucket could not be reached in time".to_owned()
        }
        SdkError::DispatchFailure(failure) if failure.is_io() => {
            "the connection to the bucket failed".to_owned()
        }
        SdkError::DispatchFailure(_) => {
            "the request could not be sent: are there credentials, and is the address right?".to_owned()
        }
        SdkError::ResponseError(_) => "the answer of the bucket broke off".to_owned(),
        _ => "the request could not be made".to_owned(),
    };
    Error::Store(format!("{doing} {key}: {why}"))
}

/// The same, where a missing file is an answer of its own.
pub fn failed_of_key<E: ProvideErrorMetadata, R>(doing: &str, key: &Key, error: &SdkError<E, R>) -> Error {
    if is(error, &["NoSuchKey", "NotFound"]) {
        return Error::NoArtifact(key.to_string());
    }
    failed(doing, key.as_str(), error)
}

/// The same, where a missing transfer is an answer of its own.
pub fn failed_of_transfer<E: ProvideErrorMetadata, R>(
    doing: &str,
    key: &Key,
    error: &SdkError<E, R>,
) -> Error {
    if is(error, &["NoSuchUpload"]) {
        return Error::Gone;
    }
    failed(doing, key.as_str(), error)
}

/// True when the bucket answered with one of these codes.
pub fn is<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>, codes: &[&str]) -> bool {
    let SdkError::ServiceError(context) = error else {
        return false;
    };
    context
        .err()
        .meta()
        .code()
        .is_some_and(|code| codes.contains(&code))
}
