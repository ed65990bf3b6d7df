//! What the documents tell people to type: commands that the program knows, targets that `make` has, settings that are read; and the path of
//! the command line as README, `docs/cli.md`, `docs/replay.md` and `docs/provenance.md` have it, run as it stands there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_automl");
const PENGUINS: &str = include_str!("data/penguins.csv");
/// Documents of the past say what was, and name what is gone.
const OF_THE_PAST: &str = "docs/decisions";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder that end so, by their paths from the root.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["node_modules", "target", "dist"].contains(&name.as_str()) && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let own = path.strip_prefix(root()).expect("it lies below");
                found.push(own.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn documents() -> Vec<String> {
    let mut all = files("docs", &[".md"]);
    all.extend(files("infra", &[".md"]));
    all.extend(["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned));
    all.retain(|path| !path.starts_with(OF_THE_PAST));
    all
}

/// The lines of a document that are to be typed: between fences of a shell, or set in by four blanks.
fn typed(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<bool> = None;
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = match fence {
                Some(_) => None,
                None => Some(["sh", "bash", "console"].contains(&language.trim())),
            };
            continue;
        }
        let is_typed = match fence {
            Some(is_shell) => is_shell,
            None => line.starts_with("    "),
        };
        if is_typed {
            lines.push(line.trim().to_owned());
        }
    }
    lines
}

/// The calls of a program in a line of a shell: its arguments, without what other commands get.
fn calls(line: &str, program: &str) -> Vec<Vec<String>> {
    let mut calls = Vec::new();
    let line = line.split(" #").next().unwrap_or_default();
    for part in line.split(['|', ';', '&', '>']) {
        // What is no line of a shell calls nothing.
        let Some(words) = shlex::split(part) else { continue };
        let is_program = |word: &String| word == program || word.ends_with(&format!("/{program}"));
        if let Some(place) = words.iter().position(is_program)
            && words[..place]
                .iter()
                .all(|word| word.contains('=') || word == "env" || word == "sudo")
        {
            // What another command fills in: a hash, where anything does.
            let filled = |word: &String| {
                if word.contains("$(") {
                    "0".repeat(64)
                } else {
                    word.clone()
                }
            };
            calls.push(words[place + 1..].iter().map(filled).collect());
        }
    }
    calls
}

#[test]
fn the_program_knows_every_command() {
    let mut seen = 0;
    for path in documents() {
        for line in typed(&read(&path)) {
            for call in calls(&line, "automl") {
                seen += 1;
                // Arguments are read one by one: what is unknown is refused before the last one asks for help.
                let done = Command::new(PROGRAM)
                    .args(&call)
                    .arg("--help")
                    .output()
                    .expect("it runs");
                let words = String::from_utf8_lossy(&done.stderr);
                assert!(done.status.success(), "{path}: {line}\n{words}");
            }
        }
    }
    assert!(seen > 15, "only {seen} commands were found");
}

#[test]
fn make_has_every_target() {
    let makefile = read("Makefile");
    let phony: BTreeSet<&str> = makefile
        .lines()
        .filter_map(|line| line.strip_prefix(".PHONY:"))
        .flat_map(str::split_whitespace)
        .collect();
    let mut seen = 0;
    for path in documents() {
        let text = read(&path);
        let inline = text.split('`').skip(1).step_by(2).map(str::to_owned);
        for line in typed(&text).into_iter().chain(inline) {
            for call in calls_of_make(&line) {
                seen += 1;
                assert!(
                    phony.contains(call.as_str()),
                    "{path}: {line}: make has no `{call}`"
                );
            }
        }
    }
    assert!(seen > 20, "only {seen} targets were found");
}

/// The targets that a line makes.
fn calls_of_make(line: &str) -> Vec<String> {
    let is_target = |word: &String| !word.contains('=') && !word.starts_with('-') && !word.contains('…');
    calls(line, "make")
        .into_iter()
        .flatten()
        .filter(is_target)
        .collect()
}

/// `AUTOML_OIDC_2_ISSUER` is the `AUTOML_OIDC_ISSUER` of a second issuer.
fn without_number(name: &str) -> String {
    let is_number = |part: &&str| part.len() == 1 && part.chars().all(|character| character.is_ascii_digit());
    name.split('_')
        .filter(|part| !is_number(part))
        .collect::<Vec<_>>()
        .join("_")
}

/// Names of settings in a text.
fn settings(text: &str) -> BTreeSet<String> {
    let is_part =
        |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_';
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices("AUTOML_") {
        if text[..at].ends_with(is_part) {
            continue;
        }
        let name: String = text[at..]
            .chars()
            .take_while(|character| is_part(*character))
            .collect();
        // `AUTOML_OIDC_*` and the like mean several; of several issuers each has a number.
        if !name.ends_with('_') {
            names.insert(without_number(&name));
        }
    }
    names
}

#[test]
fn every_setting_of_a_document_is_read_somewhere_and_the_other_way_round() {
    let mut read_by = BTreeSet::new();
    for folder in ["src", "api/src", "platform/src", "worker/src", "engine/src"] {
        for path in files(folder, &[".rs"]) {
            read_by.extend(settings(&read(&path)));
        }
    }
    let mut elsewhere = read_by.clone();
    for (folder, endings) in [
        ("infra", [".sh", ".tf", ".yaml", ".yml", "Dockerfile"].as_slice()),
        ("tests", &[".rs", ".sh", ".mjs", ".py"]),
    ] {
        for path in files(folder, endings) {
            elsewhere.extend(settings(&read(&path)));
        }
    }
    elsewhere.extend(settings(&read("Makefile")));
    let mut told = BTreeSet::new();
    for path in documents() {
        let names = settings(&read(&path));
        let unknown: Vec<&String> = names.difference(&elsewhere).collect();
        assert!(unknown.is_empty(), "{path}: nothing reads {unknown:?}");
        told.extend(names);
    }
    let untold: Vec<&String> = read_by
        .difference(&told)
        .filter(|name| !name.starts_with("AUTOML_TEST") && *name != "AUTOML_SHARED_DATA")
        .collect();
    assert!(untold.is_empty(), "no document tells of {untold:?}");
}

/// Flats that cost what penguins weigh, under the names of the documents.
fn table(folder: &Path, name: &str) {
    let flats = PENGUINS.replacen("body_mass_g", "price", 1);
    fs::write(folder.join(name), flats).expect("it is written");
}

/// Runs the lines of a document that call the program, one after the other in one folder. Searches end after three trials: everything else is as it stands.
fn run(document: &str, tables: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    for name in tables {
        table(folder.path(), name);
    }
    // What a person downloads has the names of what training writes.
    let downloads = "cp model/* . 2>/dev/null; ";
    let bin = Path::new(PROGRAM).parent().expect("it lies in a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut ran = 0;
    for line in typed(&read(document)) {
        let calls = calls(&line, "automl");
        let is_server = |call: &Vec<String>| {
            call.first()
                .is_some_and(|verb| ["serve", "api", "worker"].contains(&verb.as_str()))
        };
        if calls.is_empty() || calls.iter().any(is_server) {
            continue;
        }
        let line = line.replace("--budget 60s", "--budget 60s --trials 3");
        let done = Command::new("sh")
            .arg("-c")
            .arg(format!("{downloads}{line}"))
            .current_dir(folder.path())
            .env("PATH", &path)
            .output()
            .expect("a shell");
        let words = String::from_utf8_lossy(&done.stdout);
        assert!(
            done.status.success(),
            "{document}: {line}\n{words}{}",
            String::from_utf8_lossy(&done.stderr)
        );
        ran += 1;
    }
    assert!(ran > 1, "{document} has {ran} commands");
}

#[test]
fn the_command_line_of_the_readme_works_as_it_stands() {
    run("README.md", &["flats.csv", "fresh.csv"]);
}

#[test]
fn replaying_and_verifying_work_as_they_stand() {
    run("docs/replay.md", &["sales.csv"]);
    run("docs/provenance.md", &["flats.csv"]);
}

#[test]
fn the_path_of_the_command_line_works_as_it_stands() {
    run("docs/cli.md", &["flats.csv", "fresh.csv"]);
}
