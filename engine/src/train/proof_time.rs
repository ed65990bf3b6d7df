//! How long the proof of the ONNX file will take here and now, learned from the proof of one part of the model.
//!
//! What onnxruntime takes for a node is known from a quiet machine. On a busy one it takes several times that, and refits that
//! were given too much time leave a model whose file nobody has checked.

use model::onnx::{self, Runtime};
use model::{Member, Refinements};

use super::assemble::{Assembly, Log, bare, part};
use super::onnx_file;
use crate::context::Context;

/// On a quiet machine: a multiple of what opening the file takes, and seconds beyond it.
const QUIET: (f64, f64) = (1.5, 0.5);
/// Nothing is learned where the proof would have time enough if it took this many times what it takes on a quiet machine.
const SAFE_TIMES: f64 = 6.0;
const SAFE_SHARE: f64 = 0.3;
/// Share of all predictors' opening time that the one which is tried should have, and share of the time left for it.
const PILOT_SIZE: f64 = 0.1;
const PILOT_SHARE: f64 = 0.2;

/// What a proof takes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ProofTime {
    /// Measured seconds for each second that opening the same predictors takes on a quiet machine; 0 where it was not measured.
    pace: f64,
}

impl ProofTime {
    /// Proves the file of one predictor, when the time left is short enough for its pace to matter.
    pub(super) fn learned(
        assembly: &Assembly<'_>,
        members: &[Member],
        context: &Context<'_>,
        log: &mut Log<'_>,
    ) -> Self {
        let unknown = Self::default();
        let left = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
        let Some(runtime) = assembly.runtime else {
            return unknown;
        };
        if unknown.seconds(members) * SAFE_TIMES < left * SAFE_SHARE {
            return unknown;
        }
        let pace = pilot(assembly, members, runtime, context);
        let learned = Self { pace };
        if pace > 0.0 {
            log.add(format!(
                "the proof of the ONNX file is expected to take {:.1} s",
                learned.seconds(members)
            ));
        }
        learned
    }

    /// Seconds for a file of these members, rather too many than too few: a small part pays for what is there once. Refits go by it;
    /// whether a proof is begun does not.
    pub(super) fn seconds(self, members: &[Member]) -> f64 {
        let opening = opening_seconds(members);
        (opening * QUIET.0 + QUIET.1).max(opening * self.pace)
    }
}

/// Seconds that onnxruntime takes on a quiet machine to open a file of these members. It cannot be stopped while it does.
pub(super) fn opening_seconds(members: &[Member]) -> f64 {
    let of = |member: &Member| onnx_file::opening_seconds(&member.predictors);
    members.iter().map(of).sum()
}

/// The pace of the predictor whose size is nearest to the wanted share of all; 0 when its file cannot be made or answers otherwise:
/// the proof of the whole will say so.
fn pilot(assembly: &Assembly<'_>, members: &[Member], runtime: &Runtime, context: &Context<'_>) -> f64 {
    let wanted = PILOT_SIZE * opening_seconds(members);
    let mut alone = Vec::new();
    for member in members {
        for predictor in &member.predictors {
            let opening = onnx_file::opening_seconds(std::slice::from_ref(predictor));
            if opening > 0.0 {
                alone.push((opening, member, predictor));
            }
        }
    }
    let nearest = alone
        .into_iter()
        .min_by(|left, right| (left.0 - wanted).abs().total_cmp(&(right.0 - wanted).abs()));
    let Some((opening, member, predictor)) = nearest else {
        return 0.0;
    };
    let member = Member {
        weight: 1.0,
        predictors: vec![predictor.clone()],
        ..member.clone()
    };
    let started = context.clock.now();
    let limited = part(context, PILOT_SHARE);
    let limits = onnx::Limits {
        most_rows: 0,
        go_on: &|| !limited.must_stop(),
        threads: context.pool.current_num_threads(),
    };
    let model = bare(assembly, vec![member], Refinements::default());
    let done = match onnx::export(&model) {
        Ok(bytes) => onnx::verify_within(&bytes, &model, assembly.holdout, runtime, &limits),
        Err(_) => return 0.0,
    };
    match done {
        // What was late would have taken longer still.
        Ok(_) | Err(onnx::VerifyError::Late) => {
            context.clock.now().saturating_sub(started).as_secs_f64() / opening
        }
        Err(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::context::Clock;
    use crate::profile::{self, Options};
    use crate::train::run::deadline;
    use crate::train::tests::{AMPLE, settings, table};
    use crate::train::{Control, Decision, Event, Finished, Job, run};

    /// What is left when the search is over: little enough for the pace to matter.
    const LEFT: Duration = Duration::from_secs(10);

    /// The wall's, until the search is over; then as fast as a machine is slow.
    struct Busy {
        begun: Instant,
        searched: OnceLock<Instant>,
        times: f64,
    }

    impl Clock for Busy {
        fn now(&self) -> Duration {
            match self.searched.get() {
                Some(searched) => {
                    deadline(Duration::from_secs(AMPLE)) - LEFT + searched.elapsed().mul_f64(self.times)
                }
                None => self.begun.elapsed(),
            }
        }
    }

    /// The baseline and boosted trees, assembled by a clock of so many times the wall's pace.
    fn assembled_by(times: f64, runtime: &Runtime) -> Finished {
        let table = table(600);
        let settings = settings("price", &["grade", "large"], AMPLE, Some(2));
        let options = Options {
            target: Some(settings.target.clone()),
            threads: 1,
        };
        let profile = profile::profile(&table, &options).expect("a profile");
        let clock = Busy {
            begun: Instant::now(),
            searched: OnceLock::new(),
            times,
        };
        let events = |event: &Event<'_>| {
            if matches!(event, Event::Assembling { .. }) {
                let _ = clock.searched.set(Instant::now());
            }
        };
        let job = Job {
            table: &table,
            profile: &profile,
            settings: &settings,
            clock: &clock,
            control: &Control::default(),
            events: &events,
            runtime: Some(runtime),
            program: "test 1",
        };
        run(&job).expect("a model")
    }

    /// The seconds that were expected, where a part was tried.
    fn expected(decisions: &[Decision]) -> Option<f64> {
        decisions.iter().find_map(|decision| {
            let rest = decision
                .what
                .strip_prefix("the proof of the ONNX file is expected to take ")?;
            rest.strip_suffix(" s")?.parse().ok()
        })
    }

    #[test]
    fn on_a_busy_machine_the_proof_is_expected_to_take_longer() {
        let Some(path) = std::env::var_os("ORT_DYLIB_PATH") else {
            assert!(
                std::env::var_os("CI_REQUIRE_ORT").is_none(),
                "ORT_DYLIB_PATH is not set"
            );
            return;
        };
        let runtime = Runtime::load(Path::new(&path)).expect("onnxruntime loads");
        // Time hardly passes: what is known of a quiet machine is the larger figure.
        let idle = assembled_by(1e-3, &runtime);
        assert!(idle.assembled.onnx.is_ok(), "{:?}", idle.decisions);
        let quiet = ProofTime::default().seconds(&idle.assembled.model.members);
        let told = expected(&idle.decisions);
        assert!(
            told.is_none_or(|seconds| seconds < 1.5 * quiet),
            "{told:?} of {quiet}"
        );
        let busy = assembled_by(40.0, &runtime);
        let told = expected(&busy.decisions);
        assert!(
            told.is_some_and(|seconds| seconds > 3.0 * quiet),
            "{told:?} of {quiet}, {:?}",
            busy.decisions
        );
    }
}
