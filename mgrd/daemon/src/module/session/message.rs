//! The messages of a session.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use mgrd_command::Outcome;

use super::log_record::LogRecord;
use crate::authority::Identity;
use crate::module::declaration::Declaration;

/// To the module. The welcome is not among these: it answers the hello.
#[derive(Clone, Debug, PartialEq)]
pub enum ToModule {
    /// Run a command.
    Command {
        /// The id of the command.
        id: u64,
        /// The command.
        call: CommandCall,
    },
    /// The answer is no longer wanted.
    CancelCommand {
        /// The id of the command.
        id: u64,
    },
    /// Another module calls.
    RemoteCall {
        /// The id of the call.
        id: u64,
        /// The call.
        call: RemoteCall,
    },
    /// Something changed.
    Notification {
        /// What, such as `osd_map`.
        kind: String,
        /// Which: JSON text.
        id: Bytes,
    },
    /// Watched documents have new versions; coalesced by name.
    DocumentChanged(Vec<(String, u64)>),
    /// The constants changed: read them as they are now.
    ConstantsChanged,
    /// Are you there?
    Ping {
        /// Repeated in the answer.
        seq: u64,
    },
    /// End your work.
    Shutdown {
        /// How long until force.
        grace: Duration,
    },
}

/// From the module.
#[derive(Clone, Debug, PartialEq)]
pub enum FromModule {
    /// Set-up is done.
    Ready,
    /// What a command gives.
    Command {
        /// The id of the command.
        id: u64,
        /// A part of its output, or its end.
        event: CommandEvent,
    },
    /// How a remote call ended.
    RemoteResult {
        /// The call.
        id: u64,
        /// What the method returned, or why not.
        result: Result<Payload, MethodError>,
    },
    /// Answers a ping.
    Pong {
        /// Of the ping.
        seq: u64,
        /// The age of the oldest unfinished handler.
        busy: Duration,
        /// What that one is.
        busy_with: String,
    },
    /// The main work ended with an error.
    Failed {
        /// One line.
        message: String,
        /// The whole traceback, if any.
        traceback: String,
    },
    /// It logs something.
    Log(LogRecord),
    /// Set-up needs more time, from now.
    ExtendStart(Duration),
    /// Which documents' versions to push.
    WatchDocuments(Vec<String>),
}

/// What a running command gives, from the module to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandEvent {
    /// A part of its output.
    Output(Bytes),
    /// Its end; nothing comes after it.
    Done(Outcome),
}

/// The feature of a module that takes its options and store in parts after the welcome.
pub const SNAPSHOT_PARTS: &str = "snapshot-parts";

/// The features that `mgrd` knows.
pub(super) const FEATURES: [&str; 3] = ["payload:pickle", "document-watch", SNAPSHOT_PARTS];

/// The first message of a module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hello {
    /// The SDK's name and version; may be empty.
    pub sdk: String,
    /// The features that both sides know.
    pub features: BTreeSet<String>,
    /// What the module offers.
    pub declaration: Declaration,
}

/// A command to run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub struct CommandCall {
    /// The literal words.
    pub prefix: String,
    /// The arguments: a JSON object.
    pub args: Bytes,
    /// Input data, if any was given.
    pub input: Option<Bytes>,
    /// How long the client waits; none means that it waits until the end.
    pub timeout: Option<Duration>,
    /// Whether it is the self-test of the module, which runs even if the main work has failed.
    pub self_test: bool,
    /// Who runs it. The module asks what this caller may do.
    pub caller: Identity,
    /// The id of the call that asks for it.
    pub request: String,
}

/// A call of one module by another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteCall {
    /// The calling module.
    pub caller: String,
    /// The method.
    pub method: String,
    /// Positional arguments.
    pub args: Payload,
    /// Named arguments.
    pub kwargs: Payload,
    /// How long the caller waits; zero means the host's default.
    pub timeout: Duration,
    /// The modules that wait for this call, outermost first. [`crate::module::Modules::call`] adds the
    /// caller.
    pub chain: Vec<String>,
    /// Encodings in which the caller takes the answer, in addition to JSON.
    pub encodings: Vec<String>,
    /// The id of the call that asks for it.
    pub request: String,
}

/// An encoded value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The data.
    pub data: Bytes,
    /// Empty for JSON.
    pub encoding: String,
}

/// Why a method did not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodError {
    /// There is none of that name.
    NoMethod(String),
    /// It raised; the text.
    Raised(String),
}
