//! Processes: the time to their first answer, and their memory.

use std::time::Instant;

use integration_tests::{Setup, process};
use nix::sys::signal::Signal;

use super::client::Client;
use super::table::{Table, median};
use super::{python, start};

const MIB: f64 = 1024.0 * 1024.0;

/// From `kill -9` to the next answer.
pub(crate) async fn restarts(table: &mut Table) {
    for (name, module, command, budget) in
        [("Rust", "hello", "hello", 200_000.0), ("Python", "bench", "bench echo x", 1_000_000.0)]
    {
        let mut times = Vec::new();
        for _ in 0..3 {
            // Each daemon is new, so that only the first failure counts, and not the backoff.
            let daemon = start(false);
            let mut client = Client::connect(&daemon).await;
            let pid = daemon.await_running(module);
            let started = Instant::now();
            process::signal(pid, Signal::SIGKILL);
            process::await_end(pid);
            client.until_it_answers(command).await;
            times.push(started.elapsed());
        }
        table.time(
            &format!("kill -9 of a {name} module to its next answer"),
            budget,
            median(times),
        );
    }
    let mut times = Vec::new();
    for _ in 0..3 {
        let daemon = Setup::new().installed_python("bench", &python("bench")).start();
        let mut client = Client::connect(&daemon).await;
        let started = Instant::now();
        client.run("mgr module enable bench").await;
        client.until_it_answers("bench echo x").await;
        times.push(started.elapsed());
    }
    let name = "enabling a Python module, all imports included, to its first answer";
    table.time(name, 1_000_000.0, median(times));
}

/// The name of the row for the effect of a crash on others.
pub(crate) const CRASH: &str = "another module's answer after one dereferenced a null pointer";

/// The answer of another module after one dereferences a null pointer.
pub(crate) async fn crashes(table: &mut Table) {
    let setup = Setup::new().python("bench", &python("bench"));
    let daemon = setup.python("spinner", &python("spinner")).start();
    let pid = daemon.await_running("spinner");
    daemon.await_running("bench");
    let mut client = Client::connect(&daemon).await;
    client.run("spinner crash").await;
    process::await_end(pid);
    table.time(CRASH, 1_000_000.0, median(client.times("bench echo x", 1).await));
}

/// Resident memory of each process.
#[expect(clippy::cast_precision_loss, reason = "bytes, for people")]
pub(crate) fn memory(table: &mut Table) {
    let mut row = |name: &str, budget: f64, pid| {
        let mib = process::resident(pid) as f64 / MIB;
        table.at_most(name, budget, mib, |mib| format!("{mib:.1} MiB"));
    };
    let empty = Setup::new().start();
    empty.ok("status");
    row("mgrd with no module, resident", 15.0, empty.pid());
    let daemon = start(false);
    row("idle Rust module, resident", 8.0, daemon.await_running("hello"));
    row("idle Python module, resident", 40.0, daemon.await_running("bench"));
}
