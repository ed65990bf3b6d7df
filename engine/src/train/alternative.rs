//! A small ensemble beside the published one: the best trial of each family of learners, chosen among by the same greedy selection.
//!
//! It is shown on the leaderboard and never published: `docs/decisions/0016` has the figures. Whoever needs answers as fast as its own
//! sets a limit of time, which the same trials then have to themselves.

use serde::{Deserialize, Serialize};

use super::assemble::{Assembly, part};
use super::ensemble::{self, Choice, Room};
use super::{TrialArtifact, bootstrap, latency, members, onnx_file};
use crate::context::Context;
use crate::plan::WeightedTarget;

/// Name of its line on the leaderboard.
pub(super) const BEST_OF_FAMILY: &str = "Best of each family";
/// Share of the time for choosing members in which it is asked whether the difference is chance.
const CHANCE_SHARE: f64 = 0.2;

/// An ensemble that could have been published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// `Best of each family`.
    pub name: String,
    /// Trial numbers of its members and their weights, heaviest first.
    pub members: Vec<(usize, f64)>,
    /// The job's metric on out-of-fold predictions.
    pub score: f64,
    /// Median seconds to answer one raw row, as members were validated.
    pub seconds: f64,
    /// The same of the chosen ensemble.
    pub chosen_seconds: f64,
    /// Bytes of its members in a file, about.
    pub bytes: u64,
    /// The same of the chosen ensemble.
    pub chosen_bytes: u64,
    /// Whether the chosen ensemble's better score is beyond chance; absent where there was no time to ask.
    pub is_surely_worse: Option<bool>,
    /// All of it in words.
    pub reason: String,
}

/// What it is chosen among, and what it is compared with.
pub(super) struct Among<'a> {
    /// The candidates.
    pub candidates: &'a [&'a TrialArtifact],
    /// Their out-of-fold outputs.
    pub outputs: &'a [&'a [f32]],
    /// The target of these.
    pub target: &'a WeightedTarget,
    /// The time that members may take.
    pub room: Option<&'a Room>,
}

impl Among<'_> {
    /// The small ensemble; `None` where it would be the chosen one, or be no smaller.
    pub(super) fn best_of_family(
        &self,
        assembly: &Assembly<'_>,
        chosen: &[(usize, f64)],
        context: &Context<'_>,
    ) -> Option<Alternative> {
        let metric = assembly.metric;
        let places = self.best_places(assembly);
        let outputs: Vec<&[f32]> = places.iter().map(|place| self.outputs[*place]).collect();
        let room = self.room.map(|room| Room {
            seconds: places.iter().map(|place| room.seconds[*place]).collect(),
            limit: room.limit,
        });
        let Choice { weights, score } =
            ensemble::select(self.target, &outputs, metric, room.as_ref(), context)?;
        let weights: Vec<(usize, f64)> = weights
            .into_iter()
            .map(|(place, weight)| (places[place], weight))
            .collect();
        let numbers = |weights: &[(usize, f64)]| {
            let mut numbers: Vec<usize> = weights.iter().map(|(place, _)| *place).collect();
            numbers.sort_unstable();
            numbers
        };
        if numbers(&weights) == numbers(chosen) {
            return None;
        }
        let [bytes, chosen_bytes] = [&weights[..], chosen].map(|weights| self.bytes(assembly, weights));
        if bytes >= chosen_bytes {
            return None;
        }
        let [own, other] = [&weights[..], chosen].map(|weights| ensemble::weighted(self.outputs, weights));
        let compared = part(context, CHANCE_SHARE);
        let interval = bootstrap::interval(self.target, &other, Some(&own), metric, &compared);
        let seconds = |weights| self.seconds(assembly, weights, context);
        let mut alternative = Alternative {
            name: BEST_OF_FAMILY.to_owned(),
            members: weights
                .iter()
                .map(|(place, weight)| (self.candidates[*place].spec.number, *weight))
                .collect(),
            score,
            seconds: seconds(&weights),
            chosen_seconds: seconds(chosen),
            bytes,
            chosen_bytes,
            is_surely_worse: interval
                .and_then(|interval| interval.least_gain)
                .map(|gain| gain > 0.0),
            reason: String::new(),
        };
        alternative.reason = alternative.words(chosen.len());
        Some(alternative)
    }

    /// The best candidate of each learner, in their order.
    fn best_places(&self, assembly: &Assembly<'_>) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        for (place, artifact) in self.candidates.iter().enumerate() {
            let same = |other: &&mut usize| self.candidates[**other].spec.learner == artifact.spec.learner;
            match places.iter_mut().find(same) {
                Some(best) => {
                    let (score, other) = (artifact.score.score, self.candidates[*best].score.score);
                    if assembly.metric.is_better(score, other) {
                        *best = place;
                    }
                }
                None => places.push(place),
            }
        }
        places.sort_unstable();
        places
    }

    fn seconds(&self, assembly: &Assembly<'_>, weights: &[(usize, f64)], context: &Context<'_>) -> f64 {
        let member = |(place, _): &(usize, f64)| members::alone(assembly, self.candidates[*place]);
        latency::of_members(
            assembly,
            weights.iter().map(member).collect(),
            latency::LONGEST_CANDIDATE,
            context,
        )
    }

    fn bytes(&self, assembly: &Assembly<'_>, weights: &[(usize, f64)]) -> u64 {
        let of = |(place, _): &(usize, f64)| {
            onnx_file::bytes(&members::of_folds(assembly, self.candidates[*place]))
        };
        weights.iter().map(of).sum()
    }
}

impl Alternative {
    fn words(&self, chosen: usize) -> String {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let chance = match self.is_surely_worse {
            Some(true) => "better beyond chance",
            Some(false) => "no better than chance explains",
            None => "compared by its score alone",
        };
        format!(
            "not published: {} members, {:.2} MB, {} to answer a row; the ensemble has {chosen}, {:.2} MB, {}, and is {chance}",
            self.members.len(),
            megabytes(self.bytes),
            latency::words(self.seconds),
            megabytes(self.chosen_bytes),
            latency::words(self.chosen_seconds),
        )
    }
}
