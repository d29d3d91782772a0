//! Commands and remote calls.

use std::time::{Duration, Instant};

use integration_tests::Setup;

use super::client::Client;
use super::table::{Table, median};
use super::{python, start};

/// The number of commands of which the median is taken.
pub(crate) const RUNS: usize = 2000;
/// The number of commands before the measurement.
const WARM_UP: usize = 200;
/// The clients that run commands at the same time.
const CLIENTS: u32 = 64;
/// The commands of each of these clients.
const EACH: u32 = 1000;

/// The name of the row while another module spins in this many threads.
pub(crate) fn spinning_row(what: &str, threads: usize) -> String {
    format!("{what}, another spins {threads} thread{}", if threads > 1 { "s" } else { "" })
}

/// Latency of a command, idle and while another module spins.
pub(crate) async fn commands(table: &mut Table) {
    let daemon = start(true);
    daemon.await_running("spinner");
    let mut client = Client::connect(&daemon).await;
    let shared = client.clone();
    let mut both = async |runs| {
        client.times("hello", WARM_UP).await;
        client.times("bench echo x", WARM_UP).await;
        let rust = median(client.times("hello", runs).await);
        (rust, median(client.times("bench echo x", runs).await))
    };
    let (rust, python) = both(RUNS).await;
    table.time("command to a Rust module, idle, p50", 250.0, rust);
    table.time("command to a Python module, idle, p50", 400.0, python);
    let name = format!("commands to a Rust module, {CLIENTS} clients");
    table.at_least(&name, 40_000.0, throughput(&shared).await, |rate| format!("{rate:.0}/s"));
    let mut spinning = 0;
    for threads in [1, 4] {
        daemon.ok(&format!("spinner spin {}", threads - spinning));
        spinning = threads;
        let (rust_busy, python_busy) = both(RUNS / 2).await;
        let of = |what: &str| spinning_row(what, threads);
        table.time(&of("command to a Rust module"), rust * 1.5, rust_busy);
        table.time(&of("command to a Python module"), python * 1.5, python_busy);
    }
}

/// The commands a second of clients that share a connection.
async fn throughput(client: &Client) -> f64 {
    let started = Instant::now();
    let clients = (0..CLIENTS).map(|_| {
        let mut client = client.clone();
        tokio::spawn(async move { client.times("hello", EACH as usize).await })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("each command succeeds");
    }
    f64::from(CLIENTS * EACH) / started.elapsed().as_secs_f64()
}

/// Remote calls.
pub(crate) async fn remotes(table: &mut Table) {
    let setup = Setup::new().example("hello").rogue("rogue", &[]);
    let daemon = setup.python("one", &python("one")).python("two", &python("two")).start();
    for module in ["hello", "rogue", "one", "two"] {
        daemon.await_running(module);
    }
    let mut client = Client::connect(&daemon).await;
    client.json("one remotes two 100").await;
    let figures = client.json("one remotes two 1000").await;
    let us = figures["remote"].as_f64().unwrap_or(f64::NAN) / 1000.0;
    table.time("remote call, Python to Python, p50", 600.0, us);
    let us = client.json("rogue call hello greeting_for 1000").await;
    table.time("remote call, Rust to Rust, p50", 350.0, us.as_f64().unwrap_or(f64::NAN));
}

/// A complete run of `mgrctl`.
pub(crate) fn command_line(table: &mut Table) {
    let daemon = start(false);
    let program = integration_tests::places::binary("mgrctl");
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..200 {
        let mut command = std::process::Command::new(&program);
        command
            .env("MGRD_SOCKET", daemon.socket())
            .arg("hello")
            .stdout(std::process::Stdio::null());
        let started = Instant::now();
        let status = command.status().expect("mgrctl runs");
        times.push(started.elapsed());
        assert!(status.success());
    }
    table.time("one command line, start to exit, p50", 10_000.0, median(times));
}
