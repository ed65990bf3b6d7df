//! How many workers there should be: a pure function of what is seen, the limits and the time.
//!
//! It grows at once when tasks have waited for some seconds and will not fit in what is there or on its way. It shrinks only by
//! what was too much during a whole idle time, so that a constant load never makes it go up and down. Workers that are started
//! and never show up are waited for a while, and then started again after longer and longer pauses.

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

/// How long tasks may wait before workers are started: one that is about to end its task would take them sooner.
const PATIENCE: Duration = Duration::from_secs(3);
/// The pause after workers were lost before they showed up; it doubles each time.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest pause is this many doublings.
const DOUBLINGS: u32 = 7;

/// What one queue looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Tasks that wait and may be taken now.
    pub waiting: usize,
    /// Workers that are there and take tasks.
    pub workers: Vec<Present>,
    /// Workers of the fleet, those on their way included.
    pub size: usize,
}

/// A worker that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// New with every start.
    pub id: Uuid,
    /// Name of its machine.
    pub host: String,
    /// Tasks at the same time.
    pub slots: usize,
    /// Tasks that it has.
    pub tasks: usize,
}

/// What holds for one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Workers that stay.
    pub min: usize,
    /// Workers at most.
    pub max: usize,
    /// Slots of a worker that is on its way, at least 1.
    pub slots: usize,
    /// What is too much must be so for this long.
    pub idle: Duration,
    /// How long a started worker is waited for.
    pub boot: Duration,
}

/// What is remembered from one look to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Workers that were there; none: nobody has looked yet.
    known: Option<BTreeSet<Uuid>>,
    /// When each worker was asked for that has not shown up yet, the oldest first.
    awaited: Vec<Duration>,
    /// Size of the fleet if nothing was lost.
    expected: usize,
    /// Times in a row that started workers did not show up.
    failures: u32,
    /// Nothing is started before.
    not_before: Duration,
    /// Since when tasks wait that will not fit.
    short_since: Option<Duration>,
    /// Since when workers are too many, and the fewest that were.
    spare: Option<(Duration, usize)>,
}

impl Load {
    /// True when nothing waits and nothing runs.
    pub fn is_quiet(&self) -> bool {
        self.waiting == 0 && self.workers.iter().all(|worker| worker.tasks == 0)
    }

    /// Hosts of the workers that have nothing to do, except those that share it with one that has.
    pub fn idle_hosts(&self) -> Vec<String> {
        let busy: BTreeSet<_> = self
            .workers
            .iter()
            .filter(|worker| worker.tasks > 0)
            .map(|worker| &worker.host)
            .collect();
        let idle = self.workers.iter().filter(|worker| !busy.contains(&worker.host));
        idle.map(|worker| worker.host.clone()).collect()
    }

    fn busy(&self) -> usize {
        self.workers.iter().filter(|worker| worker.tasks > 0).count()
    }

    fn free_slots(&self) -> usize {
        let free = |worker: &Present| worker.slots.saturating_sub(worker.tasks);
        self.workers.iter().map(free).sum()
    }
}

/// The size that the fleet should have at `now` (any steady clock), and what to remember. It is never below the number of
/// workers that have tasks, as far as they are of the fleet, and above `limits.max` only if the fleet is already.
pub fn desired(before: &State, load: &Load, limits: &Limits, now: Duration) -> (usize, State) {
    let mut state = observe(before, load, limits, now);
    let coming = state.awaited.len() * limits.slots;
    let free = load.free_slots() + coming;
    let short = load.waiting.saturating_sub(free);
    let size = load.size;
    let by = if size < limits.min {
        limits.min - size
    } else if short > 0 {
        let since = *state.short_since.get_or_insert(now);
        let is_due = now.saturating_sub(since) >= PATIENCE;
        let needed = short.div_ceil(limits.slots).min(limits.max.saturating_sub(size));
        if is_due { needed } else { 0 }
    } else {
        state.short_since = None;
        0
    };
    if by > 0 && now >= state.not_before {
        state.awaited.extend(std::iter::repeat_n(now, by));
        state.expected += by;
        state.short_since = None;
        state.spare = None;
        return (size + by, state);
    }
    let spare = if short > 0 { 0 } else { spare(load, limits, free) };
    let target = size - settle(&mut state, spare, limits, now);
    if target < size {
        let called_off = (size - target).min(state.awaited.len());
        state.awaited.truncate(state.awaited.len() - called_off);
        state.expected = state.expected.min(target);
    }
    (target, state)
}

/// What has become of the workers since the last look.
fn observe(before: &State, load: &Load, limits: &Limits, now: Duration) -> State {
    let mut state = before.clone();
    let present: BTreeSet<Uuid> = load.workers.iter().map(|worker| worker.id).collect();
    let Some(known) = state.known.replace(present.clone()) else {
        // Whoever led before has started the others.
        state.awaited = vec![now; load.size.saturating_sub(present.len())];
        state.expected = load.size;
        return state;
    };
    let arrived = present.difference(&known).count().min(state.awaited.len());
    state.awaited.drain(..arrived);
    if arrived > 0 {
        (state.failures, state.not_before) = (0, Duration::ZERO);
    }
    let departed = known.difference(&present).count();
    state.expected = state.expected.saturating_sub(departed);
    let gone = state.expected.saturating_sub(load.size).min(state.awaited.len());
    state.awaited.drain(..gone);
    state.expected = state.expected.min(load.size);
    let waited_for = state.awaited.len();
    state.awaited.retain(|asked| now < *asked + limits.boot);
    if gone + waited_for > state.awaited.len() {
        state.not_before = now + PAUSE * 2_u32.pow(state.failures.min(DOUBLINGS));
        state.failures = state.failures.saturating_add(1);
    }
    state
}

/// Workers that are too many at this moment.
fn spare(load: &Load, limits: &Limits, free: usize) -> usize {
    let unneeded = if load.is_quiet() {
        load.size
    } else {
        (free - load.waiting.min(free)) / limits.slots
    };
    let stay = limits.min.max(load.busy());
    unneeded.min(load.size.saturating_sub(stay))
}

/// Workers that were too many for long enough.
fn settle(state: &mut State, spare: usize, limits: &Limits, now: Duration) -> usize {
    if spare == 0 {
        state.spare = None;
        return 0;
    }
    let (since, fewest) = state
        .spare
        .map_or((now, spare), |(since, fewest)| (since, fewest.min(spare)));
    if now.saturating_sub(since) < limits.idle {
        state.spare = Some((since, fewest));
        return 0;
    }
    state.spare = None;
    fewest
}
