//! What a good script does when the platform cannot answer for the moment: it asks again, a change under the same key.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

/// Changes that can be asked for under a key.
const KEYED: [&str; 7] = [
    "createUpload",
    "completeUpload",
    "createJob",
    "cloneJob",
    "extendJob",
    "retryJob",
    "createBatchPrediction",
];
/// What the platform says when the same request may succeed a moment later.
const PASSING: [&str; 2] = ["SERVICE_UNAVAILABLE", "TIMEOUT"];

/// How long to ask again, and what was asked for under keys. Clones share the latter.
#[derive(Clone, Debug)]
pub struct Patience {
    limit: Duration,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A change that was asked for under a key, however often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Name of the mutation.
    pub operation: String,
    /// The key.
    pub key: String,
}

impl Patience {
    /// For as long as that, each time.
    pub fn new(limit: Duration) -> Self {
        Self {
            limit,
            asked: Arc::default(),
        }
    }

    /// How long to ask again.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// What was asked for under keys.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives the input of a change a key, where there can be one, and remembers it.
    pub(crate) fn give_key(&self, operation: &str, input: &mut Value) {
        if !KEYED.contains(&operation) {
            return;
        }
        if input.get("idempotencyKey").is_none() {
            input["idempotencyKey"] = json!(Uuid::new_v4().to_string());
        }
        let asked = Asked {
            operation: operation.to_owned(),
            key: input["idempotencyKey"].as_str().unwrap_or_default().to_owned(),
        };
        let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&asked) {
            all.push(asked);
        }
    }
}

/// True for an answer after which a good script asks again.
pub(crate) fn is_passing(answer: &reqwest::Result<Value>) -> bool {
    let Ok(answer) = answer else { return true };
    let errors = answer["errors"].as_array();
    errors.is_some_and(|errors| {
        errors
            .iter()
            .all(|error| PASSING.iter().any(|code| error["extensions"]["code"] == **code))
    })
}
