//! A host for cluster-manager modules, each in a process of its own.
//!
//! One folder per noun of `docs/architecture.md`; dependencies point one way:
//! `rpc → builtin, module → cluster, options, store, health → storage`.

pub mod builtin;
pub mod cluster;
mod commit_errno;
pub mod config;
pub mod election;
pub mod feed;
pub mod health;
pub mod host;
mod log_writer;
pub mod logging;
pub mod manager;
pub mod metrics;
pub mod module;
pub mod options;
pub mod router;
pub mod rpc;
mod seconds;
pub mod store;
mod text;
pub mod tools;
