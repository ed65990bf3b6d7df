//! Giving what belonged to the user "default" of version 1 to somebody.

use async_graphql::{Context, ID, InputObject, Object};
use entities::Viewer;
use entities::user::Role;
use platform::default_data::{self, Refused};

use super::account::state;
use super::id::{self, Noun};
use super::payload::{UserError, payload};
use crate::failure::{Code, Failure};

/// Characters of a reason at most.
const MAX_REASON: usize = 500;

/// Whose the data is from now on.
#[derive(InputObject)]
pub struct ClaimDefaultDataInput {
    /// The person who gets it.
    user_id: ID,
    /// Why, for the audit log: 1 to 500 characters.
    reason: String,
}

payload! {
    /// What `claimDefaultData` answers.
    ClaimDefaultDataPayload {
        /// Rows of all kinds that went over.
        claimed_rows: i32
    }
}

/// Changes of whose the data of version 1 is.
#[derive(Default)]
pub struct DefaultDataMutation;

#[Object]
impl DefaultDataMutation {
    /// Gives everything that belonged to the user "default" of version 1, whom nobody can come in as, to one person. For
    /// administrators; it is done once and as a whole, and is recorded.
    async fn claim_default_data(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "To whom, and why.")] input: ClaimDefaultDataInput,
    ) -> Result<Option<ClaimDefaultDataPayload>, Failure> {
        let key = id::decode_as(&input.user_id, Noun::User)?;
        if context.data_unchecked::<Viewer>().role != Role::Admin {
            return Err(Failure::client(Code::Forbidden, "This is for administrators."));
        }
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(error) => return Ok(Some(Err(vec![error]).into())),
        };
        let outcome = match default_data::claim(&state(context).platform, key, reason).await {
            Ok(Ok(claimed)) => {
                let rows: u64 = claimed.rows.iter().map(|(_, rows)| rows).sum();
                Ok(i32::try_from(rows).unwrap_or(i32::MAX))
            }
            Ok(Err(refused)) => Err(vec![mendable(refused)]),
            Err(platform::Error::Gone) => Err(vec![UserError::not_found("userId", "user")]),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(outcome.into()))
    }
}

/// What an administrator says, without blanks around it.
fn reason(text: &str) -> Result<&str, UserError> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=MAX_REASON).contains(&length) {
        return Ok(text);
    }
    let message =
        format!("The reason has {length} characters; it must have 1 to {MAX_REASON}: it is recorded.");
    Err(UserError::of("reason", "REASON_INVALID", message))
}

fn mendable(refused: Refused) -> UserError {
    match refused {
        Refused::Nothing => UserError {
            code: "NOTHING_TO_CLAIM".to_owned(),
            message: refused.to_string(),
            field: None,
        },
        Refused::Several | Refused::Same | Refused::Unfinished | Refused::Suspended => {
            UserError::of("userId", "CONFLICT", refused.to_string())
        }
    }
}
