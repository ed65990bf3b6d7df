//! How long the model takes to answer one row, and what a limit of it leaves out.
//!
//! A row's share of a batch says little: trees walk many rows at once there. What is measured is what a caller waits for, network
//! aside: one raw row after the other through `Loaded::predict_row`, encoding included, in one thread of this process; the median over
//! answers to rows of the holdout, after a first round that warms up.
//!
//! With a limit, a candidate that alone takes longer is no member. Members are then chosen within the sum of their own times
//! (`ensemble::Room`), and the model they make is measured: while it takes longer, its lightest member goes. What is published has
//! other trees than what was chosen, fitted on more rows, so that it is measured once more.

use std::time::Duration;

use model::serve::Loaded;
use model::value::Value;
use model::{Column, Frame, Member, Refinements, Scratch};
use serde::{Deserialize, Serialize};

use super::assemble::{Assembly, Log, Scored, bare};
use super::members::{self, Chosen};
use super::refit::Refits;
use super::{TrialArtifact, ensemble};
use crate::context::{Clock, Context};
use crate::error::Error;

/// Rows that are answered in a round, and rounds that are counted.
const ROWS: usize = 32;
const ROUNDS: usize = 5;
/// Time that measuring the model may take, and measuring a candidate.
const LONGEST: Duration = Duration::from_millis(400);
pub(super) const LONGEST_CANDIDATE: Duration = Duration::from_millis(30);
/// A candidate whose share of a batch is this many times the limit need not be measured: alone a row takes no less.
const SURELY: f64 = 2.0;
/// Share of the limit that the sum of members may take: the model of all is measured again, and chance must not cost a member.
const SUM_SHARE: f64 = 0.9;
/// Limits that can be asked for.
pub const LIMITS: std::ops::RangeInclusive<Duration> = Duration::from_micros(1)..=Duration::from_secs(60);

/// What one row takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Median seconds of the published model for one raw row, in one thread, alone in its process.
    pub seconds: f64,
    /// What the user allowed.
    pub limit_seconds: Option<f64>,
    /// Trials that are no members because of the limit.
    pub left_out: Vec<LeftOut>,
    /// True where no candidate keeps the limit, and the baseline is published for that reason.
    pub nothing_fits: bool,
}

/// A trial that is no member because of the limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Trial number.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Seconds that it alone takes for a row, at least; absent where there was no time to measure it, and where it alone is not the
    /// reason.
    pub seconds: Option<f64>,
    /// Why, in words.
    pub reason: String,
}

/// Refuses a limit that nothing could keep, or that limits nothing.
///
/// # Errors
/// `Input`.
pub fn check_limit(limit: Duration) -> Result<(), Error> {
    if LIMITS.contains(&limit) {
        return Ok(());
    }
    Err(Error::Input(format!(
        "a limit of {} to answer a row cannot be; it must be from 1 µs to 60 s",
        words(limit.as_secs_f64())
    )))
}

/// Seconds in the unit in which they are easily read.
pub(super) fn words(seconds: f64) -> String {
    let (value, unit) = match seconds {
        seconds if seconds < 1e-3 => (seconds * 1e6, "µs"),
        seconds if seconds < 1.0 => (seconds * 1e3, "ms"),
        seconds => (seconds, "s"),
    };
    let rounded = (value * 100.0).round() / 100.0;
    format!("{rounded} {unit}")
}

