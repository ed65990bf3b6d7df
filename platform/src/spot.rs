//! The metadata of an EC2 instance (IMDSv2): which one it is, and whether it is about to be taken away.

use std::fmt;
use std::time::Duration;

use aws_config::imds::client::Client;
use aws_config::imds::client::error::ImdsError;
use aws_config::provider_config::ProviderConfig;
use aws_smithy_http_client::Builder;

use crate::Error;
use crate::settings::Spot;

/// Between two looks. A Spot instance is warned two minutes ahead.
const INTERVAL: Duration = Duration::from_secs(5);
/// How long the metadata may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// The instance will be stopped, terminated or hibernated in two minutes.
const ACTION: &str = "/latest/meta-data/spot/instance-action";
/// The instance is at elevated risk of that.
const REBALANCE: &str = "/latest/meta-data/events/recommendations/rebalance";
/// Which instance this is.
const INSTANCE: &str = "/latest/meta-data/instance-id";

/// The metadata of the machine that this process runs on.
#[derive(Clone, Debug)]
pub struct Metadata {
    client: Client,
    interval: Duration,
}

/// Why a worker should give back what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The instance is taken away within two minutes.
    Interruption,
    /// The instance will probably be taken away soon.
    Rebalance,
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Interruption => "this Spot instance is about to be interrupted",
            Self::Rebalance => "this Spot instance is likely to be interrupted soon",
        })
    }
}

impl Metadata {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// `Settings` when the address cannot be used.
    pub fn new(spot: &Spot) -> Result<Self, Error> {
        let config = ProviderConfig::without_region().with_http_client(Builder::new().build_http());
        let mut builder = Client::builder()
            .configure(&config)
            .max_attempts(2)
            .connect_timeout(PATIENCE)
            .read_timeout(PATIENCE)
            .operation_attempt_timeout(PATIENCE)
            .operation_timeout(3 * PATIENCE);
        if let Some(url) = &spot.metadata_url {
            builder = builder
                .endpoint(url)
                .map_err(|error| Error::Settings(format!("AUTOML_METADATA_URL cannot be used: {error}")))?;
        }
        Ok(Self {
            client: builder.build(),
            interval: INTERVAL,
        })
    }

    /// Id of this instance.
    ///
    /// # Errors
    /// `Fleet` when there is no metadata to ask: this is no EC2 instance, or a container too far from it.
    pub async fn instance(&self) -> Result<String, Error> {
        let found = self.get(INSTANCE).await?;
        found.ok_or_else(|| Error::Fleet("the metadata names no instance".to_owned()))
    }

    /// Waits until there is a notice; for ever if there never is one. Metadata that cannot be read say nothing.
    pub async fn noticed(&self) -> Notice {
        let mut was_well = true;
        loop {
            match self.look().await {
                Ok(Some(notice)) => return notice,
                Ok(None) => was_well = true,
                // Once, not every few seconds.
                Err(error) if was_well => {
                    was_well = false;
                    tracing::warn!(%error, "a notice of interruption would not be seen");
                }
                Err(_) => {}
            }
            tokio::time::sleep(self.interval).await;
        }
    }

    async fn look(&self) -> Result<Option<Notice>, Error> {
        if self.get(ACTION).await?.is_some() {
            return Ok(Some(Notice::Interruption));
        }
        let rebalance = self.get(REBALANCE).await?;
        Ok(rebalance.map(|_| Notice::Rebalance))
    }

    /// What the metadata say there; none: nothing is there.
    async fn get(&self, path: &str) -> Result<Option<String>, Error> {
        match self.client.get(path).await {
            Ok(text) => Ok(Some(String::from(text))),
            Err(ImdsError::ErrorResponse(answer)) if answer.response().status().as_u16() == 404 => Ok(None),
            Err(error) => Err(Error::Fleet(format!("the metadata of this instance: {error}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::scaling::double::{Answer, Double, Request};

    const TOKEN: &str = "a-token";

    /// Metadata that require a token, and have `path` from the third look at it on.
    async fn metadata(path: &'static str) -> (Double, Metadata) {
        let looks = Arc::new(AtomicUsize::new(0));
        let double = Double::start(move |request: &Request| match request.path.as_str() {
            "/latest/api/token" if request.method == "PUT" => {
                assert!(request.header("x-aws-ec2-metadata-token-ttl-seconds").is_some());
                Answer::status(200, TOKEN).with("x-aws-ec2-metadata-token-ttl-seconds", "21600")
            }
            _ if request.header("x-aws-ec2-metadata-token") != Some(TOKEN) => Answer::status(401, ""),
            INSTANCE => Answer::status(200, "i-0abc"),
            asked if asked == path && looks.fetch_add(1, Ordering::Relaxed) >= 2 => {
                Answer::status(200, r#"{"action": "terminate", "time": "2026-11-24T20:00:00Z"}"#)
            }
            _ => Answer::status(404, "not found"),
        })
        .await;
        let spot = Spot {
            metadata_url: Some(double.url.clone()),
        };
        let mut metadata = Metadata::new(&spot).unwrap();
        metadata.interval = Duration::from_millis(5);
        (double, metadata)
    }

    #[tokio::test]
    async fn hears_of_an_interruption_and_of_a_rebalance() {
        for (path, expected) in [(ACTION, Notice::Interruption), (REBALANCE, Notice::Rebalance)] {
            let (double, metadata) = metadata(path).await;
            assert_eq!(metadata.instance().await.unwrap(), "i-0abc");
            let noticed = tokio::time::timeout(Duration::from_secs(20), metadata.noticed());
            assert_eq!(noticed.await.expect("the notice is heard"), expected);
            let looks = double
                .requests()
                .iter()
                .filter(|request| request.path == path)
                .count();
            assert_eq!(looks, 3);
        }
    }

    #[tokio::test]
    async fn without_metadata_there_is_no_notice() {
        let spot = Spot {
            metadata_url: Some("http://127.0.0.1:9".to_owned()),
        };
        let mut metadata = Metadata::new(&spot).unwrap();
        metadata.interval = Duration::from_millis(5);
        assert!(matches!(metadata.instance().await, Err(Error::Fleet(_))));
        let noticed = tokio::time::timeout(Duration::from_millis(300), metadata.noticed());
        assert!(noticed.await.is_err());
    }
}
