//! F21: a budget is a contract: of time, and of memory. What is there when it is spent is a usable model.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::Stack;
use harness::process::peak;

use crate::scale::Scale;
use crate::{JOB_LIMIT, plan};

/// Seconds of a search; `AUTOML_TEST_BUDGET` gives it another length.
const BUDGET: u64 = 12;
/// What a run may take beyond its budget here: the bar is 2 s or a twentieth on a quiet machine, and this one is shared.
const GRACE: Duration = Duration::from_secs(8);
/// Bound of memory.
const MEMORY: u64 = 1 << 30;
/// Rows: enough that single trials would take longer than the budget.
const ROWS: usize = 120_000;

fn budget() -> u64 {
    let asked = std::env::var("AUTOML_TEST_BUDGET");
    asked.ok().and_then(|text| text.parse().ok()).unwrap_or(BUDGET)
}

/// A table whose target hangs on some of its columns, the same at every run.
fn table() -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut text = "x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,y\n".to_owned();
    for _ in 0..ROWS {
        let values: [f64; 10] = std::array::from_fn(|_| next());
        let signal = values[0] + values[1] * values[2] - values[3].powi(2) + 0.3 * (next() - 0.5);
        for value in values {
            let _ = write!(text, "{value:.4},");
        }
        text.push_str(if signal > 0.4 { "1\n" } else { "0\n" });
    }
    text
}

#[test]
fn the_command_line_keeps_its_budget() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("table.csv");
    std::fs::write(&data, table()).expect("the table is written");
    let out = folder.path().join("model");
    let began = Instant::now();
    let mut training = Command::new(env!("CARGO_BIN_EXE_automl"))
        .arg("train")
        .arg(&data)
        .args([
            "--target",
            "y",
            "--threads",
            "1",
            "--json",
            "--preset",
            "best",
            "--memory",
            "1GiB",
        ])
        .args(["--budget", &format!("{}s", budget()), "--out"])
        .arg(&out)
        .stdout(Stdio::null())
        .spawn()
        .expect("automl runs");
    let mut used = 0;
    let status = loop {
        used = used.max(peak(training.id()).unwrap_or_default());
        if let Some(status) = training.try_wait().expect("it can be waited for") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let spent = began.elapsed();
    eprintln!(
        "automl train: {:.1} s of {} s, {} MiB of {}",
        spent.as_secs_f64(),
        budget(),
        used >> 20,
        MEMORY >> 20
    );
    assert!(status.success(), "{status}");
    assert!(
        spent < Duration::from_secs(budget()).mul_f64(1.05) + GRACE,
        "{spent:?}"
    );
    assert!(used < MEMORY, "{} MiB", used >> 20);
    let answered = Command::new(env!("CARGO_BIN_EXE_automl"))
        .arg("predict")
        .arg(out.join("model.automl"))
        .arg(&data)
        .args(["--out"])
        .arg(folder.path().join("predictions.csv"))
        .output()
        .expect("automl runs");
    assert!(
        answered.status.success(),
        "the model answers: {}",
        String::from_utf8_lossy(&answered.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_keeps_its_budget() {
    let mut plan = plan();
    plan.workers = 1;
    plan.set("AUTOML_MEMORY", "1GiB");
    let stack = Stack::production(&plan);
    let client = stack.client();
    let dataset = client.upload("table.csv", table().as_bytes()).await;
    let ready = client.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let scale = Scale::start(stack.workers[0].id());
    let began = Instant::now();
    let job = client
        .start_job_on(&dataset, "y", u32::try_from(budget()).expect("small"), "BEST")
        .await;
    let done = client
        .wait_for_job(&job, JOB_LIMIT + Duration::from_secs(budget()))
        .await;
    let spent = began.elapsed();
    let used = scale.take();
    eprintln!(
        "a job: {:.1} s of {} s, {} MiB of {}, {}",
        spent.as_secs_f64(),
        budget(),
        used >> 20,
        MEMORY >> 20,
        done["progress"]
    );
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(used < MEMORY, "{} MiB", used >> 20);
    assert!(done["model"]["deployable"] == true, "{done:#}");
    assert!(
        spent < Duration::from_secs(budget()).mul_f64(1.05) + GRACE,
        "{spent:?}"
    );
    harness::invariants::check(&stack);
}
