//! The configuration of the supervisor.

use std::path::PathBuf;
use std::sync::Arc;

use super::folder::Runtimes;
use super::limits::Limits;
use super::run_as::Users;
use super::sandbox::Sandboxes;
use super::waiting_crashes::WaitingCrashes;
use crate::module_limits::{Limit, Settings};

/// The configuration of the supervisor.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where modules are looked for, in this order.
    pub module_path: Vec<PathBuf>,
    /// Where descriptions of modules are cached.
    pub data_dir: PathBuf,
    /// The folder for the secrets of modules that are started by hand.
    pub runtime_dir: PathBuf,
    /// The socket that modules dial.
    pub socket: PathBuf,
    /// What runs modules.
    pub runtimes: Runtimes,
    /// Environment variables for every module, in addition to those that each gets.
    pub env: Vec<(String, String)>,
    /// The users that modules run as.
    pub users: Users,
    /// The walls around modules.
    pub sandboxes: Sandboxes,
    /// Limits and timeouts.
    pub limits: Limits,
    /// The limits that other folders keep, only to be listed.
    pub other_limits: OtherLimits,
    /// The runs that ended unexpectedly and are not stored yet.
    pub crashes: Arc<WaitingCrashes>,
}

/// The limits that other folders keep, for modules that have none of their own.
#[derive(Clone, Debug, Default)]
pub struct OtherLimits {
    /// As they are.
    pub values: Settings,
    /// As they are without a configuration.
    pub defaults: Settings,
    /// The most that all modules together, or all callers, can have: no module gets more, whatever is set for it.
    pub most: Vec<Most>,
}

/// The most that a module can get.
#[derive(Clone, Debug)]
pub struct Most {
    /// Of what.
    pub limit: Limit,
    /// How much.
    pub value: u64,
    /// The limit of `mgrd` that says so.
    pub setting: &'static str,
}

/// What a module process inherits from the daemon's environment, where it is set.
pub(super) const INHERITED: [&str; 14] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];
