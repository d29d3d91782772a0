//! Receiving notifications.

use integration_tests::eventually;

use super::{evaluate, probing};

fn clogs(daemon: &integration_tests::TestDaemon) -> String {
    evaluate(
        daemon,
        "probe",
        "[i['message'] for t, i in mgr.seen if t == 'clog' and 'n=' in i['message']]",
    )
}

#[test]
fn they_come_in_order_only_as_declared_and_a_raising_one_is_logged() {
    let daemon = probing(&["probe"]);
    for text in ["n=1", "n=2 provoke", "n=3"] {
        evaluate(&daemon, "probe", &format!("mgr.cluster_log('cluster', 1, '{text}')"));
    }
    eventually("all three were told", || {
        let seen = clogs(&daemon);
        if seen == "['n=1', 'n=2 provoke', 'n=3']" { Ok(()) } else { Err(seen) }
    });
    daemon.await_log("ValueError: provoked");
    let entry = evaluate(&daemon, "probe", "sorted([i for t, i in mgr.seen if t == 'clog'][0])");
    assert_eq!(
        entry,
        "['addrs', 'channel', 'message', 'name', 'priority', 'rank', 'seq', 'stamp']"
    );
    let kinds = evaluate(
        &daemon,
        "probe",
        "sorted({t for t, i in mgr.seen} - {'clog', 'command', 'health'})",
    );
    assert_eq!(kinds, "[]");
    assert_eq!(daemon.module("probe")["restarts"], 0);
}

#[test]
fn a_slow_one_holds_up_neither_commands_nor_other_modules() {
    let daemon = probing(&["probe", "other"]);
    evaluate(&daemon, "probe", "mgr.gate.clear()");
    for n in 0..20 {
        evaluate(&daemon, "other", &format!("mgr.cluster_log('cluster', 1, 'n={n}')"));
    }
    assert_eq!(clogs(&daemon), "[]");
    eventually("the other module was told all", || {
        let seen = evaluate(
            &daemon,
            "other",
            "len([1 for t, i in mgr.seen if t == 'clog' and 'n=' in i['message']])",
        );
        if seen == "20" { Ok(()) } else { Err(seen) }
    });
    evaluate(&daemon, "probe", "mgr.gate.set()");
    eventually("the slow one catches up", || {
        let seen = clogs(&daemon);
        if seen.ends_with("'n=19']") { Ok(()) } else { Err(seen) }
    });
}
