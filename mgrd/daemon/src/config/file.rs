//! The configuration file `mgrd.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::ConfigError;
use super::limits::Limits;
use super::log_format::LogFormat;
use super::log_level::LogLevel;

/// The keys of `mgrd.toml`: one for each flag of the command line, and the limits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--id`
    pub id: Option<String>,
    /// `--socket`
    pub socket: Option<PathBuf>,
    /// `--module-path`, folders separated by `:`
    pub module_path: Option<String>,
    /// `--initial-modules`, names separated by `,`
    pub initial_modules: Option<String>,
    /// `--replay`
    pub replay: Option<PathBuf>,
    /// `--replay-speed`
    pub replay_speed: Option<f64>,
    /// `--replay-loop`
    pub replay_loop: Option<bool>,
    /// `--python`
    pub python: Option<PathBuf>,
    /// `--log-format`
    pub log_format: Option<LogFormat>,
    /// `--log-level`
    pub log_level: Option<LogLevel>,
    /// `--log-file`
    pub log_file: Option<PathBuf>,
    /// `--metrics`, an address such as `127.0.0.1:9284`
    pub metrics: Option<std::net::SocketAddr>,
    /// `--ceph-conf`
    pub ceph_conf: Option<PathBuf>,
    /// `--allow-eval`
    pub allow_eval: Option<bool>,
    /// `--run-as`
    pub run_as: Option<String>,
    /// `--sandbox`
    pub sandbox: Option<Vec<String>>,
    /// `[modules.NAME]`: what is set for single modules. No flag sets it.
    pub modules: BTreeMap<String, OneModule>,
    /// `[limits]`. No flag sets them.
    pub limits: Limits,
}

/// `[modules.NAME]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OneModule {
    /// The user that it runs as.
    pub run_as: Option<String>,
    /// The walls around it.
    pub sandbox: Option<Vec<String>>,
}

impl ConfigFile {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Self::parse(&text)
            .map_err(|why| ConfigError::Parse { path: path.to_owned(), source: Box::new(why) })
    }

    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests;
