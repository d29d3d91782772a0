//! A running `mgrd`.

use std::fs::File;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::ctl::{Answer, Ctl};
use crate::peer::Peer;
use crate::setup::Setup;
use crate::wait::eventually;
use crate::{places, process};

/// The name of the manager that tests start.
const ID: &str = "x";

/// A running `mgrd` in a folder of its own. Dropping it ends it and everything it started, and
/// shows its log if the test failed.
#[derive(Debug)]
pub struct TestDaemon {
    child: Child,
    setup: Setup,
}

impl TestDaemon {
    /// Starts `mgrd` and waits until it answers.
    #[must_use]
    pub fn start(setup: Setup) -> Self {
        let mut daemon = Self { child: launch(&setup, ID), setup };
        daemon.await_socket();
        daemon
    }

    /// Starts `mgrd` with invalid settings; returns its exit status and its message.
    ///
    /// # Panics
    ///
    /// If it cannot be run.
    #[must_use]
    pub fn refused(setup: &Setup) -> (ExitStatus, String) {
        let mut child = launch(setup, ID);
        let status = eventually("the end of mgrd", || match child.try_wait() {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err("it runs".to_owned()),
            Err(why) => Err(why.to_string()),
        });
        (status, log(setup.folder(), ID))
    }

    /// Starts it again on the same data.
    pub fn restart(&mut self) {
        self.child = launch(&self.setup, ID);
        self.await_socket();
    }

    /// Kills `mgrd` as `kill -9` does, and waits for its end.
    pub fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }

    /// Sends `mgrd` a signal.
    pub fn signal(&self, signal: Signal) {
        process::signal(self.child.id(), signal);
    }

    /// Waits for the end of `mgrd`.
    pub fn await_end(&mut self) -> ExitStatus {
        eventually("the end of mgrd", || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err("it runs".to_owned()),
            Err(why) => Err(why.to_string()),
        })
    }

    /// The process of `mgrd`.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The folder that everything lives in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.setup.folder()
    }

    /// The setup, to add modules to a running daemon.
    #[must_use]
    pub fn modules(&self) -> PathBuf {
        self.setup.modules()
    }

    /// The public socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        socket(self.folder())
    }

    /// What `mgrd` logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        log(self.folder(), ID)
    }

    /// Starts another manager on the same data.
    #[must_use]
    pub fn peer(&self, id: &str) -> Peer {
        Peer::start(&self.setup, id)
    }

    /// Waits until the manager with this name is active.
    pub fn await_active(&self, id: &str) {
        eventually(&format!("{id} is active"), || {
            let stat = self.json("mgr stat");
            if stat["active_name"] == id { Ok(()) } else { Err(stat) }
        });
    }

    /// Waits until the managers that wait are these.
    pub fn await_standbys(&self, ids: &[&str]) {
        eventually(&format!("{ids:?} wait"), || {
            let map = self.json("mgr dump");
            let names =
                map["standbys"].as_array().into_iter().flatten().map(|m| m["name"].as_str());
            if names.eq(ids.iter().copied().map(Some)) { Ok(()) } else { Err(map) }
        });
    }

    /// A command line of `mgrctl`, to be refined and run.
    #[must_use]
    pub fn ctl(&self, line: &str) -> Ctl {
        Ctl::new(&self.socket(), line)
    }

    /// Runs `mgrctl` with these words, separated by spaces.
    #[must_use]
    pub fn run(&self, line: &str) -> Answer {
        self.ctl(line).run()
    }

    /// Runs `mgrctl` and expects success; returns what it printed.
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

    /// What `mgr module ls` says about a module.
    #[must_use]
    pub fn module(&self, name: &str) -> Value {
        let all = self.json("mgr module ls");
        let rows = all["processes"].as_array().cloned().unwrap_or_default();
        rows.into_iter().find(|row| row["name"] == name).unwrap_or_default()
    }

    /// Waits until the module is in this state; returns what `mgr module ls` says about it.
    pub fn await_state(&self, module: &str, state: &str) -> Value {
        eventually(&format!("{module} {state}"), || {
            let seen = self.module(module);
            if seen["state"] == state { Ok(seen) } else { Err(seen) }
        })
    }

    /// Waits until the module runs; returns its process.
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

    /// Waits until a line holds this text; returns the log.
    pub fn await_log(&self, text: &str) -> String {
        eventually(&format!("'{text}' in the log"), || {
            let log = self.log();
            if log.contains(text) { Ok(log) } else { Err("it is not there") }
        })
    }

    fn await_socket(&mut self) {
        let socket = self.socket();
        eventually("mgrd listens", || {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("mgrd ended with {status}:\n{}", self.log());
            }
            UnixStream::connect(&socket)
        });
    }
}

impl Drop for TestDaemon {
    fn drop(&mut self) {
        self.kill();
        process::end_all(self.folder());
        if std::thread::panicking() {
            show_log(&self.log());
        }
    }
}

/// Shows the newest lines of a log.
pub(crate) fn show_log(log: &str) {
    let lines = log.lines().collect::<Vec<_>>();
    let newest = &lines[lines.len().saturating_sub(150)..];
    eprintln!("--- the log of mgrd\n{}\n---", newest.join("\n"));
}

/// The process in a row of `mgr module ls`.
fn pid_of(row: &Value) -> u32 {
    row["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0)
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("s")
}

/// What the manager with this name logged.
pub(crate) fn log(folder: &Path, id: &str) -> String {
    let mut bytes = Vec::new();
    let opened = File::open(log_file(folder, id));
    let _ = opened.map(|mut file| file.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn log_file(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("mgrd.{id}.log"))
}

pub(crate) fn launch(setup: &Setup, id: &str) -> Child {
    let folder = setup.folder();
    let log = File::options().create(true).append(true).open(log_file(folder, id));
    let log = log.expect("a log file");
    let mut command = Command::new(places::binary("mgrd"));
    command.arg("--data-dir").arg(folder.join("data")).arg("--socket").arg(socket(folder));
    command.arg("--module-path").arg(setup.modules()).arg("--id").arg(id);
    command.arg("--python").arg(setup.python.clone().unwrap_or_else(places::python));
    if !setup.enabled.is_empty() {
        command.arg("--initial-modules").arg(setup.enabled.join(","));
    }
    command.args(&setup.arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MGRD_") {
            command.env_remove(name);
        }
    }
    command.envs(setup.environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log file")).stderr(log);
    command.spawn().expect("mgrd starts")
}
