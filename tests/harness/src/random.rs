//! Numbers that are the same for the same seed.

/// The SplitMix64 sequence (Steele, Lea and Flood, 2014).
#[derive(Clone, Copy, Debug, Default)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The sequence that belongs to a number under a seed, so that the order of questions does not matter.
    pub fn of(seed: u64, number: u64) -> Self {
        Self(Self(seed).mixed() ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// The next number, from 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.mixed() as f64 / u64::MAX as f64
    }

    /// The next number, from 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.mixed() % end as u64) as usize
    }

    fn mixed(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
