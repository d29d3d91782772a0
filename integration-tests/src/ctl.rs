//! Runs `mgrctl`.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use nix::sys::signal::Signal;

use crate::wait::eventually;
use crate::{places, process};

/// A command line of `mgrctl`.
#[derive(Debug)]
pub struct Ctl {
    command: Command,
    input: Option<Vec<u8>>,
    stdin: Stdio,
    line: String,
}

/// How a command line ended.
#[derive(Debug)]
pub struct Answer {
    /// The exit status; none if a signal ended it.
    pub status: Option<i32>,
    /// The standard output.
    pub stdout: Vec<u8>,
    /// The standard error output.
    pub stderr: String,
    line: String,
}

impl Ctl {
    /// A command line with the words of `line`, separated by spaces, for the daemon at `socket`.
    #[must_use]
    pub fn new(socket: &Path, line: &str) -> Self {
        let mut command = Command::new(places::binary("mgrctl"));
        process::remove_settings(&mut command);
        command.env("MGRD_SOCKET", socket).args(line.split_whitespace());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, input: None, stdin: Stdio::null(), line: line.to_owned() }
    }

    /// Adds a word, which may contain spaces or be empty.
    #[must_use]
    pub fn word(mut self, word: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(word);
        self
    }

    /// Sets the bytes of its standard input.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self
    }

    /// Sets a file or pipe as its standard input.
    #[must_use]
    pub fn stdin(mut self, from: impl Into<Stdio>) -> Self {
        self.stdin = from.into();
        self
    }

    /// Starts it, and does not wait for its end.
    ///
    /// # Panics
    ///
    /// If it cannot be run.
    #[must_use]
    pub fn spawn(mut self) -> Running {
        self.command.stdin(if self.input.is_some() { Stdio::piped() } else { self.stdin });
        let mut child = self.command.spawn().expect("mgrctl starts");
        if let (Some(bytes), Some(mut stdin)) = (self.input, child.stdin.take()) {
            // It fails if the client closes the pipe.
            std::thread::spawn(move || stdin.write_all(&bytes));
        }
        let stdout = Drain::of(child.stdout.take());
        let stderr = Drain::of(child.stderr.take());
        Running { child, stdout, stderr, line: self.line }
    }

    /// Runs it to its end.
    #[must_use]
    pub fn run(self) -> Answer {
        self.spawn().end()
    }
}

/// A running `mgrctl`.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdout: Drain,
    stderr: Drain,
    line: String,
}

impl Running {
    /// The id of its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until its standard output contains this text.
    pub fn await_output(&self, text: &str) {
        self.stdout.await_text(text);
    }

    /// Waits until its standard error output contains this text.
    pub fn await_error(&self, text: &str) {
        self.stderr.await_text(text);
    }

    /// Whether its standard output contains this text.
    #[must_use]
    pub fn has_output(&self, text: &str) -> bool {
        self.stdout.text().contains(text)
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        process::signal(self.child.id(), signal);
    }

    /// Waits for its end.
    #[must_use]
    pub fn end(mut self) -> Answer {
        let what = format!("the end of mgrctl {}", self.line);
        let status = process::await_child(&mut self.child, &what);
        let stdout = self.stdout.end();
        let stderr = self.stderr.end();
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        Answer { status: status.code(), stdout, stderr, line: self.line }
    }
}

impl Answer {
    /// Expects success; returns the standard output.
    ///
    /// # Panics
    ///
    /// If it failed.
    pub fn ok(self) -> String {
        assert_eq!(self.status, Some(0), "mgrctl {}: {}", self.line, self.stderr);
        self.text()
    }

    /// Expects this exit status; returns the error output.
    ///
    /// # Panics
    ///
    /// If it has another exit status.
    pub fn fails(self, status: i32) -> String {
        let text = self.text();
        assert_eq!(self.status, Some(status), "mgrctl {}: {}{text}", self.line, self.stderr);
        self.stderr
    }

    /// The output as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// The bytes of a pipe, which a thread reads.
#[derive(Debug)]
struct Drain {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Drain {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let Some(mut pipe) = pipe else { return };
            let mut part = [0; 8192];
            while let Ok(read @ 1..) = pipe.read(&mut part) {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend_from_slice(&part[..read]);
            }
        });
        Self { bytes, reader }
    }

    fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn await_text(&self, text: &str) {
        eventually(&format!("'{text}' in the output"), || {
            let all = self.text();
            if all.contains(text) { Ok(()) } else { Err(all) }
        });
    }

    /// All bytes, after the pipe has ended.
    fn end(self) -> Vec<u8> {
        let _ = self.reader.join();
        std::mem::take(&mut self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
