//! A module that somebody starts by hand, in a debugger.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use super::Modules;
use crate::module::error::ModuleError;
use crate::module::life::{Event, Slot, environment};
use crate::module::process::{Purpose, Ticket};

/// How to start a module by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandStart {
    /// The environment; it names the file with the secret.
    pub environment: Vec<(String, String)>,
    /// What the supervisor would have run.
    pub command: Vec<String>,
}

impl Modules {
    /// Ends the supervised process and lets one that is started by hand take its place. It is not
    /// watched: it may stand still in a debugger as long as it likes.
    pub async fn debug(&self, name: &str) -> Result<HandStart, ModuleError> {
        let slot = self.known(name)?;
        let failed = |reason: String| ModuleError::Debug { module: name.into(), reason };
        let manifest = slot.manifest().map_err(|error| failed(error.to_string()))?;
        self.wish(name, Event::Debug).await;
        let start = self.shared.starts.next();
        let ticket = Ticket { module: name.into(), purpose: Purpose::Run, start };
        self.end_hand_start(&slot);
        let secret = self.shared.starts.admit(ticket, None).map_err(|e| failed(e.to_string()))?;
        let path = self.secret_file(name);
        let written = write_private(&path, &secret);
        written.map_err(|e| failed(format!("cannot write {}: {e}", path.display())))?;
        let mut environment = environment(&self.shared, &slot, Purpose::Run);
        environment.push(("MGRD_SECRET_FILE".into(), path.to_string_lossy().into_owned()));
        Ok(HandStart { environment, command: manifest.exec.clone() })
    }

    /// Gives the module back to the supervisor.
    pub async fn end_debug(&self, name: &str) -> Result<(), ModuleError> {
        let slot = self.known(name)?;
        self.end_hand_start(&slot);
        let _ = std::fs::remove_file(self.secret_file(name));
        if let Some(session) = slot.session.lock().take_if(|_| slot.view.lock().pid == 0) {
            session.close("debugging ended");
        }
        self.wish(name, Event::EndDebug).await;
        Ok(())
    }

    fn end_hand_start(&self, slot: &Slot) {
        self.shared.starts.end_by_hand(&slot.name);
    }

    fn secret_file(&self, name: &str) -> PathBuf {
        self.shared.config.runtime_dir.join(format!("debug-{name}.secret"))
    }
}

/// A file that only its owner reads, made anew so that nobody has it open.
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    let _ = std::fs::remove_file(path);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}
