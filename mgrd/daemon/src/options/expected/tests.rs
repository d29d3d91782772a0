use mgrd_snapshots::assert_text;

use super::*;

#[test]
fn texts() {
    let text = |text: &str| Some(text.to_owned());
    let all = OptionType::NAMED.into_iter().chain([("debug", OptionType::DebugLevel)]);
    let plain = all.map(|(name, value_type)| {
        (name, OptionSchema { value_type, ..OptionSchema::default() }.expected())
    });
    let int = OptionSchema { value_type: OptionType::Int, ..OptionSchema::default() };
    let bounded = [
        ("default", OptionSchema { default: text("3"), ..int.clone() }),
        ("invalid default", OptionSchema { default: text("many"), ..int.clone() }),
        ("both bounds", OptionSchema { min: text("1"), max: text("9"), ..int.clone() }),
        ("minimum", OptionSchema { min: text("50"), ..int.clone() }),
        ("maximum", OptionSchema { max: text("5"), ..int }),
    ];
    let bounded = bounded.map(|(name, schema)| (name, schema.expected()));
    let line = |(name, expected): (&str, Option<String>)| {
        format!("{name}: {}\n", expected.as_deref().unwrap_or("anything"))
    };
    assert_text!("expected", plain.chain(bounded).map(line).collect::<String>());
}

#[test]
fn a_permitted_value_that_would_not_be_seen_has_quotes() {
    let enum_allowed = ["debug", "", "a b"].map(str::to_owned).to_vec();
    let schema = OptionSchema { enum_allowed, ..OptionSchema::default() };
    assert_eq!(schema.permitted(", "), "debug, '', 'a b'");
    assert_eq!(schema.permitted(" "), "debug '' 'a b'");
}
