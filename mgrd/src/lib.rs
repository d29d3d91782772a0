//! A host for cluster-manager modules, each in a process of its own.
//!
//! One folder per noun of `docs/architecture.md`; dependencies point one way:
//! `rpc → command, module → cluster, options, store, health → storage`.

pub mod cluster;
pub mod command;
pub mod ctl;
pub mod feed;
pub mod health;
pub mod module;
pub mod options;
pub mod storage;
pub mod store;
