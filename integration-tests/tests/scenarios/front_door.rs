//! The front door under attack: mutated HTTP/2, headers and messages on both sockets. Clients get
//! answers, and the memory and the descriptors of `mgrd` stay level.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use integration_tests::raw::{Raw, call, data, prefix};
use integration_tests::{Setup, TestManager, eventually, process};
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

/// What one connection sends.
struct Sent {
    to_modules: bool,
    begins_well: bool,
    bytes: Vec<u8>,
}

impl Sent {
    /// Connections in one file, each with its length.
    fn write(all: &[Self]) -> Vec<u8> {
        let written = all.iter().map(|Self { to_modules, begins_well, bytes }| {
            let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
            [&[u8::from(*to_modules), u8::from(*begins_well)][..], &length, bytes].concat()
        });
        written.collect::<Vec<_>>().concat()
    }

    fn read(mut file: &[u8]) -> Vec<Self> {
        let mut all = Vec::new();
        while let [to_modules, begins_well, a, b, c, d, rest @ ..] = file {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let (bytes, rest) = rest.split_at(length.min(rest.len()));
            let (to_modules, begins_well) = (*to_modules != 0, *begins_well != 0);
            all.push(Self { to_modules, begins_well, bytes: bytes.to_vec() });
            file = rest;
        }
        all
    }
}

/// A manager under attack, and how it was before.
struct Target {
    daemon: TestManager,
    memory: u64,
    open: usize,
    sent: u64,
}

impl Target {
    fn start() -> Self {
        let settings = "[limits.connection]\nrefusals_per_second = 1000000\n";
        let daemon = Setup::new().settings(settings).rogue("rust", &[]).start();
        daemon.await_running("rust");
        let (memory, open) = (process::resident(daemon.pid()), descriptors(daemon.pid()));
        Self { daemon, memory, open, sent: 0 }
    }

    /// Sends all, then looks at the manager. What it did not bear is then a file.
    fn bears(&mut self, all: &[Sent], seed: u64) {
        let tried = catch_unwind(AssertUnwindSafe(|| self.send(all)));
        if tried.is_err() {
            let path = mgrd_fuzz::save("front_door", &Sent::write(all));
            panic!("fuzz front_door: the connections are in {}, SEED={seed}", path.display());
        }
    }

    fn send(&mut self, all: &[Sent]) {
        let daemon = &self.daemon;
        for Sent { to_modules, begins_well, bytes } in all {
            let socket = if *to_modules { daemon.module_socket() } else { daemon.socket() };
            send(&socket, bytes, *begins_well);
            self.sent += 1;
        }
        let words = format!("rust echo {}", self.sent);
        assert_eq!(daemon.ok(&words), format!("[\"{}\"]\n", self.sent));
        let more = process::resident(daemon.pid()).saturating_sub(self.memory);
        assert!(more < MORE_MEMORY, "{more} bytes more");
        eventually("the descriptors of before", || {
            let now = descriptors(daemon.pid());
            if now <= self.open + MORE_DESCRIPTORS { Ok(()) } else { Err(now) }
        });
        assert!(!daemon.log().contains("panicked"), "{}", daemon.log());
    }
}

#[test]
fn fuzz_front_door() {
    let mut target = Target::start();
    let module = target.daemon.await_running("rust");
    let budget = Budget::from_environment();
    println!("fuzz front_door: SEED={}", budget.seed);
    for file in mgrd_fuzz::corpus("front_door") {
        target.bears(&Sent::read(&file), budget.seed);
    }
    let calls = calls();
    let wires = calls.iter().map(|(path, messages)| wire(path, messages)).collect();
    let mut wires = Mutator::new(wires, budget.seed);
    let messages = calls.iter().flat_map(|(_, messages)| messages.clone()).collect();
    let mut messages = Mutator::new(messages, budget.seed);
    let start = Instant::now();
    while budget.lasts(start, target.sent) {
        let next = |_| {
            let kind = messages.random().u8(0..4);
            let to_modules = messages.random().bool();
            let (path, known) = &calls[messages.random().usize(..calls.len())];
            let bytes = match kind {
                0 | 1 => wires.next_input(),
                // Messages that are wrong in a call that is right.
                _ => {
                    let mut all = known.clone();
                    (0..3).for_each(|_| all.push(messages.next_input()));
                    wire(path, &all)
                }
            };
            Sent { to_modules, begins_well: kind != 0, bytes }
        };
        target.bears(&(0..BATCH).map(next).collect::<Vec<_>>(), budget.seed);
    }
    assert_eq!(target.daemon.await_running("rust"), module, "the module was disturbed");
    println!("fuzz front_door: {} connections, no failure", target.sent);
}
