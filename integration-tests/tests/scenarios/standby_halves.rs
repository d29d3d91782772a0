//! Standby halves of modules: they serve on each standby, read what they may, and write nothing.

use integration_tests::{Setup, eventually};
use serde_json::{Value, json};

use crate::half::{HALF, await_service, half_of, page, page_json, two, two_halves};

#[test]
fn a_standby_half_redirects_to_the_active_manager_and_reads_what_it_may() {
    let (daemon, peer) = two_halves();
    let active = await_service(&daemon);
    let half = half_of(&peer);
    eventually("the page leads to the active one", || {
        let head = page(&half, "/").0;
        if head.contains(&format!("Location: {active}")) { Ok(()) } else { Err(head) }
    });
    let unset = json!({
        "uri": active, "colour": "red", "level": 3, "localized": "red", "undeclared": [null, 5],
        "ceph": ["2", "false"], "unknown": null, "store": [null, "default"],
        "localized_store": null, "ips": {"ips": []}, "osd_map": null,
    });
    assert_eq!(page_json(&half, "/seen"), unset);
    daemon.ok("config set mgr mgr/half/colour blue");
    daemon.ok("config set mgr mgr/half/y/colour green");
    daemon.ok("config set mgr.y mgr/half/level 7");
    daemon.ok("config set mgr mgr_tick_period 9");
    daemon.ok("config-key set mgr/half/key value");
    daemon.ok("config-key set mgr/half/y/key mine");
    let set = json!({
        "uri": active, "colour": "blue", "level": 7, "localized": "green", "undeclared": [null, 5],
        "ceph": ["9", "false"], "unknown": null, "store": ["value", "default"],
        "localized_store": "mine", "ips": {"ips": []}, "osd_map": null,
    });
    eventually("the half reads what was set", || {
        let seen = page_json(&half, "/seen");
        if seen == set { Ok(()) } else { Err(seen) }
    });
    daemon.ok("config rm mgr mgr/half/y/colour");
    daemon.ok("config-key rm mgr/half/key");
    eventually("the half reads what was removed", || {
        let seen = page_json(&half, "/seen");
        let gone = seen["localized"] == "blue" && seen["store"][0] == Value::Null;
        if gone { Ok(()) } else { Err(seen) }
    });
}

#[test]
fn the_host_refuses_every_other_call_of_a_standby_half() {
    let (daemon, peer) = two(Setup::new().python("half", HALF).replay(1.0));
    daemon.ok("config-key set mgr/half/key value");
    let refused = page_json(&half_of(&peer), "/refused");
    for (call, answer) in refused.as_object().unwrap() {
        assert_eq!(answer[0], 30, "{call}: {answer}");
        assert!(answer[1].to_string().contains("standby"), "{call}: {answer}");
    }
    assert_eq!(daemon.ok("config-key get mgr/half/key").trim_end(), "value");
}

#[test]
fn standby_halves_follow_the_enabled_modules_and_can_be_switched_off() {
    let setup = Setup::new().installed_python("half", HALF).rogue("rust", &[]);
    let (daemon, peer) = two(setup);
    daemon.await_running("rust");
    daemon.ok("mgr module enable half");
    half_of(&peer);
    daemon.ok("config set mgr mgr_standby_modules false");
    peer.await_log("standby half ends");
    let before = peer.log().matches("serves at").count();
    daemon.ok("config set mgr mgr_standby_modules true");
    eventually("the half serves again", || {
        if peer.log().matches("serves at").count() > before { Ok(()) } else { Err("not yet") }
    });
    daemon.ok("mgr module disable half");
    eventually("the half ends", || {
        let ends = peer.log().matches("standby half ends").count();
        if ends == 2 { Ok(()) } else { Err(ends) }
    });
    // A module without a standby half is left alone.
    assert!(!peer.log().contains("state module=\"rust\""), "{}", peer.log());
}
