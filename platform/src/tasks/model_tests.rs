//! The queue against a model of it: any order of claims, renewals, ends and takeovers by several workers. A write succeeds
//! exactly when the model says that the claim is the newest of a running task; a terminal task never changes again.

use std::collections::BTreeMap;
use std::time::Duration;

use entities::task::{self, State};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::tests::{Queue, queue};
use super::*;

/// What a worker does; the number chooses among the claims it has ever had, stale ones included.
#[derive(Clone, Debug)]
enum Step {
    Add,
    Claim { is_short: bool },
    Renew(usize),
    Hold(usize),
    Complete(usize),
    Fail(usize),
    Crash(usize),
    Release(usize),
    Drop(usize),
    TakeOver,
}

fn step() -> impl Strategy<Value = Step> {
    let claim = 0_usize..8;
    prop_oneof![
        2 => Just(Step::Add),
        4 => any::<bool>().prop_map(|is_short| Step::Claim { is_short }),
        1 => claim.clone().prop_map(Step::Renew),
        1 => claim.clone().prop_map(Step::Hold),
        2 => claim.clone().prop_map(Step::Complete),
        1 => claim.clone().prop_map(Step::Fail),
        2 => claim.clone().prop_map(Step::Crash),
        1 => claim.clone().prop_map(Step::Release),
        1 => claim.prop_map(Step::Drop),
        2 => Just(Step::TakeOver),
    ]
}

/// What the model knows of a task.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    fence: i64,
    state: State,
}

#[derive(Default)]
struct Model {
    tasks: BTreeMap<Uuid, Known>,
    claims: Vec<Claim>,
}

impl Model {
    fn is_newest(&self, claim: &Claim) -> bool {
        let newest = Known {
            fence: claim.task.fence,
            state: State::Running,
        };
        self.tasks.get(&claim.task.id) == Some(&newest)
    }

    async fn apply(&mut self, queue: &Queue, step: &Step) {
        let connection = queue.database.connection();
        let chosen = |index: usize| self.claims.get(index % self.claims.len().max(1)).cloned();
        match step {
            Step::Add => {
                let id = queue.add().await;
                self.tasks.insert(
                    id,
                    Known {
                        fence: 0,
                        state: State::Queued,
                    },
                );
            }
            Step::Claim { is_short } => {
                let lease = if *is_short {
                    Duration::ZERO
                } else {
                    Duration::from_secs(60)
                };
                if let Some(claim) = claim(&queue.database, &tests::offer("w"), lease).await.unwrap() {
                    self.claimed(claim, State::Queued);
                }
            }
            Step::Renew(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = renew(connection, &claim, Duration::from_secs(60)).await;
                self.check(&claim, result.map(|()| State::Running));
            }
            Step::Hold(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = hold(connection, &claim).await;
                self.check(&claim, result.map(|()| State::Running));
            }
            Step::Complete(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = complete(connection, &claim).await;
                self.check(&claim, result.map(|()| State::Done));
            }
            Step::Fail(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = fail(connection, &claim, "f").await;
                self.check(&claim, result.map(after));
            }
            Step::Crash(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = crash(connection, &claim, "c", CRASH_BUDGET).await;
                self.check(&claim, result.map(after));
            }
            Step::Release(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = release(connection, &claim).await;
                self.check(&claim, result.map(|()| State::Queued));
            }
            Step::Drop(index) => {
                let Some(claim) = chosen(*index) else { return };
                let result = drop_claimed(connection, &claim).await;
                self.check(&claim, result.map(|()| State::Cancelled));
            }
            Step::TakeOver => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                for row in expired(connection).await.unwrap() {
                    let claim = tests::seized(&queue.database, &row, "heir", Duration::from_secs(60))
                        .await
                        .unwrap();
                    self.claimed(claim, State::Running);
                }
            }
        }
    }

    fn claimed(&mut self, claim: Claim, before: State) {
        let known = self.tasks.get_mut(&claim.task.id).unwrap();
        assert_eq!(known.state, before);
        assert_eq!(claim.task.fence, known.fence + 1);
        *known = Known {
            fence: claim.task.fence,
            state: State::Running,
        };
        self.claims.push(claim);
    }

    fn check(&mut self, claim: &Claim, result: Result<State, Error>) {
        let is_newest = self.is_newest(claim);
        match result {
            Ok(state) => {
                assert!(is_newest, "a stale claim wrote {state:?}");
                self.tasks.get_mut(&claim.task.id).unwrap().state = state;
            }
            Err(Error::Lost) => assert!(!is_newest, "the newest claim was refused"),
            Err(error) => panic!("{error}"),
        }
    }
}

fn after(next: Next) -> State {
    match next {
        Next::Retried => State::Queued,
        Next::Dead => State::Dead,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_does_what_its_model_says(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let queue = queue().await;
            let mut model = Model::default();
            for step in &steps {
                model.apply(&queue, step).await;
            }
            let rows = task::Entity::find().all(queue.database.connection()).await.unwrap();
            let stored: BTreeMap<Uuid, Known> =
                rows.into_iter().map(|row| (row.id, Known { fence: row.fence, state: row.state })).collect();
            assert_eq!(stored, model.tasks);
        });
    }
}
