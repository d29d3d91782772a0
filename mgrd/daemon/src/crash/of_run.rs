//! The report about a module that ended unexpectedly.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::facts::Facts;
use super::report::Report;
use super::time;
use super::traceback::{self, Traceback};
use crate::module::{CrashedRun, Exit, LineSource, LogLine, UnderWay, Work, signal_name};
use crate::text;

/// How much of a further text is part of a report: more than is kept of the stacks of its threads, so that
/// the line that says where these were cut stays.
const TEXT_BYTES: usize = 65 << 10;
/// How much of a name is part of a report.
const NAME_BYTES: usize = 256;

/// The report about a module that ended unexpectedly, with at most `limit` bytes.
pub(super) fn report(run: &CrashedRun, facts: &Facts, limit: usize) -> Report {
    let texts: Vec<&str> = run.log.iter().map(|line| line.text.as_str()).collect();
    let shown = traceback::shown(&texts);
    let log: Vec<&LogLine> =
        run.log.iter().zip(shown).filter_map(|(line, shown)| shown.then_some(line)).collect();
    let texts: Vec<&str> = log.iter().map(|line| line.text.as_str()).collect();
    let traceback = traceback::find(&texts).unwrap_or_default();
    let mut keys = Map::new();
    for part in [ceph_keys(run, &traceback), machine(facts), own_keys(run, facts, &log)] {
        keys.extend(part.as_object().cloned().unwrap_or_default());
    }
    keys.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    shortened(Report(keys), limit)
}

/// What Ceph's reports of manager modules have, too.
fn ceph_keys(run: &CrashedRun, traceback: &Traceback) -> Value {
    let program = run.program.first().and_then(|path| path.rsplit('/').next());
    let error = Some(&traceback.error).filter(|error| !error.is_empty());
    let backtrace: Vec<_> = traceback.frames.iter().chain(error).collect();
    json!({
        "crash_id": run.id,
        "timestamp": time::stamp(run.at),
        "entity_name": format!("mgr.{}", run.module),
        "process_name": program,
        "mgr_module": run.module,
        "mgr_python_exception": traceback.exception,
        "backtrace": if backtrace.is_empty() { Value::Null } else { json!(backtrace) },
        "stack_sig": signature(run, traceback),
    })
}

/// The machine, as Ceph's reports describe it.
fn machine(facts: &Facts) -> Value {
    let fact = |name: &str| facts.metadata.get(name);
    json!({
        "ceph_version": fact("ceph_version_short"),
        "utsname_hostname": fact("hostname"),
        "utsname_sysname": fact("os"),
        "utsname_release": fact("kernel_version"),
        "utsname_version": fact("kernel_description"),
        "utsname_machine": fact("arch"),
        "os_name": fact("distro_description"),
        "os_id": fact("distro"),
        "os_version_id": fact("distro_version"),
    })
}

/// What only `mgrd` knows.
fn own_keys(run: &CrashedRun, facts: &Facts, log: &[&LogLine]) -> Value {
    let (status, signal) = match run.exit {
        Exit::Status(status) => (Some(status), None),
        Exit::Signal(number) => (None, Some(signal_name(number))),
        Exit::Exceeded(_) | Exit::OutOfMemory(_) | Exit::Unknown(_) => (None, None),
    };
    let core_pattern = run.core_dumped.then(|| {
        let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern");
        text::line(&pattern.unwrap_or_default(), NAME_BYTES)
    });
    let texts: Map<String, Value> = run
        .texts
        .iter()
        .map(|(title, text)| {
            let text = text::whole_lines(text, TEXT_BYTES);
            ((*title).to_owned(), text.lines().collect::<Vec<_>>().into())
        })
        .collect();
    json!({
        "mgr_id": facts.manager,
        "mgrd_version": env!("CARGO_PKG_VERSION"),
        "reason": run.reason.to_string(),
        "exit": run.exit.to_string(),
        "exit_status": status,
        "exit_signal": signal,
        "core_dumped": run.core_dumped,
        "core_pattern": core_pattern,
        "pid": run.pid,
        "uptime_seconds": run.uptime.as_secs_f64(),
        "sdk": run.sdk,
        "fingerprint": run.fingerprint,
        "limits": run.limits.map(|limits| json!({
            "memory_bytes": limits.memory,
            "cpu_percent": limits.cpu,
            "processes": limits.processes,
            "open_files": limits.open_files,
        })),
        "usage": run.usage.map(|usage| json!({
            "memory_bytes": usage.rss_bytes,
            "cpu_seconds": usage.cpu.as_secs_f64(),
            "tasks": usage.tasks,
        })),
        "under_way": run.under_way.iter().map(work).collect::<Vec<_>>(),
        "log": log.iter().map(|line| log_line(line)).collect::<Vec<_>>(),
        "texts": if texts.is_empty() { Value::Null } else { texts.into() },
    })
}

fn work(under_way: &UnderWay) -> Value {
    let (kind, name) = match &under_way.work {
        Work::Command(prefix) => ("command", prefix),
        Work::RemoteCall(method) => ("remote_call", method),
    };
    json!({
        kind: text::line(name, NAME_BYTES),
        "caller": under_way.caller,
        "request": under_way.request,
        "age_seconds": under_way.age.as_secs_f64(),
    })
}

fn log_line(line: &LogLine) -> String {
    let source = match line.source {
        LineSource::Stdout => "stdout".to_owned(),
        LineSource::Stderr => "stderr".to_owned(),
        LineSource::Log(level) => level.as_str().to_lowercase(),
    };
    format!("{source}: {}", line.text)
}

/// Equal for the same crash of the same module, whatever its figures and lines are.
fn signature(run: &CrashedRun, traceback: &Traceback) -> String {
    let mut digest = Sha256::new();
    let reason = run.reason.to_string();
    for part in [&run.module, &reason, &traceback.error].into_iter().chain(&traceback.frames) {
        let without_figures = part.split(|c: char| c.is_ascii_digit());
        without_figures.for_each(|part| digest.update(part.as_bytes()));
        digest.update([0]);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The report with at most `limit` bytes: the oldest log lines go first, then the longest parts.
fn shortened(mut report: Report, limit: usize) -> Report {
    while report.bytes().len() > limit {
        let log = report.0.get_mut("log").and_then(Value::as_array_mut);
        if let Some(log) = log.filter(|log| !log.is_empty()) {
            log.drain(..log.len().div_ceil(4));
            continue;
        }
        let parts = ["texts", "under_way", "backtrace", "reason", "fingerprint", "limits"];
        let Some(part) = parts.into_iter().find(|part| report.0.contains_key(*part)) else { break };
        report.0.remove(part);
    }
    report
}

#[cfg(test)]
mod tests;
