//! Ctrl-C while training: the first one finishes with the best so far, the second one ends the program.

use std::sync::Arc;

use engine::train::Control;

/// Listens until the process ends. Without a listener (no signals to be had) Ctrl-C simply ends the program.
pub fn listen(control: Arc<Control>) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            control.finish_now();
            eprintln!("\nfinishing with the best so far; press Ctrl-C again to stop at once");
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(1);
            }
        });
    });
}
