//! What a person did, as the audit log has it.

use async_graphql::{Context, Enum, Object};
use chrono::{DateTime, Utc};
use entities::Viewer;
use entities::audit_entry::{self, Action, Column, Model};
use platform::pages::{By, Direction, Key, Order, Page, Place};
use sea_orm::{ActiveEnum, ColumnTrait, Iterable, QueryFilter};
use uuid::Uuid;

use super::page::{Connection, PageArguments, PageRequest};
use crate::failure::Failure;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Action")]
pub enum AuditAction {
    /// Somebody asked for an account.
    SignedUp,
    /// A session began.
    SignedIn,
    /// An address and a password that let nobody in.
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
    /// Limits of the server were changed.
    LimitsChanged,
    /// Data of the user "default" went to another account.
    DefaultDataClaimed,
}

/// Something that was done.
#[derive(Clone)]
pub struct Activity(Model);

/// Something that was done.
#[Object]
impl Activity {
    /// What.
    async fn action(&self) -> Result<AuditAction, Failure> {
        let action = Action::try_from_value(&self.0.action);
        action.map(AuditAction::from).map_err(|_| self.unreadable())
    }

    /// When.
    async fn at(&self) -> Result<DateTime<Utc>, Failure> {
        self.0.moment().ok_or_else(|| self.unreadable())
    }

    /// Network address it was asked for from; null: it is not known.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Id of the request, as its answer had it in `x-request-id`; null: it was not a request.
    async fn request_id(&self) -> Option<String> {
        self.0.request_id.map(|id| id.simple().to_string())
    }
}

impl Activity {
    fn unreadable(&self) -> Failure {
        Failure::internal(format!("entry {} of the audit log cannot be read", self.0.number))
    }
}

/// What the viewer did, and what others tried with their account, the newest first. Nobody else's is shown to anybody.
///
/// # Errors
/// `BAD_USER_INPUT` for a wrong page, or when the database does not answer.
pub async fn list(
    context: &Context<'_>,
    user_id: Uuid,
    asked: &PageArguments,
) -> Result<Connection<Activity>, Failure> {
    let viewer = *context.data_unchecked::<Viewer>();
    let request = PageRequest::new(asked, "activity")?;
    let order = Order {
        by: By::Value(Column::Number),
        // Numbers are unique; what comes second need only be a UUID.
        id: Column::RequestId,
        direction: Direction::Descending,
    };
    let place = |row: &Model| Place {
        key: Key::Whole(row.number),
        id: row.request_id.unwrap_or_default(),
    };
    if viewer.user_id != user_id {
        let nothing = Page {
            rows: Vec::new(),
            has_next: false,
            has_previous: false,
        };
        return Ok(request.connection(nothing, place, Activity, Some(0)));
    }
    // What a newer version of the program has written has no name here.
    let known = Column::Action.is_in(Action::iter().map(|action| action.to_value()));
    let own = audit_entry::Entity::find_for(viewer).filter(known);
    request.read(context, own, &order, place, Activity).await
}
