//! The metadata of daemons. That of a manager has the keys of a Ceph daemon's.

use std::collections::BTreeMap;

use super::parts::Host;
use crate::cluster::DaemonId;

impl Host {
    /// The metadata of a daemon of the cluster or of a manager.
    #[must_use]
    pub fn metadata(&self, daemon: &DaemonId) -> Option<BTreeMap<String, String>> {
        let of_manager = || self.parts.managers.metadata().remove(&daemon.id);
        let of_manager = (daemon.kind == "mgr").then(of_manager).flatten();
        of_manager.or_else(|| self.parts.cluster.daemons.metadata(&daemon.kind, &daemon.id))
    }
}

/// The metadata of this manager.
#[must_use]
pub fn own_metadata(id: &str) -> BTreeMap<String, String> {
    let version = format!("mgrd {}", env!("CARGO_PKG_VERSION"));
    let mut facts = BTreeMap::from([
        ("name".to_owned(), id.to_owned()),
        ("hostname".to_owned(), hostname()),
        ("arch".to_owned(), std::env::consts::ARCH.to_owned()),
        ("os".to_owned(), "Linux".to_owned()),
        ("ceph_version".to_owned(), version),
        ("ceph_version_short".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("pid".to_owned(), std::process::id().to_string()),
    ]);
    if let Ok(kernel) = nix::sys::utsname::uname() {
        let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
        facts.insert("kernel_version".to_owned(), text(kernel.release()));
        facts.insert("kernel_description".to_owned(), text(kernel.version()));
    }
    for (file, from, key) in [
        ("/etc/os-release", "ID=", "distro"),
        ("/etc/os-release", "VERSION_ID=", "distro_version"),
        ("/etc/os-release", "PRETTY_NAME=", "distro_description"),
        ("/proc/meminfo", "MemTotal:", "mem_total_kb"),
        ("/proc/meminfo", "SwapTotal:", "mem_swap_kb"),
        ("/proc/cpuinfo", "model name\t:", "cpu"),
    ] {
        if let Some(value) = line(file, from) {
            facts.insert(key.to_owned(), value);
        }
    }
    facts
}

/// The name of this machine.
pub(super) fn hostname() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.unwrap_or_default()
}

/// What follows `from` on the first line of `file` that begins with it.
fn line(file: &str, from: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(from))?;
    Some(value.trim().trim_end_matches(" kB").trim_matches('"').to_owned())
}
