//! `mgrctl`, the command-line client.
//!
//! The words of a command go to the daemon as they are; the daemon matches them. The command table
//! is fetched only for help, completion and the interactive mode.

mod args;
mod client;
mod complete;
mod error;
mod execute;
mod help;
mod input;
mod interactive;
mod lines;
mod output;
mod poll;
mod python;
mod repl;
mod run;
mod takeover;
mod values;
mod watch;

pub use run::main;
