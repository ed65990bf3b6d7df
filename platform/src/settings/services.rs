//! The services of the production form. Each is used when its first variable is set; without it the embedded form is.

use super::Variables;
use super::secret::Secret;
use crate::Error;

/// An S3 bucket for the stored files. Credentials come from the AWS chain: environment, profile, container, instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3 {
    /// Bucket. `AUTOML_S3_BUCKET`.
    pub bucket: String,
    /// What every key begins with, with its trailing slash, or empty. `AUTOML_S3_PREFIX`.
    pub prefix: String,
    /// Region; none: from the AWS chain. `AUTOML_S3_REGION`.
    pub region: Option<String>,
    /// Another server that speaks S3, for example `http://127.0.0.1:9000`; its paths carry the bucket. `AUTOML_S3_ENDPOINT`.
    pub endpoint: Option<String>,
    /// Address of that server for browsers, where it differs. `AUTOML_S3_PUBLIC_ENDPOINT`.
    pub public_endpoint: Option<String>,
}

impl S3 {
    /// Reads the section.
    ///
    /// # Errors
    /// `Settings` naming the variable that cannot be used.
    pub fn read(variable: Variables<'_>) -> Result<Option<Self>, Error> {
        let Some(bucket) = variable("AUTOML_S3_BUCKET") else {
            return Ok(None);
        };
        let mut prefix = variable("AUTOML_S3_PREFIX").unwrap_or_default();
        if !prefix.is_empty() && !prefix.ends_with('/') {
            prefix.push('/');
        }
        if bucket.trim().is_empty() || prefix.starts_with('/') {
            return Err(Error::Settings(
                "AUTOML_S3_BUCKET must name a bucket, and AUTOML_S3_PREFIX must not begin with a slash"
                    .to_owned(),
            ));
        }
        Ok(Some(Self {
            bucket,
            prefix,
            region: variable("AUTOML_S3_REGION"),
            endpoint: endpoint(variable, "AUTOML_S3_ENDPOINT")?,
            public_endpoint: endpoint(variable, "AUTOML_S3_PUBLIC_ENDPOINT")?,
        }))
    }
}

/// The address of a server, without a slash at its end: it becomes part of a header that allows it.
fn endpoint(variable: Variables<'_>, name: &str) -> Result<Option<String>, Error> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let address = value.trim_end_matches('/');
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/[]".contains(&byte);
    match rest {
        Some(rest) if !rest.is_empty() && rest.bytes().all(plain) => Ok(Some(address.to_owned())),
        _ => Err(Error::Settings(format!(
            "{name} must be an address such as https://files.example.com"
        ))),
    }
}

/// Mail through SES. Credentials come from the AWS chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ses {
    /// Verified sender, for example `AutoML Lite <automl@example.com>`. `AUTOML_SES_FROM`.
    pub from: String,
    /// Region; none: from the AWS chain. `AUTOML_SES_REGION`.
    pub region: Option<String>,
    /// Another server that speaks SES. `AUTOML_SES_ENDPOINT`.
    pub endpoint: Option<String>,
}

impl Ses {
    /// Reads the section.
    ///
    /// # Errors
    /// `Settings` naming the variable that cannot be used.
    pub fn read(variable: Variables<'_>) -> Result<Option<Self>, Error> {
        let Some(from) = variable("AUTOML_SES_FROM") else {
            return Ok(None);
        };
        if !from.contains('@') || from.contains(['\r', '\n']) {
            return Err(Error::Settings(format!(
                "AUTOML_SES_FROM is {from:?}; a mail address is expected"
            )));
        }
        Ok(Some(Self {
            from,
            region: variable("AUTOML_SES_REGION"),
            endpoint: variable("AUTOML_SES_ENDPOINT"),
        }))
    }
}

/// A database server instead of a file. `AUTOML_DATABASE_URL`.
///
/// # Errors
/// `Settings` when it is of another kind; its text is not repeated, for it may hold a password.
pub fn database_url(variable: Variables<'_>) -> Result<Option<Secret>, Error> {
    url(variable, "AUTOML_DATABASE_URL", &["postgres://", "postgresql://"])
}

/// A Redis server for the doorbell and the events. `AUTOML_REDIS_URL`.
///
/// # Errors
/// As [`database_url`].
pub fn redis_url(variable: Variables<'_>) -> Result<Option<Secret>, Error> {
    url(variable, "AUTOML_REDIS_URL", &["redis://", "rediss://"])
}

/// Whether webhooks may lead into private networks. `AUTOML_WEBHOOK_PRIVATE`.
///
/// # Errors
/// `Settings` when it is neither word.
pub fn webhook_private(variable: Variables<'_>) -> Result<bool, Error> {
    match variable("AUTOML_WEBHOOK_PRIVATE").as_deref().map(str::trim) {
        None | Some("refused") => Ok(false),
        Some("allowed") => Ok(true),
        Some(other) => Err(Error::Settings(format!(
            "AUTOML_WEBHOOK_PRIVATE is {other:?}; allowed or refused is expected"
        ))),
    }
}

/// Shortest shared secret, in characters.
const SECRET_LENGTH: usize = 32;

/// The secret that all processes of one platform share. `AUTOML_SECRET`.
///
/// # Errors
/// `Settings` when it is too short to be one.
pub fn secret(variable: Variables<'_>) -> Result<Option<Secret>, Error> {
    match variable("AUTOML_SECRET") {
        Some(value) if value.len() < SECRET_LENGTH => Err(Error::Settings(format!(
            "AUTOML_SECRET must have {SECRET_LENGTH} characters at least"
        ))),
        value => Ok(value.map(Secret::new)),
    }
}

fn url(variable: Variables<'_>, name: &str, schemes: &[&str]) -> Result<Option<Secret>, Error> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    if schemes.iter().any(|scheme| value.starts_with(scheme)) {
        return Ok(Some(Secret::new(value)));
    }
    Err(Error::Settings(format!(
        "{name} must begin with {}",
        schemes.join(" or ")
    )))
}
