//! The roots: one line a noun.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, SchemaBuilder, ValidationMode};
use chrono::{DateTime, Utc};

use super::admin::AdminQuery;
use super::admin_job::AdminJobMutation;
use super::admin_queue::AdminQueueMutation;
use super::admin_user::AdminUserMutation;
use super::api_token::ApiTokenMutation;
use super::batch_prediction::{BatchPredictionQuery, BatchPredictionSubscription};
use super::batch_prediction_change::BatchPredictionMutation;
use super::comparison::ComparisonQuery;
use super::dataset::{DatasetMutation, DatasetSubscription};
use super::dataset_list::DatasetQuery;
use super::default_data::DefaultDataMutation;
use super::estimate::EstimateQuery;
use super::job::JobSubscription;
use super::job_again::JobAgainMutation;
use super::job_change::JobMutation;
use super::job_detail::JobDetailMutation;
use super::job_list::JobQuery;
use super::job_many::JobManyMutation;
use super::model::ModelMutation;
use super::node::NodeQuery;
use super::notification::NotificationMutation;
use super::password::PasswordMutation;
use super::prediction::PredictionMutation;
use super::queue_watch::QueueSubscription;
use super::rate_limit::RateLimitQuery;
use super::registered_model::RegisteredModelQuery;
use super::registry::RegistryMutation;
use super::server_info::ServerInfoQuery;
use super::session::SessionMutation;
use super::sign_in::SignInMutation;
use super::sign_in_with_code::SignInWithCodeMutation;
use super::trial::TrialSubscription;
use super::upload::{UploadMutation, UploadQuery};
use super::user::UserQuery;
use super::webhook::WebhookQuery;
use super::webhook_change::WebhookMutation;
use crate::serving::Cache;
use crate::sign::Signer;

/// What can be read.
#[derive(Default, MergedObject)]
pub struct Query(
    UserQuery,
    NodeQuery,
    DatasetQuery,
    JobQuery,
    EstimateQuery,
    ComparisonQuery,
    RegisteredModelQuery,
    BatchPredictionQuery,
    UploadQuery,
    ServerInfoQuery,
    WebhookQuery,
    RateLimitQuery,
    AdminQuery,
);

/// What can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    UploadMutation,
    DatasetMutation,
    JobMutation,
    JobAgainMutation,
    JobDetailMutation,
    JobManyMutation,
    ModelMutation,
    RegistryMutation,
    PredictionMutation,
    BatchPredictionMutation,
    NotificationMutation,
    WebhookMutation,
    SignInMutation,
    SignInWithCodeMutation,
    PasswordMutation,
    SessionMutation,
    ApiTokenMutation,
    AdminUserMutation,
    AdminQueueMutation,
    AdminJobMutation,
    DefaultDataMutation,
);

/// What can be watched.
#[derive(Default, MergedSubscription)]
pub struct Subscription(
    JobSubscription,
    TrialSubscription,
    DatasetSubscription,
    BatchPredictionSubscription,
    QueueSubscription,
);

/// The executable schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Nesting that the executor itself follows; `limits` allows less.
const RECURSION: usize = 64;

/// The schema, made ready to run operations. It holds no state: each request brings its own, as its viewer sees it.
#[derive(Clone)]
pub struct Executable {
    /// Checks all rules first.
    pub checking: Schema,
    /// For operations that have passed them ([`super::prepared`]): checks only what keeps it from running for ever.
    pub trusting: Schema,
}

/// Builds it.
pub fn build(signer: &Signer, models: &Arc<Cache>) -> Executable {
    let of = |mode| {
        let builder = builder().validation_mode(mode);
        builder.data(signer.clone()).data(models.clone()).finish()
    };
    Executable {
        checking: of(ValidationMode::Strict),
        trusting: of(ValidationMode::Fast),
    }
}

/// What clients read of the scalar `DateTime`.
const DATE_TIME: &str = "A moment in UTC as RFC 3339 has it, for example `2026-11-25T02:08:18.250Z`. As an input, any offset is understood.";

/// The schema as text: what `automl schema` prints.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by().use_space_ident();
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME)
        .limit_recursive_depth(RECURSION)
        .disable_suggestions()
}

#[cfg(test)]
mod tests {
    use async_graphql::Context;
    use async_graphql::resolver_utils::ContainerType;

    use crate::graphql::activity::Activity;
    use crate::graphql::audit_log::AuditEntry;
    use crate::graphql::batch_prediction::BatchPrediction;
    use crate::graphql::dataset::Dataset;
    use crate::graphql::job::Job;
    use crate::graphql::model::Model;
    use crate::graphql::page::Connection;
    use crate::graphql::registered_model::RegisteredModel;
    use crate::graphql::task::Task;
    use crate::graphql::trial::Trial;
    use crate::graphql::upload_object::Upload;
    use crate::graphql::user::User;
    use crate::graphql::webhook::{Webhook, WebhookDelivery};
    use crate::graphql::worker::Worker;

    /// Bytes that one field of an object may take while it is resolved.
    const FIELD: usize = 1_024;

    fn size<'a, T: ContainerType + 'a, F>(_: impl FnOnce(&'a T, &'a Context<'a>) -> F) -> usize {
        size_of::<F>()
    }

    /// Every field of an object takes as much room as the largest of them: a name must not pay for a page of something.
    #[test]
    fn fields_are_small() {
        macro_rules! sizes {
            ($($object:ty),*) => {
                [$((stringify!($object), size(|object: &$object, context| object.resolve_field(context)))),*]
            };
        }
        let sizes = sizes![
            Activity,
            AuditEntry,
            BatchPrediction,
            Connection<Job>,
            Dataset,
            Job,
            Model,
            RegisteredModel,
            Task,
            Trial,
            Upload,
            User,
            Webhook,
            WebhookDelivery,
            Worker
        ];
        let large: Vec<_> = sizes.iter().filter(|(_, bytes)| *bytes > FIELD).collect();
        println!("{sizes:?}");
        assert!(large.is_empty(), "box what these wait for: {large:?}");
    }
}
