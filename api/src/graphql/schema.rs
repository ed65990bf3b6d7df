//! The roots: one line a noun.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, SchemaBuilder};

use super::api_token::ApiTokenMutation;
use super::dataset::{DatasetMutation, DatasetQuery, DatasetSubscription};
use super::job::{JobQuery, JobSubscription};
use super::job_again::JobAgainMutation;
use super::job_change::JobMutation;
use super::model::ModelMutation;
use super::node::NodeQuery;
use super::notification::NotificationMutation;
use super::password::PasswordMutation;
use super::prediction::PredictionMutation;
use super::server_info::ServerInfoQuery;
use super::session::SessionMutation;
use super::sign_in::SignInMutation;
use super::trial::TrialSubscription;
use super::upload::{UploadMutation, UploadQuery};
use super::user::UserQuery;
use crate::serving::Cache;
use crate::sign::Signer;
use crate::state::AppState;

/// What can be read.
#[derive(Default, MergedObject)]
pub struct Query(
    UserQuery,
    NodeQuery,
    DatasetQuery,
    JobQuery,
    UploadQuery,
    ServerInfoQuery,
);

/// What can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    UploadMutation,
    DatasetMutation,
    JobMutation,
    JobAgainMutation,
    ModelMutation,
    PredictionMutation,
    NotificationMutation,
    SignInMutation,
    PasswordMutation,
    SessionMutation,
    ApiTokenMutation,
);

/// What can be watched.
#[derive(Default, MergedSubscription)]
pub struct Subscription(JobSubscription, TrialSubscription, DatasetSubscription);

/// The executable schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Nesting that the executor itself follows; `limits` allows less.
const RECURSION: usize = 64;

/// Builds the executable schema.
pub fn build(state: AppState, signer: Signer, models: Arc<Cache>) -> Schema {
    builder().data(state).data(signer).data(models).finish()
}

/// The schema as text: what `automl schema` prints.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .prefer_single_line_descriptions()
        .include_specified_by()
        .use_space_ident();
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_recursive_depth(RECURSION)
        .disable_suggestions()
}
