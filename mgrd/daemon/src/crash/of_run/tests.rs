use std::sync::Arc;
use std::time::Duration;

use mgrd_snapshots::assert_text;

use super::*;
use crate::crash::limits::Limits;
use crate::module::Reason;
use crate::module::tests::samples::crashed_run;

fn facts() -> Facts {
    let metadata = [
        ("hostname", "node1"),
        ("os", "Linux"),
        ("kernel_version", "6.1"),
        ("kernel_description", "#1 SMP"),
        ("arch", "x86_64"),
        ("distro", "debian"),
        ("distro_version", "12"),
        ("distro_description", "Debian GNU/Linux 12"),
        ("ceph_version_short", "x.y.z"),
    ];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Facts { manager: "x".into(), metadata: metadata.into() }
}

fn made(run: &CrashedRun) -> Report {
    report(run, &facts(), Limits::default().report_bytes)
}

#[test]
fn a_report_says_all_that_is_known() {
    let mut report = Value::Object(made(&crashed_run()).0);
    report.sort_all_objects();
    let text = serde_json::to_string_pretty(&report).unwrap();
    assert_text!("report", text.replace(env!("CARGO_PKG_VERSION"), "x.y.z"));
}

#[test]
fn the_same_crash_has_the_same_signature_whatever_its_figures_are() {
    let run = crashed_run();
    let signature = |run: &CrashedRun| made(run).0["stack_sig"].clone();
    let mut later = run.clone();
    later.uptime = Duration::from_secs(9);
    later.log[4].text = later.log[4].text.replace("line 3", "line 45");
    later.log.remove(0);
    assert_eq!(signature(&later), signature(&run));
    let reason = |text: &str| Arc::new(Reason::WorkFailed(text.into()));
    for (a, b, same) in [("7 MiB", "81 MiB", true), ("7 MiB", "7 GiB", false)] {
        let of = |text| signature(&CrashedRun { reason: reason(text), ..run.clone() });
        assert_eq!(of(a) == of(b), same, "{a}, {b}");
    }
    let other = CrashedRun { module: "other".into(), ..run.clone() };
    assert_ne!(signature(&other), signature(&run));
}

#[test]
fn a_report_that_is_too_long_loses_its_oldest_lines_first() {
    let mut run = crashed_run();
    let line = LogLine { source: LineSource::Stdout, text: "x".repeat(1000) };
    run.log.splice(0..0, std::iter::repeat_n(line, 400));
    let report = made(&run);
    let bytes = report.bytes().len();
    assert!(bytes <= 256 << 10, "{bytes}");
    let log = report.0["log"].as_array().unwrap();
    assert!(log.len() > 100, "{}", log.len());
    assert_eq!(log.last().unwrap(), "stderr: the end");
    assert!(report.0.contains_key("backtrace"));
    // Whatever is too long, a report stays that can be found.
    let short = super::report(&run, &facts(), 1500);
    assert!(short.bytes().len() <= 1500, "{}", short.bytes().len());
    assert!(short.summary(0).is_some());
}
