//! The keys that `mgrd` writes itself. Clients and modules change them with other commands alone, which
//! decide who may do so.

use super::error::StoreError;

/// The start of these keys, and what to do instead. The first that matches counts.
const RESERVED: &[(&str, &str)] = &[
    ("mgrd/module_limits/", "use 'mgrctl mgr module limit'"),
    ("mgrd/enabled_modules", "use 'mgrctl mgr module enable' or 'mgrctl mgr module disable'"),
    ("mgrd/health_mutes", "use 'mgrctl health mute' or 'mgrctl health unmute'"),
    ("mgrd/crash/", "use 'mgrctl crash post', 'mgrctl crash rm' or 'mgrctl crash archive'"),
    ("mgrd/", "use a key that does not begin with 'mgrd/'"),
    ("config-history/", "use 'mgrctl config set' or 'mgrctl config reset'"),
];

/// Checks that a key is not one of these.
///
/// # Errors
/// If it is.
pub(super) fn check(key: &str) -> Result<(), StoreError> {
    match RESERVED.iter().find(|(start, _)| key.starts_with(start)) {
        Some((_, instead)) => Err(StoreError::Reserved { key: key.to_owned(), instead }),
        None => Ok(()),
    }
}
