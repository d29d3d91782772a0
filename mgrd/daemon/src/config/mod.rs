//! The settings of `mgrd`: a flag beats the environment, that beats the file, that the default.

mod data_dir;
mod file;
mod limits;
mod settings;

pub use file::{ConfigError, ConfigFile};
pub use limits::{ClientLimits, Limits};
pub use settings::{Cli, LogFormat, Settings, StorageAction, Tool};
