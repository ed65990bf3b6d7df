//! Who the players of a forest are: the raw columns, and the pairs of raw columns that numbers were joined of.

use crate::estimator::widened::Added;

/// The players of one forest. The raw inputs come first, the pairs behind them.
#[derive(Clone, Debug, Default)]
pub(super) struct Players {
    /// The player of each feature that the trees ask for.
    pub columns: Vec<usize>,
    /// The two raw inputs of each pair.
    pub pairs: Vec<[usize; 2]>,
}

impl Players {
    /// Of encoded features, of which `columns` names the raw inputs, with what is added behind them. All that is joined of the same
    /// two inputs is one player.
    pub fn new(columns: &[usize], inputs: usize, added: &[Added]) -> Self {
        let mut players = Self {
            columns: columns.to_vec(),
            pairs: Vec::new(),
        };
        for added in added {
            let player = match added {
                Added::Table { feature, .. } => columns[*feature as usize],
                Added::Cross { left, right, .. } => {
                    let mut pair = [columns[*left as usize], columns[*right as usize]];
                    pair.sort_unstable();
                    if pair[0] == pair[1] {
                        pair[0]
                    } else if let Some(known) = players.pairs.iter().position(|other| *other == pair) {
                        inputs + known
                    } else {
                        players.pairs.push(pair);
                        inputs + players.pairs.len() - 1
                    }
                }
            };
            players.columns.push(player);
        }
        players
    }

    /// Gives each input of a pair half of what the pair adds, as interactions are shared (Lundberg et al., Nature Machine
    /// Intelligence 2020): the sum stays. `contributions` has `width` values a player; those of the inputs are left.
    pub fn share_out(&self, contributions: &mut Vec<f64>, inputs: usize, width: usize) {
        for (place, pair) in self.pairs.iter().enumerate() {
            for output in 0..width {
                let half = contributions[(inputs + place) * width + output] / 2.0;
                for input in pair {
                    contributions[input * width + output] += half;
                }
            }
        }
        contributions.truncate(inputs * width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::widened::Operation;

    #[test]
    fn a_pair_gives_half_to_each() {
        let cross = |left, right, operation| Added::Cross {
            left,
            right,
            operation,
        };
        let added = [
            cross(0, 2, Operation::Ratio),
            cross(2, 0, Operation::Sum),
            cross(0, 1, Operation::Sum),
            cross(1, 2, Operation::Product),
        ];
        // Features 0 and 1 are made of the first input.
        let players = Players::new(&[0, 0, 1, 2], 3, &added);
        assert_eq!(players.columns, [0, 0, 1, 2, 3, 3, 0, 3]);
        assert_eq!(players.pairs, [[0, 1]]);
        let mut contributions = vec![1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0];
        players.share_out(&mut contributions, 3, 2);
        assert_eq!(contributions, [3.0, 30.0, 4.0, 40.0, 3.0, 30.0]);
    }
}
