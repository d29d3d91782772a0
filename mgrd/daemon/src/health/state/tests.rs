use proptest::prelude::*;

use super::*;
use crate::health::check::{Check, Severity};

fn check(severity: Severity, summary: &str, count: i64, detail: &[&str]) -> Check {
    let detail = detail.iter().map(|&line| line.to_owned()).collect();
    Check { severity, summary: summary.to_owned(), count, detail, muted: false }
}

fn one(code: &str, check: Check) -> Checks {
    Checks::from([(code.to_owned(), check)])
}

fn module(name: &str) -> Source {
    Source::Module(name.to_owned())
}

fn health() -> Health {
    Health::new(Cluster::default())
}

fn document(health: &Health) -> serde_json::Value {
    let document = health.0.cluster.value("health");
    serde_json::from_str(document["json"].as_str().unwrap()).unwrap()
}

#[test]
fn a_cluster_without_checks_is_healthy() {
    let health = health();
    assert_eq!(document(&health), json!({"status": "HEALTH_OK", "checks": {}, "mutes": []}));
    assert_eq!(health.report().line(Timestamp::now()), "HEALTH_OK");
}

#[test]
fn one_code_from_two_sources_is_one_check() {
    let health = health();
    health.set(module("b"), one("X", check(Severity::Error, "b's", 2, &["b1", "b2"])));
    health.set(Source::Host("modules"), one("X", check(Severity::Ok, "ours", 1, &["o"])));
    let feed = Source::Feed("ceph".to_owned());
    health.set(feed, one("X", check(Severity::Warning, "feed's", 1, &["f"])));
    let expected = json!({"status": "HEALTH_ERR", "mutes": [], "checks": {"X": {
        "severity": "HEALTH_ERR",
        "summary": {"message": "feed's", "count": 4},
        "detail": [{"message": "f"}, {"message": "b1"}, {"message": "b2"}, {"message": "o"}],
        "muted": false,
    }}});
    assert_eq!(document(&health), expected);
}

#[test]
fn the_checks_of_a_source_are_replaced_as_a_whole() {
    let health = health();
    health.set(module("a"), one("X", check(Severity::Warning, "x", 1, &[])));
    health.set(module("a"), one("Y", check(Severity::Warning, "y", 1, &[])));
    assert_eq!(health.report().checks.keys().collect::<Vec<_>>(), ["Y"]);
    health.set(module("b"), one("Z", check(Severity::Warning, "z", 1, &[])));
    health.remove(module("a"));
    assert_eq!(health.report().checks.keys().collect::<Vec<_>>(), ["Z"]);
}

#[test]
fn the_plain_report_has_one_line_for_each_check_and_detail() {
    let health = health();
    health.set(module("a"), one("A", check(Severity::Warning, "1 osds down", 1, &["osd.1"])));
    health.set(module("b"), one("B", check(Severity::Error, "all is lost", 1, &[])));
    health.set(module("c"), one("C", check(Severity::Ok, "by the way", 1, &[])));
    let now = Timestamp::now();
    assert_eq!(health.report().line(now), "HEALTH_ERR 1 osds down; all is lost; by the way");
    health.mute("B", None, true).unwrap();
    health.mute("A", Some(Duration::from_secs(9 * 60 + 30)), false).unwrap();
    let text = "HEALTH_OK by the way; (muted: A(9m) B)\n\
                (MUTED ttl 9m) [WRN] A: 1 osds down\n    osd.1\n\
                (MUTED, STICKY) [ERR] B: all is lost\n[OK] C: by the way\n";
    assert_eq!(health.report().detail(now), text);
}

#[test]
fn a_line_break_cannot_fake_another_line() {
    let health = health();
    let (summary, detail) = ("down\n[ERR] B: lost", "osd.1\r\nosd.2\n");
    health.set(module("a"), one("A", check(Severity::Warning, summary, 1, &[detail])));
    let text =
        "HEALTH_WARN down [ERR] B: lost\n[WRN] A: down [ERR] B: lost\n    osd.1\n      osd.2\n";
    assert_eq!(health.report().detail(Timestamp::now()), text);
}

#[test]
fn a_mute_ends_when_its_check_clears_or_becomes_worse_unless_sticky() {
    for (sticky, count, kept) in [
        (false, Some(2), true),
        (false, Some(1), true),
        (false, Some(3), false),
        (false, None, false),
        (true, Some(3), true),
        (true, None, true),
    ] {
        let health = health();
        health.set(module("a"), one("X", check(Severity::Warning, "x", 2, &[])));
        health.mute("X", None, sticky).unwrap();
        let later = count.map(|count| one("X", check(Severity::Warning, "x", count, &[])));
        health.set(module("a"), later.unwrap_or_default());
        assert_eq!(health.mutes().len(), usize::from(kept), "{sticky} {count:?}");
        let muted = |report: Report| report.checks.get("X").map(|check| check.muted);
        assert_eq!(muted(Report::clone(&health.report())), count.map(|_| kept));
    }
}

