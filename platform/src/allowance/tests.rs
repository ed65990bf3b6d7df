//! Nobody gets more than a full bucket and what flowed in, whatever is asked of whom.

use std::collections::HashMap;

use proptest::prelude::*;

use super::bucket::Bucket;
use super::lease::{Ask, LIFE, Lease, Spend};
use super::*;

const RATE: Rate = Rate::new(600, TimeDelta::minutes(1));

fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + milliseconds).unwrap()
}

/// The bucket as Redis keeps it: the script in other words.
struct Central {
    points: f64,
    at_ms: i64,
    holders: HashMap<(usize, u64), (u64, i64)>,
}

impl Central {
    fn new() -> Self {
        Self {
            points: RATE.amount as f64,
            at_ms: 0,
            holders: HashMap::new(),
        }
    }

    fn answer(&mut self, process: usize, ask: Ask, now_ms: i64) -> (u64, u64) {
        let me = (process, ask.holder);
        let (mut others, mut mine, mut lapsed, mut lapse) = (0, 0, 0, self.at_ms);
        self.holders.retain(|holder, (amount, till)| {
            if *till <= now_ms {
                lapsed += *amount;
                lapse = lapse.max(*till);
            } else if *holder == me {
                mine = *amount;
            } else {
                others += *amount;
            }
            *till > now_ms
        });
        self.fill(lapse, others + mine + lapsed);
        self.fill(now_ms, others + mine);
        self.points = self
            .points
            .min(RATE.amount as f64 - (others + ask.held) as f64)
            .max(0.0);
        let granted = if self.points >= ask.need as f64 {
            ask.want.min(self.points as u64)
        } else {
            0
        };
        self.points -= granted as f64;
        let till = now_ms + (LIFE * 2).num_milliseconds();
        self.holders.insert(me, (ask.held + granted, till));
        (granted, self.points as u64)
    }

    fn fill(&mut self, to_ms: i64, held: u64) {
        let elapsed = (to_ms - self.at_ms).max(0) as f64;
        let flowed = self.points + elapsed * RATE.amount as f64 / RATE.span_ms() as f64;
        self.points = flowed.min(RATE.amount as f64 - held as f64).max(0.0);
        self.at_ms = self.at_ms.max(to_ms);
    }
}

/// What happens next: time passes, and a process is asked for so much.
#[derive(Clone, Debug)]
struct Step {
    after_ms: i64,
    process: usize,
    amount: u64,
    fate: Fate,
}

/// What becomes of a question to the bucket.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    AnswerLost,
    QuestionLost,
    /// The answer comes after so many more steps.
    Late(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![
        6 => Just(Fate::Answered),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::QuestionLost),
        2 => (1..4usize).prop_map(Fate::Late),
    ];
    let after = prop_oneof![4 => 0..50i64, 2 => 0..3_000i64, 1 => 0..20_000i64];
    let amount = prop_oneof![6 => 1..20u64, 2 => 1..200u64, 1 => 300..=600u64];
    (after, 0..3usize, amount, fate).prop_map(|(after_ms, process, amount, fate)| Step {
        after_ms,
        process,
        amount,
        fate,
    })
}

/// In every span.
fn assert_bounded(spent: &[(i64, u64)]) -> Result<(), TestCaseError> {
    for first in 0..spent.len() {
        let mut sum = 0;
        for (time, amount) in &spent[first..] {
            sum += amount;
            let flowed = (time - spent[first].0) as f64 * RATE.amount as f64 / RATE.span_ms() as f64;
            let most = RATE.amount as f64 + flowed + 1e-6;
            prop_assert!(sum as f64 <= most, "{sum} within {} ms", time - spent[first].0);
        }
    }
    Ok(())
}

/// A question whose answer is on its way.
struct Pending {
    steps_left: usize,
    ask: Ask,
    granted: u64,
    asked: DateTime<Utc>,
    amount: u64,
}

/// A process: one question at a time, as `redis::Shared` has it.
struct Process {
    lease: Lease,
    pending: Option<Pending>,
}

