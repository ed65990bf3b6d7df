//! AdamW (Loshchilov and Hutter, ICLR 2019) on one flat vector, and the mean of the last values, in one pass over memory.

use pulp::Arch;
use rayon::prelude::*;

const MEAN_DECAY: f32 = 0.9;
const SQUARE_DECAY: f32 = 0.99;
const EPSILON: f32 = 1e-8;
/// Values that a thread changes at a time.
const CHUNK: usize = 4_096;

/// Moments of the gradients so far.
pub struct Adam {
    means: Vec<f32>,
    squares: Vec<f32>,
    steps: i32,
}

/// What a step goes by.
#[derive(Clone, Copy)]
pub struct Update<'a> {
    /// Their sum is the gradient; each is as long as the values.
    pub gradients: &'a [&'a [f32]],
    /// 1 for values that shrink by `rate * weight_decay`, 0 for others.
    pub decays: &'a [f32],
    /// Learning rate.
    pub rate: f32,
    /// AdamW's decay of the weights.
    pub weight_decay: f32,
    /// Share of its distance to the new values that the mean moves.
    pub mean_share: f32,
}

/// The numbers of a step that are the same for all values.
#[derive(Clone, Copy)]
struct Rates {
    rate: f32,
    shrink: f32,
    mean_share: f32,
}

impl Adam {
    /// For that many values.
    pub fn new(values: usize) -> Self {
        Self {
            means: vec![0.0; values],
            squares: vec![0.0; values],
            steps: 0,
        }
    }

    /// One step down the gradient; `mean` follows `values`. Runs on the threads of the current pool.
    pub fn step(&mut self, values: &mut [f32], mean: &mut [f32], update: &Update<'_>) {
        self.steps = self.steps.saturating_add(1);
        let first_share = 1.0 - MEAN_DECAY.powi(self.steps);
        let second_share = (1.0 - SQUARE_DECAY.powi(self.steps)).sqrt();
        let rates = Rates {
            rate: update.rate * second_share / first_share,
            shrink: update.rate * update.weight_decay,
            mean_share: update.mean_share,
        };
        let moments = self
            .means
            .par_chunks_mut(CHUNK)
            .zip(self.squares.par_chunks_mut(CHUNK));
        values
            .par_chunks_mut(CHUNK)
            .zip(mean.par_chunks_mut(CHUNK))
            .zip(moments)
            .enumerate()
            .for_each(|(number, ((values, mean), (means, squares)))| {
                let start = number * CHUNK;
                let end = start + values.len();
                let mut slopes = [0.0; CHUNK];
                Arch::new().dispatch(|| {
                    for gradient in update.gradients {
                        for (sum, slope) in slopes.iter_mut().zip(&gradient[start..end]) {
                            *sum += slope;
                        }
                    }
                    move_chunk(
                        values,
                        mean,
                        (means, squares),
                        &slopes,
                        &update.decays[start..end],
                        rates,
                    );
                });
            });
    }
}

#[inline(always)]
fn move_chunk(
    values: &mut [f32],
    mean: &mut [f32],
    (means, squares): (&mut [f32], &mut [f32]),
    slopes: &[f32],
    decays: &[f32],
    rates: Rates,
) {
    let moments = means.iter_mut().zip(squares);
    let given = slopes.iter().zip(decays);
    for (((value, average), (first, second)), (&slope, &decay)) in
        values.iter_mut().zip(mean).zip(moments).zip(given)
    {
        *first = MEAN_DECAY * *first + (1.0 - MEAN_DECAY) * slope;
        *second = SQUARE_DECAY * *second + (1.0 - SQUARE_DECAY) * slope * slope;
        let shrunk = *value * (1.0 - rates.shrink * decay);
        *value = shrunk - rates.rate * *first / (second.sqrt() + EPSILON);
        *average += rates.mean_share * (*value - *average);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let mut adam = Adam::new(2);
        let mut values = [3.0f32, -2.0];
        let mut mean = values;
        for step in 0..2_000 {
            let gradient = [2.0 * (values[0] - 1.0), 20.0 * (values[1] - 0.5)];
            let halves = gradient.map(|slope| slope / 2.0);
            let update = Update {
                gradients: &[&halves, &halves],
                decays: &[1.0, 0.0],
                rate: 0.05 * (1.0 - step as f32 / 2_000.0),
                weight_decay: 0.0,
                mean_share: 0.1,
            };
            adam.step(&mut values, &mut mean, &update);
        }
        for found in [values, mean] {
            assert!(
                (found[0] - 1.0).abs() < 1e-3 && (found[1] - 0.5).abs() < 1e-3,
                "{found:?}"
            );
        }
    }

    #[test]
    fn only_weights_decay() {
        let mut adam = Adam::new(2);
        let mut values = [1.0f32, 1.0];
        let update = Update {
            gradients: &[&[0.0, 0.0]],
            decays: &[1.0, 0.0],
            rate: 0.1,
            weight_decay: 0.5,
            mean_share: 1.0,
        };
        adam.step(&mut values, &mut [0.0; 2], &update);
        assert_eq!(values, [0.95, 1.0]);
    }
}
