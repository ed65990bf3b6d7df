//! What is told of a table: of all its columns, or of some.

use serde_json::{Value, json};

use crate::setup::{Application, id};

const QUERY: &str =
    "query ($id: ID!, $names: [String!], $shown: [String!]) { node(id: $id) { ... on Dataset {
    profile { columns(names: $names) { name } preview(columns: $shown) } } } }";

/// Three columns and two rows, the second one short.
async fn table(application: &Application) -> String {
    let column = |name: &str| json!({ "name": name, "kind": "text", "role": "category", "as_target": { "usable": false } });
    let profile = json!({
        "rows": 2, "format": { "kind": "csv" },
        "columns": [column("species"), column("mass"), column("island")],
        "preview": [["Adelie", "3700", null], ["Gentoo"]],
    });
    id("dataset", application.profiled(&profile).await.id)
}

async fn ask(application: &Application, variables: Value) -> Value {
    application.graphql(&application.ann, QUERY, variables).await
}

#[tokio::test]
async fn columns_and_cells_of_some_names_are_told() {
    let application = Application::start().await;
    let table = table(&application).await;
    let all = ask(&application, json!({ "id": table })).await;
    assert_eq!(
        all["data"]["node"]["profile"],
        json!({
            "columns": [{ "name": "species" }, { "name": "mass" }, { "name": "island" }],
            "preview": [["Adelie", "3700", null], ["Gentoo", null, null]],
        })
    );
    let names = json!(["island", "nothing", "species"]);
    let some = ask(
        &application,
        json!({ "id": table, "names": names, "shown": ["mass", "species"] }),
    )
    .await;
    assert_eq!(
        some["data"]["node"]["profile"],
        json!({
            "columns": [{ "name": "species" }, { "name": "island" }],
            "preview": [["3700", "Adelie"], [null, "Gentoo"]],
        })
    );
    let none = ask(&application, json!({ "id": table, "names": [], "shown": [] })).await;
    assert_eq!(
        none["data"]["node"]["profile"],
        json!({ "columns": [], "preview": [[], []] })
    );
}

#[tokio::test]
async fn a_cell_of_no_column_is_refused() {
    let application = Application::start().await;
    let table = table(&application).await;
    let answer = ask(&application, json!({ "id": table, "shown": ["mass", "wings"] })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(answer["errors"][0]["path"], json!(["node", "profile", "preview"]));
}
