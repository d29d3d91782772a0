//! The command router: it finds out who answers a command, and runs it.

mod builtins;
mod dispatch;
mod running;
mod table;

pub use builtins::Builtins;
pub use dispatch::{Invocation, Router, Wanted};
pub use running::Running;
