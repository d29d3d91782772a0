//! Order: after a notification, a read sees that state or a newer one. A write is visible at once.

use integration_tests::{Setup, eventually};

use crate::guide::GUIDE;

#[test]
fn a_module_can_read_the_new_map_when_it_is_notified() {
    let daemon = Setup::new().python("guide", GUIDE).replay(4.0).start();
    daemon.await_running("guide");
    let seen = eventually("several osd_map notifications", || {
        let seen = daemon.ok("guide seen");
        if seen.matches('(').count() >= 5 { Ok(seen) } else { Err(seen) }
    });
    // Each: the id of the notification, which is the epoch that changed, and the epoch read.
    let pairs = seen.trim().trim_matches(['[', ']']).split("), (").map(|pair| {
        let pair = pair.trim_matches(['(', ')']).split_once(", ").unwrap();
        pair.1.parse::<u64>().unwrap()
    });
    let epochs = pairs.collect::<Vec<_>>();
    assert!(epochs.is_sorted(), "an older map after a newer one: {seen}");
    assert!(epochs.first() < epochs.last(), "the map never changed: {seen}");
}

#[test]
fn every_reader_sees_a_write_at_once() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    for n in 0..20 {
        let value = format!("v{n}");
        assert_eq!(daemon.ok(&format!("guide put key {value}")).trim_end(), value);
        assert_eq!(daemon.ok("config-key get mgr/guide/key"), value);
        daemon.ok(&format!("config-key set mgr/guide/key other{n}"));
        assert_eq!(daemon.ok("guide keep key").trim_end(), format!("key=other{n}"));
    }
}
