//! The parts of a host, and the calls that need more than one of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_command::{Errno, Outcome};
use mgrd_proto::v1;
use mgrd_storage::Storage;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::declared::schema;
use super::manager_map::ManagerMap;
use super::metadata::hostname;
use super::standby::Standby;
use crate::cluster::{Cluster, DaemonId, Priority};
use crate::config::Settings;
use crate::feed::{ClusterCommand, Feeds};
use crate::health::{Health, Source};
use crate::managers::Managers;
use crate::module::{Declaration, ModuleEvent, Modules, Role};
use crate::options::{OptionError, Options, is_managers_own};
use crate::router::Router;
use crate::store::Store;

/// A host.
pub struct Host {
    /// This manager's name.
    pub id: String,
    /// What it was told.
    pub settings: Settings,
    /// Active or standby.
    pub role: Role,
    /// The cluster's state.
    pub cluster: Cluster,
    /// Its health.
    pub health: Health,
    /// Who tells of it.
    pub feeds: Feeds,
    /// The options.
    pub options: Options,
    /// The store.
    pub store: Store,
    /// What keeps both.
    pub storage: Arc<dyn Storage>,
    /// The modules.
    pub modules: Modules,
    /// The commands.
    pub router: Router,
    /// The document `mgr_map`.
    pub manager_map: ManagerMap,
    /// The managers there are.
    pub managers: Managers,
    /// What a standby heard from the active manager.
    pub standby: Standby,
    /// The documents' version that modules were told of.
    pub flushed: Mutex<u64>,
}

impl Host {
    /// Tells modules of all document versions that they were not told of. Whoever is about to
    /// tell them something that a change caused calls this first.
    pub fn flush_documents(&self) {
        let mut flushed = self.flushed.lock();
        for (name, version) in self.cluster.documents.changed_since(*flushed) {
            *flushed = version;
            let now = self.cluster.get(&name).map_or(0, |document| document.version);
            self.modules.document_changed(&name, now);
        }
    }

    /// Cues modules.
    pub fn notify(&self, kind: &str, id: Value) {
        self.flush_documents();
        self.modules.notify(kind, &Bytes::from(id.to_string()));
    }

    /// Notifies a module that a command it sent has ended, after the changes that the command caused.
    pub fn command_ended(&self, module: &str, tag: &str) {
        self.flush_documents();
        self.modules.notify_one(module, "command", Bytes::from(Value::from(tag).to_string()));
    }

    /// A daemon's metadata; managers are daemons, too.
    #[must_use]
    pub fn metadata(&self, daemon: &DaemonId) -> Option<BTreeMap<String, String>> {
        let own = || self.managers.metadata().remove(&daemon.id);
        let own = (daemon.kind == "mgr").then(own).flatten();
        own.or_else(|| self.cluster.daemons.metadata(&daemon.kind, &daemon.id))
    }

