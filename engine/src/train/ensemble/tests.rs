//! Selection among made candidates.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::*;
use crate::context::Clock;
use crate::plan::Target;

struct Still;

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

fn choose<'a>(target: impl Into<TargetView<'a>>, candidates: &[&[f32]], metric: Metric) -> Option<Choice> {
    surrounded(|context| select(target, candidates, metric, None, context))
}

/// Surroundings in which no time passes.
pub fn surrounded<T>(choose: impl FnOnce(&Context<'_>) -> T) -> T {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .expect("threads start");
    let cancelled = AtomicBool::new(false);
    let context = Context {
        clock: &Still,
        deadline: Duration::from_secs(3600),
        cancelled: &cancelled,
        device: crate::Device::Cpu,
        pace: crate::Pace::default(),
        pool: &pool,
        seed: 1,
        progress: &|_| {},
    };
    choose(&context)
}

#[test]
fn opposite_errors_cancel() {
    let target = Target::Values(vec![1.0, 2.0, 3.0, 4.0]);
    let above = [1.5, 2.5, 3.5, 4.5];
    let below = [0.5, 1.5, 2.5, 3.5];
    let noise = [4.0, 1.0, 2.0, 3.0];
    let choice = choose(&target, &[&noise, &above, &below], Metric::Rmse).expect("a choice");
    assert_eq!(choice.weights, vec![(1, 0.5), (2, 0.5)]);
    assert!(choice.score < 1e-12);
}

#[test]
fn heavy_rows_decide() {
    let target = WeightedTarget {
        target: Target::Values(vec![1.0, 2.0, 3.0]),
        weights: Some(vec![100.0, 1.0, 1.0]),
    };
    let right_where_it_counts = [1.0, 4.0, 5.0];
    let right_elsewhere = [3.0, 2.0, 3.0];
    let candidates: [&[f32]; 2] = [&right_elsewhere, &right_where_it_counts];
    let weighted = choose(target.view(), &candidates, Metric::Rmse).expect("a choice");
    assert_eq!(weighted.weights[0].0, 1);
    let plain = choose(&target.target, &candidates, Metric::Rmse).expect("a choice");
    assert_eq!(plain.weights[0].0, 0);
}

#[test]
fn a_perfect_member_stays_alone() {
    let target = Target::Values(vec![1.0, 2.0, 3.0]);
    let choice = choose(&target, &[&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0]], Metric::Rmse).expect("a choice");
    assert_eq!(choice.weights, vec![(1, 1.0)]);
}

#[test]
fn equals_do_not_add_members() {
    let target = Target::Values(vec![1.0, 2.0, 3.0]);
    let same = [1.1, 2.0, 3.0];
    let choice = choose(&target, &[&same, &same, &same], Metric::Rmse).expect("a choice");
    assert_eq!(choice.weights, vec![(0, 1.0)]);
}

#[test]
fn undefined_candidates_are_left_out() {
    let target = Target::Values(vec![1.0, 2.0]);
    assert_eq!(choose(&target, &[&[f32::NAN, 1.0]], Metric::Rmse), None);
    let choice = choose(&target, &[&[f32::NAN, 1.0], &[1.0, 1.0]], Metric::Rmse).expect("a choice");
    assert_eq!(choice.weights, vec![(1, 1.0)]);
}

#[test]
fn members_stay_within_the_room() {
    let mut rng = Pcg64Mcg::seed_from_u64(3);
    let target = Target::Values(vec![0.0; 200]);
    let outputs: Vec<Vec<f32>> = (0..10)
        .map(|_| (0..200).map(|_| rng.random_range(-1.0..1.0)).collect())
        .collect();
    let candidates: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
    let within = |limit: f64| {
        let seconds: Vec<f64> = (0..10).map(|index| 1.0 + f64::from(index)).collect();
        let room = Room { seconds, limit };
        let choose = |context: &Context<'_>| select(&target, &candidates, Metric::Rmse, Some(&room), context);
        let choice = surrounded(choose).expect("a choice");
        let taken = room.taken(choice.weights.iter().map(|(index, _)| *index));
        (choice, taken)
    };
    let mut last = f64::INFINITY;
    for limit in [0.5, 6.0, 15.0, 1000.0] {
        let (choice, taken) = within(limit);
        assert!(choice.weights.len() == 1 || taken <= limit, "{limit}: {choice:?}");
        assert!(choice.score <= last, "{limit}: {choice:?}");
        last = choice.score;
    }
    let free = surrounded(|context| select(&target, &candidates, Metric::Rmse, None, context));
    assert_eq!(free.map(|choice| choice.weights), Some(within(1000.0).0.weights));
}

