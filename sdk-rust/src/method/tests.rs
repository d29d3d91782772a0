use serde_json::json;

use super::*;

fn call(positional: Value, named: Value) -> MethodCall {
    MethodCall::new(
        serde_json::from_value(positional).unwrap(),
        serde_json::from_value(named).unwrap(),
    )
}

#[test]
fn arguments_come_by_position_then_by_name() {
    let mut call = call(json!([1]), json!({"b": "x"}));
    assert_eq!(call.take::<u8>("a").unwrap(), 1);
    assert_eq!(call.take::<String>("b").unwrap(), "x");
    assert_eq!(call.take::<Option<u8>>("c").unwrap(), None);
    call.end().unwrap();
}

#[test]
fn what_does_not_fit_is_named() {
    let message = |error: Error| error.message().to_owned();
    let twice = call(json!([1]), json!({"a": 2})).take::<u8>("a").unwrap_err();
    assert_eq!(message(twice), "argument 'a' is given twice");
    let missing = call(json!([]), json!({})).take::<u8>("a").unwrap_err();
    assert_eq!(message(missing), "argument 'a' is missing");
    assert_eq!(
        message(call(json!([1]), json!({})).end().unwrap_err()),
        "too many positional arguments"
    );
    assert_eq!(
        message(call(json!([]), json!({"z": 1})).end().unwrap_err()),
        "unknown argument 'z'"
    );
}
