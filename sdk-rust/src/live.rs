//! Values that are always up to date.

use std::sync::Arc;

use tokio::sync::watch;

/// A value that is always up to date, such as the options of a module. Cheap to clone.
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

    /// The current value.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.0.borrow().clone()
    }

    /// Waits for the next change, and gives the new value. The first call waits for a change since
    /// this handle was made. If several changes happen, it gives the last value. `None` after the
    /// end of the session.
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        self.0.changed().await.ok()?;
        Some(self.0.borrow_and_update().clone())
    }
}
