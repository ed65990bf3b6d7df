//! Where the next trials may be computed.

use crate::learners::Learner;

/// Slots that are to be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Slots of the processor.
    pub slots: usize,
    /// Slots with a GPU: learners that can use one take these and no others. None: they take the processor's as all do.
    pub gpu: Option<usize>,
}

impl Room {
    /// Room on the processor only.
    pub fn new(slots: usize) -> Self {
        Self { slots, gpu: None }
    }

    /// True while there is room for a learner.
    pub(super) fn has(&self, learner: &dyn Learner) -> bool {
        self.share(learner) > 0
    }

    /// True when there is none for anybody.
    pub(super) fn is_full(&self) -> bool {
        self.slots == 0 && self.gpu.unwrap_or(0) == 0
    }

    /// The room without a slot for a learner that had one.
    pub(super) fn less(self, learner: &dyn Learner) -> Self {
        match self.gpu.filter(|_| learner.uses_gpu()) {
            Some(gpu) => Self {
                gpu: Some(gpu.saturating_sub(1)),
                ..self
            },
            None => Self {
                slots: self.slots.saturating_sub(1),
                ..self
            },
        }
    }

    fn share(&self, learner: &dyn Learner) -> usize {
        self.gpu.filter(|_| learner.uses_gpu()).unwrap_or(self.slots)
    }
}
