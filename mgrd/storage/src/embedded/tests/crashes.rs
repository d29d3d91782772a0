//! Power may go at any moment: what was acknowledged is there, all else is whole or absent.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::disk::Disk;
use super::*;

fn open(disk: &Disk, new: bool) -> EmbeddedStorage {
    if new {
        disk.initialise();
    }
    disk.storage()
}

/// Writes the pair `x`, `y` together, both as `value`.
fn pair(round: u8, value: usize) -> Transaction {
    let value = value.to_string().repeat(200);
    Transaction::new().put(&format!("{round}/x"), value.clone()).put(&format!("{round}/y"), value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_survives_and_the_rest_is_whole_or_absent(
        acknowledged in prop::collection::vec(0u8..8, 0..12),
        lost in prop::collection::vec(0u8..8, 1..6),
        kept in prop::collection::vec(any::<bool>(), 64),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let disk = Disk::default();
        let mut model = BTreeMap::new();
        let storage = Arc::new(open(&disk, true));
        let found = runtime.block_on(async {
            for (n, &round) in acknowledged.iter().enumerate() {
                storage.commit(pair(round, n)).await.unwrap();
                model.insert(round, n);
            }
            disk.freeze(true);
            let mut waiting = tokio::task::JoinSet::new();
            for (n, &round) in lost.iter().enumerate() {
                let storage = Arc::clone(&storage);
                waiting.spawn(async move { storage.commit(pair(round, 100 + n)).await });
                if n == 0 {
                    disk.until_holding().await;
                }
            }
            while storage.queued() + 1 < lost.len() {
                tokio::task::yield_now().await;
            }
            let mut picks = kept.iter().cycle();
            let found = disk.after_power_loss(|| *picks.next().unwrap());
            disk.freeze(false);
            waiting.join_all().await;
            found
        });
        let after = open(&found, false);
        for round in 0..8u8 {
            let [x, y] = ["x", "y"].map(|half| {
                after.get(&format!("{round}/{half}")).map(|entry| entry.value)
            });
            prop_assert_eq!(&x, &y, "a transaction was torn");
            let was = model.get(&round).map(|n| n.to_string().repeat(200));
            let text = x.map(|value| String::from_utf8_lossy(&value).into_owned());
            let late = lost.iter().enumerate().filter(|(_, r)| **r == round);
            let mut late = late.map(|(n, _)| Some((100 + n).to_string().repeat(200)));
            prop_assert!(text == was || late.any(|value| value == text), "{:?}", text);
        }
        prop_assert_eq!(after.epoch(), storage.epoch() + 1);
    }
}

#[tokio::test]
async fn an_opening_after_a_crash_reads_as_much_as_one_after_a_clean_end() {
    let disk = Disk::default();
    disk.initialise();
    let storage = disk.storage();
    for n in 0..16 {
        let value = vec![b'x'; 1 << 20];
        storage.commit(Transaction::new().put(&format!("key {n}"), value)).await.unwrap();
    }
    let crashed = disk.after_power_loss(|| true);
    storage.close().await;
    let before = disk.bytes_read();
    drop(disk.storage());
    drop(crashed.storage());
    let (clean, crashed) = (disk.bytes_read() - before, crashed.bytes_read());
    assert!(
        crashed < clean + (1 << 20),
        "{crashed} bytes after a crash, {clean} after a clean end"
    );
}
