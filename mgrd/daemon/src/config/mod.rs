//! The settings of `mgrd`: a flag beats the environment, that beats the file, that the default.

mod data_dir;
mod error;
mod file;
mod limits;
mod log_format;
mod settings;

pub use error::ConfigError;
pub use limits::{ClientLimits, ConnectionLimits, Limits};
pub use log_format::LogFormat;
pub use settings::{Cli, Settings, StorageAction, Tool};
