//! Work that hangs.

use std::thread::{ThreadId, current};

use super::*;

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(60);

/// Work that hangs until the sender is dropped, and what undoes it and says so.
fn hanging() -> (
    mpsc::Sender<()>,
    impl FnOnce() -> ThreadId + Send + 'static,
    impl FnOnce(ThreadId) + Send + 'static,
    oneshot::Receiver<ThreadId>,
) {
    let (end, ended) = mpsc::channel();
    let work = move || {
        let _ = ended.recv();
        current().id()
    };
    let (undo, undone) = oneshot::channel();
    let undo = move |thread| assert_eq!(undo.send(thread), Ok(()));
    (end, work, undo, undone)
}

/// Which thread does the work with this key, once it does it in time.
async fn thread(threads: &Threads<&'static str>, key: &'static str) -> ThreadId {
    loop {
        if let Ok(thread) = threads.run(&key, || current().id(), |_| ()).await {
            return thread;
        }
    }
}

/// Waits until this many turns are left. A thread gives its turn back after its result.
async fn left(threads: &Threads<&'static str>, turns: usize) {
    while threads.turns.left() != turns {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_thread_does_all_work_that_does_not_hang() {
    let threads = Threads::start(9, LONG).unwrap();
    let first = thread(&threads, "a").await;
    for key in ["a", "b", "c"] {
        left(&threads, 9).await;
        assert_eq!(thread(&threads, key).await, first);
    }
}

#[tokio::test]
async fn another_thread_takes_over_from_one_that_hangs_and_a_late_result_is_undone() {
    let threads = Threads::start(9, SHORT).unwrap();
    let (end, hangs, undo, undone) = hanging();
    let refused = threads.run(&"a", hangs, undo).await.unwrap_err();
    assert!(matches!(refused, NoResult::Turn(NoTurn::Silent)), "{refused:?}");
    for _ in 0..20 {
        let again = threads.run(&"a", || panic!("it was started again"), |()| ()).await;
        assert!(matches!(again, Err(NoResult::Turn(NoTurn::Silent))), "{again:?}");
    }
    let other = thread(&threads, "b").await;
    left(&threads, 8).await;
    drop(end);
    assert_ne!(undone.await.unwrap(), other);
    while threads.run(&"a", || (), |()| ()).await.is_err() {}
}

#[tokio::test]
async fn no_more_threads_hang_than_there_are_turns() {
    let threads = Threads::start(2, SHORT).unwrap();
    let mut ends = Vec::new();
    for key in ["a", "b"] {
        let (end, hangs, undo, undone) = hanging();
        ends.push((end, undone));
        threads.run(&key, hangs, undo).await.unwrap_err();
    }
    let refused = threads.run(&"c", || panic!("it was started"), |()| ()).await.unwrap_err();
    assert!(matches!(refused, NoResult::Turn(NoTurn::Busy)), "{refused:?}");
    drop(ends);
    while threads.run(&"c", || (), |()| ()).await.is_err() {}
}

#[tokio::test]
async fn a_thread_lives_until_the_last_handle_is_gone_and_one_that_hangs_ends_when_it_comes_back() {
    thread_local!(static ALIVE: std::cell::RefCell<Option<mpsc::Sender<()>>> = const {
        std::cell::RefCell::new(None)
    });
    let threads = Threads::start(9, SHORT).unwrap();
    let (alive, ended) = mpsc::channel();
    let (end, hangs, undo, undone) = hanging();
    let held = alive.clone();
    let hangs = move || {
        ALIVE.set(Some(held));
        hangs()
    };
    threads.run(&"a", hangs, undo).await.unwrap_err();
    let held = || {
        let alive = alive.clone();
        move || ALIVE.set(Some(alive))
    };
    while threads.run(&"b", held(), |()| ()).await.is_err() {}
    drop(alive);
    assert_eq!(ended.try_recv(), Err(mpsc::TryRecvError::Empty));
    drop(threads);
    drop(end);
    undone.await.unwrap();
    assert_eq!(ended.recv_timeout(LONG), Err(mpsc::RecvTimeoutError::Disconnected));
}
