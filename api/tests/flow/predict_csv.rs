//! Predictions as CSV: what comes in, what goes out, and what is refused.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::predict::{DEPLOY, stored};
use crate::setup::{Answer, Application, Person};

const CSV: &str = "text/csv";
const JSON: &str = "application/json";
/// What the stored model says of any row.
const LINE: &str = "b,0.2,0.5,0.3\n";
const HEADER: &str = "prediction,probability_a,probability_b,probability_c\n";

/// A request to a deployed model.
struct Asked<'a> {
    person: Option<&'a Person>,
    query: &'a str,
    content_type: &'a str,
    accept: Option<&'a str>,
    body: Vec<u8>,
}

struct World {
    application: Application,
    model: String,
}

impl World {
    async fn new() -> Self {
        let application = Application::start().await;
        let model = stored(&application).await;
        let deployed = application
            .graphql(&application.ann, DEPLOY, json!({ "id": model }))
            .await;
        assert_eq!(deployed["data"]["deployModel"]["userErrors"], json!([]));
        Self { application, model }
    }

    fn csv(&self, body: impl Into<Vec<u8>>) -> Asked<'_> {
        Asked {
            person: Some(&self.application.ann),
            query: "",
            content_type: CSV,
            accept: None,
            body: body.into(),
        }
    }

    async fn send(&self, asked: Asked<'_>) -> Answer {
        let path = format!("/v1/models/{}/predict{}", self.model, asked.query);
        let mut request = Request::post(path).header("content-type", asked.content_type);
        if let Some(person) = asked.person {
            request = request.header("authorization", format!("Bearer {}", person.token));
        }
        if let Some(accept) = asked.accept {
            request = request.header("accept", accept);
        }
        self.application
            .send(request.body(Body::from(asked.body)).unwrap())
            .await
    }
}

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{:?}", String::from_utf8_lossy(&answer.body));
    String::from_utf8(answer.body.clone()).unwrap()
}

