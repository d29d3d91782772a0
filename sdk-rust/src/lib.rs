//! Write a module for mgrd in Rust.
//!
//! A module is a struct that implements [`Module`], with its commands in an `impl` block marked
//! [`commands`] and its options in a struct that derives [`Options`]:
//!
//! ```no_run
//! use mgrd_sdk::prelude::*;
//!
//! #[derive(Options)]
//! struct HelloOptions {
//!     /// How to greet.
//!     #[option(default = "Hello", runtime)]
//!     greeting: String,
//! }
//!
//! struct Hello(Live<HelloOptions>);
//!
//! #[commands]
//! impl Hello {
//!     /// Says hello to a person.
//!     #[command("hello greet", perm = "r")]
//!     async fn greet(&self, who: Option<String>) -> Result<String> {
//!         let who = who.unwrap_or("world".into());
//!         Ok(format!("{}, {who}!", self.0.get().greeting))
//!     }
//! }
//!
//! impl Module for Hello {
//!     type Options = HelloOptions;
//!     async fn start(_host: Host, options: Live<HelloOptions>) -> Result<Self> {
//!         Ok(Self(options))
//!     }
//! }
//!
//! fn main() -> ExitCode {
//!     mgrd_sdk::run::<Hello>()
//! }
//! ```
//!
//! Its folder, in the module path of `mgrd`, has a `module.toml` that says what to run:
//!
//! ```toml
//! [module]
//! exec = ["./hello"]
//! ```
//!
//! `docs/module-authors-guide-rust.md` goes from an empty folder to a tested module, step by step.
//!
//! # What a module can do
//!
//! | | |
//! |---|---|
//! | answer commands | [`commands`](macro@commands), [`Choices`](trait@Choices), [`Input`], [`Output`], [`Readable`], [`Error`] |
//! | have options | [`Options`](trait@Options), [`Live`], [`Host::set_option`] |
//! | keep data | [`Host::store`] |
//! | read the cluster | [`Host::get`], [`Host::servers`], [`Host::metadata`], [`Host::perf_counters`], [`Host::ceph_option`], … |
//! | follow its changes | [`Module::NOTIFY`], [`Host::notifications`] |
//! | report to the operator | [`Host::set_health_checks`], [`Host::progress`], [`Host::cluster_log`], [`Host::set_uri`], and the macros of [`tracing`] |
//! | send commands | [`Host::command`] |
//! | call other modules, and be called | [`Host::remote`], `#[remote]` in [`commands`](macro@commands) |
//! | refuse to run where it cannot | [`Module::can_run`], [`CannotRun`] |
//! | wait beside an active manager | [`Standby`] |
//! | be tested | [`testing`] |
//!
//! # How it runs
//!
//! A module is a process of its own, and its code runs on one thread, as tasks of [`tokio`]: each
//! command and each remote call is a task, and so is [`Module::serve`]. A command that waits does not
//! delay the others. Put long computations into [`tokio::task::spawn_blocking`]. If its client
//! disconnects or its time limit passes, a command or remote call is dropped at its next `.await`. A
//! panic ends only the command that panicked.
//!
//! Reads of options, of the store, and of documents that did not change are as fast as reads of
//! memory. Writes are durable when they return, and every later read sees them. After a notification
//! of a change, a read gives the changed state or a newer one.

// The macros name this crate from outside, and its own tests use them.
extern crate self as mgrd_sdk;

mod argument;
mod busy;
mod call;
mod choices;
mod cluster_command;
mod command;
mod connect;
mod constants;
mod counters;
mod daemons;
mod documents;
mod errno;
mod error;
mod fitting;
mod health;
mod hello;
mod host;
mod host_error;
mod incoming;
mod live;
mod log;
mod method;
mod mirror;
mod module;
mod notification;
mod options;
mod outbox;
mod outcome;
mod progress;
mod remote;
mod reply;
mod reporting;
mod run;
mod session;
mod settings;
mod shutdown;
mod stacks;
mod standby;
mod store;
mod task;
pub mod testing;
mod xml;

pub use argument::{ArgumentError, ArgumentKind, ArgumentValue};
pub use call::{Argument, Input, Output};
pub use choices::Choices;
pub use cluster_command::{ClusterCommand, CommandError, Target};
pub use constants::Constants;
pub use counters::{Counter, CounterPoint, CounterSchema, DaemonCounters};
pub use daemons::{HealthMetric, Server, ServerDaemon};
pub use documents::Document;
pub use errno::Errno;
pub use error::{Error, Result};
pub use health::{HealthCheck, Severity};
pub use host::Host;
pub use host_error::{HostError, HostErrorKind};
pub use live::Live;
/// Makes commands and remote methods from the functions of an `impl` block.
///
/// `#[command("hello greet", perm = "r", poll)]` makes a command. It has the parameters of the
/// function, and its description is the first paragraph of the doc comment. `perm` is `r`, `w`, `rw`
/// (the default) or `rwx`. Clients call a command with `poll` repeatedly. The function returns a
/// `Result` of a [`Reply`].
///
/// `#[arg(…)]` on a parameter adds details: `default = 1`, `range = "1|9"`, `choices("a", "b")`,
/// `goodchars = "[a-z]"`, `type = "CephPgid"`, `n = "2"`, or `positional = "false"` for one that
/// can only be given as `--name value`.
///
/// `#[remote]` makes a method that other modules may call by the name of the function. Its parameters
/// and its result must serialise.
///
/// ```
/// use mgrd_sdk::prelude::*;
/// # struct Hello;
/// #[commands]
/// impl Hello {
///     /// Says hello to a person.
///     #[command("hello greet", perm = "r")]
///     async fn greet(&self, who: String, #[arg(default = 1, range = "1|9")] times: u32) -> Result<String> {
///         Ok(vec![format!("Hello, {who}!"); times as usize].join("\n"))
///     }
///
///     #[remote]
///     async fn greeting_for(&self, who: String) -> Result<String> {
///         self.greet(who, 1).await
///     }
/// }
/// ```
pub use mgrd_sdk_macros::commands;
pub use mgrd_sdk_macros::{Choices, Options};
pub use module::{CannotRun, Commands, Module};
pub use notification::{Notification, Notifications};
pub use options::{OptionValue, Options};
pub use outcome::Outcome;
pub use progress::Progress;
pub use remote::{Remote, RemoteError};
pub use reply::{Raw, Readable, Reply};
pub use reporting::LogPriority;
pub use run::{run, run_with_standby};
pub use shutdown::Shutdown;
pub use standby::{Standby, StandbyHost};
pub use store::{Store, StoreReader};

/// The names that nearly every module needs.
pub mod prelude {
    pub use std::process::ExitCode;

    pub use futures_util::StreamExt;

    pub use crate::{
        CannotRun, Choices, Commands, Errno, Error, HealthCheck, Host, Live, Module, Options,
        Result, Shutdown, Standby, StandbyHost, commands,
    };
}

/// The names that the macros use; not for direct use.
#[doc(hidden)]
pub mod macro_support {
    pub use std::sync::Arc;

    pub use mgrd_proto::v1::{OptionLevel, OptionSchema};

    pub use crate::call::{Call, answer};
    pub use crate::command::{ArgumentSpec, Command};
    pub use crate::method::{Method, MethodCall, returned};
    pub use crate::options::value;
}
