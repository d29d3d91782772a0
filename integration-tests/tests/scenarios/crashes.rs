//! Each unexpected end of a module leaves a report, which operators find, also after a takeover.

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;
use serde_json::Value;

/// Waits until there are so many new reports of crashes; returns them.
fn await_crashes(daemon: &TestManager, count: usize) -> Vec<Value> {
    eventually(&format!("{count} reports of crashes"), || {
        let seen = daemon.json("crash ls-new");
        let reports = seen.as_array().cloned().unwrap_or_default();
        if reports.len() == count { Ok(reports) } else { Err(seen) }
    })
}

fn health(daemon: &TestManager) -> String {
    daemon.ok("health detail")
}

/// Ends a module by a signal, and waits until it has started again.
fn crash(daemon: &TestManager, module: &str, signal: Signal) {
    let pid = daemon.await_running(module);
    process::signal(pid, signal);
    daemon.await_restart(module, pid);
}

#[test]
fn a_crash_by_a_signal_leaves_a_report_that_says_what_the_module_was_doing() {
    let daemon = Setup::new().rogue("bad", &[]).start();
    let pid = daemon.await_running("bad");
    let hanging = daemon.ctl("bad misbehave hang").spawn();
    eventually("the command is under way", || {
        let seen = daemon.module("bad");
        if seen["in_flight"] == 1 { Ok(()) } else { Err(seen) }
    });
    process::signal(pid, Signal::SIGABRT);
    assert_ne!(hanging.end().status, Some(0));
    let report = await_crashes(&daemon, 1).remove(0);
    for (key, value) in [
        ("entity_name", "mgr.bad"),
        ("mgr_module", "bad"),
        ("mgr_id", "x"),
        ("reason", "killed by SIGABRT"),
        ("exit_signal", "SIGABRT"),
        ("process_name", "rogue"),
    ] {
        assert_eq!(report[key], value, "{report}");
    }
    assert_eq!(report["pid"], pid);
    assert!(report["usage"]["memory_bytes"].is_u64() || report["usage"].is_null(), "{report}");
    assert_eq!(report["under_way"].as_array().unwrap().len(), 1);
    let work = &report["under_way"][0];
    assert_eq!(work["command"], "bad misbehave");
    // The log lines of the call have the same id.
    let request = work["request"].as_str().unwrap();
    assert!(!request.is_empty());
    assert!(daemon.log().contains(&format!("request={request} ")), "{request}");
    let id = report["crash_id"].as_str().unwrap();
    assert!(id.starts_with(report["timestamp"].as_str().unwrap()), "{report}");
    assert!(daemon.ok("crash ls").contains(id));
    let info: Value = serde_json::from_str(&daemon.ok(&format!("crash info {id}"))).unwrap();
    assert_eq!(info, report);
    assert_eq!(daemon.module("bad")["last_crash"], id);
}

const BREAKS: &str = "
from mgr_module import MgrModule

class Module(MgrModule):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print('first words')
        self.fails()

    def fails(self):
        raise ValueError('no such pool')
";

#[test]
fn a_crash_by_an_exception_leaves_its_traceback_without_frames_of_the_sdk() {
    let daemon = Setup::new().python("breaks", BREAKS).start();
    let report = eventually("a report", || {
        let seen = daemon.json("crash ls");
        seen.get(0).cloned().ok_or(seen)
    });
    assert_eq!(report["mgr_python_exception"], "ValueError", "{report}");
    let backtrace = report["backtrace"].to_string();
    for part in ["module.py", "in __init__", "in fails", "ValueError: no such pool"] {
        assert!(backtrace.contains(part), "{part} is not in {report}");
    }
    let all = report.to_string();
    assert!(!all.contains("mgrd/runner"), "{report}");
    assert!(report["log"].to_string().contains("first words"), "{report}");
}

const SEGFAULT: &str = "
import ctypes
from mgr_module import CLIReadCommand, MgrModule

class Module(MgrModule):
    @CLIReadCommand('segfault')
    def segfault(self):
        ctypes.string_at(0)
";

#[test]
fn a_python_module_that_accesses_wrong_memory_says_where() {
    let daemon = Setup::new().python("native", SEGFAULT).start();
    daemon.await_running("native");
    assert_ne!(daemon.run("segfault").status, Some(0));
    let report = await_crashes(&daemon, 1).remove(0);
    assert_eq!(report["exit_signal"], "SIGSEGV", "{report}");
    let backtrace = report["backtrace"].to_string();
    assert!(backtrace.contains("in segfault"), "{report}");
    assert!(backtrace.contains("Fatal Python error: Segmentation fault"), "{report}");
}

