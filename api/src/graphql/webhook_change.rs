//! What a person does with webhooks: create, update, delete, test.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entities::Viewer;
use entities::webhook::{self, Event};
use platform::webhooks::{self, BadTarget, Change, NewWebhook, Signer, Target};

use super::id::{self, Noun};
use super::once::settle_field;
use super::payload::{UserError, payload};
use super::schema::Query;
use super::webhook::{Webhook, WebhookDelivery, WebhookEvent, find};
use crate::failure::Failure;
use crate::state::AppState;

/// An address to tell.
#[derive(InputObject)]
pub struct CreateWebhookInput {
    /// Where messages go: an https address, at most 2000 characters. It must not lead to a private network.
    url: String,
    /// Which events are told: one or both of JOB_COMPLETED and JOB_FAILED.
    events: Vec<WebhookEvent>,
    /// What messages are signed with: `whsec_` and base64 of 24 to 64 random bytes. One is made when absent.
    secret: Option<String>,
}

/// What to change of a webhook; what is absent stays.
#[derive(InputObject)]
pub struct UpdateWebhookInput {
    /// The webhook.
    id: ID,
    /// Where messages go.
    url: Option<String>,
    /// Which events are told.
    events: Option<Vec<WebhookEvent>>,
    /// Whether anything is told. Switched on again, it starts without its past failures.
    enabled: Option<bool>,
}

/// Which webhook to delete.
#[derive(InputObject)]
pub struct DeleteWebhookInput {
    /// The webhook.
    id: ID,
}

/// Which webhook to test.
#[derive(InputObject)]
pub struct TestWebhookInput {
    /// The webhook.
    id: ID,
}

/// What `createWebhook` answers.
#[derive(SimpleObject)]
pub struct CreateWebhookPayload {
    /// The new webhook.
    pub webhook: Option<Webhook>,
    /// What its messages are signed with. It is shown here, and never again.
    pub secret: Option<String>,
    /// What the user can mend; empty on success.
    pub user_errors: Vec<UserError>,
    /// The root, to read on.
    pub query: Query,
}

payload! {
    /// What `updateWebhook` answers.
    UpdateWebhookPayload {
        /// The webhook as it is now.
        webhook: Webhook
    }
}
payload! {
    /// What `deleteWebhook` answers.
    DeleteWebhookPayload {
        /// Id of what is gone.
        deleted_id: ID
    }
}
payload! {
    /// What `testWebhook` answers.
    TestWebhookPayload {
        /// The message, which is sent within seconds; look at the webhook's deliveries for what became of it.
        delivery: WebhookDelivery
    }
}

/// Changes of webhooks.
#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Tells an address from now on when a job of the viewer's has ended.
    async fn create_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Where and what.")] input: CreateWebhookInput,
    ) -> Result<Option<CreateWebhookPayload>, Failure> {
        let payload = |webhook, secret, user_errors| CreateWebhookPayload {
            webhook,
            secret,
            user_errors,
            query: Query::default(),
        };
        Ok(Some(match create(context, input).await? {
            Ok(row) => {
                let secret = row.secret.clone();
                payload(Some(Webhook(row)), Some(secret), Vec::new())
            }
            Err(errors) => payload(None, None, errors),
        }))
    }

    /// Changes a webhook, or switches it on and off.
    async fn update_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and what differs.")] input: UpdateWebhookInput,
    ) -> Result<Option<UpdateWebhookPayload>, Failure> {
        update(context, input)
            .await
            .map(|outcome| Some(outcome.map(Webhook).into()))
    }

    /// Deletes a webhook with its deliveries.
    async fn delete_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteWebhookInput,
    ) -> Result<Option<DeleteWebhookPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![not_found()]).into()));
        };
        webhooks::delete(&context.data_unchecked::<AppState>().platform, &row).await?;
        Ok(Some(Ok(input.id).into()))
    }

    /// Sends a message that only shows whether messages arrive.
    async fn test_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: TestWebhookInput,
    ) -> Result<Option<TestWebhookPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![not_found()]).into()));
        };
        let platform = &context.data_unchecked::<AppState>().platform;
        let outcome = settle_field(webhooks::test(platform, &row).await, "id", "webhook")?;
        Ok(Some(outcome.map(WebhookDelivery).into()))
    }
}

