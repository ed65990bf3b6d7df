//! What the tests import, and where to.

use std::fs;
use std::path::{Path, PathBuf};

use entities::{dataset, job};
use migration::MigratorTrait;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::import_v1::{self, Import, Report, Source};
use crate::{Platform, Secret, Settings, test_database};

/// A platform, and what version 1 has left.
pub struct Home {
    /// All of it.
    pub folder: TempDir,
    /// What is imported to.
    pub platform: Platform,
}

/// A fresh one.
pub async fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path(), 2, 4 << 30);
    let url = test_database::url(folder.path()).await;
    settings.database = url.starts_with("postgres").then(|| Secret::new(url));
    settings.upload_limit_bytes = 50;
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    Home { folder, platform }
}

fn typed(item: &Value) -> Value {
    match item {
        Value::String(text) => json!({ "S": text }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::Bool(bool) => json!({ "BOOL": bool }),
        Value::Null => json!({ "NULL": true }),
        Value::Array(list) => json!({ "L": list.iter().map(typed).collect::<Vec<Value>>() }),
        Value::Object(_) => json!({ "M": attributes(item) }),
    }
}

fn attributes(item: &Value) -> Value {
    let fields = item.as_object().unwrap().iter();
    fields.map(|(name, value)| (name.clone(), typed(value))).collect()
}

/// A dataset of that id, file and size.
pub fn a_dataset(id: &str, name: &str, size: u64) -> Value {
    json!({ "dataset_id": id, "filename": name, "file_size": size, "row_count": 2, "columns": ["a", "b"],
        "uploaded_at": "2025-12-01T10:00:00.25+00:00" })
}

/// A job of that id on that dataset.
pub fn a_job(id: &str, dataset: &str) -> Value {
    json!({ "job_id": id, "dataset_id": dataset, "user_id": "default", "status": "completed", "dataset_name": "a.csv",
        "target_column": "b", "problem_type": "classification", "metrics": { "accuracy": 0.9375, "best_estimator": "lgbm" },
        "model_path": "s3://m/models/j/model.pkl", "tags": ["base"], "notes": "mine", "deployed": true,
        "created_at": "2025-12-01T11:00:00+00:00", "started_at": "2025-12-01T11:01:00+00:00",
        "completed_at": "2025-12-01T11:03:00+00:00" })
}

impl Home {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An export of these items, and files of these datasets.
    pub fn write(&self, items: &[Value], files: &[(&str, &str)]) {
        let lines = items
            .iter()
            .map(|item| json!({ "Item": attributes(item) }).to_string() + "\n");
        fs::create_dir_all(self.path("tables")).unwrap();
        fs::write(self.path("tables/export.json"), lines.collect::<String>()).unwrap();
        fs::create_dir_all(self.path("files")).unwrap();
        for (name, text) in files {
            let path = self.path("files").join(name);
            fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// Imports what was written.
    pub async fn import(&self, is_dry: bool) -> Report {
        let import = Import {
            tables: self.path("tables"),
            files: Source::Folder(self.path("files")),
            region: None,
            is_dry,
            reason: "they came".to_owned(),
        };
        import_v1::import(&self.platform, &import).await.unwrap()
    }

    /// All datasets.
    pub async fn datasets(&self) -> Vec<dataset::Model> {
        let rows = dataset::Entity::find().order_by_asc(dataset::Column::Id);
        rows.all(self.platform.database.connection()).await.unwrap()
    }

    /// All jobs.
    pub async fn jobs(&self) -> Vec<job::Model> {
        let rows = job::Entity::find().order_by_asc(job::Column::Id);
        rows.all(self.platform.database.connection()).await.unwrap()
    }
}
