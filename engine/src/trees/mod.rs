//! Histogram trees: one binned matrix shared by boosting, random forests and extra trees.

/// Training rows as bins of one byte, shared by all configurations and folds.
#[derive(Debug)]
pub struct Binned {}
