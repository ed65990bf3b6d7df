//! The closed list of what a user can mend.

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType;

/// What kind of thing the user can mend. One list for all mutations: the same mistake has the same code everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// There is no such object, or it is not the viewer's.
    NotFound,
    /// The object is in a state in which this cannot be done; the message says what to do first.
    Conflict,
    /// An administrator keeps the account out.
    AccountSuspended,
    /// What is said of the job is too long.
    AnnotationTooLong,
    /// The batch prediction has ended already.
    BatchPredictionEnded,
    /// The time budget is too short or too long.
    BudgetOutOfRange,
    /// The provider does not take the code: it was used, is too old, or is of another sign-in.
    CodeInvalid,
    /// The dataset has no such column.
    ColumnNotFound,
    /// The model cannot tell what its columns contribute.
    ContributionsUnavailable,
    /// The address or the password is wrong; which one is not told.
    CredentialsWrong,
    /// The dataset is still being read, or cannot be read.
    DatasetNotReady,
    /// This cannot be between the fields of a file.
    DelimiterInvalid,
    /// This is no mail address that mail can be sent to.
    EmailInvalid,
    /// The events of a webhook are none, or one of them twice.
    EventsInvalid,
    /// The address cannot be used for this account.
    EmailUnusable,
    /// The time at which a token is to end has passed, or is too far away.
    ExpiryPast,
    /// The file has no bytes.
    FileEmpty,
    /// The file has no usable name.
    FileName,
    /// The file is larger than the server accepts.
    FileTooLarge,
    /// The column that the answer repeats has no name.
    IdColumn,
    /// The key of the request is empty or too long.
    IdempotencyKeyInvalid,
    /// The key was used for another request before.
    IdempotencyKeyReused,
    /// The model has no intervals at this level.
    IntervalUnavailable,
    /// The provider at which people sign in and this server are not set up for each other.
    IssuerMisconfigured,
    /// The provider at which people sign in does not answer.
    IssuerUnavailable,
    /// Nobody signs in by that provider.
    IssuerUnknown,
    /// The job has ended already.
    JobEnded,
    /// The metric is not defined for the kind of question.
    MetricDoesNotFit,
    /// The name has no characters.
    NameEmpty,
    /// The name cannot be shown: it is empty or has characters that it must not have.
    NameInvalid,
    /// The name is too long.
    NameTooLong,
    /// Somebody whom the provider knows has no account here, and does not get one by signing in.
    NoAccount,
    /// What the provider answers is of another sign-in.
    NonceInvalid,
    /// The model is not deployed.
    NotDeployed,
    /// No column is left to predict from.
    NothingLeft,
    /// There is no data of a user "default".
    NothingToClaim,
    /// There is no address that would have to be verified.
    NothingToVerify,
    /// Passwords are not used at this server.
    PasswordsClosed,
    /// The password is the name or the address of its owner.
    PasswordIsYourName,
    /// The account has no password yet.
    PasswordNotSet,
    /// The account has a password already.
    PasswordSetAlready,
    /// The password is among those that are tried first.
    PasswordTooCommon,
    /// The password is too long.
    PasswordTooLong,
    /// The password is too short.
    PasswordTooShort,
    /// The present password is another one.
    PasswordWrong,
    /// Too many attempts; the message says how long to wait.
    RateLimited,
    /// The target cannot be predicted as that kind of question.
    ProblemDoesNotFit,
    /// The viewer has as many unfinished jobs as one may have.
    QueueFull,
    /// A quota is used up, or too small for this; the message says which one, and when there is room again.
    QuotaExceeded,
    /// A limit is negative, or less than is of any use.
    LimitInvalid,
    /// Administrators do not do this to their own account.
    OwnAccount,
    /// The reason that is to be recorded is empty or too long.
    ReasonInvalid,
    /// People who sign in elsewhere do not come back to this address.
    RedirectUriInvalid,
    /// This role is found by looking at the data, not set.
    RoleNotSettable,
    /// A prediction cannot be made to rise or fall with the column.
    MonotoneNotUsable,
    /// The name of a registered model, or of an alias, is empty, too long or has characters that it must not have.
    RegistryName,
    /// A column is given two roles.
    RoleTwice,
    /// There are no rows, or too many.
    RowCount,
    /// The server has no such sample.
    SampleNotFound,
    /// The secret of a webhook cannot be used.
    SecretInvalid,
    /// A token is given no scope.
    ScopesEmpty,
    /// The session is over: its refresh token is unknown, spent or too old.
    SessionOver,
    /// Nobody makes an account of their own at this server.
    SignUpClosed,
    /// The seed is negative.
    SeedNegative,
    /// A tag is empty, too long, or one too many.
    TagInvalid,
    /// The target is among the columns that are left out.
    TargetExcluded,
    /// The column cannot be predicted.
    TargetNotUsable,
    /// More objects are named than one request may change.
    TooMany,
    /// The token of the link is unknown, used or too old.
    TokenInvalid,
    /// The viewer has as many tokens as one may have.
    TooManyTokens,
    /// The viewer has as many webhooks as one may have.
    TooManyWebhooks,
    /// Bytes of the upload are missing.
    UploadIncomplete,
    /// There is no such part of the upload, or too many were asked for at a time.
    UploadParts,
    /// More bytes have arrived than were announced.
    UploadTooLarge,
    /// This is no address that a webhook can have.
    UrlInvalid,
    /// The address of the webhook lies in a private network, and the server does not allow those.
    UrlNotPublic,
    /// The validation is incomplete, or cannot be done on this data.
    ValidationInvalid,
    /// The column cannot say how much rows count.
    WeightNotUsable,
    /// A value of a row is of another type than the model takes.
    WrongType,
    /// There are not two classes for a threshold to decide between.
    ThresholdDoesNotFit,
    /// The threshold's least recall or precision is no share, or is missing.
    ThresholdOutOfRange,
    /// The limit of the time to answer a row is too small or too large.
    LatencyOutOfRange,
    /// Something else; the message says what.
    Other,
}

impl UserErrorCode {
    /// The code of that name.
    pub fn named(name: &str) -> Self {
        let listed = Self::items().iter().find(|item| item.name == name);
        listed.map_or_else(
            || {
                tracing::error!(code = name, "a user error has a code that is not in the list");
                Self::Other
            },
            |item| item.value,
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Every code that a source file of this crate gives a user error.
    fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                codes_in(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            for mark in ["UserError::of(", "UserError {"] {
                for (start, _) in text.match_indices(mark) {
                    // The code is the first string in capitals; the message that follows is none.
                    let call: String = text[start + mark.len()..].chars().take(200).collect();
                    let mut pieces: Vec<&str> = call.split('"').collect();
                    // A string that goes on beyond what was taken is none.
                    pieces.truncate((pieces.len() - 1) / 2 * 2);
                    let mut strings = pieces.iter().skip(1).step_by(2).copied();
                    let is_code = |text: &&str| {
                        text.len() > 2 && text.chars().all(|one| one.is_ascii_uppercase() || one == '_')
                    };
                    found.extend(strings.find(is_code).map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn every_code_in_the_sources_is_in_the_list() {
        let mut found = BTreeSet::new();
        codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.len() > 20, "the sources were read: {found:?}");
        let listed: BTreeSet<String> = UserErrorCode::items()
            .iter()
            .map(|item| item.name.to_owned())
            .collect();
        let missing: Vec<&String> = found.difference(&listed).collect();
        assert!(missing.is_empty(), "add them to UserErrorCode: {missing:?}");
    }
}
