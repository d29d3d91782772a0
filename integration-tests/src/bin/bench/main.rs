//! Prints each figure beside its budget, measured on whatever this machine does besides: run it on an
//! idle one, or the row for an idle command is no base for those that follow it.
//!
//! Budgets are those of the project's design. Where it names none, the row says what a real
//! ceph-mgr took on two cores: 1.6 ms for a durable write, and for reads twice its figure.

mod client;
mod feed;
mod table;

use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use client::Client;
use feed::Feed;
use integration_tests::{Setup, TestDaemon, process};
use nix::sys::signal::Signal;
use table::{Table, median};

const PYTHON: &str = include_str!("bench.py");
const RUNS: usize = 2000;
const MIB: f64 = 1024.0 * 1024.0;

#[tokio::main]
async fn main() {
    let mut table = Table::default();
    commands(&mut table).await;
    reads(&mut table).await;
    writes(&mut table).await;
    remotes(&mut table).await;
    restarts(&mut table).await;
    command_line(&mut table);
    memory(&mut table);
    intake(&mut table).await;
    table.print();
}

fn python(name: &str) -> String {
    PYTHON.replace("NAME", name)
}

fn start(spinner: bool) -> TestDaemon {
    let setup = Setup::new().example("hello").python("bench", &python("bench"));
    let setup = if spinner { setup.python("spinner", &python("spinner")) } else { setup };
    let daemon = setup.start();
    daemon.await_running("hello");
    daemon.await_running("bench");
    daemon
}

/// Latency of a command, idle and while another module spins.
async fn commands(table: &mut Table) {
    let daemon = start(true);
    daemon.await_running("spinner");
    let mut client = Client::connect(&daemon).await;
    let mut both = async |runs| {
        // The first ones warm up.
        client.times("hello", 200).await;
        client.times("bench echo x", 200).await;
        let rust = median(client.times("hello", runs).await);
        (rust, median(client.times("bench echo x", runs).await))
    };
    let (rust, python) = both(RUNS).await;
    table.time("command to a Rust module, idle, p50", 250.0, rust);
    table.time("command to a Python module, idle, p50", 400.0, python);
    let mut spinning = 0;
    for threads in [1, 4] {
        daemon.ok(&format!("spinner spin {}", threads - spinning));
        spinning = threads;
        let (rust_busy, python_busy) = both(RUNS / 2).await;
        let of = |what: &str| {
            format!("{what}, another spins {threads} thread{}", if threads > 1 { "s" } else { "" })
        };
        table.time(&of("command to a Rust module"), rust * 1.5, rust_busy);
        table.time(&of("command to a Python module"), python * 1.5, python_busy);
    }
}

/// Reads inside a Python module; the budgets are twice what ceph-mgr takes.
async fn reads(table: &mut Table) {
    let daemon = Setup::new().python("bench", &python("bench")).replay(1.0).start();
    daemon.await_running("bench");
    let mut client = Client::connect(&daemon).await;
    let reads = client.json("bench reads").await;
    for (name, ceph_us) in [
        ("get_mgr_id", 0.06),
        ("get_module_option", 0.63),
        ("get_store", 0.79),
        ("get_latest_counter", 0.52),
        ("get_all_perf_counters", 370.0),
    ] {
        let measured = reads[name].as_f64().unwrap_or(f64::NAN) / 1000.0;
        table.time(&format!("{name} in Python"), ceph_us * 2.0, measured);
    }
    let mut map = async |fresh_us: f64, table: &mut Table| {
        let figures = client.json("bench map").await;
        let of = |what: &str| format!("get('osd_map') of {} OSDs, {what}", figures["osds"]);
        let us = |name: &str| figures[name].as_f64().unwrap_or(f64::NAN) / 1000.0;
        table.time(&of("fresh"), fresh_us, us("fresh"));
        table.time(&of("read-only"), 1.0, us("shared"));
    };
    map(140.0, table).await;
    drop(daemon);
    let daemon = Setup::new().python("bench", &python("bench")).start();
    daemon.await_running("bench");
    Feed::connect(&daemon).await.put_osd_map(1000).await;
    client = Client::connect(&daemon).await;
    let figures = client.json("bench map").await;
    let us = |name: &str| figures[name].as_f64().unwrap_or(f64::NAN) / 1000.0;
    assert_eq!(figures["osds"], 1000);
    table.time("get('osd_map') of 1000 OSDs, fresh", 2500.0, us("fresh"));
    table.time("get('osd_map') of 1000 OSDs, read-only", 1.0, us("shared"));
}

