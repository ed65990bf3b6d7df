//! Files on their way in.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Duration, Utc};
use entities::{Viewer, upload};
use platform::datasets::NewDataset;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::dataset::Dataset;
use super::id::{self, Noun};
use super::long::Long;
use super::payload::{UserError, payload};
use super::server_info;
use crate::failure::Failure;
use crate::state::AppState;

/// How long an upload may take.
const HOURS: i64 = 24;
/// Longest name of a file or dataset, in characters.
const MAX_NAME: usize = 200;

/// A resumable upload: send bytes with PATCH to `url`, header `Upload-Offset`; ask with HEAD how far it is.
#[derive(SimpleObject)]
pub struct Upload {
    /// Opaque id.
    pub id: ID,
    /// Where to send the bytes, relative to this server.
    pub url: String,
    /// Bytes stored so far.
    pub received_bytes: Long,
    /// Announced size.
    pub size_bytes: Long,
    /// From then on it is refused.
    pub expires_at: DateTime<Utc>,
}

impl From<upload::Model> for Upload {
    fn from(row: upload::Model) -> Self {
        Self {
            id: id::encode(Noun::Upload, row.id),
            url: format!("/v1/uploads/{}", row.id.simple()),
            received_bytes: Long(row.received_bytes),
            size_bytes: Long(row.size_bytes),
            expires_at: row.expires_at,
        }
    }
}

/// A file to upload.
#[derive(InputObject)]
pub struct CreateUploadInput {
    /// Its name; the ending helps to tell the format.
    file_name: String,
    /// Its size.
    size_bytes: Long,
}

/// An upload whose bytes are all there.
#[derive(InputObject)]
pub struct CompleteUploadInput {
    /// The upload.
    upload_id: ID,
    /// Shown name of the dataset; made from the file name when absent.
    name: Option<String>,
}

/// A sample that comes with the server.
#[derive(InputObject)]
pub struct CreateSampleDatasetInput {
    /// One of `serverInfo.samples`.
    key: String,
}

payload! {
    /// What `createUpload` answers.
    CreateUploadPayload {
        /// The upload.
        upload: Upload
    }
}
payload! {
    /// What `completeUpload` answers.
    CompleteUploadPayload {
        /// The dataset; it is PROFILING now.
        dataset: Dataset
    }
}
payload! {
    /// What `createSampleDataset` answers.
    CreateSampleDatasetPayload {
        /// The dataset; it is PROFILING now.
        dataset: Dataset
    }
}

/// Getting data in.
#[derive(Default)]
pub struct UploadMutation;

#[Object]
impl UploadMutation {
    /// Announces a file.
    async fn create_upload(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Name and size.")] input: CreateUploadInput,
    ) -> Result<Option<CreateUploadPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        create(state, viewer, &input)
            .await
            .map(|outcome| Some(outcome.map(Upload::from).into()))
    }

    /// Makes a dataset of an upload whose bytes are all there, and begins to read it.
    async fn complete_upload(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CompleteUploadInput,
    ) -> Result<Option<CompleteUploadPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        complete(state, viewer, &input)
            .await
            .map(|outcome| Some(outcome.map(Dataset).into()))
    }

    /// Makes a dataset of a sample.
    async fn create_sample_dataset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CreateSampleDatasetInput,
    ) -> Result<Option<CreateSampleDatasetPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let Some(sample) = server_info::sample(&input.key) else {
            let error = UserError::of(
                "key",
                "SAMPLE_NOT_FOUND",
                "There is no such sample; see serverInfo.samples.",
            );
            return Ok(Some(Err(vec![error]).into()));
        };
        let file = state.platform.upload_path(Uuid::now_v7());
        tokio::fs::write(&file, sample.bytes)
            .await
            .map_err(Failure::internal)?;
        let new = NewDataset {
            user_id: viewer.user_id,
            name: sample.title.to_owned(),
            file_name: sample.file_name.to_owned(),
            upload_id: None,
        };
        let created = platform::datasets::create(&state.platform, new, &file).await;
        remove(&file).await;
        let row = created.map_err(Failure::internal)?;
        Ok(Some(Ok(Dataset(row)).into()))
    }
}

