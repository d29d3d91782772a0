use super::*;
use crate::Outcome;

#[test]
fn a_foreign_error_keeps_its_text_and_becomes_einval() {
    let error: Error = "x".parse::<u8>().unwrap_err().into();
    assert_eq!((error.errno(), error.message()), (Errno::EINVAL, "invalid digit found in string"));
}

#[test]
fn an_error_that_has_a_number_keeps_it() {
    let host = HostError::from(tonic::Status::not_found("no option 'x'"));
    let outcome = Outcome { retval: -16, stderr: "in use".into(), ..Outcome::default() };
    let failed = CommandError::Failed { command: "osd pool rm".into(), outcome };
    let remote = RemoteError::TimedOut("too late".into());
    for (error, errno, text) in [
        (Error::from(host), Errno::ENOENT, "no option 'x'"),
        (failed.into(), Errno::EBUSY, "'osd pool rm' failed: in use (EBUSY)"),
        (remote.into(), Errno::ETIMEDOUT, "too late"),
        (
            std::io::Error::from_raw_os_error(28).into(),
            Errno::ENOSPC,
            "No space left on device (os error 28)",
        ),
    ] {
        assert_eq!((error.errno(), error.message()), (errno, text));
    }
}

#[test]
fn a_number_and_a_next_step_can_be_chosen() {
    let error = Error::wrap(Errno::ERANGE, "x".parse::<u8>().unwrap_err()).hint("give 0 to 9");
    let text = "invalid digit found in string; give 0 to 9";
    assert_eq!((error.errno(), error.message()), (Errno::ERANGE, text));
}
