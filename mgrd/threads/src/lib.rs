//! What the threads of a process do, as the kernel shows it.
//!
//! It works for any process of the same user, even for one that is stopped or does not answer.

mod file;
mod state;
mod system_call;
mod thread;
mod threads;

pub use state::State;
pub use thread::Thread;
pub use threads::Threads;
