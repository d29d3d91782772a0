//! The one loop that changes the life of modules.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::input::{Effect, Input};
use super::module::Module;
use super::module_state::{ModuleEvent, ModuleState};
use super::run::run_process;
use super::run_record::Urgency;
use super::shared::Shared;
use super::supervisor_message::SupervisorMessage;

/// The supervisor of all modules.
pub(in crate::module) struct Supervisor {
    shared: Arc<Shared>,
    stopping: bool,
}

impl Supervisor {
    /// Starts the supervisor. It ends when all modules have ended after a shutdown.
    pub(in crate::module) fn start(
        shared: Arc<Shared>,
        messages: mpsc::Receiver<SupervisorMessage>,
    ) {
        tokio::spawn(Self { shared, stopping: false }.run(messages));
    }

    async fn run(mut self, mut messages: mpsc::Receiver<SupervisorMessage>) {
        while !self.stopping || self.shared.all().iter().any(|module| module.has_process()) {
            let modules = self.shared.all();
            let wake_at = modules.iter().filter_map(|m| m.wake_at(&self.shared.limits.life)).min();
            let wake = async {
                match wake_at {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                message = messages.recv() => match message {
                    Some(message) => self.handle(message),
                    None => return,
                },
                () = wake => self.tick(),
            }
        }
        self.shared.finished.send_replace(true);
    }

    fn handle(&mut self, message: SupervisorMessage) {
        match message {
            SupervisorMessage::Request { module, input, done } => {
                if let Some(module) = self.shared.module(&module)
                    && !self.stopping
                {
                    self.step(&module, input);
                }
                let _ = done.send(());
            }
            SupervisorMessage::FromRun { module, run, input } => {
                let newest = |m: &Arc<Module>| m.run.lock().id == run || m.is_debugged();
                if let Some(module) = self.shared.module(&module).filter(newest) {
                    self.step(&module, input);
                }
            }
            SupervisorMessage::Probe { done } => drop(done.send(())),
            SupervisorMessage::Kill => {
                for module in self.shared.all() {
                    module.run.lock().end(Urgency::Kill);
                }
            }
            SupervisorMessage::Shutdown => {
                self.stopping = true;
                for module in self.shared.all() {
                    self.step(&module, Input::Shutdown);
                }
            }
        }
    }

    fn tick(&self) {
        let now = Instant::now();
        for module in self.shared.all() {
            if module.wake_at(&self.shared.limits.life).is_some_and(|at| at <= now) {
                self.step(&module, Input::Tick);
            }
        }
    }

    /// Takes the life of a module one step further, does what follows, and shows the new state.
    fn step(&self, module: &Arc<Module>, input: Input) {
        let before = module.life();
        if let Some(asked) = input.asked_end().filter(|_| before.has_process()) {
            module.run.lock().asked = Some(asked);
        }
        let effect = module.step(input, &self.shared.limits.life);
        match effect {
            Some(Effect::Start) => {
                let id = self.shared.live_runs.next_id();
                let urgency = module.run.lock().begin(id);
                let (shared, module) = (Arc::clone(&self.shared), Arc::clone(module));
                tokio::spawn(run_process(shared, module, id, urgency));
            }
            Some(Effect::Stop) => module.run.lock().end(Urgency::Stop),
            None => {}
        }
        module.update_availability();
        let now = module.life();
        let (state, reason) = (now.state(), now.reason());
        let same_reason = reason.map(Arc::as_ptr) == before.reason().map(Arc::as_ptr);
        if state != before.state() || !same_reason {
            let (module, reason) = (module.name.clone(), reason.cloned());
            let text = reason.as_ref().map(ToString::to_string).unwrap_or_default();
            log_state(&module, state, &text);
            // There may be no listener.
            let _ = self.shared.events.send(ModuleEvent { module, state, reason });
        }
    }
}

/// Logs the new state of a module, as serious as that state is.
fn log_state(module: &str, state: ModuleState, reason: &str) {
    const TEXT: &str = "module changed its state";
    if state.has_failed() {
        tracing::error!(module, %state, reason, "{TEXT}");
    } else if state.is_trouble() {
        tracing::warn!(module, %state, reason, "{TEXT}");
    } else {
        tracing::info!(module, %state, reason, "{TEXT}");
    }
}
