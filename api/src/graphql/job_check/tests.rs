//! What `createJob` refuses, and that it says so about the right field.

use async_graphql::ID;
use serde_json::json;

use super::*;
use crate::graphql::job_change::RoleOverride;
use crate::graphql::long::Long;
use crate::graphql::monotone::{MonotoneColumnInput, MonotoneDirection};
use crate::graphql::problem::{Metric, Preset};
use crate::graphql::validation::{ValidationInput, ValidationKind};

fn profile() -> DatasetProfile {
    let column = |name: &str, usable: bool, problem: &str, distinct: i64, numbers: bool| {
        json!({
            "name": name, "kind": if name == "day" { "date" } else { "text" }, "role": "category", "distinct": distinct,
            "numbers": numbers.then(|| json!({
                "min": 1.0, "max": 2.0, "mean": 1.5, "sd": null, "skew": 0.0, "histogram": [],
                "quantiles": { "p05": 1.0, "p25": 1.0, "median": 1.5, "p75": 2.0, "p95": 2.0 },
            })),
            "as_target": { "usable": usable, "problem": problem, "reason": "it is so" },
            "a_field_of_a_later_version": 1,
        })
    };
    let profile = json!({
        "rows": 10,
        "format": { "kind": "csv" },
        "columns": [
            column("label", true, "binary", 2, false),
            column("kind", true, "multiclass", 5, false),
            column("price", true, "regression", 9, true),
            column("id", false, "regression", 10, true),
            column("day", false, "multiclass", 7, false),
        ],
    });
    serde_json::from_value(profile).expect("a profile")
}

fn input(target: &str) -> CreateJobInput {
    CreateJobInput {
        dataset_id: ID("x".to_owned()),
        target: target.to_owned(),
        name: None,
        problem: None,
        metric: None,
        budget_seconds: None,
        preset: None,
        seed: None,
        exclude: None,
        roles: None,
        validation: None,
        weight_column: None,
        gpu: None,
        threshold: None,
        monotone: None,
        max_latency_milliseconds: None,
        idempotency_key: None,
    }
}

fn codes(input: &CreateJobInput) -> Vec<(String, String)> {
    let errors = check(&profile(), input).err().unwrap_or_default();
    errors
        .into_iter()
        .map(|error| (error.code, error.field.unwrap_or_default().join(".")))
        .collect()
}

fn refused(input: &CreateJobInput, code: &str, field: &str) {
    assert_eq!(codes(input), [(code.to_owned(), format!("input.{field}"))]);
}

fn accepted(input: &CreateJobInput) -> job::JobSettings {
    check(&profile(), input).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn good_settings_are_stored_under_the_engine_s_names() {
    let settings = accepted(&CreateJobInput {
        metric: Some(Metric::RocAuc),
        problem: Some(ProblemType::Binary),
        preset: Some(Preset::Best),
        seed: Some(Long(7)),
        exclude: Some(vec!["id".to_owned(), "id".to_owned()]),
        roles: Some(vec![RoleOverride {
            column: "price".to_owned(),
            role: ColumnRole::Category,
        }]),
        ..input("label")
    });
    assert_eq!(
        (settings.metric.as_deref(), settings.problem.as_deref()),
        (Some("roc_auc"), Some("binary"))
    );
    assert_eq!((settings.budget_seconds, settings.seed), (120, 7));
    assert_eq!(settings.exclude, ["id"]);
    assert_eq!(settings.roles["price"], "category");
}

#[test]
fn the_target_must_be_there_and_usable() {
    refused(&input("Label"), "COLUMN_NOT_FOUND", "target");
    refused(&input("id"), "TARGET_NOT_USABLE", "target");
    refused(
        &CreateJobInput {
            problem: Some(ProblemType::Regression),
            ..input("kind")
        },
        "PROBLEM_DOES_NOT_FIT",
        "problem",
    );
    refused(
        &CreateJobInput {
            problem: Some(ProblemType::Binary),
            ..input("kind")
        },
        "PROBLEM_DOES_NOT_FIT",
        "problem",
    );
    let hint = check(&profile(), &input("Label")).err().unwrap();
    assert!(hint[0].message.contains("`label`"), "{}", hint[0].message);
}

#[test]
fn the_metric_must_fit_the_problem() {
    refused(
        &CreateJobInput {
            metric: Some(Metric::Rmse),
            ..input("label")
        },
        "METRIC_DOES_NOT_FIT",
        "metric",
    );
    refused(
        &CreateJobInput {
            metric: Some(Metric::RocAuc),
            ..input("price")
        },
        "METRIC_DOES_NOT_FIT",
        "metric",
    );
    refused(
        &CreateJobInput {
            metric: Some(Metric::F1),
            ..input("kind")
        },
        "METRIC_DOES_NOT_FIT",
        "metric",
    );
    for good in [Metric::Mae, Metric::Pinball90] {
        accepted(&CreateJobInput {
            metric: Some(good),
            ..input("price")
        });
    }
    refused(
        &CreateJobInput {
            metric: Some(Metric::Pinball05),
            ..input("label")
        },
        "METRIC_DOES_NOT_FIT",
        "metric",
    );
}

#[test]
fn the_budget_has_two_ends() {
    for good in [10, 86_400] {
        accepted(&CreateJobInput {
            budget_seconds: Some(good),
            ..input("label")
        });
    }
    for bad in [9, 86_401, 0, -1, i32::MIN] {
        let input = CreateJobInput {
            budget_seconds: Some(bad),
            ..input("label")
        };
        refused(&input, "BUDGET_OUT_OF_RANGE", "budgetSeconds");
    }
}

#[test]
fn columns_that_are_left_out_must_exist_and_leave_something() {
    let exclude = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        CreateJobInput {
            exclude: Some(names),
            ..input("label")
        }
    };
    refused(&exclude(&["nothing"]), "COLUMN_NOT_FOUND", "exclude");
    refused(&exclude(&["label"]), "TARGET_EXCLUDED", "exclude");
    refused(
        &exclude(&["kind", "price", "id", "day"]),
        "NOTHING_LEFT",
        "exclude",
    );
    let weighed = CreateJobInput {
        weight_column: Some("price".to_owned()),
        ..exclude(&["kind", "id", "day"])
    };
    refused(&weighed, "NOTHING_LEFT", "exclude");
    accepted(&exclude(&["kind", "price"]));
}

