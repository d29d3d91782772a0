//! Perf counters: what each one means, and the last values of each daemon.

mod counter;
mod error;
mod history;
mod schema;

pub use counter::{Counter, Labels};
pub use error::CounterError;
pub use history::{HISTORY, History, Point};
pub use schema::Schema;
