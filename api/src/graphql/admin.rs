//! What only administrators see: everybody's accounts and jobs, the queue and its workers, the limits, the audit log.

use async_graphql::{Context, ID, Object};
use entities::{audit_entry, job, task, user, worker};
use platform::pages::{By, Direction, Key, Order, Place};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::administrator::{administrator, everybody};
use super::audit_log::{self, AuditEntry, AuditFilter, AuditHead};
use super::id::{self, Noun};
use super::job::Job;
use super::job_list::{JobFilter, JobOrder};
use super::loaders::{JobKey, UserKey};
use super::page::{Connection, PageArguments, PageRequest};
use super::queue::Queue;
use super::quota::ServerLimits;
use super::task::{self as tasks, Task};
use super::user::User;
use super::user_list::{UserFilter, UserOrder};
use super::worker::Worker;
use crate::failure::Failure;

/// What only administrators see.
#[derive(Default)]
pub struct AdminQuery;

#[Object]
impl AdminQuery {
    /// What looks after the server; FORBIDDEN for whoever is no administrator.
    async fn admin(&self, context: &Context<'_>) -> Result<Option<Admin>, Failure> {
        administrator(context)?;
        Ok(Some(Admin))
    }
}

/// What only administrators see: everybody's accounts and jobs, the queue and its workers, the limits, the audit log.
pub struct Admin;

/// What only administrators see: everybody's accounts and jobs, the queue and its workers, the limits, the audit log.
#[Object]
impl Admin {
    /// Everybody's accounts, newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn users(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<UserFilter>,
        #[graphql(desc = "In which order; the newest first when absent.")] order_by: Option<UserOrder>,
    ) -> Result<Option<Connection<User>>, Failure> {
        let database = administrator(context)?.platform.database;
        let order = order_by.unwrap_or_default();
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = PageRequest::new(&asked, order)?;
        let mut query = user::Entity::find();
        if let Some(filter) = filter {
            query = query.filter(filter.condition()?);
        }
        let place = move |row: &user::Model| order.place(row);
        let order = order.order();
        let page = request.read_over(&database, context, query, &order, place, User);
        page.await.map(Some)
    }

    /// The account of that id.
    async fn user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<User>, Failure> {
        let key = id::decode_as(&id, Noun::User)?;
        Ok(everybody(context)?.load_one(UserKey(key)).await?.map(User))
    }

    /// Everybody's jobs, newest first unless ordered otherwise. Of those of others one sees how they run, not what is in them.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn jobs(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<JobFilter>,
        #[graphql(desc = "In which order; the newest first when absent.")] order_by: Option<JobOrder>,
        #[graphql(desc = "Whose; everybody's when absent.")] owner_id: Option<ID>,
    ) -> Result<Option<Connection<Job>>, Failure> {
        let database = administrator(context)?.platform.database;
        let order = order_by.unwrap_or_default();
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = PageRequest::new(&asked, order)?;
        let mut query = job::Entity::find();
        if let Some(owner) = owner_id {
            query = query.filter(job::Column::UserId.eq(id::decode_as(&owner, Noun::User)?));
        }
        if let Some(filter) = filter {
            query = query.filter(filter.condition()?);
        }
        let place = move |row: &job::Model| order.place(row);
        let order = order.order();
        let page = request.read_over(&database, context, query, &order, place, Job);
        page.await.map(Some)
    }

    /// The job of that id, whoever's it is.
    async fn job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<Job>, Failure> {
        let key = id::decode_as(&id, Noun::Job)?;
        Ok(everybody(context)?.load_one(JobKey(key)).await?.map(Job))
    }

    /// The queue at this moment.
    async fn queue(&self, context: &Context<'_>) -> Result<Option<Queue>, Failure> {
        let platform = administrator(context)?.platform;
        Queue::now(&platform).await.map(Some)
    }

    /// Tasks that were given up and are still known, those that were given up last first.
    async fn dead_tasks(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
    ) -> Result<Option<Connection<Task>>, Failure> {
        let database = administrator(context)?.platform.database;
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = PageRequest::new(&asked, "GIVEN_UP")?;
        let order = Order {
            by: By::Value(task::Column::UpdatedAt),
            id: task::Column::Id,
            direction: Direction::Descending,
        };
        let query = tasks::known().filter(task::Column::State.eq(task::State::Dead));
        let place = |row: &task::Model| Place {
            key: Key::Time(row.updated_at),
            id: row.id,
        };
        let page = request.read_over(&database, context, query, &order, place, Task);
        page.await.map(Some)
    }

    /// Workers, the one that started last first.
    async fn workers(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
    ) -> Result<Option<Connection<Worker>>, Failure> {
        let database = administrator(context)?.platform.database;
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = PageRequest::new(&asked, "STARTED")?;
        let order = Order {
            by: By::Id,
            id: worker::Column::Id,
            direction: Direction::Descending,
        };
        let place = |row: &worker::Model| Place {
            key: Key::None,
            id: row.id,
        };
        let page = request.read_over(&database, context, worker::Entity::find(), &order, place, Worker);
        page.await.map(Some)
    }

    /// The limits of whoever has none of their own, and what computing costs: what the server's settings say.
    async fn limits(&self, context: &Context<'_>) -> Result<Option<ServerLimits>, Failure> {
        let platform = administrator(context)?.platform;
        Ok(Some(ServerLimits::of(&platform.settings)))
    }

    /// Who did what, why and from where, the newest first.
    async fn audit_log(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<AuditFilter>,
    ) -> Result<Option<Connection<AuditEntry>>, Failure> {
        let database = administrator(context)?.platform.database;
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = PageRequest::new(&asked, "NUMBER")?;
        let mut query = audit_entry::Entity::find();
        if let Some(filter) = filter {
            query = query.filter(filter.condition()?);
        }
        let order = audit_log::ORDER;
        let page = request.read_over(&database, context, query, &order, audit_log::place, AuditEntry);
        page.await.map(Some)
    }

    /// The end of the audit log.
    async fn audit_head(&self, context: &Context<'_>) -> Result<Option<AuditHead>, Failure> {
        audit_log::head(&administrator(context)?).await
    }
}
