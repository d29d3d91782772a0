//! Facts about this manager and its cluster.

use std::path::PathBuf;

use mgrd_proto::v1;

/// Facts about this manager and its cluster, read without asking the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constants {
    /// This manager's name, such as `x`.
    pub mgr_id: String,
    /// The host name of this machine.
    pub hostname: String,
    /// The version text of the cluster, or that of `mgrd` if no feed has given one.
    pub version: String,
    /// The cluster's release name, such as `pacific`.
    pub release_name: String,
    /// The addresses of this manager.
    pub mgr_ips: Vec<String>,
    /// A Ceph configuration file to connect to RADOS with, if the operator gave one.
    pub ceph_conf: Option<PathBuf>,
    /// Whether a feed is connected and up to date. If not, documents and daemons may be old; a
    /// module that shows them to people should say so.
    pub connected: bool,
    /// The URI of this module on the active manager; empty if it has none.
    pub(crate) active_uri: String,
    /// The manager's own log level as Ceph writes it: `2/5`.
    pub(crate) debug_mgr: String,
    /// The manager's log file; empty if it has none.
    pub(crate) log_file: String,
}

impl From<v1::Constants> for Constants {
    fn from(constants: v1::Constants) -> Self {
        let ceph_conf = Some(constants.ceph_conf).filter(|path| !path.is_empty());
        Self {
            mgr_id: constants.mgr_id,
            hostname: constants.hostname,
            version: constants.version,
            release_name: constants.release_name,
            mgr_ips: constants.mgr_ips,
            ceph_conf: ceph_conf.map(PathBuf::from),
            connected: constants.have_mon_connection,
            active_uri: constants.active_uri,
            debug_mgr: constants.debug_mgr,
            log_file: constants.log_file,
        }
    }
}
