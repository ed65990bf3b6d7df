//! Mail about an account: its reader asked for it, so preferences and the unsubscribe link do not count. Its token is made here,
//! at every try the same, and is not stored.

use entities::mail::{AccountFacts, Kind, Model};
use entities::token;
use platform::accounts::proofs::Proofs;
use platform::database::now;
use platform::mail::{Address, Message};
use platform::{Error, Platform, links};
use sea_orm::EntityTrait;

use super::account_template::{self, Letter};
use super::outbox::Outcome;

/// The message of a row, or what becomes of it without one.
///
/// # Errors
/// When the database refuses.
pub async fn message(platform: &Platform, row: &Model) -> Result<Result<Message, Outcome>, Error> {
    let skipped = |why: &str| Ok(Err(Outcome::Skipped(why.to_owned())));
    let failed = |why: &str| Ok(Err(Outcome::Failed(why.to_owned())));
    let Ok(to) = Address::parse(&row.recipient) else {
        return failed("the mail address cannot be written to");
    };
    let Ok(facts) = serde_json::from_value::<AccountFacts>(row.facts.clone()) else {
        return failed("this version cannot read what it tells");
    };
    let base = links::base(&platform.settings);
    let letter = match (row.kind, facts.token_id) {
        (Kind::AccountExists, _) => Letter::AccountExists { page: base },
        (kind, Some(id)) => {
            let connection = platform.database.connection();
            let token = token::Entity::find_by_id(id).one(connection).await?;
            if token.is_none_or(|token| !token.is_alive(now())) {
                return skipped("its link is not good any more");
            }
            let token = Proofs::open(platform).await?.token(id);
            match kind {
                Kind::ResetPassword => Letter::Reset {
                    link: links::reset(&base, token.expose()),
                },
                _ => Letter::Verify {
                    link: links::verify(&base, token.expose()),
                },
            }
        }
        (_, None) => return failed("it has no link"),
    };
    let page = account_template::render(&facts.user_name, &letter);
    Ok(Ok(Message {
        reference: row.id.simple().to_string(),
        to,
        subject: page.subject,
        text: page.text,
        html: page.html,
        unsubscribe: None,
        date: row.created_at,
    }))
}
