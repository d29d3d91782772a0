use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::*;

fn command(prefix: &str) -> Arc<Work> {
    Arc::new(Work::Command { prefix: prefix.to_owned(), request: "3-1".to_owned() })
}

fn shown(slot: &Slot) -> String {
    slot.read().map(|work| work.to_string()).unwrap_or_default()
}

#[test]
fn work_is_shown_with_its_name_and_its_request() {
    let call = Work::Call { path: "/mgrd.v1.AdminService/Watch".into(), request: "3-2".into() };
    assert_eq!(call.to_string(), "the call /mgrd.v1.AdminService/Watch (request 3-2)");
    assert_eq!(command("config set").to_string(), "the command 'config set' (request 3-1)");
    assert_eq!(Work::Module("hello".into()).to_string(), "the messages of module 'hello'");
    assert_eq!(Work::Feed("replay".into()).to_string(), "the messages of feed 'replay'");
}

#[test]
fn work_is_noted_only_while_it_is_polled_and_the_innermost_counts() {
    static SLOT: Slot = Slot::new();
    let (go_on, waiting) = oneshot::channel::<()>();
    let inner = async {
        assert_eq!(shown(&SLOT), "the command 'inner' (request 3-1)");
        waiting.await.unwrap();
        assert_eq!(shown(&SLOT), "the command 'inner' (request 3-1)");
    };
    let outer = async {
        assert_eq!(shown(&SLOT), "the command 'outer' (request 3-1)");
        SLOT.noted(inner, command("inner")).await;
        assert_eq!(shown(&SLOT), "the command 'outer' (request 3-1)");
    };
    let mut outer = SLOT.noted(outer, command("outer"));
    assert_eq!(shown(&SLOT), "");
    assert!((&mut outer).now_or_never().is_none());
    assert_eq!(shown(&SLOT), "");
    go_on.send(()).unwrap();
    assert!((&mut outer).now_or_never().is_some());
    assert_eq!(shown(&SLOT), "");
}

#[test]
fn work_that_panics_is_not_noted_any_more() {
    static SLOT: Slot = Slot::new();
    let broken = SLOT.noted(async { panic!("broken") }, command("broken"));
    let polled = catch_unwind(AssertUnwindSafe(|| broken.now_or_never()));
    assert!(polled.is_err());
    assert_eq!(shown(&SLOT), "");
}

#[test]
fn a_note_that_is_never_given_back_delays_the_log_no_longer_than_a_moment() {
    static SLOT: Slot = Slot::new();
    let _stopped = SLOT.0.lock();
    assert!(SLOT.read().is_none());
}
