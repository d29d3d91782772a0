use mgrd_snapshots::assert_errors;
use proptest::prelude::*;

use super::*;

fn option(value_type: &str) -> OptionSchema {
    let value_type = match value_type {
        "debug" => OptionType::DebugLevel,
        name => name.parse().unwrap(),
    };
    OptionSchema { value_type, ..OptionSchema::default() }
}

#[test]
fn values_are_stored_in_one_form() {
    for (kind, text, stored) in [
        ("int", "1K", "1000"),
        ("int", "-5", "-5"),
        ("int", "0x10", "16"),
        ("uint", "7", "7"),
        ("size", "4K", "4096"),
        ("size", "1GiB", "1073741824"),
        ("float", "1e3", "1000.000000"),
        ("secs", "5m", "300"),
        ("secs", "1h 30m", "5400"),
        ("millisecs", "250", "250"),
        ("bool", "TRUE", "true"),
        ("bool", "0", "false"),
        ("debug", "3", "3/3"),
        ("debug", "0/20", "0/20"),
        ("str", "", ""),
        ("addr", "1.2.3.4:99", "v2:1.2.3.4:99/0"),
        ("addr", "v1:[::1]:6789/3", "v1:[::1]:6789/3"),
        ("addr", "::1", "v2:[::1]:0/0"),
        ("addrvec", "[v2:1.2.3.4:1,v1:1.2.3.4:2]", "[v2:1.2.3.4:1/0,v1:1.2.3.4:2/0]"),
        ("uuid", "38F5BF59-6619-4409-a848-edac8d90825a", "38f5bf59-6619-4409-a848-edac8d90825a"),
    ] {
        assert_eq!(option(kind).normalise(text).as_deref(), Ok(stored), "{kind} {text}");
    }
}

#[test]
fn invalid_values_are_refused_in_the_words_of_ceph() {
    for (kind, text, reason) in [
        ("int", "", "strict_sistrtoll: value not specified"),
        ("int", "5Q", "strict_si_cast: unit prefix not recognized"),
        ("uint", "-1", "strict_sistrtoll: value should not be negative"),
        ("size", "99999999999E", "The option value '99999999999E' seems to be too large"),
        ("float", "x", "strict_strtod: expected double, got: 'x'"),
        ("float", "nan", "strict_strtod: expected double, got: 'nan'"),
        ("bool", "yes", "Expected option value to be integer, got 'yes'"),
        ("debug", "loud", "value must take the form N or N/M, where N and M are integers"),
        ("debug", "1/", "value must take the form N or N/M, where N and M are integers"),
        ("debug", "1/2/3", "value must take the form N or N/M, where N and M are integers"),
        ("debug", "", "value must take the form N or N/M, where N and M are integers"),
        ("debug", "-1", "value must be in range [0, 99]"),
        ("debug", "5/100", "value must be in range [0, 99]"),
        ("secs", "5x", "unrecogized unit 'x'"),
        ("secs", "x", "expected digit"),
        ("addr", "host", "'host' is not a valid address"),
        ("uuid", "1-2", "'1-2' is not a valid uuid"),
    ] {
        let wanted = format!("error parsing value: {reason}");
        assert_eq!(option(kind).normalise(text).unwrap_err().to_string(), wanted);
    }
}

#[test]
fn ranges_and_permitted_values_are_enforced() {
    let (min, max) = (Some("1".to_owned()), Some("10".to_owned()));
    let int = OptionSchema { min: min.clone(), max: max.clone(), ..option("int") };
    let float = OptionSchema { min, max, ..option("float") };
    let text = |result: Result<String, ValueError>| result.unwrap_err().0.to_string();
    assert_eq!(text(int.normalise("11")), "Value '11' exceeds maximum 10");
    assert_eq!(text(int.normalise("0")), "Value '0' is below minimum 1");
    assert_eq!(text(float.normalise("11")), "Value '11.000000' exceeds maximum 10.000000");
    assert!(int.normalise("10").is_ok());
    let choice = OptionSchema { enum_allowed: vec!["a".into(), "b".into()], ..option("str") };
    let reason = "'c' is not one of the permitted values: a, b";
    assert_eq!(text(choice.normalise("c")), reason);
}

#[test]
fn programs_get_typed_values() {
    assert_eq!(option("secs").typed("2"), 2.0);
    assert_eq!(option("size").typed("4K"), 4096);
    assert_eq!(option("bool").typed("true"), true);
    assert_eq!(option("str").typed("2/5"), "2/5");
    let unknown = OptionSchema { value_type: OptionType::Unknown, ..OptionSchema::default() };
    assert_eq!(unknown.typed("3600.000000"), 3600.0);
    assert_eq!(unknown.typed("7"), 7);
    assert_eq!(unknown.typed("cephx"), "cephx");
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(
        text in "\\PC{0,12}|[0-9]{1,5}[KMGsmhd]?",
        kind in prop::sample::select(&OptionType::NAMED[..]),
    ) {
        if let Ok(stored) = option(kind.0).normalise(&text) {
            prop_assert_eq!(option(kind.0).normalise(&stored), Ok(stored.clone()));
        }
    }
}

#[test]
fn texts() {
    let (value, permitted) = ("c".to_owned(), "a, b".to_owned());
    let bounded = || ("99".to_owned(), "10".to_owned());
    assert_errors!(ValueError of [ValueError(Reason::Float("x".into()))]);
    assert_errors!(Reason {
        Empty: Reason::Empty;
        Negative: Reason::Negative;
        Prefix: Reason::Prefix;
        TooLarge: Reason::TooLarge("99E".into());
        Float: Reason::Float("x".into());
        DebugForm: Reason::DebugForm;
        DebugRange: Reason::DebugRange;
        Bool: Reason::Bool("maybe".into());
        Digit: Reason::Digit;
        TimeUnit: Reason::TimeUnit("x".into());
        Address: Reason::Address("host".into());
        Uuid: Reason::Uuid("1-2".into());
        NotPermitted: Reason::NotPermitted { value, permitted };
        BelowMinimum: Reason::BelowMinimum { value: "0".into(), min: "1".into() };
        AboveMaximum: Reason::AboveMaximum { value: bounded().0, max: bounded().1 };
    });
}

#[test]
fn fuzz_option_value() {
    // The type, the bounds, the permitted texts, and then the value.
    mgrd_fuzz::fuzz("option_value", |input| {
        let text = String::from_utf8_lossy(input);
        let mut lines = text.splitn(5, '\n').map(str::to_owned);
        let [kind, min, max, permitted, value] = [(); 5].map(|()| lines.next().unwrap_or_default());
        let bound = |text: String| Some(text).filter(|text| !text.is_empty());
        let permitted = permitted.split(',').map(str::to_owned).filter(|text| !text.is_empty());
        let schema = OptionSchema {
            min: bound(min),
            max: bound(max),
            enum_allowed: permitted.collect(),
            default: Some(value.clone()),
            ..option(&kind)
        };
        let typed = schema.typed(&value);
        assert!(serde_json::to_string(&typed).is_ok());
        assert!(schema.expected().is_none_or(|text| !text.is_empty()));
        if let Ok(stored) = schema.normalise(&value) {
            let again = schema.normalise(&stored);
            assert_eq!(again.as_deref(), Ok(&*stored), "the stored form of {value:?} as {kind}");
        }
    });
}