#[test]
fn a_restart_by_the_watchdog_leaves_a_report_with_its_reason() {
    let settings = "[limits.module]\nping_interval = 0.1\nping_warning = 0.3\nping_restart = 1\n\
                    shutdown_grace = 0.2\nterm_grace = 0.2\n";
    let daemon = Setup::new().settings(settings).rogue("bad", &[]).start();
    daemon.await_running("bad");
    let blocked = daemon.ctl("bad misbehave block").spawn();
    let report = await_crashes(&daemon, 1).remove(0);
    assert_ne!(blocked.end().status, Some(0));
    assert!(report["reason"].as_str().unwrap().contains("did not answer a ping"), "{report}");
    assert_eq!(report["under_way"][0]["command"], "bad misbehave", "{report}");
    let stacks = report["texts"]["stacks"].as_array().unwrap();
    assert!(stacks.iter().any(|line| line.to_string().contains("thread")), "{report}");
}

#[test]
fn a_restart_for_its_memory_leaves_a_report_with_the_figures() {
    let setup = Setup::new().installed_rogue("bad", &[]);
    let manifest = setup.modules().join("bad/module.toml");
    let mut text = std::fs::read_to_string(&manifest).unwrap();
    text.push_str("[limits]\nmemory_mb = 100\n");
    std::fs::write(&manifest, text).unwrap();
    let daemon = setup.enable("bad").start();
    daemon.await_running("bad");
    let _ended = daemon.run("bad misbehave leak 200");
    let report = await_crashes(&daemon, 1).remove(0);
    assert!(report["reason"].as_str().unwrap().contains("its limit is 100 MiB"), "{report}");
    assert_eq!(report["limits"]["memory_bytes"], 100 << 20, "{report}");
    assert!(report["usage"]["memory_bytes"].as_u64().unwrap() > 100 << 20, "{report}");
}

#[test]
fn a_module_that_is_asked_to_end_leaves_no_report() {
    let mut daemon = Setup::new().rogue("good", &[]).rogue("deaf", &["deaf"]).start();
    daemon.await_running("good");
    daemon.await_running("deaf");
    daemon.ok("mgr module restart good");
    daemon.ok("mgr module disable good");
    daemon.ok("mgr module enable good");
    daemon.signal(Signal::SIGTERM);
    daemon.signal(Signal::SIGTERM);
    let _ended = daemon.await_end();
    daemon.restart();
    daemon.await_running("good");
    assert_eq!(daemon.json("crash ls"), Value::Array(Vec::new()));
    assert_eq!(daemon.ok("crash stat"), "0 crashes recorded\n");
}

#[test]
fn reports_are_there_after_a_restart_and_on_the_next_manager() {
    let mut daemon = Setup::new().rogue("bad", &[]).start();
    crash(&daemon, "bad", Signal::SIGABRT);
    let first = await_crashes(&daemon, 1);
    daemon.kill();
    daemon.restart();
    assert_eq!(await_crashes(&daemon, 1), first);
    let _standby = daemon.start_manager("y");
    daemon.await_standbys(&["y"]);
    daemon.ok("mgr fail");
    daemon.await_active("y");
    assert_eq!(await_crashes(&daemon, 1), first);
    eventually("health warns", || {
        let seen = health(&daemon);
        if seen.contains("1 daemons have recently crashed") { Ok(()) } else { Err(seen) }
    });
}

/// A module whose standby half crashes.
const HALF_BREAKS: &str = "
import os
from mgr_module import MgrModule, MgrStandbyModule

class Module(MgrModule):
    pass

class StandbyModule(MgrStandbyModule):
    def serve(self):
        print('last words', flush=True)
        os.abort()
";

#[test]
fn a_crash_on_a_standby_is_reported_when_that_manager_leads() {
    let daemon = Setup::new().python("half", HALF_BREAKS).start();
    daemon.await_running("half");
    let standby = daemon.start_manager("y");
    standby.await_log("killed by SIGABRT");
    daemon.ok("mgr fail");
    daemon.await_active("y");
    let report = eventually("a report", || {
        let seen = daemon.json("crash ls-new");
        seen.get(0).cloned().ok_or(seen)
    });
    for (key, value) in [("mgr_module", "half"), ("mgr_id", "y"), ("exit_signal", "SIGABRT")] {
        assert_eq!(report[key], value, "{report}");
    }
    assert!(report["log"].to_string().contains("last words"), "{report}");
    eventually("health warns", || {
        let seen = health(&daemon);
        if seen.contains("RECENT_CRASH") { Ok(()) } else { Err(seen) }
    });
}

