//! The document `mgr_map`: the managers, their modules, and the addresses of these.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use crate::authority::RunIdentity;
use crate::cluster::{Cluster, stamp};
use crate::managers::Managers;
use crate::module::Modules;

/// After the map was published, changes of addresses gather for so long. To build it costs more than
/// the call that changes an address, which a module can repeat as it likes.
const PAUSE: Duration = Duration::from_millis(50);

/// What is in the map beside the managers and the declarations of modules.
struct Facts {
    epoch: u64,
    /// The number of changes of the addresses.
    changes: u64,
    services: BTreeMap<String, Service>,
    /// The map as it was published last, without its epoch.
    last: Value,
}

/// The address of a module.
struct Service {
    uri: String,
    /// The process that gave it. It is removed when that process ends.
    from: RunIdentity,
}

/// Keeps `mgr_map` up to date. Cloning shares it.
#[derive(Clone)]
pub struct ManagerMap(Arc<Inner>);

struct Inner {
    managers: Managers,
    since: String,
    cluster: Cluster,
    modules: Modules,
    facts: Mutex<Facts>,
    changed: Notify,
    /// How many changes of the addresses are published.
    published: watch::Sender<u64>,
}

impl ManagerMap {
    /// The map of these managers and modules.
    #[must_use]
    pub fn new(managers: Managers, cluster: Cluster, modules: Modules) -> Self {
        let facts = Facts { epoch: 0, changes: 0, services: BTreeMap::new(), last: Value::Null };
        let since = stamp(Timestamp::now());
        let (facts, changed) = (Mutex::new(facts), Notify::new());
        let published = watch::Sender::new(0);
        Self(Arc::new(Inner { managers, since, cluster, modules, facts, changed, published }))
    }

    /// Publishes the address of a module until the process that gave it ends. An empty address
    /// removes it. When this returns, readers of the map see it.
    pub async fn set_uri(&self, from: RunIdentity, uri: &str) {
        let change = {
            let mut facts = self.0.facts.lock();
            if uri.is_empty() {
                facts.services.remove(&from.module);
            } else {
                let service = Service { uri: uri.to_owned(), from };
                facts.services.insert(service.from.module.clone(), service);
            }
            facts.changes += 1;
            facts.changes
        };
        self.0.changed.notify_one();
        // It cannot fail: this value has the sender.
        let _ = self.0.published.subscribe().wait_for(|published| *published >= change).await;
    }

    /// The address of each module that serves.
    #[must_use]
    pub fn services(&self) -> BTreeMap<String, String> {
        let mut facts = self.0.facts.lock();
        self.services_now(&mut facts)
    }

    fn services_now(&self, facts: &mut Facts) -> BTreeMap<String, String> {
        facts.services.retain(|_, service| self.0.modules.is_live(&service.from));
        facts.services.iter().map(|(module, s)| (module.clone(), s.uri.clone())).collect()
    }

    /// Publishes the map at once, because something in it may have changed, such as a module's state.
    /// The address of a module that has ended is no longer in it.
    pub fn refresh(&self) {
        self.publish(&mut self.0.facts.lock());
    }

    /// Publishes changes of addresses: the first at once, and those that soon follow it together.
    pub async fn keep(&self) {
        loop {
            self.0.changed.notified().await;
            let changes = {
                let mut facts = self.0.facts.lock();
                self.publish(&mut facts);
                facts.changes
            };
            self.0.published.send_replace(changes);
            sleep(PAUSE).await;
        }
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

    fn map(&self, facts: &mut Facts) -> Value {
        let modules = self.0.modules.list();
        let enabled = modules.iter().filter(|m| m.enabled).map(|m| &m.name);
        let active = self.0.managers.active();
        let standbys = self.0.managers.standbys().into_iter().map(|manager| {
            json!({
                "gid": manager.gid,
                "name": manager.id,
                "mgr_features": 0,
                "available_modules": manager.available_modules,
            })
        });
        json!({
            "active_gid": active.gid,
            "active_name": active.id,
            "active_addrs": { "addrvec": [] },
            "active_addr": "",
            "active_change": self.0.since,
            "active_mgr_features": 0,
            "available": true,
            "standbys": standbys.collect::<Vec<_>>(),
            "modules": enabled.collect::<Vec<_>>(),
            "available_modules": self.0.modules.available(),
            "services": self.services_now(facts),
            "always_on_modules": { env!("CARGO_PKG_VERSION"): [] },
            "last_failure_osd_epoch": 0,
            "active_clients": [],
        })
    }
}
