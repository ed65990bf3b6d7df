use std::path::Path;

use entities::mail::Kind;
use uuid::Uuid;

use super::template::{Links, Page, render};
use crate::notify::Facts;

fn facts() -> Facts {
    Facts {
        user_name: "Ada".to_owned(),
        job_id: Uuid::nil(),
        job_name: "Penguins: species".to_owned(),
        dataset_id: Uuid::nil(),
        dataset_name: "Penguins".to_owned(),
        target: "species".to_owned(),
        metric: Some("log_loss".to_owned()),
        score: Some(0.032_149),
        interval: Some((0.01, 0.05)),
        baseline: Some(1.04),
        metrics: vec![("accuracy".to_owned(), 0.985), ("roc_auc".to_owned(), 0.0)],
        trials: 12,
        seconds: Some(62.4),
        failed_step: None,
        reason: None,
        webhook: None,
    }
}

fn page(kind: Kind, facts: &Facts) -> Page {
    render(kind, facts, &Links::new("https://automl.example", facts, "TOKEN"))
}

/// Compares with the stored answer; with `UPDATE_SNAPSHOTS` set it stores this one, to be read before it is committed.
fn check(name: &str, actual: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notify/mail/snapshots");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(folder.join(name), actual).unwrap();
    }
    let expected = std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(actual, expected, "{name}");
}

/// What a hostile name could carry: a script, an attribute's end, a header, an entity, a change of direction.
const HOSTILE: &str =
    "<script>alert(1)</script>\" onload='x'\r\nBcc: eve@example.com\r\n\r\n&amp;\u{202e}\u{0}%0d%0a";

#[test]
fn a_completed_job_in_words() {
    let page = page(Kind::Completed, &facts());
    assert_eq!(page.subject, "Model ready: Penguins: species");
    check("completed.txt", &page.text);
    check("completed.html", &page.html);
}

#[test]
fn a_failed_job_in_words() {
    let facts = Facts {
        failed_step: Some("prepare".to_owned()),
        reason: Some("The target has one value only.\nChoose another one.".to_owned()),
        ..facts()
    };
    let page = page(Kind::Failed, &facts);
    assert_eq!(page.subject, "Training failed: Penguins: species");
    check("failed.txt", &page.text);
    check("failed.html", &page.html);
}

#[test]
fn a_webhook_that_was_switched_off_in_words() {
    let facts = Facts {
        webhook: Some("hooks.example.com:8443".to_owned()),
        reason: Some("nothing has arrived for 5 days: the receiver answered 500".to_owned()),
        ..facts()
    };
    let page = page(Kind::WebhookDisabled, &facts);
    assert_eq!(page.subject, "Webhook switched off: hooks.example.com:8443");
    for told in [
        "Your webhook to “hooks.example.com:8443” is told nothing any more",
        "Reason: nothing has arrived for 5 days: the receiver answered 500",
        "Open the settings: https://automl.example/settings",
    ] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
}

#[test]
fn hostile_names_stay_text() {
    let facts = Facts {
        user_name: HOSTILE.to_owned(),
        job_name: HOSTILE.to_owned(),
        dataset_name: HOSTILE.to_owned(),
        target: HOSTILE.to_owned(),
        metric: Some(HOSTILE.to_owned()),
        metrics: vec![(HOSTILE.to_owned(), 1.0)],
        failed_step: Some(HOSTILE.to_owned()),
        reason: Some(HOSTILE.to_owned()),
        webhook: Some(HOSTILE.to_owned()),
        ..facts()
    };
    for (kind, kept) in [
        (Kind::Completed, Some("hostile-completed.html")),
        (Kind::Failed, Some("hostile-failed.html")),
        (Kind::WebhookDisabled, None),
    ] {
        let page = page(kind, &facts);
        if let Some(name) = kept {
            check(name, &page.html);
        }
        assert!(!page.html.contains("<script"), "{}", page.html);
        assert!(
            !page.subject.contains(['\r', '\n', '\0', '\u{202e}']),
            "{:?}",
            page.subject
        );
        for line in page.text.lines().chain(page.html.lines()) {
            assert!(!line.starts_with("Bcc"), "{line}");
            assert!(!line.contains(['\0', '\u{202e}', '\r']), "{line:?}");
        }
        // A link's quotes end where we end them.
        for link in page.html.split("href=\"").skip(1) {
            let value = link.split('"').next().unwrap_or_default();
            assert!(value.starts_with("https://automl.example/"), "{value}");
        }
    }
}

#[test]
fn what_is_unknown_is_not_told() {
    let page = page(Kind::Completed, &Facts::default());
    for absent in ["interval", "baseline", "Time", "Models tried", "NaN", "None"] {
        assert!(!page.text.contains(absent), "{absent}: {}", page.text);
    }
}
