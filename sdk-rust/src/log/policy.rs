//! Where the options send log records.

use std::path::PathBuf;

use mgrd_proto::v1::OptionSchema;
use tracing_subscriber::filter::LevelFilter;

use crate::Host;

const LEVELS: [&str; 6] = ["debug", "info", "warning", "error", "critical", ""];

/// Where the options send log records.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogPolicy {
    /// The lowest level that is logged to the host or the file.
    pub(super) level: LevelFilter,
    /// The file that receives the records instead of the host.
    pub(super) file: Option<PathBuf>,
    /// The options ask for a file, but the manager has no log file, so that there is no folder.
    pub(super) file_is_missing: bool,
    /// The lowest level that also goes to the cluster log.
    pub(super) cluster: LevelFilter,
}

impl Default for LogPolicy {
    fn default() -> Self {
        let (level, cluster) = (LevelFilter::INFO, LevelFilter::OFF);
        Self { level, file: None, file_is_missing: false, cluster }
    }
}

impl LogPolicy {
    /// The policy that the options now describe. A standby has no file and no cluster log.
    pub(crate) fn of(host: &Host, is_standby: bool) -> Self {
        let constants = host.constants().get();
        let is_on = |key| !is_standby && host.option(key).as_deref() == Some("true");
        let to_file = is_on("log_to_file");
        let file = file(&constants.log_file, host.module()).filter(|_| to_file);
        let level = named(&host.option("log_level").unwrap_or_default());
        let cluster = || named(&host.option("log_to_cluster_level").unwrap_or_default());
        Self {
            level: level.unwrap_or_else(|| of_manager(&constants.debug_mgr)),
            file_is_missing: to_file && file.is_none(),
            file,
            cluster: match is_on("log_to_cluster") {
                true => cluster().unwrap_or(LevelFilter::INFO),
                false => LevelFilter::OFF,
            },
        }
    }

    /// The lowest level that any of them takes.
    pub(super) fn lowest(&self) -> LevelFilter {
        self.level.max(self.cluster)
    }
}

/// The level of this name in the options; `None` for the empty name. The highest level of
/// `tracing` is an error, so `critical` lets no record through.
fn named(level: &str) -> Option<LevelFilter> {
    match level {
        "debug" => Some(LevelFilter::DEBUG),
        "info" => Some(LevelFilter::INFO),
        "warning" => Some(LevelFilter::WARN),
        "error" => Some(LevelFilter::ERROR),
        "critical" => Some(LevelFilter::OFF),
        _ => None,
    }
}

/// The level that corresponds to the manager's own, such as `2/5`.
fn of_manager(debug_mgr: &str) -> LevelFilter {
    let level = debug_mgr.split('/').next().and_then(|level| level.parse().ok());
    match level.unwrap_or(0) {
        i32::MIN..=0 => LevelFilter::OFF,
        1 => LevelFilter::WARN,
        2..=4 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    }
}

/// The module's file beside the manager's: `mgr.x.log` gives `mgr.x.hello.log`.
fn file(log_file: &str, module: &str) -> Option<PathBuf> {
    let stem = log_file.strip_suffix(".log").unwrap_or(log_file);
    (!log_file.is_empty()).then(|| format!("{stem}.{module}.log").into())
}

/// The options that every module has.
pub(crate) fn options() -> [OptionSchema; 4] {
    let option = |name: &str, kind: &str, default: &str, desc: &str| OptionSchema {
        name: name.to_owned(),
        r#type: kind.to_owned(),
        default_value: Some(default.to_owned()),
        desc: desc.to_owned(),
        runtime: true,
        ..Default::default()
    };
    let level = |name, default, desc| OptionSchema {
        enum_allowed: LEVELS.map(str::to_owned).to_vec(),
        ..option(name, "str", default, desc)
    };
    [
        level("log_level", "", "lowest level logged; empty means the manager's level"),
        option("log_to_file", "bool", "false", "log to a file of the module's own"),
        option("log_to_cluster", "bool", "false", "log to the cluster log too"),
        level("log_to_cluster_level", "info", "lowest level sent to the cluster log"),
    ]
}

#[cfg(test)]
mod tests;
