//! The decision on what any database may show, and over time in a small world.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use uuid::Uuid;

use super::decision::*;

const TICK: Duration = Duration::from_secs(2);

fn limits(min: usize, max: usize, slots: usize) -> Limits {
    Limits {
        min,
        max,
        slots,
        idle: Duration::from_secs(60),
        boot: Duration::from_secs(300),
    }
}

/// A fleet whose workers need some ticks to show up and take what waits, task by task.
struct World {
    limits: Limits,
    state: State,
    now: Duration,
    /// Ticks from the start of a worker to its first task; none: it dies at once.
    boot: Option<usize>,
    booting: Vec<usize>,
    workers: BTreeMap<Uuid, usize>,
    waiting: usize,
    started: usize,
}

impl World {
    fn new(limits: Limits, boot: Option<usize>) -> Self {
        Self {
            limits,
            state: State::default(),
            now: Duration::ZERO,
            boot,
            booting: Vec::new(),
            workers: BTreeMap::new(),
            waiting: 0,
            started: 0,
        }
    }

    fn size(&self) -> usize {
        self.booting.len() + self.workers.len()
    }

    fn load(&self) -> Load {
        let present = |(id, tasks): (&Uuid, &usize)| Present {
            id: *id,
            host: id.to_string(),
            slots: self.limits.slots,
            tasks: *tasks,
        };
        Load {
            waiting: self.waiting,
            workers: self.workers.iter().map(present).collect(),
            size: self.size(),
        }
    }

    /// Gives waiting tasks to free slots.
    fn hand_out(&mut self) {
        for tasks in self.workers.values_mut() {
            let taken = (self.limits.slots - *tasks).min(self.waiting);
            *tasks += taken;
            self.waiting -= taken;
        }
    }

    fn end_all_tasks(&mut self) {
        self.waiting = 0;
        self.workers.values_mut().for_each(|tasks| *tasks = 0);
    }

    /// One look, and what follows from it. Returns the target.
    fn tick(&mut self) -> usize {
        self.now += TICK;
        for left in &mut self.booting {
            *left = left.saturating_sub(1);
        }
        let ready = self.booting.iter().filter(|left| **left == 0).count();
        self.booting.retain(|left| *left > 0);
        for _ in 0..ready {
            self.workers.insert(Uuid::now_v7(), 0);
        }
        self.hand_out();
        let (target, state) = desired(&self.state, &self.load(), &self.limits, self.now);
        self.state = state;
        let size = self.size();
        if target > size {
            self.started += target - size;
            if let Some(boot) = self.boot {
                self.booting.extend(vec![boot; target - size]);
            }
        }
        // Idle workers and those on their way are let go.
        for _ in target..size {
            if self.booting.pop().is_none() {
                let idle = self
                    .workers
                    .iter()
                    .find(|(_, tasks)| **tasks == 0)
                    .map(|(id, _)| *id);
                self.workers.remove(&idle.expect("only idle workers are let go"));
            }
        }
        target
    }
}

#[test]
fn grows_after_a_few_seconds_to_what_is_needed() {
    let mut world = World::new(limits(0, 10, 2), Some(5));
    world.waiting = 7;
    assert_eq!(world.tick(), 0, "somebody may take them yet");
    let targets: Vec<_> = (0..20).map(|_| world.tick()).collect();
    assert_eq!(targets.last(), Some(&4));
    assert_eq!((world.started, world.waiting), (4, 0));
}

#[test]
fn does_not_start_what_is_on_its_way() {
    let mut world = World::new(limits(0, 100, 1), Some(60));
    world.waiting = 3;
    for _ in 0..50 {
        world.tick();
    }
    assert_eq!(world.started, 3);
}

#[test]
fn keeps_the_minimum() {
    let mut world = World::new(limits(2, 5, 1), Some(1));
    for _ in 0..100 {
        world.tick();
    }
    assert_eq!((world.size(), world.started), (2, 2));
}

#[test]
fn starts_workers_that_die_less_and_less_often() {
    let mut world = World::new(limits(0, 2, 1), None);
    world.waiting = 2;
    for _ in 0..1800 {
        world.tick();
    }
    // An hour: 5 + 10 + 20 + … seconds apart, and 640 in the end.
    assert!((10..=30).contains(&world.started), "{} starts", world.started);
    world.boot = Some(1);
    for _ in 0..400 {
        world.tick();
    }
    assert_eq!((world.size(), world.waiting), (2, 0), "it recovers");
}

#[test]
fn one_idle_look_ends_nobody() {
    let mut world = World::new(limits(0, 4, 1), Some(1));
    world.waiting = 4;
    for _ in 0..10 {
        world.tick();
    }
    for round in 0..40 {
        world.end_all_tasks();
        assert_eq!(world.tick(), 4, "round {round}");
        world.waiting = 4;
        world.tick();
    }
    assert_eq!(world.started, 4);
}

#[test]
fn hosts_that_share_work_are_not_idle() {
    let present = |host: &str, tasks| Present {
        id: Uuid::now_v7(),
        host: host.to_owned(),
        slots: 1,
        tasks,
    };
    let load = Load {
        waiting: 0,
        workers: vec![present("a", 0), present("a", 1), present("b", 0)],
        size: 3,
    };
    assert_eq!(load.idle_hosts(), ["b"]);
    assert!(!load.is_quiet());
}

fn any_load() -> impl Strategy<Value = Load> {
    let worker = (0_u128..12, 1_usize..4, 0_usize..5).prop_map(|(id, slots, tasks)| Present {
        id: Uuid::from_u128(id),
        host: id.to_string(),
        slots,
        tasks: tasks.min(slots),
    });
    let workers = prop::collection::vec(worker, 0..8);
    (0_usize..40, workers, 0_usize..30).prop_map(|(waiting, workers, size)| Load {
        waiting,
        workers,
        size,
    })
}

proptest! {
    #[test]
    fn stays_inside_the_limits_whatever_is_seen(
        loads in prop::collection::vec((any_load(), 0_u64..400), 1..40),
        min in 0_usize..3, more in 0_usize..20, slots in 1_usize..4,
    ) {
        let limits = limits(min, min + more, slots);
        let (mut state, mut now) = (State::default(), Duration::ZERO);
        for (load, pause) in loads {
            now += Duration::from_secs(pause);
            let (target, next) = desired(&state, &load, &limits, now);
            let busy = load.workers.iter().filter(|worker| worker.tasks > 0).count();
            prop_assert!(target <= limits.max.max(load.size), "above the maximum");
            prop_assert!(target >= busy.min(load.size), "below what works");
            prop_assert!(target >= limits.min.min(load.size), "below the minimum");
            state = next;
        }
    }

    #[test]
    fn a_constant_load_is_served_without_flapping_and_no_load_ends_it(
        tasks in 0_usize..40, max in 1_usize..12, slots in 1_usize..4, boot in 1_usize..40,
    ) {
        let mut world = World::new(limits(0, max, slots), Some(boot));
        world.waiting = tasks;
        for _ in 0..200 {
            world.tick();
        }
        let (size, started) = (world.size(), world.started);
        prop_assert_eq!(size, tasks.div_ceil(slots).min(max));
        prop_assert_eq!(world.waiting, tasks.saturating_sub(size * slots));
        for _ in 0..200 {
            prop_assert_eq!(world.tick(), size, "it flaps");
        }
        prop_assert_eq!(world.started, started);
        world.end_all_tasks();
        for _ in 0..40 {
            world.tick();
        }
        prop_assert_eq!(world.size(), 0, "it does not end");
    }
}
