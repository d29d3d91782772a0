//! Health checks of modules: their exact shape, and what happens to invalid ones.

use integration_tests::{Setup, TestManager, eventually};
use serde_json::{Value, json};

use crate::probe::{ask, show, start};

fn raise(daemon: &TestManager, checks: &str) {
    assert_eq!(show(daemon, &format!("self.set_health_checks({checks})")), "None", "{checks}");
}

fn checks(daemon: &TestManager) -> Value {
    daemon.json("health detail")["checks"].clone()
}

#[test]
fn checks_have_one_shape_everywhere() {
    let daemon = start(Setup::new(), &[]);
    raise(
        &daemon,
        "{'B_BAD': {'severity': 'error', 'summary': 'two are bad', 'count': 2, \
           'detail': ['one', 'two']}, \
          'A_ODD': {'severity': 'warning', 'summary': 'one is odd', 'count': 1, 'detail': []}}",
    );
    let check = |severity: &str, message: &str, count: u64, detail: Value| {
        let summary = json!({"message": message, "count": count});
        json!({"severity": severity, "summary": summary, "detail": detail, "muted": false})
    };
    let lines = json!([{"message": "one"}, {"message": "two"}]);
    let expected = json!({
        "status": "HEALTH_ERR",
        "checks": {
            "A_ODD": check("HEALTH_WARN", "one is odd", 1, json!([])),
            "B_BAD": check("HEALTH_ERR", "two are bad", 2, lines),
        },
        "mutes": [],
    });
    assert_eq!(daemon.json("health detail"), expected);
    assert_eq!(ask(&daemon, "json.loads(self.get('health')['json'])"), expected);
    let mut brief = expected.clone();
    for code in ["A_ODD", "B_BAD"] {
        brief["checks"][code].as_object_mut().unwrap().remove("detail");
    }
    assert_eq!(daemon.json("health"), brief);
    assert_eq!(daemon.json("status")["health"], brief);
    assert_eq!(daemon.ok("health"), "HEALTH_ERR one is odd; two are bad\n");
    let detail = "HEALTH_ERR one is odd; two are bad\n[WRN] A_ODD: one is odd\n\
                  [ERR] B_BAD: two are bad\n    one\n    two\n";
    assert_eq!(daemon.ok("health detail"), detail);
    let status = daemon.ok("status");
    for line in ["health: HEALTH_ERR", "one is odd", "two are bad"] {
        assert!(status.contains(line), "{status} lacks {line}");
    }

    daemon.ok("health mute B_BAD");
    let muted = daemon.json("health");
    assert_eq!(
        (&muted["status"], &muted["checks"]["B_BAD"]["muted"]),
        (&json!("HEALTH_WARN"), &json!(true))
    );
    let mute = json!({"code": "B_BAD", "sticky": false, "summary": "two are bad", "count": 2});
    assert_eq!(muted["mutes"], json!([mute]));
    assert_eq!(daemon.ok("health"), "HEALTH_WARN one is odd; (muted: B_BAD)\n");
    // A muted check that becomes worse is shown again.
    raise(
        &daemon,
        "{'B_BAD': {'severity': 'error', 'summary': 'three', 'count': 3, 'detail': []}}",
    );
    assert_eq!(daemon.ok("health"), "HEALTH_ERR three\n");
    raise(&daemon, "{}");
    assert_eq!(daemon.ok("health"), "HEALTH_OK\n");
}

#[test]
fn an_invalid_check_is_left_out_and_the_log_names_it() {
    let daemon = start(Setup::new(), &[]);
    let cases = [
        ("{'C': {'severity': 'fatal', 'summary': 's'}}", "severity is 'fatal'", "HEALTH_OK"),
        ("{'C': {'summary': 's'}}", "severity is None", "HEALTH_OK"),
        ("{'C': {'severity': 'error', 'summary': 5}}", "'summary' with the int 5", "HEALTH_ERR"),
        ("{'C': {'severity': 'error', 'count': 'x'}}", "'count' with the str 'x'", "HEALTH_ERR"),
        ("{'C': {'severity': 'error', 'count': 2**70}}", "'count' with the int 1", "HEALTH_ERR"),
        ("{'C': {'severity': 'error', 'detail': 'x'}}", "'detail' with the str", "HEALTH_ERR"),
        ("{'C': {'severity': 'error', 'detail': [7]}}", "is the int 7", "HEALTH_ERR"),
        ("{'C': {'severity': 'error', 'colour': 1}}", "the key 'colour'", "HEALTH_ERR"),
    ];
    for (written, named, severity) in cases {
        raise(&daemon, written);
        let empty = json!({"message": "", "count": 0});
        let summary =
            if written.contains("'s'}") { json!({"message": "s", "count": 0}) } else { empty };
        let check = json!({"severity": severity, "summary": summary, "detail": [], "muted": false});
        assert_eq!(checks(&daemon), json!({"C": check}), "{written}");
        assert_eq!(daemon.json("health")["status"], severity, "{written}");
        let log = daemon.await_log(named);
        assert!(log.contains("set_health_checks: C: "), "{log}");
    }
    raise(&daemon, "{'C': {'severity': 'warning', 'summary': 'a\\ud800b'}}");
    assert_eq!(checks(&daemon)["C"]["summary"]["message"], "a?b");
    raise(&daemon, "{'C': [], 5: {}, 'D': {'severity': 'warning', 'summary': 'd'}}");
    assert_eq!(checks(&daemon).as_object().unwrap().keys().collect::<Vec<_>>(), ["D"]);
    for nonsense in ["None", "[]", "'text'"] {
        raise(&daemon, nonsense);
        assert_eq!(checks(&daemon).as_object().unwrap().len(), 1, "{nonsense}");
    }
    daemon.ok("mgr module disable probe");
    eventually("the check is gone", || match daemon.ok("health").as_str() {
        "HEALTH_OK\n" => Ok(()),
        other => Err(other.to_owned()),
    });
}
