//! What the cluster's documents say. Documents that the cluster does not have are left out.

use std::collections::BTreeMap;

use mgrd_sdk::{Host, Result};
use serde::Deserialize;

use crate::metrics::Metrics;

pub(crate) async fn collect(host: &Host, metrics: &mut Metrics) -> Result<()> {
    if let Some(wrapped) = host.get::<Wrapped>("health").await? {
        health(&serde_json::from_str(&wrapped.json)?, metrics);
    }
    if let Some(map) = host.get::<OsdMap>("osd_map").await? {
        osds(&map, metrics);
    }
    if let Some(df) = host.get::<Df>("df").await? {
        usage(&df, metrics);
    }
    if let Some(summary) = host.get::<PgSummary>("pg_summary").await? {
        pgs(&summary, metrics);
    }
    Ok(())
}

/// The health document is JSON in JSON.
#[derive(Deserialize)]
struct Wrapped {
    json: String,
}

#[derive(Deserialize)]
struct Health {
    status: String,
    #[serde(default)]
    checks: BTreeMap<String, Check>,
}

#[derive(Deserialize)]
struct Check {
    severity: String,
}

fn health(health: &Health, metrics: &mut Metrics) {
    let status = match health.status.as_str() {
        "HEALTH_OK" => 0,
        "HEALTH_WARN" => 1,
        _ => 2,
    };
    metrics.gauge("ceph_health_status", "Cluster health: 0 ok, 1 warning, 2 error", &[], status);
    for (code, check) in &health.checks {
        let labels = [("name", code.as_str()), ("severity", &check.severity)];
        metrics.gauge("ceph_health_detail", "Health checks that are raised", &labels, 1);
    }
}

#[derive(Deserialize)]
struct OsdMap {
    osds: Vec<Osd>,
    pools: Vec<OsdMapPool>,
}

#[derive(Deserialize)]
struct Osd {
    osd: i64,
    up: u8,
    r#in: u8,
    #[serde(default)]
    weight: f64,
}

#[derive(Deserialize)]
struct OsdMapPool {
    pool: i64,
    pool_name: String,
}

fn osds(map: &OsdMap, metrics: &mut Metrics) {
    for osd in &map.osds {
        let daemon = format!("osd.{}", osd.osd);
        let labels = [("ceph_daemon", daemon.as_str())];
        metrics.gauge("ceph_osd_up", "Whether the OSD is up", &labels, osd.up);
        metrics.gauge("ceph_osd_in", "Whether the OSD is in", &labels, osd.r#in);
        metrics.gauge("ceph_osd_weight", "The OSD's weight", &labels, osd.weight);
    }
    for pool in &map.pools {
        let id = pool.pool.to_string();
        let labels = [("pool_id", id.as_str()), ("name", &pool.pool_name)];
        metrics.gauge("ceph_pool_metadata", "The pools and their names", &labels, 1);
    }
}

#[derive(Deserialize)]
struct Df {
    stats: BTreeMap<String, serde_json::Value>,
    pools: Vec<DfPool>,
}

#[derive(Deserialize)]
struct DfPool {
    id: i64,
    stats: BTreeMap<String, serde_json::Value>,
}

/// Of the whole cluster: the document's name, the metric's, what it is.
const CLUSTER: [(&str, &str, &str); 3] = [
    ("total_bytes", "ceph_cluster_total_bytes", "Raw capacity of the cluster"),
    ("total_used_raw_bytes", "ceph_cluster_total_used_raw_bytes", "Raw bytes in use"),
    ("total_avail_bytes", "ceph_cluster_total_avail_bytes", "Raw bytes available"),
];

/// Of each pool.
const POOL: [(&str, &str); 10] = [
    ("stored", "Bytes stored by clients"),
    ("stored_raw", "Bytes stored, with copies"),
    ("bytes_used", "Bytes in use"),
    ("objects", "Objects"),
    ("max_avail", "Bytes that clients can still store"),
    ("percent_used", "Share in use, from 0 to 1"),
    ("rd", "Read operations"),
    ("rd_bytes", "Bytes read"),
    ("wr", "Write operations"),
    ("wr_bytes", "Bytes written"),
];

fn usage(df: &Df, metrics: &mut Metrics) {
    for (key, name, help) in CLUSTER {
        if let Some(value) = df.stats.get(key).filter(|value| value.is_number()) {
            metrics.gauge(name, help, &[], value);
        }
    }
    for pool in &df.pools {
        let id = pool.id.to_string();
        for (key, help) in POOL {
            if let Some(value) = pool.stats.get(key).filter(|value| value.is_number()) {
                metrics.gauge(&format!("ceph_pool_{key}"), help, &[("pool_id", &id)], value);
            }
        }
    }
}

#[derive(Deserialize)]
struct PgSummary {
    by_pool: BTreeMap<String, BTreeMap<String, u64>>,
}

/// A PG counts under each part of its state, `active+clean` under both.
fn pgs(summary: &PgSummary, metrics: &mut Metrics) {
    for (pool, states) in &summary.by_pool {
        let labels = [("pool_id", pool.as_str())];
        metrics.gauge("ceph_pg_total", "PGs", &labels, states.values().sum::<u64>());
        let mut parts: BTreeMap<&str, u64> = BTreeMap::new();
        for (state, count) in states {
            for part in state.split('+') {
                *parts.entry(part).or_default() += count;
            }
        }
        for (part, count) in parts {
            let help = format!("PGs that are {part}");
            metrics.gauge(&format!("ceph_pg_{part}"), &help, &labels, count);
        }
    }
}

#[cfg(test)]
mod tests;
