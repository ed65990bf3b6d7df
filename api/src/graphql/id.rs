//! Opaque, globally unique ids: base64url of `type:uuid`. Clients must not look inside.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::failure::Failure;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    /// A person.
    User,
    /// A file on its way in.
    Upload,
    /// An uploaded table.
    Dataset,
    /// A training run.
    Job,
    /// One configuration.
    Trial,
    /// A fitted model.
    Model,
    /// An address that is told when a job has ended.
    Webhook,
    /// A name under which models are kept.
    RegisteredModel,
    /// Predictions for all rows of a file.
    BatchPrediction,
    /// A place where somebody is signed in.
    Session,
    /// A token for scripts.
    ApiToken,
    /// A unit of work.
    Task,
    /// A process that takes tasks.
    Worker,
    /// An entry of the audit log.
    AuditEntry,
    /// The same, as whoever it is about sees it.
    Activity,
}

/// Every noun with its name inside an id.
const NAMES: &[(Noun, &str)] = &[
    (Noun::User, "user"),
    (Noun::Upload, "upload"),
    (Noun::Dataset, "dataset"),
    (Noun::Job, "job"),
    (Noun::Trial, "trial"),
    (Noun::Model, "model"),
    (Noun::Webhook, "webhook"),
    (Noun::RegisteredModel, "registered_model"),
    (Noun::BatchPrediction, "batch_prediction"),
    (Noun::Session, "session"),
    (Noun::ApiToken, "api_token"),
    (Noun::Task, "task"),
    (Noun::Worker, "worker"),
    (Noun::AuditEntry, "audit_entry"),
    (Noun::Activity, "activity"),
];

/// The id of a row.
pub fn encode(noun: Noun, key: Uuid) -> ID {
    let name = NAMES
        .iter()
        .find(|(candidate, _)| *candidate == noun)
        .map_or("", |(_, name)| name);
    ID(URL_SAFE_NO_PAD.encode(format!("{name}:{}", key.simple())))
}

/// What an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it is not an id of this server.
pub fn decode(id: &ID) -> Result<(Noun, Uuid), Failure> {
    parse(id).ok_or_else(|| Failure::bad_input("This id is not one of this server's ids."))
}

/// The key of an id that must name a certain noun.
///
/// # Errors
/// `BAD_USER_INPUT` when it names something else or nothing.
pub fn decode_as(id: &ID, wanted: Noun) -> Result<Uuid, Failure> {
    match decode(id)? {
        (noun, key) if noun == wanted => Ok(key),
        _ => Err(Failure::bad_input("This id names something of another kind.")),
    }
}

fn parse(id: &ID) -> Option<(Noun, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?;
    let (name, key) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    let (noun, _) = NAMES.iter().find(|(_, candidate)| *candidate == name)?;
    Some((*noun, Uuid::try_parse(key).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_there_and_back() {
        for (noun, _) in NAMES.iter().copied() {
            let key = Uuid::now_v7();
            assert_eq!(decode(&encode(noun, key)).unwrap(), (noun, key));
            let other = if noun == Noun::Job { Noun::Trial } else { Noun::Job };
            assert!(decode_as(&encode(noun, key), other).is_err());
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let wrong_noun = URL_SAFE_NO_PAD.encode(format!("user2:{}", Uuid::nil()));
        for text in ["", "x", "====", "dXNlcjo", "💥", &wrong_noun, &"A".repeat(10_000)] {
            assert!(decode(&ID(text.to_owned())).is_err(), "{text}");
        }
    }
}
