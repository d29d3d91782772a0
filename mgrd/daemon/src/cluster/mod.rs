//! The state of the managed cluster, as feeds report it: documents, daemons with their perf
//! counters, the cluster log, events and progress. All of it is in memory.

mod counters;
mod daemon;
mod daemons;
mod document;
mod documents;
mod limits;
mod log;
mod osd_summary;
mod perf;
mod progress;
mod ring;
mod state;
mod views;

pub use counters::{Counter, CounterError, HISTORY, Point};
pub use daemon::{DaemonId, HealthMetric, NotADaemon};
pub use daemons::{DaemonChange, Daemons};
pub use document::Newer;
pub use documents::{OWN_DOCUMENTS, source_of};
pub use limits::Limits;
pub use log::{Event, LogEntry, Priority, stamp};
pub use progress::{ProgressError, ProgressEvent};
pub use state::Cluster;