#[test]
fn only_a_raised_check_can_be_muted_unless_sticky() {
    let health = health();
    let refused = health.mute("X", None, false).unwrap_err().to_string();
    assert!(refused.starts_with("health alert X is not currently raised; "), "{refused}");
    health.mute("X", None, true).unwrap();
    health.unmute(Some("Y"));
    assert_eq!(health.mutes().len(), 1);
    health.unmute(None);
    assert!(health.mutes().is_empty());
}

#[test]
fn a_mute_ends_at_its_time() {
    let health = health();
    health.set(module("a"), one("X", check(Severity::Warning, "x", 1, &[])));
    health.mute("X", Some(Duration::from_secs(60)), false).unwrap();
    let state = health.0.state.lock();
    let end = state.mutes["X"].ttl.unwrap();
    let just_before = end - Duration::from_secs(1);
    assert_eq!(state.merged(just_before).status(), Severity::Ok);
    assert_eq!(state.merged(end).status(), Severity::Warning);
}

#[test]
fn the_report_is_kept_while_a_mute_with_a_time_lasts() {
    let health = health();
    health.set(module("a"), one("X", check(Severity::Warning, "x", 1, &[])));
    health.mute("X", Some(Duration::from_secs(60)), false).unwrap();
    assert!(Arc::ptr_eq(&health.report(), &health.report()));
    let over = Timestamp::now() - Duration::from_secs(1);
    health.0.state.lock().mutes.get_mut("X").unwrap().ttl = Some(over);
    assert_eq!(health.report().status(), Severity::Warning);
}

#[test]
fn mutes_survive_a_restart_and_wait_for_their_checks() {
    let before = health();
    let mut changed = before.mutes_changed();
    let raise = |health: &Health| {
        health.set(module("a"), one("X", check(Severity::Warning, "x", 1, &[])));
    };
    raise(&before);
    assert!(!changed.has_changed().unwrap());
    before.mute("X", Some(Duration::from_secs(60)), false).unwrap();
    assert!(changed.has_changed().unwrap());
    changed.mark_unchanged();
    let stored = serde_json::to_string(&before.mutes()).unwrap();

    let after = health();
    after.restore_mutes(serde_json::from_str(&stored).unwrap());
    after.set(module("b"), one("Y", check(Severity::Ok, "y", 1, &[])));
    raise(&after);
    assert_eq!(after.report().status(), Severity::Ok);
    after.remove(module("a"));
    raise(&after);
    assert_eq!(after.report().status(), Severity::Warning);
}

#[test]
fn the_checks_of_a_source_are_limited() {
    let limits = Limits {
        health_checks: 3,
        health_details: 2,
        text_bytes: 4,
        name_bytes: 5,
        ..Limits::default()
    };
    let health = Health::new(Cluster::new(limits));
    let all = (0..9).map(|n| (n.to_string(), Check::default()));
    health.set(module("a"), all.collect());
    health.set(module("b"), one("1", check(Severity::Ok, "summary", 1, &["detail"; 5])));
    health.set(module("c"), one("A_LONG_CODE", Check::default()));
    health.set(module("d"), one("A\nB", Check::default()));
    let report = health.report();
    assert_eq!(report.checks.keys().collect::<Vec<_>>(), ["0", "1", "2"]);
    assert_eq!(report.checks["1"].detail, ["deta…", "deta…", "and 3 more"]);
}

#[test]
fn texts_are_cleaned_for_the_terminal() {
    let health = health();
    let details = ["\u{1b}]0;title\u{7}first\nsecond"];
    let summary = "\u{1b}[31m1 osd\n[WRN] OSD_DOWN: 1 osds down";
    health.set(module("a"), one("X", check(Severity::Warning, summary, 1, &details)));
    let report = health.report();
    assert_eq!(report.checks["X"].summary, "1 osd [WRN] OSD_DOWN: 1 osds down");
    assert_eq!(report.checks["X"].detail, ["first\nsecond"]);
}

proptest! {
    /// The report does not depend on the order of the sources. It is as bad as the worst of them.
    #[test]
    fn the_order_of_arrival_does_not_matter(severities in prop::collection::vec(0..3_usize, 1..8)) {
        let all = [Severity::Ok, Severity::Warning, Severity::Error];
        let say = |health: &Health, at: usize| {
            let name = at.to_string();
            health.set(module(&name), one("X", check(all[severities[at]], &name, 1, &[&name])));
        };
        let (forth, back) = (health(), health());
        (0..severities.len()).for_each(|at| say(&forth, at));
        (0..severities.len()).rev().for_each(|at| say(&back, at));
        prop_assert_eq!(document(&forth), document(&back));
        let worst = severities.iter().map(|&at| all[at]).max();
        prop_assert_eq!(Some(forth.report().status()), worst);
        prop_assert_eq!(forth.report().checks["X"].count, severities.len() as i64);
    }
}

#[test]
fn the_same_checks_again_are_not_reported_again() {
    let health = health();
    let set = |summary: &str| {
        health.set(module("a"), one("X", check(Severity::Warning, summary, 1, &["d"])))
    };
    assert_eq!([set("one"), set("one"), set("two"), set("two")], [true, false, true, false]);
    let clear = || health.set(module("a"), Checks::new());
    assert_eq!([clear(), clear()], [true, false]);
}
