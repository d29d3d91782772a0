//! Order, coalescing and bounds of what waits for a module.

use super::*;
use crate::module::{CommandCall, ToModule};

fn outbox(notifications: usize) -> Outbox {
    Outbox::new(&SessionLimits { notifications, ..SessionLimits::default() })
}

fn take(outbox: &Outbox) -> Vec<ToModule> {
    std::iter::from_fn(|| outbox.state.lock().pop()).collect()
}

fn id(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

#[test]
fn changes_of_state_leave_before_what_they_caused_newest_only() {
    let outbox = outbox(10);
    outbox.push(ToModule::Ping { seq: 1 });
    outbox.document_changed("osd_map", 7);
    outbox.document_changed("osd_map", 8);
    outbox.constants_changed();
    let expected = [
        ToModule::DocumentChanged(vec![("osd_map".into(), 8)]),
        ToModule::ConstantsChanged,
        ToModule::Ping { seq: 1 },
    ];
    assert_eq!(take(&outbox), expected);
}

#[test]
fn equal_notifications_are_one_until_it_is_sent() {
    let outbox = outbox(10);
    for _ in 0..3 {
        outbox.notify("osd_map", id("null"));
        outbox.notify("command", id("\"tag\""));
    }
    assert_eq!(take(&outbox).len(), 2);
    outbox.notify("osd_map", id("null"));
    assert_eq!(take(&outbox).len(), 1);
}

#[test]
fn log_lines_are_never_the_same_and_the_oldest_is_dropped_and_counted() {
    let outbox = outbox(2);
    let dropped = [1, 2, 3, 4].map(|_| outbox.notify("clog", id("{}")));
    assert_eq!(dropped, [None, None, Some(1), Some(2)]);
    assert_eq!(take(&outbox).len(), 2);
}

#[test]
fn notifications_are_weighed() {
    let limits = SessionLimits { notification_bytes: 20, ..SessionLimits::default() };
    let outbox = Outbox::new(&limits);
    let mut dropped = ["{1234}"; 4].map(|text| outbox.notify("clog", id(text)));
    assert_eq!(dropped, [None, None, Some(1), Some(2)]);
    assert_eq!(take(&outbox).len(), 2);
    // One may have any size.
    let large = format!("{{{}}}", "x".repeat(100));
    dropped[0] = outbox.notify("clog", id(&large));
    assert_eq!((dropped[0], take(&outbox).len()), (None, 1));
}

#[test]
fn a_dropped_notification_can_come_again() {
    let outbox = outbox(1);
    outbox.notify("a", id("1"));
    outbox.notify("b", id("1"));
    outbox.notify("a", id("1"));
    let kept = ToModule::Notification { kind: "a".into(), id: id("1") };
    assert_eq!(take(&outbox), [kept]);
}

#[test]
fn commands_that_wait_are_weighed_and_can_be_taken_back() {
    let outbox = outbox(1);
    let call = CommandCall { input: Some(id("12345")), args: id("{}"), ..CommandCall::default() };
    outbox.push(ToModule::Command { id: 1, call: call.clone() });
    outbox.push(ToModule::Command { id: 2, call });
    assert_eq!(outbox.bytes(), 14);
    assert!(outbox.take_back(1) && !outbox.take_back(1));
    assert_eq!(take(&outbox).len(), 1);
    assert_eq!(outbox.bytes(), 0);
}

#[tokio::test]
async fn a_closed_outbox_ends_its_reader_and_takes_nothing_more() {
    let outbox = outbox(1);
    outbox.push(ToModule::ConstantsChanged);
    outbox.close();
    outbox.document_changed("a", 1);
    assert_eq!(outbox.next().await, None);
    assert_eq!(outbox.len(), 0);
}
