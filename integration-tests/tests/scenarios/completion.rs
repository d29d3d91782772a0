//! Completion of words that only the daemon knows.

use integration_tests::{Setup, eventually, process};
use nix::sys::signal::Signal;

use crate::guide::GUIDE;

#[test]
fn modules_options_limits_crashes_and_health_checks_are_offered_by_their_names() {
    let daemon = Setup::new().python("guide", GUIDE).installed_rogue("rust", &[]).start();
    daemon.await_running("guide");
    daemon.ok("guide health unwell");
    let offered = |words: &str, current: &str| {
        let asked = daemon.ctl(&format!("--completion {words}")).word(current);
        asked.run().ok().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(offered("mgr module enable", ""), ["guide", "rust"]);
    assert_eq!(offered("mgr module disable", "g"), ["guide"]);
    eventually("the option", || match offered("config set mgr", "mgr/guide/le") {
        offered if offered == ["mgr/guide/level"] => Ok(()),
        other => Err(format!("{other:?}")),
    });
    assert_eq!(offered("health mute", "GUIDE"), ["GUIDE_UNWELL"]);
    assert!(offered("config-key get", "").is_empty());
    assert_eq!(offered("mgr module limit guide", "cpu"), ["cpu=", "cpu_weight="]);
    assert_eq!(
        offered("mgr module limit guide", "me"),
        ["memory=", "memory_warning=", "message_bytes="]
    );
    assert_eq!(offered("mgr module limit guide", "con"), ["connections="]);
    process::signal(daemon.await_running("guide"), Signal::SIGKILL);
    let ids = eventually("the crash", || match offered("crash info", "2") {
        ids if ids.is_empty() => Err("there is none"),
        ids => Ok(ids),
    });
    assert!(daemon.ok("crash ls").contains(&ids[0]), "{ids:?}");
    assert_eq!(offered("mgr crash archive", "2"), ids);
}
