//! The KV store.

use super::{evaluate, probing};

#[test]
fn keys_are_private_durable_and_of_any_text() {
    let mut daemon = probing(&["probe", "other"]);
    evaluate(
        &daemon,
        "probe",
        "mgr.set_store('a', '1'); mgr.set_store('ab', 'zwölf\\n十二'); \
             mgr.set_localized_store('a', 'here'); mgr.set_store('none', ''); mgr.set_store('large', 'x' * 300000)",
    );
    daemon.kill();
    daemon.restart();
    daemon.await_running("probe");
    daemon.await_running("other");
    let read = "mgr.get_store('a'), mgr.get_localized_store('a'), mgr.get_localized_store('ab'), \
                mgr.get_store('none', 'd'), len(mgr.get_store('large')), mgr.get_store('b'), mgr.get_store('b', 'd')";
    assert_eq!(
        evaluate(&daemon, "probe", read),
        "('1', 'here', 'zwölf\\n十二', '', 300000, None, 'd')"
    );
    assert_eq!(
        evaluate(&daemon, "probe", "list(mgr.get_store_prefix(''))"),
        "['a', 'ab', 'large', 'none', 'x/a']"
    );
    assert_eq!(evaluate(&daemon, "probe", "list(mgr.get_store_prefix('a'))"), "['a', 'ab']");
    assert_eq!(
        evaluate(&daemon, "other", "mgr.get_store('a'), mgr.get_store_prefix('')"),
        "(None, {})"
    );
    evaluate(&daemon, "probe", "mgr.set_store('a', None); mgr.set_store('never', None)");
    assert_eq!(
        evaluate(&daemon, "probe", "mgr.get_store('a'), mgr.get_localized_store('a')"),
        "(None, 'here')"
    );
}

#[test]
fn a_value_that_is_not_text_is_refused() {
    let daemon = probing(&["probe"]);
    for (value, error) in [("5", "TypeError"), ("b'x'", "TypeError"), ("'a\\0b'", "ValueError")] {
        let said = evaluate(&daemon, "probe", &format!("mgr.set_store('k', {value})"));
        assert!(said.lines().last().is_some_and(|line| line.starts_with(error)), "{said}");
    }
    assert_eq!(evaluate(&daemon, "probe", "mgr.get_store('k', 'none')"), "'none'");
}

#[test]
fn config_key_reads_and_writes_it_within_its_own_limit() {
    let daemon = probing(&["probe"]);
    daemon.ok("config-key set mgr/probe/given outside");
    assert_eq!(evaluate(&daemon, "probe", "mgr.get_store('given')"), "'outside'");
    daemon.ok("config-key rm mgr/probe/given");
    assert_eq!(evaluate(&daemon, "probe", "mgr.get_store('given', 'gone')"), "'gone'");
    evaluate(&daemon, "probe", "mgr.set_store('mine', 'zwölf')");
    assert_eq!(daemon.ok("config-key get mgr/probe/mine"), "zwölf");
    let set = |bytes: usize| {
        daemon.ctl("config-key set mgr/probe/large -i -").input(vec![b'y'; bytes]).run()
    };
    set(65_536).ok();
    assert!(set(65_537).fails(27).contains("the limit is 65536"));
    assert_eq!(evaluate(&daemon, "probe", "len(mgr.get_store('large'))"), "65536");
}
