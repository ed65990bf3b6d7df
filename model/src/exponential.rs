//! e^x for many numbers at once.

/// e^x with a relative error below 1e-13, clamped to |x| <= 700: plain arithmetic that compilers vectorise, with the same bits whatever the
/// width of the vectors.
///
/// x = k ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor polynomial, 2^k by the exponent bits.
#[inline(always)]
pub fn exponential(x: f64) -> f64 {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = x.clamp(-700.0, 700.0);
    // Adding 1.5 * 2^52 leaves the nearest whole number in the low bits.
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = x - k * LN2_HIGH - k * LN2_LOW;
    let mut power = 1.0 / 39_916_800.0;
    for factor in [
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        power = power * r + factor;
    }
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(1023) << 52;
    power * f64::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential() {
        let mut x = -699.0_f64;
        while x < 699.0 {
            assert!((exponential(x) / x.exp() - 1.0).abs() < 1e-13, "{x}");
            x += 0.0373;
        }
        assert_eq!(exponential(0.0), 1.0);
        assert!(exponential(f64::NEG_INFINITY) < 1e-300);
        assert!(exponential(f64::NAN).is_nan());
    }
}
