//! The handle through which everybody else reaches the modules.

mod debug;
mod enablement;
mod standby;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::time::timeout;

use super::attached::Attached;
use super::config::Config;
use super::enabled::EnabledSet;
use super::error::{AttachError, CallError, ExecuteError, ModuleError};
use super::folder::Folders;
use super::life::{
    Availability, Described, Event, Letter, Shared, Slot, Source, Supervisor, describe, recall,
    remember, shut_down,
};
use super::policy::Policy;
use super::process::{Purpose, Spawner, Starts, Ticket};
use super::session::{CommandCall, CommandRun, Hello, Payload, RemoteCall, Session};
use super::status::{Declared, ModuleEvent, ModuleStatus};

/// How long a start waits for what is known of a module: its folder must be read for that.
const RECALL: Duration = Duration::from_secs(1);
/// How long a shutdown waits for processes that were killed: one that a broken disk or file system
/// holds in the kernel may never end, and another manager may wait to lead.
const LAST: Duration = Duration::from_secs(5);

/// All modules. Cheap to clone.
#[derive(Clone)]
pub struct Modules {
    pub(super) shared: Arc<Shared>,
}

impl Modules {
    /// Finds the modules, starts those that are enabled, and describes the others in the
    /// background. Needs the runtime. `initially` is the enabled set if none was ever saved.
    pub async fn start(
        config: Config,
        enabled_set: Box<dyn EnabledSet>,
        initially: BTreeSet<String>,
    ) -> Result<Self, ModuleError> {
        let saved = enabled_set.load().await.map_err(ModuleError::NotStored)?;
        let first_time = saved.is_none() && !initially.is_empty();
        if first_time {
            // Whoever takes over from this manager finds them there.
            enabled_set.save(initially.clone()).await.map_err(ModuleError::NotStored)?;
        }
        let thread = |error: io::Error| ModuleError::NotStored(error.to_string());
        let (letters, inbox) = mpsc::channel(1024);
        let policy = Arc::new(config.policy.clone());
        let (path, runtimes) = (config.module_path.clone(), config.runtimes.clone());
        let shared = Arc::new(Shared {
            folders: Folders::new(path, runtimes, Arc::clone(&policy)),
            policy,
            describers: Semaphore::new(config.policy.describe_concurrency.max(1) as usize),
            config,
            spawner: Spawner::start().map_err(thread)?,
            starts: Starts::default(),
            slots: RwLock::new(BTreeMap::new()),
            letters,
            events: broadcast::Sender::new(1024),
            version: watch::Sender::new(0),
            enabled: tokio::sync::Mutex::new(saved.unwrap_or(initially)),
            enabled_set,
            describing: Mutex::new(HashMap::new()),
            shutting_down: watch::Sender::new(false),
            finished: watch::Sender::new(false),
        });
        let modules = Self { shared };
        modules.shared.rescan(RECALL).await;
        tokio::spawn(Supervisor::new(Arc::clone(&modules.shared)).run(inbox));
        let enabled = modules.shared.enabled.lock().await.clone();
        for name in enabled {
            if let Some(slot) = modules.shared.slot(&name) {
                slot.view.lock().enabled = true;
                modules.wish(&name, Event::Enable).await;
            } else {
                tracing::warn!(module = name, "is enabled, but there is no such module");
            }
        }
        modules.recall_all().await;
        Ok(modules)
    }

    /// Takes in what is known of all modules, so that their commands are there from the first moment
    /// on; what is not known, or not soon, is found out in the background.
    async fn recall_all(&self) {
        let recall = |slot: Arc<Slot>| async move {
            let recalled = timeout(RECALL, recall(&self.shared, &slot)).await;
            if !recalled.unwrap_or(false) {
                self.describe(slot, Source::CacheFirst);
            }
        };
        join_all(self.shared.all().into_iter().map(recall)).await;
    }

