//! The files of the datasets of version 1, in a folder or a bucket: `datasets/ID/NAME`. Names are somebody's: they are compared,
//! and never made part of a path.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use uuid::Uuid;

use super::Import;
use super::bucket::Bucket;
use super::items::Dataset;
use crate::artifacts::{self, Key, Stored};
use crate::{Error, Platform, Settings};

/// Files of one dataset that are looked at.
const MOST_FILES: usize = 1_000;
/// Folders in folders: version 1 took file names with slashes.
const DEEPEST: usize = 4;

/// Where the files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A copy of the bucket.
    Folder(PathBuf),
    /// The bucket itself.
    Bucket {
        /// Its name.
        name: String,
        /// What its keys begin with, with a slash at the end, or empty.
        prefix: String,
    },
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return match text.is_empty() || text.starts_with("s3:") || text.contains("://") {
                true => Err("name a folder, or s3://BUCKET/PREFIX".to_owned()),
                false => Ok(Self::Folder(PathBuf::from(text))),
            };
        };
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if !(3..=63).contains(&name.len()) || !name.bytes().all(plain) {
            return Err("the name of a bucket has 3 to 63 of a-z, 0-9, dots and hyphens".to_owned());
        }
        let prefix = prefix.trim_matches('/');
        Ok(Self::Bucket {
            name: name.to_owned(),
            prefix: match prefix.is_empty() {
                true => String::new(),
                false => format!("{prefix}/"),
            },
        })
    }
}

/// A file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The last part of its path or key.
    pub name: String,
    /// Its path, or its key.
    pub at: String,
    /// Its size.
    pub size_bytes: u64,
}

/// The files, to be looked for.
#[derive(Debug)]
pub enum Files {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket.
    Bucket(Bucket),
}

impl Files {
    /// Opens them.
    ///
    /// # Errors
    /// When the folder is none, or there is no way to the bucket.
    pub async fn open(settings: &Settings, import: &Import) -> Result<Self, Error> {
        match &import.files {
            Source::Folder(folder) => match fs::metadata(folder) {
                Ok(metadata) if metadata.is_dir() => Ok(Self::Folder(folder.clone())),
                Ok(_) => Err(Error::file(folder, io::ErrorKind::NotADirectory.into())),
                Err(error) => Err(Error::file(folder, error)),
            },
            Source::Bucket { name, prefix } => Ok(Self::Bucket(
                Bucket::open(settings, name, prefix, import.region.clone()).await?,
            )),
        }
    }

    /// The file of a dataset, or why there is none.
    ///
    /// # Errors
    /// When the bucket cannot be asked.
    pub async fn find(&self, dataset: &Dataset) -> Result<Result<Found, String>, Error> {
        // The bucket, or what is below `datasets` in it.
        for below in [format!("datasets/{}", dataset.id), dataset.id.clone()] {
            let found = match self {
                Self::Folder(folder) => match files_below(&folder.join(&below)) {
                    Ok(found) => found,
                    Err(error) => return Ok(Err(format!("its folder {below} cannot be read: {error}"))),
                },
                Self::Bucket(bucket) => bucket.list(&format!("{below}/"), MOST_FILES).await?,
            };
            if !found.is_empty() {
                return Ok(choose(found, &dataset.file_name));
            }
        }
        Ok(Err(format!("there is no file in datasets/{}", dataset.id)))
    }

    /// Copies a file into the own store, or says why not.
    ///
    /// # Errors
    /// When one of the stores fails.
    pub async fn store(
        &self,
        platform: &Platform,
        found: &Found,
        id: Uuid,
    ) -> Result<Result<Stored, String>, Error> {
        let stored = match self {
            Self::Folder(_) => {
                let path = Path::new(&found.at);
                if let Err(error) = fs::File::open(path) {
                    return Ok(Err(format!("its file cannot be read: {error}")));
                }
                platform.artifacts.put_file(&Key::source(id), path).await?
            }
            Self::Bucket(bucket) => {
                let copy = platform
                    .settings
                    .scratch()
                    .join(format!("import-{}", Uuid::new_v4().simple()));
                let stored = match bucket.copy(found, &copy).await {
                    Ok(()) => platform.artifacts.put_file(&Key::source(id), &copy).await,
                    Err(error) => Err(error),
                };
                // A left-over costs space only.
                let _ = tokio::fs::remove_file(&copy).await;
                stored?
            }
        };
        if stored.size_bytes == found.size_bytes {
            return Ok(Ok(stored));
        }
        platform
            .artifacts
            .remove_prefix(&artifacts::dataset_prefix(id))
            .await?;
        Ok(Err("its file changed while it was being copied".to_owned()))
    }
}

/// Version 1 has one file a dataset, but nothing there makes sure of it.
fn choose(mut found: Vec<Found>, file_name: &str) -> Result<Found, String> {
    let named = found.iter().position(|file| file.name == file_name);
    match (named, found.len()) {
        (Some(place), _) => Ok(found.swap_remove(place)),
        (None, 1) => Ok(found.swap_remove(0)),
        (None, several) => Err(format!(
            "there are {several} files for it, and none has the name of the table"
        )),
    }
}

/// Plain files below a folder; no link is followed out of it. None when there is no such folder.
fn files_below(folder: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), DEEPEST)];
    while let Some((folder, depth)) = open.pop() {
        let entries = match fs::symlink_metadata(&folder) {
            Ok(metadata) if metadata.is_dir() => fs::read_dir(&folder)?,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => continue,
        };
        for entry in entries {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_dir() && depth > 0 {
                open.push((entry.path(), depth - 1));
            } else if metadata.is_file() && found.len() < MOST_FILES {
                // What is not UTF-8 was never a key of the bucket.
                let (Ok(name), Some(at)) = (
                    entry.file_name().into_string(),
                    entry.path().to_str().map(ToOwned::to_owned),
                ) else {
                    continue;
                };
                found.push(Found {
                    name,
                    at,
                    size_bytes: metadata.len(),
                });
            }
        }
    }
    found.sort_by(|one, other| one.at.cmp(&other.at));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_folders_and_buckets() {
        let bucket = |name: &str, prefix: &str| Source::Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
        };
        for (text, expected) in [
            ("a/b", Source::Folder(PathBuf::from("a/b"))),
            ("s3://automl-datasets", bucket("automl-datasets", "")),
            ("s3://automl-datasets/", bucket("automl-datasets", "")),
            ("s3://b.c/x/y/", bucket("b.c", "x/y/")),
        ] {
            assert_eq!(text.parse::<Source>(), Ok(expected), "{text}");
        }
        for text in ["", "https://b", "s3:/b", "s3://", "s3://A", "s3://a b/c"] {
            assert!(text.parse::<Source>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_named_file_is_taken_and_no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("d");
        fs::create_dir_all(inside.join("deep")).unwrap();
        fs::write(inside.join("b.csv"), "12").unwrap();
        fs::write(inside.join("deep/a.csv"), "1").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", inside.join("c.csv")).unwrap();
        let found = files_below(&inside).unwrap();
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["b.csv", "a.csv"]);
        assert_eq!(choose(found.clone(), "a.csv").unwrap().size_bytes, 1);
        assert!(choose(found.clone(), "c.csv").unwrap_err().contains("2 files"));
        assert_eq!(choose(found[..1].to_vec(), "other.csv").unwrap().name, "b.csv");
        assert_eq!(files_below(&folder.path().join("nothing")).unwrap(), []);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&inside, folder.path().join("link")).unwrap();
            assert_eq!(files_below(&folder.path().join("link")).unwrap(), []);
        }
    }
}
