//! A workload on a disk with every kind of fault, at random: what was acknowledged is there, all else is
//! whole or absent, and once the fault is over the next small write works.
//!
//! `SEED` and `ROUNDS` in the environment repeat a run.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use fastrand::Rng;

use super::disk::Disk;
use super::*;

/// How many rounds a run has that does not say so.
const ROUNDS: u64 = 90;
/// How much room the disk has, in bytes.
const ROOM: usize = 2 << 20;
/// The keys come in pairs that are always written together.
const PAIRS: u8 = 6;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn whatever_happens_to_the_disk_no_acknowledged_write_is_lost_and_none_is_torn() {
    let seed = setting("SEED").unwrap_or_else(|| fastrand::u64(..1 << 32));
    let rounds = setting("ROUNDS").unwrap_or(ROUNDS);
    println!("storage torture: SEED={seed} ROUNDS={rounds}");
    for round in 0..rounds {
        if round.is_multiple_of(100) {
            println!("storage torture: round {round} of {rounds}");
        }
        // Each round can be repeated by itself.
        let seed = seed.wrapping_add(round);
        let done = std::panic::catch_unwind(|| Round::new(seed).run());
        assert!(done.is_ok(), "to repeat it: SEED={seed} ROUNDS=1");
    }
}

/// What a pair may hold.
#[derive(Default)]
struct Known {
    acknowledged: Option<String>,
    /// The values of writes that failed, and whose undoing was not acknowledged yet.
    failed: Vec<Option<String>>,
}

struct Round {
    rng: Rng,
    disk: Disk,
    storage: Arc<EmbeddedStorage>,
    known: BTreeMap<u8, Known>,
    written: u32,
}

impl Round {
    fn new(seed: u64) -> Self {
        let disk = Disk::default();
        disk.initialise();
        disk.limit(Some(ROOM));
        let storage = Arc::new(disk.storage());
        let known = (0..PAIRS).map(|pair| (pair, Known::default())).collect();
        Self { rng: Rng::with_seed(seed), disk, storage, known, written: 0 }
    }

    fn run(mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for _ in 0..self.rng.usize(1..6) {
            for _ in 0..self.rng.usize(0..4) {
                runtime.block_on(self.write());
            }
            self.begin_fault();
            for _ in 0..self.rng.usize(1..5) {
                runtime.block_on(self.write());
            }
            self.crash();
            self.disk.recover();
            self.disk.limit(Some(self.room()));
            let small = runtime.block_on(put(&self.storage, "small", "1"));
            assert!(small.is_ok(), "the next small write: {small:?}");
            assert_eq!(self.storage.health(), None);
            // This write has undone those that failed.
            self.known.values_mut().for_each(|known| known.failed.clear());
            self.check();
        }
    }

    /// How much room the disk has without a fault. It does not have to do without any room because of
    /// what was acknowledged.
    fn room(&self) -> usize {
        let bytes = |known: &Known| known.acknowledged.as_ref().map_or(0, |value| 2 * value.len());
        let stored: usize = self.known.values().map(bytes).sum();
        if stored > ROOM / 8 { self.disk.used() + ROOM } else { ROOM }
    }

    /// Writes or removes several pairs at the same time.
    async fn write(&mut self) {
        let mut writes = tokio::task::JoinSet::new();
        for pair in 0..PAIRS {
            if self.rng.bool() {
                continue;
            }
            self.written += 1;
            let bytes = match self.rng.u8(0..16) {
                0 => self.rng.usize(..ROOM),
                1..6 => self.rng.usize(..100_000),
                _ => self.rng.usize(..3000),
            };
            let text = format!("{}:{}", self.written, "x".repeat(bytes));
            let value = (self.rng.u8(0..6) > 0).then_some(text);
            let [x, y] = [format!("{pair}/x"), format!("{pair}/y")];
            let transaction = match &value {
                Some(value) => Transaction::new().put(&x, value.clone()).put(&y, value.clone()),
                None => Transaction::new().delete(&x).delete(&y),
            };
            let storage = Arc::clone(&self.storage);
            writes.spawn(async move { (pair, value, storage.commit(transaction).await) });
        }
        let answers = writes.join_all().await;
        if answers.iter().any(|(.., answer)| answer.is_ok()) {
            self.known.values_mut().for_each(|known| known.failed.clear());
        }
        for (pair, value, answer) in answers {
            let known = self.known.get_mut(&pair).unwrap();
            match answer {
                Ok(_) => *known = Known { acknowledged: value, failed: Vec::new() },
                Err(_) => known.failed.push(value),
            }
        }
        self.check_shown();
    }

    fn begin_fault(&mut self) {
        let kinds = [
            io::ErrorKind::StorageFull,
            io::ErrorKind::ReadOnlyFilesystem,
            io::ErrorKind::Other,
            io::ErrorKind::TimedOut,
        ];
        let kind = self.rng.choice(kinds).unwrap();
        match self.rng.u8(0..7) {
            0 => self.disk.fail(kind),
            1 => self.disk.fail_syncs(kind),
            2 => self.disk.fail_reads(kind),
            3 | 4 => self.disk.fail_after(self.rng.usize(..60), kind),
            5 => self.disk.limit(None),
            _ => {}
        }
    }

    /// The process or the whole machine ends, or neither.
    fn crash(&mut self) {
        let found = match self.rng.u8(0..4) {
            // The process is killed: the disk has all that was written.
            0 => self.disk.after_power_loss(|| true),
            1 | 2 => {
                let often = self.rng.u8(1..10);
                let rng = &mut self.rng;
                self.disk.after_power_loss(|| rng.u8(0..10) < often)
            }
            _ => return,
        };
        found.limit(Some(self.room()));
        self.disk.recover();
        self.disk = found;
        self.storage = Arc::new(self.disk.storage());
        self.adopt();
    }

    /// After a restart, a pair holds what was acknowledged, or what a failed write wrote.
    fn adopt(&mut self) {
        for pair in 0..PAIRS {
            let found = self.pair(pair);
            let Known { acknowledged, failed } = &self.known[&pair];
            let known = found == *acknowledged || failed.contains(&found);
            let shown = |text: &Option<String>| {
                text.as_ref().map(|text| text[..text.len().min(20)].to_owned())
            };
            let failed: Vec<_> = failed.iter().map(shown).collect();
            let (found_text, acknowledged) = (shown(&found), shown(acknowledged));
            assert!(known, "{pair} holds {found_text:?}, not {acknowledged:?} or {failed:?}");
            self.known.insert(pair, Known { acknowledged: found, failed: Vec::new() });
        }
    }

    /// Readers see what was acknowledged and nothing else.
    fn check_shown(&self) {
        for (pair, known) in &self.known {
            assert!(self.pair(*pair) == known.acknowledged, "pair {pair} as readers see it");
        }
    }

    /// The disk holds what readers see.
    fn check(&mut self) {
        self.check_shown();
        let found = self.disk.after_power_loss(|| false).storage();
        assert!(found.content() == self.storage.content(), "the disk and the memory differ");
    }

    fn pair(&self, pair: u8) -> Option<String> {
        let [x, y] = ["x", "y"].map(|half| self.storage.get(&format!("{pair}/{half}")));
        let [x, y] = [x, y].map(|entry| entry.map(|entry| entry.value));
        assert!(x == y, "pair {pair} was torn");
        x.map(|value| String::from_utf8(value.to_vec()).unwrap())
    }
}
