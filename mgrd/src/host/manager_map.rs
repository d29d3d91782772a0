//! The document `mgr_map`: who manages, with which modules, reachable where.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::cluster::{Cluster, stamp};
use crate::command::builtin::module::available;
use crate::module::Modules;

/// What is in the map beyond what the modules tell.
struct Facts {
    epoch: u64,
    services: BTreeMap<String, String>,
    standbys: Vec<Value>,
    /// The rest of the map as it was put last.
    last: Value,
}

/// Keeps `mgr_map` up to date. Cloning shares it.
#[derive(Clone)]
pub struct ManagerMap(Arc<Inner>);

struct Inner {
    id: String,
    gid: u64,
    since: String,
    cluster: Cluster,
    modules: Modules,
    facts: Mutex<Facts>,
}

impl ManagerMap {
    /// The map of the active manager `id`; `gid` tells its starts apart.
    #[must_use]
    pub fn new(id: &str, gid: u64, cluster: Cluster, modules: Modules) -> Self {
        let facts =
            Facts { epoch: 0, services: BTreeMap::new(), standbys: Vec::new(), last: Value::Null };
        let since = stamp(Timestamp::now());
        let facts = Mutex::new(facts);
        Self(Arc::new(Inner { id: id.to_owned(), gid, since, cluster, modules, facts }))
    }

    /// Publishes where a module serves; an empty URI hides it.
    pub fn set_uri(&self, module: &str, uri: &str) {
        let mut facts = self.0.facts.lock();
        if uri.is_empty() {
            facts.services.remove(module);
        } else {
            facts.services.insert(module.to_owned(), uri.to_owned());
        }
        self.publish(&mut facts);
    }

    /// Where a module serves; empty if nowhere.
    #[must_use]
    pub fn uri(&self, module: &str) -> String {
        self.0.facts.lock().services.get(module).cloned().unwrap_or_default()
    }

    /// Says which managers wait to take over, with the keys `gid` and `name`.
    pub fn set_standbys(&self, standbys: Vec<Value>) {
        let mut facts = self.0.facts.lock();
        facts.standbys = standbys;
        self.publish(&mut facts);
    }

    /// Puts the map anew if anything in it changed, such as a module's state.
    pub fn refresh(&self) {
        self.publish(&mut self.0.facts.lock());
    }

    fn publish(&self, facts: &mut Facts) {
        let map = self.map(facts);
        if map == facts.last {
            return;
        }
        facts.epoch += 1;
        facts.last = map.clone();
        let mut whole = json!({ "epoch": facts.epoch });
        if let (Some(whole), Value::Object(map)) = (whole.as_object_mut(), map) {
            whole.extend(map);
        }
        // A JSON value can always be written as JSON.
        let _ = self.0.cluster.put_own("mgr_map", &whole);
    }

    fn map(&self, facts: &Facts) -> Value {
        let modules = self.0.modules.list();
        let always_on: Vec<_> = modules.iter().filter(|m| m.always_on).map(|m| &m.name).collect();
        let enabled = modules.iter().filter(|m| m.enabled && !m.always_on).map(|m| &m.name);
        let running = |name: &str| modules.iter().any(|m| m.name == name && m.pid != 0);
        let services: BTreeMap<_, _> =
            facts.services.iter().filter(|(module, _)| running(module)).collect();
        json!({
            "active_gid": self.0.gid,
            "active_name": self.0.id,
            "active_addrs": { "addrvec": [] },
            "active_addr": "",
            "active_change": self.0.since,
            "active_mgr_features": 0,
            "available": true,
            "standbys": facts.standbys,
            "modules": enabled.collect::<Vec<_>>(),
            "available_modules": available(&self.0.modules),
            "services": services,
            "always_on_modules": { env!("CARGO_PKG_VERSION"): always_on },
            "last_failure_osd_epoch": 0,
            "active_clients": [],
        })
    }
}
