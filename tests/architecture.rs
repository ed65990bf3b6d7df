//! The architecture, enforced: which crate may import which, what never appears where, and how large a file may grow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// The allowed arrows between our crates (docs/architecture.md). Anything else is forbidden.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "automl",
        &["api", "worker", "engine", "model", "platform", "migration"],
    ),
    ("api", &["platform", "entities", "model"]),
    ("worker", &["platform", "entities", "engine", "model"]),
    ("platform", &["entities"]),
    ("engine", &["model"]),
    ("model", &[]),
    ("entities", &[]),
    ("migration", &[]),
    // Tests enter through the front door; and nobody but tests imports it.
    ("harness", &[]),
];

/// Packages that a crate must not reach, directly or through others.
const NEVER: &[(&str, &[&str])] = &[
    (
        "engine",
        &[
            "tokio-postgres",
            "sea-orm",
            "axum",
            "redis",
            "aws-sdk-s3",
            "aws-sdk-ses",
            "apalis",
            "async-graphql",
        ],
    ),
    (
        "model",
        &[
            "tokio",
            "sea-orm",
            "axum",
            "redis",
            "aws-sdk-s3",
            "apalis",
            "polars",
            "candle-core",
        ],
    ),
    ("entities", &["async-graphql", "axum", "polars", "candle-core"]),
    ("api", &["candle-core", "polars"]),
];

/// Packages that a crate must not name itself (a library it needs may bring them).
const NEVER_DIRECT: &[(&str, &[&str])] = &[
    ("engine", &["tokio"]),
    ("api", OUTSIDE),
    ("worker", OUTSIDE),
    ("automl", OUTSIDE),
];

/// The outside world: its types stay in `platform`.
const OUTSIDE: &[&str] = &[
    "apalis",
    "apalis-redis",
    "redis",
    "postgres",
    "aws-sdk-s3",
    "aws-sdk-ses",
    "aws-sdk-batch",
    "aws-sdk-autoscaling",
];

const LINES_PER_FILE: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        // Not offline: it wants the packages of all platforms, of which a build here brings only some.
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("cargo metadata answers")
}

/// Names of the direct, non-dev dependencies of each workspace package.
fn direct_dependencies(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let names = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development);
        all.insert(
            package.name.to_string(),
            names.map(|dependency| dependency.name.clone()).collect(),
        );
    }
    all
}

/// Names of all packages that `start` reaches through normal and build dependencies.
fn reachable(metadata: &Metadata, start: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().expect("metadata was resolved");
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let names: BTreeMap<&PackageId, String> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.to_string()))
        .collect();
    let first = metadata
        .workspace_packages()
        .into_iter()
        .find(|package| *package.name == start)
        .expect("our crate");
    let mut open = vec![&first.id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        for dependency in &nodes[id].deps {
            let used = dependency
                .dep_kinds
                .iter()
                .any(|kind| kind.kind != DependencyKind::Development);
            if used && seen.insert(&dependency.pkg) {
                open.push(&dependency.pkg);
            }
        }
    }
    seen.into_iter().map(|id| names[id].clone()).collect()
}

#[test]
fn crates_import_only_along_the_arrows() {
    let direct = direct_dependencies(&metadata());
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        direct.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        ours,
        "a crate is missing in ARROWS"
    );
    for (name, allowed) in ARROWS {
        for dependency in direct[*name]
            .iter()
            .filter(|dependency| ours.contains(dependency.as_str()))
        {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not import {dependency}"
            );
        }
    }
}

#[test]
fn pure_crates_reach_no_outside_world() {
    let metadata = metadata();
    for (name, forbidden) in NEVER {
        let reached = reachable(&metadata, name);
        for package in *forbidden {
            assert!(!reached.contains(*package), "{name} reaches {package}");
        }
    }
    let direct = direct_dependencies(&metadata);
    for (name, forbidden) in NEVER_DIRECT {
        for package in *forbidden {
            assert!(!direct[*name].contains(*package), "{name} names {package}");
        }
    }
}

/// Our hand-written sources below `folder` with one of these endings.
fn sources(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    const SKIPPED: &[&str] = &["node_modules", "target", "dist", "gql", ".run"];
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) && !name.starts_with('.') {
                sources(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

#[test]
fn no_file_is_too_long() {
    let mut found = Vec::new();
    sources(&root(), &[".rs", ".ts", ".tsx"], &mut found);
    assert!(found.len() > 50, "the walk found only {} files", found.len());
    let mut long = Vec::new();
    for path in found {
        let lines = fs::read_to_string(&path)
            .expect("source is readable")
            .lines()
            .count();
        if lines > LINES_PER_FILE {
            long.push(format!("{} has {lines} lines", path.display()));
        }
    }
    assert!(
        long.is_empty(),
        "over {LINES_PER_FILE} lines: {}",
        long.join(", ")
    );
}

#[test]
fn engine_and_model_have_no_environment_and_no_clock() {
    const FORBIDDEN: &[&str] = &[
        "std::env",
        "Instant::now",
        "SystemTime::now",
        "rand::rng()",
        "std::net",
        "std::process",
    ];
    let mut found = Vec::new();
    for part in ["engine/src", "model/src"] {
        sources(&root().join(part), &[".rs"], &mut found);
    }
    for path in found {
        let text = fs::read_to_string(&path).expect("source is readable");
        // Tests beside the code may measure and look up the runtime library.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if is_test_module(&path) {
            continue;
        }
        for word in FORBIDDEN {
            assert!(
                !code.contains(word),
                "{} uses {word}: make it an argument",
                path.display()
            );
        }
    }
}

/// True for a file that its parent declares under `#[cfg(test)]`.
fn is_test_module(path: &Path) -> bool {
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let folder = path.parent().unwrap_or(path);
    let parents = [
        folder.join("mod.rs"),
        folder.join("lib.rs"),
        folder.with_extension("rs"),
    ];
    let declared = format!("#[cfg(test)]\nmod {stem};");
    parents
        .iter()
        .filter_map(|parent| fs::read_to_string(parent).ok())
        .any(|text| text.contains(&declared))
}

#[test]
fn no_module_is_called_utils() {
    let mut found = Vec::new();
    sources(&root(), &[".rs", ".ts", ".tsx"], &mut found);
    for path in found {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let vague = ["utils", "util", "helpers", "helper", "common", "misc", "manager"];
        assert!(
            !vague.contains(&stem.as_str()),
            "{}: name it after what it holds",
            path.display()
        );
    }
}
