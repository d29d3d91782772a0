//! The settings of `mgrd`: a flag beats the environment, that beats the file, that the default.

mod file;
mod limits;
mod paths;
mod settings;

pub use file::{ConfigError, ConfigFile};
pub use limits::{ClientLimits, Limits};
pub use paths::{PrivateSocket, default_data_dir, default_socket, private_sockets};
pub use settings::{Cli, LogFormat, Settings, StorageAction, Tool};
