//! The daemons' perf counters.

use mgrd_sdk::{Counter, Host, Result};

use crate::metrics::{Kind, Metrics};

const NANOSECONDS: f64 = 1e9;

pub(crate) async fn collect(host: &Host, min_priority: u32, metrics: &mut Metrics) -> Result<()> {
    for daemon in host.perf_counters(min_priority, &[]).await? {
        let name = format!("{}.{}", daemon.service, daemon.id);
        for counter in daemon.iter().filter(|counter| !counter.schema.is_histogram()) {
            add(metrics, &name, counter);
        }
    }
    Ok(())
}

fn add(metrics: &mut Metrics, daemon: &str, counter: Counter<'_>) {
    let Counter { schema, value, count } = counter;
    let (path, help) = (format!("ceph_{}", schema.path), schema.description.as_str());
    let own = schema.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let labels: Vec<_> = [("ceph_daemon", daemon)].into_iter().chain(own).collect();
    let kind = if schema.only_grows() { Kind::Counter } else { Kind::Gauge };
    match count {
        None => metrics.add(&path, help, kind, &labels, scaled(value, schema.is_time())),
        Some(count) => {
            let sum = scaled(value, schema.is_time());
            metrics.add(&format!("{path}_sum"), help, Kind::Counter, &labels, sum);
            let help = format!("{help} (count)");
            metrics.add(&format!("{path}_count"), &help, Kind::Counter, &labels, count);
        }
    }
}

/// Seconds where the counter is a time; whole numbers stay exact.
fn scaled(value: u64, is_time: bool) -> String {
    #[expect(clippy::cast_precision_loss, reason = "times need no more than 53 bits")]
    if is_time { (value as f64 / NANOSECONDS).to_string() } else { value.to_string() }
}
