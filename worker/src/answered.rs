//! What a child has answered, on its way into the store and the database. It lies in a folder of its own, so that the child can
//! go on with something else.

use std::path::Path;

use platform::Error;
use platform::lifeline::Guard;
use serde_json::Value;
use tempfile::TempDir;

use crate::settle;
use crate::tasks::{Files, Held, OUT, Output, Task};

/// An answer and its files.
#[derive(Debug)]
pub struct Answered {
    answer: Value,
    outputs: &'static [Output],
    folder: TempDir,
}

impl Answered {
    /// Takes the files out of the child's folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn take(
        answer: Value,
        outputs: &'static [Output],
        child: &Path,
        scratch: &Path,
    ) -> Result<Self, Error> {
        let made = tempfile::Builder::new().prefix("result-").tempdir_in(scratch);
        let folder = made.map_err(|error| Error::file(scratch, error))?;
        let out = child.join(OUT);
        tokio::fs::rename(&out, folder.path().join(OUT))
            .await
            .map_err(|error| Error::file(&out, error))?;
        Ok(Self {
            answer,
            outputs,
            folder,
        })
    }

    /// Stores the files and records the result.
    ///
    /// # Errors
    /// `Lost` when the task is somebody else's now; when the store or the database refuses.
    pub async fn settle(self, task: &dyn Task, held: Held<'_>, guard: &Guard) -> Result<(), Error> {
        let folder = self.folder.path().join(OUT);
        let files = guard.during(Files::store(held, self.outputs, &folder)).await?;
        settle::insist(held, guard, || settle::answer(task, held, &self.answer, &files)).await
    }
}
