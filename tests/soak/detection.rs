//! How long it takes until the tasks of a lost worker are somebody else's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use harness::Process;
use harness::postgres::query;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);
/// Nobody looks longer than this.
const LIMIT: Duration = Duration::from_secs(60);

/// How a worker was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Its process was killed, and a colleague was there who had been well for some seconds and stayed well.
    Killed,
    /// Its process was killed while its own way to Postgres was broken, or its colleagues were killed as well, had trouble of
    /// their own, or had only begun.
    KilledInTrouble,
    /// It was stopped, as a machine is that has vanished: its connections stay open and say nothing.
    Vanished,
}

/// Held tasks of lost workers and how long they stayed theirs.
#[derive(Clone, Debug, Default)]
pub struct Detections {
    found: Arc<Mutex<Vec<(Loss, Duration)>>>,
}

impl Detections {
    /// Call it right before the loss, and what it returns right after it: where the worker holds a task, a thread waits until
    /// somebody takes it away. `witnesses` are asked then whether somebody was there to see it.
    pub fn watch(&self, url: &str, worker: &Process) -> impl FnOnce(Loss, Witnesses) + use<> {
        let held = name(worker).and_then(|name| {
            held(url, &name)
                .ok()
                .filter(|tasks| !tasks.is_empty())
                .map(|_| name)
        });
        let (found, url) = (Arc::clone(&self.found), url.to_owned());
        move |loss, witnesses| {
            let Some(name) = held else { return };
            let began = Instant::now();
            std::thread::spawn(move || {
                while began.elapsed() < LIMIT {
                    std::thread::sleep(LOOK);
                    // It may have ended its task just before; then this is short, and nobody is misled by much.
                    if held_none(&url, &name) {
                        break;
                    }
                }
                let loss = if loss == Loss::Killed && witnesses.are_gone() {
                    Loss::KilledInTrouble
                } else {
                    loss
                };
                locked(&found).push((loss, began.elapsed()));
            });
        }
    }

    /// Seconds of one kind of loss, in order.
    pub fn seconds(&self, loss: Loss) -> Vec<f64> {
        let found = locked(&self.found);
        let of_kind = found.iter().filter(|(kind, _)| *kind == loss);
        let mut seconds: Vec<f64> = of_kind.map(|(_, after)| after.as_secs_f64()).collect();
        seconds.sort_by(f64::total_cmp);
        seconds
    }
}

/// The workers that could see a loss: such as had been well for long enough, and still are.
#[derive(Clone, Debug, Default)]
pub struct Witnesses {
    places: Arc<Mutex<Vec<usize>>>,
}

impl Witnesses {
    /// Those of these places.
    pub fn of(places: Vec<usize>) -> Self {
        Self {
            places: Arc::new(Mutex::new(places)),
        }
    }

    /// One of them is lost or in trouble.
    pub fn lose(&self, place: usize) {
        self.places
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|known| *known != place);
    }

    fn are_gone(&self) -> bool {
        self.places
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }
}

fn locked(found: &Mutex<Vec<(Loss, Duration)>>) -> MutexGuard<'_, Vec<(Loss, Duration)>> {
    found.lock().unwrap_or_else(PoisonError::into_inner)
}

fn held(url: &str, name: &str) -> anyhow::Result<Vec<Vec<String>>> {
    query(
        url,
        &format!("SELECT id FROM task WHERE state = 'running' AND worker = '{name}'"),
    )
}

fn held_none(url: &str, name: &str) -> bool {
    held(url, name).is_ok_and(|tasks| tasks.is_empty())
}

/// The name that a worker has said last, in its log: each start has a new one.
fn name(worker: &Process) -> Option<String> {
    const MARK: &str = "worker-";
    let log = std::fs::read_to_string(worker.log()).ok()?;
    let said = log
        .lines()
        .rfind(|line| line.contains("registered") && line.contains(MARK))?;
    let name = said.split(MARK).nth(1)?;
    let hex = name
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect::<String>();
    Some(format!("{MARK}{hex}"))
}
