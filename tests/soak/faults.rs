//! What breaks: one thing a second, drawn from a seed, and mended again.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::postgres::{Stop, query};
use harness::proxy::{Direction, Weather};
use harness::random::Random;
use harness::stack::{Services, stop};
use harness::{Client, Signal, Stack, s3};

use crate::detection::{Detections, Loss, Witnesses};
use crate::load::Load;
use crate::samples::Samples;
use crate::{WORKERS, Ways};

/// Number of the signal that tells a process to stop.
const SIGTERM: i32 = 15;
/// A worker that is told to stop must be gone by then.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);
/// A stopped worker goes on after so long: its lease of 14 s is over by then.
const ABSENCE: Duration = Duration::from_secs(20);
/// A worker trusts in what it sees of others when it has seen the database for six seconds; one second for its start.
const SETTLING: Duration = Duration::from_secs(7);

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    KillWorker,
    KillTrainer,
    DrainWorker,
    VanishedWorker,
    KillFace,
    RedisForgets,
    RedisRestarts,
    RedisStalls,
    RedisAway,
    RedisWayCut,
    SessionsEnded,
    PostgresRestarts,
    PostgresCrashes,
    PostgresWayCut,
    PostgresWayStalls,
    PostgresWayHalfOpen,
    BadStore,
}

/// How often each one is drawn, of a hundred.
const SHARES: [(Fault, usize); 17] = [
    (Fault::KillWorker, 20),
    (Fault::KillTrainer, 18),
    (Fault::DrainWorker, 7),
    (Fault::VanishedWorker, 4),
    (Fault::KillFace, 2),
    (Fault::RedisForgets, 6),
    (Fault::RedisRestarts, 4),
    (Fault::RedisStalls, 5),
    (Fault::RedisAway, 3),
    (Fault::RedisWayCut, 4),
    (Fault::SessionsEnded, 6),
    (Fault::PostgresRestarts, 1),
    (Fault::PostgresCrashes, 1),
    (Fault::PostgresWayCut, 6),
    (Fault::PostgresWayStalls, 4),
    (Fault::PostgresWayHalfOpen, 3),
    (Fault::BadStore, 6),
];

/// What is mended later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    /// The worker of that place is stopped.
    Worker(usize),
    RedisStalled,
    RedisAway,
    PostgresWay,
    RedisWay,
    Store,
}

/// What was done and seen.
#[derive(Debug)]
pub struct Record {
    /// How often each fault was there.
    pub counts: BTreeMap<Fault, usize>,
    /// Workers that ended by themselves and were started again.
    pub restarts: usize,
    /// How soon losses were seen.
    pub detections: Detections,
    /// What must not grow.
    pub samples: Samples,
}

/// Breaks things.
pub struct Breaker<'a> {
    services: &'a Services,
    ways: &'a Ways,
    load: &'a Arc<Load>,
    random: Random,
    broken: Vec<(Instant, Broken)>,
    /// When the database was last in trouble, and when each worker was started.
    trouble: Instant,
    started: [Instant; WORKERS],
    /// Those of the losses so far.
    witnesses: Vec<Witnesses>,
    record: Record,
}

impl<'a> Breaker<'a> {
    /// One that has broken nothing yet.
    pub fn new(services: &'a Services, ways: &'a Ways, load: &'a Arc<Load>, seed: u64) -> Self {
        let now = Instant::now();
        Self {
            services,
            ways,
            load,
            random: Random::of(seed, 0),
            broken: Vec::new(),
            trouble: now,
            started: [now; WORKERS],
            witnesses: Vec::new(),
            record: Record {
                counts: BTreeMap::new(),
                restarts: 0,
                detections: Detections::default(),
                samples: Samples::new(),
            },
        }
    }

    /// What was done and seen.
    pub fn into_record(self) -> Record {
        self.record
    }

    /// Mends what has been broken for long enough, starts what has ended by itself, as systemd would, and takes samples.
    pub fn supervise(&mut self, stack: &mut Stack) {
        let now = Instant::now();
        let (due, later) = self.broken.iter().partition(|(until, _)| *until <= now);
        self.broken = later;
        let due: Vec<(Instant, Broken)> = due;
        for (_, broken) in due {
            self.mend(broken, stack);
        }
        for place in 0..WORKERS {
            if !stack.workers[place].is_running() {
                self.record.restarts += 1;
                self.start_again(place, stack);
            }
        }
        self.record.samples.tick(stack, self.services);
    }

