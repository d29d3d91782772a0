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

/// The notifications of the types in [`Module::NOTIFY`](crate::Module::NOTIFY), from now on, in the
/// order in which they were sent.
///
/// A notification carries no data, so a slow reader may get fewer of them: one with the same kind and
/// id as one that waits is dropped, and of more than 1,024 the oldest is dropped. When a notification
/// arrives, the change can already be read. The stream ends with the session.
#[derive(Debug)]
pub struct Notifications(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Notification>,
    reader: Option<Waker>,
    ended: bool,
}

impl Stream for Notifications {
    type Item = Notification;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Notification>> {
        let mut queue = self.0.lock();
        match queue.waiting.pop_front() {
            Some(next) => Poll::Ready(Some(next)),
            None if queue.ended => Poll::Ready(None),
            None => {
                queue.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
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

    pub(crate) fn publish(&self, notification: &Notification) {
        self.each(|queue| {
            if queue.waiting.contains(notification) {
                return;
            }
            if queue.waiting.len() == WAITING {
                queue.waiting.pop_front();
            }
            queue.waiting.push_back(notification.clone());
        });
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
