//! The outside world that api and worker share, each part behind one small trait.
