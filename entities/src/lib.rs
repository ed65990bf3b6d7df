//! Stored rows: sea-orm entities, finders that force the owner, state transitions.
