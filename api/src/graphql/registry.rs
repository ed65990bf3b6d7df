//! Keeping models under names: register, promote, roll back, deregister.

use async_graphql::{Context, ID, InputObject, Object};
use entities::{Viewer, registered_model};
use platform::registry;

use super::id::{self, Noun};
use super::once::settle_field;
use super::payload::{UserError, payload};
use super::registered_model::RegisteredModel;
use crate::failure::Failure;
use crate::state::AppState;

/// Longest name of a registered model, in characters.
const MAX_NAME: usize = 100;
/// Longest alias, in characters.
const MAX_ALIAS: usize = 50;

/// A model to keep.
#[derive(InputObject)]
pub struct RegisterModelInput {
    /// The model; its job is over.
    model_id: ID,
    /// Under which name, 1 to 100 characters; it is made when there is none.
    name: String,
}

/// A version to point to.
#[derive(InputObject)]
pub struct PromoteModelInput {
    /// Name of the registered model.
    name: String,
    /// Number of the version.
    version: i32,
    /// The word that is to point to it, 1 to 50 letters, digits, dots, dashes and underscores.
    alias: String,
}

/// A word to move back.
#[derive(InputObject)]
pub struct RollBackModelInput {
    /// Name of the registered model.
    name: String,
    /// The word.
    alias: String,
}

/// A version to take away.
#[derive(InputObject)]
pub struct DeregisterModelInput {
    /// Name of the registered model.
    name: String,
    /// Number of the version.
    version: i32,
}

payload! {
    /// What `registerModel` answers.
    RegisterModelPayload {
        /// The name with its versions.
        registered_model: RegisteredModel
    }
}
payload! {
    /// What `promoteModel` answers.
    PromoteModelPayload {
        /// The name with its versions and aliases.
        registered_model: RegisteredModel
    }
}
payload! {
    /// What `rollBackModel` answers.
    RollBackModelPayload {
        /// The name with its versions and aliases.
        registered_model: RegisteredModel
    }
}
payload! {
    /// What `deregisterModel` answers.
    DeregisterModelPayload {
        /// Number of the version that is gone; the name is gone too when it was the last.
        deregistered_version: i32
    }
}

/// Changes of the registry.
#[derive(Default)]
pub struct RegistryMutation;

#[Object]
impl RegistryMutation {
    /// Makes a model the next version under a name. One that is a version of it already stays that version.
    async fn register_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which model, under which name.")] input: RegisterModelInput,
    ) -> Result<Option<RegisterModelPayload>, Failure> {
        let name = input.name.trim();
        let length = name.chars().count();
        if !(1..=MAX_NAME).contains(&length) || name.chars().any(char::is_control) {
            let message = format!(
                "The name has {length} characters; it must have 1 to {MAX_NAME}, none of them a control character."
            );
            let error = UserError::of("name", "REGISTRY_NAME", message);
            return Ok(Some(Err(vec![error]).into()));
        }
        let (state, viewer) = surroundings(context);
        let key = id::decode_as(&input.model_id, Noun::Model)?;
        let done = registry::register(&state.platform, viewer, key, name).await;
        Ok(Some(answer(done, "modelId", "model")?.into()))
    }

    /// Lets an alias point to a version. From then on `predict` by this alias asks that version.
    async fn promote_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which version, and which alias.")] input: PromoteModelInput,
    ) -> Result<Option<PromoteModelPayload>, Failure> {
        let alias = input.alias.as_str();
        let is_word = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | '_');
        if !(1..=MAX_ALIAS).contains(&alias.len()) || !alias.chars().all(is_word) {
            let message =
                format!("An alias has 1 to {MAX_ALIAS} letters, digits, dots, dashes and underscores.");
            let error = UserError::of("alias", "REGISTRY_NAME", message);
            return Ok(Some(Err(vec![error]).into()));
        }
        let (state, viewer) = surroundings(context);
        let done = registry::promote(&state.platform, viewer, &input.name, input.version, alias).await;
        Ok(Some(answer(done, "version", "version")?.into()))
    }

    /// Lets an alias point to the version that it pointed to before. Doing so twice is where it began.
    async fn roll_back_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which alias.")] input: RollBackModelInput,
    ) -> Result<Option<RollBackModelPayload>, Failure> {
        let (state, viewer) = surroundings(context);
        let done = registry::roll_back(&state.platform, viewer, &input.name, &input.alias).await;
        Ok(Some(answer(done, "alias", "alias")?.into()))
    }

    /// Takes a version away; the model stays. An alias must not point to it, unless it is the last version: then the name and
    /// its aliases go too.
    async fn deregister_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which version.")] input: DeregisterModelInput,
    ) -> Result<Option<DeregisterModelPayload>, Failure> {
        let (state, viewer) = surroundings(context);
        let done = registry::deregister(&state.platform, viewer, &input.name, input.version).await;
        let outcome = settle_field(done, "version", "version")?;
        Ok(Some(outcome.map(|()| input.version).into()))
    }
}

fn surroundings<'a>(context: &Context<'a>) -> (&'a AppState, Viewer) {
    (
        context.data_unchecked::<AppState>(),
        *context.data_unchecked::<Viewer>(),
    )
}

fn answer(
    done: Result<registered_model::Model, platform::Error>,
    field: &str,
    what: &str,
) -> Result<Result<RegisteredModel, Vec<UserError>>, Failure> {
    Ok(settle_field(done, field, what)?.map(RegisteredModel))
}
