use super::*;

#[test]
fn a_log_line_is_that_of_ceph() {
    let entry = ClusterLogEntry {
        priority: LogPriority::Warning.into(),
        message: "Health\x1b check\n1970-01-01 mon.b [ERR] fake".into(),
        name: "mon.a".into(),
        stamp_us: 1_500_000,
        ..ClusterLogEntry::default()
    };
    let expected = "1970-01-01T00:00:01.500000+0000 mon.a [WRN] Health  check\n    \
        1970-01-01 mon.b [ERR] fake";
    assert_eq!(log_line(&entry), expected);
}

#[test]
fn bars_are_drawn_only_where_they_are_wanted() {
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
