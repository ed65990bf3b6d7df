//! The two tables as DynamoDB gives them out: an export to S3 (`data/*.json.gz`, an item a line) or what `aws dynamodb scan`
//! prints. Which table a file is of, and whether it is one at all, is told by what is in it.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde_json::Value;

use super::items::{self, Dataset, Item, Job};
use super::known::Unknown;
use super::lines::{LONGEST_LINE, next_line};
use super::{Place, Skips, plain};
use crate::Error;

/// Bytes of a file that is one document.
const LONGEST_DOCUMENT: u64 = 256 << 20;
/// Folders in folders.
const DEEPEST: usize = 12;
/// How an export begins, blanks aside.
const LINES_BEGIN: &[u8] = b"{\"Item\":";

/// All that was read.
#[derive(Debug, Default)]
pub struct Tables {
    /// Of the datasets.
    pub datasets: Vec<(Place, Dataset)>,
    /// Of the training jobs.
    pub jobs: Vec<(Place, Job)>,
    /// What could not be read or used.
    pub skips: Skips,
    /// Items of each kind that were there, skipped ones included.
    pub read: (u64, u64),
    /// Attributes that this program does not know.
    pub unknown: Unknown,
    /// Files without items: manifests, for example.
    pub passed_over: Vec<String>,
    /// What else is to be known.
    pub notices: Vec<String>,
}

/// Reads a folder of tables, or one file of them.
///
/// # Errors
/// `File` when the folder itself cannot be read.
pub fn read(folder: &Path) -> Result<Tables, Error> {
    let mut files = Vec::new();
    let metadata = fs::metadata(folder).map_err(|error| Error::file(folder, error))?;
    match metadata.is_dir() {
        true => collect(folder, "", DEEPEST, &mut files).map_err(|error| Error::file(folder, error))?,
        false => files.push(String::new()),
    }
    files.sort();
    let mut tables = Tables::default();
    for name in files {
        let path = match name.is_empty() {
            true => folder.to_owned(),
            false => folder.join(&name),
        };
        let shown = match name.is_empty() {
            true => folder.display().to_string(),
            false => name,
        };
        let mut file = OneFile {
            tables: &mut tables,
            name: shown,
            has_items: false,
        };
        if let Err(error) = open(&path).and_then(|reader| file.read(reader)) {
            file.skip(None, format!("the file cannot be read: {error}"));
        } else if !file.has_items {
            let name = file.name;
            tables.passed_over.push(name);
        }
    }
    Ok(tables)
}

/// Files below a folder, by their path in it.
fn collect(folder: &Path, below: &str, depth: usize, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let name = match below.is_empty() {
            true => name,
            false => format!("{below}/{name}"),
        };
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            collect(&entry.path(), &name, depth - 1, found)?;
        } else if kind.is_file() || kind.is_symlink() && entry.path().is_file() {
            found.push(name);
        }
    }
    Ok(())
}

/// The text of a file, unpacked where it is packed.
fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    let is_packed = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(match is_packed {
        true => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        false => Box::new(file),
    })
}

struct OneFile<'a> {
    tables: &'a mut Tables,
    name: String,
    has_items: bool,
}

