use std::sync::Arc;

use mgrd_command::{CommandSpec, Flags};
use serde_json::json;

use super::*;

fn logged(module: &str, descriptor: &str, args: Value) -> String {
    let spec = CommandSpec::new(module, descriptor, "", "rw", Flags::default()).unwrap();
    let Value::Object(args) = args else { panic!("not an object") };
    audited(&Matched { spec: Arc::new(spec), args })
}

#[test]
fn the_log_has_the_whole_command_without_secrets() {
    let table = [
        (
            ("mgr", "mgr module limit", json!({"module": "hello", "limits": ["cpu=50%"]})),
            "mgr module limit module=hello limits=[\"cpu=50%\"]",
        ),
        (
            ("mgr", "config set", json!({"who": "mgr", "name": "mgr/x/times", "value": "3"})),
            "config set who=mgr name=mgr/x/times value=3",
        ),
        (
            ("mgr", "config set", json!({"who": "mgr", "name": "mgr/x/API_Token", "value": "s3"})),
            "config set who=mgr name=mgr/x/API_Token value=***",
        ),
        (
            ("mgr", "config set", json!({"name": "mgr/x/y", "value": "{\"password\": \"s3\"}"})),
            "config set name=mgr/x/y value=***",
        ),
        (
            ("mgr", "config rm", json!({"who": "mgr", "name": "mgr/x/password"})),
            "config rm who=mgr name=mgr/x/password",
        ),
        (
            ("mgr", "config-key set", json!({"key": "mgr/x/y", "val": "s3"})),
            "config-key set key=mgr/x/y val=***",
        ),
        (
            ("mgr", "config-key put", json!({"key": "mgr/x/y", "val": "s3"})),
            "config-key put key=mgr/x/y val=***",
        ),
        (("x", "x user", json!({"name": "ada", "password": "s3"})), "x user name=*** password=***"),
        (("x", "x put", json!({"key": "password", "value": "s3"})), "x put key=*** value=***"),
        (("x", "x put", json!({"key": "color", "value": "red"})), "x put key=color value=red"),
        (
            ("x", "x set", json!({"option": "smtp_pwd", "value": "s3"})),
            "x set option=*** value=***",
        ),
        (("x", "x add", json!({"url": "https://ada:s3@example.org"})), "x add url=***"),
        (("x", "x add", json!({"url": "https://example.org"})), "x add url=https://example.org"),
        (("x", "x set-secret", json!({"value": "s3"})), "x set-secret value=***"),
        (("x", "x put", json!({"value": "{\"token\": \"s3\"}"})), "x put value=***"),
        (("x", "x put", json!({"value": "a\nb\u{1b}[2J"})), "x put value=a b"),
    ];
    for ((module, descriptor, args), expected) in table {
        assert_eq!(logged(module, descriptor, args), expected);
    }
}

#[test]
fn a_huge_command_is_cut_in_the_log() {
    let text = "x".repeat(1 << 20);
    let args = (0..200).map(|n| (format!("a{n}"), text.clone().into()));
    let logged = logged("x", "x put", Value::Object(args.collect()));
    assert!(logged.len() < 8 * ALL_BYTES, "{}", logged.len());
    assert!(logged.ends_with(" a199=…"), "{logged}");
}