#[test]
fn rows_are_validated_by_columns_that_can_say_it() {
    let validated = |kind: ValidationKind, folds: Option<i32>, column: Option<&str>| CreateJobInput {
        validation: Some(ValidationInput {
            kind,
            folds,
            column: column.map(ToOwned::to_owned),
        }),
        ..input("label")
    };
    for (kind, folds, column, stored) in [
        (ValidationKind::Auto, None, None, job::Validation::Auto),
        (ValidationKind::Holdout, None, None, job::Validation::Holdout),
        (ValidationKind::Folds, Some(5), None, job::Validation::Folds(5)),
        (
            ValidationKind::Time,
            None,
            Some("day"),
            job::Validation::Time("day".to_owned()),
        ),
        (
            ValidationKind::Time,
            None,
            Some("price"),
            job::Validation::Time("price".to_owned()),
        ),
        (
            ValidationKind::Group,
            None,
            Some("kind"),
            job::Validation::Group("kind".to_owned()),
        ),
    ] {
        assert_eq!(accepted(&validated(kind, folds, column)).validation, stored);
    }
    assert_eq!(accepted(&input("label")).validation, job::Validation::Auto);
    for (kind, folds, column) in [
        (ValidationKind::Folds, None, None),
        (ValidationKind::Folds, Some(1), None),
        (ValidationKind::Folds, Some(21), None),
        (ValidationKind::Folds, Some(5), Some("day")),
        (ValidationKind::Auto, Some(5), None),
        (ValidationKind::Holdout, None, Some("day")),
        (ValidationKind::Time, None, None),
        (ValidationKind::Time, None, Some("kind")),
        (ValidationKind::Time, None, Some("label")),
        (ValidationKind::Group, None, Some("label")),
        (ValidationKind::Group, Some(3), Some("kind")),
    ] {
        refused(
            &validated(kind, folds, column),
            "VALIDATION_INVALID",
            "validation",
        );
    }
    let two_groups = CreateJobInput {
        target: "kind".to_owned(),
        ..validated(ValidationKind::Group, None, Some("label"))
    };
    refused(&two_groups, "VALIDATION_INVALID", "validation");
    let unknown = validated(ValidationKind::Group, None, Some("nothing"));
    refused(&unknown, "COLUMN_NOT_FOUND", "validation");
}

#[test]
fn weights_are_numbers_that_nothing_else_is_made_of() {
    let weighed = |column: &str| CreateJobInput {
        weight_column: Some(column.to_owned()),
        ..input("label")
    };
    assert_eq!(accepted(&weighed("price")).weights.as_deref(), Some("price"));
    assert_eq!(accepted(&input("label")).weights, None);
    refused(&weighed("nothing"), "COLUMN_NOT_FOUND", "weightColumn");
    for column in ["label", "kind", "day"] {
        refused(&weighed(column), "WEIGHT_NOT_USABLE", "weightColumn");
    }
    let with_role = CreateJobInput {
        roles: Some(vec![RoleOverride {
            column: "price".to_owned(),
            role: ColumnRole::Number,
        }]),
        ..weighed("price")
    };
    refused(&with_role, "WEIGHT_NOT_USABLE", "weightColumn");
    let timed = CreateJobInput {
        validation: Some(ValidationInput {
            kind: ValidationKind::Time,
            folds: None,
            column: Some("price".to_owned()),
        }),
        ..weighed("price")
    };
    refused(&timed, "WEIGHT_NOT_USABLE", "weightColumn");
}

