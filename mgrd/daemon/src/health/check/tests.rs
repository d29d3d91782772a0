use super::*;
use serde_json::json;

#[test]
fn checks_about_the_modules_of_another_manager_are_dropped() {
    let health = json!({"checks": {
        "OSD_DOWN": {"severity": "HEALTH_WARN", "summary": {"message": "1 osds down", "count": 1},
            "detail": [{"message": "osd.1 is down"}], "muted": true},
        "MGR_MODULE_DEPENDENCY": {"severity": "HEALTH_WARN", "summary": {"message": "m", "count": 1}},
    }});
    let document = json!({ "json": health.to_string() }).to_string();
    let checks = feed_checks(document.as_bytes()).unwrap();
    let detail = vec!["osd.1 is down".to_owned()];
    let (severity, summary) = (Severity::Warning, "1 osds down".to_owned());
    let down = Check { severity, summary, count: 1, detail, muted: true };
    assert_eq!(checks, Checks::from([("OSD_DOWN".to_owned(), down)]));
    assert_eq!(feed_checks(b"null"), None);
    assert_eq!(feed_checks(b"{\"json\": \"{\"}"), None);
}
