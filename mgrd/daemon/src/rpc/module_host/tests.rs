use super::*;

fn call(args: usize, kwargs: usize, chain: usize) -> v1::CallModuleRequest {
    let payload =
        |bytes| Some(v1::Payload { data: vec![b'x'; bytes].into(), ..Default::default() });
    v1::CallModuleRequest {
        method: "f".to_owned(),
        args: payload(args),
        kwargs: payload(kwargs),
        chain: vec!["m".to_owned(); chain],
        ..Default::default()
    }
}

#[test]
fn a_call_that_does_not_fit_into_a_message_to_the_called_module_is_refused() {
    let most = message_bytes::MOST;
    assert!(check_call(&call(most - 1, 0, 0)).is_ok());
    for too_large in [call(most, 0, 0), call(1, most - 1, 0), call(0, 0, most / 65 + 1)] {
        let refused = check_call(&too_large).unwrap_err();
        assert!(refused.message().contains("room for 67108864"), "{refused:?}");
    }
}
