//! A Python module written only from the module guide works as the guide says. Each file in `guide`
//! is a section of the guide.

mod commands;
mod console;
mod declarations;
mod limitations;
mod logging;
mod notifications;
mod options;
mod progress;
mod remote;
mod sending;
mod shutting_down;
mod store;

use integration_tests::{Setup, TestManager, eventually};

/// The module.
pub(crate) const GUIDE: &str = include_str!("modules/guide.py");

/// A module that can be talked to with [`evaluate`].
const PROBE: &str = include_str!("modules/talker.py");

/// A daemon that runs [`PROBE`] under these names.
fn probing(modules: &[&str]) -> TestManager {
    let setup = Setup::new().argument("--allow-eval");
    let setup = modules.iter().fold(setup, |setup, name| setup.python(name, PROBE));
    let daemon = setup.start();
    for module in modules {
        daemon.await_running(module);
    }
    daemon
}

/// What Python prints inside a module, which is `mgr` there.
fn evaluate(daemon: &TestManager, module: &str, source: &str) -> String {
    let evaluated = daemon.ctl(&format!("mgr {module} eval -i -")).input(source).run().ok();
    evaluated.trim_end().to_owned()
}

fn start() -> TestManager {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    daemon
}

#[test]
fn an_error_in_a_handler_reaches_the_client() {
    let daemon = start();
    assert_eq!(daemon.run("guide refuse kindly").fails(2), "Error ENOENT: no such thing\n");
    let traceback = daemon.run("guide refuse badly").fails(22);
    assert!(traceback.contains("Traceback") && traceback.contains("a mistake"), "{traceback}");
    assert_eq!(daemon.run("guide refuse not").ok(), "");
    let nothing = daemon.run("guide nothing");
    assert_eq!(nothing.status, Some(22));
    assert!(!nothing.stderr.is_empty());
}

#[test]
fn its_health_checks_are_shown_muted_and_removed_with_it() {
    let daemon = start();
    daemon.ok("guide health unwell");
    let detail = daemon.ok("health detail");
    for part in ["HEALTH_WARN", "GUIDE_UNWELL: unwell", "a detail"] {
        assert!(detail.contains(part), "{detail} lacks {part}");
    }
    daemon.ok("health mute GUIDE_UNWELL 1h");
    let muted = daemon.ok("health");
    assert!(muted.starts_with("HEALTH_OK") && muted.contains("muted: GUIDE_UNWELL"), "{muted}");
    daemon.ok("health unmute GUIDE_UNWELL");
    assert!(daemon.ok("health").starts_with("HEALTH_WARN"));
    daemon.ok("mgr module disable guide");
    eventually("the check is gone", || {
        let health = daemon.ok("health detail");
        if health.contains("GUIDE_UNWELL") { Err(health) } else { Ok(()) }
    });
}
