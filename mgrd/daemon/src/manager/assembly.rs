//! Puts the parts of a host together, for either role.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use mgrd_command::DescriptorError;
use mgrd_storage::{Leader, Storage};
use mgrd_transport::Address;

use super::context::Context;
use super::error::ManagerError;
use super::own_options::set_own_options;
use crate::builtin::{cluster_commands, config, config_key, crash, module, state};
use crate::cluster::Cluster;
use crate::config::Settings;
use crate::crash::{Crashes, Facts};
use crate::feed::Feeds;
use crate::health::Health;
use crate::host::{
    Host, HostSettings, Notifications, Parts, StoredEnabledSet, StoredLimits, own_metadata,
};
use crate::managers::{Manager, Managers, Role};
use crate::module::{Config, Modules, OtherLimits, Runtimes};
use crate::options::Options;
use crate::router::{Builtins, Router};
use crate::rpc::ConnectionLimits;
use crate::store::{Store, StoreLimits};

/// Puts the parts together. Modules start here; they find a server a moment later.
pub(super) async fn assemble(
    context: &Context,
    me: &Leader,
    storage: Arc<dyn Storage>,
    role: Role,
) -> Result<Arc<Host>, ManagerError> {
    let settings = &context.settings;
    let limits = &settings.limits;
    let modules = start_modules(context, &storage, role).await?;
    let cluster = Cluster::new(limits.cluster);
    let health = Health::new(cluster.clone());
    let notifications = Notifications::new(cluster.clone(), modules.clone());
    let notifier = {
        let notifications = notifications.clone();
        Arc::new(move |kind: &str, id| notifications.notify(kind, &id))
    };
    let feeds = Feeds::new(cluster.clone(), health.clone(), notifier, limits.feed);
    let options = Options::new(storage.clone(), &settings.id, limits.options);
    set_own_options(&options.schemas, settings);
    let crashes = Crashes::new(
        storage.clone(),
        options.clone(),
        health.clone(),
        Facts { manager: settings.id.clone(), metadata: own_metadata(&settings.id) },
        limits.crash,
    );
    let store =
        Store::new(storage.clone(), limits.module.store, limits.store, modules.own_limits());
    let managers = Managers::new(Manager {
        id: settings.id.clone(),
        gid: me.instance,
        metadata: own_metadata(&settings.id),
        ..Manager::default()
    });
    let state = state::State {
        cluster: cluster.clone(),
        health: health.clone(),
        feeds: feeds.clone(),
        managers: managers.clone(),
    };
    let builtins = builtins(state, &modules, &options, &store, &crashes)?;
    let router = Router::new(builtins, modules.clone());
    let host = Arc::new(Host::new(Parts {
        settings: host_settings(settings),
        role,
        cluster,
        health,
        feeds,
        options,
        store,
        crashes,
        waiting_crashes: Arc::clone(&context.crashes),
        storage,
        modules,
        notifications,
        router,
        managers,
    }));
    host.declare();
    host.refresh_config();
    Ok(host)
}

async fn start_modules(
    context: &Context,
    storage: &Arc<dyn Storage>,
    role: Role,
) -> Result<Modules, ManagerError> {
    let settings = &context.settings;
    let enabled = Box::new(StoredEnabledSet(storage.clone()));
    let initially: BTreeSet<_> = match role {
        Role::Active => settings.initial_modules.iter().cloned().collect(),
        // The active manager decides.
        Role::Standby => BTreeSet::new(),
    };
    let limits = Box::new(StoredLimits(storage.clone()));
    let Address::Unix(private) = context.private.address().clone();
    context.end_survivors().await;
    let crashes = Arc::clone(&context.crashes);
    let other_limits = other_limits(settings, &context.rpc_limits().connection);
    let config = Config { crashes, other_limits, ..module_config(settings, private) };
    Ok(Modules::start(config, enabled, limits, initially).await?)
}

/// The commands that `mgrd` answers itself.
fn builtins(
    state: state::State,
    modules: &Modules,
    options: &Options,
    store: &Store,
    crashes: &Crashes,
) -> Result<Builtins, DescriptorError> {
    let keys = config_key::Keys { store: store.clone(), options: options.clone() };
    Builtins::default()
        .add(&Arc::new(state), cluster_commands())?
        .add(&Arc::new(modules.clone()), module::COMMANDS)?
        .add(&Arc::new(options.clone()), config::COMMANDS)?
        .add(&Arc::new(keys), config_key::COMMANDS)?
        .add(&Arc::new(crashes.clone()), crash::commands())
}

fn host_settings(settings: &Settings) -> HostSettings {
    HostSettings {
        id: settings.id.clone(),
        ceph_conf: settings.ceph_conf.clone(),
        log_file: settings.log_file.clone(),
        allow_eval: settings.allow_eval,
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
        users: settings.users.clone(),
        sandboxes: settings.sandboxes.clone(),
        limits: settings.limits.module.modules.clone(),
        other_limits: OtherLimits::default(),
        crashes: Arc::default(),
    }
}

/// The limits that the store and the server keep.
fn other_limits(settings: &Settings, connection: &ConnectionLimits) -> OtherLimits {
    OtherLimits {
        values: connection.settings(settings.limits.module.store.settings()),
        defaults: ConnectionLimits::default().settings(StoreLimits::default().settings()),
        most: connection.most(),
    }
}

#[cfg(test)]
mod tests;
