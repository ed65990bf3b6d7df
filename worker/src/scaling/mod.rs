//! The pool follows its queue: every few seconds one process among all looks at the tasks and the workers, decides how many
//! workers there should be, and has the fleet start some or let some go.

mod decision;
mod load;

#[cfg(test)]
mod decision_tests;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entities::task::Queue;
use platform::scaling::{Fleet, Surplus};
use platform::settings::Scaling;
use platform::{Error, Leadership, Platform};
use tokio::sync::watch;

use crate::pool::stopped;
use decision::{Limits, State, desired};
use load::Seen;

/// Scales until `shutdown` turns true, then ends what cannot live without this process. Several processes may do this beside
/// each other: one of them leads.
pub async fn run(platform: Platform, fleet: Arc<dyn Fleet>, mut shutdown: watch::Receiver<bool>) {
    let Some(scaling) = platform.settings.scaling.clone() else {
        return;
    };
    let mut scaler = Scaler {
        leadership: Leadership::new(&platform.settings, "scaling"),
        platform,
        fleet,
        scaling,
        states: HashMap::new(),
        seen: HashMap::new(),
        began: Instant::now(),
    };
    let interval = scaler.scaling.interval;
    while !*shutdown.borrow() {
        if let Err(error) = scaler.look().await {
            tracing::warn!(%error, "the pool is not scaled for now");
        }
        tokio::select! {
            () = tokio::time::sleep(interval) => {}
            () = stopped(&mut shutdown) => {}
        }
    }
    scaler.fleet.close().await;
}

struct Scaler {
    platform: Platform,
    fleet: Arc<dyn Fleet>,
    scaling: Scaling,
    leadership: Leadership,
    states: HashMap<Queue, State>,
    seen: HashMap<Queue, Seen>,
    began: Instant,
}

impl Scaler {
    async fn look(&mut self) -> Result<(), Error> {
        match self.leadership.holds().await {
            Ok(true) => {}
            Ok(false) => {
                self.states.clear();
                return Ok(());
            }
            Err(error) => {
                self.states.clear();
                return Err(error);
            }
        }
        for queue in [Queue::Cpu, Queue::Gpu] {
            self.scale(queue).await?;
        }
        Ok(())
    }

    async fn scale(&mut self, queue: Queue) -> Result<(), Error> {
        let Some(limits) = limits(&self.scaling, queue) else {
            return Ok(());
        };
        let size = self.fleet.size(queue).await?;
        let seen = self.seen.entry(queue).or_default();
        let load = load::look(&self.platform.database, queue, size, seen).await?;
        let state = self.states.entry(queue).or_default();
        let (target, next) = desired(state, &load, &limits, self.began.elapsed());
        *state = next;
        if target != size {
            tracing::info!(?queue, waiting = load.waiting, size, target, "the pool is scaled");
        }
        if target > size {
            return self.fleet.grow(queue, target - size).await;
        }
        if target < size {
            let surplus = Surplus {
                to: target,
                idle_hosts: load.idle_hosts(),
                is_quiet: load.is_quiet(),
            };
            return self.fleet.shrink(queue, &surplus).await;
        }
        Ok(())
    }
}

fn limits(scaling: &Scaling, queue: Queue) -> Option<Limits> {
    let scaled = scaling.of(queue)?;
    Some(Limits {
        min: scaled.min,
        max: scaled.max,
        slots: scaled.slots,
        idle: scaling.idle,
        boot: scaling.boot.max(Duration::from_secs(1)),
    })
}
