use migration::MigratorTrait;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::*;
use crate::artifacts::Key;
use crate::datasets::{self, NewDataset};
use crate::{Secret, Settings, accounts};

async fn platform(folder: &Path) -> Platform {
    let home = folder.join("home");
    fs::create_dir(&home).unwrap();
    let home = home.canonicalize().unwrap();
    let platform = Platform::open(Settings::new(&home, 1, 1 << 30)).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    platform
}

async fn dataset(platform: &Platform, folder: &Path) -> entities::dataset::Model {
    let file = folder.join("file");
    fs::write(&file, "a,b\n1,2\n").unwrap();
    let new = NewDataset {
        user_id: accounts::owner(platform).await.unwrap().id,
        name: "d".to_owned(),
        file_name: "d.csv".to_owned(),
        upload_id: None,
        format: None,
    };
    datasets::create(platform, new, &file).await.unwrap()
}

#[tokio::test]
async fn a_back_up_is_a_home_to_start_with() {
    let folder = tempfile::tempdir().unwrap();
    let platform = platform(folder.path()).await;
    let row = dataset(&platform, folder.path()).await;
    let upload = upload::Model {
        id: Uuid::now_v7(),
        user_id: row.user_id,
        file_name: "u".to_owned(),
        size_bytes: 2,
        received_bytes: 1,
        state: upload::State::Open,
        created_at: now(),
        expires_at: now() + chrono::TimeDelta::hours(1),
        method: upload::Method::Patch,
        transfer: None,
    };
    let upload = upload
        .into_active_model()
        .insert(platform.database.connection())
        .await
        .unwrap();
    let to = folder.path().join("it's here");
    let backup = take(&platform, &to).await.unwrap();
    assert_eq!((backup.files, backup.bytes), (1, 8));
    let mut names: Vec<String> = fs::read_dir(&to)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["artifacts", "automl.db"]);
    let restored = Platform::open(Settings::new(&to, 1, 1 << 30)).await.unwrap();
    let key = Key::parse(&row.source_key).unwrap();
    assert_eq!(restored.artifacts.get(&key).await.unwrap(), b"a,b\n1,2\n");
    assert_eq!(inventory::take(&restored).await.unwrap().wrong, []);
    let upload = upload::Entity::find_by_id(upload.id)
        .one(restored.database.connection())
        .await;
    assert!(upload.unwrap().unwrap().expires_at <= now());
    // Once more to the same place, into the home, to nowhere.
    for bad in [
        to.clone(),
        platform.settings.home.join("b"),
        folder.path().join("x/y"),
        PathBuf::from("/"),
    ] {
        assert!(take(&platform, &bad).await.is_err(), "{bad:?}");
    }
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 3, "home, file and one back-up");
}

#[tokio::test]
async fn a_file_that_is_gone_is_told_and_no_back_up_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let platform = platform(folder.path()).await;
    let row = dataset(&platform, folder.path()).await;
    fs::write(platform.settings.artifacts().join(&row.source_key), "short").unwrap();
    let found = inventory::take(&platform).await.unwrap();
    assert_eq!(found.wrong[0].what, "has 5 bytes instead of 8");
    fs::remove_file(platform.settings.artifacts().join(&row.source_key)).unwrap();
    let found = inventory::take(&platform).await.unwrap();
    assert_eq!(
        (found.wrong_count, found.wrong[0].what.as_str()),
        (1, "is not there")
    );
    let error = take(&platform, &folder.path().join("b")).await.unwrap_err();
    assert!(error.to_string().contains("files verify"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn other_forms_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut platform = platform(folder.path()).await;
    let mut settings = (*platform.settings).clone();
    settings.database = Some(Secret::new("postgres://somewhere/else".to_owned()));
    platform.settings = std::sync::Arc::new(settings);
    let error = take(&platform, &folder.path().join("b")).await.unwrap_err();
    assert!(error.to_string().contains("Backing up") && !error.to_string().contains("somewhere"));
}
