//! The request to end a module.

use tokio::sync::watch;

/// Signals that the module should end its work. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// The other end of [`Shutdown`].
#[derive(Debug)]
pub(crate) struct ShutdownTrigger(watch::Sender<bool>);

impl Shutdown {
    pub(crate) fn new() -> (ShutdownTrigger, Self) {
        let (sender, receiver) = watch::channel(false);
        (ShutdownTrigger(sender), Self(receiver))
    }

    /// Waits until the host asks the module to end, or is gone.
    pub async fn requested(&self) {
        // An error means that the session is gone, which is also a request.
        let _ = self.0.clone().wait_for(|requested| *requested).await;
    }

    /// Whether it asked already.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

impl ShutdownTrigger {
    pub(crate) fn request(&self) {
        self.0.send_replace(true);
    }
}
