//! The log: the request id of a call finds every line that the call causes, in both formats.

use integration_tests::{Setup, TestManager, eventually, grpc};
use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_request::Message;
use mgrd_proto::v1::{ExecuteCommand, ExecuteRequest, Words};
use serde_json::Value;
use tokio_stream::StreamExt;
use tonic::Request;

/// A module that logs while it handles a command, and outside of commands.
const SPEAKER: &str = r#"
from mgr_module import CLICommand, MgrModule


class Module(MgrModule):
    @CLICommand("speaker speak")
    def speak(self):
        """Logs a line."""
        self.log.info("the handler speaks")
        return 0, "", ""

    def serve(self):
        self.log.info("the main loop speaks")
"#;

/// A daemon that logs in this format, with a module that runs.
fn start(format: &str) -> TestManager {
    let setup = Setup::new().argument("--log-format").argument(format);
    let daemon = setup
        .argument("--log-level")
        .argument("info,mgrd=debug")
        .python("speaker", SPEAKER)
        .start();
    daemon.await_running("speaker");
    daemon
}

/// Runs a command in a call with this request id.
async fn execute(daemon: &TestManager, id: &str, words: &[&str]) {
    let words = Words { words: words.iter().map(|&word| word.to_owned()).collect() };
    let command = ExecuteCommand { command: Some(Command::Words(words)), ..Default::default() };
    let message = ExecuteRequest { message: Some(Message::Command(command)) };
    let mut request = Request::new(tokio_stream::once(message));
    request.metadata_mut().insert("mgrd-request-id", id.parse().unwrap());
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let mut answers = grpc::admin(channel).execute(request).await.unwrap().into_inner();
    while answers.next().await.transpose().unwrap().is_some() {}
}

/// Waits until a line of the log has all of these parts; returns it.
fn await_line(daemon: &TestManager, parts: &[&str]) -> String {
    eventually(&format!("a line with {parts:?}"), || {
        let log = daemon.log();
        let found = log.lines().find(|line| parts.iter().all(|part| line.contains(part)));
        found.map(str::to_owned).ok_or(log)
    })
}

#[tokio::test]
async fn the_request_id_of_a_call_finds_its_lines_for_people() {
    let daemon = start("human");
    let own = await_line(&daemon, &["the main loop speaks"]);
    assert!(own.contains("[request=") && own.contains("run="), "{own}");
    for unwanted in ["pid=", "path=", "identity="] {
        assert!(!own.contains(unwanted), "{own}");
    }
    execute(&daemon, "call-1", &["speaker", "speak"]).await;
    await_line(&daemon, &["the handler speaks", "request=call-1 ", r#"command="speaker speak""#]);
    await_line(&daemon, &["ended retval=0", "request=call-1 ", r#"command="speaker speak""#]);
    execute(&daemon, "call-2", &["config-key", "set", "a-key", "a-value"]).await;
    let write =
        ["stored revision=", "call-2", r#"command="config-key set""#, r#"owner="store" keys=1"#];
    await_line(&daemon, &write);
    execute(&daemon, "call-3", &["config", "set", "mgr", "debug_mgr", "3/5"]).await;
    await_line(&daemon, &["stored revision=", "request=call-3 ", r#"owner="options""#]);
    let log = daemon.log();
    let of_calls = log.lines().filter(|line| line.contains("request=call-"));
    for line in of_calls {
        assert!(line.contains("identity=") && !line.contains("uid="), "{line}");
    }
    assert!(!log.contains("a-value"), "a value is in the log");
}

#[tokio::test]
async fn the_request_id_of_a_call_finds_its_lines_for_programs() {
    let daemon = start("json");
    execute(&daemon, "call-1", &["speaker", "speak"]).await;
    let line = await_line(&daemon, &["the handler speaks", "call-1"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    let spans = line["spans"].as_array().unwrap();
    let names: Vec<_> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["connection", "call", "command"], "{line}");
    assert_eq!(spans[1]["request"], "call-1", "{line}");
    assert_eq!(spans[2]["command"], "speaker speak", "{line}");
    assert!(spans[0]["uid"].is_number(), "{line}");
    execute(&daemon, "call-2", &["config-key", "set", "a-key", "a-value"]).await;
    let line = await_line(&daemon, &[r#""message":"stored""#, "call-2"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["span"]["name"], "write", "{line}");
    assert_eq!(line["span"]["bytes"], "a-keya-value".len(), "{line}");
}
