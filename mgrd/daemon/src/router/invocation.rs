//! A command from the words of its caller to what a module receives.

use std::time::Duration;

use bytes::Bytes;
use mgrd_command::{CommandSpec, Matched};
use serde_json::{Map, Value, json};

use crate::authority::Identity;
use crate::module::{CommandCall, is_self_test};

/// A command as JSON, for those who sent something else.
pub const EXAMPLE: &str = "send, for example, {\"prefix\": \"status\"}";

/// Which command a client wants.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The words of a command line.
    Words(Vec<String>),
    /// A JSON object with `prefix` and arguments.
    Json(Bytes),
}

/// One execution of a command.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The command with its arguments, and who runs it.
    pub command: PermittedCommand,
    /// The format asked for; empty if none.
    pub format: String,
    /// Input data, if any was given.
    pub input: Option<Bytes>,
    /// For poll commands: the columns of the client's terminal.
    pub width: u32,
    /// For poll commands: whether to print a header line.
    pub print_header: bool,
    /// How long the client waits; `None` means for ever.
    pub timeout: Option<Duration>,
    /// The id of the call that asks for it.
    pub request: String,
}

/// A command that its caller may run. Only [`super::Router::permit`] makes one, so the router runs
/// no other command.
#[derive(Clone, Debug)]
pub struct PermittedCommand {
    pub(super) matched: Matched,
    pub(super) caller: Identity,
}

impl PermittedCommand {
    /// What its module declared.
    #[must_use]
    pub fn spec(&self) -> &CommandSpec {
        &self.matched.spec
    }
}

impl Invocation {
    /// The command as a module gets it: the arguments, and the fields that Ceph's clients add.
    pub(super) fn call(&self) -> CommandCall {
        let PermittedCommand { matched, caller } = &self.command;
        let spec = &matched.spec;
        let mut args = Map::new();
        args.insert("prefix".to_owned(), spec.prefix().into());
        args.extend(matched.args.clone());
        args.insert("target".to_owned(), json!(["mon-mgr", ""]));
        if !self.format.is_empty() {
            args.insert("format".to_owned(), self.format.clone().into());
        }
        if spec.flags.poll {
            args.insert("poll".to_owned(), true.into());
            args.insert("width".to_owned(), self.width.into());
            args.insert("print_header".to_owned(), self.print_header.into());
        }
        CommandCall {
            prefix: spec.prefix(),
            args: Value::Object(args).to_string().into(),
            input: self.input.clone(),
            timeout: self.timeout,
            self_test: is_self_test(spec),
            caller: caller.clone(),
            request: self.request.clone(),
        }
    }
}
