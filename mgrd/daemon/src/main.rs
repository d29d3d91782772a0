//! `mgrd`, the host of a cluster's manager modules.

use std::process::ExitCode;

fn main() -> ExitCode {
    mgrd::main()
}
