//! Whose pages may use the API, what a status says, and what can be switched off.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use crate::setup::{Answer, Application};
use crate::websocket;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const LISTED: &str = "https://pages.example";

async fn with_origin() -> Application {
    Application::start_with(|settings| {
        settings.doors.allowed_origins = vec![LISTED.to_owned()];
        settings.public_url = Some("https://automl.example".to_owned());
    })
    .await
}

async fn send(application: &Application, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:8080")
        .header("content-type", JSON)
        .header("graphql-require-preflight", "1")
        .header("authorization", format!("Bearer {}", application.ann.token));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::from(json!({ "query": "{ __typename }" }).to_string());
    application.send(request.body(body).unwrap()).await
}

fn shared_with(answer: &Answer) -> &str {
    answer.header("access-control-allow-origin")
}

#[tokio::test]
async fn pages_of_listed_origins_may_ask() {
    let application = with_origin().await;
    for path in ["/graphql", "/v1/uploads/x", "/v1/models/x/predict"] {
        let asked = [
            ("origin", LISTED),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        let answer = send(&application, Method::OPTIONS, path, &asked).await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(shared_with(&answer), LISTED);
        assert_eq!(
            answer.header("access-control-allow-methods"),
            "GET, HEAD, POST, PATCH"
        );
        for header in [
            "authorization",
            "content-type",
            "graphql-require-preflight",
            "upload-offset",
        ] {
            assert!(
                answer.header("access-control-allow-headers").contains(header),
                "{header}"
            );
        }
        assert!(
            answer
                .headers
                .get_all("vary")
                .iter()
                .any(|value| value == "origin")
        );
        assert!(answer.headers.get("access-control-allow-credentials").is_none());
    }
    let answer = send(&application, Method::POST, "/graphql", &[("origin", LISTED)]).await;
    assert_eq!((answer.status.as_u16(), shared_with(&answer)), (200, LISTED));
    assert!(
        answer
            .header("access-control-expose-headers")
            .contains("x-request-id")
    );
    // Refusals can be read as well.
    let answer = send(
        &application,
        Method::POST,
        "/graphql",
        &[("origin", LISTED), ("accept", "text/html")],
    )
    .await;
    assert_eq!((answer.status.as_u16(), shared_with(&answer)), (406, LISTED));
}

#[tokio::test]
async fn pages_of_other_origins_may_not() {
    let application = with_origin().await;
    for origin in [
        "https://evil.example",
        "https://pages.example.evil.example",
        "http://pages.example",
        "https://pages.example:8443",
        "null",
        "*",
    ] {
        let asked = [("origin", origin), ("access-control-request-method", "POST")];
        let preflight = send(&application, Method::OPTIONS, "/graphql", &asked).await;
        assert!(!preflight.status.is_success(), "{origin}");
        let get = send(
            &application,
            Method::GET,
            "/graphql?query=%7B__typename%7D",
            &[("origin", origin)],
        )
        .await;
        let post = send(&application, Method::POST, "/graphql", &[("origin", origin)]).await;
        assert_eq!(post.status, 403, "{origin}");
        assert_eq!(post.json()["errors"][0]["extensions"]["code"], "FORBIDDEN");
        for answer in [preflight, get, post] {
            assert_eq!(shared_with(&answer), "", "{origin}");
            assert!(
                answer
                    .headers
                    .get_all("vary")
                    .iter()
                    .any(|value| value == "origin")
            );
        }
    }
    // This server's own pages, also behind a proxy that sends requests on under another host.
    for origin in ["http://127.0.0.1:8080", "https://automl.example"] {
        let answer = send(&application, Method::POST, "/graphql", &[("origin", origin)]).await;
        assert_eq!(
            (answer.status.as_u16(), shared_with(&answer)),
            (200, ""),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn without_a_list_nothing_is_shared() {
    let application = Application::start().await;
    let asked = [("origin", LISTED), ("access-control-request-method", "POST")];
    let preflight = send(&application, Method::OPTIONS, "/graphql", &asked).await;
    let post = send(&application, Method::POST, "/graphql", &[("origin", LISTED)]).await;
    assert_eq!((preflight.status.as_u16(), post.status.as_u16()), (405, 403));
    assert_eq!((shared_with(&preflight), shared_with(&post)), ("", ""));
}

#[tokio::test]
async fn the_list_holds_for_websockets() {
    let application = with_origin().await;
    let address = application.listen().await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    assert!(
        websocket::open(address, &[protocol, ("origin", LISTED)])
            .await
            .is_ok()
    );
    let evil = websocket::open(address, &[protocol, ("origin", "https://evil.example")]).await;
    assert_eq!(evil.err(), Some(403));
}

#[tokio::test]
async fn who_is_found_by_tls_says_so() {
    let answer = send(&with_origin().await, Method::GET, "/livez", &[]).await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=63072000");
    let answer = send(&Application::start().await, Method::GET, "/livez", &[]).await;
    assert_eq!(answer.header("strict-transport-security"), "");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(
        answer
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
}

async fn ask(application: &Application, accept: &str, body: &str) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", JSON)
        .header("accept", accept)
        .header("authorization", format!("Bearer {}", application.ann.token))
        .body(Body::from(body.to_owned()));
    application.send(request.unwrap()).await
}

/// What `AUTOML_GRAPHQL_STATUS` changes; `http.rs` has the rest.
#[tokio::test]
async fn statuses_follow_the_audits_or_the_draft() {
    let audit = Application::start().await;
    let draft =
        Application::start_with(|settings| settings.doors.statuses = platform::settings::Statuses::Draft)
            .await;
    // Body; then, for each media type, the status by the audits and by the draft.
    for (body, of_graphql, of_json) in [
        (r#"{"query":"{ __typename }"}"#, (200, 200), (200, 200)),
        ("{", (400, 400), (400, 400)),
        ("", (400, 400), (400, 400)),
        (r#"{"qeury":"{ __typename }"}"#, (400, 422), (400, 422)),
        (
            r#"{"query":"{ __typename }","variables":[7]}"#,
            (400, 422),
            (400, 422),
        ),
        (r#"[{"query":"{ __typename }"}]"#, (400, 422), (400, 422)),
        (r#"{"query":"{"}"#, (400, 400), (200, 400)),
        (r#"{"query":"{ nothing }"}"#, (400, 422), (200, 422)),
        (
            r#"{"query":"query A { __typename }","operationName":"B"}"#,
            (400, 422),
            (200, 422),
        ),
        (
            r#"{"query":"query ($id: ID!) { node(id: $id) { id } }"}"#,
            (400, 422),
            (200, 422),
        ),
        (r#"{"documentId":"unknown"}"#, (400, 422), (200, 422)),
        // Partial success has a code of its own where the media type makes its meaning clear.
        (
            r#"{"query":"{ node(id: \"nonsense\") { id } __typename }"}"#,
            (200, 294),
            (200, 200),
        ),
    ] {
        for (media_type, (by_audit, by_draft)) in [(GRAPHQL, of_graphql), (JSON, of_json)] {
            let one = ask(&audit, media_type, body).await;
            let other = ask(&draft, media_type, body).await;
            assert_eq!(one.status.as_u16(), by_audit, "audit {media_type} {body}");
            assert_eq!(other.status.as_u16(), by_draft, "draft {media_type} {body}");
        }
    }
}

#[tokio::test]
async fn files_are_not_sent_here() {
    let application = Application::start().await;
    let request = Request::post("/graphql")
        .header("content-type", "multipart/form-data; boundary=x")
        .header("graphql-require-preflight", "1")
        .header("authorization", format!("Bearer {}", application.ann.token))
        .body(Body::from(
            "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}\r\n--x--\r\n",
        ));
    let answer = application.send(request.unwrap()).await;
    assert_eq!(answer.status, 415);
    let message = answer.json()["errors"][0]["message"].to_string();
    assert!(
        message.contains("createUpload") && message.contains("completeUpload"),
        "{message}"
    );
}

#[tokio::test]
async fn introspection_can_be_for_administrators_only() {
    use entities::user;
    use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
    let application = Application::start_with(|settings| settings.doors.introspection = false).await;
    let connection = application.platform.database.connection();
    let bob = user::Entity::find_by_id(application.bob.id)
        .one(connection)
        .await
        .unwrap();
    let mut bob = bob.unwrap().into_active_model();
    bob.role = Set(user::Role::Admin);
    bob.update(connection).await.unwrap();
    for (query, refused) in [
        ("{ __schema { queryType { name } } }", true),
        ("{ __type(name: \"Job\") { name } }", true),
        ("{ __typename }", false),
    ] {
        let by_ann = application.graphql(&application.ann, query, json!({})).await;
        assert_eq!(by_ann.get("data").is_none(), refused, "{by_ann}");
        if refused {
            assert_eq!(by_ann["errors"][0]["extensions"]["code"], "FORBIDDEN");
            assert!(
                by_ann["errors"][0]["message"]
                    .as_str()
                    .unwrap()
                    .contains("AUTOML_INTROSPECTION")
            );
        }
        let by_admin = application.graphql(&application.bob, query, json!({})).await;
        assert!(by_admin.get("errors").is_none(), "{by_admin}");
    }
}

#[tokio::test]
async fn the_playground_can_be_off() {
    let application = Application::start_with(|settings| settings.doors.playground = false).await;
    for path in ["/graphiql", "/graphiql/", "/graphiql/index.html"] {
        assert_eq!(
            send(&application, Method::GET, path, &[]).await.status,
            404,
            "{path}"
        );
    }
    let application = Application::start().await;
    assert_eq!(
        send(&application, Method::GET, "/graphiql", &[]).await.status,
        307
    );
}
