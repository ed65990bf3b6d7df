//! Rows of JSON lines.

use std::collections::{HashMap, HashSet};

use super::super::Limits;
use super::super::json::{cell, members, too_many_keys};
use super::block::Block;
use super::text::Text;
use crate::error::Error;

/// No line is longer, in bytes.
const LONGEST: usize = 64 << 20;

/// Rows that are being read.
pub(super) struct Json {
    /// The file.
    pub text: Text,
    lines: Lines,
    positions: HashMap<String, usize>,
    row: Vec<Option<String>>,
    limits: Limits,
}

/// Keys of all objects, in order of first appearance.
pub(super) fn keys(mut text: Text, limits: &Limits) -> Result<Vec<String>, Error> {
    let mut keys: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    let mut lines = Lines::default();
    while let Some((line, object)) = lines.next(&mut text)? {
        members(&object, line, |key, _| {
            if !known.contains(&key) {
                if keys.len() >= limits.columns {
                    return Err(too_many_keys(line, limits));
                }
                keys.push(key.clone());
                known.insert(key);
            }
            Ok(())
        })?;
    }
    Ok(keys)
}

impl Json {
    /// At the first line of a file with those keys.
    pub fn new(text: Text, keys: &[String], limits: &Limits) -> Self {
        let named = keys.iter().enumerate();
        Self {
            text,
            lines: Lines::default(),
            positions: named.map(|(column, key)| (key.clone(), column)).collect(),
            row: vec![None; keys.len()],
            limits: limits.clone(),
        }
    }

    /// Reads rows until the block is full or nothing is left.
    pub fn next(&mut self, block: &mut Block) -> Result<(), Error> {
        while !block.is_full() {
            let Some((line, object)) = self.lines.next(&mut self.text)? else {
                return Ok(());
            };
            self.row.fill(None);
            let (row, positions, limits) = (&mut self.row, &self.positions, &self.limits);
            members(&object, line, |key, raw| {
                // All keys are known: the file was read to its end before.
                if let Some(&column) = positions.get(&key) {
                    row[column] = cell(raw, &key, line, limits)?;
                }
                Ok(())
            })?;
            for cell in row.iter() {
                block.push(cell.as_deref().unwrap_or_default());
            }
        }
        Ok(())
    }
}

/// Lines that are not blank, with their numbers.
#[derive(Default)]
struct Lines {
    window: String,
    position: usize,
    line: usize,
}

impl Lines {
    fn next(&mut self, text: &mut Text) -> Result<Option<(usize, String)>, Error> {
        let mut looked_at = self.position;
        loop {
            if let Some(end) = self.window[looked_at..].find('\n') {
                let line = &self.window[self.position..looked_at + end];
                let line = line.strip_suffix('\r').unwrap_or(line).to_owned();
                self.position = looked_at + end + 1;
                looked_at = self.position;
                self.line += 1;
                if !line.trim().is_empty() {
                    return Ok(Some((self.line, line)));
                }
                continue;
            }
            if text.is_over {
                let line = self.window[self.position..].to_owned();
                self.position = self.window.len();
                self.line += 1;
                let is_blank = line.trim().is_empty();
                return Ok((!is_blank).then_some((self.line, line)));
            }
            self.window.drain(..self.position);
            self.position = 0;
            looked_at = self.window.len();
            if looked_at > LONGEST {
                return Err(Error::Input(format!(
                    "line {} is longer than {} MiB; write one object a line",
                    self.line + 1,
                    LONGEST >> 20
                )));
            }
            text.fill(&mut self.window)?;
        }
    }
}
