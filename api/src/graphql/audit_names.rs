//! The closed lists of the audit log: what is done, by whom, to what.

use async_graphql::Enum;
use entities::audit_entry::{Action, ActorKind, SubjectKind};
use sea_orm::ActiveEnum;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Action")]
pub enum AuditAction {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ActorKind")]
pub enum AuditActorKind {
    /// A person.
    User,
    /// Somebody who has not shown who they are.
    Nobody,
    /// The platform by itself.
    Platform,
    /// Whoever can run this program beside the database.
    CommandLine,
}

/// What it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "SubjectKind")]
pub enum AuditSubjectKind {
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

/// A stored name as one of a list; none: a newer version of the program has written it.
pub fn known<S: ActiveEnum<Value = String>, T: From<S>>(name: &str) -> Option<T> {
    S::try_from_value(&name.to_owned()).ok().map(T::from)
}
