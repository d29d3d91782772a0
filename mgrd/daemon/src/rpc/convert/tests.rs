use mgrd_proto::v1;
use serde_json::Value;

use super::*;

#[test]
fn the_highest_common_version_is_agreed_and_none_is_refused() {
    assert_eq!(agree(&[7, 1]).unwrap(), 1);
    let refused = agree(&[99]).unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition);
    assert!(refused.message().contains("[99]"), "{refused}");
    let refused = agree(&vec![99; 1_000_000]).unwrap_err();
    assert!(refused.message().len() < 200, "{} bytes", refused.message().len());
}

#[test]
fn log_entries_keep_their_time_and_priority() {
    let sent = v1::ClusterLogEntry {
        channel: "audit".to_owned(),
        priority: v1::LogPriority::Warning.into(),
        message: "m".to_owned(),
        name: "mon.a".to_owned(),
        stamp_us: 1_795_375_929_894_998,
        seq: 7,
    };
    assert_eq!(log_message(&log_entry(sent.clone())), sent);
}

#[test]
fn an_id_that_is_not_json_is_text() {
    assert_eq!(json_or_text(b""), Value::from(""));
    assert_eq!(json_or_text(b"\"x\""), Value::from("x"));
    assert_eq!(json_or_text(b"{\"a\":1}"), serde_json::json!({"a": 1}));
    assert_eq!(json_or_text(b"not json"), Value::from("not json"));
}
