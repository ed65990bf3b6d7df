//! The one binary: it only composes. One file a subcommand; [`Command`] is the list.

mod admin;
mod api;
mod explain;
mod failure;
mod interrupt;
mod logs;
mod migrate;
mod onnxruntime;
mod predict;
mod profile;
mod quantity;
mod replay;
mod report;
mod schema;
mod serve;
mod server;
mod table_file;
mod traces;
mod train;
mod train_files;
mod train_progress;
mod trainer;
mod upgrade;
mod verify;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// Resolvers of one request live on whichever thread is free, and a page of a list is thousands of small allocations: with the
/// allocator of glibc threads wait for each other's arenas.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// AutoML Lite: from a table to a verified model.
#[derive(Parser)]
#[command(name = "automl", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Every subcommand. A new one is a file and a line here and in [`Command::run`].
#[derive(Subcommand)]
enum Command {
    /// Train a model that predicts one column of a table.
    Train(Box<train::Arguments>),
    /// Make the model of an earlier run once more, to the same bytes.
    Replay(replay::Arguments),
    /// Check the files of a run against its archive, and what they say against each other.
    Verify(verify::Arguments),
    /// Predict the rows of a table with a trained model.
    Predict(predict::Arguments),
    /// Tell what each column adds to the answer to each row of a table.
    Explain(explain::Arguments),
    /// Show what is in a table.
    Profile(profile::Arguments),
    /// Write what is in a table as a page to pass on.
    Report(report::Arguments),
    /// Print the GraphQL schema.
    Schema,
    /// Serve the web app, the API and a pool of workers over one folder.
    Serve(serve::Arguments),
    /// Serve the web app and the API only, beside `automl worker`.
    Api(api::Arguments),
    /// Work on the tasks of a folder, beside `automl api`.
    Worker(worker::Arguments),
    /// Bring the database of a folder up to date.
    Migrate(migrate::Arguments),
    /// Look after a server from beside its database: the audit log, people, data of v1.
    Admin(admin::Arguments),
    /// The child that a worker starts; not for people.
    #[command(hide = true)]
    Trainer,
}

impl Command {
    fn run(self) -> Result<(), Failure> {
        match self {
            Self::Train(arguments) => train::run(&arguments),
            Self::Replay(arguments) => replay::run(&arguments),
            Self::Verify(arguments) => verify::run(&arguments),
            Self::Predict(arguments) => predict::run(&arguments),
            Self::Explain(arguments) => explain::run(&arguments),
            Self::Profile(arguments) => profile::run(&arguments),
            Self::Report(arguments) => report::run(&arguments),
            Self::Schema => schema::run(),
            Self::Serve(arguments) => serve::run(&arguments),
            Self::Api(arguments) => api::run(&arguments),
            Self::Worker(arguments) => worker::run(&arguments),
            Self::Migrate(arguments) => migrate::run(&arguments),
            Self::Admin(arguments) => admin::run(&arguments),
            Self::Trainer => {
                trainer::run();
                Ok(())
            }
        }
    }
}

/// Exit codes: 0 done, 1 failed, 2 bad usage or bad input (clap uses 2 for usage as well).
fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_logged() {
                eprintln!("automl: {failure}");
            }
            failure.exit_code()
        }
    }
}
