//! Tests with real processes.

mod describing;
mod harness;
mod life;
mod orphans;
