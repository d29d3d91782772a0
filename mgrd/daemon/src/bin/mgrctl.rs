//! `mgrctl`, the command-line client.

use std::process::ExitCode;

fn main() -> ExitCode {
    mgrd::ctl::main()
}
