//! The URIs of modules, and the wear of devices that modules store.

use integration_tests::{Setup, eventually, process};
use nix::sys::signal::Signal;
use serde_json::json;

use crate::probe::{ask, show, start};

/// Sets its URI on command.
const URI: &str = "
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    @CLIReadCommand('uri set')
    def uri(self, uri: str) -> HandleCommandResult:
        'Publish a URI'
        self.set_uri(uri)
        return HandleCommandResult()
";

#[test]
fn the_uri_of_a_module_is_published_from_its_start_to_its_end() {
    let daemon = start(Setup::new(), &["self.set_uri('http://127.0.0.1:1/')"]);
    assert_eq!(daemon.json("mgr services"), json!({"probe": "http://127.0.0.1:1/"}));
    assert_eq!(show(&daemon, "self.set_uri('http://127.0.0.1:2/')"), "None");
    let both = [daemon.json("mgr services"), ask(&daemon, "self.get('mgr_map')['services']")];
    assert_eq!(both, [json!({"probe": "http://127.0.0.1:2/"}), both[0].clone()]);
    show(&daemon, "self.set_uri('')");
    assert_eq!(daemon.json("mgr services"), json!({}));
    show(&daemon, "self.set_uri('http://127.0.0.1:3/')");
    daemon.ok("mgr module disable probe");
    eventually("the address is gone", || {
        let services = daemon.json("mgr services");
        if services == json!({}) { Ok(()) } else { Err(services) }
    });
}

#[test]
fn a_uri_is_removed_when_its_process_ends() {
    let daemon = Setup::new().python("uri", URI).start();
    let before = daemon.await_running("uri");
    daemon.ok("uri set http://here:1/");
    assert_eq!(daemon.json("mgr services"), json!({"uri": "http://here:1/"}));
    process::signal(before, Signal::SIGKILL);
    let again = daemon.await_restart("uri", before);
    assert_eq!(daemon.json("mgr services"), json!({}));
    daemon.ok("uri set http://here:2/");
    daemon.ok("mgr module disable uri");
    process::await_end(again);
    eventually("the URI is gone", || {
        let services = daemon.json("mgr services");
        if services == json!({}) { Ok(()) } else { Err(services) }
    });
}

/// Changes the address of the module in many threads.
const CHANGES: &str = "(lambda pool: [len(list(pool.map(\
    lambda n: self.set_uri(f'http://{n}'), range(400)))), pool.shutdown()][0])(\
    __import__('concurrent.futures').futures.ThreadPoolExecutor(20))";

#[test]
fn addresses_that_change_often_are_published_together() {
    let daemon = start(Setup::new(), &[]);
    let epoch = || ask(&daemon, "self.get('mgr_map')['epoch']").as_u64().unwrap();
    let before = epoch();
    assert_eq!(ask(&daemon, CHANGES), 400);
    let changes = epoch() - before;
    assert!(changes <= 200, "{changes} versions of the map");
    show(&daemon, "self.set_uri('http://last')");
    assert_eq!(ask(&daemon, "self.get('mgr_map')['services']['probe']"), "http://last");
}

#[test]
fn the_wear_of_a_device_is_stored_as_in_ceph() {
    let daemon = start(Setup::new().replay(0.001), &[]);
    assert_eq!(show(&daemon, "self.set_device_wear_level('ABC_1', 0.25)"), "None");
    assert_eq!(daemon.ok("config-key get device/ABC_1"), r#"{"wear_level": "0.25"}"#);
}
