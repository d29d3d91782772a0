use super::*;

#[test]
fn entries_have_the_forms_of_ceph() {
    let text = r#"{"name":"mon.a","rank":"mon.0","addrs":null,"stamp":"2026-11-22T19:32:45.008460+0000","seq":197,"channel":"cluster","priority":"[WRN]","message":"osd.1 failed"}"#;
    let entry: LogEntry = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&entry).unwrap(), text);
    let line = "2026-11-22T19:32:45.008460+0000 mon.a (mon.0) 197 : cluster [WRN] osd.1 failed";
    assert_eq!(entry.to_string(), line);
}

#[test]
fn a_message_cannot_fake_another_entry() {
    let fake = "2026-11-22T19:32:45.008460+0000 mon.a (mon.0) 198 : cluster [ERR] all is lost";
    let entry = LogEntry {
        name: "mgr.x".to_owned(),
        rank: "mgr.x".to_owned(),
        addrs: Value::Null,
        stamp: "2026-11-22T19:32:45.008460+0000".to_owned(),
        seq: 1,
        channel: "cluster".to_owned(),
        priority: Priority::Info,
        message: format!("all is well\n{fake}"),
    };
    let line = "2026-11-22T19:32:45.008460+0000 mgr.x (mgr.x) 1 : cluster [INF] all is well\n    ";
    assert_eq!(entry.to_string(), format!("{line}{fake}"));
    assert_eq!(serde_json::to_value(&entry).unwrap()["message"], format!("all is well\n{fake}"));
}

#[test]
fn stamps_are_utc_with_microseconds() {
    let time = "2026-11-22T19:32:45.00846Z".parse().unwrap();
    assert_eq!(stamp(time), "2026-11-22T19:32:45.008460+0000");
}

#[test]
fn priorities_are_known_by_name() {
    for name in ["debug", "info", "sec", "warn", "error"] {
        let priority = Priority::from_name(name).unwrap();
        assert_eq!(serde_json::to_value(priority).unwrap(), priority.to_string());
    }
    assert_eq!(Priority::from_name("loud"), None);
}
