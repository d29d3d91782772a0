//! Sending commands.

use super::{evaluate, probing};

#[test]
fn commands_of_mgrd_run_and_their_sender_is_notified() {
    let daemon = probing(&["probe", "other"]);
    let send = "from mgr_module import CommandResult, MonCommandFailed\n\
                result = CommandResult('a tag')\n\
                mgr.send_command(result, 'mon', '', '{\"prefix\": \"config-key set\", \"key\": \"k\", \"val\": \"1\"}', 'a tag')\n\
                print(result.wait(), result.tag)\n";
    assert_eq!(evaluate(&daemon, "probe", send), "(0, '', 'set k') a tag");
    assert_eq!(daemon.ok("config-key get k"), "1");
    let get = "mgr.check_mon_command({'prefix': 'config-key get', 'key': 'k'}).stdout";
    assert_eq!(evaluate(&daemon, "probe", get), "'1'");
    let put = "mgr.mon_command({'prefix': 'config-key set', 'key': 'k'}, 'from inbuf')[0]";
    assert_eq!(evaluate(&daemon, "probe", put), "0");
    assert_eq!(daemon.ok("config-key get k"), "from inbuf");
    integration_tests::eventually("the tag arrives", || {
        let seen = evaluate(&daemon, "probe", "('command', 'a tag') in mgr.seen");
        if seen == "True" { Ok(()) } else { Err(seen) }
    });
    evaluate(&daemon, "probe", "mgr.cluster_log('cluster', 1, 'told after the command')");
    integration_tests::eventually("the other one hears what came later", || {
        let seen = evaluate(&daemon, "other", "str(mgr.seen)");
        if seen.contains("told after") { Ok(()) } else { Err(seen) }
    });
    assert_eq!(evaluate(&daemon, "other", "[t for t, _ in mgr.seen if t == 'command']"), "[]");
}

#[test]
fn a_command_that_fails_or_that_no_feed_can_run_returns_an_errno() {
    let daemon = probing(&["probe"]);
    for (command, answer) in [
        ("mgr.mon_command({'prefix': 'nonsense'})", "(-22, '', \"command not known: 'nonsense'\")"),
        (
            "mgr.mon_command({'prefix': 'config-key get', 'key': 'k'})",
            "(-2, '', \"key 'k' doesn't exist\")",
        ),
    ] {
        assert_eq!(evaluate(&daemon, "probe", command), answer);
    }
    let failed = evaluate(&daemon, "probe", "mgr.check_mon_command({'prefix': 'nonsense'})");
    let why = "MonCommandFailed: nonsense failed: command not known: 'nonsense' retval: -22";
    assert!(failed.ends_with(why), "{failed}");
    let refused = evaluate(&daemon, "probe", "mgr.osd_command({'prefix': 'bench', 'id': 0})");
    assert!(refused.starts_with("(-95, '', \"nothing connected can run commands"), "{refused}");
    let tell = |who: &str, id: &str| {
        evaluate(&daemon, "probe", &format!("mgr.tell_command('{who}', '{id}', {{'prefix': 'x'}})"))
    };
    assert!(tell("absent", "").ends_with("ValueError: unknown service type: absent"));
    assert!(tell("osd", "abc").ends_with("ValueError: invalid osd_id: \"abc\""));
}

#[test]
fn a_handler_can_send_commands_to_its_own_module_and_in_a_cycle() {
    let daemon = probing(&["probe", "other"]);
    // As a program sends it: the input data is Python source.
    let nested = |module: &str, inner: &str| {
        format!("mgr.mon_command({{'prefix': 'mgr {module} eval'}}, {inner:?})[1]")
    };
    assert_eq!(evaluate(&daemon, "probe", &nested("probe", "print(1 + 1)")), r"'2\n'");
    let back = nested("probe", "print(mgr.get_mgr_id())");
    assert_eq!(evaluate(&daemon, "probe", &nested("other", &back)), r#""'x\\n'\n""#);
}

#[test]
fn the_log_has_each_command_of_a_module_that_may_change_something_but_no_secret() {
    let daemon = probing(&["probe"]);
    let set = "mgr.mon_command({'prefix': 'config-key set', 'key': 'k', 'val': 'a-secret'})[0]";
    assert_eq!(evaluate(&daemon, "probe", set), "0");
    let log = daemon.await_log("config-key set");
    let parts = ["permitted", "module.probe", "command=\"config-key set key=k val=***\""];
    let is_record = |line: &str| parts.iter().all(|part| line.contains(part));
    assert!(log.lines().any(is_record), "{log}");
    assert!(!log.contains("a-secret"), "{log}");
}