#[test]
fn predictions_rise_and_fall_with_numbers_alone() {
    let falling = |columns: &[&str]| CreateJobInput {
        monotone: Some(
            columns
                .iter()
                .map(|column| MonotoneColumnInput {
                    column: (*column).to_owned(),
                    direction: MonotoneDirection::Falling,
                })
                .collect(),
        ),
        roles: Some(vec![RoleOverride {
            column: "price".to_owned(),
            role: ColumnRole::Number,
        }]),
        ..input("label")
    };
    let stored = accepted(&falling(&["price"])).monotone;
    assert_eq!(
        (stored[0].column.as_str(), stored[0].direction),
        ("price", job::Direction::Falling)
    );
    assert!(accepted(&input("label")).monotone.is_empty());
    refused(&falling(&["Price"]), "COLUMN_NOT_FOUND", "monotone");
    for column in ["label", "kind", "day", "id"] {
        refused(&falling(&[column]), "MONOTONE_NOT_USABLE", "monotone");
    }
    refused(&falling(&["price", "price"]), "MONOTONE_NOT_USABLE", "monotone");
    let several_classes = CreateJobInput {
        target: "kind".to_owned(),
        ..falling(&["price"])
    };
    refused(&several_classes, "MONOTONE_NOT_USABLE", "monotone");
    let of_a_quantile = CreateJobInput {
        problem: Some(ProblemType::Regression),
        metric: Some(Metric::Pinball90),
        ..falling(&["price"])
    };
    let told = codes(&of_a_quantile);
    let expected = ("MONOTONE_NOT_USABLE".to_owned(), "input.monotone".to_owned());
    assert!(told.contains(&expected), "{told:?}");
    let left_out = CreateJobInput {
        exclude: Some(vec!["price".to_owned()]),
        ..falling(&["price"])
    };
    refused(&left_out, "MONOTONE_NOT_USABLE", "monotone");
    let as_category = CreateJobInput {
        roles: None,
        ..falling(&["price"])
    };
    refused(&as_category, "MONOTONE_NOT_USABLE", "monotone");
}

#[test]
fn a_profile_tells_weights_that_cannot_be() {
    let refused = |numbers: serde_json::Value, missing: i64| {
        let mut profile = profile();
        let column = profile
            .columns
            .iter_mut()
            .find(|column| column.name == "price")
            .expect("a column");
        column.missing = Long(missing);
        column.numbers = serde_json::from_value(numbers).expect("statistics");
        let input = CreateJobInput {
            weight_column: Some("price".to_owned()),
            ..input("label")
        };
        check(&profile, &input)
            .err()
            .map(|errors| errors[0].message.clone())
            .unwrap_or_default()
    };
    let numbers = |min: f64, max: f64, infinite: i64| {
        json!({ "min": min, "max": max, "mean": null, "sd": null, "infinite": infinite, "histogram": [],
            "quantiles": { "p05": min, "p25": min, "median": max, "p75": max, "p95": max } })
    };
    assert!(refused(numbers(0.0, 2.0, 0), 3).contains("missing in at least 3 rows"));
    assert!(refused(numbers(-1.0, 2.0, 0), 0).contains("negative"));
    assert!(refused(numbers(1.0, 2.0, 1), 0).contains("not finite"));
    assert!(refused(numbers(0.0, 0.0, 0), 0).contains("0 in every row"));
    assert_eq!(refused(numbers(0.0, 2.0, 0), 0), "");
}

#[test]
fn roles_are_set_once_on_columns_that_exist() {
    let roles = |pairs: &[(&str, ColumnRole)]| {
        let set = |(column, role): &(&str, ColumnRole)| RoleOverride {
            column: (*column).to_owned(),
            role: *role,
        };
        CreateJobInput {
            roles: Some(pairs.iter().map(set).collect()),
            ..input("label")
        }
    };
    refused(
        &roles(&[("nothing", ColumnRole::Text)]),
        "COLUMN_NOT_FOUND",
        "roles",
    );
    refused(
        &roles(&[("price", ColumnRole::Constant)]),
        "ROLE_NOT_SETTABLE",
        "roles",
    );
    refused(
        &roles(&[("price", ColumnRole::Text), ("price", ColumnRole::Date)]),
        "ROLE_TWICE",
        "roles",
    );
}

#[test]
fn all_errors_are_told_at_once() {
    let input = CreateJobInput {
        budget_seconds: Some(1),
        seed: Some(Long(-1)),
        name: Some("x".repeat(201)),
        exclude: Some(vec!["nothing".to_owned()]),
        ..input("id")
    };
    assert_eq!(codes(&input).len(), 5);
}
