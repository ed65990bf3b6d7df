//! Files on their way in: through this server by offset, or straight to the bucket in one form or in parts.
//!
//! An upload to the bucket lands where the dataset's source will be: the dataset takes the upload's id, and no byte is copied.

mod sweep;

use std::time::Duration;

use chrono::{DateTime, Utc};
use entities::upload::{self, Method, State};
use entities::{Viewer, dataset};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use crate::artifacts::direct::{Form, Part, Transfer};
use crate::artifacts::{self, DirectUploads, Key, Stored};
use crate::database::now;
use crate::datasets::{self, NewDataset};
use crate::idempotency::{self, Request};
use crate::{Error, Platform, quotas};

pub use sweep::sweep;

/// How long an upload may take.
pub const LIFE: Duration = Duration::from_secs(24 * 3600);
/// Up to this size a file goes to the bucket in one form.
pub const FORM_LIMIT_BYTES: u64 = 64 << 20;
/// How long a form or the link to a part is good.
pub const LINK_LIFE: Duration = Duration::from_secs(15 * 60);
/// Links to parts that are signed at a time.
pub const LINKS_AT_A_TIME: usize = 100;

/// A file to announce.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Owner.
    pub user_id: Uuid,
    /// Name the user gave it.
    pub file_name: String,
    /// Its size; more than nothing.
    pub size_bytes: u64,
}

/// How far an upload is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are there.
    pub received_bytes: u64,
    /// Parts that are there whole.
    pub parts: Vec<Part>,
}

/// A signed link to which one part is put.
#[derive(Clone, PartialEq, Eq)]
pub struct PartLink {
    /// From 1.
    pub number: i32,
    /// Where to put it.
    pub url: String,
    /// Exactly so many bytes.
    pub size_bytes: u64,
}

/// What became of an upload that was said to be complete.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A dataset that is being read.
    Dataset(Box<dataset::Model>),
    /// Bytes are missing, or there are too many; so many are there.
    WrongSize(u64),
    /// It is not open any more.
    Gone,
}

/// Announces a file, unless the request was answered before: then it gives that answer.
///
/// # Errors
/// When the database or the bucket refuses; `Gone` when the upload of the former answer is not there any more, `KeyReused`.
pub async fn create(
    platform: &Platform,
    new: NewUpload,
    request: Option<&Request>,
) -> Result<upload::Model, Error> {
    let created_at = now();
    let row = upload::Model {
        id: Uuid::now_v7(),
        user_id: new.user_id,
        file_name: new.file_name,
        size_bytes: signed(new.size_bytes),
        received_bytes: 0,
        state: State::Open,
        created_at,
        expires_at: created_at + LIFE,
        method: match platform.artifacts.direct() {
            None => Method::Patch,
            Some(_) if new.size_bytes <= FORM_LIMIT_BYTES => Method::PostForm,
            Some(_) => Method::Parts,
        },
        transfer: None,
    };
    let transaction = platform.database.begin().await?;
    let row = match idempotency::claim(&transaction, request, row.id).await? {
        Some(answer) => {
            let answered = upload::Entity::find_by_id(answer).one(&transaction).await?;
            answered.ok_or(Error::Gone)?
        }
        None => {
            let size = new.size_bytes;
            quotas::admit_bytes(&transaction, &platform.settings, new.user_id, size, created_at).await?;
            row.into_active_model().insert(&transaction).await?
        }
    };
    // The row first: what the bucket begins is then found by the sweep, whatever happens in between.
    transaction.commit().await?;
    let (Method::Parts, None, Some(direct)) = (row.method, &row.transfer, platform.artifacts.direct()) else {
        return Ok(row);
    };
    let transfer = direct.begin(&Key::source(row.id)).await?;
    let mut change = row.into_active_model();
    change.transfer = Set(Some(transfer));
    Ok(change.update(platform.database.connection()).await?)
}

