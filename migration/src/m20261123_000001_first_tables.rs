//! The first tables: people, files, datasets, jobs, models and the task queue.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, double_null, integer, integer_null, json, json_null, pk_uuid,
    string, string_len, string_len_null, string_uniq, text, text_null, timestamp_with_time_zone as time,
    timestamp_with_time_zone_null as time_null, uuid, uuid_null, uuid_uniq,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables in the order in which they depend on each other.
const TABLES: [&str; 10] = [
    "user", "token", "upload", "dataset", "job", "step", "trial", "model", "artifact", "task",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            user(),
            token(),
            upload(),
            dataset(),
            job(),
            step(),
            trial(),
            model(),
            artifact(),
            task(),
        ] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            manager.drop_table(Table::drop().table(*table).to_owned()).await?;
        }
        Ok(())
    }
}

/// A foreign key that removes the rows of a removed parent.
fn owned_by(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn user() -> TableCreateStatement {
    Table::create()
        .table("user")
        .col(pk_uuid("id"))
        .col(string("name"))
        .col(time("created_at"))
        .to_owned()
}

fn token() -> TableCreateStatement {
    Table::create()
        .table("token")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(string_len("kind", 16))
        .col(string_uniq("hash"))
        .col(time("created_at"))
        .col(time_null("expires_at"))
        .col(time_null("used_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn upload() -> TableCreateStatement {
    Table::create()
        .table("upload")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(string("file_name"))
        .col(big_integer("size_bytes"))
        .col(big_integer("received_bytes"))
        .col(string_len("state", 16))
        .col(time("created_at"))
        .col(time("expires_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn dataset() -> TableCreateStatement {
    Table::create()
        .table("dataset")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(string("name"))
        .col(string("file_name"))
        .col(big_integer("size_bytes"))
        .col(string_len("state", 16))
        .col(text_null("error"))
        .col(big_integer("version"))
        .col(string("source_key"))
        .col(text_null("profile_key"))
        .col(text_null("frame_key"))
        .col(big_integer_null("row_count"))
        .col(integer_null("column_count"))
        .col(time("created_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn job() -> TableCreateStatement {
    Table::create()
        .table("job")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid("dataset_id"))
        .col(string("name"))
        .col(string_len("state", 16))
        .col(text_null("error"))
        .col(big_integer("version"))
        .col(text("target"))
        .col(json("settings"))
        .col(string_len_null("problem", 16))
        .col(string_len_null("metric", 32))
        .col(ColumnDef::new("higher_is_better").boolean().null())
        .col(json_null("shape"))
        .col(json("notes"))
        .col(text_null("prepared_key"))
        .col(boolean("finish_requested"))
        .col(boolean("cancel_requested"))
        .col(time("created_at"))
        .col(time_null("started_at"))
        .col(time_null("search_started_at"))
        .col(big_integer("paused_ms").default(0))
        .col(time_null("finished_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .foreign_key(&mut owned_by("dataset_id", "dataset"))
        .to_owned()
}

fn step() -> TableCreateStatement {
    Table::create()
        .table("step")
        .col(uuid("job_id"))
        .col(string_len("name", 16))
        .col(integer("position"))
        .col(string_len("state", 16))
        .col(time_null("started_at"))
        .col(time_null("finished_at"))
        .col(text_null("error"))
        .primary_key(Index::create().col("job_id").col("name"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .to_owned()
}

fn trial() -> TableCreateStatement {
    Table::create()
        .table("trial")
        .col(pk_uuid("id"))
        .col(uuid("job_id"))
        .col(integer("number"))
        .col(text("name"))
        .col(string("learner"))
        .col(string_len("state", 16))
        .col(json("params"))
        .col(json("spec"))
        .col(double_null("score"))
        .col(double_null("loss"))
        .col(json_null("fold_scores"))
        .col(double_null("seconds"))
        .col(integer_null("rounds"))
        .col(string_len_null("stop", 16))
        .col(json_null("curve"))
        .col(double_null("predict_seconds_per_row"))
        .col(double_null("weight"))
        .col(text_null("error"))
        .col(text_null("artifact_key"))
        .col(big_integer("version"))
        .col(time("created_at"))
        .col(time_null("started_at"))
        .col(time_null("finished_at"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .to_owned()
}

fn model() -> TableCreateStatement {
    Table::create()
        .table("model")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid_uniq("job_id"))
        .col(string("name"))
        .col(string_len("problem", 16))
        .col(text("target"))
        .col(json("classes"))
        .col(json("inputs"))
        .col(json("evaluation"))
        .col(json("members"))
        .col(json_null("certificate"))
        .col(text_null("onnx_withheld"))
        .col(boolean("deployed"))
        .col(text("model_key"))
        .col(time("created_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .to_owned()
}

fn artifact() -> TableCreateStatement {
    Table::create()
        .table("artifact")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid_null("job_id"))
        .col(uuid_null("dataset_id"))
        .col(string_len("kind", 24))
        .col(string("file_name"))
        .col(text("key"))
        .col(big_integer("size_bytes"))
        .col(string_len("sha256", 64))
        .col(time("created_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .foreign_key(&mut owned_by("dataset_id", "dataset"))
        .to_owned()
}

fn task() -> TableCreateStatement {
    Table::create()
        .table("task")
        .col(pk_uuid("id"))
        .col(string_len("kind", 16))
        .col(json("payload"))
        .col(uuid("user_id"))
        .col(uuid_null("job_id"))
        .col(uuid_null("dataset_id"))
        .col(string_len("state", 16))
        .col(integer("priority"))
        .col(big_integer("fence"))
        .col(string_len_null("worker", 64))
        .col(big_integer_null("lease_until"))
        .col(integer("failures"))
        .col(integer("crashes"))
        .col(big_integer("run_after"))
        .col(text_null("error"))
        .col(time("created_at"))
        .col(time("updated_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .foreign_key(&mut owned_by("dataset_id", "dataset"))
        .to_owned()
}

/// Every index: one a query that would scan otherwise.
fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, table: &'static str, columns: &[&'static str]| {
        let mut statement = Index::create().name(name).table(table).to_owned();
        for column in columns {
            statement.col(*column);
        }
        statement
    };
    vec![
        index("token_user", "token", &["user_id"]),
        index("upload_user", "upload", &["user_id"]),
        index("dataset_user", "dataset", &["user_id", "id"]),
        index("job_user", "job", &["user_id", "id"]),
        index("job_dataset", "job", &["dataset_id"]),
        index("trial_number", "trial", &["job_id", "number"])
            .unique()
            .to_owned(),
        index("model_user", "model", &["user_id", "id"]),
        index("artifact_job", "artifact", &["job_id"]),
        index("artifact_dataset", "artifact", &["dataset_id"]),
        index("task_queue", "task", &["state", "priority", "id"]),
        index("task_job", "task", &["job_id", "state"]),
    ]
}
