//! What people do to find their way among many jobs: tags, a word of their own, the score to sort by; and what they say of
//! the format of a file.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{double_null, json_null, string_len, text_null, uuid};
use sea_orm_migration::sea_orm::DbBackend;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Jobs that have a model already get the score that it has on the holdout.
const SCORE_ON_SQLITE: &str = r#"UPDATE "job" SET "score" = (
    SELECT json_extract("model"."evaluation", '$.score') FROM "model" WHERE "model"."job_id" = "job"."id")"#;
const SCORE_ON_POSTGRES: &str = r#"UPDATE "job" SET "score" = (
    SELECT ("model"."evaluation"->>'score')::double precision FROM "model" WHERE "model"."job_id" = "job"."id")"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [text_null("annotation"), double_null("score")] {
            let alter = Table::alter().table("job").add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        let format = Table::alter()
            .table("dataset")
            .add_column(json_null("format"))
            .to_owned();
        manager.alter_table(format).await?;
        manager.create_table(job_tag()).await?;
        let by_tag = Index::create()
            .name("job_tag_tag")
            .table("job_tag")
            .col("tag")
            .col("job_id")
            .to_owned();
        manager.create_index(by_tag).await?;
        let connection = manager.get_connection();
        let score = match connection.get_database_backend() {
            DbBackend::Postgres => SCORE_ON_POSTGRES,
            _ => SCORE_ON_SQLITE,
        };
        connection.execute_unprepared(score).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("job_tag").to_owned())
            .await?;
        for (table, column) in [("dataset", "format"), ("job", "score"), ("job", "annotation")] {
            let alter = Table::alter().table(table).drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}

fn job_tag() -> TableCreateStatement {
    let mut job = ForeignKey::create()
        .from_col("job_id")
        .to("job", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned();
    Table::create()
        .table("job_tag")
        .col(uuid("job_id"))
        .col(string_len("tag", 50))
        .primary_key(Index::create().col("job_id").col("tag"))
        .foreign_key(&mut job)
        .to_owned()
}
