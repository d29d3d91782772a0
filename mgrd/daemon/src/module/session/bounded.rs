//! The messages of a module, cut to the limits before any other code reads them.

use super::limits::SessionLimits;
use super::log_record::LogRecord;
use super::message::{FEATURES, FromModule, Hello, MethodError};
use crate::module::declaration::{Declaration, DeclaredCommand, DeclaredOption};
use crate::text::{last_lines, line, lines};

/// The memory that an option or a command takes in addition to its texts, in bytes.
const ENTRY_BYTES: usize = 64;

/// How much of a descriptor that is too long is kept, in bytes.
const BEGINNING_BYTES: usize = 200;

impl Hello {
    /// The same within the limits.
    pub(in crate::module) fn bounded(self, module: &str, limits: &SessionLimits) -> Self {
        Self {
            sdk: line(&self.sdk, limits.text_bytes),
            features: FEATURES
                .into_iter()
                .filter(|known| self.features.contains(*known))
                .map(str::to_owned)
                .collect(),
            declaration: self.declaration.bounded(module, limits),
        }
    }
}

impl FromModule {
    /// The same within the limits.
    pub(in crate::module) fn bounded(self, limits: &SessionLimits) -> Self {
        match self {
            Self::Failed { message, traceback } => Self::Failed {
                message: line(&message, limits.text_bytes),
                traceback: last_lines(&traceback, limits.log_record_bytes),
            },
            Self::Pong { seq, busy, busy_with } => {
                Self::Pong { seq, busy, busy_with: line(&busy_with, limits.text_bytes) }
            }
            Self::RemoteResult { id, result: Err(MethodError::Raised(text)) } => {
                let text = match last_lines(&text, limits.log_record_bytes) {
                    empty if empty.is_empty() => "the method failed and gave no reason".to_owned(),
                    text => text,
                };
                Self::RemoteResult { id, result: Err(MethodError::Raised(text)) }
            }
            Self::Log(record) => Self::Log(record.bounded(limits)),
            other => other,
        }
    }
}

impl LogRecord {
    fn bounded(self, limits: &SessionLimits) -> Self {
        Self {
            level: self.level,
            logger: line(&self.logger, limits.text_bytes),
            message: lines(&self.message, limits.log_record_bytes),
            call_id: self.call_id,
        }
    }
}

impl Declaration {
    /// The same within the limits: texts for people are cut, options and commands for which there
    /// is no room are left out.
    pub(in crate::module) fn bounded(self, module: &str, limits: &SessionLimits) -> Self {
        let limit = limits.declaration_bytes;
        let mut room = Room { left: limit, refused: 0 };
        let texts = limits.text_bytes;
        let options = self.options.into_iter().map(|option| option.bounded(texts));
        let commands = self.commands.into_iter().map(|command| command.bounded(limits));
        let bounded = Self {
            notify_types: room.fill(self.notify_types.into_iter(), |name| name.len()),
            methods: room.fill(self.methods.into_iter(), |name| name.len()),
            commands: room.fill(commands, DeclaredCommand::weight),
            options: room.fill(options, DeclaredOption::weight),
            can_run: self.can_run,
            can_run_error: line(&self.can_run_error, texts),
            load_failed: self.load_failed,
            standby: self.standby,
        };
        if room.refused > 0 {
            tracing::warn!(
                module,
                "{} of the module's commands, options and other declarations are left out: together they \
                 may have {limit} bytes (limits.module.declaration_bytes)",
                room.refused
            );
        }
        bounded
    }
}

/// The room for what a module declares.
struct Room {
    left: usize,
    refused: usize,
}

impl Room {
    /// Those for which there is room.
    fn fill<T>(&mut self, entries: impl Iterator<Item = T>, weight: fn(&T) -> usize) -> Vec<T> {
        let fits = |entry: &T| {
            let left = self.left.checked_sub(weight(entry).saturating_add(ENTRY_BYTES));
            match left {
                Some(left) => self.left = left,
                None => self.refused += 1,
            }
            left.is_some()
        };
        let mut kept: Vec<_> = entries.filter(fits).collect();
        // It may have the room of all entries.
        kept.shrink_to_fit();
        kept
    }
}

impl DeclaredCommand {
    fn bounded(self, limits: &SessionLimits) -> Self {
        let text = limits.text_bytes;
        let is_too_long = self.cmd.len() > limits.descriptor_bytes;
        let too_long = self.too_long.or(is_too_long.then_some(self.cmd.len()));
        // It is left out, so its beginning is enough to name it.
        let shown = if too_long.is_some() { BEGINNING_BYTES } else { limits.descriptor_bytes };
        Self {
            cmd: line(&self.cmd, shown),
            too_long,
            desc: lines(&self.desc, text),
            perm: line(&self.perm, text),
            poll: self.poll,
            declared_at: line(&self.declared_at, text),
        }
    }

    fn weight(&self) -> usize {
        [&self.cmd, &self.desc, &self.perm, &self.declared_at].map(String::len).iter().sum()
    }
}

impl DeclaredOption {
    fn bounded(self, text: usize) -> Self {
        Self {
            name: line(&self.name, text),
            kind: line(&self.kind, text),
            desc: line(&self.desc, text),
            long_desc: lines(&self.long_desc, text),
            ..self
        }
    }

    fn weight(&self) -> usize {
        let texts = [&self.name, &self.kind, &self.level, &self.desc, &self.long_desc];
        let values = [&self.default_value, &self.min, &self.max].into_iter().flatten();
        let lists = [&self.enum_allowed, &self.tags, &self.see_also].into_iter().flatten();
        texts.into_iter().chain(values).chain(lists).map(String::len).sum()
    }
}

#[cfg(test)]
mod tests;
