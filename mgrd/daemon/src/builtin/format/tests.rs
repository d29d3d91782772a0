use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn structured_results_end_with_one_newline() {
    let value = serde_json::json!({"a": 1});
    assert_eq!(Format::Json.structured(&value).stdout, "{\"a\":1}\n");
    assert_eq!(Format::Yaml.structured(&value).stdout, "a: 1\n");
}

#[test]
fn texts() {
    assert_errors!(UnknownFormat of ["xlm".parse::<Format>().unwrap_err()]);
}
