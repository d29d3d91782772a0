//! The real daemon with real modules; one file a promise.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

mod accessors;
mod authority;
mod bounds;
mod completion;
mod connections;
mod contract;
mod counters;
mod coverage;
mod degraded;
mod demo;
mod durability;
mod errors;
mod feed;
mod feeds;
mod folders;
mod guide;
mod guide_rust;
mod half;
mod health;
mod imports;
mod isolation;
mod large_stores;
mod lifecycle;
mod missing;
mod mons_down;
mod order;
mod orphans;
mod osdmap;
mod probe;
mod services;
mod standby;
mod standby_halves;
mod storage;
mod takeover;
mod texts;
