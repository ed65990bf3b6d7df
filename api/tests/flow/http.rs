//! GraphQL over HTTP: one line a case.

use axum::body::Body;
use axum::http::Request;
use sea_orm::ConnectionTrait;

use crate::setup::{Answer, Application};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

struct Case<'a> {
    method: &'a str,
    path: &'a str,
    accept: Option<&'a str>,
    content_type: Option<&'a str>,
    body: &'a str,
}

fn post<'a>(accept: &'a str, body: &'a str) -> Case<'a> {
    Case {
        method: "POST",
        path: "/graphql",
        accept: Some(accept),
        content_type: Some(JSON),
        body,
    }
}

fn get(path: &str) -> Case<'_> {
    Case {
        method: "GET",
        path,
        accept: Some(GRAPHQL),
        content_type: None,
        body: "",
    }
}

async fn send(application: &Application, case: &Case<'_>) -> Answer {
    let mut request = Request::builder().method(case.method).uri(case.path);
    request = request.header("authorization", format!("Bearer {}", application.ann.token));
    if case.method == "GET" {
        request = request.header("graphql-require-preflight", "1");
    }
    if let Some(accept) = case.accept {
        request = request.header("accept", accept);
    }
    if let Some(content_type) = case.content_type {
        request = request.header("content-type", content_type);
    }
    application
        .send(request.body(Body::from(case.body.to_owned())).unwrap())
        .await
}

