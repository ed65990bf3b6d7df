//! GraphQL and HTTP: the face of the platform. It reads rows, checks what a person asks for, and leaves the work to tasks.
//!
//! Invariants: every query goes through the viewer, and what is another's does not exist; nothing is answered to nobody except
//! the web app's files, health, where one can sign in, and the exchange of a one-time token; an error shows what the client
//! can mend and nothing of our insides; nothing here parses a table or trains.

// The roots are merged of many nouns, one inside the other: more than the compiler follows by itself.
#![recursion_limit = "256"]

mod auth;
mod failure;
mod graphql;
mod http;
mod metrics;
mod server;
mod serving;
mod sign;
mod state;

pub use graphql::problem::{Metric, ProblemType};
pub use graphql::schema::sdl;
pub use http::{Bounds, router, serve};
pub use state::AppState;