    /// The limits that modules are kept to.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.shared.policy
    }

    /// All modules, in the order of their names.
    #[must_use]
    pub fn list(&self) -> Vec<ModuleStatus> {
        self.shared.all().iter().map(|slot| ModuleStatus::of(slot)).collect()
    }

    /// Forgets the modules that are disabled and whose folder was removed.
    pub async fn forget_gone(&self) {
        // Those whose folder does not answer are kept.
        let _ = timeout(RECALL, self.shared.forget_gone()).await;
    }

    /// What all modules offer, enabled or not.
    #[must_use]
    pub fn declarations(&self) -> Vec<Declared> {
        let declared = |slot: Arc<Slot>| Declared {
            module: slot.name.clone(),
            enabled: slot.view.lock().enabled,
            declaration: slot.declaration(),
            error: match &*slot.described.borrow() {
                Described::Failed(reason) => reason.clone(),
                _ => String::new(),
            },
        };
        self.shared.all().into_iter().map(declared).collect()
    }

    /// Changes with every change of [`Self::declarations`].
    #[must_use]
    pub fn declarations_version(&self) -> watch::Receiver<u64> {
        self.shared.version.subscribe()
    }

    /// What happens to modules from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<ModuleEvent> {
        self.shared.events.subscribe()
    }

    /// Runs a command in its module. Waits for one that is starting.
    pub async fn execute(
        &self,
        module: &str,
        mut call: CommandCall,
    ) -> Result<CommandRun, ExecuteError> {
        let prefix = call.prefix.clone();
        let not_enabled =
            || ExecuteError::NotEnabled { module: module.into(), prefix: prefix.clone() };
        let broken = |reason| ExecuteError::Broken { module: module.into(), reason };
        let slot = self.shared.slot(module).ok_or_else(not_enabled)?;
        let asked = std::time::Instant::now();
        let limit = call.timeout.unwrap_or(self.shared.policy.start_timeout);
        let session = match self.settled(&slot, limit).await {
            Availability::Up { session, fault } => match fault {
                Some(fault) if prefix != format!("{module} self-test") => {
                    return Err(broken(slot.outlook(&fault)));
                }
                _ => session,
            },
            Availability::Disabled => return Err(not_enabled()),
            Availability::Coming => return Err(broken("it is still starting".into())),
            Availability::Down(reason) => return Err(broken(slot.outlook(&reason))),
        };
        call.timeout = call.timeout.map(|limit| limit.saturating_sub(asked.elapsed()));
        CommandRun::start(session, call)
    }

    /// Calls a method of another module on behalf of `call.caller`. Dropping the future gives up.
    pub async fn call(&self, module: &str, mut call: RemoteCall) -> Result<Payload, CallError> {
        let policy = &self.shared.policy;
        call.chain.push(call.caller.clone());
        if call.chain.len() > policy.call_depth {
            return Err(CallError::TooDeep { chain: call.chain, limit: policy.call_depth });
        }
        if call.timeout.is_zero() {
            call.timeout = policy.call_timeout;
        }
        let not_running = |reason: String| CallError::NotRunning { module: module.into(), reason };
        let slot = self
            .shared
            .slot(module)
            .ok_or_else(|| not_running("there is no such module".into()))?;
        let asked = std::time::Instant::now();
        match self.settled(&slot, call.timeout).await {
            Availability::Up { session, .. } => {
                call.timeout = call.timeout.saturating_sub(asked.elapsed());
                session.call(call).await
            }
            Availability::Disabled => Err(not_running("it is not enabled".into())),
            Availability::Coming => Err(not_running("it is still starting".into())),
            Availability::Down(reason) => Err(not_running(slot.outlook(&reason))),
        }
    }

    /// The encodings beside JSON that a module takes.
    #[must_use]
    pub fn encodings(&self, module: &str) -> Vec<String> {
        let session = self.shared.slot(module).and_then(|slot| slot.session.lock().clone());
        session.map(|session| session.encodings()).unwrap_or_default()
    }

    /// Cues every module that wants to hear of `kind`; `id` is JSON text.
    pub fn notify(&self, kind: &str, id: &Bytes) {
        self.for_sessions(|session| session.notify(kind, id.clone()));
    }

    /// Cues one module.
    pub fn notify_one(&self, module: &str, kind: &str, id: Bytes) {
        if let Some(session) = self.session(module) {
            session.notify(kind, id);
        }
    }

    /// Tells every module that watches the document; call it before the notification.
    pub fn document_changed(&self, name: &str, version: u64) {
        self.for_sessions(|session| session.document_changed(name, version));
    }

    /// A module reads counters and keeps them: it is to be told when they change. Call it before
    /// the counters are looked up.
    pub fn counters_read(&self, module: &str) {
        if let Some(session) = self.session(module) {
            session.counters_read();
        }
    }

    /// Whether the module is running this command of a client; any, if none is named.
    #[must_use]
    pub fn runs_command(&self, module: &str, call: Option<u64>) -> bool {
        self.session(module).is_some_and(|session| session.runs_command(call))
    }

    /// Tells every module that the constants changed.
    pub fn constants_changed(&self) {
        self.for_sessions(|session| session.outbox.constants_changed());
    }

    fn session(&self, module: &str) -> Option<Arc<Session>> {
        self.shared.slot(module)?.session.lock().clone()
    }

    fn for_sessions(&self, tell: impl Fn(&Session)) {
        for slot in self.shared.slots.read().values() {
            if let Some(session) = &*slot.session.lock() {
                tell(session);
            }
        }
    }

    /// Who a peer is that shows `secret`; `pid` and `uid` are what the kernel says of it.
    pub fn authenticate(
        &self,
        secret: &str,
        pid: Option<i32>,
        uid: u32,
    ) -> Result<Ticket, AttachError> {
        self.shared.starts.authenticate(secret, pid, uid)
    }

    /// Whether the process that has this ticket still runs.
    #[must_use]
    pub fn is_living(&self, ticket: &Ticket) -> bool {
        self.shared.starts.is_living(ticket.start)
    }

    /// The module whose process `pid` is, or that started it.
    #[must_use]
    pub fn module_of_process(&self, pid: i32) -> Option<String> {
        self.shared.starts.module_of_process(pid)
    }

    /// Begins a session, after the hello and before the welcome. The session's queue fills from
    /// now on, so a snapshot that is taken after this call misses nothing.
    pub async fn attach(&self, ticket: Ticket, hello: Hello) -> Result<Attached, AttachError> {
        let shared = &self.shared;
        if !shared.starts.is_living(ticket.start) {
            return Err(AttachError::BadSecret);
        }
        let slot = shared.slot(&ticket.module).ok_or(AttachError::BadSecret)?;
        let session = Arc::new(Session::new(&slot.name, hello.clone(), Arc::clone(&shared.policy)));
        let attached =
            Attached { shared: Arc::clone(shared), session: Arc::clone(&session), ticket };
        if attached.purpose() == Purpose::Describe {
            if let Some(waiting) = shared.describing.lock().remove(&attached.ticket.start) {
                let _ = waiting.send(hello);
            }
            session.close("it was started only to describe itself");
            return Ok(attached);
        }
        {
            let mut current = slot.session.lock();
            if current.as_ref().is_some_and(|session| session.over_for().is_none()) {
                return Err(AttachError::AlreadyAttached(slot.name.clone()));
            }
            *current = Some(session);
        }
        slot.view.lock().sdk.clone_from(&hello.sdk);
        let declaration = hello.declaration;
        let refusal = (!declaration.can_run).then(|| declaration.can_run_error.clone());
        self.learn(&slot, declaration).await;
        match refusal {
            Some(reason) => attached.report(Event::Refused(reason)).await,
            None => self.wish(&slot.name, Event::Session).await,
        }
        Ok(attached)
    }

    /// Keeps what a module said it offers.
    async fn learn(&self, slot: &Slot, declaration: super::Declaration) {
        let known = slot.declaration();
        if known.is_some_and(|known| *known == declaration) {
            return;
        }
        remember(&self.shared, slot, &declaration).await;
        slot.described.send_replace(Described::As(Arc::new(declaration)));
        self.shared.changed();
    }

    /// Says that a module's hello cannot be answered, such as for want of a common protocol
    /// version; it is not restarted until somebody changes something.
    pub async fn refuse(&self, ticket: &Ticket, reason: String) {
        let (module, start) = (ticket.module.clone(), ticket.start);
        let event = Event::Refused(reason);
        let _ = self.shared.letters.send(Letter::Report { module, start, event }).await;
    }

    /// Ends all modules: asks them, and after `grace` kills what is left. Returns when every
    /// process is reaped, but does not wait for ever for those that cannot be killed.
    pub async fn shutdown(&self, grace: Duration) {
        let shared = &self.shared;
        shut_down(shared).await;
        let mut finished = shared.finished.subscribe();
        if timeout(grace, finished.wait_for(|finished| *finished)).await.is_err() {
            let (left, grace) = (self.living(), grace.as_secs_f32());
            tracing::warn!("killed, for they have not ended within {grace} s: {left}");
            let _ = shared.letters.send(Letter::Kill).await;
            if timeout(LAST, finished.wait_for(|finished| *finished)).await.is_err() {
                let (left, last) = (self.living(), LAST.as_secs());
                tracing::error!("left behind, for killing them had no effect in {last} s: {left}");
            }
        }
        // Those that only describe themselves were told when the shutdown began, and have no
        // session that could ask for more time.
        let described = shared.describers.acquire_many(shared.all_describers());
        if timeout(LAST, described).await.is_err() {
            tracing::error!("a module that was to describe itself is left behind, though killed");
        }
    }

    /// The names of the modules that have a process.
    fn living(&self) -> String {
        let living = self.list().into_iter().filter(|module| module.pid != 0);
        living.map(|module| module.name).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn known(&self, name: &str) -> Result<Arc<Slot>, ModuleError> {
        self.shared.slot(name).ok_or_else(|| ModuleError::NoSuchModule(name.into()))
    }

    /// Tells the supervisor, and waits until it has heard.
    pub(super) async fn wish(&self, module: &str, wish: Event) {
        let (done, heard) = oneshot::channel();
        let letter = Letter::Wish { module: module.into(), wish, done };
        if self.shared.letters.send(letter).await.is_ok() {
            let _ = heard.await;
        }
    }

    /// Waits until the module is not on its way any more, but no longer than `limit`.
    pub(super) async fn settled(&self, slot: &Slot, limit: Duration) -> Availability {
        let mut availability = slot.availability.subscribe();
        let settled = |now: &Availability| !matches!(now, Availability::Coming);
        match timeout(limit, availability.wait_for(settled)).await {
            Ok(Ok(now)) => now.clone(),
            _ => Availability::Coming,
        }
    }

    pub(super) fn describe(&self, slot: Arc<Slot>, source: Source) {
        tokio::spawn(describe(Arc::clone(&self.shared), slot, source));
    }
}