/// The viewer's upload of that id that still takes bytes.
///
/// # Errors
/// When the database refuses.
pub async fn find_open(
    platform: &Platform,
    viewer: Viewer,
    id: Uuid,
) -> Result<Option<upload::Model>, Error> {
    let query = upload::Entity::find_for(viewer)
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::State.eq(State::Open))
        .filter(upload::Column::ExpiresAt.gt(now()));
    Ok(query.one(platform.database.connection()).await?)
}

/// Asks whoever holds the bytes how many there are.
///
/// # Errors
/// When the bucket cannot be asked.
pub async fn progress(platform: &Platform, row: &upload::Model) -> Result<Progress, Error> {
    let key = Key::source(row.id);
    match row.method {
        Method::Patch => Ok(Progress {
            received_bytes: row.received_bytes.unsigned_abs(),
            parts: Vec::new(),
        }),
        Method::PostForm => Ok(Progress {
            received_bytes: direct(platform)?.size(&key).await?.unwrap_or_default(),
            parts: Vec::new(),
        }),
        Method::Parts => parts_there(direct(platform)?, row).await,
    }
}

/// A fresh form for an upload by form.
///
/// # Errors
/// `Conflict` when it comes in another way.
pub async fn form(platform: &Platform, row: &upload::Model) -> Result<Form, Error> {
    if row.method != Method::PostForm {
        return Err(Error::Conflict("this upload is not sent in a form".to_owned()));
    }
    let at = now();
    direct(platform)?
        .form(
            &Key::source(row.id),
            row.size_bytes.unsigned_abs(),
            at,
            link_life(row, at),
        )
        .await
}

/// Signed links to parts.
///
/// # Errors
/// `Conflict`, in words for people, when it is not sent in parts, or there are too many numbers or wrong ones.
pub async fn part_links(
    platform: &Platform,
    row: &upload::Model,
    numbers: &[i32],
) -> Result<Vec<PartLink>, Error> {
    let id = transfer_of(row)?;
    if numbers.len() > LINKS_AT_A_TIME {
        return Err(Error::Conflict(format!(
            "ask for at most {LINKS_AT_A_TIME} parts at a time"
        )));
    }
    let direct = direct(platform)?;
    let key = Key::source(row.id);
    let valid = link_life(row, now());
    let mut links = Vec::with_capacity(numbers.len());
    for &number in numbers {
        let size_bytes = size_of_part(row, number).ok_or_else(|| {
            Error::Conflict(format!(
                "there is no part {number}: they are numbered from 1 to {}",
                part_count(row)
            ))
        })?;
        let transfer = Transfer { key: &key, id };
        let url = direct.part_link(transfer, number, size_bytes, valid).await?;
        links.push(PartLink {
            number,
            url,
            size_bytes,
        });
    }
    Ok(links)
}

/// Makes a dataset of an upload whose bytes are all there, unless the request was answered before: then it gives that answer.
///
/// # Errors
/// When the database or the store refuses; `KeyReused`.
pub async fn complete(
    platform: &Platform,
    row: &upload::Model,
    name: String,
    format: Option<dataset::Format>,
    request: Option<&Request>,
) -> Result<Outcome, Error> {
    let new = NewDataset {
        user_id: row.user_id,
        name,
        file_name: row.file_name.clone(),
        upload_id: Some(row.id),
        format,
    };
    let made = match row.method {
        Method::Patch => {
            if row.received_bytes != row.size_bytes {
                return Ok(Outcome::WrongSize(row.received_bytes.unsigned_abs()));
            }
            let file = platform.upload_path(row.id);
            let made = datasets::create_once(platform, new, &file, request).await;
            if made.is_ok() {
                // A left-over costs space only, and the sweep looks for it once more.
                let _ = tokio::fs::remove_file(&file).await;
            }
            made
        }
        Method::PostForm | Method::Parts => {
            let size = arrived(platform, row).await?;
            if size != row.size_bytes.unsigned_abs() {
                return Ok(Outcome::WrongSize(size));
            }
            let stored = Stored {
                key: Key::source(row.id),
                size_bytes: size,
                // Known when a worker first reads it.
                sha256: String::new(),
            };
            datasets::adopt(platform, new, row.id, &stored, request).await
        }
    };
    match made {
        Ok(dataset) => Ok(Outcome::Dataset(Box::new(dataset))),
        Err(Error::Gone) => Ok(Outcome::Gone),
        Err(error) => Err(error),
    }
}

