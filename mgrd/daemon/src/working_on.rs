//! What the worker thread works on, for the log of a manager that hangs.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::Either;
use parking_lot::Mutex;

/// How long to wait for the note, whose owner may be stopped while it changes it.
const PATIENCE: Duration = Duration::from_millis(100);

/// What the worker thread works on now. There is one such thread at a time.
static NOW: Slot = Slot::new();

/// Work of the worker thread, as far as it has a name.
#[derive(Debug)]
pub(crate) enum Work {
    /// A call.
    Call {
        /// The path of the call.
        path: String,
        /// Its id.
        request: String,
    },
    /// A command, without its arguments, which may be secret.
    Command {
        /// Its literal words.
        prefix: String,
        /// The id of the call that sent it.
        request: String,
    },
    /// What a module sends.
    Module(String),
    /// What a feed sends.
    Feed(String),
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { path, request } => write!(f, "the call {path} (request {request})"),
            Self::Command { prefix, request } => {
                write!(f, "the command '{prefix}' (request {request})")
            }
            Self::Module(name) => write!(f, "the messages of module '{name}'"),
            Self::Feed(name) => write!(f, "the messages of feed '{name}'"),
        }
    }
}

/// What the worker thread works on now; none if that has no name, or cannot be read.
pub(crate) fn now() -> Option<Arc<Work>> {
    NOW.read()
}

/// Notes, while `future` is worked on, that it is this work. What it polls may have a note of its own.
pub(crate) fn noted<F: Future>(future: F, work: impl Into<Arc<Work>>) -> Noted<F> {
    NOW.noted(future, work.into())
}

/// The same for `future`, which becomes a task of its own, with the current note.
pub(crate) fn inherited<F: Future>(future: F) -> impl Future<Output = F::Output> {
    match now() {
        Some(work) => Either::Left(noted(future, work)),
        None => Either::Right(future),
    }
}

/// What one thread works on.
struct Slot(Mutex<Option<Arc<Work>>>);

impl Slot {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn read(&self) -> Option<Arc<Work>> {
        self.0.try_lock_for(PATIENCE)?.clone()
    }

    fn noted<F: Future>(&'static self, future: F, work: Arc<Work>) -> Noted<F> {
        Noted { future: Box::pin(future), work, slot: self }
    }

    /// Replaces the note until the result is dropped, as at the end or by a panic.
    fn replace(&'static self, work: &Arc<Work>) -> Replaced {
        Replaced { before: self.0.lock().replace(Arc::clone(work)), slot: self }
    }
}

/// A note that another one has replaced.
struct Replaced {
    before: Option<Arc<Work>>,
    slot: &'static Slot,
}

impl Drop for Replaced {
    fn drop(&mut self) {
        let before = self.before.take();
        drop(std::mem::replace(&mut *self.slot.0.lock(), before));
    }
}

/// A future that is noted as what the worker thread works on.
pub(crate) struct Noted<F> {
    future: Pin<Box<F>>,
    work: Arc<Work>,
    slot: &'static Slot,
}

impl<F: Future> Future for Noted<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let me = self.get_mut();
        let _replaced = me.slot.replace(&me.work);
        me.future.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests;
