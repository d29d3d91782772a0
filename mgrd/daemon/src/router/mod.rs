//! The command router: it finds out who answers a command and whether its caller may run it, and
//! runs it.

mod audited;
mod builtins;
mod dispatch;
mod invocation;
mod running;
mod table;

pub use builtins::Builtins;
pub use dispatch::Router;
pub use invocation::{EXAMPLE, Invocation, PermittedCommand, Wanted};
pub use running::Running;
