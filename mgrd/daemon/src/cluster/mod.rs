//! The state of the managed cluster, as feeds report it: documents, daemons with their perf
//! counters, the cluster log, events and progress. Everything is in memory and shared.

mod counters;
mod daemon;
mod daemons;
mod document;
mod documents;
mod limits;
mod log;
mod perf;
mod progress;
mod ring;
mod state;
mod views;

pub use counters::{Column, Counter, CounterError, HISTORY, History, Labels, Point, Schema, kind};
pub use daemon::{DaemonId, HealthMetric};
pub use daemons::{DaemonChange, Daemons};
pub use document::{Document, Newer};
pub use documents::{Documents, OWN_DOCUMENTS, source_of};
pub use limits::Limits;
pub use log::{Event, LogEntry, Priority, stamp};
pub use perf::{LatestRow, PerfCounters, PerfSchemas};
pub use progress::{Progress, ProgressError, ProgressEvent};
pub use ring::Ring;
pub use state::Cluster;
pub use views::{Server, Service, Versions};