#[tokio::test]
async fn rows_of_a_table_are_answered_as_a_table() {
    let world = World::new().await;
    for (body, rows) in [
        ("mass\n1.5\n", 1),
        ("\u{feff}mass\r\n1.5\r\n\"2\"\r\n\r\n", 2),
        ("mass,note\n1.5,\"a, \"\"b\"\"\nc\"\n,\nNA,x\n 1 ,y\n", 4),
        ("mass", 0),
        ("note,mass\nx,1", 1),
    ] {
        let answer = world.send(world.csv(body)).await;
        if rows == 0 {
            assert_eq!(answer.status, 422, "{body:?}");
            assert_eq!(answer.json()["errors"][0]["code"], "ROW_COUNT");
            continue;
        }
        assert_eq!(text(&answer), HEADER.to_owned() + &LINE.repeat(rows), "{body:?}");
        assert_eq!(
            answer.header("content-type"),
            "text/csv; charset=utf-8; header=present"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn the_answer_goes_as_it_is_wanted() {
    let world = World::new().await;
    let json = json!({ "rows": [{ "mass": 1.5 }] }).to_string();
    for (content_type, accept, is_csv) in [
        (CSV, None, true),
        (JSON, None, false),
        (CSV, Some("*/*"), true),
        (CSV, Some(JSON), false),
        (JSON, Some(CSV), true),
        (JSON, Some("text/csv;q=0.5, application/json;q=0.9"), false),
    ] {
        let body = if content_type == CSV { "mass\n1.5\n" } else { &json };
        let asked = Asked {
            content_type,
            accept,
            ..world.csv(body)
        };
        let answer = world.send(asked).await;
        if is_csv {
            assert_eq!(
                text(&answer),
                HEADER.to_owned() + LINE,
                "{content_type} {accept:?}"
            );
        } else {
            let predictions = &answer.json()["predictions"];
            assert_eq!(predictions[0]["label"], "b", "{content_type} {accept:?}");
            assert_eq!(predictions[0]["warnings"], json!([]));
        }
    }
}

#[tokio::test]
async fn both_formats_say_the_same_of_the_same_row() {
    let world = World::new().await;
    let rows =
        json!({ "rows": [{ "mass": 1.5 }, { "mass": null }, { "mass": 3 }, { "mass": 1, "other": "x" }] });
    let by_json = Asked {
        content_type: JSON,
        ..world.csv(rows.to_string())
    };
    let by_json = world.send(by_json).await.json()["predictions"].clone();
    for (row, table) in ["mass\n1.5\n", "mass\n\"\"\n", "mass\n3\n", "mass,other\n1,x\n"]
        .into_iter()
        .enumerate()
    {
        let asked = Asked {
            accept: Some(JSON),
            ..world.csv(table)
        };
        assert_eq!(
            world.send(asked).await.json()["predictions"][0],
            by_json[row],
            "{table:?}"
        );
    }
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_its_line() {
    let world = World::new().await;
    for (body, words) in [
        (&b""[..], "no table"),
        (b"\n\n", "no table"),
        (b"mass,b\n1\n", "line 2 has 1 fields and line 1 has 2"),
        (b"mass\n1,2\n", "line 2 has 2 fields"),
        (b"mass,mass\n1,2\n", "two columns are called `mass`"),
        (b"mass,\n1,2\n", "column 2 has no name"),
        (b"mass\n1\0\n", "line 2 holds a NUL byte"),
        (b"mass\n\xff\n", "line 2 is not UTF-8"),
        (b"mass\n\"1\n", "never closed"),
    ] {
        let answer = world.send(world.csv(body)).await;
        assert_eq!(answer.status, 400, "{words}");
        let error = &answer.json()["error"];
        assert_eq!(error["code"], "BAD_REQUEST");
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
        assert_eq!(error["requestId"], answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn wrong_cells_are_named_by_row_and_column() {
    let world = World::new().await;
    let answer = world.send(world.csv("id,mass\nx,1\ny,heavy\nz,007\n")).await;
    assert_eq!(answer.status, 422);
    let errors = answer.json()["errors"].clone();
    let found: Vec<(&str, &Value)> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["message"].as_str().unwrap(), &error["field"]))
        .collect();
    assert_eq!(found.len(), 2, "{errors}");
    for ((message, field), (row, cell)) in found.into_iter().zip([(2, "heavy"), (3, "007")]) {
        assert!(
            message.contains(&format!("Row {row}, column `mass`")) && message.contains(cell),
            "{message}"
        );
        assert_eq!(*field, json!(["input", "rows", (row - 1).to_string(), "mass"]));
    }
    let answer = world.send(world.csv("Mass,other\n1,2\n")).await;
    assert_eq!(answer.status, 422);
    let error = &answer.json()["errors"][0];
    assert_eq!(error["code"], "COLUMN_NOT_FOUND");
    assert!(error["message"].as_str().unwrap().contains("`mass`"), "{error}");
    let many = "mass\n".to_owned() + &"heavy\n".repeat(1000);
    let answer = world.send(world.csv(many)).await;
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 100);
    let more = "mass\n".to_owned() + &"1\n".repeat(1001);
    let answer = world.send(world.csv(more)).await;
    assert_eq!(answer.json()["errors"][0]["code"], "ROW_COUNT");
}

#[tokio::test]
async fn other_kinds_and_people_are_refused() {
    let world = World::new().await;
    let table = || world.csv("mass\n1\n");
    for (asked, status) in [
        (
            Asked {
                content_type: "text/plain",
                ..table()
            },
            415,
        ),
        (
            Asked {
                content_type: "text/csv; charset=latin1",
                ..table()
            },
            415,
        ),
        (
            Asked {
                content_type: "application/x-www-form-urlencoded",
                ..table()
            },
            415,
        ),
        (
            Asked {
                accept: Some("text/html"),
                ..table()
            },
            406,
        ),
        (
            Asked {
                query: "?raw=yes",
                ..table()
            },
            400,
        ),
        (
            Asked {
                query: "?raw=true&raw=true",
                ..table()
            },
            400,
        ),
        (
            Asked {
                query: "?raw=true&other=1",
                ..table()
            },
            200,
        ),
        (
            Asked {
                content_type: JSON,
                ..table()
            },
            400,
        ),
        (
            Asked {
                person: None,
                ..table()
            },
            401,
        ),
        (
            Asked {
                person: Some(&world.application.bob),
                ..table()
            },
            404,
        ),
        (world.csv(vec![b'x'; (16 << 20) + 1]), 413),
    ] {
        let words = format!("{} {:?} {}", asked.content_type, asked.accept, asked.query);
        assert_eq!(world.send(asked).await.status, status, "{words}");
    }
}

/// A table of many columns is a small one: what it is told about them must not grow with its rows.
#[tokio::test]
async fn unknown_columns_are_told_once_and_some_of_them() {
    let world = World::new().await;
    let unknown = |count: usize| (0..count).map(|n| format!(",x{n}")).collect::<String>();
    for (count, told) in [(3, 3), (500, 20)] {
        let row = format!("1.5{}\n", ",".repeat(count));
        let table = format!("mass{}\n{}", unknown(count), row.repeat(30));
        let asked = Asked {
            accept: Some(JSON),
            ..world.csv(table)
        };
        let answer = world.send(asked).await.json();
        let predictions = answer["predictions"].as_array().expect("predictions");
        let of_row = |row: &Value| {
            let warnings = row["warnings"].as_array().expect("warnings");
            let unknown = warnings
                .iter()
                .filter(|warning| warning["kind"] == "UNKNOWN_COLUMN");
            unknown.count()
        };
        assert_eq!(predictions.len(), 30);
        assert_eq!(of_row(&predictions[0]), told);
        assert!(predictions[1..].iter().all(|row| of_row(row) == 0));
    }
}
