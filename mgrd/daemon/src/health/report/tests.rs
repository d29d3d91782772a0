use std::time::Duration;

use mgrd_snapshots::assert_text;

use super::*;

fn now() -> Timestamp {
    "2026-11-22T20:00:00Z".parse().unwrap()
}

fn check(severity: Severity, summary: &str, detail: &[&str]) -> Check {
    let detail = detail.iter().map(|&line| line.to_owned()).collect();
    Check { severity, summary: summary.to_owned(), count: 1, detail, muted: false }
}

fn mute(code: &str, ttl: Option<u64>, sticky: bool) -> Mute {
    let ttl = ttl.map(|seconds| now() + Duration::from_secs(seconds));
    let (code, summary) = (code.to_owned(), String::new());
    Mute { code, ttl, sticky, summary, count: 1, waiting: false }
}

/// `health` and `health detail` of these checks.
fn text(checks: &[(&str, Check)], mutes: &[Mute]) -> String {
    let checks: Vec<_> = checks.iter().map(|(code, check)| ((*code).to_owned(), check)).collect();
    let sources = checks.iter().map(|(code, check)| (code, *check));
    let mutes = mutes.iter().map(|mute| (mute.code.clone(), mute.clone())).collect();
    let report = Report::merge(sources, &mutes, now());
    let (line, detail) = (report.line(now()), report.detail(now()));
    format!("$ mgrctl health\n{line}\n\n$ mgrctl health detail\n{detail}")
}

fn osd_down() -> (&'static str, Check) {
    let line = "osd.1 (root=default,host=node1) is down";
    ("OSD_DOWN", check(Severity::Warning, "1 osds down", &[line]))
}

fn full() -> (&'static str, Check) {
    ("OSD_FULL", check(Severity::Error, "1 full osd(s)", &["osd.0 is full"]))
}

#[test]
fn texts() {
    assert_text!("health_ok", text(&[], &[]));
    assert_text!("health_warn", text(&[osd_down()], &[]));
    assert_text!("health_err", text(&[osd_down(), full()], &[]));
}

#[test]
fn texts_with_mutes() {
    let mutes = [mute("OSD_DOWN", Some(3_570), false), mute("OSD_FULL", None, true)];
    assert_text!("health_muted", text(&[osd_down(), full()], &mutes));
    let waits = [mute("SLOW_OPS", None, true), mute("OSD_FULL", None, false)];
    assert_text!("health_some_muted", text(&[osd_down(), full()], &waits));
}

#[test]
fn texts_of_many_details() {
    let pgs: Vec<_> = (0..12).map(|n| format!("pg 4.{n:x} is stuck undersized for 2m")).collect();
    let mut pgs: Vec<_> = pgs.iter().map(String::as_str).collect();
    pgs.push("and 61 more");
    let checks = [
        ("MODULE_SAYS", check(Severity::Ok, "for information only", &[])),
        ("PG_DEGRADED", check(Severity::Warning, "73 pgs undersized", &pgs)),
        ("SLOW_OPS", check(Severity::Warning, "12 slow ops", &["osd.1 has:\n8 reads\n4 writes"])),
    ];
    assert_text!("health_long", text(&checks, &[]));
}
