//! The health of the cluster: the checks of feeds, of modules and of `mgrd` itself, merged into one
//! report, with mutes.
//!
//! A Ceph manager reports about its own modules with codes that begin with `MGR_MODULE_`. Here the
//! manager is `mgrd`, and it reports about the modules that it runs. So it drops checks of a feed
//! with such codes.

mod bounded;
mod check;
mod duration;
mod merged_check;
mod mute;
mod report;
mod state;

pub use check::{Check, Checks, Severity, feed_checks};
pub use duration::{InvalidDuration, age, parse_duration, span};
pub use merged_check::MergedCheck;
pub use mute::NotMuted;
pub use report::Report;
pub use state::{Health, Source};
