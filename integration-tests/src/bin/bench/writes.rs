//! Durable writes, and the intake from feeds.

use std::os::unix::fs::FileExt;
use std::time::Instant;

use integration_tests::{Setup, TestManager, process};

use super::client::Client;
use super::feed::Feed;
use super::table::{Table, median};
use super::{python, start};

/// Durable writes.
pub(crate) async fn writes(table: &mut Table) {
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

/// The time in which the disk makes a small write durable, in microseconds.
fn one_fsync(daemon: &TestManager) -> f64 {
    let file = std::fs::File::create(daemon.folder().join("fsync")).expect("a file");
    let times = (0..50).map(|_| {
        let started = Instant::now();
        file.write_all_at(&[0; 4096], 0).and_then(|()| file.sync_data()).expect("a write");
        started.elapsed()
    });
    median(times.collect())
}

/// 10,000 daemons with 200 counters each, every five seconds.
pub(crate) async fn intake(table: &mut Table) {
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
    // The values must have arrived.
    let last = DAEMONS - 1;
    let read = daemon.ok(&format!("bench latest {last} set.counter_{}", COUNTERS - 1));
    assert_eq!(read.trim(), format!("{}", (COUNTERS - 1) * 1000 + ROUNDS as usize));
    let name = "feed intake, 10,000 daemons × 200 counters every 5 s";
    table.at_most(name, 0.5, cores, |cores| format!("{cores:.3} cores"));
}
