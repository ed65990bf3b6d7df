//! The connection to Redis that doorbell and events share. Everything over it may be lost: callers have another way.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, RedisError};
use tokio::task::JoinHandle;

use crate::{Error, Secret};

/// Longer than Redis stalls for a snapshot; a shorter one turns each stall into an error.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(2);
/// Between two tries to listen, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// Commands and subscriptions on one Redis, under one prefix. Cheap to clone.
#[derive(Clone)]
pub struct Link {
    client: Client,
    manager: ConnectionManager,
    prefix: String,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The client knows the password.
        formatter
            .debug_struct("Link")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl Link {
    /// A link to that server. It connects when it is first used, and again whenever the connection was lost.
    ///
    /// # Errors
    /// `Settings` when the URL cannot be read.
    pub fn new(url: &Secret, prefix: &str) -> Result<Self, Error> {
        let unusable = |_: RedisError| {
            Error::Settings(
                "AUTOML_REDIS_URL cannot be used; redis://user:password@host:port/0 is expected".to_owned(),
            )
        };
        let client = Client::open(url.expose()).map_err(unusable)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(PATIENCE))
            .set_connection_timeout(Some(CONNECT))
            .set_max_delay(PAUSES.1)
            .set_number_of_retries(2);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(unusable)?;
        Ok(Self {
            client,
            manager,
            prefix: prefix.to_owned(),
        })
    }

    /// A connection for commands.
    pub fn manager(&self) -> ConnectionManager {
        self.manager.clone()
    }

    /// A name under the prefix.
    pub fn name(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// Tells whoever listens to a channel.
    ///
    /// # Errors
    /// When Redis is not there: nobody was told.
    pub async fn publish(&self, channel: &str, message: &str) -> Result<(), RedisError> {
        let channel = self.name(channel);
        self.manager.clone().publish::<_, _, ()>(channel, message).await
    }

    /// Calls `hear` for every message of a channel, over reconnections, until the returned task is aborted. After a
    /// reconnection it hears an empty message: some may have been lost.
    pub fn listen(&self, channel: &str, hear: impl Fn(&str) + Send + Sync + 'static) -> Listening {
        let (link, channel) = (self.clone(), self.name(channel));
        Listening(tokio::spawn(async move {
            let mut pause = PAUSES.0;
            loop {
                let began = Instant::now();
                let ended = link.hear(&channel, &hear).await;
                // One line an outage.
                if pause == PAUSES.0 {
                    tracing::warn!(error = ?ended.err(), channel, "Redis cannot be heard");
                }
                tokio::time::sleep(pause).await;
                pause = if began.elapsed() > PAUSES.1 * 2 {
                    PAUSES.0
                } else {
                    (pause * 2).min(PAUSES.1)
                };
            }
        }))
    }

    /// Until the connection is lost.
    async fn hear(&self, channel: &str, hear: &(impl Fn(&str) + Send + Sync)) -> Result<(), RedisError> {
        let connecting = self.client.get_async_pubsub();
        let timed_out = |_| RedisError::from((redis::ErrorKind::Io, "no connection in time"));
        let mut pubsub = tokio::time::timeout(CONNECT, connecting)
            .await
            .map_err(timed_out)??;
        pubsub.subscribe(channel).await?;
        hear("");
        let mut messages = pubsub.into_on_message();
        while let Some(message) = messages.next().await {
            let text: String = message.get_payload()?;
            hear(&text);
        }
        Ok(())
    }
}

/// A listener; dropping it ends it.
#[derive(Debug)]
pub struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}
