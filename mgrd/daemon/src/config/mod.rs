//! The settings of `mgrd`. The first of these counts: flag, environment, file, default.

mod data_dir;
mod error;
mod file;
mod limits;
mod log_format;
mod module_limits;
mod settings;

pub use error::ConfigError;
pub use log_format::LogFormat;
pub use settings::{Cli, Settings, StorageAction, Tool};