#[tokio::test]
async fn statuses_and_media_types() {
    let application = Application::start().await;
    let typename = r#"{"query":"{ __typename }"}"#;
    let cases = [
        (post(GRAPHQL, typename), 200, GRAPHQL),
        (post(JSON, typename), 200, JSON),
        (post("*/*", typename), 200, JSON),
        (
            Case {
                accept: None,
                ..post(JSON, typename)
            },
            200,
            JSON,
        ),
        (post("text/html", typename), 406, JSON),
        (
            Case {
                content_type: Some("application/json; charset=utf-8"),
                ..post(JSON, typename)
            },
            200,
            JSON,
        ),
        (
            Case {
                content_type: None,
                ..post(JSON, typename)
            },
            415,
            JSON,
        ),
        (
            Case {
                content_type: Some("text/plain"),
                ..post(JSON, typename)
            },
            415,
            JSON,
        ),
        (
            Case {
                content_type: Some("application/x-www-form-urlencoded"),
                ..post(JSON, "query={a}")
            },
            415,
            JSON,
        ),
        (post(JSON, ""), 400, JSON),
        (post(JSON, "{"), 400, JSON),
        (post(JSON, "{}"), 400, JSON),
        (post(JSON, r#"[{"query":"{ __typename }"}]"#), 400, JSON),
        (
            post(JSON, r#"{"query":"{ __typename }","variables":[]}"#),
            400,
            JSON,
        ),
        (
            post(JSON, r#"{"query":"{ __typename }","extensions":1}"#),
            400,
            JSON,
        ),
        (post(JSON, r#"{"query":"{"}"#), 200, JSON),
        (post(GRAPHQL, r#"{"query":"{"}"#), 400, GRAPHQL),
        (post(JSON, r#"{"query":"{ nothing }"}"#), 200, JSON),
        (post(GRAPHQL, r#"{"query":"{ nothing }"}"#), 400, GRAPHQL),
        (
            post(
                GRAPHQL,
                r#"{"query":"query Q($id: ID!) { node(id: $id) { id } }"}"#,
            ),
            400,
            GRAPHQL,
        ),
        (
            post(
                GRAPHQL,
                r#"{"query":"query A { __typename } query B { __typename }"}"#,
            ),
            400,
            GRAPHQL,
        ),
        (
            post(
                GRAPHQL,
                r#"{"query":"query A { __typename }","operationName":"B"}"#,
            ),
            400,
            GRAPHQL,
        ),
        (
            post(
                GRAPHQL,
                r#"{"query":"subscription { jobUpdated(id: \"x\") { id } }"}"#,
            ),
            400,
            GRAPHQL,
        ),
        (get("/graphql?query=%7B__typename%7D"), 200, GRAPHQL),
        (get("/graphql"), 400, GRAPHQL),
        (
            get("/graphql?query=mutation%7Bpredict(input:%7BmodelId:1,rows:[]%7D)%7B__typename%7D%7D"),
            405,
            GRAPHQL,
        ),
        (
            get(
                "/graphql?query=query%20Q($n:Int)%7Bjobs(first:$n)%7BtotalCount%7D%7D&variables=%7B%22n%22:1%7D",
            ),
            200,
            GRAPHQL,
        ),
        (get("/graphql?query=%7B__typename%7D&variables=1"), 400, GRAPHQL),
    ];
    for (case, status, media_type) in cases {
        let answer = send(&application, &case).await;
        let name = format!("{} {} {:?} {}", case.method, case.path, case.accept, case.body);
        assert_eq!(
            answer.status,
            status,
            "{name}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert_eq!(
            answer.header("content-type"),
            format!("{media_type}; charset=utf-8"),
            "{name}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
        assert!(answer.header("vary").contains("accept"), "{name}");
    }
}

#[tokio::test]
async fn errors_have_codes_and_no_data_when_nothing_ran() {
    let application = Application::start().await;
    for (body, code, has_data) in [
        (r#"{"query":"{"}"#, "GRAPHQL_PARSE_FAILED", false),
        (r#"{"query":"{ nothing }"}"#, "GRAPHQL_VALIDATION_FAILED", false),
        (
            r#"{"query":"query A { __typename }","operationName":"B"}"#,
            "OPERATION_RESOLUTION_FAILURE",
            false,
        ),
        (
            r#"{"query":"{ node(id: \"nonsense\") { id } }"}"#,
            "BAD_USER_INPUT",
            true,
        ),
        (
            r#"{"query":"{ jobs(first: 101) { totalCount } }"}"#,
            "BAD_USER_INPUT",
            true,
        ),
        (
            r#"{"query":"{ jobs(after: \"x\") { totalCount } }"}"#,
            "BAD_USER_INPUT",
            true,
        ),
        (
            r#"{"query":"query ($id: ID!) { node(id: $id) { id } }"}"#,
            "BAD_USER_INPUT",
            false,
        ),
        (
            r#"{"query":"query ($id: ID!) { node(id: $id) { id } }","variables":{"id":null}}"#,
            "BAD_USER_INPUT",
            false,
        ),
        (r#"{"query":1}"#, "BAD_REQUEST", false),
    ] {
        for media_type in [GRAPHQL, JSON] {
            let answer = send(&application, &post(media_type, body)).await;
            let json = answer.json();
            let error = &json["errors"][0];
            assert_eq!(error["extensions"]["code"], code, "{body}: {json}");
            assert_eq!(
                error["extensions"]["requestId"],
                answer.header("x-request-id"),
                "{body}"
            );
            assert_eq!(json.get("data").is_some(), has_data, "{body}: {json}");
        }
    }
}

#[tokio::test]
async fn what_went_wrong_inside_stays_inside() {
    let application = Application::start().await;
    let connection = application.platform.database.connection();
    let told = async |status: u16, code: &str| {
        let answer = send(&application, &post(JSON, r#"{"query":"{ viewer { id } }"}"#)).await;
        assert_eq!(answer.status, status);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains(code), "{text}");
        for word in ["pool", "sqlx", "select", "token"] {
            assert!(!text.to_lowercase().contains(word), "{text}");
        }
    };
    let lost = "ALTER TABLE token RENAME TO lost";
    connection.execute_unprepared(lost).await.unwrap();
    told(500, "INTERNAL_SERVER_ERROR").await;
    // A database that is away may come back: that is another answer.
    connection.clone().close().await.unwrap();
    told(503, "SERVICE_UNAVAILABLE").await;
}

#[tokio::test]
async fn a_get_needs_a_preflight_header() {
    let application = Application::start().await;
    let request = |header: Option<(&str, &str)>| {
        let mut request = Request::get("/graphql?query=%7B__typename%7D")
            .header("authorization", format!("Bearer {}", application.ann.token));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(application.send(request(None)).await.status, 400);
    assert_eq!(
        application
            .send(request(Some(("graphql-require-preflight", ""))))
            .await
            .status,
        400
    );
    for name in [
        "graphql-require-preflight",
        "apollo-require-preflight",
        "x-apollo-operation-name",
    ] {
        assert_eq!(application.send(request(Some((name, "Q")))).await.status, 200);
    }
}

#[tokio::test]
async fn limits_hold_on_every_way_in() {
    let application = Application::start().await;
    let aliases = |count: usize| {
        let fields: Vec<String> = (0..count).map(|n| format!("a{n}: id")).collect();
        format!(r#"{{"query":"{{ viewer {{ {} }} }}"}}"#, fields.join(" "))
    };
    assert_eq!(send(&application, &post(GRAPHQL, &aliases(15))).await.status, 200);
    let answer = send(&application, &post(GRAPHQL, &aliases(16))).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["errors"][0]["extensions"]["code"],
        "QUERY_TOO_COMPLEX"
    );
    let padded = |bytes: usize| format!("{{\"query\":\"{{__typename}}\"{}}}", " ".repeat(bytes - 24));
    let largest = padded(256 * 1024);
    assert_eq!(largest.len(), 256 * 1024);
    assert_eq!(send(&application, &post(GRAPHQL, &largest)).await.status, 200);
    assert_eq!(
        send(&application, &post(GRAPHQL, &padded(256 * 1024 + 1)))
            .await
            .status,
        413
    );
}

#[tokio::test]
async fn the_usual_introspection_query_is_within_the_limits() {
    let application = Application::start().await;
    let query = "query { __schema { queryType { name } types { ...T } } }
        fragment T on __Type { kind name fields(includeDeprecated: true) { name args { ...I } type { ...R } } }
        fragment I on __InputValue { name type { ...R } defaultValue }
        fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
            ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";
    let answer = application
        .graphql(&application.ann, query, serde_json::json!({}))
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
}
