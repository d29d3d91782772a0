//! `mgrctl`, the command-line client.
//!
//! The words of a command go to the manager unchanged, and the manager matches them. The command table is
//! fetched only for help, completion and the interactive mode. The client does not know the inside of
//! the manager: both share only the contracts, the command grammar and the sockets.

use std::process::ExitCode;

mod args;
mod client;
mod colour;
mod command_line;
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

fn main() -> ExitCode {
    run::main()
}
