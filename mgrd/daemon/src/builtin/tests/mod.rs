//! What users see of all built-in commands together.

mod complete;
pub(crate) mod harness;
mod pages;
