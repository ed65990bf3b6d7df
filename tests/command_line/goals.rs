//! `--threshold` and `--max-latency`: what is refused, and what is told of the time that the model takes to answer.

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