/// A slow one that is best alone is worse than two fast ones together.
#[test]
fn fast_ones_together_may_beat_a_slow_one() {
    let target = Target::Values(vec![1.0, 2.0, 3.0, 4.0]);
    let slow = [1.3, 2.3, 3.3, 4.3];
    let above = [1.5, 2.5, 3.5, 4.5];
    let below = [0.5, 1.5, 2.5, 3.5];
    let room = Room {
        seconds: vec![8.0, 4.0, 4.0],
        limit: 8.0,
    };
    let candidates: [&[f32]; 3] = [&slow, &above, &below];
    let choose = |context: &Context<'_>| select(&target, &candidates, Metric::Rmse, Some(&room), context);
    let choice = surrounded(choose).expect("a choice");
    assert_eq!(choice.weights, vec![(1, 0.5), (2, 0.5)]);
}

/// One that has no room is left out, however good, unless none has.
#[test]
fn what_has_no_room_alone_is_not_chosen() {
    let target = Target::Values(vec![1.0, 2.0, 3.0, 4.0]);
    let best = [1.0, 2.0, 3.0, 4.1];
    let other = [1.5, 2.5, 3.5, 4.5];
    let candidates: [&[f32]; 2] = [&best, &other];
    let chosen = |seconds: Vec<f64>| {
        let room = Room { seconds, limit: 1.0 };
        let choose = |context: &Context<'_>| select(&target, &candidates, Metric::Rmse, Some(&room), context);
        surrounded(choose).expect("a choice").weights
    };
    assert_eq!(chosen(vec![1.0, 1.0]), vec![(0, 1.0)]);
    assert_eq!(chosen(vec![1.1, 1.0]), vec![(1, 1.0)]);
    assert_eq!(chosen(vec![1.2, 1.1]), vec![(0, 1.0)]);
    let room = Room {
        seconds: vec![0.1, 0.1],
        limit: 0.0,
    };
    let choose = |context: &Context<'_>| select(&target, &candidates, Metric::Rmse, Some(&room), context);
    let choice = surrounded(choose).expect("a choice, though the time is over");
    assert_eq!(choice.weights, vec![(0, 1.0)]);
}

/// Which of equally good candidates look best on few rows is chance, and bags fall for it less.
#[test]
fn bags_generalise_better_than_one_selection() {
    let mut rng = Pcg64Mcg::seed_from_u64(5);
    let (rows, count) = (40, 16);
    let target = Target::Values(vec![0.0; rows]);
    let mut errors = [0.0; 2];
    for _ in 0..20 {
        // The truth is 0, before and afterwards; the candidates err independently.
        let mut draw = || -> Vec<Vec<f32>> {
            (0..count)
                .map(|_| (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect())
                .collect()
        };
        let (seen, fresh) = (draw(), draw());
        let seen: Vec<&[f32]> = seen.iter().map(Vec::as_slice).collect();
        let fresh: Vec<&[f32]> = fresh.iter().map(Vec::as_slice).collect();
        for (error, is_bagged) in errors.iter_mut().zip([false, true]) {
            let weights = surrounded(|context| {
                let sample = Sample::new((&target).into(), &seen);
                let scored = sample.best(&seen, Metric::Rmse);
                sample.weights(&scored, Metric::Rmse, None, context, is_bagged)
            });
            let mean = weighted(&fresh, &weights.expect("weights"));
            *error += Metric::Rmse.evaluate(&target, &mean).expect("defined");
        }
    }
    assert!(errors[1] < 0.99 * errors[0], "{errors:?}");
}

/// One candidate says all, many say nothing: half of the bags do not have it.
#[test]
fn bags_give_way_where_they_spoil_the_mean() {
    let mut rng = Pcg64Mcg::seed_from_u64(11);
    let rows = 400;
    let truth: Vec<f64> = (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect();
    let mut outputs: Vec<Vec<f32>> = vec![truth.iter().map(|value| (value + 0.01) as f32).collect()];
    for _ in 0..11 {
        outputs.push((0..rows).map(|_| rng.random_range(-1.0..1.0)).collect());
    }
    let candidates: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
    let choice = choose(&Target::Values(truth), &candidates, Metric::Rmse).expect("a choice");
    assert_eq!(choice.weights[0].0, 0);
    assert!(choice.score < 0.011, "{choice:?}");
}

#[test]
fn a_room_of_two_kinds_is_kept_in_both() {
    let times = Room {
        seconds: vec![1.0, 2.0, 1.0],
        limit: 4.0,
    };
    let files = Room {
        seconds: vec![9.0, 1.0, 1.0],
        limit: 10.0,
    };
    let both = times.both(&files);
    assert_eq!((both.limit, both.seconds.clone()), (1.0, vec![0.9, 0.5, 0.25]));
    assert!(both.holds(&[(1, 0.5), (2, 0.5)]));
    assert!(!both.holds(&[(0, 0.5), (2, 0.5)]), "its file and another one");
    assert!(both.holds(&[(0, 1.0)]), "a single one always may");
}
