//! The outbox: one row a job, kind, channel and recipient, written with the end of the job; and one a request for mail about an
//! account.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Viewer, job};

/// What a mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Kind {
    /// The job has a model.
    Completed,
    /// The job has none, and why.
    Failed,
    /// A webhook of the owner's was switched off; the job is the last one that could not be told there.
    WebhookDisabled,
    /// How to show that the address is the reader's.
    VerifyEmail,
    /// How to set a new password.
    ResetPassword,
    /// Somebody wanted to sign up with an address that has an account.
    AccountExists,
}

impl Kind {
    /// What a job in that state tells, if anything.
    pub fn of(state: job::State) -> Option<Self> {
        match state {
            job::State::Completed => Some(Self::Completed),
            job::State::Failed => Some(Self::Failed),
            _ => None,
        }
    }

    /// True for mail about the account itself, which preferences do not switch off.
    pub fn is_about_account(self) -> bool {
        matches!(
            self,
            Self::VerifyEmail | Self::ResetPassword | Self::AccountExists
        )
    }
}

/// How a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Channel {
    /// By mail.
    Mail,
}

/// How far a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Waits for a sender, not before `run_after`.
    Queued,
    /// A sender holds it: what becomes of it is not known until it says so.
    Sending,
    /// The mail service has taken it.
    Sent,
    /// Given up; `error` says why.
    Failed,
    /// Not wanted; `error` says why.
    Skipped,
}

impl State {
    /// True where nothing changes any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Skipped)
    }
}

/// A mail on its way.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whom it is for: the owner of the job.
    pub user_id: Uuid,
    /// Which job. `(job_id, kind, channel, recipient)` is unique. None: it is about the account.
    pub job_id: Option<Uuid>,
    /// What it tells.
    pub kind: Kind,
    /// On which way.
    pub channel: Channel,
    /// Address; empty when there was none.
    pub recipient: String,
    /// What the mail says, as it was when the job ended (`worker::notify::Facts` as JSON), or [`AccountFacts`].
    pub facts: Json,
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
    /// Attempts that failed in an orderly way and may be repeated.
    pub failures: i32,
    /// Attempts of which nobody knows whether the mail went out.
    pub doubts: i32,
    /// Last claim: milliseconds since 1970 by the database's clock. The send rate is counted on it.
    pub attempted_at: Option<i64>,
    /// Not before: milliseconds since 1970 by the database's clock.
    pub run_after: i64,
    /// The mail service's name for it.
    pub message_id: Option<String>,
    /// Why it was not sent (yet), for people. Holds no address.
    pub error: Option<String>,
    /// When the job ended.
    pub created_at: DateTimeUtc,
    /// When the mail service took it.
    pub sent_at: Option<DateTimeUtc>,
}

/// What a mail about an account says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountFacts {
    /// Whom it greets.
    pub user_name: String,
    /// The token that its link carries; the token itself is made again when the mail is sent, and stored nowhere.
    pub token_id: Option<Uuid>,
}

impl Model {
    /// A mail that waits to be sent now.
    pub fn queued(id: Uuid, user_id: Uuid, kind: Kind, recipient: String, created_at: DateTimeUtc) -> Self {
        Self {
            id,
            user_id,
            job_id: None,
            kind,
            channel: Channel::Mail,
            recipient,
            facts: Json::Null,
            state: State::Queued,
            fence: 0,
            worker: None,
            lease_until: None,
            attempts: 0,
            failures: 0,
            doubts: 0,
            attempted_at: None,
            run_after: 0,
            message_id: None,
            error: None,
            created_at,
            sent_at: None,
        }
    }
}

/// Without the recipient: an address stays out of logs.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Mail")
            .field("id", &self.id)
            .field("job_id", &self.job_id)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .field("fence", &self.fence)
            .field("attempts", &self.attempts)
            .field("failures", &self.failures)
            .field("doubts", &self.doubts)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's mails.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
