//! Webhooks: what their owner does with them, and what is shown of them.

use entities::{dataset, job, webhook, webhook_delivery};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::setup::{Application, id};

const SHOWN: &str =
    "id url events enabled disabledReason deliveries { event state attempts status error job { id } }";

async fn change(application: &Application, name: &str, input: Value, selection: &str) -> Value {
    let input_type = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    );
    let answer = application
        .graphql(&application.ann, &query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{name}: {answer}");
    answer["data"][name].clone()
}

async fn create(application: &Application, url: &str) -> Value {
    let input = json!({ "url": url, "events": ["JOB_FAILED", "JOB_COMPLETED", "JOB_FAILED"] });
    change(
        application,
        "createWebhook",
        input,
        &format!("webhook {{ {SHOWN} }} secret"),
    )
    .await
}

#[tokio::test]
async fn a_secret_is_shown_once() {
    let application = Application::start().await;
    let made = create(&application, "https://example.com/hook").await;
    assert_eq!(made["userErrors"], json!([]));
    assert_eq!(made["webhook"]["events"], json!(["JOB_COMPLETED", "JOB_FAILED"]));
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let list = application
        .graphql(
            &application.ann,
            &format!("{{ webhooks {{ {SHOWN} }} }}"),
            json!({}),
        )
        .await;
    assert_eq!(list["data"]["webhooks"], json!([made["webhook"]]));
    let node = "query ($id: ID!) { node(id: $id) { ... on Webhook { url enabled } } }";
    let node = application
        .graphql(&application.ann, node, json!({ "id": made["webhook"]["id"] }))
        .await;
    assert_eq!(
        node["data"]["node"],
        json!({ "url": "https://example.com/hook", "enabled": true })
    );
    assert!(!list.to_string().contains(secret) && !node.to_string().contains(secret));
    let schema = api::sdl();
    let webhook = schema
        .split("type Webhook ")
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    assert!(!webhook.contains("secret"), "{webhook}");
    let own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let input = json!({ "url": "https://example.com", "events": ["JOB_FAILED"], "secret": own });
    let made = change(&application, "createWebhook", input, "secret").await;
    assert_eq!(made["secret"], own);
}

#[tokio::test]
async fn what_cannot_be_told_is_refused_in_words() {
    let application = Application::start().await;
    let good = json!({ "url": "https://example.com", "events": ["JOB_FAILED"] });
    for (field, value, code) in [
        ("url", json!("example.com"), "URL_INVALID"),
        ("url", json!("http://example.com"), "URL_INVALID"),
        ("url", json!("https://ada:b@example.com"), "URL_INVALID"),
        ("url", json!("https://10.0.0.1/"), "URL_NOT_PUBLIC"),
        (
            "url",
            json!("https://[::ffff:169.254.169.254]/"),
            "URL_NOT_PUBLIC",
        ),
        ("events", json!([]), "EVENTS_INVALID"),
        ("events", json!(["TEST"]), "EVENTS_INVALID"),
        ("secret", json!("hunter2"), "SECRET_INVALID"),
    ] {
        let mut input = good.clone();
        input[field] = value;
        let refused = change(&application, "createWebhook", input, "webhook { id } secret").await;
        let error = &refused["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["field"]),
            (&code.into(), &json!(["input", field])),
            "{refused}"
        );
        assert_eq!(
            (&refused["webhook"], &refused["secret"]),
            (&Value::Null, &Value::Null)
        );
        assert!(!refused.to_string().contains("hunter2"));
    }
    for _ in 0..10 {
        assert_eq!(
            create(&application, "https://example.com").await["userErrors"],
            json!([])
        );
    }
    assert_eq!(
        create(&application, "https://example.com").await["userErrors"][0]["code"],
        "TOO_MANY_WEBHOOKS"
    );
}

