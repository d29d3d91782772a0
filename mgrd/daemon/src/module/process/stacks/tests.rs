use super::*;

fn thread(id: i32, state: State) -> mgrd_threads::Thread {
    mgrd_threads::Thread {
        id,
        name: "a\u{1b}[31m\nb".to_owned(),
        state,
        waits_in: None,
        system_call: None,
        kernel_stack: vec!["futex_wait+0x67/0x120".to_owned()],
    }
}

fn stacks(own: Own, state: State) -> Stacks {
    Stacks { pid: 7, own, threads: Threads { threads: vec![thread(7, state)], more: 2 } }
}

#[test]
fn texts() {
    let shown = Own::shown(b"thread 7 main:\n  \x1b[2Jin f\xff\n", 1000);
    let by_handler = Own::by_handler(b"Thread 0x1 (most recent call first):", 1000);
    let samples = [
        stacks(shown, State::Sleeping),
        stacks(by_handler, State::Running),
        stacks(Own::Silent(Duration::from_secs(2)), State::Blocked),
        stacks(Own::Stopped(State::Stopped), State::Stopped),
        stacks(Own::ByHand, State::Traced),
    ];
    let text = samples.map(|stacks| stacks.to_string()).join("\n\n");
    mgrd_snapshots::assert_text!("stacks", text);
}

#[test]
fn what_a_module_shows_is_cut_at_its_limit() {
    let Own::Shown(text) = Own::shown(&[b'x'; 1000], 10) else { panic!("it was shown") };
    assert_eq!(text, format!("{}\n… cut here: only the first 10 bytes are kept", "x".repeat(10)));
}

#[test]
fn a_process_is_stopped_if_its_first_thread_is() {
    let cases = [
        (State::Running, None),
        (State::Blocked, None),
        (State::Stopped, Some(State::Stopped)),
        (State::Traced, Some(State::Traced)),
    ];
    for (state, expected) in cases {
        assert_eq!(stopped(&stacks(Own::ByHand, state).threads), expected);
    }
}

#[tokio::test]
async fn the_threads_of_this_process_are_read_only_if_it_is_still_the_same() {
    let me = Stat::read(std::process::id().cast_signed()).unwrap().id;
    assert!(!threads(me).await.unwrap().threads.is_empty());
    let other = ProcessId { start: me.start + 1, ..me };
    assert_eq!(threads(other).await.unwrap_err(), Gone);
}
