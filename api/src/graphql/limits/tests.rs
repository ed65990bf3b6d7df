use async_graphql::Variables;
use async_graphql::parser::parse_query;
use serde_json::{Value, json};

use super::*;

fn cost_of(query: &str, variables: Value) -> Result<usize, Code> {
    let code = |failure: Failure| failure.code();
    check_size(query, &LIMITS).map_err(code)?;
    let document = parse_query(query).expect("the document parses");
    check_operations(&document, &LIMITS).map_err(code)?;
    let (_, operation) = document.operations.iter().next().expect("an operation");
    let variables = Variables::from_json(variables);
    check_variables(&variables, &LIMITS).map_err(code)?;
    let plan = check(&document, &operation.node, &LIMITS).map_err(code)?;
    plan.cost(&variables).map_err(code)
}

fn verdict(query: &str) -> Result<(), Code> {
    cost_of(query, json!({})).map(|_| ())
}

fn nested(depth: usize) -> String {
    let (open, close) = ("a {".repeat(depth - 1), "}".repeat(depth - 1));
    format!("{{ {open} b {close} }}")
}

fn repeated(one: impl Fn(usize) -> String, times: usize) -> String {
    (0..times).map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_limit_holds_at_the_limit_and_not_beyond() {
    type Document = fn(usize) -> String;
    let cases: [(&str, usize, Document); 11] = [
        ("depth", LIMITS.depth, nested),
        ("introspection", LIMITS.introspection_depth, |depth| {
            let (open, close) = ("a {".repeat(depth - 2), "}".repeat(depth - 2));
            format!("{{ __schema {{ {open} b {close} }} }}")
        }),
        ("aliases", LIMITS.aliases, |count| {
            format!("{{ viewer {{ {} }} }}", repeated(|n| format!("a{n}: id"), count))
        }),
        ("root fields", LIMITS.root_fields, |count| {
            format!("{{ {} }}", repeated(|_| "viewer".to_owned(), count))
        }),
        ("root fields below an answer", LIMITS.root_fields, |count| {
            let fields = repeated(|_| "viewer".to_owned(), count - 1);
            format!(
                "mutation {{ deleteJob(input: {{}}) {{ query {{ ...F }} }} }} fragment F on Query {{ {fields} }}"
            )
        }),
        ("operations", LIMITS.operations, |count| {
            repeated(|n| format!("query Q{n} {{ viewer {{ id }} }}"), count)
        }),
        ("selections", LIMITS.selections, |count| {
            format!("{{ viewer {{ {} }} }}", repeated(|_| "id".to_owned(), count - 1))
        }),
        ("directives", LIMITS.directives, |count| {
            format!("{{ viewer {} }}", repeated(|_| "@a".to_owned(), count))
        }),
        // Fields that are paid 100 times each, and fields that are paid once.
        ("cost", LIMITS.cost, |cost| {
            let hundreds = repeated(|_| "id".to_owned(), 199);
            let ones = repeated(|_| "id".to_owned(), cost - 1 - 19_900 - 1);
            format!("{{ jobs(first: 100) {{ {hundreds} }} viewer {{ {ones} }} }}")
        }),
        ("tokens", LIMITS.tokens, |tokens| {
            // Commas and comments are none.
            let values = repeated(|_| "1, # { a b c }\n".to_owned(), tokens - 12);
            format!("{{ viewer(a: [{values}]) {{ id }} }}")
        }),
        ("nesting", LIMITS.nesting, |depth| {
            let (open, close) = ("[".repeat(depth - 2), "]".repeat(depth - 2));
            format!("{{ a(b: {open}{close}) }}")
        }),
    ];
    for (name, limit, document) in cases {
        assert_eq!(verdict(&document(limit)), Ok(()), "{name} at the limit");
        let refused = Err(Code::QueryTooComplex);
        assert_eq!(verdict(&document(limit + 1)), refused, "{name} beyond the limit");
    }
}

#[test]
fn cyclic_fragments_end() {
    let query = "query { viewer { ...A } } fragment A on User { id ...B } fragment B on User { ...A }";
    assert_eq!(verdict(query), Err(Code::QueryTooComplex));
}

#[test]
fn a_subscription_has_one_root_field() {
    assert_eq!(verdict("subscription { jobUpdated(id: \"a\") { id } }"), Ok(()));
    assert_eq!(
        verdict("subscription { a: jobUpdated(id: \"a\") { id } b: jobUpdated(id: \"a\") { id } }"),
        Err(Code::ValidationFailed)
    );
}

#[test]
fn brackets_beyond_all_measure_are_refused_before_they_are_parsed() {
    for open in [
        "{ a(b: [",
        "{ a(b: {c:",
        "{ a {",
        "query ($a: [",
        "{ a(b: \"\"\"x\"\"\" c: [",
    ] {
        let bracket = open.chars().rfind(|letter| "[{".contains(*letter)).unwrap();
        let query = format!("{open}{}", bracket.to_string().repeat(10_000));
        assert_eq!(verdict(&query), Err(Code::QueryTooComplex), "{open}");
    }
}

#[test]
fn a_cost_follows_from_the_variables() {
    let list = "query Q($n: Int) { jobs(first: $n) { edges { node { id } } } }";
    let default = "query Q($n: Int = 50) { jobs(first: $n) { edges { node { id } } } }";
    let last = "query Q($n: Int, $m: Int) { jobs(first: $n, last: $m) { edges { node { id } } } }";
    let nested = "query Q($n: Int) { jobs(first: 10) { nodes { trials(first: $n) { nodes { id } } } } }";
    let nodes = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let nodes_by_default = "query Q($ids: [ID!]! = [\"a\", \"b\"]) { nodes(ids: $ids) { id } }";
    let predict_by_default = "mutation M($input: PredictInput! = { rows: [1, 2, 3] }) { predict(input: $input) { inferenceMicroseconds } }";
    let predict = "mutation M($input: PredictInput!) { predict(input: $input) { inferenceMicroseconds } }";
    let inner = "mutation M($rows: [JSON!]!) { predict(input: { modelId: \"a\", rows: $rows }) { inferenceMicroseconds } }";
    for (query, variables, cost) in [
        ("{ __typename }", json!({}), 1),
        (list, json!({}), 1 + 20 * 3),
        (list, json!({ "n": null }), 1 + 20 * 3),
        (list, json!({ "n": 7 }), 1 + 7 * 3),
        // Both are refused later.
        (list, json!({ "n": 1_000_000 }), 1 + 100 * 3),
        (list, json!({ "n": -1 }), 1 + 100 * 3),
        (default, json!({}), 1 + 50 * 3),
        (default, json!({ "n": 5 }), 1 + 5 * 3),
        (default, json!({ "n": null }), 1 + 20 * 3),
        (last, json!({ "m": 9 }), 1 + 9 * 3),
        (last, json!({ "n": 3, "m": 9 }), 1 + 3 * 3),
        (nested, json!({ "n": 30 }), 1 + 10 * (2 + 30 * 2)),
        (nodes, json!({ "ids": ["a", "b", "c"] }), 1 + 3),
        (nodes, json!({ "ids": "a" }), 1 + 1),
        (nodes_by_default, json!({}), 1 + 2),
        (nodes_by_default, json!({ "ids": ["a", "b", "c"] }), 1 + 3),
        (predict_by_default, json!({}), 2 + 100 + 3),
        ("{ nodes(ids: [\"a\", \"b\"]) { id } }", json!({}), 1 + 2),
        (predict, json!({ "input": { "rows": [{}, {}, {}] } }), 2 + 100 + 3),
        (inner, json!({ "rows": [{}, {}] }), 2 + 100 + 2),
        (
            "mutation { a: predict(input: { rows: [1, 2] }) { query { __typename } } b: predict(input: { rows: 1 }) { __typename } }",
            json!({}),
            2 * 101 + 2 + 1 + 2 + 1,
        ),
        ("mutation { signIn(input: {}) { __typename } }", json!({}), 1_002),
        // The weight is the root field's, not a name's.
        ("{ viewer { createJob } }", json!({}), 2),
        // An answer has the root again.
        (
            "mutation { deleteJob(input: {}) { query { a: jobEstimate { id } ...F } } } fragment F on Query { b: jobEstimate { id } }",
            json!({}),
            2 + 2 * 502,
        ),
        (
            "{ ...F } fragment F on Query { jobs(first: 2) { totalCount } }",
            json!({}),
            1 + 2,
        ),
    ] {
        assert_eq!(cost_of(query, variables.clone()), Ok(cost), "{query} {variables}");
    }
    assert_eq!(cost_of(nested, json!({ "n": 100 })), Ok(1 + 10 * 202));
    assert_eq!(
        [
            cost::points(0),
            cost::points(199),
            cost::points(200),
            cost::points(20_000)
        ],
        [1, 1, 2, 200]
    );
}

#[test]
fn variables_have_a_depth_and_a_length() {
    let query = "query Q($v: JSON) { viewer { id } }";
    let deep = |depth: usize| {
        let text = format!("{}1{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let value: Value = serde_json::from_str(&text).unwrap();
        cost_of(query, json!({ "v": value }))
    };
    assert_eq!(deep(LIMITS.variable_depth), Ok(2));
    assert_eq!(deep(LIMITS.variable_depth + 1), Err(Code::QueryTooComplex));
    let long = |length: usize| cost_of(query, json!({ "v": { "w": vec![1; length] } }));
    assert_eq!(long(LIMITS.list_length), Ok(2));
    assert_eq!(long(LIMITS.list_length + 1), Err(Code::QueryTooComplex));
}

/// What the lists name is in the schema, and every field of it that is a page is listed.
#[test]
fn the_lists_are_the_schema_s() {
    let sdl = crate::graphql::schema::sdl();
    let mut paged: Vec<String> = Vec::new();
    let mut field = String::new();
    for line in sdl.lines() {
        let line = line.trim();
        if let Some((name, _)) = line.split_once('(') {
            field = name.to_owned();
        }
        if line.starts_with("first: Int") && !paged.contains(&field) {
            paged.push(field.clone());
        }
        if let Some((_, arguments)) = line.split_once('(')
            && arguments.contains("first: Int")
            && !paged.contains(&field)
        {
            paged.push(field.clone());
        }
    }
    for name in &paged {
        assert!(cost::PAGED_FIELDS.contains(&name.as_str()), "{name} is a page");
    }
    for name in cost::PAGED_FIELDS {
        assert!(paged.iter().any(|paged| paged == name), "{name} is no page");
    }
    for weight in cost::WEIGHTS {
        let is_field = |end| sdl.contains(&format!("\n  {}{end}", weight.field));
        assert!(is_field('(') || is_field(':'), "{}", weight.field);
        if let Some(each) = &weight.each {
            let list = each.field.unwrap_or(each.argument);
            assert!(sdl.contains(&format!(" {list}: [")), "{} {list}", weight.field);
        }
    }
}
