//! AdamW (Loshchilov and Hutter, ICLR 2019) on one flat vector.

const MEAN_DECAY: f32 = 0.9;
const SQUARE_DECAY: f32 = 0.99;
const EPSILON: f32 = 1e-8;

/// Moments of the gradients so far.
pub struct Adam {
    means: Vec<f32>,
    squares: Vec<f32>,
    steps: i32,
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

    /// One step down the gradient; `decay[i]` says whether value i shrinks by `rate * weight_decay`.
    pub fn step(
        &mut self,
        values: &mut [f32],
        gradient: &[f32],
        decay: &[bool],
        rate: f32,
        weight_decay: f32,
    ) {
        self.steps = self.steps.saturating_add(1);
        let mean_share = 1.0 - MEAN_DECAY.powi(self.steps);
        let square_share = (1.0 - SQUARE_DECAY.powi(self.steps)).sqrt();
        let rate_now = rate * square_share / mean_share;
        let shrink = 1.0 - rate * weight_decay;
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for (((value, &slope), (mean, square)), &is_weight) in
            values.iter_mut().zip(gradient).zip(moments).zip(decay)
        {
            *mean = MEAN_DECAY * *mean + (1.0 - MEAN_DECAY) * slope;
            *square = SQUARE_DECAY * *square + (1.0 - SQUARE_DECAY) * slope * slope;
            let shrunk = if is_weight { *value * shrink } else { *value };
            *value = shrunk - rate_now * *mean / (square.sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let mut adam = Adam::new(2);
        let mut values = [3.0f32, -2.0];
        for step in 0..2_000 {
            let gradient = [2.0 * (values[0] - 1.0), 20.0 * (values[1] - 0.5)];
            adam.step(
                &mut values,
                &gradient,
                &[true, false],
                0.05 * (1.0 - step as f32 / 2_000.0),
                0.0,
            );
        }
        assert!(
            (values[0] - 1.0).abs() < 1e-3 && (values[1] - 0.5).abs() < 1e-3,
            "{values:?}"
        );
    }
}
