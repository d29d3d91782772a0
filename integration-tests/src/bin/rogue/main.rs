//! A module that misbehaves as its arguments say, and answers `MODULE misbehave HOW` otherwise.
//!
//! Start: `crash`, `no-hello`, `no-ready`, `no-version`, `cannot-run`, `bad-descriptor`;
//! `writes-first` writes to the store before its hello, and cannot run for the reason it got.
//! Later: `deaf` ignores the end of its session, Shutdown and SIGTERM; `no-pong` answers no ping;
//! `noisy` fills stderr for ever with long lines, `chatty` fills stdout with short ones, `blank`
//! fills stderr with empty ones.

mod deeds;
mod session;

use std::process::ExitCode;

/// Status of a module that says that it cannot run here.
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
        std::thread::spawn(deeds::flood);
    }
    if has("chatty") {
        std::thread::spawn(|| deeds::repeat(std::io::stdout(), b"y\n"));
    }
    if has("blank") {
        std::thread::spawn(|| deeds::repeat(std::io::stderr(), b"\n"));
    }
    let deaf = has("deaf");
    if deaf {
        deeds::ignore_sigterm();
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
