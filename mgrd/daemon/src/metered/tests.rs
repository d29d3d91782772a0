use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use futures_util::FutureExt;

use super::*;

#[derive(Default)]
struct Count(AtomicU32);

impl Meter for Count {
    fn charge(&self, _: Instant) {
        self.0.fetch_add(1, Relaxed);
    }

    fn answered(&self) {
        self.0.fetch_add(100, Relaxed);
    }

    fn begins_write(&self) {
        self.0.fetch_add(10_000, Relaxed);
    }

    fn ends_write(&self, _: Instant) {
        self.0.fetch_add(1_000_000, Relaxed);
    }
}

#[tokio::test]
async fn the_time_of_a_task_counts_for_the_caller_that_started_it() {
    let count = Arc::new(Count::default());
    let child = || tokio::spawn(inherited(async {}));
    child().await.unwrap();
    assert_eq!(count.0.load(Relaxed), 0);
    let child = metered(async move { Some(child()) }, count.clone()).await;
    child.unwrap().await.unwrap();
    // Each of both once for its work and once for its end.
    assert_eq!(count.0.load(Relaxed), 4);
}

#[tokio::test]
async fn the_end_of_work_that_is_given_up_counts() {
    let count = Arc::new(Count::default());
    drop(metered(std::future::pending::<()>(), count.clone()));
    assert_eq!(count.0.load(Relaxed), 1);
}

#[tokio::test]
async fn an_answer_counts_for_the_caller_that_gives_it() {
    let count = Arc::new(Count::default());
    answered();
    metered(async { answered() }, count.clone()).await;
    assert_eq!(count.0.load(Relaxed), 102);
}

#[tokio::test]
async fn a_write_counts_for_its_caller_until_it_ends_or_is_given_up() {
    let count = Arc::new(Count::default());
    writing(async {}).await;
    assert_eq!(count.0.load(Relaxed), 0);
    metered(writing(async {}), count.clone()).await;
    assert_eq!(count.0.load(Relaxed) / 10_000, 101);
    let given_up = async { writing(std::future::pending::<()>()).now_or_never() };
    metered(given_up, count.clone()).await;
    assert_eq!(count.0.load(Relaxed) / 10_000, 202);
}
