//! What must hold after a soak, and what it has shown.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use harness::postgres::query;
use harness::{Stack, invariants};

use crate::detection::{Detections, Loss};
use crate::faults::Record;
use crate::load::Job;
use crate::samples::{Sample, Samples};

/// Detection of a killed process, and of a vanished machine: the promises.
const PROMISES: [(Loss, &str, f64); 3] = [
    (Loss::Killed, "process killed", 2.0),
    (
        Loss::KilledInTrouble,
        "process killed while others had trouble",
        15.0,
    ),
    (Loss::Vanished, "machine gone", 15.0),
];

/// Nothing lost, nothing doubled.
///
/// # Panics
/// Naming what does not hold.
pub fn check(stack: &Stack, jobs: &[Job]) {
    invariants::check(stack);
    let url = stack.database_url.as_deref().expect("a database");
    let rows = query(url, "SELECT name, count(*) FROM job GROUP BY name").expect("the database answers");
    let known: HashMap<&str, &str> = rows
        .iter()
        .map(|row| (row[0].as_str(), row[1].as_str()))
        .collect();
    let asked: HashSet<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    for name in &asked {
        assert_eq!(
            known.get(name),
            Some(&"1"),
            "the job {name:?} was asked for once and accepted"
        );
    }
    assert_eq!(known.len(), asked.len(), "there is a job that nobody asked for");
    let mails = mails(stack.folder());
    // A worker that dies between handing a mail over and noting it leaves a doubt, in which it is sent once more. Mail into a
    // folder takes that for a failure, since the same mail is the same file; but here every process has a folder of its own.
    let doubts = query(
        url,
        "SELECT replace(id::text, '-', '') || '.eml' FROM mail WHERE doubts > 0 OR failures > 0",
    );
    let doubts: HashSet<String> = doubts
        .expect("the database answers")
        .into_iter()
        .flatten()
        .collect();
    let doubled: Vec<_> = mails.iter().filter(|(_, count)| **count > 1).collect();
    let wrong = |name: &String, count: usize| count > 2 || !doubts.contains(name);
    assert!(
        !doubled.iter().any(|(name, count)| wrong(name, **count)),
        "mails that were sent twice: {doubled:?}, in doubt: {doubts:?}"
    );
    println!(
        "mails: {} sent, {} of them twice, in doubt",
        mails.len(),
        doubled.len()
    );
    let told = query(url, "SELECT count(*) FROM mail WHERE state = 'sent'").expect("the database answers");
    assert_eq!(
        told[0][0],
        mails.len().to_string(),
        "each mail that is said to be sent is there"
    );
    let unexpected: Vec<&Job> = jobs
        .iter()
        .filter(|job| job.state == "CANCELLED" && !job.is_stopped)
        .collect();
    assert!(unexpected.is_empty(), "cancelled by nobody: {unexpected:?}");
}

/// Files of mails by name, in the outbox of any process.
fn mails(folder: &Path) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for home in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        for mail in std::fs::read_dir(home.path().join("outbox"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = mail.file_name().to_string_lossy().into_owned();
            if name.ends_with(".eml") && !name.starts_with('.') {
                *found.entry(name).or_default() += 1;
            }
        }
    }
    found
}

/// The figures.
pub fn report(stack: &Stack, jobs: &[Job], record: &Record, took: Duration) -> String {
    let mut text = String::new();
    let url = stack.database_url.as_deref().expect("a database");
    let minutes = took.as_secs_f64() / 60.0;
    let faults: usize = record.counts.values().sum();
    let mut line = |words: String| writeln!(text, "{words}").expect("a string grows");
    line(format!("{minutes:.1} min, {faults} faults: {:?}", record.counts));
    let sums = "SELECT count(*), coalesce(sum(fence), 0), coalesce(sum(crashes), 0), coalesce(sum(failures), 0), \
        count(*) FILTER (WHERE state = 'dead') FROM task";
    let tasks = &query(url, sums).expect("the database answers")[0];
    line(format!(
        "tasks: {}, claimed {} times; deaths {}, failures {}, given up {}",
        tasks[0], tasks[1], tasks[2], tasks[3], tasks[4]
    ));
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for job in jobs {
        *states.entry(&job.state).or_default() += 1;
    }
    line(format!("jobs: {} accepted, {states:?}", jobs.len()));
    for job in jobs.iter().filter(|job| job.state == "FAILED") {
        line(format!(
            "  failed: {} ({})",
            job.error.as_deref().unwrap_or_default(),
            job.name
        ));
    }
    line(format!("workers that ended by themselves: {}", record.restarts));
    for (loss, words, promise) in PROMISES {
        line(detected(&record.detections, loss, words, promise));
    }
    line(grown(&record.samples));
    text
}

fn detected(detections: &Detections, loss: Loss, words: &str, promise: f64) -> String {
    let seconds = detections.seconds(loss);
    if seconds.is_empty() {
        return format!("{words}: never with a task");
    }
    let at = |share: f64| seconds[((seconds.len() - 1) as f64 * share).round() as usize];
    let late = seconds.iter().filter(|after| **after > promise).count();
    format!(
        "{words}: missed after {:.1} s (median), {:.1} s (p99), {:.1} s (longest) of {}; {late} later than {promise} s",
        at(0.5),
        at(0.99),
        at(1.0),
        seconds.len()
    )
}

/// One figure of a sample.
type Field = fn(&Sample) -> f64;

/// Means of the second and of the last quarter: the first one is warming up.
fn grown(samples: &Samples) -> String {
    let taken = &samples.taken;
    let quarter = taken.len() / 4;
    if quarter == 0 {
        return "too short to see what grows".to_owned();
    }
    let mean = |of: Field, part: &[Sample]| part.iter().map(of).sum::<f64>() / part.len() as f64;
    let show = |name: &str, of: Field| {
        let (early, late) = (
            mean(of, &taken[quarter..2 * quarter]),
            mean(of, &taken[3 * quarter..]),
        );
        format!("{name} {early:.1} -> {late:.1}")
    };
    let parts = [
        show("MiB of a face", |sample| sample.face_mib),
        show("open files of a face", |sample| sample.face_files),
        show("keys in Redis", |sample| sample.redis_keys),
        show("dead rows for each live task", |sample| sample.dead_rows),
    ];
    format!("second quarter -> last quarter: {}", parts.join(", "))
}
