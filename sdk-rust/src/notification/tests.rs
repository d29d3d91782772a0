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
        hub.publish(&notification("osd_map", id));
        hub.publish(&notification("osd_map", id));
    }
    hub.end();
    let seen: Vec<_> = reader.by_ref().collect().now_or_never().unwrap();
    assert_eq!(seen.len(), WAITING);
    assert_eq!(seen[0], notification("osd_map", 1));
}
