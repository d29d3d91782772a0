//! The settings of `mgrd`. The first of these counts: flag, environment, file, default.

mod command_line_error;
mod data_dir;
mod error;
mod file;
mod limits;
mod log_format;
mod log_level;
mod module_limits;
mod plain_words;
mod settings;
mod values;

pub use error::ConfigError;
pub use log_format::LogFormat;
pub use settings::{Cli, Settings, StorageAction, Tool};