#[tokio::test]
async fn it_is_changed_tested_and_deleted() {
    let application = Application::start().await;
    let made = create(&application, "https://example.com/hook").await;
    let key = made["webhook"]["id"].clone();
    let selection = format!("webhook {{ {SHOWN} }}");
    let input = json!({ "id": key, "url": "https://example.org/", "events": ["JOB_FAILED"] });
    let changed = change(&application, "updateWebhook", input, &selection).await;
    assert_eq!(changed["webhook"]["url"], "https://example.org/");
    assert_eq!(changed["webhook"]["events"], json!(["JOB_FAILED"]));
    let input = json!({ "id": key, "url": "https://127.0.0.1/" });
    let refused = change(&application, "updateWebhook", input, &selection).await;
    assert_eq!(refused["userErrors"][0]["code"], "URL_NOT_PUBLIC");
    let off = json!({ "id": key, "enabled": false });
    let off = change(&application, "updateWebhook", off, &selection).await;
    assert_eq!(off["webhook"]["enabled"], false);
    assert_eq!(off["webhook"]["disabledReason"], "its owner has switched it off");
    let test = async || {
        let selection = "delivery { event state messageId job { id } }";
        change(&application, "testWebhook", json!({ "id": key }), selection).await
    };
    assert_eq!(test().await["userErrors"][0]["code"], "CONFLICT");
    change(
        &application,
        "updateWebhook",
        json!({ "id": key, "enabled": true }),
        &selection,
    )
    .await;
    let tested = test().await;
    assert_eq!(
        (&tested["delivery"]["event"], &tested["delivery"]["state"]),
        (&"TEST".into(), &"QUEUED".into())
    );
    assert_eq!(test().await["userErrors"][0]["code"], "CONFLICT");
    let gone = change(&application, "deleteWebhook", json!({ "id": key }), "deletedId").await;
    assert_eq!(gone["deletedId"], key);
    let gone = change(&application, "deleteWebhook", json!({ "id": key }), "deletedId").await;
    assert_eq!(gone["userErrors"][0]["code"], "NOT_FOUND");
    let left = webhook_delivery::Entity::find()
        .all(application.platform.database.connection())
        .await;
    assert!(left.unwrap().is_empty(), "its deliveries go with it");
}

#[tokio::test]
async fn deliveries_are_shown_with_the_job_and_the_last_twenty_with_the_webhook() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Failed).await;
    create(&application, "https://example.com/hook").await;
    let connection = application.platform.database.connection();
    let hook = webhook::Entity::find().one(connection).await.unwrap().unwrap();
    for version in 0..25 {
        let told = Some((row.id, version));
        let event = webhook::Event::JobFailed;
        let made = platform::webhooks::queue(connection, &hook, event, told, &json!({}))
            .await
            .unwrap();
        let mut made = made.into_active_model();
        made.state = Set(webhook_delivery::State::Failed);
        made.status = Set(Some(500));
        made.attempts = Set(i32::try_from(version).unwrap());
        made.error = Set(Some("the receiver answered 500".to_owned()));
        made.update(connection).await.unwrap();
    }
    let query = format!(
        "query ($id: ID!) {{ webhooks {{ {SHOWN} }} node(id: $id) {{ ... on Job {{ notifications {{ kind channel state error }} }} }} }}"
    );
    let job = id("job", row.id);
    let answer = application
        .graphql(&application.ann, &query, json!({ "id": job }))
        .await;
    let deliveries = answer["data"]["webhooks"][0]["deliveries"].as_array().unwrap();
    assert_eq!(
        (deliveries.len(), &deliveries[0]["attempts"]),
        (20, &24.into()),
        "{answer}"
    );
    assert_eq!(deliveries[19]["job"]["id"], job);
    let shown = &answer["data"]["node"]["notifications"][0];
    let expected = json!({
        "kind": "FAILED", "channel": "WEBHOOK", "state": "FAILED", "error": "the receiver answered 500",
    });
    assert_eq!(*shown, expected);
}
