//! The doors of the GraphQL API: whose pages may use it, which documents run, what an answer's status counts, what is shown.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use url::Url;

use super::Variables;
use super::parse::number;
use crate::Error;

/// Longest document of a manifest, bytes; more than the limits of a request let through.
const DOCUMENT_LIMIT: usize = 64 * 1024;

/// Settings of the doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doors {
    /// Origins other than this server's own whose pages may use the API, for example `https://automl.example`.
    /// `AUTOML_ALLOWED_ORIGINS`.
    pub allowed_origins: Vec<String>,
    /// What the status of an answer says. `AUTOML_GRAPHQL_STATUS`.
    pub statuses: Statuses,
    /// Which documents run. `AUTOML_DOCUMENTS`.
    pub documents: Documents,
    /// Known documents besides the web app's, by the SHA-256 of their text. `AUTOML_DOCUMENTS_FILE`.
    pub own_documents: BTreeMap<String, String>,
    /// Whether everybody who is let in may read the schema; administrators always may. `AUTOML_INTROSPECTION`.
    pub introspection: bool,
    /// Whether there is a playground. `AUTOML_PLAYGROUND`.
    pub playground: bool,
    /// WebSockets and streams that one person may hold open in one process. `AUTOML_STREAMS_PER_USER`.
    pub streams_per_user: usize,
    /// Connections at a time, of everybody to one process. `AUTOML_CONNECTIONS`.
    pub connections: usize,
}

/// What the status of an answer over HTTP says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statuses {
    /// As the audits of graphql-http want it: 200 for every well-formed request in plain JSON, 400 for what did not run in
    /// `application/graphql-response+json`.
    #[default]
    Audit,
    /// As the draft of 2026 has it, in both media types: 422, 294 and others.
    Draft,
}

/// Which documents run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Documents {
    /// Whatever is within the limits.
    #[default]
    Any,
    /// Those of the web app and of `AUTOML_DOCUMENTS_FILE`; administrators may run others.
    Known,
}

impl Default for Doors {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            statuses: Statuses::default(),
            documents: Documents::default(),
            own_documents: BTreeMap::new(),
            introspection: true,
            playground: true,
            streams_per_user: 50,
            connections: 10_000,
        }
    }
}

impl Doors {
    /// Reads the section.
    ///
    /// # Errors
    /// `Settings` naming the variable that cannot be used, and what it may be.
    pub fn read(variable: Variables<'_>) -> Result<Self, Error> {
        let mut doors = Self::default();
        if let Some(value) = variable("AUTOML_ALLOWED_ORIGINS") {
            doors.allowed_origins = origins(&value)?;
        }
        if let Some(value) = variable("AUTOML_GRAPHQL_STATUS") {
            let words = [("audit", Statuses::Audit), ("draft", Statuses::Draft)];
            doors.statuses = one_of("AUTOML_GRAPHQL_STATUS", &value, words)?;
        }
        if let Some(value) = variable("AUTOML_DOCUMENTS") {
            let words = [("any", Documents::Any), ("known", Documents::Known)];
            doors.documents = one_of("AUTOML_DOCUMENTS", &value, words)?;
        }
        if let Some(value) = variable("AUTOML_DOCUMENTS_FILE") {
            doors.own_documents = manifest(Path::new(&value))?;
        }
        let switch = [("on", true), ("off", false)];
        if let Some(value) = variable("AUTOML_INTROSPECTION") {
            doors.introspection = one_of("AUTOML_INTROSPECTION", &value, switch)?;
        }
        if let Some(value) = variable("AUTOML_PLAYGROUND") {
            doors.playground = one_of("AUTOML_PLAYGROUND", &value, switch)?;
        }
        if let Some(value) = variable("AUTOML_STREAMS_PER_USER") {
            doors.streams_per_user = number("AUTOML_STREAMS_PER_USER", &value)?;
        }
        if doors.streams_per_user == 0 {
            return refuse("AUTOML_STREAMS_PER_USER is 0; it must be 1 at least".to_owned());
        }
        if let Some(value) = variable("AUTOML_CONNECTIONS") {
            doors.connections = number("AUTOML_CONNECTIONS", &value)?;
        }
        if doors.connections == 0 {
            return refuse("AUTOML_CONNECTIONS is 0; it must be 1 at least".to_owned());
        }
        Ok(doors)
    }
}

/// The name that a document goes by: the SHA-256 of its text, lower-case hex.
pub fn document_hash(document: &str) -> String {
    format!("{:x}", Sha256::digest(document.as_bytes()))
}

fn refuse<T>(message: String) -> Result<T, Error> {
    Err(Error::Settings(message))
}

fn one_of<T: Copy>(name: &str, value: &str, words: [(&str, T); 2]) -> Result<T, Error> {
    match words.iter().find(|(word, _)| *word == value.trim()) {
        Some((_, meaning)) => Ok(*meaning),
        None => refuse(format!(
            "{name} is {value:?}; {} or {} is expected",
            words[0].0, words[1].0
        )),
    }
}

/// Origins, separated by commas, each exactly as browsers write it.
fn origins(list: &str) -> Result<Vec<String>, Error> {
    let mut origins = Vec::new();
    for text in list.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let parsed = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let written = parsed.map(|url| url.origin().ascii_serialization());
        if written.as_deref() != Some(text) || text.contains('*') {
            let hint = written.filter(|written| !written.contains('*'));
            let hint = hint
                .map(|written| format!("; did you mean {written}?"))
                .unwrap_or_default();
            return refuse(format!(
                "AUTOML_ALLOWED_ORIGINS has {text:?}; whole origins such as https://automl.example are expected, without a path, a \
                 slash at the end, a default port or a star{hint}"
            ));
        }
        origins.push(text.to_owned());
    }
    Ok(origins)
}

