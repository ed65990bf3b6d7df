//! Uploads in both forms: to this server's folder, and straight to a bucket.

use std::sync::Arc;

use chrono::Utc;
use entities::upload::{self, Method, State};
use entities::{Viewer, artifact};
use migration::MigratorTrait;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use tempfile::TempDir;

use crate::artifacts::Key;
use crate::artifacts::s3::server::{Server, post, put};
use crate::uploads::{self, FORM_LIMIT_BYTES, NewUpload, Outcome};
use crate::{Error, Platform, Settings, accounts, datasets};

struct Home {
    folder: TempDir,
    platform: Platform,
    viewer: Viewer,
}

async fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::new(folder.path(), 2, 4 << 30);
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    let user_id = accounts::owner(&platform).await.unwrap().id;
    Home {
        folder,
        platform,
        viewer: Viewer::member(user_id),
    }
}

async fn home_with(server: &Server) -> Home {
    let mut home = home().await;
    home.platform.artifacts = Arc::new(server.bucket().await);
    home
}

impl Home {
    async fn create(&self, size_bytes: u64) -> upload::Model {
        let new = NewUpload {
            user_id: self.viewer.user_id,
            file_name: "Größe.csv".to_owned(),
            size_bytes,
        };
        uploads::create(&self.platform, new, None).await.unwrap()
    }

    async fn complete(&self, row: &upload::Model) -> Outcome {
        uploads::complete(&self.platform, row, "d".to_owned(), None, None)
            .await
            .unwrap()
    }

    async fn expire(&self, row: &upload::Model) {
        let mut change = row.clone().into_active_model();
        change.expires_at = Set(Utc::now() - chrono::Duration::minutes(16));
        change.update(self.platform.database.connection()).await.unwrap();
    }

    async fn rows(&self) -> usize {
        let rows = upload::Entity::find().all(self.platform.database.connection());
        rows.await.unwrap().len()
    }
}

#[tokio::test]
async fn a_form_becomes_a_dataset_without_a_copy() {
    let server = Server::start().await;
    let home = home_with(&server).await;
    let row = home.create(8).await;
    assert_eq!(row.method, Method::PostForm);
    assert_eq!(home.complete(&row).await, Outcome::WrongSize(0));
    let form = uploads::form(&home.platform, &row).await.unwrap();
    assert!(form.fields.iter().all(|field| !field.1.contains("csv")));
    assert!(!format!("{form:?}").contains("Signature"));
    assert_eq!(post(&form.url, &form.fields, b"a,b\n1,2\n").await, 204);
    let progress = uploads::progress(&home.platform, &row).await.unwrap();
    assert_eq!(progress.received_bytes, 8);
    let Outcome::Dataset(dataset) = home.complete(&row).await else {
        panic!("no dataset");
    };
    let key = Key::parse(&dataset.source_key).unwrap();
    assert_eq!((dataset.id, dataset.size_bytes), (row.id, 8));
    assert_eq!(home.complete(&row).await, Outcome::Gone);
    assert!(
        uploads::find_open(&home.platform, home.viewer, row.id)
            .await
            .unwrap()
            .is_none()
    );
    // Whoever first reads it tells what it is.
    let copy = home.folder.path().join("copy");
    home.platform.artifacts.copy_to(&key, &copy).await.unwrap();
    datasets::note_hash(&home.platform, &key, &copy).await.unwrap();
    let connection = home.platform.database.connection();
    let file = artifact::Entity::find().one(connection).await.unwrap().unwrap();
    assert_eq!(file.sha256, crate::artifacts::sha256_of(&copy).await.unwrap());
    // The sweep of the finished upload leaves the bytes to the dataset.
    home.expire(&upload::Model {
        state: State::Completed,
        ..row
    })
    .await;
    assert_eq!(uploads::sweep(&home.platform, Utc::now()).await.unwrap(), 1);
    assert!(home.platform.artifacts.get(&key).await.is_ok());
    datasets::delete(&home.platform, dataset.id).await.unwrap();
    assert!(matches!(
        home.platform.artifacts.get(&key).await,
        Err(Error::NoArtifact(_))
    ));
}

