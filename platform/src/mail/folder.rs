//! Mail as files: one `.eml` a message, which any mail program opens.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{Mail, Message, MessageId, Quota, SendError};
use crate::Error;

/// Who such mail is from.
const FROM: &str = "AutoML Lite <automl@localhost>";

/// An outbox folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens it, and makes it where it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        tokio::fs::create_dir_all(path)
            .await
            .map_err(|error| Error::file(path, error))?;
        Ok(Self {
            path: path.to_owned(),
        })
    }
}

#[async_trait]
impl Mail for Folder {
    async fn send(&self, message: &Message) -> Result<MessageId, SendError> {
        let name = format!("{}.eml", message.reference);
        let target = self.path.join(&name);
        let beside = self.path.join(format!(".{name}.part"));
        // The error names no path: people see it.
        let failed =
            |error: std::io::Error| SendError::Temporary(format!("writing the file: {}", error.kind()));
        tokio::fs::write(&beside, message.to_mime(FROM))
            .await
            .map_err(failed)?;
        tokio::fs::rename(&beside, &target).await.map_err(failed)?;
        Ok(MessageId(name))
    }

    async fn quota(&self) -> Result<Quota, SendError> {
        Ok(Quota {
            per_second: 1000.0,
            left_today: None,
        })
    }

    /// The same message is the same file.
    fn is_idempotent(&self) -> bool {
        true
    }
}
