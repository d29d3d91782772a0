//! The addresses at which modules of the active manager serve, such as a dashboard.

use std::collections::BTreeMap;

use super::parts::Host;
use crate::authority::RunIdentity;
use crate::managers::Role;

impl Host {
    /// Publishes the address of a module until the process that gave it ends. An empty address
    /// removes it. When this returns, readers see it.
    pub async fn set_uri(&self, from: RunIdentity, uri: &str) {
        self.manager_map.set_uri(from, uri).await;
    }

    /// Keeps, on a standby, the addresses that the active manager sent.
    pub fn set_services(&self, services: BTreeMap<String, String>) {
        *self.active_services.lock() = services;
    }

    /// The address of each module that serves on the active manager.
    #[must_use]
    pub fn services(&self) -> BTreeMap<String, String> {
        match self.parts.role {
            Role::Active => self.manager_map.services(),
            Role::Standby => self.active_services.lock().clone(),
        }
    }
}