proptest! {
    // Cheap ones: the orders that matter are rare.
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_bucket_bounds_every_span(steps in prop::collection::vec((0..5_000i64, 1..300u64), 1..80)) {
        let mut bucket = Bucket::full(at(0));
        let (mut now, mut spent) = (0, Vec::new());
        for (after, amount) in steps {
            now += after;
            match bucket.take(RATE, amount, at(now)) {
                Ok(()) => spent.push((now, amount)),
                Err(wait) => {
                    // It is there after the wait, and not a millisecond before.
                    let ready = now + wait.num_milliseconds();
                    prop_assert!(bucket.clone().take(RATE, amount, at(ready)).is_ok() || amount > RATE.amount);
                    prop_assert!(bucket.clone().take(RATE, amount, at(ready - 1)).is_err());
                }
            }
        }
        assert_bounded(&spent)?;
    }

    #[test]
    fn leases_bound_every_span_over_all_processes(steps in prop::collection::vec(step(), 1..160)) {
        let mut central = Central::new();
        let mut holders = 3;
        let mut processes: Vec<Process> =
            (0..3).map(|number| Process { lease: Lease::new(number), pending: None }).collect();
        let (mut now, mut spent) = (0, Vec::new());
        let block = Subject::Person(Uuid::nil()).block(RATE);
        for step in steps {
            now += step.after_ms;
            let process = &mut processes[step.process];
            if let Some(pending) = &mut process.pending {
                pending.steps_left = pending.steps_left.saturating_sub(1);
                if pending.steps_left == 0 {
                    let pending = process.pending.take().unwrap();
                    process.lease.answer(pending.ask, pending.granted, TimeDelta::zero(), pending.asked);
                    if matches!(process.lease.spend(pending.amount, pending.asked.max(at(now))), Spend::Done | Spend::Low) {
                        spent.push((now, pending.amount));
                    }
                }
            }
            let is_spent = match process.lease.spend(step.amount, at(now)) {
                Spend::Done => { spent.push((now, step.amount)); continue }
                Spend::Low => { spent.push((now, step.amount)); true }
                Spend::Dry(_) => continue,
                Spend::Short => false,
            };
            if process.pending.is_some() {
                continue;
            }
            let amount = if is_spent { 0 } else { step.amount };
            let ask = process.lease.ask(amount, block);
            let granted = match step.fate {
                Fate::QuestionLost => 0,
                _ => central.answer(step.process, ask, now).0,
            };
            match step.fate {
                Fate::QuestionLost | Fate::AnswerLost => {
                    process.lease.lost(holders);
                    holders += 1;
                }
                Fate::Late(steps_left) => {
                    process.pending = Some(Pending { steps_left, ask, granted, asked: at(now), amount });
                }
                Fate::Answered => {
                    process.lease.answer(ask, granted, TimeDelta::zero(), at(now));
                    if amount > 0 && matches!(process.lease.spend(amount, at(now)), Spend::Done | Spend::Low) {
                        spent.push((now, amount));
                    }
                }
            }
        }
        spent.sort_unstable();
        assert_bounded(&spent)?;
    }
}

/// What the limit is for: whoever keeps below it is never refused, and leases are asked for a few times only.
#[test]
fn a_steady_person_asks_seldom_and_gets_everything() {
    let (mut central, mut lease) = (Central::new(), Lease::new(0));
    let block = Subject::Person(Uuid::nil()).block(RATE);
    let mut asked = 0;
    for number in 0..600 {
        let now = number * 100;
        let spend = lease.spend(1, at(now));
        if matches!(spend, Spend::Done) {
            continue;
        }
        asked += 1;
        let amount = u64::from(spend == Spend::Short);
        let ask = lease.ask(amount, block);
        let (granted, _) = central.answer(0, ask, now);
        lease.answer(ask, granted, TimeDelta::zero(), at(now));
        if spend == Spend::Short {
            assert!(
                matches!(lease.spend(1, at(now)), Spend::Done | Spend::Low),
                "at {now} ms"
            );
        }
    }
    assert!(asked < 120, "asked {asked} times for 600");
}

#[tokio::test]
async fn every_subject_has_its_own_and_nothing_is_no_limit() {
    let traffic = Traffic {
        points_per_minute: 100,
        address_points_per_minute: 10,
        upload_bytes_per_day: 0,
        ..Traffic::default()
    };
    let allowances = Allowances::in_process(&traffic);
    let (ann, bob) = (
        Subject::Person(Uuid::from_u128(1)),
        Subject::Person(Uuid::from_u128(2)),
    );
    allowances.take(ann, 90, at(0)).await.unwrap();
    let refused = allowances.take(ann, 11, at(0)).await;
    assert_eq!(refused, Err(Refused::Wait(TimeDelta::milliseconds(600))));
    allowances.take(bob, 100, at(0)).await.unwrap();
    assert_eq!(
        allowances.take(ann, 101, at(0)).await,
        Err(Refused::Never { most: 100 })
    );
    let standing = allowances.standing(ann, at(0)).await.unwrap();
    assert_eq!((standing.remaining, standing.full_at), (10, at(54_000)));
    let uploads = Subject::Uploads(Uuid::nil());
    allowances.take(uploads, u64::MAX, at(0)).await.unwrap();
    assert_eq!(allowances.standing(uploads, at(0)).await, None);
    let near = Subject::address("2001:db8::1".parse().unwrap());
    let neighbour = Subject::address("2001:db8::ffff:1".parse().unwrap());
    assert_eq!(near, neighbour);
    assert_ne!(near, Subject::address("2001:db8:0:1::1".parse().unwrap()));
    assert_eq!(
        Subject::address("::ffff:192.0.2.7".parse().unwrap()),
        Subject::address("192.0.2.7".parse().unwrap())
    );
}
