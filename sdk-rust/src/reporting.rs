//! What a module reports to the operator.

use mgrd_proto::v1;

use crate::{HealthCheck, Host, HostError};

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

impl From<LogPriority> for v1::LogPriority {
    fn from(priority: LogPriority) -> Self {
        match priority {
            LogPriority::Debug => Self::Debug,
            LogPriority::Info => Self::Info,
            LogPriority::Security => Self::Security,
            LogPriority::Warning => Self::Warning,
            LogPriority::Error => Self::Error,
        }
    }
}

impl Host {
    /// Replaces this module's whole set of health checks; an empty set clears it.
    ///
    /// A check describes the cluster, not the module. It stays when the module restarts, until the
    /// set is replaced or the module is disabled.
    ///
    /// # Errors
    /// The host refuses one of them, or cannot be reached.
    pub async fn set_health_checks(
        &self,
        checks: impl IntoIterator<Item = HealthCheck>,
    ) -> Result<(), HostError> {
        let checks = checks.into_iter().map(Into::into).collect();
        self.client().set_health_checks(v1::SetHealthChecksRequest { checks }).await?;
        self.inner.documents.mark_stale();
        Ok(())
    }

    /// Publishes the URI of this module, such as `http://10.0.0.1:8080/`, for `mgr services` and
    /// for the standbys. An empty text removes it.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn set_uri(&self, uri: impl Into<String>) -> Result<(), HostError> {
        self.client().set_uri(v1::SetUriRequest { uri: uri.into() }).await?;
        self.inner.documents.mark_stale();
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
        let entry = v1::ClusterLogEntry {
            channel: channel.to_owned(),
            priority: v1::LogPriority::from(priority).into(),
            message: message.into(),
            ..Default::default()
        };
        self.client().cluster_log(v1::ClusterLogRequest { entry: Some(entry) }).await?;
        Ok(())
    }
}
