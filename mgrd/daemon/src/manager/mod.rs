//! The life of `mgrd`: from its settings to its end.
//!
//! `life` is the loop: wait until elected, lead, and again. Each role is one `term`, with a runtime
//! of its own, so that nothing of it outlives it; `standby` and `active` say what happens in one,
//! `assembly` puts the parts of both together.

mod active;
mod assembly;
mod error;
mod life;
mod place;
mod signals;
mod standby;
mod term;

pub use life::run;
