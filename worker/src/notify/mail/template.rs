//! The words of a mail, as plain text and as HTML. Every value is made one line and escaped here, and nowhere else.

use entities::mail::Kind;
use platform::links;
use platform::mail::one_line;

use crate::notify::Facts;

/// Longest name or column that is shown, characters.
const NAME: usize = 120;
/// Longest reason that is shown, characters.
const REASON: usize = 1000;

/// Where a mail leads.
#[derive(Clone, Debug)]
pub struct Links {
    job: String,
    retry: String,
    settings: String,
    unsubscribe: String,
}

impl Links {
    /// The links of a mail about that job, with the right to unsubscribe in them.
    pub fn new(base: &str, facts: &Facts, token: &str) -> Self {
        Self {
            job: links::job(base, facts.job_id),
            retry: links::train(base, facts.dataset_id, &facts.target),
            settings: links::settings_page(base),
            unsubscribe: links::unsubscribe(base, token),
        }
    }
}

/// A rendered mail.
#[derive(Clone, Debug)]
pub struct Page {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A whole HTML page.
    pub html: String,
}

/// What is said, before it becomes text or HTML. Every string is one line and not escaped yet.
struct Content {
    subject: String,
    greeting: String,
    lead: String,
    rows: Vec<(String, String)>,
    action: (&'static str, String),
    second: (&'static str, String),
}

/// The mail about a job that ended.
pub fn render(kind: Kind, facts: &Facts, links: &Links) -> Page {
    let content = match kind {
        Kind::Completed => completed(facts, links),
        Kind::WebhookDisabled => webhook_disabled(facts, links),
        _ => failed(facts, links),
    };
    Page {
        subject: content.subject.clone(),
        text: text(&content, links),
        html: html(&content, links),
    }
}

fn completed(facts: &Facts, links: &Links) -> Content {
    let job = one_line(&facts.job_name, NAME);
    let mut rows = common_rows(facts);
    if let (Some(metric), Some(score)) = (&facts.metric, facts.score) {
        rows.push((format!("{} on unseen rows", metric_name(metric)), number(score)));
    }
    if let Some((low, high)) = facts.interval {
        rows.push((
            "95 % interval".to_owned(),
            format!("{} to {}", number(low), number(high)),
        ));
    }
    if let Some(baseline) = facts.baseline {
        rows.push(("The baseline has".to_owned(), number(baseline)));
    }
    for (name, value) in &facts.metrics {
        rows.push((metric_name(name), number(*value)));
    }
    Content {
        subject: format!("Model ready: {job}"),
        greeting: greeting(&facts.user_name),
        lead: format!("Your training job “{job}” has a model."),
        rows,
        action: ("See the model", links.job.clone()),
        second: ("Train again", links.retry.clone()),
    }
}

fn failed(facts: &Facts, links: &Links) -> Content {
    let job = one_line(&facts.job_name, NAME);
    let mut rows = common_rows(facts);
    if let Some(step) = &facts.failed_step {
        rows.push(("Failed at".to_owned(), one_line(step, NAME)));
    }
    if let Some(reason) = &facts.reason {
        rows.push(("Reason".to_owned(), one_line(reason, REASON)));
    }
    Content {
        subject: format!("Training failed: {job}"),
        greeting: greeting(&facts.user_name),
        lead: format!("Your training job “{job}” failed and has no model."),
        rows,
        action: ("Try again", links.retry.clone()),
        second: ("See what happened", links.job.clone()),
    }
}

fn webhook_disabled(facts: &Facts, links: &Links) -> Content {
    let host = one_line(facts.webhook.as_deref().unwrap_or_default(), NAME);
    let mut rows = vec![("The last job".to_owned(), one_line(&facts.job_name, NAME))];
    if let Some(reason) = &facts.reason {
        rows.push(("Reason".to_owned(), one_line(reason, REASON)));
    }
    Content {
        subject: format!("Webhook switched off: {host}"),
        greeting: greeting(&facts.user_name),
        lead: format!("Your webhook to “{host}” is told nothing any more, since nothing arrived there."),
        rows,
        action: ("Open the settings", links.settings.clone()),
        second: ("See the last job", links.job.clone()),
    }
}

/// How a person is greeted.
pub(super) fn greeting(user_name: &str) -> String {
    match one_line(user_name, NAME) {
        name if name.is_empty() => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    }
}

fn common_rows(facts: &Facts) -> Vec<(String, String)> {
    let mut rows = vec![
        ("Dataset".to_owned(), one_line(&facts.dataset_name, NAME)),
        ("Predicts".to_owned(), one_line(&facts.target, NAME)),
    ];
    if facts.trials > 0 {
        rows.push(("Models tried".to_owned(), facts.trials.to_string()));
    }
    if let Some(seconds) = facts.seconds {
        rows.push(("Time".to_owned(), duration(seconds)));
    }
    rows
}

fn text(content: &Content, links: &Links) -> String {
    let mut text = format!("{}\n\n{}\n\n", content.greeting, content.lead);
    for (name, value) in &content.rows {
        text.push_str(&format!("{name}: {value}\n"));
    }
    for (words, link) in [&content.action, &content.second] {
        text.push_str(&format!("\n{words}: {link}"));
    }
    text.push_str(&format!(
        "\n\n-- \nYou get this mail because your account asks for it.\nChoose what you get: {}\nNo more mail: {}\n",
        links.settings, links.unsubscribe
    ));
    text
}

fn html(content: &Content, links: &Links) -> String {
    let mut rows = String::new();
    for (name, value) in &content.rows {
        rows.push_str(&format!(
            "<tr><td style=\"padding:4px 16px 4px 0;color:#5b6472;vertical-align:top\">{}</td>\
             <td style=\"padding:4px 0;word-break:break-word\">{}</td></tr>\n",
            escaped(name),
            escaped(value)
        ));
    }
    let (action, action_link) = &content.action;
    let (second, second_link) = &content.second;
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{subject}</title></head>\n\
         <body style=\"margin:0;padding:24px;background:#f4f6f8;color:#1a2230;font:16px/1.5 system-ui,sans-serif\">\n\
         <div style=\"max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:12px\">\n\
         <p>{greeting}</p>\n<p><strong>{lead}</strong></p>\n<table role=\"presentation\" style=\"border-collapse:collapse\">\n{rows}</table>\n\
         <p style=\"margin:24px 0\"><a href=\"{action_link}\" style=\"padding:10px 18px;border-radius:8px;background:#1d5fd1;color:#fff;\
         text-decoration:none\">{action}</a> &nbsp; <a href=\"{second_link}\" style=\"color:#1d5fd1\">{second}</a></p>\n\
         <p style=\"font-size:13px;color:#5b6472\">You get this mail because your account asks for it. \
         <a href=\"{settings}\" style=\"color:#5b6472\">Choose what you get</a> · \
         <a href=\"{unsubscribe}\" style=\"color:#5b6472\">No more mail</a></p>\n</div>\n</body>\n</html>\n",
        subject = escaped(&content.subject),
        greeting = escaped(&content.greeting),
        lead = escaped(&content.lead),
        action_link = escaped(action_link),
        action = escaped(action),
        second_link = escaped(second_link),
        second = escaped(second),
        settings = escaped(&links.settings),
        unsubscribe = escaped(&links.unsubscribe),
    )
}

/// Safe as text and as the value of a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}

/// `roc_auc` becomes `roc auc`.
fn metric_name(metric: &str) -> String {
    one_line(&metric.replace('_', " "), NAME)
}

/// Four significant digits or so.
fn number(value: f64) -> String {
    if value == 0.0 || (1e-3..1e6).contains(&value.abs()) {
        let digits = if value.abs() >= 100.0 { 1 } else { 4 };
        let fixed = format!("{value:.digits$}");
        return fixed.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{value:.3e}")
}

fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}
