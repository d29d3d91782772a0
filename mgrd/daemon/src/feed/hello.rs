//! How a feed introduces itself.

use std::time::Duration;

/// The first message of a feed.
#[derive(Clone, Debug, Default)]
pub struct Hello {
    /// The feed's name, such as `ceph`.
    pub name: String,
    /// Whether the feed runs commands on the cluster.
    pub commands: bool,
    /// The version text of the cluster. Empty if the cluster has none.
    pub cluster_version: String,
    /// The release name of the cluster. Empty if the cluster has none.
    pub release_name: String,
    /// A connected feed is stale when it sends nothing for this long. `None`: it is never stale.
    pub stale_after: Option<Duration>,
}
