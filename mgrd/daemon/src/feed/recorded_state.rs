//! The daemons of a recording, from the folder `state` next to it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::recording::{LineError, RecordingError};
use crate::cluster::{Counter, DaemonChange, DaemonId, HealthMetric};

/// The content of the folder.
#[derive(Debug, Default)]
pub(super) struct RecordedState {
    pub(super) daemons: Vec<RecordedDaemon>,
    pub(super) version: String,
    pub(super) release_name: String,
}

/// One daemon at the time of the recording.
#[derive(Debug)]
pub(super) struct RecordedDaemon {
    pub(super) id: DaemonId,
    pub(super) change: DaemonChange,
    /// The last values of its counters, if they were recorded.
    pub(super) row: Option<Row>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub(super) stamp: f64,
    pub(super) values: Vec<u64>,
    pub(super) counts: Vec<u64>,
}

#[derive(Deserialize)]
struct Valued {
    value: u64,
    #[serde(default)]
    count: u64,
}

type ByDaemon<T> = BTreeMap<String, T>;
type Texts = BTreeMap<String, String>;

impl RecordedState {
    /// Reads the folder. A missing folder or file is not an error; an invalid file is one.
    pub(super) fn load(folder: &Path) -> Result<Self, RecordingError> {
        let metadata: ByDaemon<Texts> = read(folder, "get_metadata")?;
        let mut status: ByDaemon<Texts> = read(folder, "get_daemon_status")?;
        let mut metrics: ByDaemon<Vec<HealthMetric>> = read(folder, "get_daemon_health_metrics")?;
        let mut schemas: ByDaemon<IndexMap<String, Counter>> = read(folder, "get_perf_schema")?;
        let mut rows: ByDaemon<BTreeMap<String, Valued>> = read(folder, "get_all_perf_counters")?;
        let stamp = recorded_stamp(folder)?;
        let mut daemons = Vec::new();
        for (name, mut metadata) in metadata {
            let id = name.parse::<DaemonId>();
            let path = || file(folder, "get_metadata");
            let id = id.map_err(|source| RecordingError::Daemon { path: path(), source })?;
            let schema = schemas.remove(&name).map(|counters| {
                counters.into_iter().map(|(path, counter)| Counter { path, ..counter }).collect()
            });
            let row = rows.remove(&name).map(|row| pack(schema.as_deref(), &row, stamp));
            let change = DaemonChange {
                hostname: metadata.remove("hostname"),
                metadata: Some(metadata),
                status: status.remove(&name),
                schema,
                health_metrics: metrics.remove(&name),
            };
            daemons.push(RecordedDaemon { id, change, row });
        }
        let version = read(folder, "version")?;
        Ok(Self { daemons, version, release_name: read(folder, "release_name")? })
    }
}

/// The values in the order of the schema. A counter that was not recorded is 0.
fn pack(schema: Option<&[Counter]>, row: &BTreeMap<String, Valued>, stamp: f64) -> Row {
    let mut packed = Row { stamp, values: Vec::new(), counts: Vec::new() };
    for counter in schema.unwrap_or_default() {
        let valued = row.get(&counter.path);
        packed.values.push(valued.map_or(0, |valued| valued.value));
        if counter.is_average() {
            packed.counts.push(valued.map_or(0, |valued| valued.count));
        }
    }
    packed
}

/// The time of the counters. The recording has the time of only one daemon, which is used for all. 0
/// if there is none.
fn recorded_stamp(folder: &Path) -> Result<f64, RecordingError> {
    let latest: BTreeMap<String, Vec<f64>> = read(folder, "get_latest_counter")?;
    Ok(latest.values().find_map(|point| point.first().copied()).unwrap_or_default())
}

fn read<T: DeserializeOwned + Default>(folder: &Path, name: &str) -> Result<T, RecordingError> {
    let path = file(folder, name);
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).map_err(|error| {
            let (line, source) = (error.line(), LineError::State(error));
            RecordingError::Line { path, line, source }
        }),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(source) => Err(RecordingError::File { path, source }),
    }
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension("json")
}
