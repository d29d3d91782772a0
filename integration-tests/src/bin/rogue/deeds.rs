//! What a module can do wrong.

use std::io::Write;
use std::process::{Command, Stdio};

use tokio::signal::unix::{SignalKind, signal};

/// What follows a misdeed.
pub(crate) enum Then {
    /// It says that it is done.
    Answer(Vec<u8>),
    /// No answer ever comes.
    Silence,
    /// The answer names a command that was never sent.
    Nonsense,
    /// The answer has no outcome.
    NoOutcome,
}

/// Does what the client asks for.
pub(crate) fn misbehave(how: &str, n: u64) -> Then {
    let done = || Then::Answer(b"done".to_vec());
    match how {
        "exit" => std::process::exit(5),
        "abort" => std::process::abort(),
        "hang" => Then::Silence,
        "block" => loop {
            // The thread of the session: not even pings are answered.
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
        "fork" => Then::Answer(fork(n)),
        "leak" => {
            leak(n);
            done()
        }
        "open" => Then::Answer(open_files(n)),
        "nonsense" => Then::Nonsense,
        "no-outcome" => Then::NoOutcome,
        "binary" => Then::Answer(vec![0xff, 0xfe, 0, 0x80, b'\n']),
        "huge" => Then::Answer(vec![b'x'; usize::try_from(n << 20).unwrap_or(0)]),
        other => Then::Answer(format!("I do not know how to {other}").into_bytes()),
    }
}

fn spin() {
    loop {
        std::hint::spin_loop();
    }
}

/// Writes to stderr for ever: long lines, bytes that are no text, and no end of line.
pub(crate) fn flood() {
    let mut line = vec![b'f'; 300_000];
    line[7] = 0xff;
    line[200_000] = b'\n';
    while std::io::stderr().write_all(&line).is_ok() {}
}

/// Writes a short text for ever, as fast as it is read.
pub(crate) fn repeat(mut to: impl Write, text: &[u8]) {
    let many = text.repeat(8192);
    while to.write_all(&many).is_ok() {}
}

/// Starts processes that know nothing of the host and hold the module's pipes open.
fn fork(n: u64) -> Vec<u8> {
    let pids = (0..n).filter_map(|_| {
        let child = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().ok()?;
        Some(child.id().to_string())
    });
    pids.collect::<Vec<_>>().join(" ").into_bytes()
}

/// Takes this many MiB and keeps them.
fn leak(mib: u64) {
    let bytes = usize::try_from(mib << 20).unwrap_or(0);
    std::mem::forget(vec![1_u8; bytes]);
}

/// Opens files until it has `n` or may not.
fn open_files(n: u64) -> Vec<u8> {
    let mut open = Vec::new();
    let why = loop {
        match std::fs::File::open("/dev/null") {
            Ok(file) if (open.len() as u64) < n => open.push(file),
            Ok(_) => break "enough".to_owned(),
            Err(why) => break why.to_string(),
        }
    };
    let said = format!("{} files: {why}", open.len()).into_bytes();
    std::mem::forget(open);
    said
}

/// Takes SIGTERM and does nothing about it.
pub(crate) fn ignore_sigterm() {
    tokio::spawn(async {
        let Ok(mut asked) = signal(SignalKind::terminate()) else { return };
        while asked.recv().await.is_some() {}
    });
}

/// Length and a checksum that no swapped or lost part survives.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("{} bytes, {:016x}", bytes.len(), integration_tests::checksum(bytes))
}
