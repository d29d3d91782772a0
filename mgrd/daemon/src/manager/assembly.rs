//! Puts the parts of a host together, for either role.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, Weak};

use mgrd_storage::{Leader, Storage};
use mgrd_transport::Address;

use super::context::Context;
use super::error::ManagerError;
use super::own_options::set_own_options;
use crate::builtin::{cluster_commands, config, config_key, module, state};
use crate::cluster::Cluster;
use crate::config::Settings;
use crate::feed::Feeds;
use crate::health::Health;
use crate::host::{Host, HostSettings, Parts, StoredEnabledSet, own_metadata};
use crate::managers::{Manager, Managers, Role};
use crate::module::{Config, Modules, Policy, Runtimes};
use crate::options::Options;
use crate::router::{Builtins, Router};
use crate::store::{Store, StoreLimits};

/// Puts the parts together. Modules start here; they find a server a moment later.
pub(super) async fn assemble(
    context: &Context,
    me: &Leader,
    storage: Arc<dyn Storage>,
    role: Role,
) -> Result<Arc<Host>, ManagerError> {
    let settings = context.settings.clone();
    let cluster = Cluster::new(settings.limits.cluster);
    let health = Health::new(cluster.clone());
    let whole = Arc::new(OnceLock::<Weak<Host>>::new());
    let later = whole.clone();
    let notifier = Arc::new(move |kind: &str, id| {
        if let Some(host) = later.get().and_then(Weak::upgrade) {
            host.notify(kind, &id);
        }
    });
    let feeds = Feeds::new(cluster.clone(), health.clone(), notifier, settings.limits.feed);
    let options = Options::new(storage.clone(), &settings.id, settings.limits.options);
    set_own_options(&options.schemas, &settings);
    let store = Store::new(storage.clone(), store_limits(&settings.limits.module));
    let enabled = Box::new(StoredEnabledSet(storage.clone()));
    let initially: BTreeSet<_> = match role {
        Role::Active => settings.initial_modules.iter().cloned().collect(),
        // The active manager decides.
        Role::Standby => BTreeSet::new(),
    };
    let Address::Unix(private) = context.private.address().clone();
    let config = module_config(&settings, private);
    let modules = Modules::start(config, enabled, initially).await?;
    let managers = Managers::new(Manager {
        id: settings.id.clone(),
        gid: me.instance,
        metadata: own_metadata(&settings.id),
        ..Manager::default()
    });
    let shown = state::State {
        cluster: cluster.clone(),
        health: health.clone(),
        feeds: feeds.clone(),
        managers: managers.clone(),
    };
    let builtins = Builtins::default()
        .add(&Arc::new(shown), cluster_commands())?
        .add(&Arc::new(modules.clone()), module::COMMANDS)?
        .add(&Arc::new(options.clone()), config::COMMANDS)?
        .add(&Arc::new(store.clone()), config_key::COMMANDS)?;
    let router = Router::new(builtins, modules.clone());
    let host = Arc::new(Host::new(Parts {
        settings: host_settings(&settings),
        role,
        cluster,
        health,
        feeds,
        options,
        store,
        storage,
        modules,
        router,
        managers,
    }));
    // Set once, here.
    let _ = whole.set(Arc::downgrade(&host));
    host.declare();
    host.refresh_config();
    Ok(host)
}

fn host_settings(settings: &Settings) -> HostSettings {
    HostSettings {
        id: settings.id.clone(),
        ceph_conf: settings.ceph_conf.clone(),
        log_file: settings.log_file.clone(),
        allow_eval: settings.allow_eval,
    }
}

fn store_limits(policy: &Policy) -> StoreLimits {
    StoreLimits {
        bytes: policy.store_bytes,
        keys: policy.store_keys,
        value_bytes: policy.store_value_bytes,
    }
}

fn module_config(settings: &Settings, socket: PathBuf) -> Config {
    let program_folder =
        std::env::current_exe().ok().and_then(|exe| exe.parent().map(PathBuf::from));
    let runtime_dir = settings.socket.parent().map(PathBuf::from).unwrap_or_default();
    Config {
        module_path: settings.module_path.clone(),
        data_dir: settings.data_dir.clone(),
        runtime_dir,
        socket,
        runtimes: Runtimes {
            python: settings.python.to_string_lossy().into_owned(),
            bin_dir: program_folder.unwrap_or_default(),
        },
        env: Vec::new(),
        policy: settings.limits.module.clone(),
    }
}

#[cfg(test)]
mod tests;
