//! Notifications by mail.

mod account;
mod account_template;
mod outbox;
mod sender;
mod template;

#[cfg(test)]
mod template_tests;

use async_trait::async_trait;
use entities::mail::{Channel as Name, Kind};
use entities::user;
use platform::Platform;
use tokio::sync::watch;

use super::{Addressee, Channel};

pub use sender::{Sender, Waits};

/// The channel.
#[derive(Debug)]
pub struct ByMail;

#[async_trait]
impl Channel for ByMail {
    fn name(&self) -> Name {
        Name::Mail
    }

    fn addressee(&self, user: &user::Model, kind: Kind) -> Addressee {
        let is_wanted = match kind {
            Kind::Completed => user.mail_completed,
            Kind::Failed => user.mail_failed,
            // It stops by itself, and nobody would know.
            Kind::WebhookDisabled => true,
            // These are asked for one by one and are not sent this way.
            Kind::VerifyEmail | Kind::ResetPassword | Kind::AccountExists => false,
        };
        match &user.email {
            None => Addressee::Skip("there is no mail address in the settings"),
            Some(_) if !user.mail_enabled => Addressee::Skip("mail is switched off in the settings"),
            Some(_) if user.must_verify() => Addressee::Skip("the mail address has not been verified yet"),
            Some(_) if !is_wanted => Addressee::Skip("this kind of mail is switched off in the settings"),
            Some(email) => Addressee::Send(email.clone()),
        }
    }

    async fn run(&self, platform: Platform, worker: String, shutdown: watch::Receiver<bool>) {
        let poll = platform.settings.poll;
        Sender::new(
            platform,
            worker,
            Waits {
                poll,
                ..Waits::default()
            },
        )
        .run(shutdown)
        .await;
    }
}
