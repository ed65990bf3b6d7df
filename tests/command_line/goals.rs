//! `--threshold`, `--max-latency` and quantiles: what is refused, and what comes of them.

use super::{PENGUINS, automl, path, text, train, write};

#[test]
fn a_threshold_that_cannot_be_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let out = path(folder.path(), "out");
    for (goal, words) in [("f7", "recall:0.9"), ("f1", "two classes")] {
        let more = ["--budget", "10s", "--threshold", goal, "--out", &out];
        let done = automl(&[&["train", &data, "--target", "species"], more.as_slice()].concat());
        assert_eq!(done.status.code(), Some(2), "{goal}");
        assert!(text(&done.stderr).contains(words), "{}", text(&done.stderr));
    }
}

#[test]
fn a_limit_of_the_time_to_answer_is_kept_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let out = path(folder.path(), "out");
    for (limit, words) in [("2", "500us"), ("0ms", "from 1us to 60s"), ("soon", "500us")] {
        let more = ["--budget", "10s", "--max-latency", limit, "--out", &out];
        let done = automl(&[&["train", &data, "--target", "species"], more.as_slice()].concat());
        assert_eq!(done.status.code(), Some(2), "{limit}");
        assert!(text(&done.stderr).contains(words), "{}", text(&done.stderr));
    }
    let out = train(folder.path(), &data, "species", &["--max-latency", "10s"]);
    let run = std::fs::read_to_string(out.join("run.json")).expect("run.json");
    let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
    let latency = &run["evaluation"]["latency"];
    assert_eq!(latency["limit_seconds"], 10.0);
    let seconds = latency["seconds"].as_f64().expect("it is measured");
    assert!(seconds > 0.0 && seconds < 10.0, "{latency}");
    assert_eq!(latency["left_out"], serde_json::json!([]));
    let report = std::fs::read_to_string(out.join("report.html")).expect("the report");
    assert!(report.contains("Limit to answer a row") && report.contains("10 s"));
}

#[test]
fn a_quantile_is_predicted_where_the_metric_asks_for_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = write(folder.path(), "penguins.csv", PENGUINS);
    let refused = path(folder.path(), "refused");
    let more = ["--metric", "pinball_90", "--learner", "linear", "--out", &refused];
    let done = automl(&[&["train", &data, "--target", "body_mass_g"], more.as_slice()].concat());
    assert_eq!(done.status.code(), Some(2));
    assert!(
        text(&done.stderr).contains("gradient_boosting"),
        "{}",
        text(&done.stderr)
    );

    let of = |metric| {
        let out = train(folder.path(), &data, "body_mass_g", &["--metric", metric]);
        let answers = out.join("answers.csv");
        let model = out.display().to_string();
        let done = automl(&["predict", &model, &data, "--out", &answers.display().to_string()]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let answers = std::fs::read_to_string(answers).expect("answers");
        let mass = |line: &str| line.split(',').nth(5).and_then(|cell| cell.parse::<f64>().ok());
        let told = |line: &str| line.rsplit(',').next().and_then(|cell| cell.parse::<f64>().ok());
        let known = PENGUINS.lines().skip(1).zip(answers.lines().skip(1));
        let pairs: Vec<(f64, f64)> = known
            .filter_map(|(row, answer)| mass(row).zip(told(answer)))
            .collect();
        let below = pairs.iter().filter(|(mass, told)| mass <= told).count();
        let run = std::fs::read_to_string(out.join("run.json")).expect("run.json");
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        assert_eq!(run["evaluation"]["metric"], metric);
        let metrics = run["evaluation"]["metrics"].as_array().expect("a list");
        let is_pinball = |value: &&serde_json::Value| {
            value["metric"]
                .as_str()
                .is_some_and(|name| name.starts_with("pinball"))
        };
        assert_eq!(metrics.iter().filter(is_pinball).count(), 1, "the one asked for");
        below as f64 / pairs.len() as f64
    };
    let (low, high) = (of("pinball_10"), of("pinball_90"));
    assert!(low < 0.3 && high > 0.7, "{low} {high}");
}
