//! A job is cancelled at every moment of its life.

use std::time::{Duration, Instant};

use harness::{Client, Stack, invariants};
use serde_json::json;

use crate::{BUDGET, JOB_LIMIT, PENGUINS, plan};

const STATE: &str = "... on Job { version state progress { trialsFinished } }";

/// When "cancel" is said.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// So many milliseconds after the job was accepted.
    After(u64),
    /// When so many trials have ended.
    Trials(i64),
    /// When the model is being made.
    Finishing,
}

/// F20: the trainers are gone two seconds later, and the job is cancelled or completed, never both.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_can_be_cancelled_at_any_moment() {
    let stack = Stack::production(&plan());
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let moments = [
        Moment::After(0),
        Moment::After(150),
        Moment::After(600),
        Moment::Trials(1),
        Moment::Trials(4),
        Moment::Finishing,
    ];
    for moment in moments {
        let job = client.start_job_on(&dataset, "species", BUDGET, "BEST").await;
        wait(client, &job, moment).await;
        let said = Instant::now();
        let input = json!({ "id": job });
        stack
            .other_client()
            .mutate("cancelJob", "CancelJobInput", input, "job { state }")
            .await;
        let over = |node: &serde_json::Value| node["state"] == "CANCELLED" || node["state"] == "COMPLETED";
        let done = client.look_for(&job, STATE, over, Duration::from_secs(10)).await;
        assert!(
            done["state"] == "CANCELLED" || matches!(moment, Moment::Finishing),
            "{moment:?}: {done:#}"
        );
        // Two heartbeats and the time to write it down, on a busy machine.
        assert!(
            said.elapsed() < Duration::from_secs(6),
            "{moment:?} took {:?}",
            said.elapsed()
        );
        let after = client.wait_for_job(&job, JOB_LIMIT).await;
        assert_eq!(after["state"], done["state"], "{moment:?}");
        assert_eq!(
            after["model"].is_object(),
            done["state"] == "COMPLETED",
            "{moment:?}"
        );
        invariants::check(&stack);
    }
}

async fn wait(client: &Client, job: &str, moment: Moment) {
    match moment {
        Moment::After(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
        Moment::Trials(finished) => client.wait_for_trials(job, finished, JOB_LIMIT).await,
        Moment::Finishing => {
            let finishing =
                |node: &serde_json::Value| node["state"] == "FINISHING" || node["state"] == "COMPLETED";
            client.look_for(job, STATE, finishing, JOB_LIMIT).await;
        }
    }
}
