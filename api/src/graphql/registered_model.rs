//! Names under which models are kept, with their versions and aliases.

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entities::{Viewer, model_alias, registered_model};
use platform::pages::{By, Direction, Key, Order, Place};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::id::{self, Noun};
use super::loaders::{AliasesOf, Loaders, VersionsOf};
use super::model::Model;
use super::model_loaders::ModelKey;
use super::object::object;
use super::page::{Connection, PageArguments, PageRequest};
use crate::failure::Failure;
use crate::state::AppState;

/// A name under which models are kept, one version after the other.
#[derive(Clone)]
pub struct RegisteredModel(pub registered_model::Model);

object! {
    /// A name under which models are kept, one version after the other.
    RegisteredModel
}

#[ComplexObject]
impl RegisteredModel {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::RegisteredModel, self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its versions, the newest first; at most 100.
    async fn versions(&self, context: &Context<'_>) -> Result<Vec<ModelVersion>, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        let rows = loaders.load_one(VersionsOf(self.0.id)).await?.unwrap_or_default();
        let mut versions = Vec::with_capacity(rows.len());
        for row in rows {
            versions.push(ModelVersion {
                number: row.number,
                registered_at: row.created_at,
                model_id: row.model_id,
            });
        }
        Ok(versions)
    }

    /// Words that point to one of the versions, in alphabetical order; at most 20.
    async fn aliases(&self, context: &Context<'_>) -> Result<Vec<ModelAlias>, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        let rows = loaders.load_one(AliasesOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(ModelAlias::from).collect())
    }

    /// When its first version was registered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// A model under a name. It is what it was when it was registered: its job can be neither extended nor deleted meanwhile.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ModelVersion {
    /// From 1, in the order of registration.
    pub number: i32,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    #[graphql(skip)]
    model_id: Uuid,
}

#[async_graphql::ComplexObject]
impl ModelVersion {
    /// The model.
    async fn model(&self, context: &Context<'_>) -> Result<Option<Model>, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        Ok(loaders.load_one(ModelKey(self.model_id)).await?.map(Model))
    }
}

/// A word that points to a version.
#[derive(SimpleObject)]
pub struct ModelAlias {
    /// The word, for example `production`.
    pub alias: String,
    /// Number of the version.
    pub version: i32,
    /// Number of the version it pointed to before; null when there was none.
    pub previous_version: Option<i32>,
    /// When it was last moved.
    pub changed_at: DateTime<Utc>,
}

impl From<model_alias::Model> for ModelAlias {
    fn from(row: model_alias::Model) -> Self {
        Self {
            alias: row.alias,
            version: row.number,
            previous_version: row.previous,
            changed_at: row.changed_at,
        }
    }
}

/// Registered models.
#[derive(Default)]
pub struct RegisteredModelQuery;

#[Object]
impl RegisteredModelQuery {
    /// The viewer's registered models, by name.
    async fn registered_models(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
    ) -> Result<Option<Connection<RegisteredModel>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = PageRequest::new(&asked, "registered models")?;
        let order = Order {
            by: By::Text(registered_model::Column::Name),
            id: registered_model::Column::Id,
            direction: Direction::Ascending,
        };
        let own = registered_model::Entity::find_for(*context.data_unchecked::<Viewer>());
        let place = |row: &registered_model::Model| Place {
            key: Key::Text(row.name.clone()),
            id: row.id,
        };
        let page = request.read(context, own, &order, place, RegisteredModel);
        page.await.map(Some)
    }

    /// The viewer's registered model of that name; null when there is none.
    async fn registered_model(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its name.")] name: String,
    ) -> Result<Option<RegisteredModel>, Failure> {
        let database = &context.data_unchecked::<AppState>().platform.database;
        let own = registered_model::Entity::find_for(*context.data_unchecked::<Viewer>())
            .filter(registered_model::Column::Name.eq(name));
        Ok(database.all(own).await?.into_iter().next().map(RegisteredModel))
    }
}
