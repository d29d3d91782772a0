//! Least authority: a module proves its identity with a secret that only its process has.

use std::path::PathBuf;

use integration_tests::{Setup, TestManager, eventually, grpc};
use mgrd_proto::v1::attach_request::Message as Say;
use mgrd_proto::v1::{AttachRequest, Hello, SetStoreRequest};
use tonic::{Code, Request};

use crate::guide::GUIDE;
use crate::probe::{answers, start};

/// The socket that modules dial.
fn module_socket(daemon: &TestManager) -> PathBuf {
    daemon.folder().join(format!("x.{}.sock", daemon.pid()))
}

#[tokio::test]
async fn a_process_without_a_secret_is_not_a_module() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    for socket in [daemon.socket(), module_socket(&daemon)] {
        for secret in [None, Some("0".repeat(64))] {
            let channel = grpc::connect(&socket).await.unwrap();
            let mut host = grpc::module_host(channel);
            let hello = Hello { protocol_versions: vec![1], ..Hello::default() };
            let hello = AttachRequest { message: Some(Say::Hello(hello)) };
            let mut attach = Request::new(tokio_stream::once(hello));
            let mut write = Request::new(SetStoreRequest { key: "a".into(), ..Default::default() });
            if let Some(secret) = secret {
                attach.metadata_mut().insert("mgrd-secret", secret.parse().unwrap());
                write.metadata_mut().insert("mgrd-secret", secret.parse().unwrap());
            }
            assert_eq!(host.attach(attach).await.unwrap_err().code(), Code::Unauthenticated);
            assert_eq!(host.set_store(write).await.unwrap_err().code(), Code::Unauthenticated);
        }
    }
}

#[test]
fn other_users_cannot_open_the_sockets_or_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let daemon = Setup::new().start();
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(daemon.socket()), 0);
    assert_eq!(mode(module_socket(&daemon)), 0);
    assert_eq!(mode(daemon.folder().join("data")), 0);
}

#[test]
fn other_users_cannot_read_the_secret() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let pid = daemon.await_running("rust");
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
    let environment = String::from_utf8_lossy(&environment).into_owned();
    let hexadecimal = |word: &str| word.len() >= 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    let values = environment.split(['\0', '=']);
    assert_eq!(values.filter(|word| hexadecimal(word)).count(), 0, "{environment}");
}

#[test]
fn a_module_cannot_act_as_a_client() {
    // It inherits the variable that mgrctl looks at, and so reaches the module's socket.
    let spy = "
import os, subprocess
from mgrd.feed import Feed, Refused
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    @CLIReadCommand('spy run')
    def run(self, program: str, socket: str) -> HandleCommandResult:
        'Run the client'
        done = subprocess.run([program, '--socket', socket, 'config-key', 'ls'], capture_output=True, text=True)
        return HandleCommandResult(stdout=str(done.returncode), stderr=done.stderr)

    @CLIReadCommand('spy feed')
    def feed(self, socket: str) -> HandleCommandResult:
        'Pass for a feed'
        try:
            with Feed('spy', socket):
                return HandleCommandResult(stdout='taken')
        except Refused as error:
            return HandleCommandResult(stdout='refused', stderr=str(error))
";
    let daemon = Setup::new().python("spy", spy).start();
    daemon.await_running("spy");
    let program = integration_tests::places::binary("mgrctl");
    for socket in [daemon.socket(), module_socket(&daemon)] {
        let tried = daemon.ctl("spy run").word(&program).word(&socket).run();
        assert_ne!(tried.text().trim(), "0", "{}", socket.display());
        assert!(tried.stderr.contains("module"), "{}", tried.stderr);
        let tried = daemon.ctl("spy feed").word(&socket).run();
        assert_eq!(tried.text().trim(), "refused", "{}", socket.display());
        assert!(tried.stderr.contains("module"), "{}", tried.stderr);
    }
    assert!(!daemon.ok("feed ls").contains("spy"));
}

#[test]
fn a_process_that_describes_its_module_may_do_nothing_else() {
    let daemon = Setup::new().installed_rogue("sly", &["writes-first"]).start();
    let told = eventually("the description", || {
        let modules = daemon.json("mgr module ls");
        let reason = modules["disabled_modules"][0]["error_string"].as_str().unwrap_or_default();
        if reason.is_empty() { Err(modules.to_string()) } else { Ok(reason.to_owned()) }
    });
    assert!(told.contains("'sly' was started only to say what it offers"), "{told}");
    assert!(!daemon.ok("config-key ls").contains("sly"));
}

#[test]
fn a_module_writes_only_its_own_options_and_store() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    daemon.ok("guide put ../other/key x");
    let keys = daemon.ok("config-key ls");
    assert!(keys.contains("mgr/guide/../other/key"), "{keys}");
}

#[test]
fn is_authorized_is_true_only_while_a_command_runs() {
    let asked = "self.is_authorized({'pool': 'rbd'})";
    let daemon = start(Setup::new(), &[asked]);
    for (place, expected) in [("init", false), ("command", true), ("thread", true)] {
        assert_eq!(answers(&daemon, place)[asked], expected, "{place}");
    }
}