#[tokio::test]
async fn parts_are_taken_up_again_and_become_a_dataset() {
    let server = Server::start().await;
    let home = home_with(&server).await;
    let size = FORM_LIMIT_BYTES + 1;
    let row = home.create(size).await;
    assert_eq!((row.method, uploads::part_size(&row)), (Method::Parts, 16 << 20));
    let links = uploads::part_links(&home.platform, &row, &[5, 1]).await.unwrap();
    assert_eq!((links[0].number, links[0].size_bytes), (5, 1));
    for wrong in [vec![0], vec![6], vec![-1], vec![1; 101]] {
        let refused = uploads::part_links(&home.platform, &row, &wrong).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{wrong:?}");
    }
    assert!(matches!(
        uploads::form(&home.platform, &row).await,
        Err(Error::Conflict(_))
    ));
    assert_eq!(put(&links[0].url, vec![b'\n']).await, 200);
    assert_eq!(put(&links[1].url, vec![b'a'; 16 << 20]).await, 200);
    // Another process, later, finds what is there.
    let row = uploads::find_open(&home.platform, home.viewer, row.id)
        .await
        .unwrap()
        .unwrap();
    let progress = uploads::progress(&home.platform, &row).await.unwrap();
    let there: Vec<i32> = progress.parts.iter().map(|part| part.number).collect();
    assert_eq!((progress.received_bytes, there), ((16 << 20) + 1, vec![1, 5]));
    assert_eq!(home.complete(&row).await, Outcome::WrongSize((16 << 20) + 1));
    for link in uploads::part_links(&home.platform, &row, &[2, 3, 4])
        .await
        .unwrap()
    {
        assert_eq!(put(&link.url, vec![b'a'; 16 << 20]).await, 200);
    }
    let Outcome::Dataset(dataset) = home.complete(&row).await else {
        panic!("no dataset");
    };
    assert_eq!(dataset.size_bytes.unsigned_abs(), size);
    assert_eq!(
        std::fs::metadata(server.file(&Key::source(row.id)))
            .unwrap()
            .len(),
        size
    );
    assert_eq!(server.parts(), 0);
}

#[tokio::test]
async fn expired_uploads_leave_nothing_in_either_form() {
    let server = Server::start().await;
    let (folder, bucket) = (home().await, home_with(&server).await);
    let patched = folder.create(3).await;
    assert_eq!(patched.method, Method::Patch);
    std::fs::write(folder.platform.upload_path(patched.id), "abc").unwrap();
    let form = bucket.create(3).await;
    let signed = uploads::form(&bucket.platform, &form).await.unwrap();
    assert_eq!(post(&signed.url, &signed.fields, b"abc").await, 204);
    let parts = bucket.create(FORM_LIMIT_BYTES + 1).await;
    let links = uploads::part_links(&bucket.platform, &parts, &[5]).await.unwrap();
    assert_eq!(put(&links[0].url, vec![0]).await, 200);
    assert_eq!(server.parts(), 1);
    for home in [&folder, &bucket] {
        assert_eq!(uploads::sweep(&home.platform, Utc::now()).await.unwrap(), 0);
    }
    folder.expire(&patched).await;
    bucket.expire(&form).await;
    bucket.expire(&parts).await;
    // A sweep that was killed between its two steps has marked the row.
    let mut marked = form.clone().into_active_model();
    marked.state = Set(State::Expired);
    marked
        .update(bucket.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(uploads::sweep(&folder.platform, Utc::now()).await.unwrap(), 1);
    assert_eq!(uploads::sweep(&bucket.platform, Utc::now()).await.unwrap(), 2);
    assert!(!folder.platform.upload_path(patched.id).exists());
    assert!(!server.file(&Key::source(form.id)).exists());
    assert_eq!(server.parts(), 0);
    assert_eq!((folder.rows().await, bucket.rows().await), (0, 0));
}

#[tokio::test]
async fn a_cancelled_upload_is_refused_at_once() {
    let home = home().await;
    let row = home.create(3).await;
    uploads::cancel(&home.platform, &row).await.unwrap();
    let found = uploads::find_open(&home.platform, home.viewer, row.id)
        .await
        .unwrap();
    assert!(found.is_none());
}
