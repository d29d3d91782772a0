//! Writers work while `mgrd`, its module and its disk are hit at random: each acknowledged write is
//! there, all others are whole or absent, and once it is over the next small write works.
//!
//! `SEED` and `ROUNDS` in the environment repeat a run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use integration_tests::{Answer, Setup, SmallDisk, TestManager, eventually, process};
use nix::sys::signal::Signal;

/// How many rounds a run has that does not say so.
const ROUNDS: u64 = 10;
/// The keys of each writer.
const KEYS: u64 = 4;

/// Keeps what it is given in its store.
const KEEPER: &str = r#"
from mgr_module import CLIReadCommand, CLIWriteCommand, MgrModule


class Module(MgrModule):
    @CLIWriteCommand("keeper put")
    def put(self, key: str, inbuf: str):
        self.set_store(key, inbuf)
        return 0, "", ""

    @CLIReadCommand("keeper get")
    def get(self, key: str):
        return 0, self.get_store(key) or "", ""
"#;

/// A small generator of numbers, so that a seed repeats a run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

/// What a key may hold: what was acknowledged last, or what was sent since.
#[derive(Default)]
struct Known {
    acknowledged: String,
    sent: Vec<String>,
}

/// Where a writer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// By a command of `mgrd`.
    Direct,
    /// By a command of a module.
    Module,
}

impl Way {
    fn put(self, daemon: &TestManager, key: &str, value: &str) -> Answer {
        let line = match self {
            Self::Direct => format!("config-key set torture/{key} -i -"),
            Self::Module => format!("keeper put {key} -i -"),
        };
        daemon.ctl(&line).input(value).run()
    }

    fn get(self, daemon: &TestManager, key: &str) -> String {
        match self {
            Self::Direct
                if daemon.run(&format!("config-key exists torture/{key}")).status != Some(0) =>
            {
                String::new()
            }
            Self::Direct => daemon.ok(&format!("config-key get torture/{key}")),
            Self::Module => daemon.ok(&format!("keeper get {key}")).trim_end().to_owned(),
        }
    }
}

struct Torture {
    daemon: TestManager,
    disk: Option<SmallDisk>,
    random: Random,
    known: Mutex<BTreeMap<(Way, String), Known>>,
    written: AtomicU64,
}

