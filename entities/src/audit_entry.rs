//! What was done and by whom, in the order in which it was done. Entries are added and never changed: each one's hash covers
//! the one before (`platform::audit`), and the database refuses every change of a row.

use sea_orm::ActiveEnum;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;

use crate::Viewer;

/// What was done. Stored by name; a name that was used once keeps its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(40))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Action {
    /// Somebody asked for an account.
    SignedUp,
    /// A session began.
    SignedIn,
    /// An address and a password, or a code of another issuer, that let nobody in.
    SignInFailed,
    /// Sessions were ended by their owner.
    SignedOut,
    /// A refresh token was used a second time, which ended its session.
    SessionReused,
    /// A person got their first password.
    PasswordSet,
    /// A person changed their password.
    PasswordChanged,
    /// A person set a new password by the link of a mail.
    PasswordReset,
    /// A token for scripts was made.
    TokenCreated,
    /// A token for scripts was ended.
    TokenRevoked,
    /// A webhook was made.
    WebhookCreated,
    /// A webhook was deleted.
    WebhookDeleted,
    /// A dataset was deleted.
    DatasetDeleted,
    /// A job was deleted, with its model.
    JobDeleted,
    /// A model answers `predict` from now on.
    ModelDeployed,
    /// A model does not answer any more.
    ModelUndeployed,
    /// An alias of a registered model points to another version.
    AliasMoved,
    /// A version of a registered model was taken away.
    ModelDeregistered,
    /// An administrator stopped somebody's job.
    JobCancelledByAdmin,
    /// A person is kept out.
    UserSuspended,
    /// A person is let in again.
    UserRestored,
    /// A person became an administrator, or is none any more.
    RoleChanged,
    /// An administrator signed a person out.
    SessionsRevoked,
    /// What a person may use was changed.
    QuotaChanged,
    /// No task of a queue is handed out any more.
    QueuePaused,
    /// Tasks of a queue are handed out again.
    QueueResumed,
    /// A task that was given up is tried again.
    TaskRequeued,
    /// Tasks that were given up were removed.
    TasksPurged,
    /// A worker gets no more tasks.
    WorkerDrained,
    /// Data of the user "default" went to another account.
    DefaultDataClaimed,
    /// Data of version 1 came in.
    DataImported,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ActorKind {
    /// A person: `actor_id` says who.
    User,
    /// Somebody who has not shown who they are.
    Nobody,
    /// The platform by itself.
    Platform,
    /// Whoever can run this program beside the database.
    CommandLine,
}

/// What it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(24))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SubjectKind {
    /// A person.
    User,
    /// Where a person is signed in.
    Session,
    /// A token for scripts.
    ApiToken,
    /// A dataset.
    Dataset,
    /// A training run.
    Job,
    /// A model.
    Model,
    /// A name for models.
    RegisteredModel,
    /// An address that is told.
    Webhook,
    /// A queue of tasks, by its name.
    Queue,
    /// A unit of work.
    Task,
    /// A worker.
    Worker,
    /// The server itself.
    Server,
}

/// An entry. Names stay text here: an entry of a newer version is verified and shown by this one as well.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// 1, 2, 3 and so on without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// When: microseconds since 1970, a number because it is hashed.
    pub at: i64,
    /// An [`ActorKind`].
    pub actor: String,
    /// `user.id` of a person, whose account may be gone since.
    pub actor_id: Option<Uuid>,
    /// An [`Action`].
    pub action: String,
    /// A [`SubjectKind`].
    pub subject_kind: Option<String>,
    /// Its id or name.
    pub subject_id: Option<String>,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
    /// What was there before, as JSON.
    pub before: Option<String>,
    /// What is there since, as JSON.
    pub after: Option<String>,
    /// Network address of whoever asked for it.
    pub address: Option<String>,
    /// Id of the request, as the log has it.
    pub request_id: Option<Uuid>,
    /// SHA-256 over all of the above and the hash of the entry before, in lower-case hex.
    pub hash: String,
}

impl Model {
    /// When it was done; none: the row holds no time that there is.
    pub fn moment(&self) -> Option<DateTimeUtc> {
        DateTimeUtc::from_timestamp_micros(self.at)
    }
}

impl Entity {
    /// What the viewer did, and what others tried with their account.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        let tried = [Action::SignInFailed, Action::SessionReused].map(|action| action.to_value());
        let with_theirs = Column::SubjectKind
            .eq(SubjectKind::User.to_value())
            .and(Column::SubjectId.eq(viewer.user_id.to_string()))
            .and(Column::Action.is_in(tried));
        Self::find().filter(Column::ActorId.eq(viewer.user_id).or(with_theirs))
    }
}

/// No relations are declared: what an entry names may be gone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
