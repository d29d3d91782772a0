//! The real daemon with real modules; one file a promise.

mod authority;
mod bounds;
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
