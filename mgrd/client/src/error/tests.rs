use std::os::unix::ffi::OsStringExt;

use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn the_exit_status_is_the_errno_and_never_zero_for_a_failure() {
    for (retval, expected) in [(0, 0), (5, 0), (-22, 22), (-256, 1), (-257, 1), (i32::MIN, 1)] {
        assert_eq!(exit_status(retval), expected, "{retval}");
    }
}

#[test]
fn a_failed_call_has_the_errno_that_the_manager_sent() {
    let mut status = tonic::Status::not_found("it is gone");
    assert_eq!(CtlError::from(status.clone()).to_string(), "Error ENOENT: it is gone");
    for (sent, name, exit_status) in [(28, "ENOSPC", 28), (0, "ENOENT", 2), (9999, "ENOENT", 2)] {
        status.metadata_mut().insert(ERRNO, sent.into());
        let error = CtlError::from(status.clone());
        assert_eq!(error.to_string(), format!("Error {name}: it is gone"));
        assert_eq!(error.exit_status(), exit_status);
    }
}

#[test]
fn error_numbers_have_the_names_that_ceph_uses() {
    for (retval, name) in [
        (-2, "ENOENT"),
        (-95, "ENOTSUP"),
        (-11, "EAGAIN"),
        (-35, "EDEADLOCK"),
        (-9999, "Unknown"),
        (i32::MIN, "Unknown"),
    ] {
        assert_eq!(retval_name(retval), name);
    }
}

#[tokio::test]
async fn texts() {
    let path = PathBuf::from("/nonexistent/mgrd.sock");
    let address = path.clone().into();
    let unanswered = mgrd_transport::dial(&address).await.unwrap_err();
    // Root cannot be refused here, so the reason is another one.
    let denied = mgrd_transport::dial(&address).await.unwrap_err();
    let refused = || io::Error::from_raw_os_error(13);
    let usage = crate::args::parse(&["-f".to_owned()]).unwrap_err();
    let silent = Silent { path: path.clone(), limit: Duration::from_secs(30) };
    assert_errors!(CtlError {
        NoManager: CtlError::NoManager(unanswered);
        Denied: CtlError::Denied(denied);
        ConnectTimeout: CtlError::ConnectTimeout { path: path.clone(), limit: Duration::from_secs(5) };
        StaysAway: CtlError::StaysAway { path: path.clone(), limit: Duration::from_secs(300) };
        Usage: CtlError::Usage(usage);
        NotText: CtlError::NotText(OsString::from_vec(b"osd\xff".to_vec()));
        Arguments: CtlError::Arguments("mgrctl completion bash|zsh|fish");
        Draft: CtlError::Draft(DraftError::Exists("backup".into()));
        NoSuchCommand: CtlError::NoSuchCommand(vec!["ods".into(), "df".into()]);
        NoConsole: CtlError::NoConsole(["mgr", "self-test", "eval"].map(str::to_owned).to_vec());
        Terminal: CtlError::Terminal(ReadlineError::Io(refused()));
        Io:
            CtlError::io("open input file /etc/shadow")(refused()),
            CtlError::io("read the standard input")(refused());
        Interrupted: CtlError::Interrupted;
        Silent: CtlError::Silent(silent);
        Lost: CtlError::Lost(Box::new(tonic::Status::unavailable("transport error")));
        Call: CtlError::from(tonic::Status::not_found("there is no module 'helo'"));
    });
}
