//! The archive of a run (`provenance.zip`): a manifest with the hash of every file of the run, and the smaller ones themselves.
//!
//! It tells whether files belong together and are as they were made. It is not signed: who can write all of it can make another.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::error::Error;
use crate::hash::sha256;
use crate::train::files::{MODEL, NamedFile, ONNX};

/// Version of the manifest.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
/// Entries that are read, and bytes of one, once unpacked.
const MOST_ENTRIES: usize = 64;
const MOST_BYTES: u64 = 1 << 28;

/// What belongs to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this list.
    pub format: u32,
    /// Name and version of the program that made the run.
    pub program: String,
    /// Its files.
    pub files: Vec<FileRecord>,
}

/// A file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Whether it lies in the archive: models are kept beside it.
    pub is_inside: bool,
}

/// An archive that is whole: everything that its manifest names is in it, with the hash that it names, and nothing else.
#[derive(Clone, Debug)]
pub struct Archive {
    /// What belongs to the run.
    pub manifest: Manifest,
    /// The files inside, by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The archive of these files: the same bytes for the same files.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn pack(program: &str, files: &[NamedFile]) -> Result<Vec<u8>, Error> {
    let mut manifest = Manifest {
        format: FORMAT,
        program: program.to_owned(),
        files: Vec::with_capacity(files.len()),
    };
    for file in files {
        manifest.files.push(FileRecord {
            name: file.name.to_owned(),
            bytes: file.bytes.len() as u64,
            sha256: sha256(&file.bytes),
            is_inside: ![MODEL, ONNX].contains(&file.name),
        });
    }
    let internal = |error: &dyn std::fmt::Display| Error::Internal(format!("the archive: {error}"));
    let listed = serde_json::to_vec_pretty(&manifest).map_err(|error| internal(&error))?;
    // No time of day: the archive of a run that is replayed would differ by it.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let inside = files
        .iter()
        .zip(&manifest.files)
        .filter(|(_, record)| record.is_inside);
    let inside = inside.map(|(file, _)| (file.name, file.bytes.as_slice()));
    for (name, bytes) in std::iter::once((MANIFEST, listed.as_slice())).chain(inside) {
        writer
            .start_file(name, options)
            .map_err(|error| internal(&error))?;
        writer.write_all(bytes).map_err(|error| internal(&error))?;
    }
    let written = writer.finish().map_err(|error| internal(&error))?;
    Ok(written.into_inner())
}

/// Opens an archive and checks it against its manifest.
///
/// # Errors
/// `Input` for what is no such archive, one of a newer program, and one that is not whole; it names the first file that is wrong.
pub fn open(bytes: &[u8]) -> Result<Archive, Error> {
    let mut files = unpack(bytes)?;
    let manifest = files.remove(MANIFEST).ok_or_else(no_archive)?;
    let manifest: Manifest = serde_json::from_slice(&manifest).map_err(|_| no_archive())?;
    if manifest.format > FORMAT {
        let found = manifest.format;
        return Err(Error::Input(format!(
            "the archive has format {found}, but this program reads formats up to {FORMAT}: update the program"
        )));
    }
    let inside = manifest.files.iter().filter(|record| record.is_inside);
    for record in inside.clone() {
        let name = &record.name;
        match files.get(name) {
            None => return Err(Error::Input(format!("{name} is missing in the archive"))),
            Some(bytes) => record.check(bytes)?,
        }
    }
    let known: Vec<&str> = inside.map(|record| record.name.as_str()).collect();
    if let Some(name) = files.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::Input(format!(
            "{name} is in the archive and not in its manifest"
        )));
    }
    Ok(Archive { manifest, files })
}

impl FileRecord {
    /// Whether these are its bytes.
    ///
    /// # Errors
    /// `Input` when they are not.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Error> {
        match sha256(bytes) == self.sha256 {
            true => Ok(()),
            false => Err(Error::Input(format!(
                "{} is not the file of this run: its SHA-256 is another",
                self.name
            ))),
        }
    }
}

fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_archive())?;
    if archive.len() > MOST_ENTRIES {
        return Err(no_archive());
    }
    let mut files = BTreeMap::new();
    for place in 0..archive.len() {
        let entry = archive.by_index(place).map_err(|_| damaged())?;
        let name = entry.name().map_err(|_| damaged())?.into_owned();
        let mut content = Vec::new();
        entry
            .take(MOST_BYTES + 1)
            .read_to_end(&mut content)
            .map_err(|_| damaged())?;
        if content.len() as u64 > MOST_BYTES {
            return Err(Error::Input(format!(
                "{name} in the archive is larger than what is read"
            )));
        }
        if files.insert(name, content).is_some() {
            return Err(damaged());
        }
    }
    Ok(files)
}

fn no_archive() -> Error {
    Error::Input("this is no archive of a run (provenance.zip)".to_owned())
}

fn damaged() -> Error {
    Error::Input("the archive is damaged: fetch it again".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<NamedFile> {
        let file = |name, bytes: &[u8]| NamedFile {
            name,
            bytes: bytes.to_vec(),
        };
        vec![
            file(MODEL, b"a model"),
            file("run.json", b"{}"),
            file("model-card.md", b"# Card"),
        ]
    }

    /// The archive with other entries: what somebody could make of it.
    fn made_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer
                .start_file(
                    *name,
                    SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
                )
                .expect("an entry");
            writer.write_all(bytes).expect("bytes");
        }
        writer.finish().expect("an archive").into_inner()
    }

    #[test]
    fn an_archive_comes_back_as_it_was_and_is_the_same_twice() {
        let packed = pack("automl 1", &files()).expect("an archive");
        assert_eq!(packed, pack("automl 1", &files()).expect("an archive"));
        let opened = open(&packed).expect("it opens");
        assert_eq!(opened.files["run.json"], b"{}");
        let names: Vec<&str> = opened.files.keys().map(String::as_str).collect();
        assert_eq!(names, ["model-card.md", "run.json"], "the model stays outside");
        let model = &opened.manifest.files[0];
        assert!(!model.is_inside);
        model.check(b"a model").expect("it is the model");
        assert!(model.check(b"another").is_err());
    }

    #[test]
    fn what_was_changed_left_out_or_added_is_named() {
        let opened = open(&pack("automl 1", &files()).expect("an archive")).expect("it opens");
        let manifest = serde_json::to_vec(&opened.manifest).expect("JSON");
        let card: &[u8] = b"# Card";
        for (entries, named) in [
            (
                vec![
                    (MANIFEST, manifest.as_slice()),
                    ("run.json", b"{ }"),
                    ("model-card.md", card),
                ],
                "run.json is not",
            ),
            (
                vec![(MANIFEST, manifest.as_slice()), ("model-card.md", card)],
                "run.json is missing",
            ),
            (
                vec![
                    (MANIFEST, manifest.as_slice()),
                    ("run.json", b"{}"),
                    ("model-card.md", card),
                    ("more", b""),
                ],
                "more is in the archive",
            ),
            (vec![("run.json", b"{}")], "no archive of a run"),
            (
                vec![(MANIFEST, br#"{"format":2,"program":"","files":[]}"#)],
                "update the program",
            ),
        ] {
            let error = open(&made_of(&entries)).expect_err(named).to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn no_bytes_at_all_make_it_panic() {
        let packed = pack("automl 1", &files()).expect("an archive");
        for place in 0..packed.len() {
            let mut changed = packed.clone();
            changed[place] ^= 0x55;
            let _ = open(&changed);
            let _ = open(&packed[..place]);
        }
    }
}
