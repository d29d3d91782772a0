//! The command router: from words or JSON to the one who answers, and back.

mod builtins;
mod dispatch;
mod running;
mod table;

pub use builtins::Builtins;
pub use dispatch::{Invocation, Router, Wanted};
pub use running::Running;