/// Gives an upload up: it is refused from now on, and the sweep removes its bytes.
///
/// # Errors
/// When the database refuses.
pub async fn cancel(platform: &Platform, row: &upload::Model) -> Result<(), Error> {
    let update = upload::Entity::update_many()
        .col_expr(upload::Column::ExpiresAt, Expr::value(now()))
        .filter(upload::Column::Id.eq(row.id))
        .filter(upload::Column::State.eq(State::Open));
    update.exec(platform.database.connection()).await?;
    Ok(())
}

/// Bytes of the object in the bucket, which is made of the parts first when they are all there.
pub(crate) async fn arrived(platform: &Platform, row: &upload::Model) -> Result<u64, Error> {
    let direct = direct(platform)?;
    let key = Key::source(row.id);
    let there = direct.size(&key).await?;
    // There is an object already when an earlier try got so far.
    let (Method::Parts, None) = (row.method, there) else {
        return Ok(there.unwrap_or_default());
    };
    let progress = parts_there(direct, row).await?;
    if progress.received_bytes != row.size_bytes.unsigned_abs() {
        return Ok(progress.received_bytes);
    }
    let id = transfer_of(row)?;
    match direct.finish(Transfer { key: &key, id }, &progress.parts).await {
        // Somebody else finished it just now.
        Ok(()) | Err(Error::Gone) => Ok(direct.size(&key).await?.unwrap_or_default()),
        Err(error) => Err(error),
    }
}

/// Parts that have the size they must have.
async fn parts_there(direct: &dyn DirectUploads, row: &upload::Model) -> Result<Progress, Error> {
    let key = Key::source(row.id);
    let id = transfer_of(row)?;
    let parts = match direct.parts(Transfer { key: &key, id }).await {
        // Finished already, or given up.
        Err(Error::Gone) => {
            return Ok(Progress {
                received_bytes: direct.size(&key).await?.unwrap_or_default(),
                parts: Vec::new(),
            });
        }
        parts => parts?,
    };
    let mut progress = Progress::default();
    for part in parts {
        if size_of_part(row, part.number) == Some(part.size_bytes) {
            progress.received_bytes += part.size_bytes;
            progress.parts.push(part);
        }
    }
    Ok(progress)
}

/// Bytes of every part but the last.
pub fn part_size(row: &upload::Model) -> u64 {
    artifacts::s3::part_bytes(row.size_bytes.unsigned_abs())
}

fn part_count(row: &upload::Model) -> u64 {
    row.size_bytes.unsigned_abs().div_ceil(part_size(row))
}

/// Bytes that a part must have; none when there is no such part.
fn size_of_part(row: &upload::Model, number: i32) -> Option<u64> {
    let index = u64::try_from(number).ok()?.checked_sub(1)?;
    let begin = index.checked_mul(part_size(row))?;
    let left = row.size_bytes.unsigned_abs().checked_sub(begin)?;
    (left > 0).then(|| left.min(part_size(row)))
}

fn transfer_of(row: &upload::Model) -> Result<&str, Error> {
    row.transfer
        .as_deref()
        .ok_or_else(|| Error::Conflict("this upload is not sent in parts".to_owned()))
}

/// Nothing that is signed outlives its upload.
fn link_life(row: &upload::Model, now: DateTime<Utc>) -> Duration {
    let left = (row.expires_at - now).to_std().unwrap_or_default();
    LINK_LIFE.min(left).max(Duration::from_secs(1))
}

fn direct(platform: &Platform) -> Result<&dyn DirectUploads, Error> {
    platform.artifacts.direct().ok_or_else(|| {
        Error::Conflict("this upload began when files were kept in a bucket; begin a new one".to_owned())
    })
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
