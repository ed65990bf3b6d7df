//! Mail about accounts: once a request, with a link that works once, whatever preferences say.

use entities::{job, mail};
use platform::accounts::local;
use platform::accounts::passwords::Passwords;
use platform::mail::Address;
use platform::{Platform, Secret};
use sea_orm::Set;

use crate::SOON;
use crate::office::{ADDRESS, Office, WAITS};

const PASSWORD: &str = "correct stork bakery";

async fn with_password() -> Office {
    let office = Office::with_folder().await;
    let address = Address::parse(ADDRESS).unwrap();
    let password = Secret::new(PASSWORD);
    let passwords = Passwords::default();
    let set = local::set_password(&office.platform, &passwords, office.user_id, &address, &password);
    set.await.unwrap().unwrap();
    office
}

async fn ask_for_reset(platform: &Platform) {
    let address = Address::parse(ADDRESS).unwrap();
    local::request_reset(platform, &address).await.unwrap();
}

/// A mail as its reader sees it: quoted-printable undone.
fn read(office: &Office, row: &mail::Model) -> String {
    let file = office
        .home
        .path()
        .join("outbox")
        .join(row.message_id.as_ref().unwrap());
    let text = std::fs::read_to_string(file).unwrap();
    text.replace("=\r\n", "").replace("=3D", "=")
}

/// The token of the link to that page, which is in the mail's text and in its HTML.
fn token(text: &str, page: &str) -> String {
    let start = format!("https://automl.example/{page}#token=");
    let found = text
        .split(&start)
        .nth(1)
        .unwrap_or_else(|| panic!("no link in {text}"));
    let is_token = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    found
        .chars()
        .take_while(|character| is_token(*character))
        .collect()
}

#[tokio::test]
async fn a_reset_is_one_mail_whose_link_works_once() {
    let office = with_password().await;
    // Whoever wants no mail still gets what they ask for.
    office.change_user(|user| user.mail_enabled = Set(false)).await;
    ask_for_reset(&office.platform).await;
    let senders = [office.sender("one", WAITS), office.sender("two", WAITS)];
    let rows = office.settled(SOON).await;
    let kinds: Vec<mail::Kind> = rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [mail::Kind::VerifyEmail, mail::Kind::ResetPassword]);
    assert!(
        rows.iter()
            .all(|row| row.state == mail::State::Sent && row.attempts == 1),
        "{rows:?}"
    );
    let text = read(&office, &rows[1]);
    assert!(text.contains("\r\nSubject: Set a new password\r\n"), "{text}");
    assert!(!text.contains("Unsubscribe"), "{text}");
    let token = token(&text, "reset");
    let new = Secret::new("another stork bakery");
    let passwords = Passwords::default();
    let reset = async || {
        local::reset_password(&office.platform, &passwords, &token, &new)
            .await
            .unwrap()
    };
    assert_eq!(reset().await, Ok(office.user_id));
    assert!(reset().await.is_err());
    for sender in senders {
        sender.stop().await;
    }
}

#[tokio::test]
async fn a_link_that_is_void_is_not_sent() {
    let office = with_password().await;
    ask_for_reset(&office.platform).await;
    ask_for_reset(&office.platform).await;
    let sender = office.sender("s", WAITS);
    let rows = office.settled(SOON).await;
    let states: Vec<mail::State> = rows.iter().map(|row| row.state).collect();
    assert_eq!(
        states,
        [mail::State::Sent, mail::State::Skipped, mail::State::Sent],
        "{rows:?}"
    );
    sender.stop().await;
}

#[tokio::test]
async fn mail_about_jobs_waits_for_the_proof_of_the_address() {
    let office = with_password().await;
    office.ended(job::State::Completed).await;
    let sender = office.sender("s", WAITS);
    let rows = office.settled(SOON).await;
    assert_eq!(rows[1].state, mail::State::Skipped, "{rows:?}");
    assert_eq!(
        rows[1].error.as_deref(),
        Some("the mail address has not been verified yet")
    );
    let token = token(&read(&office, &rows[0]), "verify");
    platform::accounts::addresses::verify_address(&office.platform, &token)
        .await
        .unwrap()
        .unwrap();
    office.ended(job::State::Completed).await;
    let rows = office.settled(SOON).await;
    assert_eq!(rows[2].state, mail::State::Sent, "{rows:?}");
    sender.stop().await;
}
