//! OWL-QN: L-BFGS with a one-norm (Andrew and Gao, ICML 2007). Without a one-norm it is plain L-BFGS.

use std::collections::VecDeque;

use super::objective::Objective;

/// Pairs of steps and gradient changes that are remembered.
const MEMORY: usize = 10;

/// Elastic-net penalty: `l1 Σ|w| + l2/2 Σw²` over the weights; biases are free.
#[derive(Clone, Copy, Debug)]
pub struct Penalty {
    /// Weight of the one-norm.
    pub l1: f64,
    /// Weight of the squared two-norm.
    pub l2: f64,
}

/// State that outlives one penalty, so that the next starts warm.
pub struct Solver<'a> {
    objective: Objective<'a>,
    /// Current parameters: weights, then biases.
    pub parameters: Vec<f64>,
}

impl<'a> Solver<'a> {
    /// Starts at zero.
    pub fn new(objective: Objective<'a>) -> Self {
        let parameters = vec![0.0; objective.parameters()];
        Self {
            objective,
            parameters,
        }
    }

    /// Minimises from the current parameters; ends when the objective falls by less than `tolerance` (relative), after
    /// `most` iterations, or when `stop` says so. The parameters are the best seen in any case. True unless stopped.
    pub fn minimise(
        &mut self,
        penalty: Penalty,
        tolerance: f64,
        most: usize,
        stop: &dyn Fn() -> bool,
    ) -> bool {
        let weights = self.objective.width * self.objective.outputs;
        let mut gradient = vec![0.0; self.parameters.len()];
        let mut value = self.smooth(&self.parameters.clone(), penalty, weights, &mut gradient);
        value += penalty.l1 * one_norm(&self.parameters[..weights]);
        let mut history: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::with_capacity(MEMORY);
        for _ in 0..most {
            if stop() {
                return false;
            }
            let steepest = pseudo_gradient(&self.parameters, &gradient, penalty.l1, weights);
            let mut direction = two_loop(&history, &steepest);
            // A step may not leave the orthant that the pseudo-gradient points into.
            if penalty.l1 > 0.0 {
                for (step, &slope) in direction[..weights].iter_mut().zip(&steepest) {
                    if *step * slope >= 0.0 {
                        *step = 0.0;
                    }
                }
            }
            let mut slope = dot(&direction, &steepest);
            if slope >= 0.0 || !slope.is_finite() {
                history.clear();
                direction = steepest.iter().map(|value| -value).collect();
                slope = dot(&direction, &steepest);
            }
            if slope > -1e-16 {
                return true;
            }
            let mut length = if history.is_empty() {
                1.0 / slope.abs().sqrt().max(1.0)
            } else {
                1.0
            };
            let Some((next, next_gradient, next_value)) =
                self.line_search(&direction, &steepest, slope, value, &mut length, penalty, weights)
            else {
                return true;
            };
            remember(&mut history, &self.parameters, &next, &gradient, &next_gradient);
            self.parameters = next;
            gradient = next_gradient;
            let fall = value - next_value;
            value = next_value;
            if fall <= tolerance * value.abs().max(1e-12) {
                return true;
            }
        }
        true
    }

    /// Halves the step until the objective falls enough (Armijo); `None` when no step does.
    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one iteration, used here only"
    )]
    fn line_search(
        &self,
        direction: &[f64],
        steepest: &[f64],
        slope: f64,
        value: f64,
        length: &mut f64,
        penalty: Penalty,
        weights: usize,
    ) -> Option<(Vec<f64>, Vec<f64>, f64)> {
        let mut gradient = vec![0.0; self.parameters.len()];
        for _ in 0..20 {
            let mut next: Vec<f64> = self
                .parameters
                .iter()
                .zip(direction)
                .map(|(value, step)| value + *length * step)
                .collect();
            if penalty.l1 > 0.0 {
                for index in 0..weights {
                    let orthant = if self.parameters[index] == 0.0 {
                        -steepest[index]
                    } else {
                        self.parameters[index]
                    };
                    if next[index] * orthant <= 0.0 {
                        next[index] = 0.0;
                    }
                }
            }
            let next_value =
                self.smooth(&next, penalty, weights, &mut gradient) + penalty.l1 * one_norm(&next[..weights]);
            if next_value.is_finite() && next_value <= value + 1e-4 * *length * slope {
                return Some((next, gradient, next_value));
            }
            *length *= 0.5;
        }
        None
    }

    /// Loss and squared norm with their gradient.
    fn smooth(&self, parameters: &[f64], penalty: Penalty, weights: usize, gradient: &mut [f64]) -> f64 {
        let mut value = self.objective.evaluate(parameters, gradient);
        for (slope, &weight) in gradient[..weights].iter_mut().zip(parameters) {
            *slope += penalty.l2 * weight;
            value += 0.5 * penalty.l2 * weight * weight;
        }
        value
    }
}

