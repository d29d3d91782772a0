//! A host for cluster-manager modules, each in a process of its own.
//!
//! One folder per noun of `docs/architecture.md`; dependencies point one way:
//! `rpc → builtin, module → cluster, options, store, health → storage`.

#![expect(
    unreachable_pub,
    reason = "`pub` is the face that a folder shows to the others; that of the crate is here"
)]

mod authority;
mod builtin;
mod cluster;
mod commit_errno;
mod config;
mod feed;
mod flood;
mod health;
mod host;
mod log_lines;
mod log_writer;
mod logging;
mod manager;
mod managers;
mod memory;
mod message_bytes;
mod metrics;
mod module;
mod options;
mod program;
mod router;
mod rpc;
mod seconds;
mod store;
mod text;
mod tools;
mod write;

pub use program::main;
