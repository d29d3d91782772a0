//! The latency of a module's commands while a hostile client or another module floods the daemon.

use std::time::{Duration, Instant};

use integration_tests::flood::{self, Flood};
use integration_tests::{Setup, TestManager, process};

use super::client::Client;
use super::table::{Table, median};

const CALL: &str = "/mgrd.v1.ModuleHostService/SetStore";
/// The modules that flood, each as its switch of this name says.
const MODULES: [&str; 6] = ["noisy", "chatty", "uris", "bytes", "windows", "settings"];
/// Threads that flood.
const THREADS: usize = 2;
/// Commands before a flood.
const RUNS: usize = 500;
/// How long commands run during a flood.
const DURATION: Duration = Duration::from_secs(3);
/// The longest time that a command may take, in microseconds.
const LONGEST_US: f64 = 50_000.0;
const MIB: f64 = 1024.0 * 1024.0;

/// One row for the median, one for the longest time and one for the memory of each flood.
pub(crate) async fn floods(table: &mut Table) {
    let secret = "0".repeat(64);
    for (what, bytes) in [
        ("calls without a secret", flood::calls(CALL, &[])),
        ("calls with a wrong secret", flood::calls(CALL, &[("mgrd-secret", &secret)])),
        ("calls that do not exist", flood::calls("/mgrd.v1.ModuleHostService/None", &[])),
        ("bytes that are not HTTP/2", vec![b'x'; 1 << 20]),
        ("unfinished large messages", flood::unfinished_calls(CALL)),
    ] {
        measure(table, what, |daemon| {
            let flood = Flood::start(&daemon.module_socket(), &bytes, THREADS);
            flood.await_connections(THREADS as u64);
            flood
        })
        .await;
    }
    for (what, module) in [
        ("messages in parts of one byte", "bytes"),
        ("window updates", "windows"),
        ("settings", "settings"),
        ("addresses of a module", "uris"),
        ("long lines of output", "noisy"),
        ("short lines of output", "chatty"),
    ] {
        measure(table, what, |daemon| {
            daemon.ok(&format!("mgr module enable {module}"));
            daemon.await_running(module)
        })
        .await;
    }
}

/// Measures commands before a flood, and while the value that `start` returns exists.
#[expect(clippy::cast_precision_loss, reason = "bytes, for people")]
async fn measure<F>(table: &mut Table, what: &str, start: impl FnOnce(&TestManager) -> F) {
    let setup = Setup::new().example("hello");
    let floods = MODULES.into_iter();
    let setup = floods.fold(setup, |setup, flood| setup.installed_rogue(flood, &[flood]));
    let daemon = setup.start();
    daemon.await_running("hello");
    let mut client = Client::connect(&daemon).await;
    client.times("hello", RUNS).await;
    let idle = median(client.times("hello", RUNS).await);
    let before = process::peak(daemon.pid());
    let flood = start(&daemon);
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < DURATION {
        times.extend(client.times("hello", 10).await);
    }
    drop(flood);
    let more = process::peak(daemon.pid()).saturating_sub(before) as f64 / MIB;
    let longest = times.iter().max().copied().unwrap_or(Duration::ZERO).as_secs_f64() * 1e6;
    table.time(&format!("command during a flood of {what}, p50"), idle * 1.5, median(times));
    table.time(&format!("command during a flood of {what}, longest"), LONGEST_US, longest);
    let name = format!("mgrd during a flood of {what}, more memory");
    table.at_most(&name, 64.0, more, |mib| format!("{mib:.1} MiB"));
}
