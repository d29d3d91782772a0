//! The threads that start processes.
//!
//! The kernel ties the parent-death signal to the thread that forked, not to its process: a child of
//! a thread that ends dies with it. These threads therefore wait for work as long as [`Threads`]
//! lives, and take with them what is left. A thread that a disk or mount holds keeps its turn; others
//! start the next processes.

use std::hash::Hash;
use std::io;
use std::sync::{Arc, Weak, mpsc};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::module::turns::{NoTurn, Turn, Turns};

/// A few threads that live as long as this.
#[derive(Debug)]
pub(super) struct Threads<K> {
    limit: Duration,
    turns: Turns<K>,
    idle: Arc<Idle>,
}

type Thread = mpsc::Sender<Work>;
type Idle = Mutex<Vec<Thread>>;

struct Work {
    run: Box<dyn FnOnce() + Send>,
    /// The thread that does it. It must not keep itself alive.
    thread: Thread,
    turn: Turn,
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum NoResult {
    /// There was no turn, or the work does not end.
    Turn(NoTurn),
    /// The system does not start another thread, or the work panicked.
    System(io::Error),
}

impl<K: Clone + Eq + Hash> Threads<K> {
    /// Starts the first thread. At most `most` work at the same time, and none is waited for longer
    /// than `limit`.
    pub(super) fn start(most: u32, limit: Duration) -> io::Result<Self> {
        let threads = Self { limit, turns: Turns::new(most, limit), idle: Arc::default() };
        let first = threads.start_thread()?;
        threads.idle.lock().push(first);
        Ok(threads)
    }

    /// The result of `work`, after other work with the same key. If it comes too late, it goes to
    /// `undo`.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        key: &K,
        work: impl FnOnce() -> T + Send + 'static,
        undo: impl FnOnce(T) + Send + 'static,
    ) -> Result<T, NoResult> {
        let turn = self.turns.take(key).await.map_err(NoResult::Turn)?;
        let (reply, mut answer) = oneshot::channel();
        let run = Box::new(move || {
            if let Err(unwanted) = reply.send(work()) {
                undo(unwanted);
            }
        });
        self.hand_over(run, turn).map_err(NoResult::System)?;
        let gone = || NoResult::System(io::Error::other("the thread that starts it is gone"));
        if let Ok(answered) = timeout(self.limit, &mut answer).await {
            return answered.map_err(|_| gone());
        }
        // It may have come just now. Then nothing undoes it.
        answer.close();
        answer.try_recv().map_err(|_| NoResult::Turn(NoTurn::Silent))
    }

    fn hand_over(&self, run: Box<dyn FnOnce() + Send>, turn: Turn) -> io::Result<()> {
        let idle = self.idle.lock().pop();
        let thread = idle.map_or_else(|| self.start_thread(), Ok)?;
        let work = Work { run, thread: thread.clone(), turn };
        thread.send(work).map_err(|_| io::Error::other("the thread that starts it is gone"))
    }

    fn start_thread(&self) -> io::Result<Thread> {
        let (thread, inbox) = mpsc::channel();
        let idle = Arc::downgrade(&self.idle);
        std::thread::Builder::new().name("spawner".into()).spawn(move || serve(inbox, &idle))?;
        Ok(thread)
    }
}

fn serve(inbox: mpsc::Receiver<Work>, idle: &Weak<Idle>) {
    for Work { run, thread, turn } in inbox {
        run();
        if let Some(idle) = idle.upgrade() {
            idle.lock().push(thread);
        }
        // Only now, so that no more threads are started than there are turns.
        drop(turn);
    }
}

#[cfg(test)]
mod tests;