#[test]
fn whatever_is_hit_no_acknowledged_write_is_lost_and_none_is_torn() {
    let setting = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seed = setting("SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let rounds = setting("ROUNDS").unwrap_or(ROUNDS);
    println!("torture of mgrd: SEED={seed} ROUNDS={rounds}");
    let disk = SmallDisk::mount(16);
    let setup = Setup::new().python("keeper", KEEPER);
    if let Some(disk) = &disk {
        std::os::unix::fs::symlink(disk.path(), setup.folder().join("data")).unwrap();
    }
    let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (known, written) = (Mutex::default(), AtomicU64::new(0));
    let mut torture = Torture { daemon: setup.start(), disk, random, known, written };
    torture.daemon.await_running("keeper");
    for round in 1..=rounds {
        let hit = torture.round();
        let writes = torture.written.load(Ordering::SeqCst);
        println!("torture of mgrd: round {round} of {rounds}: {hit}; {writes} writes so far");
    }
}

impl Torture {
    /// Returns what was hit.
    fn round(&mut self) -> &'static str {
        let stop = AtomicBool::new(false);
        let before = self.written.load(Ordering::SeqCst);
        let (kind, pause) = (self.random.below(9), Duration::from_millis(self.random.below(150)));
        let hit = std::thread::scope(|scope| {
            let (this, stop) = (&*self, &stop);
            for (writer, way) in [(0, Way::Direct), (1, Way::Direct), (2, Way::Module)] {
                scope.spawn(move || this.write(writer, way, stop));
            }
            eventually("writes", || {
                if self.written.load(Ordering::SeqCst) > before + 5 { Ok(()) } else { Err("none") }
            });
            // The moment is part of the chance.
            std::thread::sleep(pause);
            let hit = self.hit(kind, pause);
            stop.store(true, Ordering::SeqCst);
            hit
        });
        if kind < 3 {
            self.daemon.kill();
            self.daemon.restart();
        }
        self.check();
        hit
    }

    fn write(&self, writer: u64, way: Way, stop: &AtomicBool) {
        while !stop.load(Ordering::SeqCst) {
            let n = self.written.fetch_add(1, Ordering::SeqCst);
            let key = format!("{writer}.{}", n % KEYS);
            let length = usize::try_from(n % 7 * 6000).unwrap();
            let value = format!("{n}:{}", "x".repeat(length));
            let at = (way, key.clone());
            self.known.lock().unwrap().entry(at.clone()).or_default().sent.push(value.clone());
            let answer = way.put(&self.daemon, &key, &value);
            if answer.status == Some(0) {
                let acknowledged = Known { acknowledged: value, sent: Vec::new() };
                self.known.lock().unwrap().insert(at, acknowledged);
            }
        }
    }

    fn hit(&self, kind: u64, pause: Duration) -> &'static str {
        let (daemon, file) = (&self.daemon, self.file());
        let away = file.with_extension("away");
        match (kind, &self.disk) {
            (0 | 1, _) => {
                daemon.signal(Signal::SIGKILL);
                "mgrd was killed"
            }
            (2, Some(disk)) => {
                disk.fill();
                std::thread::sleep(pause);
                daemon.signal(Signal::SIGKILL);
                disk.empty();
                "the disk was full, and mgrd was killed"
            }
            (3, _) => {
                self.signal_module(Signal::SIGKILL);
                "the module was killed"
            }
            (4, _) => {
                self.signal_module(Signal::SIGSTOP);
                std::thread::sleep(pause);
                self.signal_module(Signal::SIGCONT);
                "the module was stopped"
            }
            (5, _) => {
                daemon.signal(Signal::SIGSTOP);
                std::thread::sleep(pause);
                daemon.signal(Signal::SIGCONT);
                "mgrd was stopped"
            }
            (6, Some(disk)) => {
                disk.fill();
                std::thread::sleep(pause);
                disk.empty();
                "the disk was full"
            }
            (7, _) => {
                std::fs::rename(&file, &away).unwrap();
                std::thread::sleep(pause);
                std::fs::rename(&away, &file).unwrap();
                "the storage file was moved away and back"
            }
            _ => {
                std::fs::hard_link(&file, &away).unwrap();
                std::fs::remove_file(&file).unwrap();
                std::fs::copy(&away, &file).unwrap();
                std::thread::sleep(pause);
                std::fs::rename(&away, &file).unwrap();
                "the storage file was replaced by a copy"
            }
        }
    }

    fn file(&self) -> PathBuf {
        self.daemon.folder().join("data/mgrd.redb")
    }

    fn signal_module(&self, signal: Signal) {
        let pid = self.daemon.module("keeper")["pid"].as_u64();
        pid.and_then(|pid| u32::try_from(pid).ok())
            .into_iter()
            .for_each(|pid| process::signal(pid, signal));
    }

    fn check(&self) {
        let daemon = &self.daemon;
        daemon.await_running("keeper");
        eventually("a small write", || {
            let small = daemon.run("config-key set small 1");
            if small.status == Some(0) { Ok(()) } else { Err(small.stderr) }
        });
        for ((way, key), known) in self.known.lock().unwrap().iter_mut() {
            let found = way.get(daemon, key);
            let Known { acknowledged, sent } = known;
            let start = |text: &String| text[..text.len().min(12)].to_owned();
            assert!(
                found == *acknowledged || sent.contains(&found),
                "{way:?} {key} holds {} ({} bytes), acknowledged was {}, and sent since then {:?}",
                start(&found),
                found.len(),
                start(acknowledged),
                sent.iter().map(start).collect::<Vec<_>>()
            );
            *known = Known { acknowledged: found, sent: Vec::new() };
        }
    }
}
