//! What a module tells the cluster, asks it to do, and asks about its daemons.

use std::collections::HashMap;

use bytes::Bytes;
use mgrd_proto::v1;
use serde_json::Value;

use crate::{HealthCheck, Host, HostError};

/// How a command ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// 0, or a negative errno.
    pub retval: i32,
    /// The output.
    pub stdout: Bytes,
    /// Status or error text for people.
    pub stderr: String,
}

impl Outcome {
    /// Success with this output.
    pub fn output(stdout: impl Into<Bytes>) -> Self {
        Self { stdout: stdout.into(), ..Self::default() }
    }
}

impl From<v1::CommandOutcome> for Outcome {
    fn from(outcome: v1::CommandOutcome) -> Self {
        let v1::CommandOutcome { retval, stdout, stderr } = outcome;
        Self { retval, stdout, stderr }
    }
}

impl From<Outcome> for v1::CommandOutcome {
    fn from(outcome: Outcome) -> Self {
        let Outcome { retval, stdout, stderr } = outcome;
        Self { retval, stdout, stderr }
    }
}

/// Who should run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the cluster")]
pub enum Target<'a> {
    Mon,
    Osd(&'a str),
    Mds(&'a str),
    Pg(&'a str),
    /// `mgrd` itself and its modules.
    Mgr,
}

/// How important a line of the cluster log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the cluster log")]
pub enum LogPriority {
    Debug,
    Info,
    Security,
    Warning,
    Error,
}

impl Host {
    /// Replaces this module's whole set of health checks; an empty set clears it.
    ///
    /// # Errors
    /// The host refuses one of them, or cannot be reached.
    pub async fn set_health_checks(
        &self,
        checks: impl IntoIterator<Item = HealthCheck>,
    ) -> Result<(), HostError> {
        let checks = checks.into_iter().map(Into::into).collect();
        self.client().set_health_checks(v1::SetHealthChecksRequest { checks }).await?;
        self.inner.documents.distrust();
        Ok(())
    }

    /// Publishes where this module serves, such as `http://10.0.0.1:8080/`; nothing hides it.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn set_uri(&self, uri: impl Into<String>) -> Result<(), HostError> {
        self.client().set_uri(v1::SetUriRequest { uri: uri.into() }).await?;
        self.inner.documents.distrust();
        Ok(())
    }

    /// Adds a line to the cluster log, in a channel such as `cluster` or `audit`.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn cluster_log(
        &self,
        channel: &str,
        priority: LogPriority,
        message: impl Into<String>,
    ) -> Result<(), HostError> {
        let priority = match priority {
            LogPriority::Debug => v1::LogPriority::Debug,
            LogPriority::Info => v1::LogPriority::Info,
            LogPriority::Security => v1::LogPriority::Security,
            LogPriority::Warning => v1::LogPriority::Warning,
            LogPriority::Error => v1::LogPriority::Error,
        };
        let entry = v1::ClusterLogEntry {
            channel: channel.to_owned(),
            priority: priority.into(),
            message: message.into(),
            ..Default::default()
        };
        self.client().cluster_log(v1::ClusterLogRequest { entry: Some(entry) }).await?;
        Ok(())
    }

    /// Creates or moves a progress event; `progress` is from 0 to 1.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn update_progress(
        &self,
        id: &str,
        message: &str,
        progress: f32,
    ) -> Result<(), HostError> {
        let request = v1::UpdateProgressRequest {
            id: id.to_owned(),
            message: message.to_owned(),
            progress,
            add_to_status: true,
        };
        self.client().update_progress(request).await?;
        Ok(())
    }

    /// Ends a progress event.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn complete_progress(&self, id: &str) -> Result<(), HostError> {
        self.client().complete_progress(v1::CompleteProgressRequest { id: id.to_owned() }).await?;
        Ok(())
    }

    /// Runs a command (a JSON object with `prefix` and arguments) and waits for its end. A failing
    /// command is an answer, not an error.
    ///
    /// # Errors
    /// The host cannot be reached, or nobody can run commands for this target.
    pub async fn send_command(
        &self,
        target: Target<'_>,
        command: &Value,
        input: impl Into<Bytes>,
    ) -> Result<Outcome, HostError> {
        let (target_type, target_id) = match target {
            Target::Mon => ("mon", ""),
            Target::Osd(id) => ("osd", id),
            Target::Mds(id) => ("mds", id),
            Target::Pg(id) => ("pg", id),
            Target::Mgr => ("mgr", ""),
        };
        let request = v1::SendCommandRequest {
            target_type: target_type.to_owned(),
            target_id: target_id.to_owned(),
            command: command.to_string().into(),
            input: input.into(),
            ..Default::default()
        };
        let answer = self.client().send_command(request).await?.into_inner();
        self.inner.documents.distrust();
        Ok(answer.outcome.unwrap_or_default().into())
    }

    /// The hosts of the cluster with the daemons on each: a list of
    /// `{hostname, services, ceph_version}`.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn servers(&self) -> Result<Value, HostError> {
        let answer = self.client().list_servers(v1::ListServersRequest::default()).await?;
        json("the list of servers", &answer.into_inner().json)
    }

    /// A daemon's metadata; `None` if there is no such daemon.
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

    /// An option of the cluster as this manager sees it, or as `entity` (such as `osd.3`) does.
    ///
    /// # Errors
    /// There is no such option, or the host cannot be reached.
    pub async fn ceph_option(&self, key: &str, entity: Option<&str>) -> Result<Value, HostError> {
        let entity = entity.unwrap_or_default().to_owned();
        let request = v1::GetCephOptionRequest { key: key.to_owned(), entity };
        let answer = self.client().get_ceph_option(request).await?;
        json("the option", &answer.into_inner().value)
    }
}

fn key(service: &str, id: &str) -> v1::DaemonKey {
    v1::DaemonKey { r#type: service.to_owned(), id: id.to_owned() }
}

fn json(what: &str, text: &[u8]) -> Result<Value, HostError> {
    serde_json::from_slice(text).map_err(|e| HostError::shape(what, &e))
}
