//! What makes a host a standby: it reads what the active manager tells, and runs the standby halves
//! of the modules that are enabled there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::Mutex;

use super::enabled::{KEY, StoredEnabledSet};
use super::parts::Host;
use crate::module::EnabledSet;

/// The documents that a standby receives. The first two give options their types and defaults.
pub const NEEDED_DOCUMENTS: [&str; 3] = ["config_options", "config", "mgr_ips"];

/// Whether standbys run the standby halves of modules.
const OPTION: &str = "mgr_standby_modules";

/// What the active manager tells beyond its storage.
#[derive(Default)]
pub struct Standby {
    services: Mutex<BTreeMap<String, String>>,
}

impl Standby {
    /// Takes over where the active manager's modules serve.
    pub fn set_services(&self, services: BTreeMap<String, String>) {
        *self.services.lock() = services;
    }

    /// Where the active manager's modules serve.
    #[must_use]
    pub fn services(&self) -> BTreeMap<String, String> {
        self.services.lock().clone()
    }
}

/// Keeps the standby halves that run here in step with what is enabled there.
pub(super) async fn keep_halves(host: Arc<Host>) {
    let mut enabled = host.storage.watch(KEY);
    let mut options = host.storage.watch("config/");
    loop {
        host.modules.follow(wanted(&host).await).await;
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
    let me = format!("mgr.{}", host.id);
    if host.options.get(&me, OPTION).is_ok_and(|value| value == "false") {
        return BTreeSet::new();
    }
    match StoredEnabledSet(host.storage.clone()).load().await {
        Ok(enabled) => enabled.unwrap_or_default(),
        Err(why) => {
            tracing::warn!("no standby half runs: {why}");
            BTreeSet::new()
        }
    }
}
