//! Workers as jobs of AWS Batch. A job that runs ends by itself; one that has no machine yet can be called off.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_batch::Client;
use aws_sdk_batch::types::{ContainerOverrides, JobStatus};
use entities::task::Queue;
use uuid::Uuid;

use super::{Fleet, Surplus, refused, word, worker_arguments};
use crate::Error;
use crate::settings::{Place, Scaling};

/// States of a job that has not ended, in their order: a job that moves on while they are listed is seen twice at most.
const ALIVE: [JobStatus; 5] = [
    JobStatus::Submitted,
    JobStatus::Pending,
    JobStatus::Runnable,
    JobStatus::Starting,
    JobStatus::Running,
];
/// What the name of a job says that stays when it is idle.
const KEPT: &str = "kept";

/// Jobs by the name of the installation and the queue.
#[derive(Debug)]
pub struct Batch {
    scaling: Scaling,
    client: Client,
}

/// A job that has not ended.
#[derive(Debug)]
struct Job {
    id: String,
    /// It has a machine, or is getting one.
    is_started: bool,
}

impl Batch {
    /// Nothing is asked of AWS yet.
    pub fn new(scaling: Scaling, config: &SdkConfig) -> Self {
        Self {
            scaling,
            client: Client::new(config),
        }
    }

    /// Job queue and job definition of a queue's workers.
    fn place(&self, queue: Queue) -> Result<(&str, &str), Error> {
        match self.scaling.of(queue).map(|scaled| &scaled.place) {
            Some(Place::Batch { queue, definition }) => Ok((queue, definition)),
            _ => Err(Error::Fleet(format!("{queue:?} workers are no Batch jobs"))),
        }
    }

    /// What the names of a queue's jobs begin with.
    fn prefix(&self, queue: Queue) -> String {
        format!("{}-{}-", self.scaling.name, word(queue))
    }

