use mgrd_snapshots::assert_text;

use super::*;

#[test]
fn a_log_line_looks_as_in_ceph() {
    let entry = ClusterLogEntry {
        priority: LogPriority::Warning.into(),
        message: "Health\x1b check\n1970-01-01 mon.b [ERR] fake".into(),
        name: "mon.a".into(),
        stamp_us: 1_500_000,
        ..ClusterLogEntry::default()
    };
    let expected = "1970-01-01T00:00:01.500000+0000 mon.a [WRN] Health\\u{1b} check\n    \
        1970-01-01 mon.b [ERR] fake";
    assert_eq!(log_line(&entry), expected);
}

#[test]
fn bars_are_drawn_only_on_request() {
    let event = Event {
        kind: "progress".into(),
        subject: "x".into(),
        message: "moving".into(),
        progress: Some(0.5),
        ..Event::default()
    };
    let plain = "1970-01-01T00:00:00.000000+0000 progress x: moving 50%";
    assert_eq!(event_line(&event, false), plain);
    assert!(event_line(&event, true).contains("[==============..............] 50%"));
}

#[test]
fn texts() {
    let stamp_us = 1_795_377_600_123_456;
    let log = |priority: LogPriority, text: &str| {
        let (name, message) = ("mon.a".to_owned(), text.to_owned());
        Message::Log(ClusterLogEntry {
            priority: priority.into(),
            message,
            name,
            stamp_us,
            ..Default::default()
        })
    };
    let event = |kind: &str, subject: &str, text: &str, progress| {
        let (kind, subject, message) = (kind.to_owned(), subject.to_owned(), text.to_owned());
        Message::Event(Event { kind, subject, message, progress, stamp_us })
    };
    let all = [
        log(LogPriority::Debug, "osdmap e29: 3 total, 2 up, 3 in"),
        log(LogPriority::Info, "Cluster is now healthy"),
        log(LogPriority::Security, "client.x was refused"),
        log(LogPriority::Warning, "Health check failed: 1 osds down (OSD_DOWN)"),
        log(LogPriority::Error, "slow ops:\n  osd.1: 12 ops are blocked > 32 s"),
        event("module", "hello", "backoff: killed by SIGKILL", None),
        event("feed", "ceph", "connected", None),
        event("progress", "rebalance", "Rebalancing after osd.1 marked out", Some(0.4)),
        Message::Dropped(12),
    ];
    let lines = all.iter().filter_map(|message| line(message, true));
    let text: String = lines.map(|line| line + "\n").collect();
    assert_text!("watch", format!("$ mgrctl -w\n{text}"));
}
