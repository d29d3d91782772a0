//! Communicating between modules.

use integration_tests::Setup;

use super::{PROBE, evaluate, probing};

#[test]
fn values_are_json_or_richer_if_both_sides_agree() {
    let rich = PROBE.replace("    NOTIFY_TYPES", "    REMOTE_PICKLE = True\n    NOTIFY_TYPES");
    let daemon = Setup::new().argument("--allow-eval").python("probe", &rich).python("rich", &rich);
    let daemon = daemon.python("plain", PROBE).start();
    for module in ["probe", "rich", "plain"] {
        daemon.await_running(module);
    }
    let ask = |source: &str| evaluate(&daemon, "probe", source);
    assert_eq!(
        ask("mgr.remote('plain', 'echo', 1, [None, 1.5], k={'a': True})"),
        "[1, [None, 1.5], {'k': {'a': True}}]"
    );
    assert_eq!(ask("mgr.remote('rich', 'fruit') == {'a': {1, 2}, 3: (4,)}"), "True");
    assert_eq!(ask("mgr.remote('rich', 'echo', {1, 2})"), "[{1, 2}, {}]");
    assert_eq!(ask("mgr.remote('rich', 'echo', (1, 2))"), "[(1, 2), {}]");
    assert_eq!(ask("mgr.remote('plain', 'echo', (1, 2))"), "[[1, 2], {}]");
    let refused = ask("mgr.remote('plain', 'fruit')");
    assert!(refused.contains("RuntimeError") && refused.contains("REMOTE_PICKLE"), "{refused}");
    assert!(ask("mgr.remote('plain', 'echo', {1, 2})").contains("use JSON values"));
}

#[test]
fn errors_are_the_exceptions_of_the_guide() {
    let daemon = probing(&["probe", "other"]);
    let ask = |call: &str| evaluate(&daemon, "probe", &format!("mgr.remote({call})"));
    let last = |call: &str| ask(call).lines().last().unwrap_or_default().to_owned();
    assert!(last("'absent', 'echo'").starts_with("ImportError: cannot call 'absent'"));
    assert_eq!(
        last("'other', 'nothing'"),
        "NameError: module 'other' has no method 'nothing'; correct the name, or update 'other'"
    );
    let raised = ask("'other', 'fail', 'out of apples'");
    assert!(raised.contains("RuntimeError: Remote method threw exception: "), "{raised}");
    assert!(raised.ends_with("ValueError: out of apples"), "{raised}");
    assert!(ask("'other', 'seen'").contains("RuntimeError: Remote method threw exception: "));
    assert!(ask("'other', 'fail'").contains("RuntimeError: Remote method threw exception: "));
    let long = ask("'other', 'fail', 'ä' * 50000 + ' is the end'");
    assert!(long.ends_with("ä is the end"), "{}", &long[long.len().saturating_sub(300)..]);
    daemon.ok("mgr module disable other");
    assert!(
        last("'other', 'echo'").starts_with("ImportError: cannot call 'other': it is not enabled")
    );
}

#[test]
fn cycles_and_calls_to_the_module_itself_do_not_deadlock() {
    let daemon = probing(&["probe", "other"]);
    let ask = |call: &str| evaluate(&daemon, "probe", &format!("mgr.remote({call})"));
    assert_eq!(ask("'probe', 'echo', 1"), "[1, {}]");
    assert!(
        ask("'probe', 'fail', 'mine'").contains("RuntimeError: Remote method threw exception: ")
    );
    assert_eq!(ask("'other', 'bounce', 'probe', 6"), "0");
    let endless = ask("'other', 'bounce', 'probe', 1000");
    assert!(
        endless.contains("deep (limits.module.call_depth): ")
            && endless.contains("let none of these modules call"),
        "{endless}"
    );
}

#[test]
fn a_call_has_a_deadline() {
    let setup = Setup::new();
    let path = setup.folder().join("mgrd.toml");
    std::fs::write(&path, "[limits.module]\ncall_timeout = 1\n").unwrap();
    let setup = setup.argument("--allow-eval").argument("--config").argument(path);
    let daemon = setup.python("probe", PROBE).python("other", PROBE).start();
    daemon.await_running("probe");
    daemon.await_running("other");
    let late = evaluate(&daemon, "probe", "mgr.remote('other', 'sleep')");
    assert!(late.contains("RuntimeError: 'other' did not answer 'sleep' within 1.0 s; "), "{late}");
    assert_eq!(evaluate(&daemon, "probe", "mgr.remote('other', 'echo', 1)"), "[1, {}]");
}
