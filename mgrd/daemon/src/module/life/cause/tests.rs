use mgrd_threads::Thread;

use super::*;

fn threads(states: &[State]) -> Threads {
    let thread = |(at, state): (usize, &State)| Thread {
        id: i32::try_from(at).unwrap() + 7,
        name: "t".into(),
        state: *state,
        waits_in: (*state == State::Blocked).then(|| "rpc_wait_bit_killable".into()),
        system_call: None,
        kernel_stack: Vec::new(),
    };
    Threads { threads: states.iter().enumerate().map(thread).collect(), more: 0 }
}

#[test]
fn texts() {
    use State::{Blocked, Running, Sleeping, Stopped, Traced};
    let cases: &[(&str, &[State])] = &[
        ("mgrd-python 0.1.0", &[Stopped, Stopped]),
        ("mgrd-python 0.1.0", &[Traced, Sleeping]),
        ("mgrd-python 0.1.0", &[Sleeping, Blocked, Running]),
        ("mgrd-python 0.1.0", &[Sleeping, Running]),
        ("mgrd-python 0.1.0", &[Sleeping, Sleeping]),
        ("mgrd-rust 0.1.0", &[Running]),
        ("mgrd-rust 0.1.0", &[Sleeping]),
        ("", &[Running]),
        ("other", &[Sleeping]),
        ("other", &[]),
    ];
    let text = |(sdk, states): &(&str, &[State])| {
        format!("{sdk:20} {states:?}: {}", Cause::of(7, sdk, &threads(states)))
    };
    let texts: Vec<_> = cases.iter().map(text).collect();
    mgrd_snapshots::assert_text!("causes", texts.join("\n"));
}
