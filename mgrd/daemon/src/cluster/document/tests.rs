use serde_json::json;

use super::*;

#[test]
fn only_the_members_that_are_asked_for_are_decoded() {
    let document = |json: &'static str| Document { version: 1, json: json.into() };
    let object = document(r#"{"a": [1], "large": {"a": 2, "b": [3]}, "b": null}"#);
    for (document, value) in [
        (&object, json!({"a": [1], "b": null})),
        (&document("[1]"), Value::Null),
        (&document("\"a\""), Value::Null),
        (&document("{\"a\": "), Value::Null),
    ] {
        assert_eq!(document.members(&["a", "b", "c"]), value);
    }
}