/// The steepest slope of the whole objective, with its kinks at zero weights.
fn pseudo_gradient(parameters: &[f64], gradient: &[f64], l1: f64, weights: usize) -> Vec<f64> {
    let mut steepest = gradient.to_vec();
    if l1 > 0.0 {
        for (slope, &weight) in steepest[..weights].iter_mut().zip(parameters) {
            *slope = if weight != 0.0 {
                *slope + l1 * weight.signum()
            } else if *slope + l1 < 0.0 {
                *slope + l1
            } else if *slope - l1 > 0.0 {
                *slope - l1
            } else {
                0.0
            };
        }
    }
    steepest
}

/// Minus the inverse Hessian (as far as remembered) times the gradient.
fn two_loop(history: &VecDeque<(Vec<f64>, Vec<f64>, f64)>, gradient: &[f64]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|value| -value).collect();
    let mut shares = Vec::with_capacity(history.len());
    for (step, change, product) in history.iter().rev() {
        let share = dot(step, &direction) / product;
        add(&mut direction, change, -share);
        shares.push(share);
    }
    if let Some((_, change, product)) = history.back() {
        let scale = product / dot(change, change);
        for value in &mut direction {
            *value *= scale;
        }
    }
    for ((step, change, product), share) in history.iter().zip(shares.iter().rev()) {
        let correction = dot(change, &direction) / product;
        add(&mut direction, step, share - correction);
    }
    direction
}

fn remember(
    history: &mut VecDeque<(Vec<f64>, Vec<f64>, f64)>,
    from: &[f64],
    to: &[f64],
    gradient_from: &[f64],
    gradient_to: &[f64],
) {
    let step: Vec<f64> = to.iter().zip(from).map(|(a, b)| a - b).collect();
    let change: Vec<f64> = gradient_to
        .iter()
        .zip(gradient_from)
        .map(|(a, b)| a - b)
        .collect();
    let product = dot(&step, &change);
    if product > 1e-12 * dot(&change, &change) {
        if history.len() == MEMORY {
            history.pop_front();
        }
        history.push_back((step, change, product));
    }
}

fn one_norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn add(to: &mut [f64], values: &[f64], factor: f64) {
    for (sum, value) in to.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[cfg(test)]
mod tests {
    use super::super::objective::Truth;
    use super::*;

    /// Orthogonal columns, so that the elastic-net solution is known: soft-threshold(x·y/n, l1) / (x·x/n + l2).
    #[test]
    fn elastic_net_of_orthogonal_columns_is_exact() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let matrix = [1.0f32, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0];
        let truth: Vec<f32> = vec![2.0, 1.0, -0.5, -2.5];
        for (l1, l2) in [(0.0, 0.0), (0.0, 0.5), (0.3, 0.2), (0.6, 0.0)] {
            let objective = Objective {
                matrix: &matrix,
                width: 2,
                outputs: 1,
                truth: Truth::Values(truth.clone()),
                weights: None,
                pool: &pool,
            };
            let mut solver = Solver::new(objective);
            assert!(solver.minimise(Penalty { l1, l2 }, 1e-14, 200, &|| false));
            for column in 0..2 {
                let product: f64 = (0..4)
                    .map(|row| f64::from(matrix[row * 2 + column]) * f64::from(truth[row]))
                    .sum::<f64>()
                    / 4.0;
                let expected = product.signum() * (product.abs() - l1).max(0.0) / (1.0 + l2);
                assert!(
                    (solver.parameters[column] - expected).abs() < 1e-4,
                    "{l1} {l2}: {} {expected}",
                    solver.parameters[column]
                );
            }
        }
    }

    #[test]
    fn stops_when_told() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let objective = Objective {
            matrix: &[1.0, 2.0],
            width: 1,
            outputs: 1,
            truth: Truth::Values(vec![1.0, 2.0]),
            weights: None,
            pool: &pool,
        };
        let mut solver = Solver::new(objective);
        assert!(!solver.minimise(Penalty { l1: 0.0, l2: 0.0 }, 1e-9, 50, &|| true));
        assert_eq!(solver.parameters, [0.0, 0.0]);
    }
}
