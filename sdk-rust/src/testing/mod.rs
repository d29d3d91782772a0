//! Runs a module in a unit test, with a host inside the test.
//!
//! The module has a real session, over memory instead of a socket:
//!
//! ```
//! # use mgrd_sdk::prelude::*;
//! # struct Hello;
//! # #[commands]
//! # impl Hello {
//! #     #[command("hello greet")]
//! #     async fn greet(&self, who: String) -> Result<String> { Ok(format!("Hello, {who}!")) }
//! # }
//! # impl Module for Hello {
//! #     type Options = ();
//! #     async fn start(_host: Host, _options: Live<()>) -> Result<Self> { Ok(Self) }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use mgrd_sdk::testing::TestHost;
//! use serde_json::json;
//!
//! let hello = TestHost::new().option("greeting", "Hi").start::<Hello>().await;
//! let outcome = hello.command("hello greet", json!({"who": "Ada"})).await;
//! assert_eq!(outcome.stdout, "Hello, Ada!");
//! hello.shutdown().await;
//! # }
//! ```
//!
//! [`TestHost`] sets what the module finds: options, store, documents, daemons, counters, methods of
//! other modules, outcomes of commands. [`TestModule`] changes that while the module runs, sends it
//! commands and calls, and shows what it did ([`Seen`]).
//!
//! [`Seen`] has the log lines of `start`, `serve`, commands and methods, and not those of tasks that
//! the module spawned itself.
//!
//! Failures in this module panic, because it is for tests.

mod perf;
mod seen;
mod service;
mod session;
mod stand_ins;
mod state;
mod test_host;
mod test_module;

pub use mgrd_proto::v1::Declaration;
pub use perf::TestCounter;
pub use seen::{ClusterLogLine, LogLine, Seen, Work};
pub use test_host::TestHost;
pub use test_module::TestModule;