type Outcome = Result<Result<webhook::Model, Vec<UserError>>, Failure>;

async fn create(context: &Context<'_>, input: CreateWebhookInput) -> Outcome {
    let viewer = *context.data_unchecked::<Viewer>();
    let platform = &context.data_unchecked::<AppState>().platform;
    let mut errors = Vec::new();
    let target = Target::parse(&input.url, platform.settings.webhook_private);
    let events = chosen(&input.events);
    let secret = input.secret.unwrap_or_else(webhooks::new_secret);
    if let Err(bad) = Signer::of(&secret) {
        errors.push(UserError::of("secret", "SECRET_INVALID", bad.to_string()));
    }
    let (target, events) = match (target, events) {
        (Ok(target), Ok(events)) if errors.is_empty() => (target, events),
        (target, events) => {
            errors.extend(target.err().as_ref().map(bad_url));
            errors.extend(events.err());
            return Ok(Err(errors));
        }
    };
    let new = NewWebhook {
        user_id: viewer.user_id,
        target,
        events,
        secret,
    };
    match webhooks::create(platform, new).await {
        Err(platform::Error::Conflict(message)) => Ok(Err(vec![UserError {
            code: "TOO_MANY_WEBHOOKS".to_owned(),
            message,
            field: None,
        }])),
        made => Ok(Ok(made?)),
    }
}

async fn update(context: &Context<'_>, input: UpdateWebhookInput) -> Outcome {
    let platform = &context.data_unchecked::<AppState>().platform;
    let Some(row) = own(context, &input.id).await? else {
        return Ok(Err(vec![not_found()]));
    };
    let mut errors = Vec::new();
    let mut change = Change {
        enabled: input.enabled,
        ..Change::default()
    };
    if let Some(url) = &input.url {
        match Target::parse(url, platform.settings.webhook_private) {
            Ok(target) => change.target = Some(target),
            Err(bad) => errors.push(bad_url(&bad)),
        }
    }
    if let Some(events) = &input.events {
        match chosen(events) {
            Ok(events) => change.events = Some(events),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    Ok(Ok(webhooks::update(platform, row, change).await?))
}

/// The viewer's webhook of that id.
async fn own(context: &Context<'_>, id: &ID) -> Result<Option<webhook::Model>, Failure> {
    let key = id::decode_as(id, Noun::Webhook)?;
    let viewer = *context.data_unchecked::<Viewer>();
    find(context.data_unchecked::<AppState>(), viewer, key).await
}

fn not_found() -> UserError {
    UserError::not_found("id", "webhook")
}

/// Each event once, in their usual order.
fn chosen(events: &[WebhookEvent]) -> Result<Vec<Event>, UserError> {
    let mut chosen = Vec::new();
    for (event, stored) in [
        (WebhookEvent::JobCompleted, Event::JobCompleted),
        (WebhookEvent::JobFailed, Event::JobFailed),
    ] {
        if events.contains(&event) {
            chosen.push(stored);
        }
    }
    if chosen.is_empty() || events.contains(&WebhookEvent::Test) {
        let message = "Choose JOB_COMPLETED, JOB_FAILED or both; a test is sent with testWebhook.";
        return Err(UserError::of("events", "EVENTS_INVALID", message));
    }
    Ok(chosen)
}

fn bad_url(bad: &BadTarget) -> UserError {
    let code = match bad {
        BadTarget::Private => "URL_NOT_PUBLIC",
        _ => "URL_INVALID",
    };
    UserError::of("url", code, bad.to_string())
}
