//! Messages of the contracts and the domain's types, each made from the other.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mgrd_command::{Errno, Outcome};
use mgrd_proto::{PROTOCOL_VERSIONS, v1};
use mgrd_storage::Change;
use serde_json::Value;
use tonic::Status;
use tracing::Level;

use crate::cluster::{
    Counter, DaemonChange, DaemonId, Event, HealthMetric, LogEntry, Priority, stamp,
};
use crate::health::{Check, Severity};
use crate::host::{Constants, CurrentOption};
use crate::module::{
    Declaration, DeclaredCommand, DeclaredOption, LogRecord, ModuleState, Payload,
};

/// How many of a caller's protocol versions an error names.
const NAMED_VERSIONS: usize = 8;

/// The highest protocol version that both sides know.
pub(super) fn agree(theirs: &[u32]) -> Result<u32, Status> {
    let common = PROTOCOL_VERSIONS.iter().filter(|ours| theirs.contains(ours)).max();
    common.copied().ok_or_else(|| {
        let named = &theirs[..theirs.len().min(NAMED_VERSIONS)];
        Status::failed_precondition(format!(
            "no common protocol version: mgrd speaks {PROTOCOL_VERSIONS:?}, the caller \
             {named:?}; use an SDK of this release"
        ))
    })
}

pub(super) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

pub(super) fn now_seconds() -> f64 {
    Timestamp::now().as_duration().as_secs_f64()
}

