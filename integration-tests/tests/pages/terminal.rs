//! A terminal with a shell in it.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use integration_tests::{LONG, places};
use nix::pty::{Winsize, openpty};

use crate::home::Home;

/// The prompt of the shell: the status of the last command between two characters that nothing else
/// prints.
const PROMPT: &str = "\u{2}$?\u{3}";
/// Wide enough for every line of every page, because a terminal wraps longer lines.
const SIZE: Winsize = Winsize { ws_row: 50, ws_col: 250, ws_xpixel: 0, ws_ypixel: 0 };

/// A terminal with a shell in it, which begins in the checkout.
pub(crate) struct Terminal {
    shell: Child,
    keyboard: File,
    printed: Receiver<Vec<u8>>,
    /// The output since the last input.
    bytes: Vec<u8>,
    /// The last input and its output on the page, if the page left it running.
    pub(crate) left: Option<(String, String)>,
    /// How long it waits for the expected output.
    pub(crate) timeout: Duration,
}

/// The output so far, and whether the shell waits for the next command.
pub(crate) enum Seen {
    /// A command is running.
    Running(String),
    /// The shell waits. It has the status of the last command.
    Prompt(String, i32),
}

impl Terminal {
    pub(crate) fn open(home: &Home) -> Self {
        let pty = openpty(Some(&SIZE), None).unwrap();
        let mut shell = Command::new("setsid");
        shell.args(["--ctty", "bash", "--noprofile", "--norc", "--noediting", "-i"]);
        shell.env_clear().env("HOME", home.path()).current_dir(home.checkout());
        // The toolchain is in the real home folder.
        let user = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let given = std::env::var_os(name);
            shell.env(name, given.unwrap_or_else(|| user.join(folder).into()));
        }
        // The reader's builds use the dependencies that are built in the checkout, with its toolchain.
        shell.env("CARGO_NET_OFFLINE", "true");
        shell.env("CARGO_BUILD_BUILD_DIR", places::repository().join("target"));
        if let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN") {
            shell.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        // The output has no colours and is not redrawn.
        shell.env("TERM", "dumb").env("NO_COLOR", "1").env("LANG", "C.UTF-8");
        shell.env("PS1", PROMPT).env("PS2", "");
        shell.stdin(pty.slave.try_clone().unwrap()).stdout(pty.slave.try_clone().unwrap());
        let shell = shell.stderr(pty.slave).spawn().expect("setsid and bash are installed");
        let keyboard = File::from(pty.master);
        let printed = listen(keyboard.try_clone().unwrap());
        Self { shell, keyboard, printed, bytes: Vec::new(), left: None, timeout: LONG }
    }

    /// The current folder of its shell.
    pub(crate) fn folder(&self) -> PathBuf {
        std::fs::read_link(format!("/proc/{}/cwd", self.shell.id())).unwrap()
    }

    /// Types these keys.
    pub(crate) fn type_in(&mut self, keys: &str) {
        self.bytes.clear();
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the output is as wanted, or until the timeout. `echo` is the input, which a
    /// terminal also shows.
    pub(crate) fn watch(&mut self, echo: &str, mut wanted: impl FnMut(&Seen) -> bool) -> Seen {
        let end = Instant::now() + self.timeout;
        loop {
            let seen = self.seen(echo);
            let left = end.saturating_duration_since(Instant::now());
            if wanted(&seen) {
                return seen;
            }
            match self.printed.recv_timeout(left) {
                Ok(more) => self.bytes.extend(more),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return seen,
            }
        }
    }

    fn seen(&self, echo: &str) -> Seen {
        let text = String::from_utf8_lossy(&self.bytes).replace('\r', "");
        let text = text.strip_prefix(echo).unwrap_or(&text);
        let prompt = text.rsplit_once('\u{2}').and_then(|(before, prompt)| {
            Some((before, prompt.strip_suffix('\u{3}')?.parse().ok()?))
        });
        match prompt {
            Some((before, status)) => Seen::Prompt(before.to_owned(), status),
            None => Seen::Running(text.to_owned()),
        }
    }
}

impl Seen {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Running(text) | Self::Prompt(text, _) => text,
        }
    }
}

fn listen(mut screen: File) -> Receiver<Vec<u8>> {
    let (sender, printed) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length) = screen.read(&mut buffer) {
            if length == 0 || sender.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    printed
}
