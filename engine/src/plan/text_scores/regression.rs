//! Ridge and logistic regression on sparse rows by Newton steps, each solved by conjugate gradients (Lin, Weng & Keerthi,
//! JMLR 2008).

/// Half the penalty on the square of each weight of values scaled to spread 1, and of two classes: four times scikit-learn's `C` for
/// these, since the weights of long texts are many and small.
const PENALTY_SQUARED: f64 = 1.0;
const PENALTY_LOGISTIC: f64 = 0.25;
/// Newton steps of the logistic loss, and conjugate gradients of each; the squared loss takes one step of many.
const STEPS: usize = 6;
const GRADIENTS: usize = 10;
const GRADIENTS_SQUARED: usize = 30;
/// A gradient this small beside the first one is the end.
const ENOUGH: f64 = 1e-3;
/// Residual of a step's equations, beside the gradient, where further steps follow and where none does.
const EXACT: f64 = 0.05;
const EXACT_SQUARED: f64 = 1e-3;
/// How often a step that does not lower the loss is halved.
const HALVINGS: usize = 8;

/// Texts as shares of their terms.
pub struct SparseRows {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
    terms: usize,
}

impl SparseRows {
    /// None yet, of so many terms.
    pub fn new(terms: usize) -> Self {
        Self {
            starts: vec![0],
            entries: Vec::new(),
            terms,
        }
    }

    /// Adds a text by its terms as they occur, each with its weight, scaled as topics are.
    pub fn push(&mut self, terms: &mut [u32], weights: &[f64]) {
        let norm: f64 = terms.iter().map(|&term| weights[term as usize].powi(2)).sum();
        let norm = norm.max(1.0).sqrt();
        terms.sort_unstable();
        for same in terms.chunk_by(|left, right| left == right) {
            let share = same.len() as f64 * weights[same[0] as usize] / norm;
            self.entries.push((same[0], share as f32));
        }
        self.starts.push(self.entries.len());
    }

    /// Terms of all texts.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    fn row(&self, place: u32) -> &[(u32, f32)] {
        &self.entries[self.starts[place as usize]..self.starts[place as usize + 1]]
    }
}

/// What is lost where an answer is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Half the square of the difference.
    Squared,
    /// Log loss of a target of 0 and 1.
    Logistic,
}

/// A regression of a target on texts.
pub struct Regression<'a> {
    /// The texts.
    pub texts: &'a SparseRows,
    /// Place of a text, and the row of its target.
    pub rows: Vec<(u32, u32)>,
    /// By row.
    pub target: &'a [f64],
    /// By row; `None`: each counts 1.
    pub weights: Option<&'a [f64]>,
    /// What is minimised beside the penalty.
    pub loss: Loss,
}

