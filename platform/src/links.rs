//! Addresses of pages, for people who are not on one: mails.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::Settings;

/// Where people reach this server, without a slash at the end.
pub fn base(settings: &Settings) -> String {
    match &settings.public_url {
        Some(url) => url.clone(),
        None => format!("http://{}:{}", settings.host, settings.port),
    }
}

/// The page of a job: how it went and what it made.
pub fn job(base: &str, id: Uuid) -> String {
    format!("{base}/jobs/{}", public_id("job", id))
}

/// The page on which a job on that dataset and target is set up and started.
pub fn train(base: &str, dataset_id: Uuid, target: &str) -> String {
    // The page reads its parameters as JSON where they are JSON: a target named 5 has to say that it is text.
    let is_json = serde_json::from_str::<serde_json::Value>(target).is_ok();
    let target = if is_json {
        serde_json::Value::from(target).to_string()
    } else {
        target.to_owned()
    };
    let id = public_id("dataset", dataset_id);
    format!("{base}/datasets/{id}/train?target={}", percent_encoded(&target))
}

/// The page of preferences.
pub fn settings_page(base: &str) -> String {
    format!("{base}/settings")
}

/// The page that takes the proof of an address. The token follows `#`: no server and no log sees it.
pub fn verify(base: &str, token: &str) -> String {
    format!("{base}/verify#token={token}")
}

/// The page on which a new password is set, for whoever holds the token.
pub fn reset(base: &str, token: &str) -> String {
    format!("{base}/reset#token={token}")
}

/// The page to which an issuer sends browsers back, with a code.
pub fn sign_in_return(base: &str) -> String {
    format!("{base}/sign-in/return")
}

/// The page on which mail is switched off, for whoever holds the token.
pub fn unsubscribe(base: &str, token: &str) -> String {
    format!("{base}/v1/unsubscribe/{token}")
}

/// The id of an object as clients know it: base64url of `noun:uuid`.
pub fn public_id(noun: &str, key: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{noun}:{}", key.simple()))
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_parameter() {
        let id = Uuid::nil();
        for (target, expected) in [
            ("species", "species"),
            ("5", "%225%22"),
            ("a&b=c #?\r\n<x>", "a%26b%3Dc%20%23%3F%0D%0A%3Cx%3E"),
            ("größe", "gr%C3%B6%C3%9Fe"),
        ] {
            let link = train("https://a.example", id, target);
            assert_eq!(
                link.split_once("?target=").map(|(_, value)| value),
                Some(expected)
            );
        }
    }
}
