use serde_json::json;

use super::*;

fn text(value: impl Reply, format: &str) -> String {
    let outcome = value.outcome(format.parse().unwrap()).unwrap();
    String::from_utf8(outcome.stdout.to_vec()).unwrap()
}

#[test]
fn every_value_has_every_format() {
    assert_eq!(text(json!("a\nb"), "plain"), "a\nb");
    assert_eq!(text(json!("a\nb"), "json"), "\"a\\nb\"");
    assert_eq!(text(json!(null), ""), "");
    assert_eq!(text(json!(null), "json"), "null");
    assert_eq!(text(json!({"a": [1]}), "json"), "{\"a\":[1]}");
    assert_eq!(text(json!({"a": 1}), "plain"), "{\n  \"a\": 1\n}");
    assert_eq!(text(json!({"a": [1]}), "yaml"), "a:\n- 1\n");
    assert_eq!(text(json!({"a": 1}), "xml"), "<result><a>1</a></result>");
    assert_eq!("toml".parse::<Format>().unwrap_err().errno(), crate::Errno::EINVAL);
}

#[test]
fn who_has_nothing_to_tell_is_silent() {
    assert_eq!(text((), "json"), "");
    assert_eq!(text(None::<u8>, "json"), "null");
    assert_eq!(text(Vec::<u8>::new(), "json"), "[]");
}

#[test]
fn people_read_what_display_says() {
    let readable = || Readable(std::net::Ipv4Addr::LOCALHOST);
    assert_eq!(text(readable(), "plain"), "127.0.0.1");
    assert_eq!(text(readable(), "json"), "\"127.0.0.1\"");
}

#[test]
fn raw_output_stays_as_it_is() {
    let outcome = Raw(Bytes::from_static(b"\xff")).outcome(Format::Yaml).unwrap();
    assert_eq!(&outcome.stdout[..], b"\xff");
}
