//! What is known of one manager.

use std::collections::BTreeMap;

use serde_json::Value;

/// One manager.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manager {
    /// Its name.
    pub id: String,
    /// A number that differs for each start of it.
    pub gid: u64,
    /// Its metadata, with the keys of a daemon's.
    pub metadata: BTreeMap<String, String>,
    /// What its modules offer, as the manager map shows it. Only standbys send it.
    pub available_modules: Value,
}
