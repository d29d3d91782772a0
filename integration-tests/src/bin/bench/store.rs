//! A large store: 1,000,000 keys with 1 GiB, or as many keys as `STORE_KEYS` says.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use integration_tests::{Setup, TestManager, grpc, places, process};

use super::client::Client;
use super::table::{Table, median};

/// The keys, unless `STORE_KEYS` says otherwise.
const KEYS: usize = 1_000_000;
/// The modules that these keys belong to.
const MODULES: usize = 10;
/// Writes in one turn.
const WRITES: usize = 100;
/// Turns on the empty store and on the large one.
const TURNS: usize = 5;
/// The longest time that a command may take, in microseconds.
const LONGEST_US: f64 = 50_000.0;
/// Longer than any of the work takes.
const LONG: Duration = Duration::from_secs(120);
const MIB: f64 = 1024.0 * 1024.0;

/// The figures of a large store.
pub(crate) async fn store(table: &mut Table) {
    let keys = std::env::var("STORE_KEYS").ok().and_then(|keys| keys.parse().ok()).unwrap_or(KEYS);
    let setup = (0..MODULES)
        .fold(Setup::new().example("hello"), |setup, n| setup.installed_rogue(&name_of(n), &[]));
    let mut daemon = setup.start();
    daemon.await_running("hello");
    daemon.kill();
    let data = fill(table, &daemon, keys);
    starts(table, &mut daemon, data).await;
    writes(table, &daemon).await;
    work(table, &daemon).await;
    takeovers(table, daemon).await;
}

fn name_of(n: usize) -> String {
    format!("owner{n}")
}

/// The size of a value. The mean is 1 KiB.
fn size_of(key: usize) -> usize {
    match key % 100 {
        0 => 24_000,
        1..20 => 2_500,
        20..60 => 600,
        _ => 70,
    }
}

/// Imports the keys; returns their number of bytes.
#[expect(clippy::cast_precision_loss, reason = "bytes, for people")]
fn fill(table: &mut Table, daemon: &TestManager, keys: usize) -> f64 {
    let file = daemon.folder().join("export");
    let data = write_export(&file, keys).expect("an export") as f64;
    let took = storage(daemon, "import", &[file.clone(), "--force".into()]);
    std::fs::remove_file(&file).expect("the export");
    table.time(&format!("import of {keys} keys, {:.0} MiB", data / MIB), 60e6, us(took));
    let stored = std::fs::metadata(daemon.folder().join("data/mgrd.redb")).expect("the file").len();
    let text = |mib: f64| format!("{mib:.0} MiB");
    table.at_most("storage file", data * 2.0 / MIB, stored as f64 / MIB, text);
    data
}

/// Writes an export with these keys; returns the bytes of their keys and values.
fn write_export(path: &Path, keys: usize) -> std::io::Result<usize> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    // The modules stay enabled that were enabled.
    let enabled = r#"["hello"]"#;
    let header = serde_json::json!({
        "format": "mgrd-storage", "version": 1, "revision": 1, "keys": keys + 1,
    });
    writeln!(file, "{header}")?;
    let mut bytes = 0;
    for n in 0..keys {
        let key = format!("mgr/{}/key/{:07}", name_of(n % MODULES), n / MODULES);
        let value = format!("{n:010}").repeat(size_of(n / MODULES) / 10 + 1);
        bytes += key.len() + value.len();
        writeln!(file, "{}", serde_json::json!({"key": key, "value": value}))?;
    }
    let last = serde_json::json!({"key": "mgrd/enabled_modules", "value": enabled});
    writeln!(file, "{last}")?;
    file.flush()?;
    Ok(bytes)
}

/// Runs `mgrd storage …` on the data of the daemon; returns how long that took.
fn storage(daemon: &TestManager, action: &str, words: &[PathBuf]) -> Duration {
    let started = Instant::now();
    let mut command = Command::new(places::binary("mgrd"));
    command.arg("--data-dir").arg(daemon.folder().join("data"));
    let ended = command.arg("storage").arg(action).args(words).output().expect("mgrd runs");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    started.elapsed()
}

