//! The real daemon with real modules: what the scenarios in `tests` and the benchmark stand on.
//!
//! A [`Setup`] says which modules and which recording; [`TestDaemon`] is a running `mgrd` in a
//! folder of its own, and takes everything with it when it is dropped.

mod ctl;
mod daemon;
pub mod grpc;
mod peer;
pub mod places;
pub mod process;
pub mod raw;
mod setup;
mod small_disk;
mod wait;

pub use ctl::{Answer, Ctl, Running};
pub use daemon::TestDaemon;
pub use peer::Peer;
pub use setup::Setup;
pub use small_disk::SmallDisk;
pub use wait::{LONG, eventually};

/// FNV-1a: no lost, doubled or swapped part of the bytes goes unnoticed.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold)
}
