//! Values that are always current.

use std::sync::Arc;

use tokio::sync::watch;

/// A value that is always current, such as a module's options. Cheap to clone.
#[derive(Debug)]
pub struct Live<T>(watch::Receiver<Arc<T>>);

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Live<T> {
    pub(crate) fn new(values: watch::Receiver<Arc<T>>) -> Self {
        Self(values)
    }

    /// The value as it is now.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.0.borrow().clone()
    }

    /// Waits for the next change since this handle was made, or last told of one, and gives the
    /// value of then; changes in between are skipped. `None` when the session ended.
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        self.0.changed().await.ok()?;
        Some(self.0.borrow_and_update().clone())
    }
}