/// A JSON value; bytes that are none count as text, none at all as the empty text.
pub(super) fn json_or_text(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

pub(super) fn json_bytes<T: serde::Serialize>(value: &T) -> Result<Bytes, Status> {
    let text = serde_json::to_vec(value);
    text.map(Bytes::from).map_err(|why| Status::internal(format!("cannot write JSON: {why}")))
}

pub(super) fn module_state(state: ModuleState) -> v1::ModuleState {
    match state {
        ModuleState::Disabled => v1::ModuleState::Disabled,
        ModuleState::Starting => v1::ModuleState::Starting,
        ModuleState::Running => v1::ModuleState::Running,
        ModuleState::Degraded => v1::ModuleState::Degraded,
        ModuleState::Stopping => v1::ModuleState::Stopping,
        ModuleState::Stopped => v1::ModuleState::Stopped,
        ModuleState::Backoff => v1::ModuleState::Backoff,
        ModuleState::Failed => v1::ModuleState::Failed,
        ModuleState::CannotRun => v1::ModuleState::CannotRun,
        ModuleState::Debugging => v1::ModuleState::Debugging,
    }
}

pub(super) fn constants(constants: Constants) -> v1::Constants {
    v1::Constants {
        mgr_id: constants.mgr_id,
        hostname: constants.hostname,
        version: constants.version,
        release_name: constants.release_name,
        mgr_ips: constants.mgr_ips,
        ceph_conf: constants.ceph_conf,
        debug_mgr: constants.debug_mgr,
        log_file: constants.log_file,
        have_mon_connection: constants.have_mon_connection,
        active_uri: constants.active_uri,
        allow_eval: constants.allow_eval,
    }
}

pub(super) fn option_entry(option: CurrentOption) -> v1::Entry {
    v1::Entry { key: option.key, value: option.value, revision: option.revision }
}

pub(super) fn stored(change: Change) -> v1::StoredEntry {
    let Change { key, value, revision } = change;
    v1::StoredEntry { key: key.to_string(), value, revision }
}

pub(super) fn change(entry: v1::StoredEntry) -> Change {
    Change { key: entry.key.into(), value: entry.value, revision: entry.revision }
}

pub(super) fn outcome(message: Option<v1::CommandOutcome>) -> Outcome {
    let unanswered = || Outcome::error(Errno::EIO, "the answer has no outcome");
    message.map_or_else(unanswered, |message| Outcome {
        retval: message.retval,
        stdout: message.stdout,
        stderr: message.stderr,
    })
}

pub(super) fn outcome_message(outcome: Outcome) -> v1::CommandOutcome {
    v1::CommandOutcome { retval: outcome.retval, stdout: outcome.stdout, stderr: outcome.stderr }
}

pub(super) fn daemon_id(key: Option<v1::DaemonKey>) -> DaemonId {
    let key = key.unwrap_or_default();
    DaemonId::new(key.r#type, key.id)
}

pub(super) fn daemon_key(id: &DaemonId) -> v1::DaemonKey {
    v1::DaemonKey { r#type: id.kind.clone(), id: id.id.clone() }
}

pub(super) fn daemon_change(put: v1::PutDaemon) -> DaemonChange {
    let map = |map: v1::StringMap| map.entries.into_iter().collect();
    DaemonChange {
        hostname: put.hostname,
        metadata: put.metadata.map(map),
        status: put.status.map(map),
        schema: put.schema.map(|schema| schema.counters.into_iter().map(counter).collect()),
        health_metrics: put.health_metrics.map(|told| {
            let metric = |m: v1::HealthMetric| HealthMetric { kind: m.r#type, value: m.value };
            told.metrics.into_iter().map(metric).collect()
        }),
    }
}

fn counter(schema: v1::CounterSchema) -> Counter {
    Counter {
        path: schema.path,
        labels: schema.labels.into_iter().collect(),
        description: schema.description,
        nick: Some(schema.nick).filter(|nick| !nick.is_empty()),
        kind: schema.r#type,
        priority: schema.priority,
        units: schema.units,
    }
}

pub(super) fn counter_schema(counter: &Counter) -> v1::CounterSchema {
    v1::CounterSchema {
        path: counter.path.clone(),
        description: counter.description.clone(),
        nick: counter.nick.clone().unwrap_or_default(),
        r#type: counter.kind,
        priority: counter.priority,
        units: counter.units,
        labels: counter.labels.clone().into_iter().collect(),
    }
}

pub(super) fn check(check: v1::HealthCheck) -> (String, Check) {
    let severity = match check.severity() {
        v1::HealthSeverity::Unspecified => Severity::Ok,
        v1::HealthSeverity::Warning => Severity::Warning,
        v1::HealthSeverity::Error => Severity::Error,
    };
    let v1::HealthCheck { code, summary, count, detail, .. } = check;
    (code, Check { severity, summary, count, detail, muted: false })
}

fn priority(priority: v1::LogPriority) -> Priority {
    match priority {
        v1::LogPriority::Debug => Priority::Debug,
        v1::LogPriority::Unspecified | v1::LogPriority::Info => Priority::Info,
        v1::LogPriority::Security => Priority::Security,
        v1::LogPriority::Warning => Priority::Warning,
        v1::LogPriority::Error => Priority::Error,
    }
}

pub(super) fn min_priority(request: &v1::WatchRequest) -> Priority {
    priority(request.min_priority())
}

pub(super) fn log_priority(entry: &v1::ClusterLogEntry) -> Priority {
    priority(entry.priority())
}

pub(super) fn log_entry(entry: v1::ClusterLogEntry) -> LogEntry {
    let time = match entry.stamp_us {
        0 => Timestamp::now(),
        micros => Timestamp::from_microsecond(micros).unwrap_or_else(|_| Timestamp::now()),
    };
    let priority = priority(entry.priority());
    LogEntry {
        rank: entry.name.clone(),
        name: entry.name,
        addrs: Value::Null,
        stamp: stamp(time),
        seq: entry.seq,
        channel: if entry.channel.is_empty() { "cluster".to_owned() } else { entry.channel },
        priority,
        message: entry.message,
    }
}

pub(super) fn log_message(entry: &LogEntry) -> v1::ClusterLogEntry {
    let priority = match entry.priority {
        Priority::Debug => v1::LogPriority::Debug,
        Priority::Info => v1::LogPriority::Info,
        Priority::Security => v1::LogPriority::Security,
        Priority::Warning => v1::LogPriority::Warning,
        Priority::Error => v1::LogPriority::Error,
    };
    v1::ClusterLogEntry {
        channel: entry.channel.clone(),
        priority: priority.into(),
        message: entry.message.clone(),
        name: entry.name.clone(),
        stamp_us: micros(&entry.stamp),
        seq: entry.seq,
    }
}

pub(super) fn event(event: &Event) -> v1::Event {
    v1::Event {
        stamp_us: micros(&event.stamp),
        kind: event.topic.clone(),
        subject: event.subject.clone(),
        message: event.message.clone(),
        progress: event.percent.map(|percent| f32::from(percent) / 100.0),
    }
}

/// Microseconds since 1970 of a time as the cluster log writes it; 0 if it is not one.
fn micros(stamp: &str) -> i64 {
    let time = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", stamp);
    let zoned = time.and_then(|time| time.to_timestamp());
    zoned.map(|time| time.to_zoned(TimeZone::UTC).timestamp().as_microsecond()).unwrap_or(0)
}

pub(super) fn declaration(message: v1::Declaration) -> Declaration {
    let standby = message.roles().any(|role| role == v1::Role::Standby);
    Declaration {
        options: message.options.into_iter().map(option).collect(),
        commands: message.commands.into_iter().map(command).collect(),
        notify_types: message.notify_types,
        can_run: message.can_run.unwrap_or(true),
        can_run_error: message.can_run_error,
        standby,
        methods: message.methods,
    }
}

fn command(spec: v1::CommandSpec) -> DeclaredCommand {
    let perm = if spec.perm.is_empty() { "rw".to_owned() } else { spec.perm };
    let v1::CommandSpec { cmd, desc, poll, declared_at, .. } = spec;
    DeclaredCommand { cmd, desc, perm, poll, declared_at }
}

fn option(schema: v1::OptionSchema) -> DeclaredOption {
    let level = match schema.level() {
        v1::OptionLevel::Basic => "basic",
        v1::OptionLevel::Dev => "dev",
        v1::OptionLevel::Unspecified | v1::OptionLevel::Advanced => "advanced",
    };
    DeclaredOption {
        name: schema.name,
        kind: schema.r#type,
        level: level.to_owned(),
        default_value: schema.default_value,
        min: schema.min,
        max: schema.max,
        enum_allowed: schema.enum_allowed,
        desc: schema.desc,
        long_desc: schema.long_desc,
        tags: schema.tags,
        see_also: schema.see_also,
        runtime: schema.runtime,
    }
}

pub(super) fn log_record(record: v1::LogRecord) -> LogRecord {
    let level = match record.level() {
        v1::LogLevel::Debug => Level::DEBUG,
        v1::LogLevel::Unspecified | v1::LogLevel::Info => Level::INFO,
        v1::LogLevel::Warning => Level::WARN,
        v1::LogLevel::Error | v1::LogLevel::Critical => Level::ERROR,
    };
    let v1::LogRecord { logger, message, call_id, .. } = record;
    LogRecord { level, logger, message, call_id }
}

pub(super) fn payload(message: Option<v1::Payload>) -> Payload {
    let message = message.unwrap_or_default();
    Payload { data: message.data, encoding: message.encoding }
}

pub(super) fn payload_message(payload: Payload) -> v1::Payload {
    v1::Payload { data: payload.data, encoding: payload.encoding }
}

#[cfg(test)]
mod tests;
