//! The real daemon with real modules: what the scenarios in `tests` and the benchmark stand on.
//!
//! A [`Setup`] says which modules and which recording; [`TestDaemon`] is a running `mgrd` in a
//! folder of its own, and takes everything with it when it is dropped.

mod ctl;
mod daemon;
pub mod grpc;
pub mod places;
pub mod process;
mod setup;
mod wait;

pub use ctl::{Answer, Ctl, Running};
pub use daemon::TestDaemon;
pub use setup::Setup;
pub use wait::{LONG, eventually};