async fn create(
    state: &AppState,
    viewer: Viewer,
    input: &CreateUploadInput,
) -> Result<Result<upload::Model, Vec<UserError>>, Failure> {
    let limit = state.platform.settings.upload_limit_bytes;
    let mut errors = Vec::new();
    let file_name = file_name(&input.file_name);
    if file_name.is_none() {
        let message = format!("The file needs a name of 1 to {MAX_NAME} characters.");
        errors.push(UserError::of("fileName", "FILE_NAME", message));
    }
    match u64::try_from(input.size_bytes.0) {
        Ok(0) | Err(_) => errors.push(UserError::of("sizeBytes", "FILE_EMPTY", "The file is empty.")),
        Ok(size) if size > limit => {
            let message = format!("The file has {size} bytes; at most {limit} are accepted.");
            errors.push(UserError::of("sizeBytes", "FILE_TOO_LARGE", message));
        }
        Ok(_) => {}
    }
    let Some(file_name) = file_name.filter(|_| errors.is_empty()) else {
        return Ok(Err(errors));
    };
    let now = platform::database::now();
    let row = upload::Model {
        id: Uuid::now_v7(),
        user_id: viewer.user_id,
        file_name,
        size_bytes: input.size_bytes.0,
        received_bytes: 0,
        state: upload::State::Open,
        created_at: now,
        expires_at: now + Duration::hours(HOURS),
    };
    Ok(Ok(row
        .into_active_model()
        .insert(state.platform.database.connection())
        .await?))
}

async fn complete(
    state: &AppState,
    viewer: Viewer,
    input: &CompleteUploadInput,
) -> Result<Result<entities::dataset::Model, Vec<UserError>>, Failure> {
    let key = id::decode_as(&input.upload_id, Noun::Upload)?;
    let Some(row) = find_open(state, viewer, key).await? else {
        return Ok(Err(vec![UserError::not_found("uploadId", "open upload")]));
    };
    if row.received_bytes != row.size_bytes {
        let message = format!(
            "{} of {} bytes have arrived; send the rest first.",
            row.received_bytes, row.size_bytes
        );
        return Ok(Err(vec![UserError::of("uploadId", "UPLOAD_INCOMPLETE", message)]));
    }
    let name = input
        .name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let name = name
        .unwrap_or_else(|| stem(&row.file_name))
        .chars()
        .take(MAX_NAME)
        .collect();
    let new = NewDataset {
        user_id: viewer.user_id,
        name,
        file_name: row.file_name.clone(),
        upload_id: Some(key),
    };
    let file = state.platform.upload_path(key);
    match platform::datasets::create(&state.platform, new, &file).await {
        Ok(dataset) => {
            remove(&file).await;
            Ok(Ok(dataset))
        }
        Err(platform::Error::Gone) => Ok(Err(vec![UserError::not_found("uploadId", "open upload")])),
        Err(cause) => Err(Failure::internal(cause)),
    }
}

/// The viewer's upload with that key that still takes bytes.
pub async fn find_open(
    state: &AppState,
    viewer: Viewer,
    key: Uuid,
) -> Result<Option<upload::Model>, Failure> {
    let query = upload::Entity::find_for(viewer)
        .filter(upload::Column::Id.eq(key))
        .filter(upload::Column::State.eq(upload::State::Open))
        .filter(upload::Column::ExpiresAt.gt(platform::database::now()));
    Ok(query.one(state.platform.database.connection()).await?)
}

/// A left-over costs space only; the folder is emptied of expired uploads elsewhere.
async fn remove(file: &std::path::Path) {
    if let Err(error) = tokio::fs::remove_file(file).await {
        tracing::warn!(file = %file.display(), %error, "the uploaded file could not be removed");
    }
}

/// The last part of a path in either notation, without control characters.
fn file_name(text: &str) -> Option<String> {
    let last = text.rsplit(['/', '\\']).next()?;
    let name: String = last.chars().filter(|character| !character.is_control()).collect();
    let name = name.trim();
    let good = !name.is_empty() && name != "." && name != ".." && name.chars().count() <= MAX_NAME;
    good.then(|| name.to_owned())
}

/// The name without its endings: `flights.csv.gz` is `flights`.
fn stem(file_name: &str) -> &str {
    let packed = [".gz", ".zst"]
        .iter()
        .find_map(|ending| file_name.strip_suffix(ending));
    let file_name = packed.unwrap_or(file_name);
    match file_name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 7 => stem,
        _ => file_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_folders_and_control_characters() {
        for (text, expected) in [
            ("a.csv", Some("a.csv")),
            ("C:\\data\\a b.csv", Some("a b.csv")),
            ("../../etc/passwd", Some("passwd")),
            ("a\r\nb.csv", Some("ab.csv")),
            ("", None),
            ("..", None),
            ("a/", None),
        ] {
            assert_eq!(file_name(text).as_deref(), expected, "{text:?}");
        }
        assert!(file_name(&"x".repeat(201)).is_none());
    }

    #[test]
    fn stems_lose_their_endings() {
        for (name, expected) in [
            ("flights.csv.gz", "flights"),
            ("a", "a"),
            (".csv", ".csv"),
            ("v1.2 data.csv", "v1.2 data"),
        ] {
            assert_eq!(stem(name), expected);
        }
    }
}
