use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn levels_and_lists_of_levels_are_accepted_as_tracing_reads_them() {
    for text in ["warn", "TRACE", "off", "info,mgrd::module=debug", "info, module=warn", "h2=error"]
    {
        let level = text.parse::<LogLevel>().unwrap();
        assert_eq!(level.as_str(), text.replace(' ', ""));
        assert!(tracing_subscriber::EnvFilter::try_new(level.as_str()).is_ok(), "{text}");
    }
}

#[test]
fn the_invalid_entry_of_a_list_is_named() {
    for (text, named) in [
        ("loud", "loud"),
        ("", ""),
        ("info,", ""),
        ("info,foo=loud", "foo=loud"),
        ("info,mgrd", "mgrd"),
        ("info,=debug", "=debug"),
        ("info,mgrd::module=", "mgrd::module="),
        ("info,[span]=debug", "[span]=debug"),
        ("a b=debug", "a b=debug"),
        ("a=b=debug", "a=b=debug"),
    ] {
        assert_eq!(text.parse::<LogLevel>().unwrap_err().0, named, "{text}");
    }
}

#[test]
fn texts() {
    let refused = |text: &str| text.parse::<LogLevel>().unwrap_err();
    assert_errors!(InvalidLogLevel of [refused("loud"), refused("info,foo=loud")]);
}
