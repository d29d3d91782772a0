//! Connections: a peer without an identity costs almost nothing, and every peer has limits.

use integration_tests::flood::{Flood, calls, unfinished_calls};
use integration_tests::raw::{self, Raw, data, prefix};
use integration_tests::{LONG, Setup, grpc, process};
use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_request::Message as ToHost;
use mgrd_proto::v1::{ExecuteCommand, ExecuteRequest, ListModulesRequest, WatchRequest};
use prost::Message;
use tonic::{Code, Request};

const MIB: u64 = 1 << 20;
const MODULE_CALL: &str = "/mgrd.v1.ModuleHostService/SetStore";

/// Runs commands while others flood a socket with `bytes`.
fn survives(bytes: &[u8]) {
    survives_with(Setup::new(), bytes);
}

/// The same with settings.
fn survives_with(setup: Setup, bytes: &[u8]) {
    let daemon = setup.rogue("rust", &[]).start();
    let pid = daemon.await_running("rust");
    let before = process::resident(daemon.pid());
    for socket in [daemon.module_socket(), daemon.socket()] {
        let flood = Flood::start(&socket, bytes, 3);
        flood.await_connections(10);
        for n in 0..20 {
            assert_eq!(daemon.ok(&format!("rust echo {n}")), format!("[\"{n}\"]\n"));
            let more = process::resident(daemon.pid()).saturating_sub(before) / MIB;
            assert!(more < 64, "{more} MiB more than before");
        }
    }
    assert_eq!(daemon.await_running("rust"), pid);
    let log = daemon.await_log("closed a connection of process");
    assert!(log.contains("refusals_per_second"), "{log}");
}

#[test]
fn a_flood_of_calls_without_a_secret_disturbs_no_client() {
    survives(&calls(MODULE_CALL, &[]));
}

#[test]
fn a_flood_of_calls_with_a_wrong_secret_disturbs_no_client() {
    survives(&calls(MODULE_CALL, &[("mgrd-secret", &"0".repeat(64))]));
}

#[test]
fn a_flood_of_calls_that_do_not_exist_disturbs_no_client() {
    survives(&calls("/mgrd.v1.ModuleHostService/Nothing", &[]));
}

#[test]
fn a_flood_of_bytes_that_are_not_http_disturbs_no_client() {
    // Each connection is one refusal, and a busy machine makes only a few of them in a second.
    let setup = Setup::new().settings("[limits.connection]\nrefusals_per_second = 1\n");
    survives_with(setup, &[b'x'; 1 << 20]);
}

#[test]
fn a_flood_of_large_messages_without_a_secret_disturbs_no_client() {
    survives(&unfinished_calls(MODULE_CALL));
}

const FLOODER: &str = "
import os, socket, struct, threading
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

def frame(kind, flags, stream, payload):
    return struct.pack('>I', len(payload))[1:] + bytes([kind, flags]) + struct.pack('>I', stream) + payload

def call(stream):
    fields = {':method': 'POST', ':scheme': 'http', ':path': '/mgrd.v1.ModuleHostService/SetStore'}
    text = lambda word: bytes([len(word)]) + word.encode()
    block = b''.join(b'\\0' + text(name) + text(value) for name, value in fields.items())
    return frame(1, 4, stream, block) + frame(0, 1, stream, bytes(5))

