//! Messages to webhooks: one row a webhook and end of a job, written with that end.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query, WindowStatement};

use crate::Viewer;
use crate::webhook::Event;

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Waits for a sender, not before `run_after`.
    Queued,
    /// A sender holds it.
    Sending,
    /// The receiver has said that it has it.
    Sent,
    /// Given up; `error` says why.
    Failed,
    /// Not wanted any more; `error` says why.
    Skipped,
}

impl State {
    /// True where nothing changes any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Skipped)
    }
}

/// A message to a webhook.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    /// UUID v7; the receiver knows the message by it, however often it comes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// To which webhook.
    pub webhook_id: Uuid,
    /// Owner of both.
    pub user_id: Uuid,
    /// Which job; none for a test.
    pub job_id: Option<Uuid>,
    /// Version of the job with which it ended. `(webhook_id, job_id, job_version)` is unique.
    pub job_version: Option<i64>,
    /// What it tells.
    pub event: Event,
    /// The message, as it is sent each time.
    pub body: String,
    /// How far it is.
    pub state: State,
    /// Rises with every claim; a write with an older fence is refused.
    pub fence: i64,
    /// Who holds it.
    pub worker: Option<String>,
    /// End of the claim: milliseconds since 1970 by the database's clock.
    pub lease_until: Option<i64>,
    /// Claims so far.
    pub attempts: i32,
    /// Not before: milliseconds since 1970 by the database's clock.
    pub run_after: i64,
    /// Status of the last answer, if there was one.
    pub status: Option<i32>,
    /// Why it has not arrived (yet), for people. Holds no address.
    pub error: Option<String>,
    /// When the job ended.
    pub created_at: DateTimeUtc,
    /// When the receiver took it.
    pub sent_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Messages to the viewer's webhooks.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }

    /// The newest messages to each of those of the webhooks that are the viewer's, the newest first.
    pub fn latest_for(viewer: Viewer, webhooks: impl IntoIterator<Item = Uuid>, each: i32) -> Select<Self> {
        let mut newest_first = WindowStatement::partition_by(Column::WebhookId);
        newest_first.order_by(Column::Id, Order::Desc);
        let mut ranked = Query::select();
        ranked
            .column(Column::Id)
            .expr_window_as(Func::cust("ROW_NUMBER"), newest_first, "place")
            .from(Entity)
            .and_where(Column::UserId.eq(viewer.user_id))
            .and_where(Column::WebhookId.is_in(webhooks));
        let latest = Query::select()
            .column("id")
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("place").lte(each))
            .to_owned();
        Self::find_for(viewer)
            .filter(Column::Id.in_subquery(latest))
            .order_by_desc(Column::Id)
    }
}
