//! Options: named, typed settings in layers, kept in storage under `config/<section>/<name>`.
//!
//! A module's option is named `mgr/<module>/<option>`, or `mgr/<module>/<mgr id>/<option>` for one
//! manager only. The more specific section wins: `global`, then `mgr`, then `mgr.<id>`.

mod changes;
mod effective;
mod error;
mod expected;
mod handle;
mod history;
mod limits;
mod quota;
mod schema;
mod schemas;
mod section;
mod value;

#[cfg(test)]
mod tests;

pub use changes::{OptionChanges, OptionEvent};
pub use effective::{Effective, Setting};
pub use error::OptionError;
pub use handle::{Assignment, Options};
pub use history::Revision;
pub use limits::Limits;
pub use schema::{Level, OptionSchema, OptionType};
pub use schemas::{Schemas, is_managers_own};
pub use section::Section;
