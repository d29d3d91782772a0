//! The front door under attack: mutated HTTP/2, headers and messages on both sockets. Clients get
//! answers, and the memory and the descriptors of `mgrd` stay level.

use std::path::Path;
use std::time::{Duration, Instant};

use integration_tests::raw::{Raw, call, data, prefix};
use integration_tests::{Setup, eventually, process};
use mgrd_fuzz::{Budget, Mutator};
use mgrd_proto::v1::publish_request::Message as FromFeed;
use mgrd_proto::v1::*;
use prost::Message;

/// How many connections are made before a client asks.
const BATCH: usize = 50;
/// How much more memory `mgrd` may take, in bytes. What a feed sends is kept.
const MORE_MEMORY: u64 = 160 << 20;
/// How many more descriptors it may have, while it closes what the last batch opened.
const MORE_DESCRIPTORS: usize = 16;

/// The calls, each with messages that it takes.
fn calls() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let words = ["config", "ls"].map(str::to_owned).to_vec();
    let command = execute_command::Command::Words(Words { words });
    let command = ExecuteCommand { command: Some(command), ..ExecuteCommand::default() };
    let execute = execute_request::Message::Command(command);
    let hello = FeedHello { name: "f".into(), protocol_versions: vec![1], ..FeedHello::default() };
    let feed = |message| PublishRequest { seq: 1, message: Some(message) }.encode_to_vec();
    let document = PutDocument { name: "osd_map".into(), json: r#"{"epoch":1}"#.into() };
    let daemon = PutDaemon {
        daemon: Some(DaemonKey { r#type: "osd".into(), id: "1".into() }),
        ..PutDaemon::default()
    };
    let log =
        ClusterLogEntry { name: "osd.1".into(), message: "m".into(), ..ClusterLogEntry::default() };
    let note = FeedNotification { r#type: "osd_map".into(), id: "1".into() };
    let module = Hello { protocol_versions: vec![1], sdk: "x".into(), ..Hello::default() };
    let attach = AttachRequest { message: Some(attach_request::Message::Hello(module)) };
    vec![
        (
            "mgrd.v1.AdminService/Execute",
            vec![ExecuteRequest { message: Some(execute) }.encode_to_vec()],
        ),
        ("mgrd.v1.AdminService/GetCommandTable", vec![Vec::new()]),
        (
            "mgrd.v1.AdminService/Watch",
            vec![
                WatchRequest { backlog: 9, events: true, ..WatchRequest::default() }
                    .encode_to_vec(),
            ],
        ),
        (
            "mgrd.v1.AdminService/ListModules",
            vec![ListModulesRequest { name: "x".into() }.encode_to_vec()],
        ),
        ("mgrd.v1.AdminService/BackUpStorage", vec![Vec::new()]),
        (
            "mgrd.v1.FeedService/Publish",
            vec![
                feed(FromFeed::Hello(hello)),
                feed(FromFeed::PutDocument(document)),
                feed(FromFeed::PutDaemon(daemon)),
                feed(FromFeed::ClusterLog(log)),
                feed(FromFeed::Notification(note)),
            ],
        ),
        ("mgrd.v1.StandbyService/Follow", vec![Vec::new()]),
        ("mgrd.v1.ModuleHostService/Attach", vec![attach.encode_to_vec()]),
        ("mgrd.v1.ModuleHostService/SetStore", vec![b"\x0a\x01k\x12\x01v".to_vec()]),
        ("grpc.health.v1.Health/Check", vec![Vec::new()]),
    ]
}

/// One call with its messages, without the start of the connection.
fn wire(path: &str, messages: &[Vec<u8>]) -> Vec<u8> {
    let mut wire = call(1, &format!("/{path}"), &[]);
    for (n, message) in messages.iter().enumerate() {
        let framed = [prefix(u32::try_from(message.len()).unwrap()), message.clone()].concat();
        // A frame has at most this many bytes.
        for part in framed.chunks(16 << 10) {
            wire.extend(data(1, part, false));
        }
        if n + 1 == messages.len() {
            wire.extend(data(1, &[], true));
        }
    }
    wire
}

/// Sends what the other end takes.
fn send(socket: &Path, bytes: &[u8], begins_well: bool) {
    let raw = if begins_well { Raw::open(socket) } else { Raw::connect(socket) };
    let Ok(mut raw) = raw else { return };
    let mut left = bytes;
    while let Ok(taken @ 1..) = raw.send_part(left, Duration::from_millis(100)) {
        left = &left[taken..];
    }
    // What is answered, if anything.
    let _ = raw.read_to_end(Duration::from_millis(1));
}

fn descriptors(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

#[test]
fn fuzz_front_door() {
    let settings = "[limits.connection]\nrefusals_per_second = 1000000\n";
    let daemon = Setup::new().settings(settings).rogue("rust", &[]).start();
    let module = daemon.await_running("rust");
    let (pid, sockets) = (daemon.pid(), [daemon.socket(), daemon.module_socket()]);
    let calls = calls();
    let budget = Budget::from_environment();
    println!("fuzz front door: SEED={}", budget.seed);
    let wires = calls.iter().map(|(path, messages)| wire(path, messages)).collect();
    let mut wires = Mutator::new(wires, budget.seed);
    let messages = calls.iter().flat_map(|(_, messages)| messages.clone()).collect();
    let mut messages = Mutator::new(messages, budget.seed);
    let (memory, open) = (process::resident(pid), descriptors(pid));
    let (start, mut count) = (Instant::now(), 0);
    while budget.lasts(start, count) {
        for _ in 0..BATCH {
            let kind = messages.random().u8(0..4);
            let socket = &sockets[messages.random().usize(..2)];
            let (path, known) = &calls[messages.random().usize(..calls.len())];
            match kind {
                0 => send(socket, &wires.next_input(), false),
                1 => send(socket, &wires.next_input(), true),
                // Messages that are wrong in a call that is right.
                _ => {
                    let mut all = known.clone();
                    (0..3).for_each(|_| all.push(messages.next_input()));
                    send(socket, &wire(path, &all), true);
                }
            }
            count += 1;
        }
        assert_eq!(daemon.ok(&format!("rust echo {count}")), format!("[\"{count}\"]\n"));
        let more = process::resident(pid).saturating_sub(memory);
        assert!(more < MORE_MEMORY, "{more} bytes more, SEED={}", budget.seed);
        eventually("the descriptors of before", || {
            let now = descriptors(pid);
            if now <= open + MORE_DESCRIPTORS { Ok(()) } else { Err(now) }
        });
    }
    assert_eq!(daemon.await_running("rust"), module, "the module was disturbed");
    assert!(!daemon.log().contains("panicked"), "SEED={}: {}", budget.seed, daemon.log());
    println!("fuzz front door: {count} connections, no failure");
}
