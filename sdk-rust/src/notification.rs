//! Notifications of changes.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};

use futures_util::Stream;
use parking_lot::Mutex;

/// Something has changed. It carries no data: read the new state from the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The type of what changed, such as `osd_map`.
    pub kind: String,
    /// Which one changed: mostly a text, sometimes empty.
    pub id: serde_json::Value,
}

/// How many notifications wait for a slow reader. One more drops the oldest.
const WAITING: usize = 1024;
/// How many bytes they have together. With more, the oldest are dropped.
const WAITING_BYTES: usize = 4 << 20;

/// The notifications of the types in [`Module::NOTIFY`](crate::Module::NOTIFY), from now on, in the
/// order in which they were sent.
///
/// A notification carries no data, so a slow reader may get fewer of them: one with the same kind and
/// id as one that waits is dropped, and of more than 1,024, or more than 4 MiB, the oldest are dropped.
/// When a notification arrives, the change can already be read. The stream ends with the session.
#[derive(Debug)]
pub struct Notifications(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    /// Each with its bytes.
    waiting: VecDeque<(Notification, usize)>,
    bytes: usize,
    reader: Option<Waker>,
    ended: bool,
}

impl Stream for Notifications {
    type Item = Notification;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Notification>> {
        let mut queue = self.0.lock();
        match queue.pop() {
            Some(next) => Poll::Ready(Some(next)),
            None if queue.ended => Poll::Ready(None),
            None => {
                queue.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Queue {
    fn pop(&mut self) -> Option<Notification> {
        let (next, bytes) = self.waiting.pop_front()?;
        self.bytes -= bytes;
        Some(next)
    }

    /// Adds a notification. The newest always stays.
    fn push(&mut self, notification: &Notification, bytes: usize) {
        if self.waiting.iter().any(|(waits, _)| waits == notification) {
            return;
        }
        while !self.waiting.is_empty()
            && (self.waiting.len() >= WAITING || self.bytes + bytes > WAITING_BYTES)
        {
            self.pop();
        }
        self.waiting.push_back((notification.clone(), bytes));
        self.bytes += bytes;
    }
}

/// Hands each notification to every reader.
#[derive(Debug, Default)]
pub(crate) struct NotificationHub(Mutex<Vec<Weak<Mutex<Queue>>>>);

impl NotificationHub {
    pub(crate) fn subscribe(&self) -> Notifications {
        let queue = Arc::default();
        self.0.lock().push(Arc::downgrade(&queue));
        Notifications(queue)
    }

    /// Hands on a notification of so many bytes.
    pub(crate) fn publish(&self, notification: &Notification, bytes: usize) {
        self.each(|queue| queue.push(notification, bytes));
    }

    pub(crate) fn end(&self) {
        self.each(|queue| queue.ended = true);
    }

    fn each(&self, change: impl Fn(&mut Queue)) {
        self.0.lock().retain(|queue| {
            let Some(queue) = queue.upgrade() else { return false };
            let mut queue = queue.lock();
            change(&mut queue);
            if let Some(reader) = queue.reader.take() {
                reader.wake();
            }
            true
        });
    }
}

#[cfg(test)]
mod tests;
