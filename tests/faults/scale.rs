//! How much memory the trainers of a worker need.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness::process::{children, peak};

/// Looks, until it is dropped, how much memory each trainer has had at most.
pub struct Scale {
    peaks: Arc<Mutex<HashMap<u32, u64>>>,
    is_over: Arc<AtomicBool>,
    watch: Option<std::thread::JoinHandle<()>>,
}

impl Scale {
    /// From now on.
    pub fn start(worker: u32) -> Self {
        let peaks = Arc::new(Mutex::new(HashMap::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (kept, over) = (Arc::clone(&peaks), Arc::clone(&is_over));
        let watch = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                for child in children(worker) {
                    if let Some(peak) = peak(child) {
                        kept.lock().expect("no panic").insert(child, peak);
                    }
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        Self {
            peaks,
            is_over,
            watch: Some(watch),
        }
    }

    /// The highest peak since the last call.
    pub fn take(&self) -> u64 {
        let mut peaks = self.peaks.lock().expect("no panic");
        let highest = peaks.values().copied().max().unwrap_or_default();
        peaks.clear();
        highest
    }
}

impl Drop for Scale {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = self.watch.take().map(std::thread::JoinHandle::join);
    }
}
