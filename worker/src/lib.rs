//! The pool: slots, the trainer child, one file per task kind.
