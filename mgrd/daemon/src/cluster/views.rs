//! What modules can ask about daemons and hosts, in the form of Ceph's module API.

use std::collections::BTreeMap;

use serde::Serialize;

use super::daemon::{DaemonId, Facts, HealthMetric};
use super::daemons::Daemons;

/// The version of a daemon that does not report one.
const UNKNOWN_VERSION: &str = "unknown";

/// A host and the daemons on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Server {
    /// The name of the host.
    pub hostname: String,
    /// Its daemons, in order.
    pub services: Vec<Service>,
    /// The version of its last daemon that reports one. Empty if no daemon does.
    pub ceph_version: String,
}

/// A daemon as listed under its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    /// The type, such as `osd`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id within the type.
    pub id: String,
    /// The version it runs. Empty if it does not report one.
    pub ceph_version: String,
    /// The value of `id` in its metadata, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The number of daemons of each version, by type. `overall` is the sum.
pub type Versions = BTreeMap<String, BTreeMap<String, u64>>;

impl Service {
    fn of(id: &DaemonId, facts: &Facts) -> Self {
        let ceph_version = facts.metadata.get("ceph_version").cloned().unwrap_or_default();
        let name = facts.metadata.get("id").cloned();
        Self { kind: id.kind.clone(), id: id.id.clone(), ceph_version, name }
    }
}

impl Daemons {
    /// All hosts with their daemons, by name.
    #[must_use]
    pub fn list_servers(&self) -> Vec<Server> {
        let mut servers = BTreeMap::<String, Server>::new();
        for (id, daemon) in self.by_id.read().iter() {
            let facts = daemon.facts.read();
            let server = servers.entry(facts.hostname.clone()).or_insert_with(|| Server {
                hostname: facts.hostname.clone(),
                ..Server::default()
            });
            server.add(Service::of(id, &facts));
        }
        servers.into_values().collect()
    }

    /// One host. An unknown host has no daemons and no version.
    #[must_use]
    pub fn get_server(&self, hostname: &str) -> Server {
        let mut server = Server { hostname: hostname.to_owned(), ..Server::default() };
        for (id, daemon) in self.by_id.read().iter() {
            let facts = daemon.facts.read();
            if facts.hostname == hostname {
                server.add(Service::of(id, &facts));
            }
        }
        server
    }

    /// The metadata of a daemon, with its host.
    #[must_use]
    pub fn metadata(&self, kind: &str, id: &str) -> Option<BTreeMap<String, String>> {
        let daemon = self.find(&DaemonId::new(kind, id))?;
        let facts = daemon.facts.read();
        let mut metadata = facts.metadata.clone();
        metadata.insert("hostname".to_owned(), facts.hostname.clone());
        Some(metadata)
    }

    /// The status of a daemon. Empty if it reports no status, `None` if it is unknown.
    #[must_use]
    pub fn status(&self, kind: &str, id: &str) -> Option<BTreeMap<String, String>> {
        let daemon = self.find(&DaemonId::new(kind, id))?;
        let status = daemon.facts.read().status.clone();
        Some(status)
    }

    /// The health metrics of all daemons, also of those that report none.
    #[must_use]
    pub fn health_metrics(&self) -> BTreeMap<DaemonId, Vec<HealthMetric>> {
        let by_id = self.by_id.read();
        by_id.iter().map(|(id, daemon)| (id.clone(), daemon.facts.read().metrics.clone())).collect()
    }

    /// The daemons of a type with their metadata and host.
    #[must_use]
    pub fn metadata_of(&self, kind: &str) -> Vec<(DaemonId, BTreeMap<String, String>)> {
        let daemons = self.select(kind, "").into_iter();
        daemons.filter_map(|(id, _)| Some((id.clone(), self.metadata(&id.kind, &id.id)?))).collect()
    }

    /// The number of daemons of each version.
    #[must_use]
    pub fn versions(&self) -> Versions {
        let mut versions = Versions::new();
        let mut overall = BTreeMap::new();
        for (id, daemon) in self.by_id.read().iter() {
            let facts = daemon.facts.read();
            let version =
                facts.metadata.get("ceph_version").map_or(UNKNOWN_VERSION, String::as_str);
            *overall.entry(version.to_owned()).or_default() += 1;
            let of_kind = versions.entry(id.kind.clone()).or_default();
            *of_kind.entry(version.to_owned()).or_default() += 1;
        }
        versions.insert("overall".to_owned(), overall);
        versions
    }
}

impl Server {
    fn add(&mut self, service: Service) {
        if !service.ceph_version.is_empty() {
            self.ceph_version.clone_from(&service.ceph_version);
        }
        self.services.push(service);
    }
}