class Module(MgrModule):
    def flood(self, path):
        calls = b''.join(call(2 * n + 1) for n in range(1000))
        while True:
            with socket.socket(socket.AF_UNIX) as peer:
                try:
                    peer.connect(path)
                    peer.sendall(b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n' + frame(4, 0, 0, b'') + calls)
                    peer.recv(1)
                except OSError:
                    pass

    @CLIReadCommand('flooder go')
    def go(self) -> HandleCommandResult:
        'Flood'
        for _ in range(3):
            path = os.environ['MGRD_SOCKET']
            threading.Thread(target=self.flood, args=(path,), daemon=True).start()
        return HandleCommandResult()

    @CLIReadCommand('flooder greet')
    def greet(self) -> HandleCommandResult:
        'Greet'
        return HandleCommandResult(stdout='hello')
";

#[test]
fn a_module_that_floods_its_socket_disturbs_neither_others_nor_its_own_session() {
    let daemon = Setup::new().rogue("rust", &[]).python("flooder", FLOODER).start();
    let pids = [daemon.await_running("rust"), daemon.await_running("flooder")];
    daemon.ok("flooder go");
    let log = daemon.await_log("closed a connection of module 'flooder'");
    assert!(log.contains("refusals_per_second"), "{log}");
    for n in 0..20 {
        assert_eq!(daemon.ok(&format!("rust echo {n}")), format!("[\"{n}\"]\n"));
    }
    assert_eq!(daemon.ok("flooder greet"), "hello\n");
    assert_eq!([daemon.await_running("rust"), daemon.await_running("flooder")], pids);
}

#[test]
fn a_process_with_too_many_connections_keeps_those_it_has() {
    let settings = "[limits.connection]\nprocess_connections = 3\n";
    let daemon = Setup::new().settings(settings).start();
    // After this, the connections of the setup are closed.
    daemon.ok("status");
    let open: Vec<_> = (0..3).map(|_| Raw::open(&daemon.socket()).unwrap()).collect();
    for _ in 0..5 {
        let mut further = Raw::connect(&daemon.socket()).unwrap();
        assert_eq!(further.read_to_end(LONG).unwrap(), b"");
    }
    for mut kept in open {
        kept.ping(LONG).unwrap();
    }
    daemon.ok("status");
    let log = daemon.await_log("closed a connection of process");
    assert!(log.contains("as many as it may (limits.connection.process_connections)"), "{log}");
}

#[test]
fn a_silent_connection_is_closed() {
    let settings = "[limits.connection]\nhello_timeout = 0.05\n";
    let daemon = Setup::new().settings(settings).start();
    Raw::connect(&daemon.socket()).unwrap().read_to_end(LONG).unwrap();
    Raw::open(&daemon.socket()).unwrap().read_to_end(LONG).unwrap();
}

#[tokio::test]
async fn a_message_beyond_the_limit_is_refused_with_the_name_of_the_limit() {
    let settings = "[limits.connection]\nreceiving_bytes = 100000\n";
    let daemon = Setup::new().settings(settings).start();
    let mut client = grpc::admin(grpc::connect(&daemon.socket()).await.unwrap());
    let mut run = async |bytes: usize| {
        let json = format!("{{\"prefix\": \"version\", \"x\": \"{}\"}}", "x".repeat(bytes));
        let command =
            ExecuteCommand { command: Some(Command::Json(json.into())), ..Default::default() };
        let request = ExecuteRequest { message: Some(ToHost::Command(command)) };
        client.execute(tokio_stream::once(request)).await
    };
    let refused = run(100_001).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    for part in ["receiving_bytes", &format!("process {}", std::process::id())] {
        assert!(refused.message().contains(part), "{refused}");
    }
    run(10).await.unwrap();
}

#[tokio::test]
async fn headers_beyond_the_limit_end_only_the_call() {
    let settings = "[limits.connection]\nheader_bytes = 8192\n";
    let daemon = Setup::new().settings(settings).start();
    let mut client = grpc::admin(grpc::connect(&daemon.socket()).await.unwrap());
    for (bytes, fits) in [(10, true), (9000, false), (10, true)] {
        let mut request = Request::new(ListModulesRequest::default());
        request.metadata_mut().insert("x", "y".repeat(bytes).parse().unwrap());
        assert_eq!(client.list_modules(request).await.is_ok(), fits, "{bytes}");
    }
}

#[tokio::test]
async fn a_call_beyond_the_limit_of_its_connection_waits() {
    let daemon = Setup::new().settings("[limits.connection]\nstreams = 2\n").start();
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let mut client = grpc::admin(channel.clone());
    client.list_modules(ListModulesRequest::default()).await.unwrap();
    let first = client.watch(WatchRequest::default()).await.unwrap();
    let _second = client.watch(WatchRequest::default()).await.unwrap();
    let mut same = grpc::admin(channel);
    let mut third = std::pin::pin!(same.list_modules(ListModulesRequest::default()));
    // Without the limit, the third call would end while another connection makes many calls.
    let mut other = grpc::admin(grpc::connect(&daemon.socket()).await.unwrap());
    for _ in 0..50 {
        tokio::select! {
            early = &mut third => panic!("it did not wait: {early:?}"),
            answer = other.list_modules(ListModulesRequest::default()) => drop(answer.unwrap()),
        }
    }
    drop(first);
    third.await.unwrap();
}

/// A message as it is sent in a call.
fn framed(message: &impl Message) -> Vec<u8> {
    let message = message.encode_to_vec();
    [prefix(u32::try_from(message.len()).unwrap()), message].concat()
}

#[test]
fn a_connection_outlives_calls_that_are_answered_before_their_requests_end() {
    let daemon = Setup::new().start();
    let mut connection = Raw::open(&daemon.socket()).unwrap();
    connection.send(&raw::window_update(1 << 30)).unwrap();
    let begin = |stream, method: &str, message: &[u8]| {
        [raw::call(stream, &format!("/mgrd.v1.{method}"), &[]), data(stream, message, false)]
            .concat()
    };
    let watch = begin(1, "AdminService/Watch", &framed(&WatchRequest::default()));
    connection.send(&[watch, data(1, &[], true)].concat()).unwrap();
    let command = Command::Json(r#"{"prefix": "version"}"#.into());
    let command = ExecuteCommand { command: Some(command), ..Default::default() };
    let execute = framed(&ExecuteRequest { message: Some(ToHost::Command(command)) });
    // The second is refused before its body is read.
    let methods = ["AdminService/Execute", "AdminService/None"];
    for (n, method) in methods.into_iter().cycle().take(2000).enumerate() {
        let stream = u32::try_from(3 + 2 * n).unwrap();
        connection.send(&begin(stream, method, &execute)).unwrap();
        connection.read_call(stream, LONG).unwrap_or_else(|why| panic!("call {n}: {why}"));
        connection.send(&data(stream, &[], true)).unwrap();
    }
    connection.ping(LONG).unwrap();
}