/// Durable writes.
async fn writes(table: &mut Table) {
    let daemon = start(false);
    let mut client = Client::connect(&daemon).await;
    let fsync = one_fsync(&daemon);
    let mut written = Vec::new();
    for n in 0..300 {
        let started = Instant::now();
        client.run(&format!("config-key set one {n}")).await;
        written.push(started.elapsed());
    }
    let name = format!("durable write, 1 writer, p50 (an fsync here: {fsync:.0} µs)");
    table.time(&name, 1600.0, median(written));
    let figures = client.json("bench write 300").await;
    let us = figures["write"].as_f64().unwrap_or(f64::NAN) / 1000.0;
    table.time("set_store in Python, mean", 1600.0, us);
    let started = Instant::now();
    let writers = (0..64).map(|writer| {
        let mut client = client.clone();
        tokio::spawn(async move {
            for n in 0..200 {
                client.run(&format!("config-key set many/{writer} {n}")).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        let _ = writer.await;
    }
    let rate = 64.0 * 200.0 / started.elapsed().as_secs_f64();
    table.at_least("durable writes, 64 writers", 5000.0, rate, |rate| format!("{rate:.0}/s"));
}

/// What the disk takes to make a small write in place durable, in microseconds.
fn one_fsync(daemon: &TestDaemon) -> f64 {
    let file = std::fs::File::create(daemon.folder().join("fsync")).expect("a file");
    let times = (0..50).map(|_| {
        let started = Instant::now();
        file.write_all_at(&[0; 4096], 0).and_then(|()| file.sync_data()).expect("a write");
        started.elapsed()
    });
    median(times.collect())
}

/// Remote calls.
async fn remotes(table: &mut Table) {
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

/// From `kill -9` to the next answer.
async fn restarts(table: &mut Table) {
    for (name, module, command, budget) in
        [("Rust", "hello", "hello", 200_000.0), ("Python", "bench", "bench echo x", 1_000_000.0)]
    {
        let mut times = Vec::new();
        for _ in 0..3 {
            // A fresh daemon: what counts is the first failure, not the backoff.
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
}

/// A whole `mgrctl`.
fn command_line(table: &mut Table) {
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
    table.time("mgrctl hello, start to exit, p50", 10_000.0, median(times));
}

/// Resident memory of each process.
#[expect(clippy::cast_precision_loss, reason = "bytes, for people")]
fn memory(table: &mut Table) {
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

/// 10,000 daemons with 200 counters each, every five seconds.
async fn intake(table: &mut Table) {
    const DAEMONS: usize = 10_000;
    const COUNTERS: usize = 200;
    const ROUNDS: u32 = 5;
    let daemon = Setup::new().python("bench", &python("bench")).start();
    daemon.await_running("bench");
    let mut feed = Feed::connect(&daemon).await;
    feed.put_daemons(DAEMONS, COUNTERS).await;
    feed.put_counters(DAEMONS, COUNTERS, 0).await;
    let before = process::cpu(daemon.pid());
    for round in 1..=ROUNDS {
        feed.put_counters(DAEMONS, COUNTERS, round.into()).await;
    }
    let seconds = (process::cpu(daemon.pid()) - before).as_secs_f64() / f64::from(ROUNDS);
    let cores = seconds / 5.0;
    // What was taken cheaply must also be there.
    let last = DAEMONS - 1;
    let read = daemon.ok(&format!("bench latest {last} set.counter_{}", COUNTERS - 1));
    assert_eq!(read.trim(), format!("{}", (COUNTERS - 1) * 1000 + ROUNDS as usize));
    let name = "feed intake, 10,000 daemons × 200 counters every 5 s";
    table.at_most(name, 0.5, cores, |cores| format!("{cores:.3} cores"));
}
