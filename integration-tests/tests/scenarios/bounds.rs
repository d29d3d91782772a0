//! Bounds: input and output up to a limit arrive whole, and more is refused.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::sync::mpsc;

use integration_tests::{LONG, Setup, checksum, eventually};
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

const MIB: usize = 1 << 20;
const LIMIT: usize = 64 * MIB;

fn bytes(count: usize) -> Vec<u8> {
    // The bytes do not repeat, so that a swapped part is noticed.
    (0..count).map(|at| u8::try_from((at ^ (at >> 8) ^ (at >> 16)) & 0xff).unwrap_or(0)).collect()
}

#[test]
fn input_up_to_the_limit_arrives_whole() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    for count in [0, 1, MIB, LIMIT] {
        let input = bytes(count);
        let meant = format!("{count} bytes, {:016x}\n", checksum(&input));
        assert_eq!(daemon.ctl("rust count -i -").input(input).run().ok(), meant);
    }
}

#[test]
fn input_beyond_the_limit_is_refused() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let pid = daemon.await_running("rust");
    let refused = daemon.ctl("rust count -i -").input(bytes(LIMIT + 1)).run();
    assert_ne!(refused.status, Some(0));
    assert!(refused.stderr.contains("64 MiB"), "{}", refused.stderr);
    let endless = daemon.run("rust count -i /dev/zero");
    assert_ne!(endless.status, Some(0));
    assert!(endless.stderr.contains("64 MiB"), "{}", endless.stderr);
    assert_eq!(daemon.await_running("rust"), pid);
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
}

#[test]
fn a_client_that_pauses_in_its_input_is_refused() {
    let settings = "[limits.client]\ninput_pause = 0.05\n";
    let daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    daemon.await_running("rust");
    // The pipe stays open and empty.
    let (silent, _open) = std::io::pipe().unwrap();
    let refused = daemon.ctl("rust count -i -").stdin(silent).run().fails(110);
    assert!(refused.contains("no input data came for 0.05 s"), "{refused}");
}

#[test]
fn two_hundred_clients_at_once_all_get_their_own_answer() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    let clients = (0..200).map(|n| daemon.ctl(&format!("rust echo {n}")).spawn());
    let clients = clients.collect::<Vec<_>>();
    for (n, client) in clients.into_iter().enumerate() {
        assert_eq!(client.end().ok(), format!("[\"{n}\"]\n"));
    }
}

#[test]
fn an_answer_of_any_size_arrives_whole_or_is_an_error() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    let large = daemon.run("rust misbehave huge 32");
    assert_eq!((large.status, large.stdout.len()), (Some(0), 32 * MIB + 1));
    let too_large = daemon.run("rust misbehave huge 100");
    assert_ne!(too_large.status, Some(0), "{} bytes", too_large.stdout.len());
    let pid = daemon.await_running("rust");
    assert_ne!(pid, 0);
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
}

#[test]
fn a_log_that_is_not_read_delays_no_command_and_lost_lines_are_counted() {
    let setup = Setup::new();
    let path = setup.folder().join("log");
    mkfifo(&path, Mode::S_IRWXU).unwrap();
    let log = File::options().read(true).write(true).open(&path).unwrap();
    fcntl(&log, FcntlArg::F_SETPIPE_SZ(4096)).unwrap();
    let settings = "log_level = 'trace'\n[limits]\nlog_waiting_bytes = 8192\n";
    let setup = setup.rogue("rust", &[]).settings(settings).argument("--log-file").argument(path);
    let daemon = setup.start();
    daemon.await_running("rust");
    for _ in 0..5 {
        assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
    }
    let (sender, found) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if line.contains("lines of the log were lost") && sender.send(()).is_err() {
                return;
            }
        }
    });
    found.recv_timeout(LONG).expect("how many lines were lost");
}

const LOUD: &str = "
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    @CLIReadCommand('loud go')
    def go(self) -> HandleCommandResult:
        'Log too much'
        for n in range(500):
            self.log.error('a flood %s', 'x' * 100)
        return HandleCommandResult()

    @CLIReadCommand('loud publish')
    def publish(self) -> HandleCommandResult:
        'Publish texts longer than the limits'
        self.cluster_log('cluster', self.ClusterLogPrio.WARN, 'y' * 100)
        self.update_progress_event('1', 'z' * 100, 0.5, True)
        refused = []
        for uri in 'http://' + 'u' * 100, 'http://\\x1b[31m':
            try:
                self.set_uri(uri)
            except Exception as error:
                refused.append(str(error))
        return HandleCommandResult(stderr='; '.join(refused))
";

#[test]
fn texts_from_a_module_are_cut_to_their_limit() {
    let settings = "[limits.cluster]\nlog_message_bytes = 50\ntext_bytes = 50\n";
    let daemon = Setup::new().python("loud", LOUD).settings(settings).start();
    daemon.await_running("loud");
    let refused = daemon.run("loud publish");
    assert!(refused.stderr.contains("a URI of 107 bytes is too long"), "{}", refused.stderr);
    assert!(refused.stderr.contains("no line breaks or control characters"), "{}", refused.stderr);
    let cut = |letter: &str| format!("{}…", letter.repeat(50));
    let log = daemon.ok("log last 9");
    assert!(log.contains(&format!(" {}", cut("y"))), "{log}");
    let progress = daemon.ok("progress");
    assert!(progress.contains(&cut("z")) && !progress.contains(&"z".repeat(51)), "{progress}");
}

#[test]
fn a_module_cannot_flood_the_log_with_records() {
    let settings = "[limits.module]\nlog_records_per_second = 3\nlog_record_bytes = 50\n";
    let daemon = Setup::new().python("loud", LOUD).settings(settings).start();
    daemon.await_running("loud");
    daemon.ok("loud go");
    daemon.ok("mgr module disable loud");
    let log = daemon.await_log("log records of the module dropped: more than");
    assert!(log.contains("xx…"), "{log}");
    assert!(!log.contains(&"x".repeat(50)), "{log}");
    let logged = log.lines().filter(|line| line.contains("a flood")).count();
    // The bucket is filled to its limit at most once for each second of the flood.
    assert!((3..50).contains(&logged), "{logged}");
}

/// A module that asks for more than it may.
const GREEDY: &str = "
from mgr_module import CLICommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    @CLICommand('greedy take')
    def take(self) -> HandleCommandResult:
        'Ask for more than the limits allow'
        refused = 0
        for n in range(10):
            for ask in (lambda: self.set_store(str(n), 'x'),
                        lambda: self.update_progress_event(str(n), 'work', 0.5)):
                try:
                    ask()
                except Exception:
                    refused += 1
        return HandleCommandResult(stdout=str(refused))
";

#[test]
fn health_names_who_asks_for_more_than_its_limits_allow_and_which_limits() {
    let setup = Setup::new().python("greedy", GREEDY).rogue("modest", &[]);
    let settings =
        "[limits.module]\nstore_keys = 3\n[limits.cluster]\nmodule_progress_events = 3\n";
    let daemon = setup.settings(settings).start();
    daemon.await_running("greedy");
    daemon.await_running("modest");
    daemon.ok("greedy take");
    let health = eventually("health names it", || {
        let health = daemon.ok("health detail");
        if health.contains("MGR_LIMIT_REACHED") { Ok(health) } else { Err(health) }
    });
    assert!(health.contains("module 'greedy' asks for more than its limits allow"), "{health}");
    for limit in ["limits.module.store_keys", "limits.cluster.module_progress_events"] {
        assert!(health.contains(limit), "{health}");
    }
    assert!(!health.contains("modest"), "{health}");
}
