//! Files on their way in.

use async_graphql::{Context, ID, InputObject, InputType, Object};
use entities::{Viewer, upload};
use platform::allowance::Subject;
use platform::datasets::NewDataset;
use platform::idempotency::{self, Request};
use platform::uploads::{self, NewUpload, Outcome};
use uuid::Uuid;

use super::dataset::{self, Dataset};
use super::file_format::FileFormatInput;
use super::id::{self, Noun};
use super::long::Long;
use super::once::{idempotent, settle_field};
use super::payload::{UserError, payload};
use super::server_info;
use super::upload_object::{Upload, UploadPartLink};
use crate::failure::Failure;
use crate::state::AppState;

/// Longest name of a file or dataset, in characters.
const MAX_NAME: usize = 200;

/// A file to upload.
#[derive(InputObject)]
pub struct CreateUploadInput {
    /// Its name; the ending helps to tell the format.
    file_name: String,
    /// Its size.
    size_bytes: Long,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day gives the same answer
    /// and no second upload.
    idempotency_key: Option<String>,
}

/// An upload whose bytes are all there.
#[derive(InputObject)]
pub struct CompleteUploadInput {
    /// The upload.
    upload_id: ID,
    /// Shown name of the dataset; made from the file name when absent.
    name: Option<String>,
    /// What is known of its format; found by looking at it when absent.
    format: Option<FileFormatInput>,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day gives the same answer
    /// and no second dataset.
    idempotency_key: Option<String>,
}

/// Parts that are to be sent.
#[derive(InputObject)]
pub struct SignUploadPartsInput {
    /// The upload; its method is PARTS.
    upload_id: ID,
    /// Numbers of parts, from 1; at most 100.
    part_numbers: Vec<i32>,
}

/// An upload that is given up.
#[derive(InputObject)]
pub struct CancelUploadInput {
    /// The upload.
    upload_id: ID,
}

/// A sample that comes with the server.
#[derive(InputObject)]
pub struct CreateSampleDatasetInput {
    /// One of `serverInfo.samples`.
    key: String,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day gives the same answer
    /// and no second dataset.
    idempotency_key: Option<String>,
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
    /// What `signUploadParts` answers.
    SignUploadPartsPayload {
        /// A link a part, in the order of the numbers.
        links: Vec<UploadPartLink>
    }
}
payload! {
    /// What `cancelUpload` answers.
    CancelUploadPayload {
        /// The upload that takes no bytes any more.
        cancelled_upload_id: ID
    }
}
payload! {
    /// What `createSampleDataset` answers.
    CreateSampleDatasetPayload {
        /// The dataset; it is PROFILING now.
        dataset: Dataset
    }
}

/// Uploads that are under way.
#[derive(Default)]
pub struct UploadQuery;

#[Object]
impl UploadQuery {
    /// An upload that still takes bytes, to go on with it; null when there is none of that id, or it is not the viewer's.
    async fn upload(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<Upload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let key = id::decode_as(&id, Noun::Upload)?;
        Ok(find_open(state, viewer, key).await?.map(Upload::from))
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

    /// Signs links for parts of an upload by PARTS. Each takes exactly its part, for fifteen minutes.
    async fn sign_upload_parts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones.")] input: SignUploadPartsInput,
    ) -> Result<Option<SignUploadPartsPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        sign_parts(state, viewer, &input)
            .await
            .map(|outcome| Some(outcome.into()))
    }

    /// Gives an upload up; its bytes are removed.
    async fn cancel_upload(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CancelUploadInput,
    ) -> Result<Option<CancelUploadPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let key = id::decode_as(&input.upload_id, Noun::Upload)?;
        let Some(row) = find_open(state, viewer, key).await? else {
            return Ok(Some(Err(vec![no_open_upload()]).into()));
        };
        uploads::cancel(&state.platform, &row).await?;
        Ok(Some(Ok(input.upload_id).into()))
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
        let key = input.idempotency_key.as_deref();
        let request = match idempotent(viewer, "createSampleDataset", key, &input.to_value()) {
            Ok(request) => request,
            Err(errors) => return Ok(Some(Err(errors).into())),
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
            format: None,
        };
        let created = platform::datasets::create_once(&state.platform, new, &file, request.as_ref()).await;
        remove(&file).await;
        let outcome = settle_field(created, "idempotencyKey", "dataset (any more)")?;
        Ok(Some(outcome.map(Dataset).into()))
    }
}

