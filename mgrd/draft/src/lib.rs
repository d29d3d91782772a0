//! A file that gets its name only when it is complete.
//!
//! A reader finds all of it or nothing, even if the writer is killed at any moment or the power
//! fails. An existing file is replaced only if its writer asks for that.

mod draft;
mod error;
mod leftovers;
mod unnamed;

pub use draft::Draft;
pub use error::DraftError;
