//! How many descriptors, which are open files and sockets, `mgrd` may have.

use std::sync::OnceLock;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// The soft limit with which `mgrd` was started.
static INHERITED: OnceLock<u64> = OnceLock::new();

/// Raises the soft limit to the hard limit. Call it at the start. Modules do not inherit it: a program
/// that is not made for large descriptors, or closes all that it may have, must find what it expects.
pub(crate) fn raise_limit() {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    INHERITED.get_or_init(|| soft);
    // If the system refuses, the limit stays as it is, which is taken into account.
    let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
}

/// The soft limit for modules; none if it was never changed.
pub(crate) fn inherited() -> Option<u64> {
    INHERITED.get().copied()
}

/// How many `mgrd` may have.
pub(crate) fn limit() -> u64 {
    getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(soft, _)| soft)
}
