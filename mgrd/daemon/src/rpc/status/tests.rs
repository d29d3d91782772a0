use super::*;
use crate::authority::SecretError;

#[test]
fn of_a_long_message_the_end_is_kept() {
    let short = "unrecognized key 'ä'";
    assert_eq!(invalid(short).message(), short);
    for part in ["x", "ä\n"] {
        let status = invalid(part.repeat(20_000) + "ValueError: out of apples");
        let sent = status.clone().into_http::<()>().into_parts().0.headers;
        let size: usize = sent.values().map(tonic::codegen::http::HeaderValue::len).sum();
        assert!((6 << 10..8 << 10).contains(&size), "{size}");
        assert!(status.message().starts_with("… "));
        assert!(status.message().ends_with("ValueError: out of apples"));
    }
}

/// The code and the errno on the wire.
fn wire(error: &impl StatusCode) -> (Code, i32) {
    let status = of(error);
    let errno = status.metadata().get(ERRNO).unwrap().to_str().unwrap().parse();
    (status.code(), errno.unwrap())
}

#[test]
fn each_error_has_the_code_and_the_errno_that_clients_know() {
    let module = || "m".to_owned();
    let method = || "f".to_owned();
    let denied = |denied: Denied| wire(&denied);
    assert_eq!(denied(Denied::NoSecret), (Code::Unauthenticated, 13));
    assert_eq!(denied(Denied::BadSecret(SecretError::Unknown)), (Code::Unauthenticated, 13));
    assert_eq!(denied(Denied::OtherUser), (Code::PermissionDenied, 13));
    assert_eq!(denied(Denied::OnStandby { module: module() }), (Code::FailedPrecondition, 30));
    let attach = |error: AttachError| wire(&error);
    assert_eq!(attach(SecretError::Unknown.into()), (Code::Unauthenticated, 13));
    assert_eq!(attach(AttachError::AlreadyAttached(module())), (Code::AlreadyExists, 17));
    let call = |error: CallError| wire(&error);
    let no_method = CallError::NoMethod { module: module(), method: method() };
    assert_eq!(call(no_method), (Code::Unimplemented, 95));
    assert_eq!(call(CallError::Raised("x".into())), (Code::Unknown, 22));
    let busy = CallError::Busy { module: module(), limit: 1 };
    assert_eq!(call(busy), (Code::ResourceExhausted, 11));
    assert_eq!(wire(&FeedError::TakenOver("f".into())), (Code::Aborted, 125));
    let many = FeedError::TooMany { what: "feeds", limit: 1 };
    assert_eq!(wire(&many), (Code::ResourceExhausted, 28));
    assert_eq!(wire(&FeedError::NoChecks), (Code::InvalidArgument, 22));
    assert_eq!(wire(&ProgressError::TooMany(1)), (Code::ResourceExhausted, 28));
    assert_eq!(wire(&ProgressError::LongId(1)), (Code::InvalidArgument, 22));
}
