//! Models under names: versions, aliases, and asking whatever an alias points to.

use serde_json::{Value, json};

use crate::predict::{DEPLOY, stored};
use crate::setup::{Application, Person};

const SHOWN: &str =
    "registeredModel { name versions { number model { id } } aliases { alias version previousVersion } }";

async fn mutate(
    application: &Application,
    person: &Person,
    name: &str,
    input: Value,
    selection: &str,
) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {type_name}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
    );
    let answer = application
        .graphql(person, &query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"][name].clone()
}

async fn refused(application: &Application, person: &Person, name: &str, input: Value, code: &str) {
    let payload = mutate(application, person, name, input.clone(), "").await;
    assert_eq!(
        payload["userErrors"][0]["code"], code,
        "{name} {input}: {payload}"
    );
}

/// Ann's name with two versions; the models.
async fn two_versions(application: &Application) -> (String, String) {
    let (first, second) = (stored(application).await, stored(application).await);
    for model in [&first, &second, &first] {
        let input = json!({ "modelId": model, "name": " flats " });
        let payload = mutate(application, &application.ann, "registerModel", input, SHOWN).await;
        assert_eq!(payload["userErrors"], json!([]));
    }
    (first, second)
}

#[tokio::test]
async fn aliases_move_forth_and_back_among_versions() {
    let application = Application::start().await;
    let ann = &application.ann;
    let (first, second) = two_versions(&application).await;
    let promote = |version: i32| json!({ "name": "flats", "version": version, "alias": "production" });
    mutate(&application, ann, "promoteModel", promote(1), "").await;
    let promoted = mutate(&application, ann, "promoteModel", promote(2), SHOWN).await;
    let versions =
        json!([{ "number": 2, "model": { "id": second } }, { "number": 1, "model": { "id": first } }]);
    let shown = |version: i32, previous: i32| {
        json!({ "name": "flats", "versions": versions,
            "aliases": [{ "alias": "production", "version": version, "previousVersion": previous }] })
    };
    assert_eq!(promoted["registeredModel"], shown(2, 1));
    let back = json!({ "name": "flats", "alias": "production" });
    let rolled = mutate(&application, ann, "rollBackModel", back.clone(), SHOWN).await;
    assert_eq!(rolled["registeredModel"], shown(1, 2));

    // What the alias points to answers, as soon as it is deployed.
    let predict = "mutation ($input: PredictInput!) { predict(input: $input) { predictions { label } userErrors { code } } }";
    let ask = json!({ "input": { "alias": back, "rows": [{ "mass": 1.5 }] } });
    let answer = application.graphql(ann, predict, ask.clone()).await;
    assert_eq!(
        answer["data"]["predict"]["userErrors"],
        json!([{ "code": "NOT_DEPLOYED" }])
    );
    application.graphql(ann, DEPLOY, json!({ "id": first })).await;
    let answer = application.graphql(ann, predict, ask.clone()).await;
    assert_eq!(
        answer["data"]["predict"]["predictions"],
        json!([{ "label": "b" }]),
        "{answer}"
    );
    let theirs = application.graphql(&application.bob, predict, ask).await;
    assert_eq!(
        theirs["data"]["predict"]["userErrors"],
        json!([{ "code": "NOT_FOUND" }])
    );
    for both in [
        json!({ "rows": [{}] }),
        json!({ "modelId": first, "alias": back, "rows": [{}] }),
    ] {
        let answer = application.graphql(ann, predict, json!({ "input": both })).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_version_does_not_change_while_it_is_one() {
    let application = Application::start().await;
    let ann = &application.ann;
    let (first, _) = two_versions(&application).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on Model { job { id dataset { id } } } } }";
    let model = application.graphql(ann, query, json!({ "id": first })).await;
    let job = &model["data"]["node"]["job"];
    refused(
        &application,
        ann,
        "extendJob",
        json!({ "id": job["id"], "budgetSeconds": 60 }),
        "CONFLICT",
    )
    .await;
    refused(
        &application,
        ann,
        "deleteJob",
        json!({ "id": job["id"] }),
        "CONFLICT",
    )
    .await;
    refused(
        &application,
        ann,
        "deleteDataset",
        json!({ "id": job["dataset"]["id"] }),
        "CONFLICT",
    )
    .await;
}

