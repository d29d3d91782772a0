//! A host for cluster-manager modules, each in its own process.
//!
//! One folder for each noun of `docs/architecture.md`, whose picture shows the dependencies. They
//! point one way.

#![expect(
    unreachable_pub,
    reason = "`pub` is the face that a folder shows to the others; that of the crate is here"
)]

mod authority;
mod builtin;
mod cluster;
mod commit_errno;
mod config;
mod crash;
mod descriptors;
mod feed;
mod health;
mod host;
mod limits;
mod limits_reached;
mod log_lines;
mod log_writer;
mod logging;
mod manager;
mod managers;
mod memory;
mod message_bytes;
mod metered;
mod metrics;
mod module;
mod module_limits;
mod options;
mod pace;
mod positive;
mod program;
mod rate_limit;
mod router;
mod rpc;
mod seconds;
mod store;
mod text;
mod tools;
mod working_on;
mod write;

pub use program::main;