#[test]
fn health_warns_about_crashes_until_they_are_archived() {
    let daemon = Setup::new().rogue("bad", &[]).start();
    for _ in 0..2 {
        crash(&daemon, "bad", Signal::SIGABRT);
    }
    let reports = await_crashes(&daemon, 2);
    let seen = health(&daemon);
    assert!(seen.contains("[WRN] RECENT_CRASH: 2 daemons have recently crashed"), "{seen}");
    for report in &reports {
        let (host, stamp) = (&report["utsname_hostname"], report["timestamp"].as_str().unwrap());
        let line = format!("module bad crashed on host {} at {stamp}", host.as_str().unwrap());
        assert!(seen.contains(&line), "{line} is not in {seen}");
    }
    // The check about the module names the report of its last crash.
    let last = reports[1]["crash_id"].as_str().unwrap();
    assert!(seen.contains(&format!("crash info {last}")), "{seen}");
    daemon.ok(&format!("crash archive {last}"));
    assert!(health(&daemon).contains("1 daemons have recently crashed"));
    daemon.ok("crash archive-all");
    assert!(!health(&daemon).contains("RECENT_CRASH"));
    assert_eq!(daemon.json("crash ls").as_array().map(Vec::len), Some(2));
}

/// A module that takes over the words of the reports, as Ceph's module `crash` does.
const CRASH: &str = "
from mgr_module import CLIReadCommand, MgrModule

class Module(MgrModule):
    @CLIReadCommand('crash ls')
    def ls(self):
        return 0, 'theirs', ''

    @CLIReadCommand('mgr crash ls')
    def take_over(self):
        return 0, 'theirs', ''
";

#[test]
fn reports_are_listed_and_archived_beside_a_module_that_takes_over_their_words() {
    let daemon = Setup::new().python("crash", CRASH).start();
    daemon.await_running("crash");
    crash(&daemon, "crash", Signal::SIGKILL);
    assert_eq!(daemon.ok("crash ls").trim_end(), "theirs");
    let id = eventually("the report", || match daemon.json("mgr crash ls-new") {
        reports if reports[0]["mgr_module"] == "crash" => Ok(reports[0]["crash_id"].clone()),
        other => Err(other),
    });
    let id = id.as_str().unwrap();
    assert!(daemon.ok("mgr crash ls").contains(id));
    let seen = health(&daemon);
    assert!(seen.contains("mgrctl mgr crash archive ID"), "{seen}");
    assert!(seen.contains(&format!("mgrctl mgr crash info {id}")), "{seen}");
    daemon.ok(&format!("mgr crash archive {id}"));
    assert!(!health(&daemon).contains("RECENT_CRASH"));
}

#[test]
fn many_crashes_with_much_output_leave_few_reports_and_delay_no_others() {
    let script = "cat $MGRD_SECRET_FILE > /dev/null\n\
                  head -c 6400000 /dev/zero | tr '\\0' x | fold -w 64000\nexit 3\n";
    let manifest = "[module]\nexec = [\"/bin/sh\", \"run.sh\"]\n";
    let settings = "[limits.module]\nbackoff_first = 0.001\nbackoff_max = 0.001\n\
                    failure_limit = 1000000\n";
    let setup = Setup::new().settings(settings).rogue("good", &[]);
    let setup = setup.file("loop", "run.sh", script).file("loop", "module.toml", manifest);
    let daemon = setup.enable("loop").start();
    daemon.await_running("good");
    let counted = eventually("crashes are counted", || {
        let seen = daemon.json("crash ls");
        let many = |report: &&Value| report["count"].as_u64() >= Some(3);
        let counted = seen.as_array().into_iter().flatten().find(many).cloned();
        counted.ok_or_else(|| daemon.ok("crash ls"))
    });
    assert_eq!(daemon.ok("good echo hi"), "[\"hi\"]\n");
    assert_eq!(counted["log"].as_array().map(Vec::len), Some(100));
    let reports = daemon.json("crash ls");
    assert_eq!(reports.as_array().map(Vec::len), Some(10));
    for report in reports.as_array().unwrap() {
        assert!(report.to_string().len() < 256 << 10);
    }
}

#[test]
fn what_is_posted_is_checked() {
    let daemon = Setup::new().start();
    let post = |input: &str| daemon.ctl("crash post -i -").input(input).run();
    let report = format!(
        "{{\"crash_id\": \"a_1\", \"timestamp\": \"{}\", \"entity_name\": \"osd.1\\u001b[31m\"}}",
        jiff::Timestamp::now()
    );
    post(&report).ok();
    post(&report).ok();
    assert_eq!(daemon.json("crash ls")[0]["entity_name"], "osd.1");
    let too_long = format!("{{\"x\": \"{}\"}}", "y".repeat(1 << 20));
    for (input, status) in [("", 22), ("nonsense", 22), ("{}", 22), (&too_long, 27)] {
        let refused = post(input);
        assert_eq!(refused.status, Some(status), "{}", refused.stderr);
    }
    assert_eq!(daemon.run("crash info nonsense").status, Some(2));
    assert_eq!(daemon.run("crash archive nonsense").status, Some(2));
    daemon.ok("crash rm nonsense");
    daemon.ok("crash prune 0");
    assert_eq!(daemon.ok("crash ls"), "");
}
