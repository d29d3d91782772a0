//! Runs the real daemon with real modules, for the scenarios in `tests` and for the benchmark.
//!
//! A [`Setup`] names the modules, the recording and the settings. A [`TestManager`] is a running `mgrd`
//! in a folder of its own. When it is dropped, its processes and files are gone.

mod ctl;
pub mod cycles;
mod daemon;
pub mod flood;
pub mod grpc;
mod manager;
pub mod places;
pub mod process;
pub mod raw;
mod setup;
mod shell;
mod small_disk;
mod wait;

pub use ctl::{Answer, Ctl, Running};
pub use daemon::TestManager;
pub use manager::Manager;
pub use setup::Setup;
pub use shell::SHELL;
pub use small_disk::SmallDisk;
pub use wait::{LONG, eventually};

/// FNV-1a. It changes if a part of the bytes is lost, doubled or swapped.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold)
}
