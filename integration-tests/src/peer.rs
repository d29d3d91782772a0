//! Another `mgrd` on the data directory of a test.

use std::path::PathBuf;
use std::process::{Child, ExitStatus};

use nix::sys::signal::Signal;

use crate::daemon::{launch, log, show_log};
use crate::process;
use crate::setup::Setup;
use crate::wait::eventually;

/// Another `mgrd` on the data directory of a [`crate::TestDaemon`], which also cleans up after it.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    id: String,
    folder: PathBuf,
}

impl Peer {
    /// Starts a manager of this name; waits for nothing.
    #[must_use]
    pub fn start(setup: &Setup, id: &str) -> Self {
        let (child, folder) = (launch(setup, id), setup.folder().to_owned());
        Self { child, id: id.to_owned(), folder }
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        process::signal(self.child.id(), signal);
    }

    /// Kills it as `kill -9` does, and waits for its end.
    pub fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }

    /// Waits for its end.
    pub fn await_end(&mut self) -> ExitStatus {
        eventually("the end of a manager", || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err("it runs".to_owned()),
            Err(why) => Err(why.to_string()),
        })
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        log(&self.folder, &self.id)
    }

    /// Waits until a line of its log holds this text; returns the log.
    pub fn await_log(&self, text: &str) -> String {
        eventually(&format!("'{text}' in the log of {}", self.id), || {
            let log = self.log();
            if log.contains(text) { Ok(log) } else { Err("it is not there") }
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            show_log(&self.log());
        }
    }
}
