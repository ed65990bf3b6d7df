//! The versioned file format of a model.
