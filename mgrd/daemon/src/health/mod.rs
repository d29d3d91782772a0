//! The health of the cluster: checks of feeds, of modules and of `mgrd` itself, merged into one
//! picture, with mutes.
//!
//! A recorded or live Ceph manager reports about its own modules under codes that begin with
//! `MGR_MODULE_`. `mgrd` is the manager here and reports about the modules it runs, so what a feed
//! says under these codes is dropped.

mod check;
mod duration;
mod merged_check;
mod mute;
mod report;
mod state;

pub use check::{Check, Checks, Severity, feed_checks};
pub use duration::{InvalidDuration, age, parse_duration};
pub use merged_check::MergedCheck;
pub use mute::NotRaised;
pub use report::Report;
pub use state::{Health, Source};
