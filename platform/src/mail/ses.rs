//! Mail through SES (its v1 API, or another server that speaks it).
//!
//! The SDK's own retries are off: whether a message may be sent again is the sender's decision, for it alone remembers.

use std::error::Error as StdError;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ses::Client;
use aws_sdk_ses::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{MessageTag, RawMessage};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, tls};

use super::{Mail, Message, MessageId, Quota, SendError};
use crate::Error;
use crate::clock::SetClock;
use crate::settings::{Secret, Ses as Settings};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a whole call may take.
const CALL: Duration = Duration::from_secs(15);
/// Region where neither the settings nor the AWS chain name one and the endpoint makes it meaningless.
const ANY_REGION: &str = "us-east-1";

/// A client of SES.
#[derive(Debug)]
pub struct Ses {
    client: Client,
    from: String,
}

impl Ses {
    /// With the credentials of the AWS chain. Nothing is asked of SES yet.
    ///
    /// # Errors
    /// None today; the chain is asked at the first call.
    pub async fn connect(settings: &Settings) -> Result<Self, Error> {
        let loader = aws_config::defaults(BehaviorVersion::latest());
        Ok(Self::load(settings, loader).await)
    }

    /// With fixed credentials, for another server that speaks SES.
    pub async fn with_credentials(settings: &Settings, access_key: &str, secret_key: &Secret) -> Self {
        let credentials = Credentials::new(access_key, secret_key.expose(), None, None, "settings");
        let loader = aws_config::defaults(BehaviorVersion::latest()).credentials_provider(credentials);
        Self::load(settings, loader).await
    }

    async fn load(settings: &Settings, loader: aws_config::ConfigLoader) -> Self {
        let http = Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_timeout(CALL)
            .build();
        let mut loader = loader
            .http_client(http)
            .timeout_config(timeouts)
            .time_source(SetClock);
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        } else if settings.endpoint.is_some() {
            loader = loader.region(Region::new(ANY_REGION));
        }
        let shared = loader.load().await;
        // Set here and not for the whole chain: reading credentials may be retried.
        let mut config = aws_sdk_ses::config::Builder::from(&shared).retry_config(RetryConfig::disabled());
        if let Some(endpoint) = &settings.endpoint {
            config = config.endpoint_url(endpoint);
        }
        Self {
            client: Client::from_conf(config.build()),
            from: settings.from.clone(),
        }
    }
}

#[async_trait]
impl Mail for Ses {
    async fn send(&self, message: &Message) -> Result<MessageId, SendError> {
        let raw = |error: aws_sdk_ses::error::BuildError| SendError::Refused(error.to_string());
        let content = RawMessage::builder()
            .data(Blob::new(message.to_mime(&self.from)))
            .build()
            .map_err(raw)?;
        // Found again in SES's event feed.
        let tag = MessageTag::builder()
            .name("automl-mail")
            .value(&message.reference)
            .build()
            .map_err(raw)?;
        let sent = self
            .client
            .send_raw_email()
            .destinations(message.to.expose())
            .raw_message(content)
            .tags(tag)
            .send()
            .await;
        match sent {
            Ok(answer) => Ok(MessageId(answer.message_id)),
            Err(error) => Err(meaning(&error)),
        }
    }

    async fn quota(&self) -> Result<Quota, SendError> {
        let answer = self.client.get_send_quota().send().await;
        let answer = answer.map_err(|error| meaning(&error))?;
        // -1 says: without bound.
        let left = answer.max24_hour_send - answer.sent_last24_hours;
        Ok(Quota {
            per_second: if answer.max_send_rate > 0.0 {
                answer.max_send_rate
            } else {
                1.0
            },
            left_today: (answer.max24_hour_send >= 0.0).then_some(left.max(0.0) as u64),
        })
    }
}

/// What a failed call means for another try. In doubt it is ambiguous.
fn meaning<E>(error: &SdkError<E>) -> SendError
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let ambiguous = |why: &str| SendError::Ambiguous(why.to_owned());
    match error {
        SdkError::ServiceError(answer) => {
            let said = answer.err();
            answered(
                said.code().unwrap_or("no code"),
                said.message().unwrap_or_default(),
                answer.raw().status().as_u16(),
            )
        }
        SdkError::ConstructionFailure(_) => {
            SendError::Temporary("the request could not be made (are there AWS credentials?)".to_owned())
        }
        SdkError::DispatchFailure(_) if chain(error).any(<dyn StdError>::is::<CredentialsError>) => {
            SendError::Temporary("there are no usable AWS credentials".to_owned())
        }
        SdkError::DispatchFailure(_) if never_connected(error) => {
            SendError::Temporary("the mail service cannot be reached".to_owned())
        }
        SdkError::TimeoutError(_) => ambiguous("the mail service did not answer in time"),
        SdkError::ResponseError(_) => ambiguous("the answer of the mail service was cut off"),
        _ => ambiguous("the connection broke before the answer"),
    }
}

/// What an answer of SES means. Its message may hold an address, so only its code is told on.
fn answered(code: &str, message: &str, status: u16) -> SendError {
    match code {
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" => {
            if message.to_ascii_lowercase().contains("daily") {
                SendError::DailyQuota
            } else {
                SendError::Throttled
            }
        }
        "LimitExceededException" => SendError::DailyQuota,
        "MessageRejected"
        | "InvalidParameterValue"
        | "InvalidParameterCombination"
        | "MissingParameter"
        | "ValidationError" => SendError::Refused(code.to_owned()),
        // A fault behind the door: the message may have gone through.
        _ if matches!(status, 500 | 502 | 504) => SendError::Ambiguous(code.to_owned()),
        // Credentials, permissions, a paused account: somebody can mend these, and the mail then goes out.
        _ => SendError::Temporary(code.to_owned()),
    }
}

/// Whether the connection was never open, so that nothing can have been sent. The HTTP client's type is not ours to name; its
/// words are.
fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(|cause| cause.to_string().starts_with("client error (Connect)"))
}

/// An error and its causes.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        error.source()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let check = |code: &str, message: &str, status: u16, expected: &str| {
            let meant = format!("{:?}", answered(code, message, status));
            assert!(meant.starts_with(expected), "{code} {message} {status}: {meant}");
        };
        check("Throttling", "Maximum sending rate exceeded.", 400, "Throttled");
        check("Throttling", "Daily message quota exceeded.", 400, "DailyQuota");
        check("ThrottlingException", "", 429, "Throttled");
        check(
            "MessageRejected",
            "Email address is not verified: a@b.c",
            400,
            "Refused",
        );
        check("InvalidParameterValue", "Domain ends with dot", 400, "Refused");
        check("InternalFailure", "", 500, "Ambiguous");
        check("ServiceUnavailable", "", 503, "Temporary");
        check("AccountSendingPausedException", "", 400, "Temporary");
        check("ExpiredToken", "", 403, "Temporary");
        let refused = answered("MessageRejected", "not verified: ada@example.com", 400).to_string();
        assert!(!refused.contains('@'), "{refused}");
    }

    #[tokio::test]
    async fn nobody_there_is_not_ambiguous() {
        // Taken and given back: nobody listens on it.
        let port = {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            listener.local_addr().unwrap().port()
        };
        let settings = Settings {
            from: "automl@example.com".to_owned(),
            region: None,
            endpoint: Some(format!("http://127.0.0.1:{port}")),
        };
        let ses = Ses::with_credentials(&settings, "key", &Secret::new("secret")).await;
        let failed = ses.quota().await.unwrap_err();
        assert_eq!(
            failed,
            SendError::Temporary("the mail service cannot be reached".to_owned())
        );
    }
}
