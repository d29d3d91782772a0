//! Receiving notifications.

use integration_tests::eventually;
use mgrd_proto::v1::FeedNotification;
use mgrd_proto::v1::publish_request::Message as ToHost;

use super::{evaluate, probing};
use crate::feed::Feed;

fn clogs(daemon: &integration_tests::TestManager) -> String {
    evaluate(
        daemon,
        "probe",
        "[i['message'] for t, i in mgr.seen if t == 'clog' and 'n=' in i['message']]",
    )
}

#[test]
fn declared_notifications_arrive_in_order_and_an_error_in_a_handler_is_logged() {
    let daemon = probing(&["probe"]);
    for text in ["n=1", "n=2 provoke", "n=3"] {
        evaluate(&daemon, "probe", &format!("mgr.cluster_log('cluster', 1, '{text}')"));
    }
    eventually("all three notifications", || {
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
fn a_slow_handler_delays_neither_commands_nor_other_modules() {
    let daemon = probing(&["probe", "other"]);
    evaluate(&daemon, "probe", "mgr.gate.clear()");
    for n in 0..20 {
        evaluate(&daemon, "other", &format!("mgr.cluster_log('cluster', 1, 'n={n}')"));
    }
    assert_eq!(clogs(&daemon), "[]");
    eventually("all notifications of the other module", || {
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

#[tokio::test]
async fn notifications_of_any_type_are_delivered() {
    let daemon = probing(&["probe"]);
    let mut feed = Feed::connect(&daemon, "own").await;
    let types = ["mon_status", "service_map", "perf_schema_update"];
    for kind in types.into_iter().chain(["fs_map"]) {
        let told = FeedNotification { r#type: kind.to_owned(), id: "7".into() };
        feed.accepted(ToHost::Notification(told)).await;
    }
    let wanted = format!("{:?}", types.map(|kind| (kind, 7))).replace('"', "'");
    eventually("the notifications that it wants", || {
        let told = "[(t, i) for t, i in mgr.seen if t not in ('clog', 'command', 'health')]";
        let seen = evaluate(&daemon, "probe", told);
        if seen == wanted { Ok(()) } else { Err(seen) }
    });
}
