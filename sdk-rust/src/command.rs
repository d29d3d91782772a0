//! A command, as the attribute `command` declares it.

use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use mgrd_proto::v1;

use crate::call::Call;
use crate::{ArgumentKind, Outcome, Result};

/// The future of one call of a command or a method.
pub(crate) type Running<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// A command of the module `M`.
pub struct Command<M> {
    /// Its literal words.
    pub words: &'static str,
    /// What it does.
    pub description: &'static str,
    /// r, w, rw or rwx.
    pub perm: &'static str,
    /// Whether clients call it repeatedly.
    pub poll: bool,
    /// The file and line of its declaration.
    pub declared_at: &'static str,
    /// Its parameters, in order.
    pub arguments: Vec<ArgumentSpec>,
    /// Runs it.
    pub run: fn(Arc<M>, Call) -> Running<Outcome>,
}

/// One parameter of a command.
pub struct ArgumentSpec {
    /// Its name.
    pub name: &'static str,
    /// How its type looks in a descriptor; `None` if the descriptor does not list it.
    pub kind: Option<ArgumentKind>,
    /// Whether there is a default.
    pub has_default: bool,
    /// What `#[arg(…)]` says. It takes precedence over the type.
    pub attributes: &'static [(&'static str, &'static str)],
}

impl<M> Command<M> {
    pub(crate) fn spec(&self) -> v1::CommandSpec {
        let mut cmd = self.words.to_owned();
        for argument in &self.arguments {
            argument.describe(&mut cmd);
        }
        v1::CommandSpec {
            cmd,
            desc: self.description.to_owned(),
            perm: self.perm.to_owned(),
            poll: self.poll,
            declared_at: self.declared_at.to_owned(),
        }
    }
}

impl ArgumentSpec {
    fn describe(&self, cmd: &mut String) {
        let Some(kind) = self.kind else { return };
        let optional = !kind.required || self.has_default;
        let explicit = |key| self.attributes.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
        let choices = kind.choices.join("|");
        let untyped = explicit("type").is_none();
        let from_type = [
            ("type", Some(kind.type_name)),
            ("n", kind.many.then_some("N")),
            ("range", kind.range.filter(|_| untyped)),
            ("strings", Some(choices.as_str()).filter(|names| untyped && !names.is_empty())),
            ("req", optional.then_some("false")),
        ];
        // Writing to a `String` cannot fail.
        let _ = write!(cmd, " name={}", self.name);
        for (key, value) in from_type {
            if let Some(value) = explicit(key).or(value) {
                let _ = write!(cmd, ",{key}={value}");
            }
        }
        for (key, value) in self.attributes {
            if from_type.iter().all(|(known, _)| known != key) {
                let _ = write!(cmd, ",{key}={value}");
            }
        }
    }
}
