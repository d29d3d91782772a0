use mgrd_snapshots::assert_errors;
use proptest::prelude::*;
use serde_json::json;

use super::super::spec::Flags;
use super::*;

const POOL: &str = "pool make name=pool,type=CephPoolname name=pg,type=CephInt,range=1,req=false \
                    name=kind,type=CephChoices,strings=rep|ec,req=false \
                    name=tags,type=CephString,n=N,req=false name=bulk,type=CephBool,req=false";

fn table(descriptors: &[&str]) -> CommandTable {
    let mut table = CommandTable::new();
    for descriptor in descriptors {
        let spec = CommandSpec::new("m", descriptor, "do it", "r", Flags::default()).unwrap();
        table.register(spec).unwrap();
    }
    table
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

fn bind(descriptor: &str, line: &str) -> Result<Value, String> {
    let bound = table(&[descriptor]).bind(&words(line));
    bound.map(|matched| Value::Object(matched.args)).map_err(|error| error.to_string())
}

fn reason(descriptor: &str, line: &str) -> String {
    match table(&[descriptor]).bind(&words(line)) {
        Err(MatchError::Arguments { reason, .. }) => reason,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn words_fill_arguments_from_the_left() {
    let table = [
        ("a 8 ec x y", json!({"pool": "a", "pg": 8, "kind": "ec", "tags": ["x", "y"]})),
        ("a ec --bulk", json!({"pool": "a", "kind": "ec", "bulk": true})),
        ("a x,y", json!({"pool": "a", "tags": ["x,y"]})),
        (
            "--bulk --tags=x,y --pg=8 a",
            json!({"pool": "a", "pg": 8, "tags": ["x", "y"], "bulk": true}),
        ),
        ("a x --bulk=false --tags y", json!({"pool": "a", "tags": ["y", "x"], "bulk": false})),
        ("a --pg 8 --pg 9", json!({"pool": "a", "pg": 9})),
        ("-- a -- --x", json!({"pool": "a", "tags": ["--", "--x"]})),
        ("--pool --x", json!({"pool": "--x"})),
        ("--pool=", json!({"pool": ""})),
        ("a --force", json!({"pool": "a", "tags": ["--force"]})),
    ];
    for (line, expected) in table {
        assert_eq!(bind(POOL, &format!("pool make {line}")), Ok(expected), "{line}");
    }
}

#[test]
fn words_that_do_not_fit_are_refused_with_the_reason() {
    let table = [
        ("a 0", "0 not in range [1, inf]"),
        ("a --pg 0", "0 not in range [1, inf]"),
        ("a --bulk=maybe", "maybe is neither true nor false"),
        ("a --nope", "Unexpected argument '--nope'"),
        ("a --pg", "'--pg' needs a value"),
        ("", "missing required parameter pool(<poolname>)"),
    ];
    for (line, expected) in table {
        assert_eq!(reason(POOL, &format!("pool make {line}")), expected, "{line}");
    }
}

#[test]
fn lists_end_where_their_kind_ends() {
    let optional = "go name=n,type=CephInt,n=N,req=false name=s,type=CephString,req=false";
    assert_eq!(bind(optional, "go 1 2,3 x"), Ok(json!({"n": [1, 2, 3], "s": "x"})));
    let required = "go name=n,type=CephInt,n=N";
    assert_eq!(reason(required, "go 1 x"), "x doesn't represent an int");
    assert_eq!(reason(required, "go"), "saw 0 of n(<int>)..., expected at least 1");
    let pair = "go name=p,type=CephInt,n=2 name=s,type=CephString,req=false";
    assert_eq!(bind(pair, "go 1 2 x"), Ok(json!({"p": [1, 2], "s": "x"})));
    assert_eq!(reason(pair, "go 1"), "saw 1 of p(<int>), expected 2");
}

#[test]
fn an_argument_given_as_a_keyword_takes_no_word_by_position() {
    let descriptor = "go name=a,type=CephInt,req=false name=b,type=CephInt,req=false";
    assert_eq!(bind(descriptor, "go --b 2 1"), Ok(json!({"a": 1, "b": 2})));
    assert_eq!(reason(descriptor, "go --b 2 1 3"), "unused arguments: ['3']");
    let only = "go name=long_name,type=CephString,req=false,positional=false";
    assert_eq!(bind(only, "go --long-name x"), Ok(json!({"long_name": "x"})));
    assert_eq!(bind(only, "go --long_name=x"), Ok(json!({"long_name": "x"})));
    assert_eq!(reason(only, "go x"), "unused arguments: ['x']");
}

#[test]
fn a_choice_with_dashes_is_a_flag() {
    let descriptor = "reweight name=n,type=CephInt,req=false \
                      name=no_increasing,type=CephChoices,strings=--no-increasing,req=false";
    let expected = json!({"no_increasing": "--no-increasing"});
    assert_eq!(bind(descriptor, "reweight --no-increasing"), Ok(expected));
    let both = json!({"n": 5, "no_increasing": "--no-increasing"});
    assert_eq!(bind(descriptor, "reweight --no-increasing 5"), Ok(both));
}

#[test]
fn the_command_with_the_most_words_is_chosen() {
    let table = table(&[
        "log name=text,type=CephString,n=N",
        "log last name=n,type=CephInt,range=1,req=false",
        "old name=n,type=CephInt,req=false",
        "old to name=n,type=CephInt name=s,type=CephString",
    ]);
    let found = |line: &str| table.bind(&words(line)).map(|matched| matched.spec.prefix());
    assert_eq!(found("log last 5").unwrap(), "log last");
    assert_eq!(found("log lasting").unwrap(), "log");
    assert_eq!(found("-- log -- x").unwrap(), "log");
    let error = found("log last x").unwrap_err().to_string();
    let expected = "'x' does not fit [<n:int>]: x doesn't represent an int\n\
                    Invalid command: unused arguments: ['x']\n\
                    log last [<n:int>] : do it";
    assert_eq!(error, expected);
    assert_eq!(found("old 5").unwrap(), "old");
}

/// One prefix, called in several ways.
const SET: [&str; 4] = [
    "set name=id,type=CephInt,range=0 name=value,type=CephString",
    "set name=who,type=CephChoices,strings=all|none",
    "set name=who,type=CephName name=value,type=CephString name=force,type=CephBool,req=false",
    "set name=id,type=CephInt name=values,type=CephString,n=N",
];

#[test]
fn of_several_signatures_the_first_that_fits_the_words_is_chosen() {
    let table = table(&SET);
    let bound = |line: &str| table.bind(&words(line)).map(|m| (m.spec.usage(), m.args));
    for (line, usage, args) in [
        ("set 5 x", "set <id:int> <value>", json!({"id": 5, "value": "x"})),
        ("set 5 x y", "set <id:int> <values>...", json!({"id": 5, "values": ["x", "y"]})),
        ("set --value x --id 5", "set <id:int> <value>", json!({"id": 5, "value": "x"})),
        ("set all", "set all|none", json!({"who": "all"})),
        (
            "set osd.1 x --force",
            "set <type.id> <value> [--force]",
            json!({"who": "osd.1", "value": "x", "force": true}),
        ),
    ] {
        let (chosen, values) = bound(line).unwrap();
        assert_eq!((chosen.as_str(), Value::Object(values)), (usage, args), "{line}");
    }
    for (line, usage) in [
        ("set 5", "missing required parameter value(<string>)\nset <id:int> <value>"),
        ("set all x", "unused arguments: ['x']\nset all|none"),
        ("set osd.1 x y", "unused arguments: ['y']\nset <type.id> <value> [--force]"),
    ] {
        let error = bound(line).unwrap_err().to_string();
        assert!(error.contains(usage), "{line}: {error}");
    }
}

#[test]
fn words_are_exact_and_the_closest_commands_are_shown() {
    let table =
        table(&["mgr stat", "mgr module ls", "mgr module enable name=m,type=CephString", "fsid"]);
    let error = |line: &str| table.bind(&words(line)).unwrap_err().to_string();
    let modules = "no valid command found in mgrd and its modules; 2 closest matches:\nmgr module ls\nmgr module enable <m>";
    assert_eq!(error("mgr module"), modules);
    assert_eq!(error("mgr mod"), modules);
    assert!(error("mgr modul ls").starts_with(&modules.replace("2 closest", "3 closest")));
    assert_eq!(
        error("fsdi"),
        "no valid command found in mgrd and its modules; 1 closest match:\nfsid"
    );
    assert_eq!(
        error("MGR stat"),
        "no valid command found in mgrd and its modules; mgrctl -h lists all commands"
    );
    assert!(error("").starts_with("no valid command found"));
}

#[test]
fn hidden_commands_work_and_are_not_shown() {
    let mut table = CommandTable::new();
    for (descriptor, hidden) in [("a y", true), ("a z", false)] {
        let flags = Flags { hidden, ..Flags::default() };
        table.register(CommandSpec::new("m", descriptor, "", "r", flags).unwrap()).unwrap();
    }
    let shown = "no valid command found in mgrd and its modules; 1 closest match:\na z";
    assert_eq!(table.bind(&words("a x")).unwrap_err().to_string(), shown);
    assert!(table.bind(&words("a y")).is_ok());
}

proptest! {
    #[test]
    fn what_words_give_is_validated_unchanged(line in "(a|ec|-?[0-9]{1,3}|x,y|--(bulk|tags|pg|pool)(=[0-9a-z,]{0,3})?|--|.{0,3}| ){0,12}") {
        let table = table(&[POOL, "pool name=ids,type=CephOsdName,n=N name=f,type=CephFloat,req=false"]);
        for start in ["pool make", "pool", ""] {
            if let Ok(matched) = table.bind(&words(&format!("{start} {line}"))) {
                let mut request = matched.args.clone();
                request.insert("prefix".into(), Value::from(matched.spec.prefix()));
                prop_assert_eq!(table.validate(&request).map(|again| again.args), Ok(matched.args));
            }
        }
    }
}

#[test]
fn texts() {
    let commands = table(&[POOL, "pool rm name=pool,type=CephPoolname", "osd out", "log"]);
    let error = |line: &str| commands.bind(&words(line)).unwrap_err();
    let mut silent = CommandTable::new();
    let descriptor = "go name=force,type=CephBool,req=false";
    silent.register(CommandSpec::new("m", descriptor, "", "r", Flags::default()).unwrap()).unwrap();
    assert_errors!(MatchError {
        Arguments:
            error("pool make"),
            error("pool make a 0"),
            error("pool make a --what"),
            error("log more"),
            silent.bind(&words("go more")).unwrap_err();
        UnknownOption: error("--bogus osd out");
        Unknown: error("pool"), error("ods out"), error("something else"), error("olg");
    });
}
