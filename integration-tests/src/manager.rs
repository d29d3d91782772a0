//! One `mgrd` process of a test.

use std::fs::File;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use nix::sys::signal::Signal;

use crate::setup::Setup;
use crate::wait::eventually;
use crate::{places, process};

/// How many lines of the log a failed test shows.
const SHOWN_LINES: usize = 150;

/// One `mgrd` process on the data directory of a test. Dropping it kills the process, and shows its
/// log if the test failed. Its modules end with it; [`TestManager`](crate::TestManager) makes sure of
/// that.
#[derive(Debug)]
pub struct Manager {
    child: Child,
    id: String,
    folder: PathBuf,
}

impl Manager {
    /// Starts a manager with this name, and does not wait for it.
    ///
    /// # Panics
    ///
    /// If it cannot be run.
    #[must_use]
    pub fn start(setup: &Setup, id: &str) -> Self {
        let folder = setup.folder();
        let log = File::options().create(true).append(true).open(log_file(folder, id));
        let log = log.expect("a log file");
        let program = places::binary("mgrd");
        let mut words = setup.wrapper.iter().map(AsRef::as_ref).chain([program.as_os_str()]);
        let mut command = if setup.prelude.is_empty() {
            Command::new(words.next().unwrap_or_default())
        } else {
            let script = format!("{}\nexec \"$0\" \"$@\"", setup.prelude.join("\n"));
            let mut shell = Command::new("sh");
            shell.arg("-ec").arg(script);
            shell
        };
        command.args(words);
        command.arg("--data-dir").arg(folder.join("data"));
        command.arg("--socket").arg(setup.socket());
        command.arg("--module-path").arg(setup.modules()).arg("--id").arg(id);
        command.arg("--python").arg(setup.python.clone().unwrap_or_else(places::python));
        if !setup.enabled.is_empty() {
            command.arg("--initial-modules").arg(setup.enabled.join(","));
        }
        command.args(&setup.arguments);
        process::remove_settings(&mut command);
        command.envs(setup.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log file")).stderr(log);
        if let Some(uid) = setup.user {
            command.uid(uid).gid(uid);
        }
        let child = command.spawn().expect("mgrd starts");
        Self { child, id: id.to_owned(), folder: folder.to_owned() }
    }

    /// The id of its process.
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
        // Both fail if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Its exit status, if it has ended.
    pub(crate) fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for its end.
    pub fn await_end(&mut self) -> ExitStatus {
        process::await_child(&mut self.child, "the end of mgrd")
    }

    /// Its log so far.
    #[must_use]
    pub fn log(&self) -> String {
        let mut bytes = Vec::new();
        let opened = File::open(log_file(&self.folder, &self.id));
        let _ = opened.map(|mut file| file.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until a line of its log contains this text; returns the log.
    pub fn await_log(&self, text: &str) -> String {
        eventually(&format!("'{text}' in the log of {}", self.id), || {
            let log = self.log();
            if log.contains(text) { Ok(log) } else { Err("it is not there") }
        })
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let lines = log.lines().collect::<Vec<_>>();
            let newest = &lines[lines.len().saturating_sub(SHOWN_LINES)..];
            eprintln!("--- the log of mgrd {}\n{}\n---", self.id, newest.join("\n"));
        }
    }
}

fn log_file(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("mgrd.{id}.log"))
}
