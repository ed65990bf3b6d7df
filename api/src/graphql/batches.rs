//! When batched reads begin: once every resolver of the request waits for something. A timer would cut the rows of a busy
//! server's list into several statements; this way an edge costs one, however long the list.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{Stream, StreamExt};
use tracing::Instrument;

/// Times that resolvers are polled again at once when they wake themselves, before others of the process have their turn.
const ROUNDS: usize = 64;

/// Batches that were asked for and have not begun.
type Asked = Arc<Mutex<Vec<BoxFuture<'static, ()>>>>;

tokio::task_local! {
    /// Of the request whose resolvers are being polled.
    static ASKED: Asked;
}

/// What loaders do with a batch: it begins when the resolvers of the request wait, or at once where nobody drives them.
pub fn ask(batch: BoxFuture<'static, ()>) {
    let asked = ASKED.try_with(Arc::clone);
    match asked {
        Ok(asked) => asked.lock().unwrap_or_else(PoisonError::into_inner).push(batch),
        Err(_) => {
            tokio::spawn(batch.in_current_span());
        }
    }
}

/// Runs an operation with its batches.
pub fn drive<F: Future>(work: F) -> Driven<F> {
    Driven::new(work)
}

/// Runs a subscription with its batches.
pub fn drive_stream<S: Stream>(work: S) -> Driven<S> {
    Driven::new(work)
}

/// Resolvers and their batches, polled in turns.
pub struct Driven<W> {
    work: Pin<Box<W>>,
    asked: Asked,
    running: FuturesUnordered<BoxFuture<'static, ()>>,
}

impl<W> Driven<W> {
    fn new(work: W) -> Self {
        Self {
            work: Box::pin(work),
            asked: Asked::default(),
            running: FuturesUnordered::new(),
        }
    }

    fn turns<T>(
        &mut self,
        context: &mut Context<'_>,
        poll: impl Fn(Pin<&mut W>, &mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        for _ in 0..ROUNDS {
            let noted = Arc::new(Noted {
                is_woken: AtomicBool::new(false),
                outer: context.waker().clone(),
            });
            let waker = Waker::from(noted.clone());
            let mut inner = Context::from_waker(&waker);
            let work = self.work.as_mut();
            if let Poll::Ready(done) = ASKED.sync_scope(self.asked.clone(), || poll(work, &mut inner)) {
                return Poll::Ready(done);
            }
            if noted.is_woken.load(Ordering::Acquire) {
                // Some have something to do: they may still ask for more.
                continue;
            }
            let asked = std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
            self.running.extend(asked);
            while let Poll::Ready(Some(())) = self.running.poll_next_unpin(context) {}
            if !noted.is_woken.load(Ordering::Acquire) {
                return Poll::Pending;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<F: Future> Future for Driven<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.turns(context, Future::poll)
    }
}

impl<S: Stream> Stream for Driven<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.turns(context, Stream::poll_next)
    }
}

/// Notes that resolvers have something to do, and passes it on.
struct Noted {
    is_woken: AtomicBool,
    outer: Waker,
}

impl Wake for Noted {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.outer.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::convert::Infallible;
    use std::time::Duration;

    use async_graphql::dataloader::{DataLoader, Loader};
    use futures_util::future::join_all;

    use super::*;

    /// Gives each number its double, slowly, and counts the batches.
    struct Doubles(Arc<Mutex<Vec<usize>>>);

    impl Loader<u32> for Doubles {
        type Value = u32;
        type Error = Infallible;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, Infallible> {
            self.0.lock().unwrap().push(keys.len());
            tokio::time::sleep(Duration::from_millis(2)).await;
            Ok(keys.iter().map(|key| (*key, key * 2)).collect())
        }
    }

    fn doubles() -> (DataLoader<Doubles>, Arc<Mutex<Vec<usize>>>) {
        let batches: Arc<Mutex<Vec<usize>>> = Arc::default();
        let loader = DataLoader::new(Doubles(batches.clone()), ask).delay(Duration::ZERO);
        (loader, batches)
    }

    #[tokio::test]
    async fn each_level_of_a_long_list_is_one_batch() {
        let (loader, batches) = doubles();
        let row = async |number: u32| {
            // A resolver that takes its time.
            std::thread::sleep(Duration::from_micros(300));
            let double = loader.load_one(number).await.unwrap().unwrap();
            std::thread::sleep(Duration::from_micros(300));
            loader.load_one(double).await.unwrap().unwrap()
        };
        let rows = drive(join_all((0..100).map(row))).await;
        assert_eq!((rows.len(), rows[99]), (100, 396));
        assert_eq!(*batches.lock().unwrap(), [100, 100]);
    }

    #[tokio::test]
    async fn resolvers_that_wait_for_something_else_keep_nobody() {
        let (loader, batches) = doubles();
        let slow = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            loader.load_one(7).await.unwrap().unwrap()
        };
        let (slow, quick) = drive(futures_util::future::join(slow, async {
            tokio::time::timeout(Duration::from_secs(1), loader.load_one(1)).await
        }))
        .await;
        assert_eq!((slow, quick.expect("in time").unwrap()), (14, Some(2)));
        assert_eq!(*batches.lock().unwrap(), [1, 1]);
    }

    #[tokio::test]
    async fn streams_and_undriven_loads_work_as_well() {
        let (loader, _) = doubles();
        assert_eq!(loader.load_one(2).await.unwrap(), Some(4));
        let numbers = futures_util::stream::iter(0..3).then(|number| loader.load_one(number));
        let doubled: Vec<u32> = drive_stream(numbers)
            .map(|row| row.unwrap().unwrap())
            .collect()
            .await;
        assert_eq!(doubled, [0, 2, 4]);
    }
}
