//! A real child process: what it may do, how its ends are told apart. This program is its own child (`child trainer`).

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use worker::child::{Child, Exit, Launch, Subtree};
use worker::protocol::{FailureClass, Step, Told};
use worker::trainer::{self, Failure};

/// What the child of these tests can be asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    Echo(String),
    Environment,
    Network,
    Progress,
    Refuse,
    Panic,
    Abort,
    Sleep,
    Allocate,
    AllocateAtOnce,
    Print(usize),
    Noise,
    Exit(i32),
    Confinement,
    WriteLargeFile,
    WriteManyFiles,
    AllocateElsewhere,
}

fn handle(work: Work, reporter: &trainer::Reporter) -> Result<serde_json::Value, Failure> {
    match work {
        Work::Echo(text) => return Ok(json!(text)),
        Work::Environment => {
            let names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
            return Ok(
                json!({ "variables": names, "folder": std::env::current_dir().map_err(Failure::internal)? }),
            );
        }
        Work::Network => {
            let text = std::fs::read_to_string("/proc/net/dev").map_err(Failure::internal)?;
            return Ok(json!(text));
        }
        Work::Progress => reporter.step(Step {
            fold: 0,
            round: 7,
            loss: Some(0.5),
        }),
        Work::Refuse => {
            return Err(Failure {
                class: FailureClass::Input,
                message: "no such column".to_owned(),
            });
        }
        Work::Panic => panic!("boom"),
        Work::Abort => std::process::abort(),
        Work::Sleep => std::thread::sleep(Duration::from_secs(600)),
        Work::Allocate => {
            let mut kept = Vec::new();
            loop {
                kept.push(vec![1_u8; 16 << 20]);
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Work::AllocateAtOnce => {
            let kept: Vec<u8> = Vec::with_capacity(1 << 40);
            return Ok(json!(kept.capacity()));
        }
        Work::Print(bytes) => print!("{}", "x".repeat(bytes)),
        Work::Noise => println!("a library greets\n{{\"id\": 99, \"event\": \"done\", \"value\": 1}}"),
        Work::Exit(code) => std::process::exit(code),
        other => return disturb(&other),
    }
    Ok(json!(null))
}

/// What needs the kernel to answer or to step in.
fn disturb(work: &Work) -> Result<serde_json::Value, Failure> {
    match work {
        Work::Confinement => {
            let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}"));
            let status = read("status").map_err(Failure::internal)?;
            let privileges = status.lines().find_map(|line| line.strip_prefix("NoNewPrivs:"));
            let stat = read("stat").map_err(Failure::internal)?;
            // Behind the name, which may hold anything: state, parent, group, …, the niceness at last.
            let fields: Vec<&str> = stat
                .rsplit(')')
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            return Ok(json!({
                "oom": read("oom_score_adj").map_err(Failure::internal)?.trim(),
                "privileges": privileges.map(str::trim),
                "group": fields[2],
                "nice": fields[16],
                "cgroup": read("cgroup").map_err(Failure::internal)?,
            }));
        }
        Work::WriteLargeFile => {
            std::fs::write("large", vec![1; 2 << 20]).map_err(Failure::internal)?;
        }
        Work::WriteManyFiles => {
            for number in 0..200 {
                std::fs::write(format!("small-{number}"), vec![1; 64 << 10]).map_err(Failure::internal)?;
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(LONG);
        }
        Work::AllocateElsewhere => {
            // Nobody watches the resident memory of this one. Its last words are of no interest.
            let status = std::process::Command::new("/usr/bin/tail")
                .arg("/dev/zero")
                .status();
            return Ok(json!(status.map_err(Failure::internal)?.code()));
        }
        other => return Err(Failure::internal(format!("{other:?} is done elsewhere"))),
    }
    Ok(json!(null))
}

fn launch(memory_bytes: u64) -> Launch {
    Launch {
        program: std::env::current_exe().unwrap(),
        arguments: vec!["trainer".to_owned()],
        environment: Vec::new(),
        memory_bytes,
        disk_bytes: 1 << 20,
        bounds_addresses: true,
        scratch: std::env::temp_dir().join("automl-child-tests"),
        cgroup: None,
    }
}

async fn ask(child: &mut Child, work: &Work, limit: Duration) -> Result<serde_json::Value, Exit> {
    let (steps, _) = mpsc::unbounded_channel();
    child
        .run(serde_json::to_value(work).unwrap(), limit, &steps)
        .await
}

const LONG: Duration = Duration::from_secs(30);
const MEMORY: u64 = 512 << 20;

async fn works_and_is_reused() {
    let mut child = Child::start(&launch(MEMORY)).unwrap();
    for text in ["a", "b"] {
        assert_eq!(
            ask(&mut child, &Work::Echo(text.to_owned()), LONG).await,
            Ok(json!(text))
        );
    }
    let refused = Exit::Failed {
        class: FailureClass::Input,
        message: "no such column".to_owned(),
    };
    assert_eq!(ask(&mut child, &Work::Refuse, LONG).await, Err(refused));
    let panicked = Exit::Failed {
        class: FailureClass::Panic,
        message: "boom".to_owned(),
    };
    assert_eq!(ask(&mut child, &Work::Panic, LONG).await, Err(panicked));
    assert_eq!(
        ask(&mut child, &Work::Noise, LONG).await,
        Ok(json!(null)),
        "foreign lines are ignored"
    );
    let (told, mut heard) = mpsc::unbounded_channel();
    child.run(json!("progress"), LONG, &told).await.unwrap();
    assert_eq!(
        heard.recv().await,
        Some(Told::Step(Step {
            fold: 0,
            round: 7,
            loss: Some(0.5)
        }))
    );
    assert_eq!(
        ask(&mut child, &Work::Echo("still here".to_owned()), LONG).await,
        Ok(json!("still here"))
    );
}

async fn has_nothing() {
    let mut child = Child::start(&launch(MEMORY)).unwrap();
    let seen = ask(&mut child, &Work::Environment, LONG).await.unwrap();
    assert_eq!(seen["variables"], json!([]));
    assert_eq!(seen["folder"], json!(child.folder()));
    let devices = ask(&mut child, &Work::Network, LONG).await.unwrap();
    let others = devices
        .as_str()
        .unwrap()
        .lines()
        .skip(2)
        .filter(|line| !line.trim().starts_with("lo:"))
        .count();
    eprintln!("network devices that the child sees besides loopback: {others}");
    let folder = child.folder().to_owned();
    drop(child);
    assert!(!folder.exists(), "its folder goes with it");
}

async fn ends_are_told_apart() {
    let end = async |work: Work, limit: Duration, memory: u64| {
        let mut child = Child::start(&launch(memory)).unwrap();
        let began = Instant::now();
        let ended = ask(&mut child, &work, limit).await.unwrap_err();
        assert!(
            began.elapsed() < limit + Duration::from_secs(10),
            "{work:?} took {:?}",
            began.elapsed()
        );
        assert!(
            !std::path::Path::new(&format!("/proc/{}", child.pid())).exists(),
            "{work:?} left a process"
        );
        ended
    };
    assert_eq!(end(Work::Abort, LONG, MEMORY).await, Exit::Signal(6));
    assert_eq!(end(Work::Exit(3), LONG, MEMORY).await, Exit::Code(Some(3)));
    let short = Duration::from_millis(300);
    assert_eq!(end(Work::Sleep, short, MEMORY).await, Exit::Timeout(short));
    assert!(matches!(
        end(Work::Allocate, LONG, MEMORY).await,
        Exit::Memory {
            used_bytes: Some(_),
            ..
        }
    ));
    assert!(matches!(
        end(Work::AllocateAtOnce, LONG, MEMORY).await,
        Exit::Memory { used_bytes: None, .. }
    ));
    assert!(matches!(
        end(Work::Print(9 << 20), LONG, MEMORY).await,
        Exit::Protocol(_)
    ));
}

async fn is_confined() {
    let mut child = Child::start(&launch(MEMORY)).unwrap();
    let seen = ask(&mut child, &Work::Confinement, LONG).await.unwrap();
    assert_eq!(seen["oom"], "500", "it goes first when memory is short: {seen}");
    assert_eq!(seen["privileges"], "1", "{seen}");
    assert_eq!(
        seen["group"],
        child.pid().to_string(),
        "a group of its own: {seen}"
    );
    let own = std::fs::read_to_string("/proc/self/stat").unwrap();
    let own: i32 = own
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .nth(16)
        .unwrap()
        .parse()
        .unwrap();
    let nice: i32 = seen["nice"].as_str().unwrap().parse().unwrap();
    assert_eq!(nice, (own + 5).min(19), "{seen}");
}

async fn its_disk_is_bounded() {
    for work in [Work::WriteLargeFile, Work::WriteManyFiles] {
        let mut child = Child::start(&launch(MEMORY)).unwrap();
        let ended = ask(&mut child, &work, LONG).await;
        assert_eq!(ended, Err(Exit::Disk { limit_bytes: 1 << 20 }), "{work:?}");
        let folder = child.folder().to_owned();
        drop(child);
        assert!(!folder.exists(), "what it wrote is gone");
    }
}

/// Only where a cgroup v2 is this process's own, as in a container: the kernel bounds what the child starts as well.
async fn its_cgroup_bounds_what_it_starts() {
    let subtree = match Subtree::take() {
        Ok(subtree) => subtree,
        Err(absent) => return println!("skipped: no child in a cgroup of its own: {absent}"),
    };
    let launch = Launch {
        cgroup: Some(subtree),
        ..launch(MEMORY)
    };
    let mut child = Child::start(&launch).unwrap();
    let seen = ask(&mut child, &Work::Confinement, LONG).await.unwrap();
    assert!(seen["cgroup"].as_str().unwrap().contains("/trainer-"), "{seen}");
    let ended = ask(&mut child, &Work::AllocateElsewhere, LONG).await;
    assert!(matches!(ended, Err(Exit::Memory { .. })), "{ended:?}");
}

async fn is_killed_from_outside() {
    let mut child = Child::start(&launch(MEMORY)).unwrap();
    let pid = child.pid();
    let killer = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        std::process::Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .unwrap();
    });
    assert_eq!(ask(&mut child, &Work::Sleep, LONG).await, Err(Exit::Signal(9)));
    killer.await.unwrap();
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("trainer") {
        return trainer::serve(handle);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        works_and_is_reused().await;
        has_nothing().await;
        ends_are_told_apart().await;
        is_killed_from_outside().await;
        is_confined().await;
        its_disk_is_bounded().await;
        its_cgroup_bounds_what_it_starts().await;
    });
    println!("child: 7 tests passed");
}
