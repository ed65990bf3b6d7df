//! Anything with an id.

use async_graphql::{Context, ID, Interface, Object};
use uuid::Uuid;

use super::activity::{Activity, ActivityKey};
use super::administrator::everybody;
use super::audit_log::{AuditEntry, AuditEntryKey};
use super::batch_prediction::BatchPrediction;
use super::dataset::Dataset;
use super::id::{self, Noun};
use super::job::Job;
use super::loaders::{
    BatchPredictionKey, DatasetKey, JobKey, Loaders, RegisteredModelKey, TrialKey, UserKey, WebhookKey,
};
use super::model::Model;
use super::model_loaders::ModelKey;
use super::registered_model::RegisteredModel;
use super::task::{Task, TaskKey};
use super::trial::Trial;
use super::user::User;
use super::webhook::Webhook;
use super::worker::{Worker, WorkerKey};
use crate::failure::Failure;

/// Ids that one request may ask for.
const MAX_IDS: usize = 100;

/// Anything with an id.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id."))]
pub enum Node {
    /// A person.
    User(User),
    /// An uploaded table.
    Dataset(Dataset),
    /// A training run.
    Job(Job),
    /// One configuration.
    Trial(Trial),
    /// A fitted model.
    Model(Model),
    /// An address that is told when a job has ended.
    Webhook(Webhook),
    /// A name under which models are kept.
    RegisteredModel(RegisteredModel),
    /// Predictions for all rows of a file.
    BatchPrediction(BatchPrediction),
    /// A unit of work, for administrators.
    Task(Task),
    /// A process that takes tasks, for administrators.
    Worker(Worker),
    /// An entry of the audit log, for administrators.
    AuditEntry(AuditEntry),
    /// Something that was done in the viewer's name.
    Activity(Activity),
}

/// Objects by id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object of that id; null when it does not exist or is not the viewer's.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<Node>, Failure> {
        load(context, &id).await
    }

    /// The objects of those ids (at most 100), in their order; null for each that does not exist or is not the viewer's.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones.")] ids: Vec<ID>,
    ) -> Result<Option<Vec<Option<Node>>>, Failure> {
        if ids.len() > MAX_IDS {
            return Err(Failure::bad_input(format!(
                "Ask for at most {MAX_IDS} ids at a time."
            )));
        }
        let loads = ids.iter().map(|id| load(context, id));
        futures_util::future::try_join_all(loads).await.map(Some)
    }
}

/// What only administrators see; nothing for anybody else.
async fn of_admin(context: &Context<'_>, noun: Noun, key: Uuid) -> Result<Option<Node>, Failure> {
    let Ok(loaders) = everybody(context) else {
        return Ok(None);
    };
    Ok(match noun {
        Noun::Task => loaders.load_one(TaskKey(key)).await?.map(Task).map(Node::Task),
        Noun::Worker => loaders
            .load_one(WorkerKey(key))
            .await?
            .map(Worker)
            .map(Node::Worker),
        Noun::AuditEntry => loaders
            .load_one(AuditEntryKey(key))
            .await?
            .map(AuditEntry)
            .map(Node::AuditEntry),
        _ => None,
    })
}

async fn load(context: &Context<'_>, id: &ID) -> Result<Option<Node>, Failure> {
    let loaders = context.data_unchecked::<Loaders>();
    let (noun, key) = id::decode(id)?;
    Ok(match noun {
        Noun::User => loaders
            .load_one(UserKey(key))
            .await?
            .map(|row| Node::User(User(row))),
        Noun::Dataset => loaders
            .load_one(DatasetKey(key))
            .await?
            .map(|row| Node::Dataset(Dataset(row))),
        Noun::Job => loaders
            .load_one(JobKey(key))
            .await?
            .map(|row| Node::Job(Job(row))),
        Noun::Trial => loaders
            .load_one(TrialKey(key))
            .await?
            .map(|row| Node::Trial(Trial(row))),
        Noun::Model => loaders
            .load_one(ModelKey(key))
            .await?
            .map(|row| Node::Model(Model(row))),
        Noun::Webhook => loaders
            .load_one(WebhookKey(key))
            .await?
            .map(|row| Node::Webhook(Webhook(row))),
        Noun::RegisteredModel => loaders
            .load_one(RegisteredModelKey(key))
            .await?
            .map(|row| Node::RegisteredModel(RegisteredModel(row))),
        Noun::BatchPrediction => loaders
            .load_one(BatchPredictionKey(key))
            .await?
            .map(|row| Node::BatchPrediction(BatchPrediction(row))),
        Noun::Activity => loaders
            .load_one(ActivityKey(key))
            .await?
            .map(|row| Node::Activity(Activity(row))),
        Noun::Upload | Noun::Session | Noun::ApiToken => None,
        Noun::Task | Noun::Worker | Noun::AuditEntry => of_admin(context, noun, key).await?,
    })
}
