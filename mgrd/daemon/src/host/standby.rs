//! The standby halves of modules: they run here while the active manager has the module enabled.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::enabled::{KEY, StoredEnabledSet};
use super::parts::Host;
use crate::module::EnabledSet;

/// The documents that a standby receives. The first two give options their types and defaults.
pub const NEEDED_DOCUMENTS: [&str; 3] = ["config_options", "config", "mgr_ips"];

/// Whether standbys run the standby halves of modules.
const OPTION: &str = "mgr_standby_modules";

/// Starts and ends standby halves as modules are enabled and disabled.
pub(super) async fn run_halves(host: Arc<Host>) {
    let storage = host.storage();
    let mut enabled = storage.watch(KEY);
    let mut options = storage.watch("config/");
    loop {
        host.modules().follow(wanted(&host).await).await;
        let more = tokio::select! {
            event = enabled.next() => event,
            event = options.next() => event,
        };
        if more.is_none() {
            return;
        }
    }
}

async fn wanted(host: &Host) -> BTreeSet<String> {
    if host.options().get(&host.daemon_name(), OPTION).is_ok_and(|value| value == "false") {
        return BTreeSet::new();
    }
    match StoredEnabledSet(host.parts.storage.clone()).load().await {
        Ok(enabled) => enabled.unwrap_or_default(),
        Err(why) => {
            tracing::warn!("no standby half runs: {why}");
            BTreeSet::new()
        }
    }
}
