//! Errors say what to do: each names the thing, the reason and the next step.

use integration_tests::{Ctl, Setup};

fn refused(setup: Setup, parts: &[&str]) {
    let (status, said) = setup.refused();
    assert_eq!(status.code(), Some(64), "{said}");
    for part in parts {
        assert!(said.contains(part), "{said:?} lacks {part:?}");
    }
}

#[test]
fn an_invalid_setting_is_named_with_what_is_allowed() {
    refused(Setup::new().argument("--no-such-flag"), &["--no-such-flag"]);
    refused(Setup::new().argument("--log-format").argument("xml"), &["log-format", "xml", "json"]);
    refused(Setup::new().variable("MGRD_REPLAY_SPEED", "-3"), &["replay_speed", "-3"]);
    refused(Setup::new().variable("MGRD_REPLAY_LOOP", "yes"), &["MGRD_REPLAY_LOOP", "yes", "true"]);
    refused(Setup::new().variable("MGRD_LOG_LEVEL", "loud"), &["MGRD_LOG_LEVEL", "'loud'", "info"]);
    refused(
        Setup::new().argument("--log-level").argument("info,foo=loud"),
        &["--log-level", "'foo=loud'", "info"],
    );
    refused(
        Setup::new().argument("--metrics").argument("9284"),
        &["--metrics", "9284", "such as 127.0.0.1:9284"],
    );
    let file = |text: &str| {
        let setup = Setup::new();
        let path = setup.folder().join("mgrd.toml");
        std::fs::write(&path, text).unwrap();
        setup.argument("--config").argument(path)
    };
    refused(file("scket = '/x'\n"), &["mgrd.toml", "scket", "socket"]);
    refused(file("log_level = 'loud'\n"), &["mgrd.toml", "line 1", "log_level", "such as info"]);
    refused(
        file("[limits.module]\nstart_timeout = 'soon'\n"),
        &["line 2", "start_timeout", "a number of seconds, such as 30 or 0.5"],
    );
    refused(file("replay_speed = 'fast'\n"), &["mgrd.toml", "line 1", "replay_speed"]);
    refused(Setup::new().argument("--config").argument("/no/such/file"), &["/no/such/file"]);
}

#[test]
fn without_a_daemon_one_line_names_the_socket_and_how_to_start_mgrd() {
    let setup = Setup::new();
    let nowhere = setup.folder().join("nowhere");
    let said = Ctl::new(&nowhere, "status").run().fails(69);
    assert!(said.contains(nowhere.to_str().unwrap()), "{said}");
    assert!(said.contains("mgrd --data-dir"), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
}

#[test]
fn a_broken_recording_is_named_with_the_line() {
    let setup = Setup::new();
    let path = setup.folder().join("broken.jsonl");
    std::fs::write(&path, "{\"t\": 0, \"doc\": \"health\", \"value\": {}}\n{\"t\": 1, \"do")
        .unwrap();
    let (status, said) = setup.argument("--replay").argument(&path).refused();
    assert!(!status.success());
    assert!(said.contains("broken.jsonl") && said.contains("line 2"), "{said}");
}

#[test]
fn an_unknown_command_is_answered_with_the_closest_ones() {
    let daemon = Setup::new().start();
    let said = daemon.run("mgr modul ls").fails(22);
    assert!(said.contains("mgr module ls"), "{said}");
    assert!(said.ends_with("Error EINVAL: invalid command\n"), "{said}");
}

#[test]
fn an_invalid_option_of_the_client_has_its_own_status() {
    let daemon = Setup::new().start();
    assert!(daemon.run("status --format nonsense").fails(64).contains("nonsense"));
    assert_eq!(daemon.run("status -i /no/such/file").status, Some(74));
}
