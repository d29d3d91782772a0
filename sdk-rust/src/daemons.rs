//! The daemons of the cluster and the hosts they run on.

use std::collections::{BTreeMap, HashMap};

use mgrd_proto::v1;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Host, HostError};

/// A host of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Server {
    /// Its name.
    pub hostname: String,
    /// The daemons on it.
    pub services: Vec<ServerDaemon>,
    /// The version of the last daemon; empty if there is none.
    #[serde(default)]
    pub ceph_version: String,
}

/// A daemon on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ServerDaemon {
    /// Its service type, such as `osd`.
    #[serde(rename = "type")]
    pub service: String,
    /// Its id inside its type.
    pub id: String,
    /// Its version; empty if it is not known.
    #[serde(default)]
    pub ceph_version: String,
}

/// One health metric of a daemon.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HealthMetric {
    /// The metric, such as `SLOW_OPS`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value.
    pub value: i64,
}

impl Host {
    /// The hosts of the cluster with the daemons on each.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn servers(&self) -> Result<Vec<Server>, HostError> {
        self.list_servers(None).await
    }

    /// One host of the cluster; a host that is not known has no daemons.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn server(&self, hostname: &str) -> Result<Server, HostError> {
        self.list_servers(Some(hostname)).await
    }

    async fn list_servers<T: DeserializeOwned>(
        &self,
        hostname: Option<&str>,
    ) -> Result<T, HostError> {
        let request = v1::ListServersRequest { hostname: hostname.map(str::to_owned) };
        let answer = self.client().list_servers(request).await?.into_inner();
        shaped("the list of servers", &answer.json)
    }

    /// A daemon's metadata, such as its `hostname`; `None` if there is no such daemon.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn metadata(
        &self,
        service: &str,
        id: &str,
    ) -> Result<Option<HashMap<String, String>>, HostError> {
        let request = v1::GetMetadataRequest { daemon: Some(key(service, id)) };
        let answer = self.client().get_metadata(request).await?.into_inner();
        Ok(answer.found.then_some(answer.metadata))
    }

    /// A daemon's status; `None` if there is no such daemon.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn daemon_status(
        &self,
        service: &str,
        id: &str,
    ) -> Result<Option<HashMap<String, String>>, HostError> {
        let request = v1::GetDaemonStatusRequest { daemon: Some(key(service, id)) };
        let answer = self.client().get_daemon_status(request).await?.into_inner();
        Ok(answer.found.then_some(answer.status))
    }

    /// The health metrics of all daemons, by names such as `osd.0`.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn daemon_health_metrics(
        &self,
    ) -> Result<BTreeMap<String, Vec<HealthMetric>>, HostError> {
        let request = v1::GetDaemonHealthMetricsRequest {};
        let answer = self.client().get_daemon_health_metrics(request).await?.into_inner();
        shaped("the health metrics", &answer.json)
    }
}

pub(crate) fn key(service: &str, id: &str) -> v1::DaemonKey {
    v1::DaemonKey { r#type: service.to_owned(), id: id.to_owned() }
}

pub(crate) fn shaped<T: DeserializeOwned>(what: &str, json: &[u8]) -> Result<T, HostError> {
    serde_json::from_slice(json).map_err(|e| HostError::shape(what, &e))
}
