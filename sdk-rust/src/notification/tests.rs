use futures_util::{FutureExt, StreamExt};

use super::*;

fn notification(kind: &str, id: usize) -> Notification {
    Notification { kind: kind.into(), id: id.into() }
}

#[test]
fn equal_cues_coalesce_and_a_slow_reader_loses_only_the_oldest() {
    let hub = NotificationHub::default();
    let mut reader = hub.subscribe();
    for id in 0..=WAITING {
        hub.publish(&notification("osd_map", id), 1);
        hub.publish(&notification("osd_map", id), 1);
    }
    hub.end();
    let seen: Vec<_> = reader.by_ref().collect().now_or_never().unwrap();
    assert_eq!(seen.len(), WAITING);
    assert_eq!(seen[0], notification("osd_map", 1));
}

#[test]
fn notifications_that_wait_are_weighed() {
    let hub = NotificationHub::default();
    let reader = hub.subscribe();
    for (id, bytes) in [(1, 1), (2, WAITING_BYTES / 2), (3, WAITING_BYTES / 2), (4, 2)] {
        hub.publish(&notification("clog", id), bytes);
    }
    let waiting = || reader.0.lock().waiting.iter().map(|(n, _)| n.id.clone()).collect::<Vec<_>>();
    assert_eq!(waiting(), [3, 4]);
    // One that alone is too large is the only one.
    hub.publish(&notification("clog", 5), 2 * WAITING_BYTES);
    assert_eq!(waiting(), [5]);
    hub.publish(&notification("clog", 6), 1);
    assert_eq!((waiting(), reader.0.lock().bytes), (vec![6.into()], 1));
}
