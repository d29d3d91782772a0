//! The real daemon with real modules; one file a promise.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

mod authority;
mod bounds;
mod completion;
mod contract;
mod demo;
mod durability;
mod errors;
mod feeds;
mod guide;
mod isolation;
mod lifecycle;
mod order;
mod orphans;
mod storage;
