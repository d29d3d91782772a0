//! The limits that operators set for one module.

use std::sync::Arc;
use std::time::Duration;

use super::Modules;
use crate::authority::Caller;
use crate::descriptors;
use crate::limits_reached::reached;
use crate::module::TooLong;
use crate::module::config::Most;
use crate::module::error::ModuleError;
use crate::module::keeper::Keeper;
use crate::module::life::Module;
use crate::module::limit_status::{Effect, LimitStatus};
use crate::module::limits::Limits;
use crate::module::process::{Confined, Controllers, NotNow, Usage, usable_controllers};
use crate::module_limits::{Change, Limit, ModuleLimits, Origin, OwnLimits, Settings};

/// Those that the process of a module is kept to.
const OF_PROCESS: [Limit; 6] = [
    Limit::Memory,
    Limit::MemoryWarning,
    Limit::Cpu,
    Limit::CpuWeight,
    Limit::Processes,
    Limit::OpenFiles,
];

/// A measurement that is not older is what a module uses now.
const PRESENT: Duration = Duration::from_secs(1);

impl Modules {
    /// The limits that are set for modules alone.
    #[must_use]
    pub fn own_limits(&self) -> Arc<ModuleLimits> {
        Arc::clone(&self.shared.own)
    }

    /// How many bytes one message of a module may have.
    #[must_use]
    pub fn message_bytes(&self, module: &str) -> usize {
        let all = self.shared.limits.session.message_bytes;
        self.shared.own.known(module).map_or(all, |own| own.count(Limit::MessageBytes, all))
    }

    /// Checks that a module may send a message of so many bytes.
    ///
    /// # Errors
    ///
    /// If the message is too long.
    pub fn check_message(&self, module: &str, bytes: usize) -> Result<(), TooLong> {
        let name = "limits.module.message_bytes";
        let checked = TooLong::check(module, bytes, self.message_bytes(module));
        checked.inspect_err(|_| reached(&Caller::module(module), name))
    }

    /// All limits that can be set for a module, as they are now.
    ///
    /// # Errors
    ///
    /// If there is no such module.
    pub fn limits_of(&self, name: &str) -> Result<Vec<LimitStatus>, ModuleError> {
        let (own, module) = self.limited(name)?;
        let module = module.as_deref();
        Ok(Limit::all().map(|limit| self.status(limit, &own, module, &[])).collect())
    }

    /// Sets limits for a module, or takes settings back. Returns what became of each.
    ///
    /// # Errors
    ///
    /// If there is no such module, or the change cannot be stored. Then nothing has changed.
    pub async fn limit(
        &self,
        name: &str,
        change: &Change,
    ) -> Result<(Vec<LimitStatus>, Option<Usage>), ModuleError> {
        let _one = self.shared.limiting.lock().await;
        let (own, module) = self.limited(name)?;
        if *self.shared.shutting_down.borrow() {
            return Err(ModuleError::ShuttingDown);
        }
        let (before, after) = (own.operator(), own.operator().changed(change));
        if before != after {
            let saved = self.shared.kept_limits.save(name, after.clone()).await;
            saved.map_err(|source| ModuleError::Limits { module: name.into(), source })?;
            own.set_operator(after);
        }
        let module = module.as_deref();
        let not_now = self.apply_limits(&own, module).await;
        let statuses = change.limits().map(|limit| self.status(limit, &own, module, &not_now));
        let statuses = statuses.collect();
        let usage = match confined_of(module) {
            Some(confined) => confined.measure(PRESENT).await,
            None => None,
        };
        Ok((statuses, usage))
    }

    /// Takes over the limits as they are stored now. A standby does so when the active manager stores them.
    pub async fn follow_limits(&self) {
        for (name, own) in self.shared.own.set_operator(self.shared.kept_limits.load()) {
            let module = self.shared.module(&name);
            self.apply_limits(&own, module.as_deref()).await;
        }
    }

