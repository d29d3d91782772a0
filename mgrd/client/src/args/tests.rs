use mgrd_snapshots::assert_errors;

use super::*;

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn left(line: &str) -> String {
    parse(&words(line)).unwrap().1.join(" ")
}

#[test]
fn own_options_are_taken_anywhere_before_two_dashes() {
    let (options, left) = parse(&words("osd -f json tree --in-file=x -- --format -s")).unwrap();
    assert_eq!(left, words("osd tree -- --format -s"));
    assert_eq!(options.format, "json");
    assert_eq!(options.input, Some("x".into()));
    assert!(!options.status);
}

#[test]
fn options_of_commands_are_not_taken() {
    for line in [
        "cmd --form json",
        "cmd --name x",
        "cmd -foo",
        "cmd -5",
        "cmd --n 5 --set x",
        "cmd - --force",
    ] {
        assert_eq!(left(line), line);
    }
}

#[test]
fn a_bad_value_is_named_with_its_option() {
    let table = [
        ("-f toml", "argument -f/--format: invalid choice: 'toml' (choose from plain, json,"),
        ("cmd -i", "argument -i/--in-file: expected one value"),
        ("--period x", "argument -p/--period: invalid number of seconds: 'x'"),
        ("--period nan", "argument -p/--period: invalid number of seconds: 'nan'"),
        ("--connect-timeout -1", "invalid number of seconds: '-1'"),
        ("--status=x", "argument -s/--status: it takes no value, but has 'x'"),
    ];
    for (line, expected) in table {
        let error = parse(&words(line)).unwrap_err().to_string();
        assert!(error.contains(expected), "{line}: {error}");
    }
}

#[test]
fn watching_takes_a_channel_and_a_level() {
    let (options, _) = parse(&words("-W audit --watch-warn")).unwrap();
    let expected = Watch { channel: Some("audit".into()), level: LogPriority::Warning };
    assert_eq!(options.watch, Some(expected));
    assert!(parse(&words("--watch-debug")).unwrap().0.watch.is_some());
}

#[test]
fn texts() {
    let refused = |word: &str| parse(&[word.to_owned()]).unwrap_err();
    assert_errors!(UsageError of ["-f", "--verbose=yes", "--format=xlm", "--connect-timeout=soon"].map(refused));
    assert_errors!(BadOption {
        NoValue: BadOption::NoValue;
        FlagValue: BadOption::FlagValue("yes".into());
        Format: BadOption::Format("xlm".into());
        Seconds: BadOption::Seconds("soon".into());
    });
}
