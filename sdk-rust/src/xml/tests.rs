use serde_json::json;

use super::*;

#[test]
fn every_value_becomes_elements() {
    let value = json!({"who": "a<b\u{1}", "osd.0": [1, true, null], "0": {}, "none": []});
    assert_eq!(
        document(&value, false),
        "<result><who>a&lt;b\u{fffd}</who><osd.0><item>1</item><item>true</item><item/></osd.0>\
         <item key=\"0\"/><none/></result>"
    );
    assert_eq!(document(&json!("x"), false), "<result>x</result>");
}

#[test]
fn elements_in_elements_are_indented() {
    assert_eq!(
        document(&json!({"a": [1]}), true),
        "<result>\n  <a>\n    <item>1</item>\n  </a>\n</result>"
    );
}
