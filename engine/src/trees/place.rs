//! Random numbers by position: the same seed and place give the same number, whatever is computed before it.

/// 64 well-mixed bits of a seed and a place (the finaliser of SplitMix64; Steele, Lea, Flood, OOPSLA 2014).
pub fn mix(seed: u64, place: u64) -> u64 {
    let mut z = seed
        .wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A whole number in `0..count` made of 64 random bits; `count > 0`.
pub fn below(bits: u64, count: usize) -> usize {
    ((u128::from(bits) * count as u128) >> 64) as usize
}
