//! Connections to the bucket: one that this process uses, one that signs for browsers.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    Builder, RequestChecksumCalculation, ResponseChecksumValidation, SharedCredentialsProvider,
};
use aws_sdk_s3::presigning::{PresigningConfig, PresigningConfigError};
use aws_smithy_async::time::TimeSource;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use crate::Error;
use crate::clock::SetClock;
use crate::settings::S3;

/// Region of a server that speaks S3 and has none.
const DEFAULT_REGION: &str = "us-east-1";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Until the first byte of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// One attempt, its body on the way there included: a part at 140 kB/s.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(120);
/// All attempts and the pauses between them.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(600);
/// With growing pauses of random length in between.
const ATTEMPTS: u32 = 5;
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What the store needs to talk, and to sign.
pub struct Clients {
    /// Talks.
    pub own: Client,
    /// Signs links for browsers: their headers are the browser's, so no checksum is part of them.
    pub signing: Client,
    /// Signs forms.
    pub credentials: SharedCredentialsProvider,
    /// The bucket's.
    pub region: String,
}

/// Sets both up, with what the AWS chain says. Nothing is sent to the bucket yet.
///
/// # Errors
/// `Settings` when there is no region or no credentials provider.
pub async fn connect(section: &S3, chain: ConfigLoader) -> Result<Clients, Error> {
    let shared = configuration(section, chain).await;
    let region = shared.region().ok_or_else(|| {
        Error::Settings("AUTOML_S3_REGION is not set, and the AWS environment names no region".to_owned())
    })?;
    let credentials = shared.credentials_provider().ok_or_else(|| {
        Error::Settings("the AWS environment has no credentials for AUTOML_S3_BUCKET".to_owned())
    })?;
    let own = at(&shared, section.endpoint.as_deref()).build();
    let public = section.public_endpoint.as_deref().or(section.endpoint.as_deref());
    let signing = at(&shared, public)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .build();
    Ok(Clients {
        own: Client::from_conf(own),
        signing: Client::from_conf(signing),
        region: region.to_string(),
        credentials,
    })
}

/// The chain: environment, profile, container, instance.
pub fn chain() -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
}

async fn configuration(section: &S3, chain: ConfigLoader) -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_max_backoff(LONGEST_PAUSE);
    let mut loader = chain
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(retries)
        .time_source(SetClock);
    let elsewhere = section.endpoint.as_ref().map(|_| DEFAULT_REGION.to_owned());
    if let Some(region) = section.region.clone().or(elsewhere) {
        loader = loader.region(Region::new(region));
    }
    loader.load().await
}

/// A link that is good from now on, for so long: the library alone would begin it by the machine's clock.
pub fn from_now(valid: Duration) -> Result<PresigningConfig, PresigningConfigError> {
    PresigningConfig::builder()
        .start_time(SetClock.now())
        .expires_in(valid)
        .build()
}

fn at(shared: &SdkConfig, endpoint: Option<&str>) -> Builder {
    let builder = Builder::from(shared);
    match endpoint {
        Some(endpoint) => builder.endpoint_url(endpoint).force_path_style(true),
        None => builder,
    }
}

/// Where browsers find the bucket, without a slash at the end: the rule by which the AWS client makes its links.
pub fn public_address(section: &S3, region: &str) -> String {
    let bucket = &section.bucket;
    if let Some(endpoint) = section.public_endpoint.as_ref().or(section.endpoint.as_ref()) {
        return format!("{endpoint}/{bucket}");
    }
    let domain = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    if bucket.contains('.') {
        // No certificate covers such a name as a host.
        return format!("https://s3.{region}.{domain}/{bucket}");
    }
    format!("https://{bucket}.s3.{region}.{domain}")
}

/// Scheme, host and port of an address.
pub fn origin(address: &str) -> String {
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let end = address[after_scheme..]
        .find('/')
        .map_or(address.len(), |at| after_scheme + at);
    address[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_find_the_bucket() {
        let section = |bucket: &str, endpoint: Option<&str>, public: Option<&str>| S3 {
            bucket: bucket.to_owned(),
            prefix: String::new(),
            region: None,
            endpoint: endpoint.map(str::to_owned),
            public_endpoint: public.map(str::to_owned),
        };
        for (section, region, address, host) in [
            (
                section("b", None, None),
                "eu-west-1",
                "https://b.s3.eu-west-1.amazonaws.com",
                "https://b.s3.eu-west-1.amazonaws.com",
            ),
            (
                section("b", None, None),
                "cn-north-1",
                "https://b.s3.cn-north-1.amazonaws.com.cn",
                "https://b.s3.cn-north-1.amazonaws.com.cn",
            ),
            (
                section("b.c", None, None),
                "eu-west-1",
                "https://s3.eu-west-1.amazonaws.com/b.c",
                "https://s3.eu-west-1.amazonaws.com",
            ),
            (
                section("b", Some("http://127.0.0.1:9000"), None),
                "x",
                "http://127.0.0.1:9000/b",
                "http://127.0.0.1:9000",
            ),
            (
                section(
                    "b",
                    Some("http://127.0.0.1:9000"),
                    Some("https://files.example/s3"),
                ),
                "x",
                "https://files.example/s3/b",
                "https://files.example",
            ),
        ] {
            let found = public_address(&section, region);
            assert_eq!((found.as_str(), origin(&found).as_str()), (address, host));
        }
    }
}
