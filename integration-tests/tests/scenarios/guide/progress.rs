//! Progress events and the cluster log, as clients see them.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use integration_tests::{eventually, places, process};
use nix::sys::signal::Signal;

use super::{evaluate, probing};

#[test]
fn events_have_a_bar_until_they_are_completed() {
    let daemon = probing(&["probe", "other"]);
    evaluate(&daemon, "probe", "mgr.update_progress_event('a', 'moving things', 0.25)");
    evaluate(
        &daemon,
        "other",
        "mgr.update_progress_event('b', 'counting', 0.5, add_to_ceph_s=True)",
    );
    let shown = daemon.ok("progress");
    assert!(
        shown.contains("moving things") && shown.contains("[=======.....................]"),
        "{shown}"
    );
    let status = daemon.ok("status");
    assert!(status.contains("counting") && !status.contains("moving things"), "{status}");
    evaluate(&daemon, "probe", "mgr.update_progress_event('a', 'moving things', 0.5)");
    evaluate(
        &daemon,
        "probe",
        "mgr.complete_progress_event('a'); mgr.complete_progress_event('never')",
    );
    let json = daemon.json("progress json");
    assert_eq!((&json["events"][0]["id"], &json["completed"][0]["id"]), (&"b".into(), &"a".into()));
    // A module reaches the events of no other module.
    let attack =
        "mgr.complete_progress_event('b'); mgr.update_progress_event('b', 'taken', 0.9, True)";
    evaluate(&daemon, "probe", attack);
    evaluate(&daemon, "probe", "mgr.clear_all_progress_events()");
    let json = daemon.json("progress json");
    assert_eq!(
        (&json["events"][0]["message"], &json["completed"]),
        (&"counting".into(), &serde_json::json!([]))
    );
    evaluate(&daemon, "other", "mgr.clear_all_progress_events()");
    assert_eq!(daemon.run("progress").stderr, "Nothing in progress\n");
}

#[test]
fn a_module_that_dies_leaves_no_event_open() {
    let daemon = probing(&["probe"]);
    evaluate(&daemon, "probe", "mgr.update_progress_event('a', 'moving things', 0.25)");
    assert_eq!(daemon.json("progress json")["events"][0]["id"], "a");
    process::signal(daemon.await_running("probe"), Signal::SIGKILL);
    eventually("the progress event is gone", || {
        let open = daemon.json("progress json")["events"].clone();
        if open == serde_json::json!([]) { Ok(()) } else { Err(open) }
    });
}

#[test]
fn watching_shows_progress_the_log_and_health_checks_as_they_change() {
    let daemon = probing(&["probe"]);
    let mut watch = Command::new(places::binary("mgrctl"))
        .args(["--socket".as_ref(), daemon.socket().as_os_str(), "-w".as_ref()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut await_line = |text: &str| {
        lines.by_ref().map_while(Result::ok).find(|line| line.contains(text)).expect("a line")
    };
    await_line("services:");
    let raise =
        |checks: &str| evaluate(&daemon, "probe", &format!("mgr.set_health_checks({checks})"));
    // The status is shown before the log is followed: the first line is asked for until it comes.
    let heard = AtomicBool::new(false);
    let poke = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !heard.load(Relaxed) {
                evaluate(&daemon, "probe", "mgr.cluster_log('cluster', 3, 'are you there?')");
            }
        });
        let line = await_line("are you there?");
        heard.store(true, Relaxed);
        line
    });
    assert!(poke.contains("mgr.x [WRN] are you there?"), "{poke}");
    raise("{'PROBE': {'severity': 'error', 'summary': 'unwell', 'count': 1, 'detail': []}}");
    assert!(await_line("unwell").ends_with("mgr.x [ERR] Health check failed: unwell (PROBE)"));
    evaluate(&daemon, "probe", "mgr.update_progress_event('a', 'moving things', 0.25)");
    assert!(await_line("moving things").ends_with(" 25%"));
    raise("{}");
    assert!(await_line("PROBE").ends_with("[INF] Health check cleared: PROBE (was: unwell)"));
    watch.kill().unwrap();
    watch.wait().unwrap();
}
