//! The commands that `mgrd` answers itself, whatever part of it they work on.

use std::collections::HashMap;
use std::sync::Arc;

use mgrd_command::{BUILTIN_MODULE, CommandSpec, DescriptorError, Flags};

use crate::builtin::{Answer, Builtin, Request};

type Handler = Arc<dyn for<'a> Fn(&'a Request) -> Answer<'a> + Send + Sync>;

/// All built-in commands.
#[derive(Default)]
pub struct Builtins {
    specs: Vec<Arc<CommandSpec>>,
    handlers: HashMap<String, Handler>,
}

impl Builtins {
    /// Adds commands that work on `part`.
    ///
    /// # Errors
    ///
    /// [`DescriptorError`] if a descriptor of ours is wrong.
    pub fn add<C: Send + Sync + 'static>(
        mut self,
        part: &Arc<C>,
        commands: impl IntoIterator<Item = &'static Builtin<C>>,
    ) -> Result<Self, DescriptorError> {
        for command in commands {
            let spec = CommandSpec::new(
                BUILTIN_MODULE,
                command.cmd,
                command.help,
                command.perm,
                Flags::default(),
            )?;
            let (part, run) = (Arc::clone(part), command.run);
            let handler: Handler = Arc::new(move |request| {
                let part = Arc::clone(&part);
                Box::pin(async move { run(&part, request).await })
            });
            self.handlers.insert(spec.prefix(), handler);
            self.specs.push(Arc::new(spec));
        }
        Ok(self)
    }

    pub(super) fn specs(&self) -> &[Arc<CommandSpec>] {
        &self.specs
    }

    pub(super) fn get(&self, prefix: &str) -> Option<&Handler> {
        self.handlers.get(prefix)
    }
}
