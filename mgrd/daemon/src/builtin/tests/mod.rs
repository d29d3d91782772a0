//! What users see of all built-in commands together.

pub(crate) mod answers;
mod complete;
pub(crate) mod harness;
mod pages;
mod worker;
