//! The size of commands: what a module declares and a client sends is bounded, so that other modules
//! and clients get their answers.

use integration_tests::{Setup, TestManager, grpc};
use mgrd_proto::v1::Words;
use mgrd_proto::v1::execute_command::Command;

/// A module with one small command, and with commands that exceed each limit.
const LARGE: &str = "
from mgr_module import MgrModule

def choices(count):
    strings = '|'.join(f'c{n}' for n in range(count))
    return f'name=c,type=CephChoices,strings={strings}'

def arguments(count):
    return ' '.join(f'name=a{n},type=CephInt' for n in range(count))

class Module(MgrModule):
    COMMANDS = [
        {'cmd': cmd, 'desc': 'd', 'perm': 'r'}
        for cmd in [
            f'large long {choices(50_000)}',
            f'large many {arguments(9_000)}',
            f'large choices {choices(4_097)}',
            f'large arguments {arguments(257)}',
            'large ' + 'w' * 257,
            f'large most {choices(4_096)}',
            'large small',
        ]
    ]
    def handle_command(self, inbuf, cmd):
        return 0, 'small', ''
";

/// The limits that the commands of the module exceed, in their order.
const EXCEEDED: [&str; 5] = [
    "limits.module.descriptor_bytes",
    "limits.module.descriptor_bytes",
    "limits.module.argument_choices",
    "limits.module.command_arguments",
    "limits.module.word_bytes",
];

fn start() -> TestManager {
    let daemon = Setup::new().python("large", LARGE).rogue("quiet", &[]).start();
    daemon.await_running("large");
    daemon.await_running("quiet");
    daemon
}

/// All others still get their answers.
fn answers(daemon: &TestManager) {
    assert_eq!(daemon.ok("quiet echo hi"), "[\"hi\"]\n");
    assert!(daemon.ok("status").contains("mgr:"));
}

#[test]
fn a_command_that_exceeds_a_limit_is_left_out_and_named_and_the_others_work() {
    let daemon = start();
    assert_eq!(daemon.ok("large small"), "small\n");
    assert_eq!(daemon.ok("large most c4095"), "small\n");
    let left_out = daemon.module("large")["left_out"].clone();
    let left_out: Vec<&str> =
        left_out.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert_eq!(left_out.len(), EXCEEDED.len(), "{left_out:?}");
    for (text, limit) in left_out.iter().zip(EXCEEDED) {
        assert!(text.contains("'large ") && text.contains(limit), "{text} lacks {limit}");
        assert!(text.len() < 1000, "{} bytes", text.len());
        daemon.await_log(limit);
    }
    // No hint shows all of a long signature.
    let hints = daemon.run("large nothing").fails(22);
    assert!(hints.contains("large small") && hints.len() < 3000, "{hints}");
    answers(&daemon);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_a_client_that_exceeds_a_limit_is_refused_and_others_are_answered() {
    let daemon = start();
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let words = |words: Vec<String>| Command::Words(Words { words });
    let cases = [
        (words(vec!["large".to_owned(); 300_000]), "limits.client.command_words"),
        (words(vec!["x".repeat(6 << 20)]), "limits.client.command_bytes"),
        (Command::Json(vec![b'['; 30 << 20].into()), "limits.client.command_bytes"),
    ];
    for (command, limit) in cases {
        let outcome = grpc::execute(&channel, command).await;
        assert_eq!(outcome.retval, -7, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(limit), "{}", outcome.stderr);
        answers(&daemon);
    }
    // Up to the limit, a command gets its usual answer.
    let outcome = grpc::execute(&channel, words(vec!["large".to_owned(); 4096])).await;
    assert_eq!(outcome.retval, -22, "{}", outcome.stderr);
}
