//! Prints each figure with its budget and, if Ceph is installed, with the figure of a real ceph-mgr
//! in the same run. `docs/benchmarks.md` explains it. `bench SECTION…` measures only these sections, and
//! `bench isolation --only TEXT` only those misbehaviours whose names contain the text.

mod calls;
mod ceph;
mod client;
mod comparison;
mod cycles;
mod feed;
mod isolation;
mod processes;
mod reads;
mod store;
mod table;
mod writes;

use integration_tests::{Setup, TestManager};
use table::Table;

const PYTHON: &str = include_str!("bench.py");
const SECTIONS: [&str; 12] = [
    "commands",
    "reads",
    "writes",
    "remotes",
    "crashes",
    "restarts",
    "command-line",
    "memory",
    "intake",
    "isolation",
    "cycles",
    "store",
];

#[tokio::main]
async fn main() {
    let mut asked: Vec<String> = std::env::args().skip(1).collect();
    let only = asked.iter().position(|word| word == "--only");
    let only = only.map(|at| asked.drain(at..).nth(1).unwrap_or_default()).unwrap_or_default();
    if let Some(unknown) = asked.iter().find(|name| !SECTIONS.contains(&name.as_str())) {
        eprintln!("bench: there is no section '{unknown}'; sections: {}", SECTIONS.join(" "));
        std::process::exit(64);
    }
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    let (ceph, map) = comparison::measure(&wanted);
    let mut table = Table::new(ceph);
    for name in SECTIONS.into_iter().filter(|name| wanted(name)) {
        match name {
            "commands" => calls::commands(&mut table).await,
            "reads" => reads::reads(&mut table, map.as_ref()).await,
            "writes" => writes::writes(&mut table).await,
            "remotes" => calls::remotes(&mut table).await,
            "crashes" => processes::crashes(&mut table).await,
            "restarts" => processes::restarts(&mut table).await,
            "command-line" => calls::command_line(&mut table),
            "memory" => processes::memory(&mut table),
            "cycles" => cycles::cycles(&mut table),
            "store" => store::store(&mut table).await,
            "isolation" => isolation::isolation(&only).await,
            _ => writes::intake(&mut table).await,
        }
    }
    table.print();
}

/// The module that measures, under this name; a real ceph-mgr gets the same text.
fn python(name: &str) -> String {
    PYTHON.replace("NAME", name)
}

/// A daemon with a module in Rust and one in Python.
fn start(spinner: bool) -> TestManager {
    let setup = Setup::new().example("hello").python("bench", &python("bench"));
    let setup = if spinner { setup.python("spinner", &python("spinner")) } else { setup };
    let daemon = setup.start();
    daemon.await_running("hello");
    daemon.await_running("bench");
    daemon
}
