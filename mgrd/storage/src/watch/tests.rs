use super::*;

fn change(key: &str, revision: u64) -> Change {
    Change { key: key.into(), value: None, revision }
}

#[tokio::test]
async fn a_watcher_sees_only_its_prefix_in_order() {
    let watchers = Watchers::default();
    let mut watch = watchers.add("a/");
    watchers.publish(&[change("a/1", 1), change("b/1", 2), change("a/2", 3)]);
    watchers.close();
    assert_eq!(watch.next().await, Some(WatchEvent::Change(change("a/1", 1))));
    assert_eq!(watch.next().await, Some(WatchEvent::Change(change("a/2", 3))));
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn a_slow_watcher_gets_its_waiting_changes_then_lagged_then_later_changes() {
    let watchers = Watchers::default();
    let mut watch = watchers.add("");
    let flood: Vec<_> = (0..WAITING_CHANGES as u64 + 5).map(|n| change("k", n)).collect();
    watchers.publish(&flood);
    for kept in &flood[..WAITING_CHANGES] {
        watchers.publish(&[change("dropped", 0)]);
        assert_eq!(watch.next().await, Some(WatchEvent::Change(kept.clone())));
    }
    assert_eq!(watch.next().await, Some(WatchEvent::Lagged));
    watchers.publish(&[change("k", 9)]);
    assert_eq!(watch.next().await, Some(WatchEvent::Change(change("k", 9))));
}

#[test]
fn a_dropped_watch_is_removed() {
    let watchers = Watchers::default();
    drop(watchers.add(""));
    watchers.publish(&[change("k", 1)]);
    assert!(watchers.0.lock().is_empty());
}

#[tokio::test]
async fn the_changes_that_wait_for_a_watcher_are_weighed() {
    let watchers = Watchers::default();
    let mut watch = watchers.add("");
    let large =
        |revision, bytes| Change { value: Some(vec![b'x'; bytes].into()), ..change("k", revision) };
    // The first may have any size, and what waits together has a limit.
    for changes in [vec![2 * WAITING_BYTES], vec![WAITING_BYTES / 3; 2]] {
        for (&bytes, revision) in changes.iter().zip(1..) {
            watchers.publish(&[large(revision, bytes)]);
        }
        watchers.publish(&[large(8, WAITING_BYTES / 2), change("small", 9)]);
        for (&bytes, revision) in changes.iter().zip(1..) {
            assert_eq!(watch.next().await, Some(WatchEvent::Change(large(revision, bytes))));
        }
        assert_eq!(watch.next().await, Some(WatchEvent::Lagged));
        watchers.publish(&[change("k", 10)]);
        assert_eq!(watch.next().await, Some(WatchEvent::Change(change("k", 10))));
    }
}

#[test]
fn a_watch_that_has_ended_is_forgotten_without_a_write() {
    let watchers = Watchers::default();
    let _kept = watchers.add("a");
    for _ in 0..100 {
        drop(watchers.add("b"));
    }
    assert_eq!(watchers.0.lock().len(), 2);
}
