//! Several networks as one: the mean of their raw outputs (deep ensembles, Lakshminarayanan et al., NeurIPS 2017).

use model::estimator::network::{Layer, Network};

/// One network whose raw outputs are the mean of those of `networks`, which have the same widths, offset and scale: hidden
/// layers side by side, weights between different networks 0.
pub fn mean(networks: &[Network]) -> Network {
    let Some(first) = networks.first() else {
        return Network::default();
    };
    if networks.len() == 1 {
        return first.clone();
    }
    let last = first.layers.len() - 1;
    let mut layers = Vec::with_capacity(first.layers.len());
    for place in 0..first.layers.len() {
        let own: Vec<&Layer> = networks.iter().map(|network| &network.layers[place]).collect();
        layers.push(if place == last {
            averaged(&own)
        } else {
            beside(&own, place == 0)
        });
    }
    Network {
        layers,
        offset: first.offset,
        scale: first.scale,
    }
}

/// A hidden layer: outputs one after the other, of shared inputs or of one's own.
fn beside(layers: &[&Layer], shares_inputs: bool) -> Layer {
    let outputs: usize = layers.iter().map(|layer| layer.outputs as usize).sum();
    let inputs: usize = if shares_inputs {
        layers[0].inputs as usize
    } else {
        layers.iter().map(|layer| layer.inputs as usize).sum()
    };
    let mut weights = vec![0.0; inputs * outputs];
    let mut bias = Vec::with_capacity(outputs);
    let (mut row, mut column) = (0, 0);
    for layer in layers {
        let width = layer.outputs as usize;
        for (input, values) in layer.weights.chunks_exact(width).enumerate() {
            let start = (row + input) * outputs + column;
            weights[start..start + width].copy_from_slice(values);
        }
        bias.extend_from_slice(&layer.bias);
        column += width;
        if !shares_inputs {
            row += layer.inputs as usize;
        }
    }
    Layer {
        inputs: inputs as u32,
        outputs: outputs as u32,
        weights,
        bias,
    }
}

/// The last layer: the mean of what each makes of its own inputs.
fn averaged(layers: &[&Layer]) -> Layer {
    let share = 1.0 / layers.len() as f32;
    let mut weights = Vec::new();
    let mut bias = vec![0.0; layers[0].bias.len()];
    for layer in layers {
        weights.extend(layer.weights.iter().map(|weight| weight * share));
        for (sum, value) in bias.iter_mut().zip(&layer.bias) {
            *sum += value * share;
        }
    }
    Layer {
        inputs: layers.iter().map(|layer| layer.inputs).sum(),
        outputs: layers[0].outputs,
        weights,
        bias,
    }
}

#[cfg(test)]
mod tests {
    use model::estimator::network::{Activation, NetworkScratch};
    use rand::{Rng, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::learners::network::layers::Layers;

    #[test]
    fn a_merged_network_answers_the_mean() {
        let mut rng = Pcg64Mcg::seed_from_u64(3);
        for hidden in [vec![4], vec![5, 3], vec![4, 6, 2]] {
            let widths: Vec<usize> = [vec![3], hidden, vec![2]].concat();
            let networks: Vec<Network> = (0..3)
                .map(|_| {
                    let mut layers = Layers::random(widths.clone(), Activation::Silu, &mut rng);
                    for value in &mut layers.values {
                        *value += rng.random_range(-0.1..0.1);
                    }
                    layers.export(0.5, 2.0)
                })
                .collect();
            let merged = mean(&networks);
            let dense = [0.3, -1.2, 0.9];
            let answer = |network: &Network| {
                let mut out = [0.0; 2];
                let scratch = &mut NetworkScratch::default();
                network.predict_row(Activation::Silu, &dense, scratch, &mut out);
                out
            };
            let answers: Vec<[f64; 2]> = networks.iter().map(answer).collect();
            for (output, found) in answer(&merged).into_iter().enumerate() {
                let wanted = answers.iter().map(|answer| answer[output]).sum::<f64>() / 3.0;
                assert!((found - wanted).abs() < 1e-5, "{found} {wanted}");
            }
        }
    }
}
