//! The real `mgrctl` against a daemon in miniature.

#![expect(clippy::unwrap_used, reason = "a panic in a test is its report")]

mod daemon;

use std::os::unix::fs::PermissionsExt;
use std::process::{Output, Stdio};

use daemon::{Daemon, MOST_INPUT};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

fn mgrctl(daemon: &Daemon, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mgrctl"));
    command.env("MGRD_SOCKET", &daemon.socket).env_remove("NO_COLOR").args(words);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn run(daemon: &Daemon, words: &[&str]) -> (i32, String, String) {
    text(mgrctl(daemon, words).output().await.unwrap())
}

async fn run_with_stdin(daemon: &Daemon, words: &[&str], stdin: &str) -> (i32, String, String) {
    let mut command = mgrctl(daemon, words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).await.unwrap();
    text(child.wait_with_output().await.unwrap())
}

fn text(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn ended(status: i32, stdout: &str, stderr: &str) -> (i32, String, String) {
    (status, stdout.to_owned(), stderr.to_owned())
}

#[tokio::test]
async fn output_errors_and_exit_status_are_those_of_the_command() {
    let daemon = Daemon::start();
    assert_eq!(run(&daemon, &["echo", "a", "b c"]).await, ended(0, "a b c\n", ""));
    assert_eq!(run(&daemon, &["echo", "--", "-f", "--x"]).await, ended(0, "-f --x\n", ""));
    let failure = ended(2, "before\n", "Error ENOENT: no such thing\n");
    assert_eq!(run(&daemon, &["fail"]).await, failure);
}

/// Runs the client with a terminal as its standard error output only. Returns its output, and what the
/// terminal shows.
async fn on_a_terminal(daemon: &Daemon, words: &[&str]) -> (Output, String) {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut command = mgrctl(daemon, words);
    command.env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(terminal.slave);
    let output = command.spawn().unwrap().wait_with_output().await.unwrap();
    // The terminal of the client is closed then, or reading would not end.
    drop(command);
    let (mut shown, mut master) = (Vec::new(), std::fs::File::from(terminal.master));
    // It ends with EIO.
    let _ = std::io::Read::read_to_end(&mut master, &mut shown);
    (output, String::from_utf8(shown).unwrap())
}

#[tokio::test]
async fn a_terminal_shows_control_characters_of_errors_as_escapes_and_a_pipe_gets_them() {
    let daemon = Daemon::start();
    let (stdout, stderr) = ("\u{1b}[2Jgone\n", "no\u{1b}[1A\rsuch\u{202e}thing");
    let failure = ended(2, stdout, &format!("Error ENOENT: {stderr}\n"));
    assert_eq!(run(&daemon, &["deceive"]).await, failure);
    let (output, shown) = on_a_terminal(&daemon, &["deceive"]).await;
    assert_eq!(output.stdout, stdout.as_bytes());
    assert_eq!(shown, "Error ENOENT: no\\u{1b}[1A\\rsuch\\u{202e}thing\r\n");
    // What the user typed comes back in the diagnosis.
    let (_, shown) = on_a_terminal(&daemon, &["dec\u{1b}[2Jeive"]).await;
    assert!(!shown.contains('\u{1b}') && shown.contains("Error EINVAL"), "{shown:?}");
}

#[tokio::test]
async fn nothing_is_watched_after_a_command_that_failed() {
    let daemon = Daemon::start();
    let failure = ended(2, "before\n", "Error ENOENT: no such thing\n");
    assert_eq!(run(&daemon, &["-w", "fail"]).await, failure);
    let (status, stdout, stderr) = run(&daemon, &["-w", "echo", "x"]).await;
    assert!(status != 0 && stdout == "x\n" && stderr.contains("not here"), "{stderr}");
}

#[tokio::test]
async fn unknown_words_get_the_diagnosis_of_ceph() {
    let daemon = Daemon::start();
    let unknown = "no valid command found in mgrd and its modules; 1 closest match:\nmgr self-test eval\n\
                   Error EINVAL: invalid command\n";
    assert_eq!(run(&daemon, &["mgr", "self-test"]).await, ended(22, "", unknown));
    let unused = "Invalid command: unused arguments: ['x']\nfail : always fails\n\
                  Error EINVAL: invalid command\n";
    assert_eq!(run(&daemon, &["fail", "x"]).await, ended(22, "", unused));
}

#[tokio::test]
async fn without_a_daemon_one_line_names_the_socket() {
    let daemon = Daemon::start();
    let (status, stdout, stderr) = run(&daemon, &["--socket", "/nowhere/x.sock", "fail"]).await;
    assert_eq!((status, stdout.as_str(), stderr.lines().count()), (69, "", 1), "{stderr}");
    for part in ["/nowhere/x.sock", "No such file or directory", "mgrd --data-dir"] {
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[tokio::test]
async fn usage_errors_end_with_2_and_files_that_cannot_be_opened_with_1() {
    let daemon = Daemon::start();
    let (status, _, stderr) = run(&daemon, &["fail", "-f", "toml"]).await;
    assert_eq!(status, 64, "{stderr}");
    let (status, _, stderr) = run(&daemon, &["upload", "-i", "/nowhere/file"]).await;
    assert_eq!(status, 74);
    assert!(stderr.contains("cannot open input file /nowhere/file"), "{stderr}");
}

#[tokio::test]
async fn input_arrives_whole_and_too_much_is_refused_while_it_is_read() {
    let daemon = Daemon::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("input");
    std::fs::write(&file, vec![7; MOST_INPUT]).unwrap();
    let whole = ended(0, "", &format!("{MOST_INPUT} bytes\n"));
    assert_eq!(run(&daemon, &["upload", "-i", file.to_str().unwrap()]).await, whole);
    let refused = ended(27, "", "Error EFBIG: too much input\n");
    assert_eq!(run(&daemon, &["upload", "-i", "/dev/zero"]).await, refused);
    assert_eq!(
        run_with_stdin(&daemon, &["upload", "-i", "-"], "abc").await,
        ended(0, "", "3 bytes\n")
    );
}

#[tokio::test]
async fn output_goes_to_a_file_on_request() {
    let daemon = Daemon::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("output");
    assert_eq!(run(&daemon, &["-o", file.to_str().unwrap(), "echo", "x"]).await, ended(0, "", ""));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "x\n");
}

#[tokio::test]
async fn an_output_file_keeps_its_content_if_the_command_fails_without_output() {
    let daemon = Daemon::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("output");
    for (words, status, content) in [
        (&["mgr", "self-test"][..], 22, "what was there before"),
        (&["fail"], 2, "before\n"),
        (&["upload", "-i", "/dev/null"], 0, ""),
    ] {
        std::fs::write(&file, "what was there before").unwrap();
        let words = [&["-o", file.to_str().unwrap()], words].concat();
        assert_eq!(run(&daemon, &words).await.0, status);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content, "{words:?}");
    }
}

#[tokio::test]
async fn commands_that_poll_are_repeated_until_they_fail() {
    let daemon = Daemon::start();
    assert_eq!(run(&daemon, &["tick", "-p", "0"]).await, ended(0, "0\n", ""));
    let ticks = run(&daemon, &["tick", "-p", "0.001"]).await;
    assert_eq!(ticks, ended(16, "1\n2\n", "Error EBUSY: enough\n"));
}

#[tokio::test]
async fn interrupting_cancels_the_command() {
    let daemon = Daemon::start();
    let mut child = mgrctl(&daemon, &["hang"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    assert_eq!(line, "waiting\n");
    let pid = i32::try_from(child.id().unwrap()).unwrap();
    kill(Pid::from_raw(pid), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().await.unwrap().code(), Some(130));
    daemon.cancelled.notified().await;
}

#[tokio::test]
async fn help_and_completion_come_from_the_daemons_table() {
    let daemon = Daemon::start();
    let (status, stdout, _) = run(&daemon, &["echo", "-h"]).await;
    assert_eq!(status, 0);
    assert!(stdout.ends_with("echo <text>...                          say it again\n"), "{stdout}");
    assert!(!stdout.contains("General usage"));
    let (_, stdout, _) = run(&daemon, &["-h"]).await;
    assert!(stdout.contains("\n General usage:\n") && stdout.contains("\nfail "), "{stdout}");

    let candidates = run(&daemon, &["--completion", ""]).await.1;
    let all = "completion\ndeceive\necho\nfail\nhang\nhelp\nmgr\nrepl\nstorage\ntick\nupload\n";
    assert_eq!(candidates, all);
    let described = run(&daemon, &["--completion=described", "-f", "json", "f"]).await.1;
    assert_eq!(described, "fail\talways fails\n");
    let formats = run(&daemon, &["--completion", "fail", "-f", "ya"]).await.1;
    assert_eq!(formats, "yaml\n");
}

#[tokio::test]
async fn lines_from_a_pipe_are_commands_and_failures_do_not_end_them() {
    let daemon = Daemon::start();
    let script = "echo 'a b' c\n\nfail\necho \"open\necho last\nquit\necho never\n";
    let stderr = "Error ENOENT: no such thing\nmgrctl: a quote is not closed\n";
    let expected = ended(0, "a b c\nbefore\nlast\n", stderr);
    assert_eq!(run_with_stdin(&daemon, &[], script).await, expected);
}

#[tokio::test]
async fn the_console_sends_complete_statements() {
    let daemon = Daemon::start();
    let source = "x = (1,\n2)\ndef f():\n  return 1\n\nf()\n";
    let expected = "\"x = (1,\\n2)\"\n\"def f():\\n  return 1\\n\"\n\"f()\"\n";
    assert_eq!(run_with_stdin(&daemon, &["repl"], source).await, ended(0, expected, ""));
}

#[tokio::test]
async fn another_user_learns_that_it_may_not_connect() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("closed");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mgrctl"));
    command.arg("--socket").arg(folder.join("s")).arg("status");
    // Root may open every folder.
    if nix::unistd::Uid::effective().is_root() {
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        command.uid(65534).gid(65534);
    }
    let (status, _, denied) = text(command.output().await.unwrap());
    assert!(status == 77 && denied.contains("only root and the user"), "{denied}");
}

#[tokio::test]
async fn a_console_without_a_module_fails() {
    let daemon = Daemon::start();
    let (status, _, none) = run_with_stdin(&daemon, &["repl", "--prefix", "no such"], "1\n").await;
    assert!(status == 64 && none.contains("no module answers 'no such'"), "{none}");
}

#[tokio::test]
async fn it_waits_while_a_manager_may_take_over_and_fails_at_once_if_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let public = dir.path().join("s");
    let asked = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mgrctl"));
        command.arg("--socket").arg(&public).args(words);
        async move { text(command.output().await.unwrap()) }
    };
    let (status, _, error) = asked(&["echo", "x"]).await;
    assert!(status == 69 && error.contains("no manager answers"), "{error}");
    let dead = dir.path().join("x.1.sock");
    drop(std::os::unix::net::UnixListener::bind(&dead).unwrap());
    assert_eq!(asked(&["echo", "x"]).await.0, 69);
    let _waiting = std::os::unix::net::UnixListener::bind(dir.path().join("y.2.sock")).unwrap();
    let (status, _, none) = asked(&["--connect-timeout", "1", "echo", "x"]).await;
    assert!(status == 69 && none.contains("none became active"), "{none}");
    let daemon = Daemon::start();
    let later = async {
        std::os::unix::fs::symlink(&daemon.socket, &public).unwrap();
    };
    let (answer, ()) = tokio::join!(asked(&["echo", "x"]), later);
    assert_eq!(answer, ended(0, "x\n", ""));
}

#[tokio::test]
async fn if_the_daemon_ends_the_result_of_a_command_is_unknown() {
    let dir = tempfile::tempdir().unwrap();
    let public = dir.path().join("s");
    let listener = tokio::net::UnixListener::bind(&public).unwrap();
    // It shakes hands, hears the command, and is gone.
    let dying = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = [0; 4096];
        stream.read_exact(&mut heard[..24]).await.unwrap();
        stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        // Frames: 9 bytes, the fourth is the type; 1 opens a call.
        loop {
            stream.read_exact(&mut heard[..9]).await.unwrap();
            let length = usize::from(u16::from_be_bytes([heard[1], heard[2]]));
            if heard[3] == 1 {
                return;
            }
            stream.read_exact(&mut heard[..length]).await.unwrap();
        }
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_mgrctl"));
    let asking = command.arg("--socket").arg(&public).arg("echo").output();
    let (output, ()) = tokio::join!(asking, dying);
    let (status, _, lost) = text(output.unwrap());
    assert!(status == 5 && lost.contains("not known"), "{lost}");
}

#[tokio::test]
async fn a_backup_is_a_complete_file_of_its_owner_or_none() {
    let daemon = Daemon::start();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let said = format!("2 keys, revision 7, written to {}\n", path("new"));
    assert_eq!(run(&daemon, &["storage", "backup", &path("new")]).await, ended(0, &said, ""));
    assert_eq!(std::fs::read_to_string(path("new")).unwrap(), "all\n");
    assert_eq!(std::fs::metadata(path("new")).unwrap().permissions().mode() & 0o777, 0o600);
    // From now on, the manager ends the call early.
    let (status, _, stderr) = run(&daemon, &["storage", "backup", &path("half")]).await;
    assert!(status == 5 && stderr.contains("without an answer"), "{stderr}");
    let (status, _, stderr) = run(&daemon, &["storage", "backup", &path("new")]).await;
    assert!(status == 74 && stderr.contains("exists; name another file"), "{stderr}");
    let (status, ..) = run(&daemon, &["storage", "backup", "--force", &path("new")]).await;
    assert_eq!(status, 5);
    assert_eq!(std::fs::read_to_string(path("new")).unwrap(), "all\n", "it stays");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    let (status, stdout, _) = run(&daemon, &["storage", "backup", "-"]).await;
    assert_eq!((status, &*stdout), (5, "all\n"));
    assert_eq!(run(&daemon, &["storage", "backup"]).await.0, 64);
}
