use serde_json::json;

use super::*;

const CEPH: &str = r#"{"crash_id": "2026-11-22T19:32:46.123456Z_a5", "timestamp": "2026-11-22 19:32:46.123456Z",
    "entity_name": "osd.1", "backtrace": ["(main()+0x1)", "(clone()+0x2)"]}"#;

fn posted(input: &str) -> Result<Report, String> {
    let read = read(input.as_bytes(), &Identity::default(), &Limits::default());
    read.map(|(_, report)| report).map_err(|why| why.to_string())
}

#[test]
fn a_report_of_ceph_is_taken_as_it_is_with_the_poster() {
    let mut report = posted(CEPH).unwrap().0;
    assert_eq!(report.remove("posted_by"), Some(json!(Identity::default().to_string())));
    assert_eq!(Value::Object(report), serde_json::from_str::<Value>(CEPH).unwrap());
}

#[test]
fn what_is_no_report_is_refused_with_the_reason() {
    let with = |key: &str, value: Value| {
        let mut report: Value = serde_json::from_str(CEPH).unwrap();
        report[key] = value;
        report.to_string()
    };
    for (input, why) in [
        (String::new(), "empty"),
        (" \n".into(), "empty"),
        ("nonsense".into(), "expected"),
        ("[]".into(), "JSON object"),
        ("{}".into(), "missing 'crash_id' field"),
        ("\"x\"".into(), "JSON object"),
        (CEPH[..40].to_owned(), "EOF"),
        (format!("{CEPH}{CEPH}"), "trailing"),
        ("[".repeat(10_000), "JSON object"),
        (format!("{{\"a\":{}", "[".repeat(10_000)), "recursion limit"),
        (with("crash_id", json!(7)), "missing 'crash_id' field"),
        (with("timestamp", json!(null)), "missing 'timestamp' field"),
        (with("timestamp", json!("\u{1b}[31myesterday")), "timestamp 'yesterday'"),
        (with("crash_id", json!("")), "crash_id"),
        (with("crash_id", json!("../../enabled_modules")), "crash_id"),
        (with("crash_id", json!("a b")), "crash_id"),
        (with("crash_id", json!("a\n")), "crash_id"),
        (with("crash_id", json!("é")), "crash_id"),
        (with("crash_id", json!("x".repeat(129))), "crash_id"),
        (with("x", json!("y".repeat(256 << 10))), "limits.crash.report_bytes"),
    ] {
        let refused = posted(&input).unwrap_err();
        assert!(refused.contains(why), "{input:.60}: {refused}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let refused = read(b"{\"crash_id\": \"\xff\"}", &Identity::default(), &Limits::default());
    assert!(matches!(refused, Err(CrashError::Malformed(PostError::Json(_)))));
}

#[test]
fn a_report_has_no_control_characters() {
    let input = CEPH
        .replace("osd.1", "\\u001b[31mosd\\u0007.1\\u0000")
        .replace("\"(main()+0x1)\"", "{\"\\u001b[1mkey\\n\": [\"a\\r\\nb\\u202e\"]}");
    let report = posted(&input).unwrap().0;
    assert_eq!(report["entity_name"], "osd.1");
    assert_eq!(report["backtrace"][0], json!({"key": ["a\nb"]}));
}

#[test]
fn a_client_cannot_say_who_posts() {
    let input = CEPH.replace("\"entity_name\"", "\"posted_by\": null, \"mgr_module\"");
    let report = posted(&input).unwrap();
    assert_eq!(report.0["posted_by"], Identity::default().to_string());
    assert_eq!(report.summary(0).unwrap().module, None);
}
