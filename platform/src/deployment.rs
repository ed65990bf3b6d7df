//! Whether a model answers `predict`.

use entities::{Viewer, model};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::{Changes, Error, Platform};

/// Lets a model of the viewer's answer, or stops it from answering. What is so already stays. None: there is no such model.
///
/// # Errors
/// When the database refuses.
pub async fn set(
    platform: &Platform,
    viewer: Viewer,
    id: Uuid,
    deployed: bool,
) -> Result<Option<model::Model>, Error> {
    let transaction = platform.database.begin().await?;
    let found = model::Entity::find_for(viewer)
        .filter(model::Column::Id.eq(id))
        .lock(LockType::NoKeyUpdate);
    let Some(row) = found.one(&transaction).await? else {
        return Ok(None);
    };
    if row.deployed == deployed {
        return Ok(Some(row));
    }
    let mut change = row.into_active_model();
    change.deployed = Set(deployed);
    let row = change.update(&transaction).await?;
    let action = match deployed {
        true => Action::ModelDeployed,
        false => Action::ModelUndeployed,
    };
    let entry = Entry::new(platform.by, action, now()).about(SubjectKind::Model, id);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    let mut changes = Changes::default();
    changes.model(&row);
    platform.announce(changes);
    Ok(Some(row))
}
