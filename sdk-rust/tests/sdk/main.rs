//! Modules on the host of a test, one file a topic.

mod cluster;
mod commands;
mod documents;
mod health;
mod life;
mod logging;
mod options;
mod progress;
mod remote;
mod standby;
mod store;
