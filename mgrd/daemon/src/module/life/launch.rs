//! From the record of a module to a process that has its secret.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use nix::unistd::{geteuid, getuid};

use super::launch_error::LaunchError;
use super::module::Module;
use super::shared::Shared;
use crate::authority::{Purpose, RunIdentity};
use crate::module::config::INHERITED;
use crate::module::folder::Manifest;
use crate::module::process::{AccountError, Holder, Launch, Login, Process, SpawnError};
use crate::module::sandbox::Sandbox;
use crate::text::visible;

/// Starts the process of the run with this id. The caller must wait for the result: nothing else
/// owns the process.
pub(super) async fn launch(
    shared: &Shared,
    module: &Module,
    manifest: &Manifest,
    run: u64,
    purpose: Purpose,
) -> Result<Process, LaunchError> {
    let login = login(shared, module).await?;
    let uid = login.as_ref().map_or_else(|| getuid().as_raw(), |login| login.account.uid);
    let launch = Launch {
        module: module.name.clone(),
        exec: manifest.exec.clone(),
        cwd: manifest.cwd.clone(),
        env: environment(shared, module, purpose, &isolated(shared, module, login.as_ref())),
        limits: shared.limits.process.with(&module.own),
        is_python: manifest.is_python_runner(),
        for_root: if login.is_none() { for_root(shared, module, manifest) } else { Vec::new() },
        login,
        sandbox: shared.config.sandboxes.of(&module.name),
        data: data_folder(shared, module),
    };
    // Errors quote it.
    let program = visible(manifest.exec.first().map_or("", String::as_str));
    let spawned = shared.spawner.spawn(launch).await.map_err(|error| match error {
        SpawnError::System { program, source } if manifest.is_python_runner() => {
            SpawnError::System { program: format!("{program} (--python)"), source }
        }
        error => error,
    })?;
    let (process, secret_pipe) =
        match Process::new(spawned, &module.name, shared.limits.process, &module.own) {
            Ok(process) => process,
            Err(source) => return Err(LaunchError::Watch { program, source }),
        };
    // The process waits for its secret, so it cannot attach before its run is known.
    let run = RunIdentity { module: module.name.clone(), purpose, id: run };
    let secret = match shared.live_runs.admit(run, Holder::Tree(process.id(), uid)) {
        Ok(secret) => secret,
        Err(source) => return Err(LaunchError::Secret { program, source }),
    };
    // If this fails, the process has ended already. Its task notices that.
    let _ = std::fs::File::from(secret_pipe).write_all(secret.as_bytes());
    Ok(process)
}

/// The user that the module runs as; none if that is the user of `mgrd`.
pub(in crate::module) async fn login(
    shared: &Shared,
    module: &Module,
) -> Result<Option<Login>, AccountError> {
    let Some(wanted) = shared.config.users.of(&module.name) else { return Ok(None) };
    let account = shared.accounts.find(wanted).await?;
    Ok(account.map(|account| Login {
        account,
        folder: module.folder.clone(),
        data: data_folder(shared, module),
        data_dir: shared.config.data_dir.clone(),
        socket: shared.config.socket.clone(),
    }))
}

/// What must be root's if the module runs as root while others do not. If none runs as another user, a module
/// could change what runs as root in simpler ways.
fn for_root(shared: &Shared, module: &Module, manifest: &Manifest) -> Vec<PathBuf> {
    let config = &shared.config;
    if !geteuid().is_root() || !config.users.is_used() {
        return Vec::new();
    }
    let folder = &module.folder;
    let files = ["module.toml", "module.py"].map(|name| folder.join(name));
    let program = manifest.exec.first().filter(|program| program.contains('/')).map(PathBuf::from);
    // The folder of mgrd itself must be safe anyway.
    let program = program.filter(|program| !program.starts_with(&config.runtimes.bin_dir));
    let program = program.filter(|program| program.to_string_lossy() != config.runtimes.python);
    let all = folder.parent().map(PathBuf::from).into_iter().chain([folder.clone()]);
    all.chain(files).chain(program).collect()
}

/// What differs in the environment of a module that is kept apart.
fn isolated(
    shared: &Shared,
    module: &Module,
    login: Option<&Login>,
) -> Vec<(&'static str, String)> {
    let sandbox = shared.config.sandboxes.of(&module.name);
    let tmp = match sandbox {
        Sandbox { private_tmp: true, .. } => Some(PathBuf::from("/tmp")),
        Sandbox { read_only: true, .. } => Some(data_folder(shared, module).join("tmp")),
        _ => None,
    };
    let tmp = tmp.map(|tmp| ("TMPDIR", tmp.to_string_lossy().into_owned()));
    login.map(Login::environment).into_iter().flatten().chain(tmp).collect()
}

/// The folder for the files of a module.
pub(in crate::module) fn data_folder(shared: &Shared, module: &Module) -> PathBuf {
    shared.config.data_dir.join("modules").join(&module.name)
}

/// The environment of a module's process, without the name of the file with its secret.
pub(in crate::module) fn environment(
    shared: &Shared,
    module: &Module,
    purpose: Purpose,
    isolated: &[(&'static str, String)],
) -> Vec<(String, String)> {
    let inherited =
        INHERITED.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
    let data = data_folder(shared, module);
    let isolated = isolated.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let purpose = match purpose {
        Purpose::Run => "run",
        Purpose::Describe => "describe",
    };
    let own = [
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("GRPC_ENABLE_FORK_SUPPORT", "0".to_owned()),
        ("MGRD_SOCKET", shared.config.socket.to_string_lossy().into_owned()),
        ("MGRD_MODULE", module.name.clone()),
        ("MGRD_MODULE_DIR", module.folder.to_string_lossy().into_owned()),
        ("MGRD_MODULE_DATA", data.to_string_lossy().into_owned()),
        ("MGRD_PURPOSE", purpose.to_owned()),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    let manifest = module.manifest().into_iter().flat_map(|manifest| manifest.env.clone());
    let of_mgrd = inherited.chain(shared.config.env.iter().cloned());
    of_mgrd.chain(isolated).chain(manifest).chain(own).collect()
}

/// Keeps the secret of a run valid until it is dropped.
pub(super) struct RunGuard {
    shared: Arc<Shared>,
    run: u64,
}

impl RunGuard {
    pub(super) fn new(shared: &Arc<Shared>, run: u64) -> Self {
        Self { shared: Arc::clone(shared), run }
    }
}

impl Drop for RunGuard {
    fn drop(&mut self) {
        self.shared.live_runs.end(self.run);
        self.shared.describing.lock().remove(&self.run);
    }
}
