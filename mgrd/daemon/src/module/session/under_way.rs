//! What a module is working on.

use std::time::Duration;

/// A command or a remote call that a module has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// What it is.
    pub work: Work,
    /// Who asked for it.
    pub caller: String,
    /// The id of the call that asked for it. The log lines of that call have it, too.
    pub request: String,
    /// How long it had been under way.
    pub age: Duration,
}

/// A kind of work, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// The command with this prefix.
    Command(String),
    /// A call of this method by another module.
    RemoteCall(String),
}
