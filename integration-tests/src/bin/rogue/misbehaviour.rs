//! The ways in which the module misbehaves.

use std::io::Write;
use std::process::{Command, Stdio};

use tokio::signal::unix::{SignalKind, signal};

/// The answer to a command that misbehaves.
pub(crate) enum Answer {
    /// This output.
    Output(Vec<u8>),
    /// No answer.
    Silence,
    /// An answer to a command that was never sent.
    WrongCall,
    /// An answer without an outcome.
    NoOutcome,
}

/// Misbehaves in this way.
pub(crate) fn misbehave(how: &str, n: u64) -> Answer {
    let done = || Answer::Output(b"done".to_vec());
    match how {
        "exit" => std::process::exit(5),
        "abort" => std::process::abort(),
        "hang" => Answer::Silence,
        "block" => loop {
            // It blocks the thread of the session, so that not even pings are answered.
            std::thread::park();
        },
        "spin" => {
            (0..n).for_each(|_| drop(std::thread::spawn(spin)));
            done()
        }
        "flood" => {
            std::thread::spawn(flood);
            done()
        }
        "fork" => Answer::Output(fork(n)),
        "detach" => {
            detach(n);
            done()
        }
        "leak" => {
            leak(n);
            done()
        }
        "open" => Answer::Output(open_files(n)),
        "nonsense" => Answer::WrongCall,
        "no-outcome" => Answer::NoOutcome,
        "binary" => Answer::Output(vec![0xff, 0xfe, 0, 0x80, b'\n']),
        "huge" => Answer::Output(vec![b'x'; usize::try_from(n << 20).unwrap_or(0)]),
        other => Answer::Output(format!("'{other}' is not known").into_bytes()),
    }
}

fn spin() {
    loop {
        std::hint::spin_loop();
    }
}

/// Writes long lines to stderr without end, with bytes that are not text.
pub(crate) fn flood() {
    let mut line = vec![b'f'; 300_000];
    line[7] = 0xff;
    line[200_000] = b'\n';
    while std::io::stderr().write_all(&line).is_ok() {}
}

/// Writes a short text without end, as fast as it is read.
pub(crate) fn repeat(mut to: impl Write, text: &[u8]) {
    let many = text.repeat(8192);
    while to.write_all(&many).is_ok() {}
}

/// Starts processes that keep the pipes of the module open.
fn fork(n: u64) -> Vec<u8> {
    let pids = (0..n).filter_map(|_| {
        let child = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().ok()?;
        Some(child.id().to_string())
    });
    pids.collect::<Vec<_>>().join(" ").into_bytes()
}

/// Starts processes with sessions of their own, without an environment, whose parents have ended.
fn detach(n: u64) {
    for _ in 0..n {
        let mut command = Command::new("setsid");
        command.args(["-f", "sleep", "1000"]).env_clear().stdin(Stdio::null());
        let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// Allocates this many MiB and keeps them.
fn leak(mib: u64) {
    let bytes = usize::try_from(mib << 20).unwrap_or(0);
    std::mem::forget(vec![1_u8; bytes]);
}

/// Opens files until it has `n` or the system refuses.
fn open_files(n: u64) -> Vec<u8> {
    let mut open = Vec::new();
    let why = loop {
        match std::fs::File::open("/dev/null") {
            Ok(file) if (open.len() as u64) < n => open.push(file),
            Ok(_) => break "enough".to_owned(),
            Err(why) => break why.to_string(),
        }
    };
    let output = format!("{} files: {why}", open.len()).into_bytes();
    std::mem::forget(open);
    output
}

/// Ignores SIGTERM.
pub(crate) fn ignore_sigterm() {
    tokio::spawn(async {
        let Ok(mut signals) = signal(SignalKind::terminate()) else { return };
        while signals.recv().await.is_some() {}
    });
}

/// The length and a checksum.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("{} bytes, {:016x}", bytes.len(), integration_tests::checksum(bytes))
}
