//! The state of the cluster, its health and its log.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mgrd_proto::v1;
use serde_json::Value;

use crate::cluster::{
    Counter, DaemonChange, DaemonId, Event, HealthMetric, LogEntry, Priority, stamp,
};
use crate::health::{Check, Severity};

pub(in crate::rpc) fn daemon_id(key: Option<v1::DaemonKey>) -> DaemonId {
    let key = key.unwrap_or_default();
    DaemonId::new(key.r#type, key.id)
}

pub(in crate::rpc) fn daemon_key(id: &DaemonId) -> v1::DaemonKey {
    v1::DaemonKey { r#type: id.kind.clone(), id: id.id.clone() }
}

pub(in crate::rpc) fn daemon_change(put: v1::PutDaemon) -> DaemonChange {
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

pub(in crate::rpc) fn counter_schema(counter: &Counter) -> v1::CounterSchema {
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

pub(in crate::rpc) fn check(check: v1::HealthCheck) -> (String, Check) {
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

pub(in crate::rpc) fn min_priority(request: &v1::WatchRequest) -> Priority {
    priority(request.min_priority())
}

pub(in crate::rpc) fn log_priority(entry: &v1::ClusterLogEntry) -> Priority {
    priority(entry.priority())
}

pub(in crate::rpc) fn log_entry(entry: v1::ClusterLogEntry) -> LogEntry {
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

pub(in crate::rpc) fn log_message(entry: &LogEntry) -> v1::ClusterLogEntry {
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

pub(in crate::rpc) fn event(event: &Event) -> v1::Event {
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