    /// Mends everything.
    pub fn mend_all(&mut self, stack: &mut Stack) {
        for (_, broken) in std::mem::take(&mut self.broken) {
            self.mend(broken, stack);
        }
        self.supervise(stack);
    }

    /// Breaks one thing. What is broken already is left alone, and something else is drawn.
    pub fn strike(&mut self, stack: &mut Stack) {
        loop {
            let fault = self.draw();
            if self.commit(fault, stack) {
                *self.record.counts.entry(fault).or_default() += 1;
                return;
            }
        }
    }

    fn draw(&mut self) -> Fault {
        let mut left = self.random.below(SHARES.iter().map(|(_, share)| share).sum());
        for (fault, share) in SHARES {
            if left < share {
                return fault;
            }
            left -= share;
        }
        Fault::KillTrainer
    }

    /// False when it cannot be done just now.
    fn commit(&mut self, fault: Fault, stack: &mut Stack) -> bool {
        match fault {
            Fault::KillWorker => self.kill_worker(stack),
            Fault::KillTrainer => self.kill_trainer(stack),
            Fault::DrainWorker => self.drain_worker(stack),
            Fault::VanishedWorker => self.stop_worker(stack),
            Fault::KillFace => self.kill_face(stack),
            Fault::RedisForgets | Fault::RedisRestarts | Fault::RedisStalls | Fault::RedisAway => {
                self.redis(fault)
            }
            Fault::RedisWayCut => self.break_way(Broken::RedisWay, Weather::Refusing, 2),
            Fault::SessionsEnded | Fault::PostgresRestarts | Fault::PostgresCrashes => {
                self.postgres(fault, stack)
            }
            Fault::PostgresWayCut => self.break_way(Broken::PostgresWay, Weather::Refusing, 2),
            Fault::PostgresWayStalls => self.break_way(Broken::PostgresWay, Weather::Stalled, 4),
            Fault::PostgresWayHalfOpen => {
                self.break_way(Broken::PostgresWay, Weather::HalfOpen(Direction::ToService), 6)
            }
            Fault::BadStore => self.bad_store(),
        }
    }

    fn kill_worker(&mut self, stack: &mut Stack) -> bool {
        let Some(place) = self.some_worker(stack) else {
            return false;
        };
        let url = stack.database_url.clone().expect("a database");
        let watch = self.record.detections.watch(&url, &stack.workers[place]);
        stack.workers[place].kill();
        // Nobody hears that a process is gone behind a way that carries nothing.
        let is_cut_off = place == 0 && self.is(Broken::PostgresWay);
        let witnesses = if is_cut_off {
            Witnesses::default()
        } else {
            self.witnesses_but(place)
        };
        watch(Loss::Killed, witnesses.clone());
        self.witnesses.push(witnesses);
        self.start_again(place, stack);
        true
    }

    fn kill_trainer(&mut self, stack: &Stack) -> bool {
        let trainers = stack.trainers();
        if trainers.is_empty() {
            return false;
        }
        // One that has just ended by itself cannot be killed.
        Signal::Kill
            .send(trainers[self.random.below(trainers.len())])
            .is_ok()
    }

    fn drain_worker(&mut self, stack: &mut Stack) -> bool {
        let Some(place) = self.some_worker(stack) else {
            return false;
        };
        let is_cut_off = place == 0 && self.is(Broken::PostgresWay);
        if is_cut_off {
            return false;
        }
        let status = stop(&mut stack.workers[place], DRAIN_LIMIT);
        // One that has only begun has nothing to give back, and ends by the signal itself.
        let has_only_begun = status.signal() == Some(SIGTERM);
        assert!(
            status.success() || has_only_begun,
            "a drained worker ends with {status}"
        );
        self.start_again(place, stack);
        true
    }

    /// As a machine that vanishes; at most one at a time, and not the one whose way may be broken as well.
    fn stop_worker(&mut self, stack: &mut Stack) -> bool {
        let is_one_away = (0..WORKERS).any(|place| self.is_away(place));
        let place = 1 + self.random.below(WORKERS - 1);
        if is_one_away || !stack.workers[place].is_running() {
            return false;
        }
        let url = stack.database_url.clone().expect("a database");
        let watch = self.record.detections.watch(&url, &stack.workers[place]);
        stack.workers[place].signal(Signal::Stop);
        watch(Loss::Vanished, Witnesses::default());
        self.lost(place);
        self.break_for(ABSENCE, Broken::Worker(place))
    }

