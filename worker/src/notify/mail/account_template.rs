//! The words of mail about an account, as plain text and as HTML. Every value is made one line and escaped here.

use super::template::{Page, escaped, greeting};

/// What such a mail is for.
#[derive(Clone, PartialEq, Eq)]
pub enum Letter {
    /// Showing that the address is the reader's.
    Verify {
        /// Holds the token.
        link: String,
    },
    /// Setting a new password.
    Reset {
        /// Holds the token.
        link: String,
    },
    /// The address has an account already.
    AccountExists {
        /// Where to sign in.
        page: String,
    },
}

struct Words {
    subject: &'static str,
    lead: &'static str,
    action: &'static str,
    /// Why the reader gets it, and what to do about it.
    close: &'static str,
}

/// The mail to somebody of that name.
pub fn render(user_name: &str, letter: &Letter) -> Page {
    let (words, link) = match letter {
        Letter::Verify { link } => (&VERIFY, link),
        Letter::Reset { link } => (&RESET, link),
        Letter::AccountExists { page } => (&EXISTS, page),
    };
    let greeting = greeting(user_name);
    Page {
        subject: words.subject.to_owned(),
        text: format!(
            "{greeting}\n\n{}\n\n{}: {link}\n\n-- \n{}\n",
            words.lead, words.action, words.close
        ),
        html: html(&greeting, words, link),
    }
}

const VERIFY: Words = Words {
    subject: "Confirm your mail address",
    lead: "Please confirm that this mail address is yours. The link works once, within 24 hours.",
    action: "Confirm the address",
    close: "You get this mail because somebody gave this address to AutoML Lite. If it was not you, do nothing: without the link, \
            the address is not used.",
};
const RESET: Words = Words {
    subject: "Set a new password",
    lead: "You can set a new password now. The link works once, within an hour, and signs you out everywhere.",
    action: "Set a new password",
    close: "You get this mail because somebody asked for a new password for this address. If it was not you, do nothing: your \
            password stays as it is.",
};
const EXISTS: Words = Words {
    subject: "You have an account already",
    lead: "Somebody wanted to sign up with this address, which has an account already. To come in, sign in. If you do not know \
           the password, or have not confirmed the address yet, ask for a new password on the same page.",
    action: "Sign in",
    close: "You get this mail because somebody gave this address to AutoML Lite. If it was not you, do nothing: your account is \
            as it was.",
};

fn html(greeting: &str, words: &Words, link: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{subject}</title></head>\n\
         <body style=\"margin:0;padding:24px;background:#f4f6f8;color:#1a2230;font:16px/1.5 system-ui,sans-serif\">\n\
         <div style=\"max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:12px\">\n\
         <p>{greeting}</p>\n<p>{lead}</p>\n\
         <p style=\"margin:24px 0\"><a href=\"{link}\" style=\"padding:10px 18px;border-radius:8px;background:#1d5fd1;color:#fff;\
         text-decoration:none\">{action}</a></p>\n\
         <p style=\"font-size:13px;color:#5b6472;word-break:break-all\">{link}</p>\n\
         <p style=\"font-size:13px;color:#5b6472\">{close}</p>\n</div>\n</body>\n</html>\n",
        subject = escaped(words.subject),
        greeting = escaped(greeting),
        lead = escaped(words.lead),
        link = escaped(link),
        action = escaped(words.action),
        close = escaped(words.close),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_link_in_both_forms() {
        let link = "https://automl.example/reset#token=AbC-_9".to_owned();
        for letter in [
            Letter::Verify { link: link.clone() },
            Letter::Reset { link: link.clone() },
            Letter::AccountExists { page: link.clone() },
        ] {
            let page = render("Ada", &letter);
            assert!(page.text.starts_with("Hello Ada,\n"), "{}", page.text);
            assert_eq!(page.text.matches(&link).count(), 1);
            assert_eq!(page.html.matches(&format!("href=\"{link}\"")).count(), 1);
            assert!(!page.subject.contains("Ada"));
        }
    }

    #[test]
    fn hostile_names_stay_text() {
        let name = "<script>alert(1)</script>\" onload='x'\r\nBcc: eve@example.com\u{202e}";
        let link = "https://automl.example/verify#token=x".to_owned();
        let page = render(name, &Letter::Verify { link });
        assert!(!page.html.contains("<script"), "{}", page.html);
        for line in page.text.lines().chain(page.html.lines()) {
            assert!(
                !line.starts_with("Bcc") && !line.contains(['\r', '\u{202e}']),
                "{line:?}"
            );
        }
    }
}
