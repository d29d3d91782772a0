use super::*;

fn remote(message: &str) -> Message {
    let error = v1::RemoteError { message: message.to_owned(), ..Default::default() };
    let result = Some(remote_result::Result::Error(error));
    Message::RemoteResult(v1::RemoteResult { call_id: 7, result })
}

fn command(stdout: &str) -> Message {
    let outcome = v1::CommandOutcome { stdout: stdout.to_owned().into(), ..Default::default() };
    Message::CommandResult(v1::CommandResult { call_id: 7, outcome: Some(outcome) })
}

#[test]
fn a_result_that_fits_stays_as_it_is() {
    for message in [remote("why"), command("out"), Message::Ready(v1::Ready {})] {
        assert_eq!(fitting(message.clone(), 100), message);
    }
}

#[test]
fn instead_of_a_larger_result_an_error_names_size_and_limit() {
    let long = "x".repeat(200);
    let Message::RemoteResult(result) = fitting(remote(&long), 100) else { panic!() };
    let Some(remote_result::Result::Error(error)) = result.result else { panic!() };
    assert_eq!((result.call_id, error.kind()), (7, v1::RemoteErrorKind::Raised));
    let expected = "the result of the method has 211 bytes, but a message to mgrd has room for 100; \
                    return less";
    assert_eq!(error.message, expected);
    let Message::CommandResult(result) = fitting(command(&long), 100) else { panic!() };
    let outcome = result.outcome.unwrap();
    assert_eq!((result.call_id, outcome.retval, outcome.stdout.len()), (7, -27, 0));
    assert!(outcome.stderr.contains("room for 100"), "{}", outcome.stderr);
}

#[test]
fn texts_that_are_only_logged_are_cut() {
    let text = cut("ß".repeat(MOST_TEXT));
    assert!(text.len() < MOST_TEXT + 30 && text.ends_with("ß… (131072 bytes)"), "{}", text.len());
    assert_eq!(cut("short".to_owned()), "short");
}
