//! The queue as it changes, for administrators.

use std::time::Duration;

use async_graphql::{Context, Subscription};
use entities::Viewer;
use futures_util::Stream;
use futures_util::stream::unfold;
use platform::administration::is_administrator;
use platform::database::{clock, is_passing};
use platform::tasks::{Overview, overview};
use platform::{Error, Platform};

use super::administrator::administrator;
use super::queue::Queue;
use crate::failure::{Code, Failure};

/// Between two looks. Every change of a task changes the queue: looking is cheaper than being told of each.
const LOOK: Duration = Duration::from_secs(1);

/// The queue as it changes.
#[derive(Default)]
pub struct QueueSubscription;

#[Subscription]
impl QueueSubscription {
    /// The queue, then its changes, at most one a second and with a rising version. For administrators; ends when the viewer is
    /// none any more.
    async fn queue_updated(
        &self,
        context: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<Option<Queue>, Failure>> + use<>, Failure> {
        let platform = administrator(context)?.platform;
        let viewer = *context.data_unchecked::<Viewer>();
        let watch = Watch {
            platform,
            viewer,
            last: None,
            version: 0,
            done: false,
        };
        Ok(unfold(watch, |mut watch| async move {
            watch.next().await.map(|item| (item, watch))
        }))
    }
}

struct Watch {
    platform: Platform,
    viewer: Viewer,
    last: Option<Overview>,
    version: i64,
    done: bool,
}

impl Watch {
    async fn next(&mut self) -> Option<Result<Option<Queue>, Failure>> {
        if self.done {
            return None;
        }
        loop {
            if self.version > 0 {
                tokio::time::sleep(LOOK).await;
            }
            match self.look().await {
                Ok(None) => {}
                Ok(Some(queue)) => return Some(Ok(Some(queue))),
                Err(Error::Database(cause)) if is_passing(&cause) => tokio::time::sleep(LOOK).await,
                Err(Error::NotAdministrator) => {
                    self.done = true;
                    return Some(Err(Failure::client(
                        Code::Forbidden,
                        "You are no administrator any more.",
                    )));
                }
                Err(cause) => {
                    self.done = true;
                    return Some(Err(cause.into()));
                }
            }
        }
    }

    /// The queue if it has changed since the last look.
    async fn look(&mut self) -> Result<Option<Queue>, Error> {
        let connection = self.platform.database.connection();
        if !is_administrator(connection, self.viewer.user_id).await? {
            return Err(Error::NotAdministrator);
        }
        // The clock before what is seen: what is told later was seen later.
        let now = clock(connection).await?.timestamp_millis();
        let seen = overview(connection).await?;
        if self.last.as_ref() == Some(&seen) {
            return Ok(None);
        }
        self.version = now.max(self.version + 1);
        self.last = Some(seen.clone());
        Ok(Some(Queue::of(seen, self.version)))
    }
}
