//! Giving what belonged to the user "default" of version 1 to somebody.

use async_graphql::{Context, ID, InputObject, Object};
use platform::default_data::{self, Refused};

use super::administrator::{administrator, reason};
use super::id::{self, Noun};
use super::payload::{UserError, payload};
use crate::failure::Failure;

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
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let outcome = match default_data::claim(&state.platform, key, reason).await {
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