impl OneFile<'_> {
    fn read(&mut self, mut reader: Box<dyn BufRead>) -> io::Result<()> {
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            let is_whole = next_line(&mut reader, &mut line)?;
            if line.is_empty() {
                return Ok(());
            }
            number += 1;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if !self.has_items && !begins_with_items(&line) {
                if !matches!(line.trim_ascii_start().first(), Some(b'{' | b'[')) {
                    return Ok(());
                }
                match serde_json::from_slice::<Value>(&line) {
                    // A manifest is a line or more of other objects.
                    Ok(value) if !holds_items(&value) => return self.look_at_other(&value, number),
                    Ok(_) => {}
                    Err(_) => return self.document(line, reader, number),
                }
            }
            if is_whole {
                self.line(&line, number);
            } else {
                let place = self.place("line", number);
                self.has_items = true;
                self.skip(place, format!("it is longer than {LONGEST_LINE} bytes"));
            }
        }
    }

    /// One line of an export.
    fn line(&mut self, line: &[u8], number: usize) {
        self.has_items = true;
        let place = self.place("line", number);
        match serde_json::from_slice::<Value>(line) {
            Ok(value) if holds_items(&value) => self.items(&value, place.as_ref()),
            Ok(_) => self.skip(place, "it has neither Item nor Items".to_owned()),
            Err(error) => self.skip(place, no_json(&error)),
        }
    }

    /// A file without items, unless it is one of which somebody expects some.
    fn look_at_other(&mut self, value: &Value, number: usize) -> io::Result<()> {
        if value.get("NewImage").is_some() || value.get("Keys").is_some() {
            self.has_items = true;
            let place = self.place("line", number);
            self.skip(
                place,
                "it is of an incremental export: make a full one".to_owned(),
            );
        }
        Ok(())
    }

    /// What `aws dynamodb scan` prints, over many lines; several of them one after the other where they were joined.
    fn document(&mut self, begun: Vec<u8>, reader: Box<dyn BufRead>, begun_at: usize) -> io::Result<()> {
        let mut text = begun;
        reader.take(LONGEST_DOCUMENT).read_to_end(&mut text)?;
        if text.len() as u64 > LONGEST_DOCUMENT {
            let reason = format!(
                "it is one document of more than {LONGEST_DOCUMENT} bytes: export the table to S3 instead"
            );
            self.has_items = true;
            self.skip(None, reason);
            return Ok(());
        }
        for value in serde_json::Deserializer::from_slice(&text).into_iter::<Value>() {
            match value {
                Ok(value) => self.items(&value, None),
                Err(error) => {
                    let place = self.place("line", begun_at + error.line().saturating_sub(1));
                    self.has_items = true;
                    self.skip(place, no_json(&error));
                }
            }
        }
        Ok(())
    }

    /// All items of a value; a value of another kind has none.
    fn items(&mut self, value: &Value, at: Option<&Place>) {
        let many = value.get("Items").unwrap_or(value).as_array();
        if many.is_some() && (value.get("LastEvaluatedKey").is_some() || value.get("NextToken").is_some()) {
            let notice = format!("{}: this page is not the last one of its table", self.name);
            self.tables.notices.push(notice);
        }
        if let Some(item) = value.get("Item") {
            self.item(item, at.cloned());
        } else if let Some(many) = many {
            self.has_items = true;
            for (number, item) in many.iter().enumerate() {
                let place = self.place("item", number + 1);
                self.item(item, place);
            }
        }
    }

    fn item(&mut self, item: &Value, place: Option<Place>) {
        self.has_items = true;
        let Some(attributes) = plain::item(item) else {
            return self.skip(place, "it is not written as DynamoDB writes items".to_owned());
        };
        let read = items::read(&attributes, &mut self.tables.unknown);
        let place_or_file = place.clone().unwrap_or_else(|| self.whole());
        match read {
            Ok(Item::Dataset(dataset)) => {
                self.tables.read.0 += 1;
                self.tables.datasets.push((place_or_file, dataset));
            }
            Ok(Item::Job(job)) => {
                self.tables.read.1 += 1;
                self.tables.jobs.push((place_or_file, job));
            }
            Err(unusable) => {
                match unusable.kind {
                    Some("dataset") => self.tables.read.0 += 1,
                    Some(_) => self.tables.read.1 += 1,
                    None => {}
                }
                let skips = &mut self.tables.skips;
                skips.add(place_or_file, unusable.kind, unusable.id, unusable.reason);
            }
        }
    }

    fn skip(&mut self, place: Option<Place>, reason: String) {
        let place = place.unwrap_or_else(|| self.whole());
        self.tables.skips.add(place, None, None, reason);
    }

    fn whole(&self) -> Place {
        Place {
            file: self.name.clone(),
            part: None,
        }
    }

    fn place(&self, what: &'static str, number: usize) -> Option<Place> {
        Some(Place {
            file: self.name.clone(),
            part: Some((what, number)),
        })
    }
}

/// Without the line that the parser counts: it has seen a part of the file only.
fn no_json(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let why = words.split(" at line ").next().unwrap_or_default();
    format!("it is no JSON: {why}, column {}", error.column())
}

fn begins_with_items(line: &[u8]) -> bool {
    let mut bytes = line.iter().filter(|byte| !byte.is_ascii_whitespace());
    LINES_BEGIN.iter().all(|expected| bytes.next() == Some(expected))
}

fn holds_items(value: &Value) -> bool {
    value.get("Item").is_some() || value.get("Items").is_some_and(Value::is_array) || value.is_array()
}

#[cfg(test)]
mod tests;
