//! The sessions of modules: how they begin, and the messages to all of them.

use std::sync::Arc;

use bytes::Bytes;

use super::Modules;
use crate::authority::{Purpose, RunIdentity, SecretError};
use crate::module::attached::Attached;
use crate::module::declaration::Declaration;
use crate::module::error::AttachError;
use crate::module::life::{Described, Input, Module, Reason, save_to_cache};
use crate::module::process::PeerProcess;
use crate::module::session::{Hello, Session, SessionEnd};

impl Modules {
    /// Finds out which run a secret belongs to. The kernel reports the process and the user of the
    /// caller.
    ///
    /// # Errors
    ///
    /// If the secret is not one of a live run, or belongs to another process or user.
    pub fn authenticate(
        &self,
        secret: &str,
        peer: &PeerProcess,
        uid: u32,
    ) -> Result<RunIdentity, SecretError> {
        self.shared.live_runs.authenticate(secret, peer, uid)
    }

    /// Whether the run still has a process.
    #[must_use]
    pub fn is_live(&self, run: &RunIdentity) -> bool {
        self.shared.live_runs.is_live(run.id)
    }

    /// Begins a session, after the hello and before the welcome. The session has a queue from this
    /// call on, so a later snapshot misses nothing.
    ///
    /// # Errors
    ///
    /// If the run is over, or has a session already.
    pub async fn attach(&self, run: RunIdentity, hello: Hello) -> Result<Attached, AttachError> {
        let shared = &self.shared;
        let hello = hello.bounded(&run.module, &shared.limits.session);
        if !shared.live_runs.is_live(run.id) {
            return Err(SecretError::Unknown.into());
        }
        let module = shared.module(&run.module).ok_or(SecretError::Unknown)?;
        let recent_log = module.run.lock().evidence.log.clone();
        let (limits, own) = (shared.limits.session, Arc::clone(&module.own));
        let session = Session::new(&module.name, hello.clone(), limits, own);
        let session = Arc::new(session.with_recent_log(recent_log));
        let attached = Attached { shared: Arc::clone(shared), session: Arc::clone(&session), run };
        if attached.purpose() == Purpose::Describe {
            if let Some(waiting) = shared.describing.lock().remove(&attached.run.id) {
                let _ = waiting.send(hello);
            }
            session.close(SessionEnd::Described);
            return Ok(attached);
        }
        {
            let mut current = module.session.lock();
            if current.as_ref().is_some_and(|session| session.over_for().is_none()) {
                return Err(AttachError::AlreadyAttached(module.name.clone()));
            }
            *current = Some(session);
        }
        module.run.lock().sdk.clone_from(&hello.sdk);
        let declaration = hello.declaration;
        let refusal = Reason::of(&declaration);
        self.keep_declaration(&module, declaration).await;
        match refusal {
            Some(reason) => attached.report(Input::Refused(reason)).await,
            None => shared.request(&module.name, Input::SessionChanged).await,
        }
        Ok(attached)
    }

    /// Keeps what a module said it offers.
    async fn keep_declaration(&self, module: &Module, declaration: Declaration) {
        if module.declaration().is_some_and(|known| *known == declaration) {
            return;
        }
        save_to_cache(&self.shared, module, &declaration).await;
        let limits = &self.shared.limits.session;
        module.described.send_replace(Described::read(&module.name, declaration, limits));
        self.shared.changed();
    }

    /// Reports that a module's hello cannot be answered, for example because there is no common
    /// protocol version. The module is not restarted before something changes.
    pub async fn refuse(&self, run: &RunIdentity, answer: String) {
        let refused = Input::Refused(Reason::HelloRefused(answer));
        self.shared.report(&run.module, run.id, refused).await;
    }

    /// Notifies every module that wants notifications of `kind`; `id` is JSON text.
    pub fn notify(&self, kind: &str, id: &Bytes) {
        self.shared.for_each_session(|session| session.notify(kind, id.clone()));
    }

    /// Notifies one module.
    pub fn notify_one(&self, module: &str, kind: &str, id: Bytes) {
        if let Some(session) = self.session(module) {
            session.notify(kind, id);
        }
    }

    /// Sends the document's version to every module that watches it. Call it before the
    /// notification.
    pub fn document_changed(&self, name: &str, version: u64) {
        self.shared.for_each_session(|session| session.document_changed(name, version));
    }

    /// A module reads counters and keeps them, so changes must be sent to it. Call it before the
    /// counters are looked up.
    pub fn counters_read(&self, module: &str) {
        if let Some(session) = self.session(module) {
            session.counters_read();
        }
    }

    /// The constants changed; every module must read them again.
    pub fn constants_changed(&self) {
        self.shared.for_each_session(|session| session.outbox.constants_changed());
    }

    pub(super) fn session(&self, module: &str) -> Option<Arc<Session>> {
        self.shared.module(module)?.session.lock().clone()
    }
}
