//! A host with two modules in a debugger: `m`, whose messages are fuzzed, and its neighbour.

use std::sync::Arc;

use mgrd_storage::embedded::EmbeddedStorage;

use super::wire::connection;
use crate::authority::RunIdentity;
use crate::builtin::{config, module};
use crate::cluster::Cluster;
use crate::crash::{self, Crashes, Facts};
use crate::feed::{self, Feeds};
use crate::health::Health;
use crate::host::{Host, HostSettings, Notifications, Parts};
use crate::managers::{Manager, Managers, Role};
use crate::module::tests::harness::{self, hello};
use crate::module::{Attached, FromModule, Modules, PeerProcess};
use crate::options::{self, Options};
use crate::router::{Builtins, Router};
use crate::rpc::peer_usage::PeerUsage;
use crate::store::{KeyLimits, Store, StoreLimits};

pub(in crate::rpc) const NEIGHBOUR: &str = "neighbour";

pub(in crate::rpc) struct Place {
    pub(in crate::rpc) host: Arc<Host>,
    pub(in crate::rpc) neighbour: Attached,
    pub(in crate::rpc) usage: Arc<PeerUsage>,
    /// The options that `m` does not declare.
    pub(in crate::rpc) options_of_others: Vec<String>,
    /// Its folders.
    _place: harness::Place,
}

impl Place {
    /// Sessions here have small limits.
    pub(in crate::rpc) async fn new() -> Self {
        let mut place = harness::Place::new();
        for name in ["m", NEIGHBOUR] {
            place.module(name, "");
        }
        let session = &mut place.limits.session;
        session.output_bytes = 4096;
        session.watched_documents = 4;
        session.log_record_bytes = 512;
        session.text_bytes = 256;
        session.declaration_bytes = 8 << 10;
        session.descriptor_bytes = 2048;
        session.in_flight = 4;
        let modules = place.start(&[]).await;
        let host = host(modules);
        let run = start(&host, NEIGHBOUR).await;
        let neighbour = host.modules().attach(run, hello()).await.unwrap();
        neighbour.deliver(FromModule::Ready).await;
        host.declare();
        let usage = connection().usage.clone();
        let options_of_others = options_of_others(&host);
        Self { host, neighbour, usage, options_of_others, _place: place }
    }
}

/// The options that `m` does not declare.
pub(in crate::rpc) fn options_of_others(host: &Host) -> Vec<String> {
    let all = host.options().schemas.all();
    all.into_keys().filter(|name| !name.starts_with("mgr/m/")).collect()
}

/// Starts a module by hand; returns its run.
pub(in crate::rpc) async fn start(host: &Host, name: &str) -> RunIdentity {
    let modules = host.modules();
    modules.end_debug(name).await.unwrap();
    let start = modules.debug(name).await.unwrap();
    let file = start.environment.iter().find(|(name, _)| name == "MGRD_SECRET_FILE").unwrap();
    let secret = std::fs::read_to_string(&file.1).unwrap();
    // As a debugger does, this process is not one that the manager started.
    let outside = PeerProcess::of(nix::unistd::getppid().as_raw());
    modules.authenticate(&secret, &outside, nix::unistd::getuid().as_raw()).unwrap()
}

fn host(modules: Modules) -> Arc<Host> {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let cluster = Cluster::default();
    let health = Health::new(cluster.clone());
    let notifications = Notifications::new(cluster.clone(), modules.clone());
    let limits = feed::Limits::default();
    let feeds = Feeds::new(cluster.clone(), health.clone(), Arc::new(|_, _| {}), limits);
    let options = Options::new(storage.clone(), "x", options::Limits::default());
    let (facts, limits) = (Facts::default(), crash::Limits::default());
    let crashes = Crashes::new(storage.clone(), options.clone(), health.clone(), facts, limits);
    let store = Store::new(
        storage.clone(),
        StoreLimits::default(),
        KeyLimits::default(),
        modules.own_limits(),
    );
    let builtins = Builtins::default()
        .add(&Arc::new(modules.clone()), module::COMMANDS)
        .and_then(|all| all.add(&Arc::new(options.clone()), config::COMMANDS));
    let router = Router::new(builtins.unwrap(), modules.clone());
    Arc::new(Host::new(Parts {
        settings: HostSettings { id: "x".into(), ..HostSettings::default() },
        role: Role::Active,
        cluster,
        health,
        feeds,
        options,
        store,
        crashes,
        waiting_crashes: Arc::default(),
        storage,
        modules,
        notifications,
        router,
        managers: Managers::new(Manager::default()),
    }))
}
