use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::import_v1::known::MOST_UNKNOWN;
use crate::import_v1::plain;

fn of(value: &Value) -> Result<Item, Unusable> {
    read(value.as_object().unwrap(), &mut Unknown::new())
}

fn full_job() -> Value {
    json!({
        "job_id": "j-1", "dataset_id": "d-1", "user_id": "default", "status": "completed",
        "dataset_name": "../../etc/flats\u{1b}.csv", "target_column": "price", "problem_type": "regression",
        "metrics": { "r2_score": 0.91234, "rmse": 12, "mae": null, "training_time": 118.4, "best_estimator": "lgbm" },
        "tags": ["base", " base ", "", 7, "x\ny"], "notes": "first\nline\u{0}", "deployed": true,
        "created_at": "2025-12-01T10:00:00+00:00", "updated_at": "2025-12-01T10:05:00.123456+00:00",
        "started_at": "2025-12-01T10:01:00", "colour": {}, "odd\u{7}": 1,
    })
}

#[test]
fn a_job_is_read_and_cleaned() {
    let mut unknown = Unknown::new();
    let Ok(Item::Job(job)) = read(full_job().as_object().unwrap(), &mut unknown) else {
        panic!("it is a job");
    };
    assert_eq!((job.id.as_str(), job.dataset_id.as_str()), ("j-1", "d-1"));
    assert_eq!(job.dataset_name, "flats.csv");
    assert_eq!(
        job.figures,
        [
            "r2_score 0.9123",
            "rmse 12.0000",
            "best_estimator lgbm",
            "training_time 118 s"
        ]
    );
    assert_eq!(job.tags, ["base", "xy"]);
    assert_eq!(job.notes.as_deref(), Some("first\nline"));
    assert!(job.is_deployed && job.status == Status::Completed);
    assert_eq!(job.started_at.unwrap().to_rfc3339(), "2025-12-01T10:01:00+00:00");
    assert_eq!(job.ended_at.unwrap().timestamp_subsec_micros(), 123_456);
    let unknown: Vec<(&str, u64)> = unknown
        .iter()
        .map(|(name, times)| (name.as_str(), *times))
        .collect();
    assert_eq!(unknown, [("job.colour", 1), ("job.odd", 1)]);
}

#[test]
fn both_forms_of_a_dataset_are_read() {
    for item in [
        json!({ "dataset_id": "d", "filename": "a.csv", "file_size": 9, "row_count": 2, "uploaded_at": "2025-12-01T10:00:00.5+00:00" }),
        json!({ "dataset_id": "d", "filename": "x/a.csv", "size_bytes": 9, "num_rows": 2, "uploaded_at": "2025-12-01T10:00:00.500000" }),
    ] {
        let Ok(Item::Dataset(dataset)) = of(&item) else {
            panic!("{item} is a dataset");
        };
        assert_eq!(
            (dataset.file_name.as_str(), dataset.file_size, dataset.row_count),
            ("a.csv", Some(9), Some(2))
        );
        assert_eq!(dataset.uploaded_at.to_rfc3339(), "2025-12-01T10:00:00.500+00:00");
    }
}

#[test]
fn what_cannot_be_used_says_why() {
    let changed = |name: &str, value: Value| {
        let mut job = full_job();
        job[name] = value;
        job
    };
    for (item, word) in [
        (json!({ "user_id": "default" }), "neither"),
        (json!({ "dataset_id": "../d", "filename": "a.csv" }), "dataset_id"),
        (json!({ "dataset_id": "d", "filename": ".." }), "filename"),
        (json!({ "dataset_id": "d", "filename": "a.csv" }), "uploaded_at"),
        (
            json!({ "dataset_id": "d", "filename": "a.csv", "uploaded_at": "1969-12-31T00:00:00Z" }),
            "uploaded_at",
        ),
        (changed("job_id", json!("a/b")), "job_id"),
        (changed("dataset_id", json!(null)), "dataset_id"),
        (changed("target_column", json!("")), "target_column"),
        (changed("target_column", json!("a\u{0}")), "target_column"),
        (changed("status", json!("deleted")), "status"),
        (changed("created_at", json!("yesterday")), "created_at"),
    ] {
        let refused = of(&item).expect_err("it is refused");
        assert!(refused.reason.contains(word), "{item}: {refused:?}");
    }
}

#[test]
fn unknown_names_do_not_pile_up() {
    let mut unknown = Unknown::new();
    for number in 0..1_000 {
        let item = json!({ "dataset_id": "d", format!("a{number}"): 1 });
        let _ = read(item.as_object().unwrap(), &mut unknown);
    }
    assert_eq!(unknown.len(), MOST_UNKNOWN + 1);
    assert_eq!(unknown.values().sum::<u64>(), 1_000);
}

fn json_value() -> impl Strategy<Value = Value> {
    let names =
        "[SNLMB]|SS|NS|BOOL|NULL|job_id|dataset_id|filename|uploaded_at|status|metrics|tags|\\PC{0,8}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}|[0-9eE.+-]{0,12}|completed|failed".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(names, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Nothing that is JSON makes the reader panic, typed as DynamoDB does it or not; and what it takes is clean.
    #[test]
    fn any_json_is_read_or_refused(value in json_value(), patch in json_value(), place in 0_usize..25) {
        let mut unknown = Unknown::new();
        if let Some(attributes) = plain::item(&value) {
            let _ = read(&attributes, &mut unknown);
        }
        let mut job = full_job();
        job[OF_JOB[place]] = patch;
        for value in [value, job] {
            let Some(attributes) = value.as_object() else { continue };
            if let Ok(Item::Job(job)) = read(attributes, &mut unknown) {
                prop_assert!(job.tags.len() <= MAX_TAGS);
                prop_assert!(!job.id.contains(['/', '.', '\\']));
                let texts = job.tags.iter().chain([&job.dataset_name, &job.target]).chain(&job.figures);
                for text in texts.chain(&job.notes).chain(&job.error) {
                    prop_assert!(!text.contains('\0'), "{:?}", text);
                }
            }
        }
    }
}