    /// What a module reads without asking.
    #[must_use]
    pub fn constants(&self, module: &str) -> v1::Constants {
        let own = || (format!("mgrd {}", env!("CARGO_PKG_VERSION")), "mgrd".to_owned());
        let (version, release_name) = self.feeds.cluster_version().unwrap_or_else(own);
        let ips = self.cluster.value("mgr_ips");
        let ips = ips["ips"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let path = |path: &Option<std::path::PathBuf>| {
            path.as_ref().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default()
        };
        v1::Constants {
            mgr_id: self.id.clone(),
            hostname: hostname(),
            version,
            release_name,
            mgr_ips: ips.map(str::to_owned).collect(),
            ceph_conf: path(&self.settings.ceph_conf),
            debug_mgr: self.debug_level(),
            log_file: path(&self.settings.log_file),
            have_mon_connection: self.feeds.is_fresh(),
            active_uri: self.active_uri(module),
            allow_eval: self.settings.allow_eval,
        }
    }

    /// Where the active manager's instance of a module serves; empty if nowhere.
    fn active_uri(&self, module: &str) -> String {
        let mut services = match self.role {
            Role::Active => self.manager_map.services(),
            Role::Standby => self.standby.services(),
        };
        services.remove(module).unwrap_or_default()
    }

    /// Sets or removes an option for a module: its own, or, as it could with `config set`, that of
    /// another, which the log then tells.
    ///
    /// # Errors
    ///
    /// If it is not declared, the value is refused, or storage refuses.
    pub async fn set_module_option(
        &self,
        caller: &str,
        (module, key): (&str, &str),
        value: Option<&str>,
        localized: bool,
    ) -> Result<v1::Entry, OptionError> {
        self.modules.described(module).await;
        if caller != module {
            tracing::info!(module = caller, "sets the option '{key}' of module '{module}'");
        }
        let revision = self.options.set_module_option(module, key, value, localized).await?;
        let key = if localized { format!("{}/{key}", self.id) } else { key.to_owned() };
        let now = self.options.module_snapshot(module).remove(&key);
        let set = now.as_ref().map_or(0, |(_, set)| *set);
        Ok(v1::Entry { key, value: now.map(|(value, _)| value), revision: revision.max(set) })
    }

    /// Runs a command that a module sends: built-ins and modules' commands here, the rest by the
    /// feed that can.
    pub async fn send_command(
        &self,
        module: &str,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Outcome {
        let ours = matches!(command.target_kind.as_str(), "" | "mon" | "mgr");
        let prefix = serde_json::from_slice::<Value>(&command.command).ok();
        let prefix = prefix.as_ref().and_then(|command| command["prefix"].as_str());
        let Some(prefix) = prefix else {
            let text = "the command is no JSON object with a text 'prefix'";
            return Outcome::error(Errno::EINVAL, text);
        };
        if ours && self.router.table().owner(prefix).is_some() {
            let input = (!command.input.is_empty()).then_some(command.input);
            let caller = format!("module.{module}");
            return self.router.command(command.command, input, &caller, timeout).await;
        }
        match self.feeds.run(command, timeout).await {
            Ok(outcome) => outcome,
            Err(crate::feed::ClusterCommandError::NoExecutor) if ours => {
                Outcome::error(Errno::EINVAL, format!("command not known: '{prefix}'"))
            }
            Err(error) => error.into(),
        }
    }

    /// Takes in what modules declare now: commands and options.
    pub fn declare(&self) {
        let declared = self.modules.declarations();
        self.router.declare(&declared);
        for module in &declared {
            // One that said nothing yet, or cannot, has the options that every module has.
            let declaration = module.declaration.as_deref();
            self.declare_options(&module.module, declaration.unwrap_or(&Declaration::default()));
        }
        self.manager_map.refresh();
    }

    /// Learns which options the cluster itself has.
    pub fn learn_options(&self) {
        for name in ["config", "config_options"] {
            if let Some(document) = self.cluster.documents.feed_document(name) {
                self.options.schemas.learn(&document.value());
            }
        }
    }

    /// Takes in the options that a module declares.
    pub fn declare_options(&self, module: &str, declaration: &Declaration) {
        let options = declaration.options.iter().map(schema).collect();
        self.options.schemas.declare(module, options);
    }

    /// Records what happened to a module, and clears up after one that does not run any more.
    pub fn module_changed(&self, event: &ModuleEvent) {
        let ModuleEvent { module, state, reason } = event;
        let message =
            if reason.is_empty() { state.to_string() } else { format!("{state}: {reason}") };
        self.cluster.event("module", module, message);
        if state.has_failed() {
            let name = format!("mgr.{}", self.id);
            let text = format!("Module '{module}' has failed: {reason}");
            self.feeds.write_log(&name, "cluster", Priority::Error, &text);
        }
        if !state.keeps_progress() {
            self.cluster.progress.remove_module(module);
        }
        if !state.keeps_reports() {
            self.health.remove(Source::Module(module.clone()));
            self.manager_map.remove_uri(module);
        }
    }

    /// The manager's own log level, as Ceph writes it: `2/5`.
    #[must_use]
    pub fn debug_level(&self) -> String {
        let me = format!("mgr.{}", self.id);
        self.options.get(&me, "debug_mgr").unwrap_or_else(|_| "2/5".to_owned())
    }

    /// Puts the document `config`: the cluster's own, and what is set here above it.
    pub fn refresh_config(&self) {
        let told = self.cluster.documents.feed_document("config");
        let told = told.map(|document| document.value());
        let mut config = told.and_then(|v| v.as_object().cloned()).unwrap_or_default();
        let me = format!("mgr.{}", self.id);
        for (name, effective) in self.options.effective(&me).unwrap_or_default() {
            config.insert(name, effective.value.into());
        }
        for name in self.options.names().into_iter().filter(|name| is_managers_own(name)) {
            let value = self.options.get(&me, &name).unwrap_or_default();
            config.insert(name, value.into());
        }
        config.insert("name".to_owned(), json!(me));
        config.entry("cluster").or_insert_with(|| json!("ceph"));
        // A JSON object can always be written as JSON.
        let _ = self.cluster.put_own("config", &config);
    }
}
