//! A host and its parts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use mgrd_storage::Storage;
use parking_lot::Mutex;

use super::manager_map::ManagerMap;
use super::notifications::Notifications;
use crate::cluster::{Cluster, Priority};
use crate::crash::Crashes;
use crate::feed::Feeds;
use crate::health::Health;
use crate::managers::{Managers, Role};
use crate::module::{Modules, WaitingCrashes};
use crate::options::Options;
use crate::router::Router;
use crate::store::Store;

/// The settings that modules see.
#[derive(Clone, Debug, Default)]
pub struct HostSettings {
    /// The name of this manager.
    pub id: String,
    /// The path of `ceph.conf`.
    pub ceph_conf: Option<PathBuf>,
    /// The log file.
    pub log_file: Option<PathBuf>,
    /// Whether modules may evaluate code that a client sends.
    pub allow_eval: bool,
}

/// What a host is made of.
pub struct Parts {
    /// The settings that modules see.
    pub settings: HostSettings,
    /// Active or standby.
    pub role: Role,
    /// The state of the cluster.
    pub cluster: Cluster,
    /// The health checks.
    pub health: Health,
    /// The feeds of the cluster's state.
    pub feeds: Feeds,
    /// The options.
    pub options: Options,
    /// The key/value store.
    pub store: Store,
    /// The reports of crashes.
    pub crashes: Crashes,
    /// The crashes that are not stored yet.
    pub waiting_crashes: Arc<WaitingCrashes>,
    /// The storage under the options and the store.
    pub storage: Arc<dyn Storage>,
    /// The modules.
    pub modules: Modules,
    /// What modules are notified of.
    pub notifications: Notifications,
    /// The commands.
    pub router: Router,
    /// The active manager and the standbys.
    pub managers: Managers,
}

/// One manager in one role. The calls that need more than one of its parts are methods, each in the
/// file of its subject.
pub struct Host {
    pub(super) parts: Parts,
    pub(super) manager_map: ManagerMap,
    /// On a standby: the addresses of the modules of the active manager.
    pub(super) active_services: Mutex<BTreeMap<String, String>>,
}

impl Host {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { managers, cluster, modules, .. } = &parts;
        let manager_map = ManagerMap::new(managers.clone(), cluster.clone(), modules.clone());
        let active_services = Mutex::default();
        Self { parts, manager_map, active_services }
    }

    /// Active or standby.
    #[must_use]
    pub fn role(&self) -> Role {
        self.parts.role
    }

    /// The state of the cluster.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.parts.cluster
    }

    /// The feeds of the cluster's state.
    #[must_use]
    pub fn feeds(&self) -> &Feeds {
        &self.parts.feeds
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.parts.options
    }

    /// The key/value store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// The storage under the options and the store.
    #[must_use]
    pub fn storage(&self) -> &dyn Storage {
        &*self.parts.storage
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        &self.parts.modules
    }

    /// What modules are notified of.
    #[must_use]
    pub fn notifications(&self) -> &Notifications {
        &self.parts.notifications
    }

    /// The commands.
    #[must_use]
    pub fn router(&self) -> &Router {
        &self.parts.router
    }

    /// The active manager and the standbys.
    #[must_use]
    pub fn managers(&self) -> &Managers {
        &self.parts.managers
    }

    /// The name of this manager as Ceph's commands list it, such as `mgr.x`.
    pub(super) fn daemon_name(&self) -> String {
        format!("mgr.{}", self.parts.settings.id)
    }

    /// Writes an entry of this manager into the cluster log.
    pub fn log(&self, channel: &str, priority: Priority, message: &str) {
        self.parts.feeds.write_log(&self.daemon_name(), channel, priority, message);
    }
}
