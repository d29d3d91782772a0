use std::time::Duration;

use mgrd_command::Outcome;
use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{now, shown};
use crate::cluster::Cluster;
use crate::feed::Hello;
use crate::module::tests::samples::samples;

fn detail(checks: Checks) -> String {
    let health = Health::new(Cluster::default());
    health.set(Source::Host("test"), checks);
    shown("health detail", &Outcome::ok(health.report().detail(now())))
}

#[test]
fn texts_about_modules() {
    let samples = samples();
    assert_text!("health_modules", detail(module_checks(&samples)));
    let again = samples.iter().cloned().map(|module| {
        let name = format!("{}-2", module.name);
        ModuleStatus { name, ..module }
    });
    let twice: Vec<_> = again.chain(samples.iter().cloned()).collect();
    assert_text!("health_several_modules", detail(module_checks(&twice)));
    assert_text!("health_no_module", detail(module_checks(&[])));
}

#[test]
fn texts_about_settings() {
    let names = ["dashbord", "helo"].map(str::to_owned);
    assert_text!("health_setting", detail(setting_checks(&names[..1])));
    assert_text!("health_settings", detail(setting_checks(&names)));
    assert!(setting_checks(&[]).is_empty());
}

#[test]
fn texts_about_storage() {
    let fault = StorageFault::Full { name: "/var/lib/mgrd/storage".into() };
    let (short, long) = (Duration::from_millis(1999), Duration::from_secs(2));
    assert_text!("health_storage", detail(storage_checks(Some(fault), Some(4), Some(long))));
    assert_text!("health_storage_verified", detail(storage_checks(None, None, Some(long))));
    assert_text!("health_storage_no_room", detail(storage_checks(None, Some(4), Some(long))));
    assert!(storage_checks(None, None, Some(short)).is_empty());
    assert!(storage_checks(None, None, None).is_empty());
}

#[test]
fn texts_about_callers() {
    let caller = |name: &str| BusyCaller { name: name.to_owned(), used: 33.4, waited: 61.2 };
    let callers = [caller("module 'x'"), caller("process 7 of user 0")];
    assert_text!("health_caller", detail(caller_checks(&callers[..1])));
    assert_text!("health_callers", detail(caller_checks(&callers)));
}

#[test]
fn texts_about_feeds() {
    let feed = |name: &str, connected, silent| FeedStatus {
        hello: Hello {
            name: name.to_owned(),
            stale_after: Some(Duration::from_secs(30)),
            ..Hello::default()
        },
        connected,
        silent: Duration::from_secs(silent),
        documents: 1,
        daemons: 0,
    };
    let one = [feed("ceph", true, 2), feed("hosts", true, 95)];
    assert_text!("health_feed", detail(feed_checks(&one)));
    let two = [feed("ceph", false, 2), feed("hosts", true, 95)];
    assert_text!("health_feeds", detail(feed_checks(&two)));
}

#[test]
fn several_modules_make_one_check_with_a_line_each() {
    let problem = |name: &str| Problem {
        kind: ProblemKind::Failed,
        module: name.to_owned(),
        summary: format!("Module '{name}' has failed: x"),
        detail: vec!["stderr: boom".to_owned()],
    };
    let one = check(ProblemKind::Failed, &[problem("a")]);
    assert_eq!(one.summary, "Module 'a' has failed: x");
    let two = check(ProblemKind::Failed, &[problem("a"), problem("b")]);
    assert_eq!((two.summary.as_str(), two.count), ("2 mgr modules have failed", 2));
    assert_eq!(two.severity, Severity::Error);
    assert_eq!(two.detail.len(), 4);
}

#[test]
fn texts_about_limits() {
    let callers = [
        (
            "module 'a'".to_owned(),
            vec!["limits.module.caller_in_flight", "limits.module.store_keys"],
        ),
        ("process 7 of user 0".to_owned(), vec!["limits.connection.process_connections"]),
    ];
    assert_text!("health_limit", detail(limit_checks(&callers[..1])));
    assert_text!("health_limits", detail(limit_checks(&callers)));
    assert_eq!(limit_checks(&[]), Checks::new());
}
