//! A module with a standby half that serves pages, and two managers to run it.

use std::io::{Read, Write};
use std::net::TcpStream;

use integration_tests::{Manager, Setup, TestManager, eventually};
use serde_json::Value;

pub(crate) const HALF: &str = include_str!("modules/half.py");

/// The active manager `x` and its standby `y`.
pub(crate) fn two(setup: Setup) -> (TestManager, Manager) {
    let daemon = setup.start();
    let standby = daemon.start_manager("y");
    daemon.await_standbys(&["y"]);
    (daemon, standby)
}

/// The two managers, with the module `half` enabled.
pub(crate) fn two_halves() -> (TestManager, Manager) {
    let (daemon, standby) = two(Setup::new().python("half", HALF));
    daemon.await_running("half");
    (daemon, standby)
}

/// The answer to a request for a page: its head and its body.
pub(crate) fn page(uri: &str, path: &str) -> (String, String) {
    let address = uri.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

pub(crate) fn page_json(uri: &str, path: &str) -> Value {
    serde_json::from_str(&page(uri, path).1).unwrap()
}

/// The URI of the standby half on a manager.
pub(crate) fn half_of(standby: &Manager) -> String {
    let log = standby.await_log("serves at http://");
    let (_, uri) = log.rsplit_once("serves at ").unwrap();
    uri.split_whitespace().next().unwrap().to_owned()
}

/// Waits for the URI of `half` on the active manager.
pub(crate) fn await_service(daemon: &TestManager) -> String {
    eventually("the active half serves", || {
        let services = daemon.json("mgr services");
        services["half"].as_str().map(str::to_owned).ok_or(services)
    })
}