    /// Our jobs that have not ended, by their name, the oldest first.
    async fn jobs(&self, queue: Queue) -> Result<BTreeMap<String, Job>, Error> {
        let (job_queue, _) = self.place(queue)?;
        let prefix = self.prefix(queue);
        let mut found = BTreeMap::new();
        for status in ALIVE {
            let is_started = matches!(status, JobStatus::Starting | JobStatus::Running);
            let mut pages = self
                .client
                .list_jobs()
                .job_queue(job_queue)
                .job_status(status)
                .into_paginator()
                .items()
                .send();
            while let Some(job) = pages.next().await {
                let job = job.map_err(|error| refused("ListJobs", &error))?;
                let (Some(id), Some(name)) = (job.job_id, job.job_name) else {
                    continue;
                };
                if name.starts_with(&prefix) {
                    found.insert(name, Job { id, is_started });
                }
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl Fleet for Batch {
    async fn size(&self, queue: Queue) -> Result<usize, Error> {
        Ok(self.jobs(queue).await?.len())
    }

    async fn grow(&self, queue: Queue, by: usize) -> Result<(), Error> {
        let (job_queue, definition) = self.place(queue)?;
        let min = self.scaling.of(queue).map_or(0, |scaled| scaled.min);
        let kept = format!("{}{KEPT}-", self.prefix(queue));
        let mut missing = match min {
            0 => 0,
            min => {
                let jobs = self.jobs(queue).await?;
                min.saturating_sub(jobs.keys().filter(|name| name.starts_with(&kept)).count())
            }
        };
        for _ in 0..by {
            let is_kept = missing > 0;
            missing = missing.saturating_sub(1);
            let prefix = if is_kept { kept.clone() } else { self.prefix(queue) };
            let mut command = vec!["worker".to_owned()];
            command.extend(worker_arguments(&self.scaling, queue, is_kept));
            let overrides = ContainerOverrides::builder().set_command(Some(command)).build();
            let submitted = self
                .client
                .submit_job()
                .job_name(format!("{prefix}{}", Uuid::now_v7().simple()))
                .job_queue(job_queue)
                .job_definition(definition)
                .container_overrides(overrides)
                .send()
                .await
                .map_err(|error| refused("SubmitJob", &error))?;
            tracing::info!(
                job.id = submitted.job_id(),
                ?queue,
                "a Batch job for a worker is submitted"
            );
        }
        Ok(())
    }

    async fn shrink(&self, queue: Queue, surplus: &Surplus) -> Result<(), Error> {
        let jobs = self.jobs(queue).await?;
        let kept = format!("{}{KEPT}-", self.prefix(queue));
        let idle = jobs
            .iter()
            .filter(|(name, job)| !job.is_started && !name.starts_with(&kept));
        // The youngest first: the others have waited longer for their machine. Should one start meanwhile, AWS lets it run.
        for (name, job) in idle.rev().take(jobs.len().saturating_sub(surplus.to)) {
            self.client
                .cancel_job()
                .job_id(&job.id)
                .reason("nothing is left to do")
                .send()
                .await
                .map_err(|error| refused("CancelJob", &error))?;
            tracing::info!(job.id = job.id, job.name = name, "a Batch job is called off");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::super::double::{Answer, Double, scaling};
    use super::*;

    /// A Batch that remembers submitted jobs; of `(id, name, status)`.
    type Jobs = Arc<Mutex<Vec<(String, String, String)>>>;

    fn answer(jobs: &Jobs, path: &str, body: &Value) -> Answer {
        let mut jobs = jobs.lock().unwrap();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        match path {
            "/v1/submitjob" => {
                let id = format!("job-{}", jobs.len());
                jobs.push((id.clone(), text("jobName"), "RUNNABLE".to_owned()));
                Answer::json(
                    &json!({ "jobArn": format!("arn:{id}"), "jobId": id, "jobName": text("jobName") }),
                )
            }
            "/v1/listjobs" => {
                // One a page, so that paging is seen.
                let skip: usize = text("nextToken").parse().unwrap_or(0);
                let of_status = |job: &&(String, String, String)| job.2 == text("jobStatus");
                let matching: Vec<_> = jobs.iter().filter(of_status).collect();
                let page: Vec<Value> = matching
                    .iter()
                    .skip(skip)
                    .take(1)
                    .map(|(id, name, status)| json!({ "jobId": id, "jobName": name, "status": status }))
                    .collect();
                let mut answer = json!({ "jobSummaryList": page });
                if skip + 1 < matching.len() {
                    answer["nextToken"] = json!((skip + 1).to_string());
                }
                Answer::json(&answer)
            }
            "/v1/canceljob" => {
                let id = text("jobId");
                jobs.retain(|job| job.0 != id || job.2 == "RUNNING");
                Answer::json(&json!({}))
            }
            _ => Answer::status(404, ""),
        }
    }

    async fn batch(min: usize) -> (Double, Jobs, Batch) {
        let jobs = Jobs::default();
        let known = Arc::clone(&jobs);
        let double = Double::start(move |request| {
            let body = serde_json::from_str(&request.body).unwrap_or_default();
            answer(&known, &request.path, &body)
        })
        .await;
        let place = Place::Batch {
            queue: "cpu-jobs".to_owned(),
            definition: "automl-worker:7".to_owned(),
        };
        let scaling = scaling(&double.url, min, place);
        let config = double.config(&scaling).await;
        (double, jobs, Batch::new(scaling, &config))
    }

    #[tokio::test]
    async fn submits_what_the_settings_name() {
        let (double, jobs, batch) = batch(1).await;
        batch.grow(Queue::Cpu, 2).await.unwrap();
        let sent: Vec<Value> = double
            .requests()
            .iter()
            .filter(|request| request.path == "/v1/submitjob")
            .map(|request| serde_json::from_str(&request.body).unwrap())
            .collect();
        assert_eq!(sent.len(), 2);
        for request in &sent {
            assert_eq!(request["jobQueue"], "cpu-jobs");
            assert_eq!(request["jobDefinition"], "automl-worker:7");
        }
        assert!(
            sent[0]["jobName"]
                .as_str()
                .unwrap()
                .starts_with("automl-cpu-kept-")
        );
        let command = ["worker", "--queue", "cpu", "--slots", "2"];
        assert_eq!(sent[0]["containerOverrides"]["command"], json!(command));
        let command = [&command[..], &["--exit-when-idle", "300"]].concat();
        assert_eq!(sent[1]["containerOverrides"]["command"], json!(command));
        assert!(double.requests().iter().all(|request| request.is_signed("batch")));
        assert_eq!(batch.size(Queue::Cpu).await.unwrap(), 2);
        jobs.lock()
            .unwrap()
            .push(("x".into(), "automl-gpu-1".into(), "RUNNING".into()));
        jobs.lock()
            .unwrap()
            .push(("y".into(), "automl-cpu-1".into(), "SUCCEEDED".into()));
        assert_eq!(
            batch.size(Queue::Cpu).await.unwrap(),
            2,
            "other queues and ended jobs do not count"
        );
    }

    #[tokio::test]
    async fn calls_off_only_what_has_not_started() {
        let (double, jobs, batch) = batch(0).await;
        batch.grow(Queue::Cpu, 4).await.unwrap();
        for job in &mut jobs.lock().unwrap()[..2] {
            "RUNNING".clone_into(&mut job.2);
        }
        let to = |to| Surplus {
            to,
            idle_hosts: Vec::new(),
            is_quiet: true,
        };
        batch.shrink(Queue::Cpu, &to(3)).await.unwrap();
        assert_eq!(batch.size(Queue::Cpu).await.unwrap(), 3);
        batch.shrink(Queue::Cpu, &to(0)).await.unwrap();
        assert_eq!(batch.size(Queue::Cpu).await.unwrap(), 2, "what runs stays");
        assert!(
            double
                .requests()
                .iter()
                .all(|request| request.path != "/v1/terminatejob")
        );
    }

    #[tokio::test]
    async fn says_what_aws_said() {
        let double = Double::start(|_| {
            Answer::status(400, r#"{"message": "no such job queue"}"#)
                .with("x-amzn-errortype", "ClientException")
        })
        .await;
        let place = Place::Batch {
            queue: "q".to_owned(),
            definition: "d".to_owned(),
        };
        let scaling = scaling(&double.url, 0, place);
        let config = double.config(&scaling).await;
        let refused = Batch::new(scaling, &config).grow(Queue::Cpu, 1).await;
        let Err(Error::Fleet(message)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(message, "SubmitJob: ClientException: no such job queue");
    }
}
