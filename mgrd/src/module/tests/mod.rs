//! Tests with real processes.

mod harness;
mod life;
