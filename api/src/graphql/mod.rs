//! The GraphQL schema, one file a noun, and how an operation is run.

pub mod answer;
pub mod dataset;
pub mod evaluation;
pub mod execute;
pub mod id;
pub mod job;
pub mod job_change;
pub mod leaderboard;
pub mod limits;
pub mod loaders;
pub mod long;
pub mod model;
pub mod node;
pub mod page;
pub mod payload;
pub mod prediction;
pub mod problem;
pub mod profile;
pub mod schema;
pub mod server_info;
pub mod trial;
pub mod upload;
pub mod upload_object;
pub mod user;
pub mod watch;
