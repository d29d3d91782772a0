//! The settings of `mgrd`: a flag beats the environment, that beats the file, that the default.

mod data_dir;
mod file;
mod limits;
mod settings;

pub use file::ConfigError;
pub use limits::{ClientLimits, ConnectionLimits, Limits};
pub use settings::{Cli, LogFormat, Settings, StorageAction, Tool};
