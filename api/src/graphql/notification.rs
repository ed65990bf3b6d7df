//! How people are told that a job has ended: addresses, preferences, and what became of each notification.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entities::{Viewer, mail, user, webhook, webhook_delivery};
use platform::accounts::attempts::Subject;
use platform::accounts::{addresses, local};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::account;
use super::payload::{UserError, payload};
use super::user::User;
use crate::failure::Failure;
use crate::state::AppState;

/// What a notification tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NotificationKind {
    /// The job has a model.
    Completed,
    /// The job has none, and why.
    Failed,
    /// A webhook was switched off; this job is the last one that could not be told there.
    WebhookDisabled,
}

/// How a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NotificationChannel {
    /// By mail.
    Mail,
    /// By a message to an address of the person's own.
    Webhook,
}

impl From<mail::Channel> for NotificationChannel {
    fn from(channel: mail::Channel) -> Self {
        match channel {
            mail::Channel::Mail => Self::Mail,
        }
    }
}

/// How far a notification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "mail::State")]
pub enum NotificationState {
    /// Waits to be sent.
    Queued,
    /// Being sent.
    Sending,
    /// The mail service or the receiver has taken it.
    Sent,
    /// Given up; `error` says why.
    Failed,
    /// Not wanted; `error` says why.
    Skipped,
}

/// Word to the owner of a job that it has ended.
#[derive(SimpleObject)]
pub struct JobNotification {
    /// What it tells.
    pub kind: NotificationKind,
    /// How the owner is told.
    pub channel: NotificationChannel,
    /// How far it is.
    pub state: NotificationState,
    /// When the service took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// Why it was not sent (yet).
    pub error: Option<String>,
}

impl JobNotification {
    /// Of a row of the outbox; none: it is not about a job.
    pub fn of(row: mail::Model) -> Option<Self> {
        let kind = match row.kind {
            mail::Kind::Completed => NotificationKind::Completed,
            mail::Kind::Failed => NotificationKind::Failed,
            mail::Kind::WebhookDisabled => NotificationKind::WebhookDisabled,
            mail::Kind::VerifyEmail | mail::Kind::ResetPassword | mail::Kind::AccountExists => return None,
        };
        Some(Self {
            kind,
            channel: row.channel.into(),
            state: row.state.into(),
            sent_at: row.sent_at,
            error: row.error,
        })
    }
}

impl From<webhook_delivery::State> for NotificationState {
    fn from(state: webhook_delivery::State) -> Self {
        match state {
            webhook_delivery::State::Queued => Self::Queued,
            webhook_delivery::State::Sending => Self::Sending,
            webhook_delivery::State::Sent => Self::Sent,
            webhook_delivery::State::Failed => Self::Failed,
            webhook_delivery::State::Skipped => Self::Skipped,
        }
    }
}

impl JobNotification {
    /// A message to a webhook, if it tells of the end of a job.
    pub fn of_delivery(row: webhook_delivery::Model) -> Option<Self> {
        let kind = match row.event {
            webhook::Event::JobCompleted => NotificationKind::Completed,
            webhook::Event::JobFailed => NotificationKind::Failed,
            webhook::Event::Test => return None,
        };
        Some(Self {
            kind,
            channel: NotificationChannel::Webhook,
            state: row.state.into(),
            sent_at: row.sent_at,
            error: row.error,
        })
    }
}

/// What a person wants to be told, and how.
#[derive(SimpleObject)]
pub struct NotificationPreferences {
    /// Mail at all; none is sent without an address.
    pub mail: bool,
    /// Jobs that completed.
    pub completed: bool,
    /// Jobs that failed.
    pub failed: bool,
}

impl NotificationPreferences {
    /// The preferences of a person.
    pub fn of(row: &user::Model) -> Self {
        Self {
            mail: row.mail_enabled,
            completed: row.mail_completed,
            failed: row.mail_failed,
        }
    }
}

/// What to change; what is absent stays.
#[derive(InputObject)]
pub struct UpdateNotificationPreferencesInput {
    /// Mail at all.
    mail: Option<bool>,
    /// Jobs that completed.
    completed: Option<bool>,
    /// Jobs that failed.
    failed: Option<bool>,
}

/// Where mail goes from now on.
#[derive(InputObject)]
pub struct UpdateEmailInput {
    /// One plain address; null removes the present one.
    email: Option<String>,
}

payload! {
    /// What `updateNotificationPreferences` answers.
    UpdateNotificationPreferencesPayload {
        /// The viewer as it is now.
        user: User
    }
}
payload! {
    /// What `updateEmail` answers.
    UpdateEmailPayload {
        /// The viewer as it is now.
        user: User
    }
}

/// Changes of addresses and preferences.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Says what the viewer wants to be told, and how.
    async fn update_notification_preferences(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateNotificationPreferencesInput,
    ) -> Result<Option<UpdateNotificationPreferencesPayload>, Failure> {
        let mut change = viewer(context).await?.into_active_model();
        if let Some(mail) = input.mail {
            change.mail_enabled = Set(mail);
        }
        if let Some(completed) = input.completed {
            change.mail_completed = Set(completed);
        }
        if let Some(failed) = input.failed {
            change.mail_failed = Set(failed);
        }
        Ok(Some(Ok(store(context, change).await?).into()))
    }

    /// Says where mail to the viewer goes. Whoever has a password gets a mail there first: once its link was used, the new
    /// address is the one to sign in with.
    async fn update_email(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Where it goes.")] input: UpdateEmailInput,
    ) -> Result<Option<UpdateEmailPayload>, Failure> {
        let outcome = change_email(context, input.email.as_deref()).await?;
        Ok(Some(outcome.map_err(|error| vec![error]).into()))
    }
}

async fn change_email(
    context: &Context<'_>,
    wanted: Option<&str>,
) -> Result<Result<User, UserError>, Failure> {
    let platform = &context.data_unchecked::<AppState>().platform;
    let viewer = context.data_unchecked::<Viewer>();
    let wanted = wanted.map(str::trim).filter(|text| !text.is_empty());
    let address = match wanted.map(|text| account::address("email", text)).transpose() {
        Ok(address) => address,
        Err(error) => return Ok(Err(error)),
    };
    // Each new address may get a mail.
    if let Some(address) = &address
        && local::login_of(platform, viewer.user_id).await?.is_some()
    {
        let mut subjects = vec![Subject::mails(address.expose())];
        subjects.extend(account::client_address(context).map(Subject::mails_of_client));
        if let Err(error) = account::begin(platform, &subjects).await? {
            return Ok(Err(error));
        }
    }
    let row = addresses::update_address(platform, viewer.user_id, address.as_ref()).await?;
    Ok(Ok(User(row)))
}

/// Who asks, as the database has it now.
async fn viewer(context: &Context<'_>) -> Result<user::Model, Failure> {
    let viewer = context.data_unchecked::<Viewer>();
    let database = &context.data_unchecked::<AppState>().platform.database;
    let row = user::Entity::find_by_id(viewer.user_id)
        .one(database.connection())
        .await?;
    row.ok_or_else(Failure::unauthenticated)
}

async fn store(context: &Context<'_>, change: user::ActiveModel) -> Result<User, Failure> {
    let database = &context.data_unchecked::<AppState>().platform.database;
    if !change.is_changed() {
        return Ok(User(viewer(context).await?));
    }
    Ok(User(change.update(database.connection()).await?))
}
