//! A module that misbehaves as its arguments say. Without arguments it behaves, until the command
//! `MODULE misbehave HOW`.
//!
//! At the start: `crash`, `no-hello`, `no-ready`, `no-version`, `cannot-run`, `bad-descriptor`, and
//! `writes-first`, which writes to the store before its hello and reports the answer in `can_run`.
//! Later: `deaf` ignores the end of its session, Shutdown and SIGTERM; `untied` does not end together
//! with a killed `mgrd`; `no-pong` answers no ping; `noisy` writes long lines to stderr without end,
//! `chatty` short lines to stdout, `blank` empty lines to stderr, `uris` sets its address without end,
//! and `calls`, `bytes`, `windows`, `settings`, `pings`, `resets` and the other floods of
//! `src/flood.rs` flood the socket.

mod flood;
mod misbehaviour;
mod session;

use std::process::ExitCode;

/// The exit status of a module that cannot run here.
const CANNOT_RUN: u8 = 77;

#[tokio::main]
async fn main() -> ExitCode {
    let switches = std::env::args().skip(1).collect::<Vec<_>>();
    let has = |switch: &str| switches.iter().any(|given| given == switch);
    let describing = std::env::var("MGRD_PURPOSE").is_ok_and(|purpose| purpose == "describe");
    if !describing {
        if has("crash") {
            eprintln!("rogue: these are my last words");
            return ExitCode::from(3);
        }
        if has("cannot-run") {
            return ExitCode::from(CANNOT_RUN);
        }
        if has("no-hello") {
            std::future::pending::<()>().await;
        }
    }
    if has("noisy") {
        std::thread::spawn(misbehaviour::flood);
    }
    if has("chatty") {
        std::thread::spawn(|| misbehaviour::repeat(std::io::stdout(), b"y\n"));
    }
    if has("blank") {
        std::thread::spawn(|| misbehaviour::repeat(std::io::stderr(), b"\n"));
    }
    // Each thread has such a signal. This is the main thread, whose signal `mgrd` has set.
    if has("untied") && nix::sys::prctl::set_pdeathsig(None).is_err() {
        eprintln!("rogue: it stays tied to mgrd");
    }
    let deaf = has("deaf");
    if deaf {
        misbehaviour::ignore_sigterm();
    }
    let ended = session::run(&switches).await;
    if deaf && !describing {
        std::future::pending::<()>().await;
    }
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("rogue: {why}");
            ExitCode::FAILURE
        }
    }
}
