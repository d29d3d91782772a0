//! What every report says about the manager and its machine.

use std::collections::BTreeMap;

/// The manager that makes the reports.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its name.
    pub manager: String,
    /// Its metadata, as `mgr metadata` shows it.
    pub metadata: BTreeMap<String, String>,
}
