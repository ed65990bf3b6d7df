//! Batch predictions, and which files and tasks are theirs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, double, json, pk_uuid, string, string_len, text, text_null,
    timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null, uuid, uuid_null,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables whose rows may belong to a batch prediction.
const OWNED: [(&str, &str); 2] = [("artifact", "artifact_batch"), ("task", "task_batch")];

const COLUMN: &str = "batch_prediction_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(batch_prediction()).await?;
        for (name, columns) in [
            ("batch_prediction_user", ["user_id", "id"]),
            ("batch_prediction_user_state", ["user_id", "state"]),
            ("batch_prediction_model", ["model_id", "id"]),
        ] {
            manager
                .create_index(index(name, "batch_prediction", &columns))
                .await?;
        }
        manager
            .create_index(index(
                "batch_prediction_dataset",
                "batch_prediction",
                &["dataset_id"],
            ))
            .await?;
        for (table, name) in OWNED {
            // SQLite adds a reference with the column only, and no other way.
            let owner = uuid_null(COLUMN)
                .extra(r#"REFERENCES "batch_prediction" ("id") ON DELETE CASCADE"#)
                .take();
            let alter = Table::alter().table(table).add_column(owner).to_owned();
            manager.alter_table(alter).await?;
            manager.create_index(index(name, table, &[COLUMN])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A program from before cannot read these kinds.
        let connection = manager.get_connection();
        for (table, _) in OWNED {
            connection
                .execute_unprepared(&format!("DELETE FROM {table} WHERE {COLUMN} IS NOT NULL"))
                .await?;
        }
        for (table, name) in OWNED {
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
            let alter = Table::alter().table(table).drop_column(COLUMN).to_owned();
            manager.alter_table(alter).await?;
        }
        manager
            .drop_table(Table::drop().table("batch_prediction").to_owned())
            .await
    }
}

fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = Index::create().name(name).table(table).to_owned();
    for column in columns {
        statement.col(*column);
    }
    statement
}

fn batch_prediction() -> TableCreateStatement {
    let parent = |column: &'static str, parent: &'static str, action: ForeignKeyAction| {
        ForeignKey::create()
            .from_col(column)
            .to(parent, "id")
            .on_delete(action)
            .to_owned()
    };
    Table::create()
        .table("batch_prediction")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid("model_id"))
        .col(uuid_null("dataset_id"))
        .col(string("file_name"))
        .col(big_integer("size_bytes"))
        .col(text("source_key"))
        .col(json("options"))
        .col(string_len("state", 16))
        .col(text_null("error"))
        .col(big_integer("version"))
        .col(big_integer("rows_done"))
        .col(big_integer("rows_in_error"))
        .col(double("share"))
        .col(text_null("report_key"))
        .col(time("created_at"))
        .col(time_null("started_at"))
        .col(time_null("finished_at"))
        .foreign_key(&mut parent("user_id", "user", ForeignKeyAction::Cascade))
        .foreign_key(&mut parent("model_id", "model", ForeignKeyAction::Cascade))
        // What was predicted stays when the dataset goes.
        .foreign_key(&mut parent("dataset_id", "dataset", ForeignKeyAction::SetNull))
        .to_owned()
}
