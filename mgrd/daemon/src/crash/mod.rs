//! Reports of crashes: of modules that ended unexpectedly, and those that `crash post` adds.
//!
//! * `report` is one report, in the form that Ceph's tools know. `of_run` makes it from a run of a
//!   module, `posted` from the input of a client. `traceback` finds the place of a crash in what the
//!   module said last.
//! * `summary` is what is kept in memory of each report, and `retention` says which are removed.
//! * `crashes` stores the reports, and raises the health check about new ones, which `recent` writes.

mod crashes;
mod error;
mod facts;
mod limits;
mod of_run;
mod options;
mod posted;
mod recent;
mod report;
mod retention;
mod summary;
mod time;
mod traceback;

pub use crashes::Crashes;
pub use error::CrashError;
pub use facts::Facts;
pub use limits::Limits;
pub use summary::Summary;