#[tokio::test]
async fn versions_are_taken_away_and_the_last_one_takes_the_name() {
    let application = Application::start().await;
    let ann = &application.ann;
    let (first, _) = two_versions(&application).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on Model { job { id } } } }";
    let model = application.graphql(ann, query, json!({ "id": first })).await;
    let job = &model["data"]["node"]["job"];
    let deregister = |version: i32| json!({ "name": "flats", "version": version });
    mutate(
        &application,
        ann,
        "promoteModel",
        json!({ "name": "flats", "version": 1, "alias": "a" }),
        "",
    )
    .await;
    refused(&application, ann, "deregisterModel", deregister(1), "CONFLICT").await;
    mutate(
        &application,
        ann,
        "promoteModel",
        json!({ "name": "flats", "version": 2, "alias": "a" }),
        "",
    )
    .await;
    let gone = mutate(
        &application,
        ann,
        "deregisterModel",
        deregister(1),
        "deregisteredVersion",
    )
    .await;
    assert_eq!(gone, json!({ "deregisteredVersion": 1, "userErrors": [] }));
    refused(
        &application,
        ann,
        "rollBackModel",
        json!({ "name": "flats", "alias": "a" }),
        "CONFLICT",
    )
    .await;
    let deleted = mutate(
        &application,
        ann,
        "deleteJob",
        json!({ "id": job["id"] }),
        "deletedId",
    )
    .await;
    assert_eq!(deleted["deletedId"], job["id"]);
    // The last version takes the name and its alias along.
    mutate(&application, ann, "deregisterModel", deregister(2), "").await;
    let names = application
        .graphql(
            ann,
            "{ registeredModels { totalCount nodes { id } } registeredModel(name: \"flats\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(
        names["data"],
        json!({ "registeredModels": { "totalCount": 0, "nodes": [] }, "registeredModel": null })
    );
}

#[tokio::test]
async fn names_are_their_owner_s_and_bounded() {
    let application = Application::start().await;
    let (ann, bob) = (&application.ann, &application.bob);
    let (first, _) = two_versions(&application).await;
    for (name, input) in [
        ("registerModel", json!({ "modelId": first, "name": "flats" })),
        (
            "promoteModel",
            json!({ "name": "flats", "version": 1, "alias": "a" }),
        ),
        ("rollBackModel", json!({ "name": "flats", "alias": "a" })),
        ("deregisterModel", json!({ "name": "flats", "version": 1 })),
    ] {
        refused(&application, bob, name, input, "NOT_FOUND").await;
    }
    for name in ["", "  ", "a\nb", &"x".repeat(101)] {
        refused(
            &application,
            ann,
            "registerModel",
            json!({ "modelId": first, "name": name }),
            "REGISTRY_NAME",
        )
        .await;
    }
    for alias in ["", "a b", "ä", &"x".repeat(51)] {
        let input = json!({ "name": "flats", "version": 1, "alias": alias });
        refused(&application, ann, "promoteModel", input, "REGISTRY_NAME").await;
    }
    refused(
        &application,
        ann,
        "promoteModel",
        json!({ "name": "flats", "version": 3, "alias": "a" }),
        "NOT_FOUND",
    )
    .await;
    let query = "{ registeredModels(last: 1) { totalCount nodes { id name } } }";
    let own = application.graphql(ann, query, json!({})).await;
    assert_eq!(own["data"]["registeredModels"]["totalCount"], 1);
    let node = "query ($id: ID!) { node(id: $id) { ... on RegisteredModel { name } } }";
    let id = json!({ "id": own["data"]["registeredModels"]["nodes"][0]["id"] });
    assert_eq!(
        application.graphql(ann, node, id.clone()).await["data"]["node"]["name"],
        "flats"
    );
    assert_eq!(
        application.graphql(bob, node, id).await["data"]["node"],
        Value::Null
    );
    let theirs = application.graphql(bob, query, json!({})).await;
    assert_eq!(
        theirs["data"]["registeredModels"],
        json!({ "totalCount": 0, "nodes": [] })
    );
}
