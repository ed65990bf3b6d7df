//! From the rows of queued tasks to Redis: each is told once, and again when Redis did not hear.

use apalis::prelude::TaskSink;
use apalis_redis::{Config, RedisStorage};
use entities::task;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::database::milliseconds;
use crate::link::Link;
use crate::{Database, Error, tasks};

/// Tasks told in one go.
const BATCH: u64 = 100;
/// Messages in one queue at most. Thousands would break its scripts (Lua unpacks them all), and workers look for themselves.
const DEPTH: usize = 500;

/// Tells what is to be told.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Where from.
    pub database: Database,
    /// Where to.
    pub link: Link,
}

impl Relay {
    /// Tells every task that is due and untold, as far as the queues have room.
    ///
    /// # Errors
    /// When the database or Redis does not answer: the tasks stay untold.
    pub async fn run_once(&self) -> Result<(), Error> {
        for queue in [task::Queue::Cpu, task::Queue::Gpu] {
            while self.batch(queue).await? {}
        }
        Ok(())
    }

    /// True when there may be more.
    async fn batch(&self, queue: task::Queue) -> Result<bool, Error> {
        let ids = self.untold(queue).await?;
        if ids.is_empty() || self.depth(queue).await? >= DEPTH {
            return Ok(false);
        }
        let mut storage = storage(&self.link, queue);
        let messages = ids.iter().map(Uuid::to_string).collect();
        storage
            .push_bulk(messages)
            .await
            .map_err(|error| Error::Redis(error.to_string()))?;
        self.mark(&ids).await?;
        self.link
            .publish(&wake_channel(queue), "new")
            .await
            .map_err(|error| Error::Redis(error.to_string()))?;
        Ok(ids.len() as u64 == BATCH)
    }

    async fn untold(&self, queue: task::Queue) -> Result<Vec<Uuid>, Error> {
        let connection = self.database.connection();
        let now = milliseconds(connection.get_database_backend());
        let rows = task::Entity::find()
            .select_only()
            .column(task::Column::Id)
            .filter(task::Column::State.eq(task::State::Queued))
            .filter(task::Column::RungAt.is_null())
            .filter(task::Column::Queue.eq(queue))
            .filter(Expr::col(task::Column::RunAfter).lte(now));
        // As they will be taken.
        let rows = tasks::in_turn(rows).limit(BATCH);
        Ok(rows.into_tuple().all(connection).await?)
    }

    async fn mark(&self, ids: &[Uuid]) -> Result<(), Error> {
        let connection = self.database.connection();
        let now = milliseconds(connection.get_database_backend());
        task::Entity::update_many()
            .col_expr(task::Column::RungAt, now)
            .filter(task::Column::Id.is_in(ids.iter().copied()))
            .filter(task::Column::State.eq(task::State::Queued))
            .exec(connection)
            .await?;
        Ok(())
    }

    async fn depth(&self, queue: task::Queue) -> Result<usize, Error> {
        let config = config(&self.link, queue);
        let (waiting, due): (usize, usize) = redis::pipe()
            .llen(config.active_jobs_list())
            .zcard(config.scheduled_jobs_set())
            .query_async(&mut self.link.manager())
            .await
            .map_err(|error| Error::Redis(error.to_string()))?;
        Ok(waiting + due)
    }
}

/// The queue in Redis. What apalis would do beyond carrying ids is switched off: results and events are nobody's, and one
/// message at a time is taken, so that none waits behind another while other workers are idle.
pub fn storage(link: &Link, queue: task::Queue) -> RedisStorage<String> {
    RedisStorage::new(link.manager()).with_config(config(link, queue))
}

pub fn config(link: &Link, queue: task::Queue) -> Config {
    Config::default()
        .queue(link.name(name(queue)))
        .batch_size(1)
        .persist_results(false)
        .emit_events(false)
        .lock_tasks(false)
}

/// The channel on which new messages of a queue are announced.
pub fn wake_channel(queue: task::Queue) -> String {
    format!("wake:{}", name(queue))
}

fn name(queue: task::Queue) -> &'static str {
    match queue {
        task::Queue::Cpu => "cpu",
        task::Queue::Gpu => "gpu",
    }
}