/// Median seconds to answer one of `rows` alone, a row without values where there is none.
pub(super) fn measure(model: &Loaded, rows: &Frame, clock: &dyn Clock, longest: Duration) -> f64 {
    let inputs = &model.model().inputs;
    let columns: Vec<Option<&Column>> = inputs.iter().map(|input| rows.column(&input.name)).collect();
    let mut raw: Vec<Vec<Value<'_>>> = Vec::new();
    for row in 0..rows.rows.min(ROWS) {
        raw.push(columns.iter().map(|column| cell(*column, row)).collect());
    }
    if raw.is_empty() {
        raw.push(vec![Value::Missing; inputs.len()]);
    }
    let mut scratch = Scratch::default();
    let mut out = vec![0.0; model.model().outputs()];
    let mut times = Vec::with_capacity(raw.len() * ROUNDS);
    let end = clock.now() + longest;
    for round in 0..=ROUNDS {
        for values in &raw {
            let started = clock.now();
            if started >= end && !times.is_empty() {
                break;
            }
            // A text among numbers is refused: that is an answer as well.
            let _ = std::hint::black_box(model.predict_row(values, &mut scratch, &mut out));
            let seconds = clock.now().saturating_sub(started).as_secs_f64();
            // The first answers fill the caches; they count only when there is no time for others.
            if round > 0 || clock.now() >= end {
                times.push(seconds);
            }
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn cell(column: Option<&Column>, row: usize) -> Value<'_> {
    match column {
        Some(Column::Number(values)) => Value::Number(values[row]),
        Some(Column::Text { codes, dictionary }) => match dictionary.get(codes[row] as usize) {
            Some(text) => Value::Text(text),
            None => Value::Missing,
        },
        None => Value::Missing,
    }
}

/// Seconds for a row of the model of some members.
pub(super) fn of_members(
    assembly: &Assembly<'_>,
    members: Vec<Member>,
    longest: Duration,
    context: &Context<'_>,
) -> f64 {
    let loaded = Loaded::new(bare(assembly, members, Refinements::default()));
    measure(&loaded, assembly.holdout, context.clock, longest)
}

/// What a limit leaves of the candidates.
pub(super) struct Within<'a> {
    /// Those that alone keep it.
    pub pool: Vec<&'a TrialArtifact>,
    /// Their own seconds, without what every row takes, and how many of these there are for all members together.
    pub room: ensemble::Room,
    /// The others.
    pub left_out: Vec<LeftOut>,
}

impl<'a> Within<'a> {
    /// Measures candidates, of which `baseline` takes next to nothing but the encoding of the row.
    pub(super) fn of(
        assembly: &Assembly<'_>,
        limit: f64,
        candidates: &[&'a TrialArtifact],
        context: &Context<'_>,
    ) -> Self {
        let alone = |artifact: &TrialArtifact| {
            of_members(
                assembly,
                vec![members::alone(assembly, artifact)],
                LONGEST_CANDIDATE,
                context,
            )
        };
        let every_row = members::baseline(assembly).map_or(0.0, alone);
        let mut within = Self {
            pool: Vec::new(),
            room: ensemble::Room {
                seconds: Vec::new(),
                limit: (SUM_SHARE * limit - every_row).max(0.0),
            },
            left_out: Vec::new(),
        };
        // The best first, should there be no time for all of them.
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        let loss = |place: &usize| assembly.metric.as_loss(candidates[*place].score.score);
        order.sort_by(|left, right| loss(left).total_cmp(&loss(right)));
        let mut taken = Vec::new();
        for place in order {
            let artifact = candidates[place];
            let share = members::batch_share(assembly, artifact);
            let seconds = match share {
                share if share > SURELY * limit => Some(share),
                // One that keeps the limit is looked for even when the time is up: the baseline is no model.
                _ => (taken.is_empty() || !context.must_stop()).then(|| alone(artifact)),
            };
            let reason = match seconds {
                Some(seconds) if seconds <= limit => {
                    taken.push((place, (seconds - every_row).max(0.0)));
                    continue;
                }
                Some(seconds) => format!(
                    "it takes {} to answer a row, and the limit is {}",
                    words(seconds),
                    words(limit)
                ),
                None => "there was no time to measure how fast it answers".to_owned(),
            };
            within.left_out.push(LeftOut {
                number: artifact.spec.number,
                name: artifact.spec.name.clone(),
                seconds,
                reason,
            });
        }
        taken.sort_unstable_by_key(|(place, _)| *place);
        for (place, seconds) in taken {
            within.pool.push(candidates[place]);
            within.room.seconds.push(seconds);
        }
        within
    }
}

/// Drops the lightest members while the model of `members` takes longer than the limit; returns whether it dropped some. `members`
/// are those of `chosen`, as they were validated or as they are published.
fn drop_to_fit(
    assembly: &Assembly<'_>,
    limit: f64,
    chosen: &mut Chosen,
    members: &mut Vec<Member>,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> bool {
    let mut has_dropped = false;
    while members.len() > 1 {
        let seconds = of_members(assembly, members.clone(), LONGEST, context);
        if seconds <= limit {
            break;
        }
        members.pop();
        let Some(dropped) = chosen.drop_lightest() else {
            break;
        };
        rescale(members);
        let reason = format!(
            "with it the ensemble takes {} to answer a row, and the limit is {}",
            words(seconds),
            words(limit)
        );
        log.add(format!("{} is left out: {reason}", dropped.1));
        chosen.left_out.push(LeftOut {
            number: dropped.0,
            name: dropped.1,
            seconds: None,
            reason,
        });
        has_dropped = true;
    }
    has_dropped
}

/// Brings weights back to a sum of 1.
pub(super) fn rescale(members: &mut [Member]) {
    let sum: f64 = members.iter().map(|member| member.weight).sum();
    for member in members {
        member.weight /= sum;
    }
}

/// Measures the model of the members as they were validated, and drops what the limit has no room for.
pub(super) fn keep_chosen(
    assembly: &Assembly<'_>,
    chosen: &mut Chosen,
    context: &Context<'_>,
    log: &mut Log<'_>,
) {
    if let Some(limit) = assembly.settings.max_latency {
        let mut members = chosen.members.clone();
        drop_to_fit(assembly, limit.as_secs_f64(), chosen, &mut members, context, log);
    }
}

/// The same for the members as they will be published; where some go, the rest is scored in their place. A last one that got slower
/// by its refit is published as it was validated.
///
/// # Errors
/// `Internal` where the metric is undefined for the rest.
pub(super) fn keep_published(
    assembly: &Assembly<'_>,
    chosen: &mut Chosen,
    (refitted, refits): (&mut Vec<Member>, &mut Refits),
    scored: &mut Scored,
    context: &Context<'_>,
    log: &mut Log<'_>,
) -> Result<(), Error> {
    let Some(limit) = assembly.settings.max_latency else {
        return Ok(());
    };
    let limit = limit.as_secs_f64();
    if drop_to_fit(assembly, limit, chosen, refitted, context, log) {
        chosen.score_again(assembly)?;
        *scored = Scored::new(assembly, chosen, context, log);
    }
    if let ([only], [number]) = (refitted.as_slice(), chosen.numbers.as_slice())
        && refits.contains_key(number)
        && of_members(assembly, vec![only.clone()], LONGEST, context) > limit
    {
        log.add(format!(
            "{} is published as it was validated: refitted it takes longer than the limit",
            only.name
        ));
        refits.remove(number);
        refitted.clone_from(&chosen.members);
    }
    Ok(())
}

/// What the published model takes, and what was left out for it.
pub(super) fn of_published(
    assembly: &Assembly<'_>,
    model: &Loaded,
    chosen: &mut Chosen,
    context: &Context<'_>,
) -> Latency {
    Latency {
        seconds: measure(model, assembly.holdout, context.clock, LONGEST),
        limit_seconds: assembly.settings.max_latency.map(|limit| limit.as_secs_f64()),
        left_out: std::mem::take(&mut chosen.left_out),
        nothing_fits: chosen.nothing_fits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_unit() {
        for (seconds, text) in [
            (4.2e-7, "0.42 µs"),
            (0.000_25, "250 µs"),
            (0.002, "2 ms"),
            (0.012_345, "12.35 ms"),
            (1.5, "1.5 s"),
        ] {
            assert_eq!(words(seconds), text);
        }
    }

    #[test]
    fn limits_that_cannot_be_are_refused() {
        for limit in [Duration::ZERO, Duration::from_nanos(999), Duration::from_secs(61)] {
            assert!(check_limit(limit).is_err(), "{limit:?}");
        }
        for limit in [
            Duration::from_micros(1),
            Duration::from_millis(2),
            Duration::from_secs(60),
        ] {
            assert!(check_limit(limit).is_ok(), "{limit:?}");
        }
    }
}