    /// What is set for a module, which has a folder unless that was removed.
    fn limited(&self, name: &str) -> Result<(Arc<OwnLimits>, Option<Arc<Module>>), ModuleError> {
        if name.is_empty() {
            return Err(ModuleError::NoName);
        }
        let module = self.shared.module(name);
        let own = match &module {
            Some(module) => Some(Arc::clone(&module.own)),
            None => self.shared.own.known(name).filter(|own| !own.operator().is_empty()),
        };
        let own = own.ok_or_else(|| ModuleError::NoSuchModule(name.into()))?;
        Ok((own, module))
    }

    async fn apply_limits(&self, own: &OwnLimits, module: Option<&Module>) -> Vec<NotNow> {
        match confined_of(module) {
            Some(confined) => confined.apply(self.shared.limits.process.with(own)).await,
            None => Vec::new(),
        }
    }

    fn status(
        &self,
        limit: Limit,
        own: &OwnLimits,
        module: Option<&Module>,
        not_now: &[NotNow],
    ) -> LimitStatus {
        let (value, origin) = own.set(limit).unwrap_or_else(|| self.of_all(limit));
        let effect = self.effect(limit, value, module, not_now);
        let keeper = Keeper::of(limit, controllers_of(module));
        LimitStatus { limit, value, origin, effect, keeper }
    }

    /// The value for modules that have none of their own.
    fn of_all(&self, limit: Limit) -> (Option<u64>, Origin) {
        let others = &self.shared.config.other_limits;
        let value = base(&self.shared.limits, &others.values).get(limit);
        let default = base(&Limits::default(), &others.defaults).get(limit);
        let origin = if value == default { Origin::Default } else { Origin::Configuration };
        (value.flatten(), origin)
    }

    fn effect(
        &self,
        limit: Limit,
        value: Option<u64>,
        module: Option<&Module>,
        not_now: &[NotNow],
    ) -> Effect {
        let needs_groups = match limit {
            Limit::Cpu => value.is_some(),
            Limit::CpuWeight => value != self.shared.limits.process.cpu_weight,
            _ => false,
        };
        if needs_groups && !controllers_of(module).keep(limit) {
            let why = usable_controllers().err().map(ToString::to_string);
            let why =
                why.unwrap_or_else(|| "its control group has no controller for it".to_owned());
            return Effect::NeedsControlGroups { why };
        }
        if let Some(capped) = self.capped(limit, value) {
            return capped;
        }
        if !OF_PROCESS.contains(&limit) {
            return Effect::Now;
        }
        if let Some(NotNow { why, .. }) = not_now.iter().find(|not_now| not_now.limit == limit) {
            let why = format!("the system refuses it while the module runs ({why})");
            return Effect::AtNextStart { why };
        }
        match confined_of(module) {
            Some(confined)
                if limit == Limit::OpenFiles && confined.limits().open_files != value =>
            {
                Effect::AtNextStart { why: "the process that runs has another one".to_owned() }
            }
            Some(_) => Effect::Now,
            None if module.is_some_and(Module::is_debugged) => Effect::AfterDebugging,
            None => Effect::AtStart,
        }
    }

    /// The effect of a value that is more than `mgrd` can give.
    fn capped(&self, limit: Limit, value: Option<u64>) -> Option<Effect> {
        let (most, why) = if limit == Limit::OpenFiles {
            let why = "the hard limit of open files of mgrd; raise that, such as with LimitNOFILE= of systemd";
            (descriptors::limit(), why.to_owned())
        } else {
            let most = &self.shared.config.other_limits.most;
            let Most { value, setting, .. } = most.iter().find(|most| most.limit == limit)?;
            (*value, format!("which is {setting}; raise that in mgrd.toml"))
        };
        let is_more = value.is_some_and(|value| value > most);
        is_more.then(|| Effect::Capped { most: limit.show(Some(most)), why })
    }
}

/// The limits of its process, if it has one.
fn confined_of(module: Option<&Module>) -> Option<Confined> {
    module?.run.lock().confined.clone()
}

/// The controllers that keep its limits, or will when it starts.
fn controllers_of(module: Option<&Module>) -> Controllers {
    let running = confined_of(module).map(|confined| confined.controllers());
    running.unwrap_or_else(|| usable_controllers().unwrap_or_default())
}

/// The limits of all modules that can also be set for one.
fn base(limits: &Limits, others: &Settings) -> Settings {
    limits.process.settings(limits.session.settings(others.clone()))
}