impl Regression<'_> {
    /// The weight of each term. The constant, which is fitted beside them without a penalty, is left out.
    pub fn fit(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.texts.terms + 1];
        let (steps, gradients, exact) = match self.loss {
            Loss::Squared => (1, GRADIENTS_SQUARED, EXACT_SQUARED),
            Loss::Logistic => (STEPS, GRADIENTS, EXACT),
        };
        let mut first = None;
        let mut answers = vec![0.0; self.rows.len()];
        for _ in 0..steps {
            let (gradient, curvature) = self.derivatives(&weights, &answers);
            let size = dot(&gradient, &gradient).sqrt();
            if size <= ENOUGH * *first.get_or_insert(size) {
                break;
            }
            let step = self.step(&gradient, &curvature, gradients, exact);
            if !self.go(&mut weights, &mut answers, &step) {
                break;
            }
        }
        weights.truncate(self.texts.terms);
        weights
    }

    /// Goes as far along the step as lowers the loss; false when nothing does.
    fn go(&self, weights: &mut [f64], answers: &mut Vec<f64>, step: &[f64]) -> bool {
        let before = self.value(weights, answers);
        let along = self.answers(step);
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let weights_then: Vec<f64> = weights
                .iter()
                .zip(step)
                .map(|(old, step)| old + length * step)
                .collect();
            let answers_then: Vec<f64> = answers
                .iter()
                .zip(&along)
                .map(|(old, step)| old + length * step)
                .collect();
            if self.value(&weights_then, &answers_then) < before {
                weights.copy_from_slice(&weights_then);
                *answers = answers_then;
                return true;
            }
            length *= 0.5;
        }
        false
    }

    fn value(&self, weights: &[f64], answers: &[f64]) -> f64 {
        let terms = &weights[..self.texts.terms];
        let mut sum = 0.5 * self.penalty() * dot(terms, terms);
        for (&(_, row), &answer) in self.rows.iter().zip(answers) {
            let target = self.target[row as usize];
            let loss = match self.loss {
                Loss::Squared => 0.5 * (answer - target).powi(2),
                // ln(1 + exp(answer)) − target · answer, without overflow.
                Loss::Logistic => answer.max(0.0) + (-answer.abs()).exp().ln_1p() - target * answer,
            };
            sum += self.weight(row) * loss;
        }
        sum
    }

    /// The gradient, and how much each text's answer bends the loss.
    fn derivatives(&self, weights: &[f64], answers: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut slopes = Vec::with_capacity(answers.len());
        let mut curvature = Vec::with_capacity(answers.len());
        for (&(_, row), &answer) in self.rows.iter().zip(answers) {
            let target = self.target[row as usize];
            let (slope, bend) = match self.loss {
                Loss::Squared => (answer - target, 1.0),
                Loss::Logistic => {
                    let probability = 1.0 / (1.0 + (-answer).exp());
                    (probability - target, probability * (1.0 - probability))
                }
            };
            slopes.push(self.weight(row) * slope);
            curvature.push(self.weight(row) * bend);
        }
        let mut gradient = self.gathered(&slopes);
        self.add_penalty(&mut gradient, weights);
        (gradient, curvature)
    }

    /// Solves `H step = −gradient` nearly.
    fn step(&self, gradient: &[f64], curvature: &[f64], most: usize, exact: f64) -> Vec<f64> {
        let mut step = vec![0.0; gradient.len()];
        let mut residual: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        let mut direction = residual.clone();
        let mut square = dot(&residual, &residual);
        let enough = square * exact * exact;
        for _ in 0..most {
            if square <= enough {
                break;
            }
            let mut bent = self.answers(&direction);
            for (bent, curvature) in bent.iter_mut().zip(curvature) {
                *bent *= curvature;
            }
            let mut image = self.gathered(&bent);
            self.add_penalty(&mut image, &direction);
            let length = square / dot(&direction, &image).max(f64::MIN_POSITIVE);
            for ((step, residual), (direction, image)) in step
                .iter_mut()
                .zip(&mut residual)
                .zip(direction.iter().zip(&image))
            {
                *step += length * direction;
                *residual -= length * image;
            }
            let next = dot(&residual, &residual);
            for (direction, residual) in direction.iter_mut().zip(&residual) {
                *direction = residual + next / square * *direction;
            }
            square = next;
        }
        step
    }

    /// The answer to each text.
    fn answers(&self, weights: &[f64]) -> Vec<f64> {
        let constant = weights[self.texts.terms];
        let answer = |&(place, _): &(u32, u32)| {
            let row = self.texts.row(place).iter();
            constant
                + row
                    .map(|&(term, share)| f64::from(share) * weights[term as usize])
                    .sum::<f64>()
        };
        self.rows.iter().map(answer).collect()
    }

    /// The sum of the texts, each as often as said, by term; the constant last.
    fn gathered(&self, times: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.texts.terms + 1];
        for (&(place, _), &times) in self.rows.iter().zip(times) {
            for &(term, share) in self.texts.row(place) {
                sums[term as usize] += f64::from(share) * times;
            }
            sums[self.texts.terms] += times;
        }
        sums
    }

    fn add_penalty(&self, sums: &mut [f64], weights: &[f64]) {
        let penalty = self.penalty();
        for (sum, weight) in sums[..self.texts.terms].iter_mut().zip(weights) {
            *sum += penalty * weight;
        }
    }

    fn penalty(&self) -> f64 {
        match self.loss {
            Loss::Squared => PENALTY_SQUARED,
            Loss::Logistic => PENALTY_LOGISTIC,
        }
    }

    fn weight(&self, row: u32) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row as usize])
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of two terms, the first of which goes with 1, and the second with 0; a third term is everywhere.
    fn texts() -> (SparseRows, Vec<f64>) {
        let mut texts = SparseRows::new(3);
        let mut target = Vec::new();
        for row in 0..40_u32 {
            // Every tenth is the other way round.
            let term = u32::from((row % 2 == 0) == (row % 10 == 0));
            texts.push(&mut [term, 2], &[2.0, 2.0, 1.0]);
            target.push(f64::from(row % 2));
        }
        (texts, target)
    }

    fn fit(loss: Loss, weights: Option<&[f64]>, rows: &[u32]) -> Vec<f64> {
        let (texts, target) = texts();
        let regression = Regression {
            texts: &texts,
            rows: rows.iter().map(|&row| (row, row)).collect(),
            target: &target,
            weights,
            loss,
        };
        regression.fit()
    }

    #[test]
    fn the_loss_is_least_where_it_is_found() {
        for loss in [Loss::Squared, Loss::Logistic] {
            let (texts, target) = texts();
            let regression = Regression {
                texts: &texts,
                rows: (0..40).map(|row| (row, row)).collect(),
                target: &target,
                weights: None,
                loss,
            };
            let mut found = regression.fit();
            assert!(found[1] > 0.2 && found[0] < -0.2, "{loss:?} {found:?}");
            // The best constant beside these weights.
            let value = |weights: &[f64]| regression.value(weights, &regression.answers(weights));
            found.push(0.0);
            let best = |found: &mut Vec<f64>| {
                for _ in 0..200 {
                    let (gradient, curvature) = regression.derivatives(found, &regression.answers(found));
                    *found.last_mut().expect("a constant") -= gradient[3] / curvature.iter().sum::<f64>();
                }
            };
            best(&mut found);
            let least = value(&found);
            for place in 0..3 {
                for change in [-0.05, 0.05] {
                    let mut other = found.clone();
                    other[place] += change;
                    best(&mut other);
                    assert!(value(&other) > least, "{loss:?} {place} {change}");
                }
            }
        }
    }

    #[test]
    fn a_row_of_weight_two_is_two_rows() {
        let rows: Vec<u32> = (0..40).collect();
        let mut weights = vec![1.0; 40];
        weights[3] = 2.0;
        weights[10] = 2.0;
        let mut twice = rows.clone();
        twice.extend([3, 10]);
        for loss in [Loss::Squared, Loss::Logistic] {
            let weighted = fit(loss, Some(&weights), &rows);
            let repeated = fit(loss, None, &twice);
            for (left, right) in weighted.iter().zip(&repeated) {
                assert!((left - right).abs() < 1e-9, "{loss:?} {weighted:?} {repeated:?}");
            }
            assert_ne!(weighted, fit(loss, None, &rows));
        }
    }
}
