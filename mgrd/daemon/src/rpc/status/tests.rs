use super::*;

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
