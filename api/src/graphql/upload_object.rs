//! An upload as clients see it: what to send where, and how far it is.

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject};
use chrono::{DateTime, Utc};
use entities::upload;
use platform::artifacts::direct::Form;
use platform::uploads::{self, PartLink, Progress};
use tokio::sync::OnceCell;

use super::id::{self, Noun};
use super::long::Long;
use super::object::object;
use crate::failure::Failure;
use crate::state::AppState;

/// How the bytes of an upload are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UploadMethod {
    /// With PATCH to `url` on this server, header `Upload-Offset`; HEAD says how far it is.
    Patch,
    /// With one POST of a multipart form to `url`: `formFields` in their order, then the file as `file`.
    PostForm,
    /// With a PUT of each part to a link from `signUploadParts`.
    Parts,
}

/// A field of a form.
#[derive(SimpleObject)]
pub struct FormField {
    /// Its name.
    name: String,
    /// Its value, to be sent as it is.
    value: String,
}

/// A part that has arrived whole.
#[derive(SimpleObject)]
pub struct UploadPart {
    /// From 1.
    number: i32,
    /// Its size.
    size_bytes: Long,
}

/// Where to put one part.
#[derive(SimpleObject)]
pub struct UploadPartLink {
    /// From 1.
    number: i32,
    /// PUT the part there, without further headers; good for fifteen minutes.
    url: String,
    /// Its size: exactly so many bytes are taken.
    size_bytes: Long,
}

impl From<PartLink> for UploadPartLink {
    fn from(link: PartLink) -> Self {
        Self {
            number: link.number,
            url: link.url,
            size_bytes: long(link.size_bytes),
        }
    }
}

/// A file on its way in.
pub struct Upload {
    row: upload::Model,
    /// Asked of the bucket at most once a request.
    progress: OnceCell<Progress>,
    form: OnceCell<Form>,
}

impl From<upload::Model> for Upload {
    fn from(row: upload::Model) -> Self {
        Self {
            row,
            progress: OnceCell::new(),
            form: OnceCell::new(),
        }
    }
}

object! {
    /// A file on its way in. `method` says how to send it; all three can be taken up again after a break.
    Upload
}

#[ComplexObject]
impl Upload {
    /// Opaque id.
    async fn id(&self) -> ID {
        id::encode(Noun::Upload, self.row.id)
    }

    /// How to send the bytes.
    async fn method(&self) -> UploadMethod {
        match self.row.method {
            upload::Method::Patch => UploadMethod::Patch,
            upload::Method::PostForm => UploadMethod::PostForm,
            upload::Method::Parts => UploadMethod::Parts,
        }
    }

    /// Where to send them: a path of this server for PATCH, an address elsewhere for POST_FORM, null for PARTS.
    async fn url(&self, context: &Context<'_>) -> Result<Option<String>, Failure> {
        match self.row.method {
            upload::Method::Patch => Ok(Some(format!("/v1/uploads/{}", self.row.id.simple()))),
            upload::Method::PostForm => Ok(Some(self.form(context).await?.url.clone())),
            upload::Method::Parts => Ok(None),
        }
    }

    /// Fields of the form for POST_FORM, signed at the time of asking and good for fifteen minutes; empty otherwise.
    async fn form_fields(&self, context: &Context<'_>) -> Result<Vec<FormField>, Failure> {
        if self.row.method != upload::Method::PostForm {
            return Ok(Vec::new());
        }
        let fields = self.form(context).await?.fields.iter();
        let field = |(name, value): &(String, String)| FormField {
            name: name.clone(),
            value: value.clone(),
        };
        Ok(fields.map(field).collect())
    }

    /// Size of every part but the last for PARTS; null otherwise.
    async fn part_size_bytes(&self) -> Option<Long> {
        let is_in_parts = self.row.method == upload::Method::Parts;
        is_in_parts.then(|| long(uploads::part_size(&self.row)))
    }

    /// Parts that have arrived, for PARTS; empty otherwise.
    async fn parts(&self, context: &Context<'_>) -> Result<Vec<UploadPart>, Failure> {
        let parts = self.progress(context).await?.parts.iter();
        let part = |part: &platform::artifacts::direct::Part| UploadPart {
            number: part.number,
            size_bytes: long(part.size_bytes),
        };
        Ok(parts.map(part).collect())
    }

    /// Bytes stored so far.
    async fn received_bytes(&self, context: &Context<'_>) -> Result<Long, Failure> {
        Ok(long(self.progress(context).await?.received_bytes))
    }

    /// Announced size.
    async fn size_bytes(&self) -> Long {
        Long(self.row.size_bytes)
    }

    /// From then on it is refused.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.row.expires_at
    }
}

impl Upload {
    async fn progress(&self, context: &Context<'_>) -> Result<&Progress, Failure> {
        let platform = &context.data_unchecked::<AppState>().platform;
        let ask = || uploads::progress(platform, &self.row);
        Ok(self.progress.get_or_try_init(ask).await?)
    }

    async fn form(&self, context: &Context<'_>) -> Result<&Form, Failure> {
        let platform = &context.data_unchecked::<AppState>().platform;
        let ask = || uploads::form(platform, &self.row);
        Ok(self.form.get_or_try_init(ask).await?)
    }
}

fn long(bytes: u64) -> Long {
    Long(i64::try_from(bytes).unwrap_or(i64::MAX))
}