    fn kill_face(&mut self, stack: &mut Stack) -> bool {
        let place = self.random.below(stack.faces.len());
        stack.faces[place].kill();
        let mut face = stack.faces[place].again();
        stack.clients[place] = Client::new(&face.first_line());
        stack.faces[place] = face;
        self.load.use_clients(stack.clients.clone());
        true
    }

    fn redis(&mut self, fault: Fault) -> bool {
        if self.is(Broken::RedisStalled) || self.is(Broken::RedisAway) {
            return false;
        }
        let redis = &self.services.redis;
        match fault {
            Fault::RedisForgets => redis.flush_all().is_ok(),
            Fault::RedisStalls => {
                redis.pause().expect("Redis is stopped");
                self.break_for(Duration::from_secs(2), Broken::RedisStalled)
            }
            Fault::RedisAway => {
                redis.kill().expect("Redis ends");
                self.break_for(Duration::from_secs(3), Broken::RedisAway)
            }
            _ => redis.restart().is_ok(),
        }
    }

    fn postgres(&mut self, fault: Fault, stack: &Stack) -> bool {
        self.trouble = Instant::now();
        (0..WORKERS).for_each(|place| self.lost(place));
        let url = stack.database_url.as_deref().expect("a database");
        let done = match fault {
            Fault::SessionsEnded => query(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
                 AND datname = current_database() AND random() < 0.3",
            )
            .map(drop),
            Fault::PostgresRestarts => self.services.postgres.restart(Stop::Fast),
            _ => self.services.postgres.restart(Stop::Immediate),
        };
        done.unwrap_or_else(|error| panic!("{fault:?}: {error:#}"));
        self.trouble = Instant::now();
        true
    }

    fn break_way(&mut self, broken: Broken, weather: Weather, seconds: u64) -> bool {
        if self.is(broken) {
            return false;
        }
        let proxy = match broken {
            Broken::RedisWay => &self.ways.redis,
            _ => &self.ways.postgres,
        };
        proxy.set(weather);
        if weather == Weather::Refusing {
            proxy.cut();
        }
        self.break_for(Duration::from_secs(seconds), broken)
    }

    fn bad_store(&mut self) -> bool {
        if self.is(Broken::Store) {
            return false;
        }
        let faults = s3::Faults {
            failing: 0.3,
            truncating: 0.1,
            corrupting: 0.1,
            doubtful: 0.1,
            delay: Duration::from_millis(10),
        };
        self.services.s3.set(faults, self.random.below(usize::MAX) as u64);
        self.break_for(Duration::from_secs(3), Broken::Store)
    }

    fn mend(&mut self, broken: Broken, stack: &Stack) {
        match broken {
            Broken::Worker(place) => {
                stack.workers[place].signal(Signal::Continue);
                self.started[place] = Instant::now();
            }
            Broken::RedisStalled => self.services.redis.unpause().expect("Redis goes on"),
            Broken::RedisAway => self.services.redis.resume().expect("Redis starts"),
            Broken::PostgresWay => self.ways.postgres.heal(),
            Broken::RedisWay => self.ways.redis.heal(),
            Broken::Store => self.services.s3.heal(),
        }
    }

    fn break_for(&mut self, span: Duration, broken: Broken) -> bool {
        self.broken.push((Instant::now() + span, broken));
        true
    }

    fn is(&self, broken: Broken) -> bool {
        self.broken.iter().any(|(_, known)| *known == broken)
    }

    fn is_away(&self, place: usize) -> bool {
        self.is(Broken::Worker(place))
    }

    /// One that runs and is not stopped.
    fn some_worker(&mut self, stack: &mut Stack) -> Option<usize> {
        let place = self.random.below(WORKERS);
        (!self.is_away(place) && stack.workers[place].is_running()).then_some(place)
    }

    /// Workers that see a loss now. The first one's way to Postgres breaks too often.
    fn witnesses_but(&self, place: usize) -> Witnesses {
        let sees = |worker: &usize| {
            let since = self.started[*worker].max(self.trouble);
            *worker != place && !self.is_away(*worker) && since.elapsed() > SETTLING
        };
        Witnesses::of((1..WORKERS).filter(sees).collect())
    }

    /// A worker sees nothing from now on.
    fn lost(&self, place: usize) {
        for witnesses in &self.witnesses {
            witnesses.lose(place);
        }
    }

    fn start_again(&mut self, place: usize, stack: &mut Stack) {
        self.lost(place);
        stack.workers[place] = stack.workers[place].again();
        self.started[place] = Instant::now();
    }
}
