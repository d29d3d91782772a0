//! A module that is started by hand, in a debugger.

use std::io;
use std::path::{Path, PathBuf};

use std::sync::Arc;

use nix::unistd::getuid;
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tokio::task::spawn_blocking;

use super::Modules;
use crate::authority::{Purpose, RunIdentity};
use crate::module::error::{DebugError, ModuleError};
use crate::module::life::{Input, data_folder, environment, login};
use crate::module::manual_start::ManualStart;
use crate::module::process::{Holder, Login, check_owner};
use crate::module::session::SessionEnd;

impl Modules {
    /// Ends the supervised process and lets one that is started by hand take its place. That one is
    /// not watched, because a debugger may stop it for any time.
    ///
    /// # Errors
    ///
    /// If there is no such module, or its secret cannot be made.
    pub async fn debug(&self, name: &str) -> Result<ManualStart, ModuleError> {
        let module = self.find(name)?;
        let failed = |source| ModuleError::Debug { module: name.into(), source };
        let manifest = module.manifest().map_err(|error| failed(DebugError::Manifest(error)))?;
        let login = login(&self.shared, &module).await;
        let login = login.map_err(|error| failed(DebugError::Account(Arc::new(error))))?;
        let (user, data) = (login.clone(), data_folder(&self.shared, &module));
        let set_up = move || user.map_or_else(|| check_owner(&data), |user| user.set_up());
        if let Ok(Err(error)) = spawn_blocking(set_up).await {
            return Err(failed(DebugError::Login(Arc::new(error))));
        }
        let uid = login.as_ref().map_or_else(|| getuid().as_raw(), |login| login.account.uid);
        self.shared.request(name, Input::Debug).await;
        let id = self.shared.live_runs.next_id();
        let run = RunIdentity { module: name.into(), purpose: Purpose::Run, id };
        self.shared.live_runs.end_by_hand(name);
        let secret = self.shared.live_runs.admit(run, Holder::ByHand(None, uid));
        let secret = secret.map_err(|error| failed(DebugError::Secret(error)))?;
        let path = self.secret_file(name);
        if let Err(source) = write_private(&path, &secret, uid).await {
            return Err(failed(DebugError::SecretFile { path, source }));
        }
        let mut environment = environment(&self.shared, &module, Purpose::Run, &[]);
        environment.push(("MGRD_SECRET_FILE".into(), path.to_string_lossy().into_owned()));
        let user = login.iter().flat_map(Login::command);
        Ok(ManualStart {
            environment,
            command: user.chain(manifest.exec.iter().cloned()).collect(),
        })
    }

    /// Gives the module back to the supervisor.
    ///
    /// # Errors
    ///
    /// If there is no such module.
    pub async fn end_debug(&self, name: &str) -> Result<(), ModuleError> {
        let module = self.find(name)?;
        self.shared.live_runs.end_by_hand(name);
        let _ = fs::remove_file(self.secret_file(name)).await;
        if let Some(session) = module.session.lock().take_if(|_| module.run.lock().pid == 0) {
            session.close(SessionEnd::DebuggingEnded);
        }
        self.shared.request(name, Input::EndDebug).await;
        Ok(())
    }

    fn secret_file(&self, name: &str) -> PathBuf {
        self.shared.config.runtime_dir.join(format!("debug-{name}.secret"))
    }
}

/// Writes a new file that only this user can read. A file that was there is replaced, because
/// another process may have it open.
async fn write_private(path: &Path, text: &str, uid: u32) -> io::Result<()> {
    let _ = fs::remove_file(path).await;
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path).await?;
    if uid != getuid().as_raw() {
        std::os::unix::fs::fchown(&file, Some(uid), None)?;
    }
    file.write_all(text.as_bytes()).await?;
    // A file of tokio reports the error of a write only here.
    file.flush().await
}
