//! The limits that can be set for one module: their names, their values, and who set them.
//!
//! * `limit` is the table of these limits. `unit` reads and writes their values for people.
//! * `settings` are some limits with their values: those of a `module.toml`, or those of an operator.
//! * `own` are the settings for one module in their layers, and `registry` has those of all modules.
//!
//! This folder knows no folder that keeps a limit. Each of these declares its limits with the defaults
//! in its own `limits.rs`, and asks [`OwnLimits`] whether the module has another value.

mod error;
mod limit;
mod own;
mod registry;
mod settings;
mod unit;
pub(crate) mod written;

pub use error::LimitError;
pub use limit::Limit;
pub use own::{Origin, OwnLimits};
pub use registry::ModuleLimits;
pub use settings::{Change, Settings};
