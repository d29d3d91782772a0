//! The facts that a module reads without a call.

use std::path::Path;

use serde_json::Value;

use super::metadata::hostname;
use super::parts::Host;

/// The facts that a module reads without a call. Each change of one of them is sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constants {
    /// The name of this manager.
    pub mgr_id: String,
    /// The name of this machine.
    pub hostname: String,
    /// The version of the cluster, or of `mgrd` if no feed says it.
    pub version: String,
    /// The name of that release.
    pub release_name: String,
    /// The addresses of the manager.
    pub mgr_ips: Vec<String>,
    /// The path of `ceph.conf`; empty if there is none.
    pub ceph_conf: String,
    /// The log level of this manager, such as `2/5`.
    pub debug_mgr: String,
    /// The log file; empty if there is none.
    pub log_file: String,
    /// Whether the state of the cluster is fresh.
    pub have_mon_connection: bool,
    /// The address of the module on the active manager; empty if it has none.
    pub active_uri: String,
    /// Whether modules may evaluate code that a client sends.
    pub allow_eval: bool,
}

impl Host {
    /// The constants of a module.
    #[must_use]
    pub fn constants(&self, module: &str) -> Constants {
        let settings = &self.parts.settings;
        let own = || (format!("mgrd {}", env!("CARGO_PKG_VERSION")), "mgrd".to_owned());
        let (version, release_name) = self.parts.feeds.cluster_version().unwrap_or_else(own);
        let ips = self.parts.cluster.value("mgr_ips");
        let ips = ips["ips"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Constants {
            mgr_id: settings.id.clone(),
            hostname: hostname(),
            version,
            release_name,
            mgr_ips: ips.map(str::to_owned).collect(),
            ceph_conf: text(settings.ceph_conf.as_deref()),
            debug_mgr: self.debug_level(),
            log_file: text(settings.log_file.as_deref()),
            have_mon_connection: self.parts.feeds.is_fresh(),
            active_uri: self.services().remove(module).unwrap_or_default(),
            allow_eval: settings.allow_eval,
        }
    }
}

fn text(path: Option<&Path>) -> String {
    path.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default()
}
