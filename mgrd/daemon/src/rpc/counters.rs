//! The perf counters that modules read.

use std::collections::HashSet;

use mgrd_proto::v1;

use super::convert;
use crate::cluster::{DaemonId, Daemons, Point};

/// The history of one counter.
pub(super) fn points(daemons: &Daemons, request: v1::GetCounterRequest) -> v1::GetCounterResponse {
    let v1::GetCounterRequest { daemon, path, most, labels } = request;
    let (daemon, labels) = (convert::daemon_id(daemon), labels.into_iter().collect());
    let mut points = daemons.counter(&daemon.kind, &daemon.id, &path, &labels);
    if most > 0 && points.len() > most as usize {
        points.drain(..points.len() - most as usize);
    }
    let has_count = points.iter().any(|point| point.count.is_some());
    let point = |p: Point| v1::CounterPoint {
        time: p.t,
        value: p.value,
        count: p.count.unwrap_or_default(),
    };
    v1::GetCounterResponse { points: points.into_iter().map(point).collect(), has_count }
}

/// The latest counters, with the schemas that the caller does not have.
pub(super) fn latest(
    daemons: &Daemons,
    request: &v1::GetPerfCountersRequest,
) -> v1::GetPerfCountersResponse {
    let types = &request.types;
    let wanted = |id: &DaemonId| types.is_empty() || types.contains(&id.kind);
    let rows = match request.daemon.clone() {
        Some(key) => daemons.latest_row(&convert::daemon_id(Some(key))).into_iter().collect(),
        None => daemons.latest_rows(wanted),
    };
    let mut known: HashSet<u64> = request.known_schemas.iter().copied().collect();
    let mut response = v1::GetPerfCountersResponse::default();
    for (id, schema, time, row) in rows {
        let schema_id = schema.id();
        if known.insert(schema_id) {
            let counters = schema.counters().iter().map(convert::counter_schema).collect();
            response.schemas.push(v1::PerfSchema { id: schema_id, counters });
        }
        let (values, counts) = row.split_at(schema.counters().len().min(row.len()));
        response.daemons.push(v1::PackedCounters {
            daemon: Some(convert::daemon_key(&id)),
            schema_id,
            time,
            values: values.to_vec(),
            counts: counts.to_vec(),
        });
    }
    response
}