async fn create(
    state: &AppState,
    viewer: Viewer,
    input: &CreateUploadInput,
) -> Result<Result<upload::Model, Vec<UserError>>, Failure> {
    let key = input.idempotency_key.as_deref();
    let request = match idempotent(viewer, "createUpload", key, &input.to_value()) {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
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
    let size_bytes = input.size_bytes.0.unsigned_abs();
    let allowances = &state.platform.allowances;
    let taken = allowances.take(
        Subject::Uploads(viewer.user_id),
        size_bytes,
        platform::database::now(),
    );
    taken
        .await
        .map_err(|refused| Failure::rate_limited(refused, "bytes to upload"))?;
    let new = NewUpload {
        user_id: viewer.user_id,
        file_name,
        size_bytes,
    };
    let created = uploads::create(&state.platform, new, request.as_ref()).await;
    settle_field(created, "idempotencyKey", "upload (any more)")
}

async fn sign_parts(
    state: &AppState,
    viewer: Viewer,
    input: &SignUploadPartsInput,
) -> Result<Result<Vec<UploadPartLink>, Vec<UserError>>, Failure> {
    let key = id::decode_as(&input.upload_id, Noun::Upload)?;
    let Some(row) = find_open(state, viewer, key).await? else {
        return Ok(Err(vec![no_open_upload()]));
    };
    match uploads::part_links(&state.platform, &row, &input.part_numbers).await {
        Ok(links) => Ok(Ok(links.into_iter().map(UploadPartLink::from).collect())),
        Err(platform::Error::Conflict(message)) => {
            Ok(Err(vec![UserError::of("partNumbers", "UPLOAD_PARTS", message)]))
        }
        Err(cause) => Err(cause.into()),
    }
}

async fn complete(
    state: &AppState,
    viewer: Viewer,
    input: &CompleteUploadInput,
) -> Result<Result<entities::dataset::Model, Vec<UserError>>, Failure> {
    let request = match idempotent(
        viewer,
        "completeUpload",
        input.idempotency_key.as_deref(),
        &input.to_value(),
    ) {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
    // Before anything else: the upload is not open any more when it was answered before.
    if let Some(answered) = answered(state, viewer, request.as_ref()).await? {
        return Ok(answered);
    }
    let key = id::decode_as(&input.upload_id, Noun::Upload)?;
    let Some(row) = find_open(state, viewer, key).await? else {
        // It was completed between the two looks, by the same request perhaps.
        let answered = answered(state, viewer, request.as_ref()).await?;
        return Ok(answered.unwrap_or_else(|| Err(vec![no_open_upload()])));
    };
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
    let format = match input.format.as_ref().map(FileFormatInput::checked).transpose() {
        Ok(format) => format,
        Err(error) => return Ok(Err(vec![error])),
    };
    let outcome = uploads::complete(&state.platform, &row, name, format, request.as_ref()).await;
    if outcome.is_err()
        && let Some(answered) = answered(state, viewer, request.as_ref()).await?
    {
        // The same request was faster, or its commit was made and the answer to it was lost.
        return Ok(answered);
    }
    let outcome = settle_field(outcome, "uploadId", "open upload")?;
    Ok(outcome.and_then(|outcome| match outcome {
        Outcome::Dataset(dataset) => Ok(*dataset),
        Outcome::Gone => Err(vec![no_open_upload()]),
        Outcome::WrongSize(received) => Err(vec![wrong_size(received, row.size_bytes)]),
    }))
}

/// The dataset that answered the request before, if it was answered.
async fn answered(
    state: &AppState,
    viewer: Viewer,
    request: Option<&Request>,
) -> Result<Option<Result<entities::dataset::Model, Vec<UserError>>>, Failure> {
    let before = idempotency::answered(state.platform.database.connection(), request).await;
    let before = match settle_field(before, "idempotencyKey", "request")? {
        Ok(None) => return Ok(None),
        Ok(Some(answer)) => dataset::find(state, viewer, answer).await?,
        Err(errors) => return Ok(Some(Err(errors))),
    };
    let gone = || vec![UserError::not_found("idempotencyKey", "dataset (any more)")];
    Ok(Some(before.ok_or_else(gone)))
}

pub(super) fn wrong_size(received: u64, announced: i64) -> UserError {
    if received > announced.unsigned_abs() {
        let message =
            format!("{received} bytes have arrived, but {announced} were announced; upload the file again.");
        return UserError::of("uploadId", "UPLOAD_TOO_LARGE", message);
    }
    let message = format!("{received} of {announced} bytes have arrived; send the rest first.");
    UserError::of("uploadId", "UPLOAD_INCOMPLETE", message)
}

pub(super) fn no_open_upload() -> UserError {
    UserError::not_found("uploadId", "open upload")
}

/// The viewer's upload with that key that still takes bytes.
async fn find_open(state: &AppState, viewer: Viewer, key: Uuid) -> Result<Option<upload::Model>, Failure> {
    Ok(uploads::find_open(&state.platform, viewer, key).await?)
}

/// A left-over costs space only.
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
