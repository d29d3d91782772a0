//! Shutting down cleanly.

use integration_tests::Setup;

use super::probing;

#[test]
fn shutdown_is_called_and_serve_joined_before_the_process_ends() {
    let daemon = probing(&["probe"]);
    daemon.ok("mgr module disable probe");
    assert_eq!(daemon.ok("config-key get mgr/probe/ended"), "in order");
}

#[test]
fn a_module_that_does_not_end_is_killed() {
    let stubborn = "import threading\nfrom mgr_module import MgrModule\nclass Module(MgrModule):\n    \
                    def serve(self):\n        threading.Event().wait()\n    \
                    def shutdown(self):\n        threading.Event().wait()\n";
    let setup = Setup::new();
    let path = setup.folder().join("mgrd.toml");
    std::fs::write(&path, "[limits.module]\nshutdown_grace = 0.5\nterm_grace = 0.5\n").unwrap();
    let daemon = setup.argument("--config").argument(path).python("stubborn", stubborn).start();
    let pid = daemon.await_running("stubborn");
    daemon.ok("mgr module disable stubborn");
    assert!(!integration_tests::process::alive(pid));
}
