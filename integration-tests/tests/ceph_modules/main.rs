//! Ceph's own modules, unmodified, on the recorded cluster. Each file tests one or two modules.
//!
//! They are not part of this repository. `make ceph-modules` installs them, and then `make test` runs
//! these tests.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

mod balancing;
mod crash;
mod figures;
mod mon;
mod progress;
mod rados;
mod restful;
mod selftest;
mod status;
mod together;

use std::net::TcpListener;

use integration_tests::{Setup, TestManager, places};

/// So slow that the cluster stays as it is at the start of the recording.
const STILL: f64 = 0.001;

/// Ceph's modules of these names, enabled, each in a process of the distribution's Python.
fn ceph(modules: &[&str]) -> Setup {
    let setup = Setup::new().run_by(places::ceph_python());
    modules
        .iter()
        .fold(setup, |setup, name| setup.installed(&places::ceph_modules().join(name)).enable(name))
}

/// These modules, running, on the cluster as it is at the start of the recording.
fn run(modules: &[&str]) -> TestManager {
    let daemon = ceph(modules).replay(STILL).start();
    for module in modules {
        daemon.await_running(module);
    }
    daemon
}

/// A module that serves HTTP, enabled with this address from the start.
fn on_port(module: &str, port: u16) -> TestManager {
    let setup = ceph(&[]).installed(&places::ceph_modules().join(module));
    let daemon = setup.replay(STILL).start();
    // By force: what the module offers may not be known yet.
    daemon.ok(&format!("config set mgr mgr/{module}/server_addr 127.0.0.1 --force"));
    daemon.ok(&format!("config set mgr mgr/{module}/server_port {port} --force"));
    daemon.ok(&format!("mgr module enable {module}"));
    daemon
}

/// A free port.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
