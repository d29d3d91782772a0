//! A client that misbehaves: `hostile SOCKET HOW [WORD]…`, until it is killed.
//!
//! `flood NAME [SECRET]` sends what `src/flood.rs` has under this name, and `unread NAME` does not read
//! the answers; `connect` opens and closes connections, and `hold` keeps as many as it gets;
//! `repeat N WORD…` runs a command line N times at the same time, again and again, where `%` is a new
//! number; `leave N WORD…` leaves each before its end; `words BYTES` and `input BYTES` run commands of this
//! size; `watch N` follows the log, and `watch-unread N` does not read it; `backup` reads backups, and
//! `backup-unread` does not; `feed HOW` is a feed.

mod commands;
mod feed;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use integration_tests::flood::{self, Flood};
use integration_tests::raw::Raw;

/// Threads that flood.
const THREADS: usize = 2;
const PUBLIC_CALL: &str = "/mgrd.v1.AdminService/GetCommandTable";
const MODULE_CALL: &str = "/mgrd.v1.ModuleHostService/SetStore";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [socket, how, rest @ ..] = &words[..] else {
        eprintln!("hostile: say SOCKET HOW [WORD]…");
        return ExitCode::FAILURE;
    };
    let socket = PathBuf::from(socket);
    let number = || rest.first().and_then(|word| word.parse().ok()).unwrap_or(1);
    match *how {
        "flood" => flood(&socket, rest, true).await,
        "unread" => flood(&socket, rest, false).await,
        "connect" => connect(&socket),
        "hold" => hold(&socket).await,
        "repeat" => commands::repeat(&socket, number(), &rest[1..]).await,
        "leave" => commands::leave(&socket, number(), &rest[1..]).await,
        "words" => commands::words(&socket, number()).await,
        "input" => commands::input(&socket, number()).await,
        "posts" => commands::posts(&socket).await,
        "watch" => watch::log(&socket, number(), true).await,
        "watch-unread" => watch::log(&socket, number(), false).await,
        "backup" => watch::backup(&socket, true).await,
        "backup-unread" => watch::backup(&socket, false).await,
        "feed" => feed::run(&socket, rest.first().copied().unwrap_or_default()).await,
        _ => {}
    }
    eprintln!("hostile: {how} has ended");
    ExitCode::FAILURE
}

/// Floods the socket.
async fn flood(socket: &Path, words: &[&str], reads: bool) {
    let name = words.first().copied().unwrap_or_default();
    let is_public = socket.file_name().is_some_and(|name| name == "s");
    let path = if is_public { PUBLIC_CALL } else { MODULE_CALL };
    let secret = words.get(1).map(|secret| ("mgrd-secret", *secret));
    let Some(bytes) = flood::named(name, path, secret.as_slice()) else { return };
    let _flood = match reads {
        true => Flood::reading(socket, &bytes, THREADS),
        false => Flood::start(socket, &bytes, 8 * THREADS),
    };
    std::future::pending().await
}

/// Opens and closes connections.
fn connect(socket: &Path) {
    loop {
        // It is refused while there are too many.
        let _ = Raw::open(socket);
    }
}

/// Keeps as many silent connections as it gets.
async fn hold(socket: &Path) {
    let mut held = Vec::new();
    loop {
        match Raw::connect(socket) {
            Ok(connection) if held.len() < 10_000 => held.push(connection),
            _ => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}
