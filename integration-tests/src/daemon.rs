//! A running `mgrd` with its modules.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::ctl::{Answer, Ctl};
use crate::manager::Manager;
use crate::process;
use crate::setup::Setup;
use crate::wait::eventually;

/// The name of the manager that tests start.
const ID: &str = "x";

/// A running `mgrd` in a folder of its own. Dropping it ends it and everything that it started, and
/// shows its log if the test failed.
#[derive(Debug)]
pub struct TestManager {
    // It is dropped first, because its log is in the folder of the setup.
    manager: Manager,
    setup: Setup,
}

impl Setup {
    /// Starts the daemon and waits until it answers.
    #[must_use]
    pub fn start(self) -> TestManager {
        let mut daemon = TestManager { manager: Manager::start(&self, ID), setup: self };
        daemon.await_socket();
        daemon
    }

    /// Starts the daemon with invalid settings; returns its exit status and its message.
    #[must_use]
    pub fn refused(&self) -> (ExitStatus, String) {
        let mut manager = Manager::start(self, ID);
        (manager.await_end(), manager.log())
    }
}

impl TestManager {
    /// Starts it again on the same data.
    pub fn restart(&mut self) {
        self.manager = Manager::start(&self.setup, ID);
        self.await_socket();
    }

    /// Kills `mgrd` as `kill -9` does, and waits for its end.
    pub fn kill(&mut self) {
        self.manager.kill();
    }

    /// Sends `mgrd` a signal.
    pub fn signal(&self, signal: Signal) {
        self.manager.signal(signal);
    }

    /// Waits for the end of `mgrd`.
    pub fn await_end(&mut self) -> ExitStatus {
        self.manager.await_end()
    }

    /// The process of `mgrd`.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.manager.pid()
    }

    /// The folder of all its files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.setup.folder()
    }

    /// The module path, to add modules to a running daemon.
    #[must_use]
    pub fn modules(&self) -> PathBuf {
        self.setup.modules()
    }

    /// The public socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.setup.socket()
    }

    /// The socket that modules connect to.
    #[must_use]
    pub fn module_socket(&self) -> PathBuf {
        self.folder().join(format!("{ID}.{}.sock", self.pid()))
    }

    /// The log of `mgrd` so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.manager.log()
    }

    /// Waits until a line of the log contains this text; returns the log.
    pub fn await_log(&self, text: &str) -> String {
        self.manager.await_log(text)
    }

    /// Starts another manager on the same data.
    #[must_use]
    pub fn start_manager(&self, id: &str) -> Manager {
        Manager::start(&self.setup, id)
    }

    /// Waits until the manager with this name is active.
    pub fn await_active(&self, id: &str) {
        eventually(&format!("{id} is active"), || {
            let stat = self.json("mgr stat");
            if stat["active_name"] == id { Ok(()) } else { Err(stat) }
        });
    }

    /// Waits until the standbys are these.
    pub fn await_standbys(&self, ids: &[&str]) {
        eventually(&format!("the standbys are {ids:?}"), || {
            let map = self.json("mgr dump");
            let names =
                map["standbys"].as_array().into_iter().flatten().map(|m| m["name"].as_str());
            if names.eq(ids.iter().copied().map(Some)) { Ok(()) } else { Err(map) }
        });
    }

    /// A command line of `mgrctl`, to be extended and run.
    #[must_use]
    pub fn ctl(&self, line: &str) -> Ctl {
        Ctl::new(&self.socket(), line)
    }

    /// Runs `mgrctl` with these words, separated by spaces.
    #[must_use]
    pub fn run(&self, line: &str) -> Answer {
        self.ctl(line).run()
    }

    /// Runs `mgrctl` and expects success; returns its output.
    pub fn ok(&self, line: &str) -> String {
        self.run(line).ok()
    }

    /// Runs `mgrctl … --format json` and expects success.
    ///
    /// # Panics
    ///
    /// If the output is not JSON.
    #[must_use]
    pub fn json(&self, line: &str) -> Value {
        let text = self.ok(&format!("{line} --format json"));
        serde_json::from_str(&text).unwrap_or_else(|why| panic!("{line}: {why} in {text}"))
    }

    /// The row of a module in `mgr module ls`.
    #[must_use]
    pub fn module(&self, name: &str) -> Value {
        let all = self.json("mgr module ls");
        let rows = all["processes"].as_array().cloned().unwrap_or_default();
        rows.into_iter().find(|row| row["name"] == name).unwrap_or_default()
    }

    /// Waits until the module is in this state; returns its row in `mgr module ls`.
    pub fn await_state(&self, module: &str, state: &str) -> Value {
        eventually(&format!("{module} {state}"), || {
            let seen = self.module(module);
            if seen["state"] == state { Ok(seen) } else { Err(seen) }
        })
    }

    /// Waits until the module runs; returns the id of its process.
    pub fn await_running(&self, module: &str) -> u32 {
        pid_of(&self.await_state(module, "running"))
    }

    /// Waits until the module runs in another process than `before`.
    pub fn await_restart(&self, module: &str, before: u32) -> u32 {
        eventually(&format!("{module} restarted"), || {
            let seen = self.module(module);
            let pid = pid_of(&seen);
            if seen["state"] == "running" && pid != before { Ok(pid) } else { Err(seen) }
        })
    }

    fn await_socket(&mut self) {
        let socket = self.socket();
        eventually("mgrd listens", || {
            if let Some(status) = self.manager.status() {
                panic!("mgrd ended with {status}:\n{}", self.log());
            }
            UnixStream::connect(&socket)
        });
    }
}

impl Drop for TestManager {
    fn drop(&mut self) {
        self.kill();
        process::end_all(self.folder());
    }
}

/// The process id in a row of `mgr module ls`.
fn pid_of(row: &Value) -> u32 {
    row["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0)
}
