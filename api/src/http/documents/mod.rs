//! Documents that go by a name: those of the web app and of whoever runs the server, and those that a client has registered.
//!
//! A name is the SHA-256 of the text. A request gives it as `documentId` (graphql-over-http), with or without `sha256:` before
//! it, or as Apollo's `extensions.persistedQuery`; there a document beside it is kept under that name for the same person.

mod registered;

use std::collections::HashMap;
use std::sync::Arc;

use entities::Viewer;
use entities::user::Role;
use platform::settings::{self, Doors, document_hash};
use uuid::Uuid;

use crate::failure::{Code, Failure};
use crate::graphql::execute::Asker;
use crate::http::params::{DocumentName, Params};
use crate::server::Server;
use registered::Registered;

/// What `npm run generate` writes of the web app's documents.
const OF_WEB_APP: &str = include_str!("../../../../web/src/gql/persisted-documents.json");
/// What a name may begin with: it says how it was made.
const PREFIX: &str = "sha256:";
/// The version of Apollo's protocol.
const APOLLO_VERSION: u64 = 1;

/// The documents.
pub struct Documents {
    known: HashMap<String, Arc<str>>,
    registered: Registered,
    only_known: bool,
}

impl Documents {
    /// Those that are compiled in, and those of the settings.
    pub fn new(doors: &Doors) -> Self {
        let of_web_app: HashMap<String, String> =
            serde_json::from_str(OF_WEB_APP).expect("the committed manifest is one");
        let own = doors.own_documents.clone();
        let known = of_web_app.into_iter().chain(own);
        Self {
            known: known
                .map(|(name, text)| (bare(&name).to_owned(), text.into()))
                .collect(),
            registered: Registered::default(),
            only_known: doors.documents == settings::Documents::Known,
        }
    }

    fn find(&self, viewer: Option<Viewer>, hash: &str) -> Option<Arc<str>> {
        let known = self.known.get(hash).cloned();
        known.or_else(|| self.registered.find(viewer?.user_id, hash))
    }

    /// Lets pass what may run here. Whoever has not come in yet may run nothing but what lets people in; administrators may run
    /// what they like.
    fn check(&self, viewer: Option<Viewer>, document: &str) -> Result<(), Failure> {
        let is_bound = viewer.is_some_and(|viewer| viewer.role != Role::Admin);
        if !self.only_known || !is_bound {
            return Ok(());
        }
        let hash = document_hash(document);
        if self.known.contains_key(&hash) {
            return Ok(());
        }
        Err(Failure::client(
            Code::Forbidden,
            format!(
                "This server runs known documents only, and this one is not known. Whoever runs the server can add it to \
                 AUTOML_DOCUMENTS_FILE under its SHA-256, {hash}."
            ),
        ))
    }
}

/// A document that a request registers under its name.
pub struct Registration {
    person: Uuid,
    hash: String,
}

/// Keeps what a request registers. Its text is known to be a document within the limits.
pub fn register(server: &Server, registration: Registration, text: &str) {
    let Registration { person, hash } = registration;
    server.documents.registered.keep(person, hash, text);
}

/// Puts the document in place that a request names; what it registers, if it does. Documents that may not run are refused.
///
/// # Errors
/// `PERSISTED_QUERY_NOT_FOUND` for an unknown name; `BAD_REQUEST` for a name that is another document's; `FORBIDDEN` where
/// only known documents run.
pub fn resolve(
    server: &Server,
    params: &mut Params,
    asker: Asker<'_>,
) -> Result<Option<Registration>, Failure> {
    let documents = &server.documents;
    let viewer = asker.session.map(|session| session.viewer);
    let (hash, may_register) = match params.document.take() {
        None => {
            documents.check(viewer, &params.query)?;
            return Ok(None);
        }
        Some(DocumentName::Id(id)) => (bare(&id).to_owned(), false),
        Some(DocumentName::Apollo { version, hash }) => {
            if version.as_u64() != Some(APOLLO_VERSION) {
                let message = "`extensions.persistedQuery.version` must be 1.";
                return Err(Failure::client(Code::PersistedQueryNotSupported, message));
            }
            (hash, true)
        }
    };
    if params.query.is_empty() {
        let found = documents.find(viewer, &hash);
        params.query = found.ok_or_else(not_found)?.to_string();
        documents.check(viewer, &params.query)?;
        return Ok(None);
    }
    if document_hash(&params.query) != hash {
        let message = "The name of the document is not the SHA-256 of `query`, in lower-case hex.";
        return Err(Failure::client(Code::BadRequest, message));
    }
    documents.check(viewer, &params.query)?;
    let is_new = !documents.known.contains_key(&hash);
    let registrant = viewer.filter(|_| may_register && is_new);
    Ok(registrant.map(|viewer| Registration {
        person: viewer.user_id,
        hash,
    }))
}

fn not_found() -> Failure {
    Failure::client(
        Code::PersistedQueryNotFound,
        "No document is known by this name; send it as `query`.",
    )
}

fn bare(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_of_the_web_app_is_named_by_hashes() {
        let documents = Documents::new(&Doors::default());
        assert!(documents.known.len() > 10, "{}", documents.known.len());
        for (hash, text) in &documents.known {
            assert_eq!(*hash, document_hash(text), "{text}");
        }
    }
}