/// Starts after a clean end, and after `kill -9`.
#[expect(clippy::cast_precision_loss, reason = "bytes, for people")]
async fn starts(table: &mut Table, daemon: &mut TestManager, data: f64) {
    for before in ["a clean end", "kill -9"] {
        let started = Instant::now();
        daemon.restart();
        answer(daemon, "mgr stat").await;
        table.time(
            &format!("start after {before} to the first answer"),
            5e6,
            us(started.elapsed()),
        );
        let ratio = |ratio: f64| format!("{ratio:.2}");
        let pid = daemon.pid();
        for (what, bytes) in [("resident", process::resident(pid)), ("peak", process::peak(pid))] {
            let name = format!("memory after {before}, {what}, to the data");
            table.at_most(&name, 1.3, bytes as f64 / data, ratio);
        }
        if before == "a clean end" {
            daemon.ok("config-key set written before-the-kill");
            daemon.kill();
        }
    }
}

/// Writes on an empty store and on the large one, in turns.
async fn writes(table: &mut Table, daemon: &TestManager) {
    let small = Setup::new().start();
    let mut clients = [Client::connect(&small).await, Client::connect(daemon).await];
    let mut times = [Vec::new(), Vec::new()];
    for turn in 0..=TURNS {
        for (client, times) in clients.iter_mut().zip(&mut times) {
            let taken = client.times(&format!("config-key set turn {turn}"), WRITES).await;
            // The first turn is for warming up.
            if turn > 0 {
                times.extend(taken);
            }
        }
    }
    let [empty, large] = times;
    let (p50, p99) = (median(empty.clone()), percentile(&empty, 99));
    table.time(
        "durable write on the large store, p50 (budget: 1.2 × empty)",
        p50 * 1.2,
        median(large.clone()),
    );
    let most = p99 * 1.5;
    table.time(
        "durable write on the large store, p99 (budget: 1.5 × empty)",
        most,
        percentile(&large, 99),
    );
}

/// Commands of a quiet module while the large store is at work.
async fn work(table: &mut Table, daemon: &TestManager) {
    daemon.await_running("hello");
    let mut client = Client::connect(daemon).await;
    client.times("hello", 500).await;
    let idle = median(client.times("hello", 500).await);
    let file = daemon.folder().join("backup");
    let checked = file.clone();
    let (folder, socket) = (daemon.folder().join("data"), daemon.socket());
    let back_up = move || {
        let mut command = Command::new(places::binary("mgrctl"));
        let command = command.env("MGRD_SOCKET", socket).args(["storage", "backup"]).arg(file);
        assert!(command.output().expect("mgrctl runs").status.success());
    };
    during(table, &mut client, idle, "a backup", back_up).await;
    let check = move || {
        let mut command = Command::new(places::binary("mgrd"));
        let command = command.arg("--data-dir").arg(folder).args(["storage", "check"]).arg(checked);
        assert!(command.output().expect("mgrd runs").status.success());
    };
    during(table, &mut client, idle, "the check of a backup", check).await;
    let mut own = Client::connect(daemon).await;
    let started = Instant::now();
    let runtime = tokio::runtime::Handle::current();
    let enable = move || {
        runtime.block_on(async {
            for n in 0..MODULES {
                own.json(&format!("mgr module enable {}", name_of(n))).await;
            }
            for n in 0..MODULES {
                own.until_it_answers(&format!("{} echo hi", name_of(n))).await;
            }
        });
    };
    during(table, &mut client, idle, "the start of all owners", enable).await;
    table.time("the owners of all keys enabled to their answers", 20e6, us(started.elapsed()));
}

/// Measures the commands of a quiet module while `work` runs.
async fn during(
    table: &mut Table,
    client: &mut Client,
    idle: f64,
    what: &str,
    work: impl FnOnce() + Send + 'static,
) {
    let work = std::thread::spawn(work);
    let mut times = Vec::new();
    while !work.is_finished() {
        times.extend(client.times("hello", 5).await);
    }
    work.join().expect("the work succeeds");
    let longest = percentile(&times, 100);
    eprintln!("    {} commands, p99 {:.2} ms", times.len(), percentile(&times, 99) / 1000.0);
    table.time(&format!("command during {what}, p50"), idle * 1.5, median(times));
    table.time(&format!("command during {what}, longest"), LONGEST_US, longest);
}

