//! `automl trainer`: the child that a worker starts; not for people. Requests on stdin, replies on stdout.

/// Serves the worker that started this process, until it is gone.
pub fn run() {
    worker::trainer::run();
}