/// The documents of a manifest, `{"<SHA-256 of the text>": "<text>"}`, or of every `.json` file of a folder.
fn manifest(path: &Path) -> Result<BTreeMap<String, String>, Error> {
    let broken = |path: &Path, cause: &dyn std::fmt::Display| {
        Error::Settings(format!(
            "AUTOML_DOCUMENTS_FILE: {} cannot be used: {cause}",
            path.display()
        ))
    };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        files.clear();
        for entry in std::fs::read_dir(path).map_err(|cause| broken(path, &cause))? {
            let file = entry.map_err(|cause| broken(path, &cause))?.path();
            if file.extension().is_some_and(|extension| extension == "json") {
                files.push(file);
            }
        }
    }
    let mut all = BTreeMap::new();
    for file in files {
        let text = std::fs::read(&file).map_err(|cause| broken(&file, &cause))?;
        let documents: BTreeMap<String, String> =
            serde_json::from_slice(&text).map_err(|cause| broken(&file, &cause))?;
        for (name, document) in documents {
            let hash = document_hash(&document);
            if name.strip_prefix("sha256:").unwrap_or(&name) != hash {
                let cause =
                    format!("the document under {name:?} has the SHA-256 {hash}; that must be its name");
                return Err(broken(&file, &cause));
            }
            if document.len() > DOCUMENT_LIMIT {
                let cause = format!("the document {hash} is longer than {DOCUMENT_LIMIT} bytes");
                return Err(broken(&file, &cause));
            }
            all.insert(hash, document);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> Result<Doors, Error> {
        Doors::read(&|asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn origins_are_whole_and_exact() {
        for (value, expected) in [
            ("", &[][..]),
            ("https://automl.example", &["https://automl.example"]),
            (
                " http://localhost:5173 , https://a.example:8443,",
                &["http://localhost:5173", "https://a.example:8443"],
            ),
            ("http://[::1]:8080", &["http://[::1]:8080"]),
        ] {
            let doors = with("AUTOML_ALLOWED_ORIGINS", value).unwrap();
            assert_eq!(doors.allowed_origins, expected, "{value}");
        }
        for refused in [
            "*",
            "null",
            "https://*.example",
            "https://automl.example/",
            "https://automl.example/app",
            "https://Automl.example",
            "https://automl.example:443",
            "https://user@automl.example",
            "automl.example",
            "ftp://automl.example",
            "https://good.example, *",
        ] {
            let Err(Error::Settings(message)) = with("AUTOML_ALLOWED_ORIGINS", refused) else {
                panic!("{refused} is let through");
            };
            assert!(message.contains("whole origins"), "{message}");
        }
        let Err(Error::Settings(message)) = with("AUTOML_ALLOWED_ORIGINS", "https://a.example/app") else {
            panic!("a path is let through");
        };
        assert!(message.ends_with("did you mean https://a.example?"), "{message}");
    }

    #[test]
    fn words_are_checked() {
        assert_eq!(
            with("AUTOML_GRAPHQL_STATUS", "draft").unwrap().statuses,
            Statuses::Draft
        );
        assert_eq!(
            with("AUTOML_DOCUMENTS", "known").unwrap().documents,
            Documents::Known
        );
        assert!(!with("AUTOML_INTROSPECTION", "off").unwrap().introspection);
        assert!(!with("AUTOML_PLAYGROUND", "off").unwrap().playground);
        assert_eq!(with("AUTOML_STREAMS_PER_USER", "3").unwrap().streams_per_user, 3);
        assert_eq!(with("AUTOML_CONNECTIONS", "3").unwrap().connections, 3);
        for (name, value) in [
            ("AUTOML_GRAPHQL_STATUS", "strict"),
            ("AUTOML_DOCUMENTS", "all"),
            ("AUTOML_INTROSPECTION", "no"),
            ("AUTOML_PLAYGROUND", ""),
            ("AUTOML_STREAMS_PER_USER", "0"),
            ("AUTOML_STREAMS_PER_USER", "many"),
            ("AUTOML_CONNECTIONS", "0"),
            ("AUTOML_CONNECTIONS", "-1"),
            ("AUTOML_DOCUMENTS_FILE", "/nowhere/documents.json"),
        ] {
            let Err(Error::Settings(message)) = with(name, value) else {
                panic!("{name}={value} is let through");
            };
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn a_manifest_names_documents_by_their_hash() {
        let folder = tempfile::tempdir().unwrap();
        let document = "query Names { jobs { nodes { name } } }";
        let hash = document_hash(document);
        let write = |name: &str, text: String| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file.display().to_string()
        };
        let good = write("good.json", serde_json::json!({ &hash: document }).to_string());
        let read = with("AUTOML_DOCUMENTS_FILE", &good).unwrap();
        assert_eq!(read.own_documents[&hash], document);
        write(
            "prefixed.json",
            serde_json::json!({ format!("sha256:{hash}"): document }).to_string(),
        );
        write("notes.txt", "not a manifest".to_owned());
        let of_folder = with("AUTOML_DOCUMENTS_FILE", &folder.path().display().to_string());
        assert_eq!(of_folder.unwrap().own_documents.len(), 1);
        for (name, text) in [
            ("wrong.json", serde_json::json!({ "abc": document }).to_string()),
            ("list.json", "[]".to_owned()),
            ("broken.json", "{".to_owned()),
        ] {
            let file = write(name, text);
            assert!(with("AUTOML_DOCUMENTS_FILE", &file).is_err(), "{name}");
        }
    }
}
