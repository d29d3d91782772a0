//! A manager that hangs itself: its watchdog ends it, so that another one leads.

use std::os::unix::net::UnixDatagram;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use integration_tests::{Setup, eventually, grpc, process};
use mgrd_proto::v1::Words;
use mgrd_proto::v1::execute_command::Command;
use nix::sys::signal::Signal;

const WORKER: &str = "tokio-rt-worker";

#[test]
fn a_manager_that_hangs_shows_its_threads_and_aborts_and_a_standby_leads() {
    let settings = "[limits]\nwatchdog_warning = 0.3\nwatchdog_abort = 1.5\n";
    let mut daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    let module = daemon.await_running("rust");
    let standby = daemon.start_manager("y");
    daemon.await_standbys(&["y"]);
    let held = process::hold(daemon.pid(), WORKER);
    daemon.await_log("the worker thread has not gone on for 0.3 s");
    let log = daemon.await_log("tokio-rt-worker: stopped by a debugger (t)");
    // The state follows, as far as no thread that hangs holds it locked.
    daemon.await_log(" module module=\"rust\" state=running");
    assert!(!log.contains("mgrd aborts, so that"), "{log}");
    held.await_end();
    assert_eq!(daemon.await_end().signal(), Some(Signal::SIGABRT as i32));
    daemon.await_log("mgrd aborts, so that a standby or a restart can lead");
    process::await_end(module);
    daemon.await_active("y");
    daemon.await_running("rust");
    drop(standby);
}

/// Runs `status` again and again, on several connections, until it is dropped.
struct Commands {
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Commands {
    fn start(socket: PathBuf) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&over);
        let one = async move || {
            let channel = grpc::connect(&socket).await.expect("a connection");
            let words = Words { words: vec!["status".to_owned()] };
            while !until.load(Relaxed) {
                grpc::execute(&channel, Command::Words(words.clone())).await;
            }
        };
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .expect("a runtime")
                .block_on(async { tokio::join!(one(), one(), one(), one()) });
        };
        Self { over, thread: Some(std::thread::spawn(run)) }
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        self.over.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[test]
fn a_manager_that_hangs_names_the_command_that_it_works_on() {
    let settings = "[limits]\nwatchdog_warning = 0.1\nwatchdog_abort = \"never\"\n";
    let daemon = Setup::new().replay(1.0).settings(settings).start();
    let commands = Commands::start(daemon.socket());
    let mut hangs = 0;
    let seen = |text: &str, times: usize| {
        eventually(text, || {
            let log = daemon.log();
            if log.matches(text).count() >= times { Ok(log) } else { Err(log) }
        })
    };
    // It does other things, too, when it is stopped.
    eventually("the name of the command", || {
        hangs += 1;
        let held = process::hold(daemon.pid(), WORKER);
        seen("the worker thread has not gone on for 0.1 s", hangs);
        drop(held);
        let log = seen("the worker thread goes on after ", hangs);
        if log.contains("works on the command 'status' (request ") { Ok(()) } else { Err(log) }
    });
    drop(commands);
    daemon.ok("status");
}

#[test]
fn a_manager_that_goes_on_in_time_does_not_abort() {
    let settings = "[limits]\nwatchdog_warning = 0.2\nwatchdog_abort = \"never\"\n";
    let daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    daemon.await_running("rust");
    let held = process::hold(daemon.pid(), WORKER);
    daemon.await_log("the supervisor of the modules has not gone on for 0.2 s");
    drop(held);
    daemon.await_log("the supervisor of the modules goes on after ");
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
}

#[test]
fn a_manager_that_was_stopped_as_a_whole_does_not_abort() {
    let settings = "[limits]\nwatchdog_warning = 1\nwatchdog_abort = 2\n";
    let daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    let module = daemon.await_running("rust");
    daemon.signal(Signal::SIGSTOP);
    // There is no event to wait for: only time passes.
    std::thread::sleep(Duration::from_secs(4));
    daemon.signal(Signal::SIGCONT);
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
    assert_eq!(daemon.await_running("rust"), module);
    assert!(!daemon.log().contains("has not gone on"), "{}", daemon.log());
}

/// The next notification of `mgrd` that is not a sign of life.
fn next(service: &UnixDatagram) -> String {
    loop {
        let text = any(service);
        if text != "WATCHDOG=1" {
            return text;
        }
    }
}

fn any(service: &UnixDatagram) -> String {
    let mut text = [0; 256];
    let size = service.recv(&mut text).expect("a notification");
    String::from_utf8_lossy(&text[..size]).into_owned()
}

#[test]
fn a_service_manager_learns_that_mgrd_is_ready_lives_and_ends() {
    let setup = Setup::new().rogue("rust", &[]);
    let path = setup.folder().join("notify");
    let service = UnixDatagram::bind(&path).expect("a socket");
    service.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    let setup = setup.variable("NOTIFY_SOCKET", &path).variable("WATCHDOG_USEC", "400000");
    let mut daemon = setup.start();
    assert_eq!(next(&service), "READY=1\nSTATUS=active");
    assert_eq!(any(&service), "WATCHDOG=1");
    let standby = daemon.start_manager("y");
    assert_eq!(next(&service), "READY=1\nSTATUS=waits as standby");
    drop(standby);
    let held = process::hold(daemon.pid(), WORKER);
    // Those that were sent before are read until none comes.
    service.set_read_timeout(Some(Duration::from_secs(1))).expect("a limit");
    while service.recv(&mut [0; 256]).is_ok() {}
    drop(held);
    service.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    assert_eq!(any(&service), "WATCHDOG=1");
    daemon.signal(Signal::SIGTERM);
    assert_eq!(next(&service), "STOPPING=1\nSTATUS=ending");
    assert!(daemon.await_end().success());
}

#[test]
fn a_client_is_not_kept_waiting_by_a_manager_that_hangs() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    let held = process::hold(daemon.pid(), WORKER);
    for line in ["mgr stat --answer-timeout 1", "-h mgr --answer-timeout=1"] {
        let answer = daemon.run(line);
        assert_eq!(answer.status, Some(110), "{answer:?}");
        assert!(answer.stderr.contains("has not begun to answer within 1 s"), "{answer:?}");
    }
    drop(held);
    daemon.ok("mgr stat");
}

#[test]
fn a_command_that_takes_longer_than_the_deadline_of_the_first_answer_is_not_cut() {
    let slow = "
import threading
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    @CLIReadCommand('slow wait')
    def wait(self) -> HandleCommandResult:
        'Wait'
        threading.Event().wait(1.5)
        return HandleCommandResult(stdout='done')
";
    let daemon = Setup::new().python("slow", slow).start();
    daemon.await_running("slow");
    assert_eq!(daemon.ok("slow wait --answer-timeout 1"), "done\n");
}

#[test]
fn a_standby_logs_once_that_the_active_manager_is_silent_and_once_that_it_answers() {
    let settings =
        "[limits]\nleader_silence = 0.2\nwatchdog_warning = 2\nwatchdog_abort = \"never\"\n";
    let daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    daemon.await_running("rust");
    let standby = daemon.start_manager("y");
    daemon.await_standbys(&["y"]);
    let held = process::hold(daemon.pid(), WORKER);
    standby.await_log("the active manager is silent");
    // In this time, the standby tries several times.
    daemon.await_log("the worker thread has not gone on for 2 s");
    drop(held);
    let log = standby.await_log("the active manager answers again");
    daemon.await_standbys(&["y"]);
    for text in ["the active manager is silent", "the active manager answers again"] {
        assert_eq!(log.matches(text).count(), 1, "{log}");
    }
}
