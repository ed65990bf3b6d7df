//! A real child process: what it may do, how its ends are told apart. This program is its own child (`child trainer`).

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use worker::child::{Child, Exit, Launch};
use worker::protocol::{FailureClass, Step};
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
    }
    Ok(json!(null))
}

fn launch(memory_bytes: u64) -> Launch {
    Launch {
        program: std::env::current_exe().unwrap(),
        arguments: vec!["trainer".to_owned()],
        environment: Vec::new(),
        memory_bytes,
        bounds_addresses: true,
        file_bytes: 1 << 20,
        scratch: std::env::temp_dir().join("automl-child-tests"),
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
    let (steps, mut heard) = mpsc::unbounded_channel();
    child.run(json!("progress"), LONG, &steps).await.unwrap();
    assert_eq!(
        heard.recv().await,
        Some(Step {
            fold: 0,
            round: 7,
            loss: Some(0.5)
        })
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
    });
    println!("child: 4 tests passed");
}
