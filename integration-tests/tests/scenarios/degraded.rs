//! A module whose `serve` ended with an error while its process lives.

use integration_tests::Setup;

const FLAWED: &str = r#"
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule


class Module(MgrModule):
    @CLIReadCommand("flawed ask")
    def ask(self) -> HandleCommandResult:
        """Answer"""
        return HandleCommandResult(stdout="here")

    def serve(self) -> None:
        self.set_uri("http://flawed/")
        self.set_health_checks(
            {"FLAWED": {"severity": "warning", "summary": "a finding", "count": 1, "detail": []}}
        )
        raise RuntimeError("out of ideas")
"#;

#[test]
fn it_is_degraded_and_what_it_reported_stays_until_it_is_disabled() {
    let daemon = Setup::new().python("flawed", FLAWED).start();
    let seen = daemon.await_state("flawed", "degraded");
    assert!(seen["reason"].as_str().unwrap().contains("out of ideas"), "{seen}");
    assert_ne!(seen["pid"], 0, "{seen}");

    let health = daemon.json("health");
    assert!(health["checks"]["MGR_MODULE_ERROR"].is_object(), "{health}");
    assert!(health["checks"]["FLAWED"].is_object(), "{health}");
    assert_eq!(daemon.json("mgr services")["flawed"], "http://flawed/");
    let refused = daemon.run("flawed ask").fails(5);
    assert!(refused.contains("out of ideas"), "{refused}");

    daemon.ok("mgr module disable flawed");
    let health = daemon.json("health");
    assert!(health["checks"].as_object().unwrap().is_empty(), "{health}");
    assert!(daemon.json("mgr services").get("flawed").is_none());
}