/// From the end of the active manager to the answers of the next one.
async fn takeovers(table: &mut Table, mut daemon: TestManager) {
    // Their own copies of the store are not measured here.
    for n in 0..MODULES {
        daemon.ok(&format!("mgr module disable {}", name_of(n)));
    }
    let mut second = daemon.start_manager("y");
    second.await_log("has everything");
    let writer = Writer::start(&daemon.socket()).await;
    let started = Instant::now();
    daemon.kill();
    answer(&daemon, "mgr stat").await;
    let first = started.elapsed();
    answer(&daemon, "hello").await;
    let module = started.elapsed();
    answer(&daemon, "config-key set after takeover").await;
    let written = started.elapsed();
    table.time("kill -9 of the active manager to the next one's answer", 5e5, us(first));
    table.time("kill -9 of the active manager to a module's answer", 1e6, us(module));
    table.time("kill -9 of the active manager to the next durable write", 5e6, us(written));
    kept(table, &daemon, "kill -9", writer.end().await);

    daemon.restart();
    daemon.await_log("has everything");
    let writer = Writer::start(&daemon.socket()).await;
    let started = Instant::now();
    let said = daemon.run("mgr fail");
    assert_eq!(said.status, Some(0), "{}", said.stderr);
    answer(&daemon, "mgr stat").await;
    let first = started.elapsed();
    answer(&daemon, "config-key set after fail").await;
    let written = started.elapsed();
    table.time("planned takeover to the next one's answer", 5e5, us(first));
    table.time("planned takeover to the next durable write", 5e6, us(written));
    kept(table, &daemon, "a planned takeover", writer.end().await);
    second.kill();
}

/// Writes one number after another, until a write fails.
struct Writer(tokio::task::JoinHandle<u32>);

impl Writer {
    /// Returns after some writes.
    async fn start(socket: &Path) -> Self {
        let channel = grpc::connect(socket).await.expect("mgrd listens");
        let mut client = Client::over(channel);
        let (enough, written) = tokio::sync::oneshot::channel();
        let mut enough = Some(enough);
        let writer = tokio::spawn(async move {
            let mut last = 0;
            loop {
                match client.run(&format!("config-key set counted {}", last + 1)).await {
                    Some(outcome) if outcome.retval == 0 => last += 1,
                    _ => return last,
                }
                if last == 100 {
                    // Its receiver waits.
                    let _ = enough.take().map(|enough| enough.send(()));
                }
            }
        });
        written.await.expect("mgrd takes writes");
        Self(writer)
    }

    /// The last number that was acknowledged.
    async fn end(self) -> u32 {
        self.0.await.expect("the writer")
    }
}

/// How many of the acknowledged writes are there.
fn kept(table: &mut Table, daemon: &TestManager, how: &str, acknowledged: u32) {
    let found: u32 = daemon.ok("config-key get counted").trim().parse().expect("a number");
    let kept = f64::from(acknowledged.min(found));
    let name = format!("acknowledged writes there after {how}");
    table.at_least(&name, f64::from(acknowledged), kept, |writes| format!("{writes}"));
}

/// Repeats a command on new connections until it succeeds.
async fn answer(daemon: &TestManager, line: &str) {
    let end = Instant::now() + LONG;
    loop {
        if let Ok(channel) = grpc::connect(&daemon.socket()).await
            && let Some(outcome) = Client::over(channel).run(line).await
            && outcome.retval == 0
        {
            return;
        }
        assert!(Instant::now() < end, "'{line}' is not answered");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The value that so many percent of the times do not exceed, in microseconds.
fn percentile(times: &[Duration], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times
        .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
        .map_or(0.0, |time| us(*time))
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
