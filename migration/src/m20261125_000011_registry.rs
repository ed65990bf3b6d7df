//! Names under which models are kept, version by version, and words that point to one of the versions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, integer_null, pk_uuid, string_len, timestamp_with_time_zone as time, uuid,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [registered_model(), model_version(), model_alias()] {
            manager.create_table(table).await?;
        }
        let by_name = Index::create()
            .name("registered_model_name")
            .table("registered_model")
            .col("user_id")
            .col("name")
            .unique()
            .to_owned();
        manager.create_index(by_name).await?;
        // Whether a model is registered is asked for before it is renewed or deleted.
        let by_model = Index::create()
            .name("model_version_model")
            .table("model_version")
            .col("model_id")
            .to_owned();
        manager.create_index(by_model).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["model_alias", "model_version", "registered_model"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn owned_by(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn registered_model() -> TableCreateStatement {
    Table::create()
        .table("registered_model")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(string_len("name", 100))
        .col(integer("last_number").default(0))
        .col(time("created_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn model_version() -> TableCreateStatement {
    // A model that is a version of something is not deleted: the database would refuse.
    let mut model = ForeignKey::create()
        .from_col("model_id")
        .to("model", "id")
        .on_delete(ForeignKeyAction::NoAction)
        .to_owned();
    Table::create()
        .table("model_version")
        .col(uuid("registered_model_id"))
        .col(integer("number"))
        .col(uuid("model_id"))
        .col(time("created_at"))
        .primary_key(Index::create().col("registered_model_id").col("number"))
        .foreign_key(&mut owned_by("registered_model_id", "registered_model"))
        .foreign_key(&mut model)
        .to_owned()
}

fn model_alias() -> TableCreateStatement {
    Table::create()
        .table("model_alias")
        .col(uuid("registered_model_id"))
        .col(string_len("alias", 50))
        .col(integer("number"))
        .col(integer_null("previous"))
        .col(time("changed_at"))
        .primary_key(Index::create().col("registered_model_id").col("alias"))
        .foreign_key(&mut owned_by("registered_model_id", "registered_model"))
        .to_owned()
}
