//! Tests with real processes.

mod describing;
pub(crate) mod harness;
mod life;
mod limiting;
mod orphans;
pub(crate) mod samples;
mod sessions;
mod shutdown;
