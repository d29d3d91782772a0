use mgrd_snapshots::assert_errors;
use serde_json::json;

use super::super::spec::{CommandSpec, Flags};
use super::*;

fn table() -> CommandTable {
    let mut table = CommandTable::new();
    let descriptor = "go name=n,type=CephInt,range=1|5 name=who,type=CephString,n=N,req=false \
                      name=pair,type=CephInt,n=2,req=false name=f,type=CephBool,req=false";
    table.register(CommandSpec::new("m", descriptor, "", "r", Flags::default()).unwrap()).unwrap();
    table
}

fn check(request: Value) -> Result<Value, String> {
    let request = request.as_object().unwrap();
    table().validate(request).map(|m| Value::Object(m.args)).map_err(|e| e.to_string())
}

#[test]
fn json_values_get_the_same_form_as_words() {
    let table = [
        (json!({"prefix": "go", "n": "0x3"}), json!({"n": 3})),
        (json!({"prefix": "go", "n": 3, "who": null}), json!({"n": 3})),
        (json!({"prefix": "go", "who": "a", "n": 3}), json!({"n": 3, "who": ["a"]})),
        (json!({"prefix": "go", "n": 3, "who": ["a", 5]}), json!({"n": 3, "who": ["a", "5"]})),
        (json!({"prefix": "go", "n": 3, "who": []}), json!({"n": 3})),
        (json!({"prefix": "go", "n": 3, "pair": [1, "2"]}), json!({"n": 3, "pair": [1, 2]})),
        (json!({"prefix": "go", "n": 3, "f": "TRUE"}), json!({"n": 3, "f": true})),
        (
            json!({"prefix": "go", "n": 3, "format": "json", "target": ["mon-mgr", ""]}),
            json!({"n": 3, "format": "json", "target": ["mon-mgr", ""]}),
        ),
    ];
    for (request, expected) in table {
        assert_eq!(check(request.clone()), Ok(expected), "{request}");
    }
}

#[test]
fn of_several_signatures_the_first_that_fits_the_arguments_is_chosen() {
    let mut table = CommandTable::new();
    for descriptor in [
        "set name=id,type=CephInt name=value,type=CephString",
        "set name=who,type=CephString name=value,type=CephString",
        "set name=who,type=CephString",
    ] {
        let spec = CommandSpec::new("m", descriptor, "", "r", Flags::default()).unwrap();
        table.register(spec).unwrap();
    }
    let chosen = |request: &Value| {
        let chosen = table.validate(request.as_object().unwrap());
        chosen.map(|matched| matched.spec.usage()).map_err(|error| error.to_string())
    };
    for (request, expected) in [
        (json!({"prefix": "set", "id": "5", "value": "x"}), Ok("set <id:int> <value>")),
        (json!({"prefix": "set", "who": "a", "value": "x"}), Ok("set <who> <value>")),
        (json!({"prefix": "set", "who": "a", "format": "json"}), Ok("set <who>")),
        (
            json!({"prefix": "set", "id": "five", "value": "x"}),
            Err("'set': id: five doesn't represent an int"),
        ),
        (
            json!({"prefix": "set", "who": "a", "value": "x", "z": 1}),
            Err("'set' has no argument 'z'; it takes: who, value"),
        ),
        (json!({"prefix": "set"}), Err("'set': missing required parameter id(<int>)")),
    ] {
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(chosen(&request), expected, "{request}");
    }
}

#[test]
fn refusals_name_the_command_the_argument_and_the_reason() {
    let table = [
        (json!({}), "the command has no text 'prefix'"),
        (json!({"prefix": "g"}), "No handler found for 'g'"),
        (json!({"prefix": "go"}), "'go': missing required parameter n(<int[1-5]>)"),
        (json!({"prefix": "go", "n": 9}), "'go': n: 9 not in range [1, 5]"),
        (json!({"prefix": "go", "n": [1]}), "'go': n: JSON array/object not allowed here"),
        (json!({"prefix": "go", "n": 1, "who": [{}]}), "'go': who: JSON array/object not allowed"),
        (json!({"prefix": "go", "n": 1, "pair": [1]}), "'go': saw 1 of pair(<int>), expected 2"),
        (
            json!({"prefix": "go", "n": 1, "x": 1}),
            "'go' has no argument 'x'; it takes: n, who, pair, f",
        ),
        (json!({"prefix": "go", "n": 1, "format": {}}), "'go': format: JSON array/object not"),
    ];
    for (request, expected) in table {
        let error = check(request.clone()).unwrap_err();
        assert!(error.starts_with(expected), "{request}: {error}");
    }
}

#[test]
fn texts() {
    let error = |request: Value| table().validate(request.as_object().unwrap()).unwrap_err();
    assert_errors!(ValidateError {
        NoPrefix: error(json!({"n": 1}));
        UnknownPrefix: error(json!({"prefix": "stop"}));
        Nested:
            error(json!({"prefix": "go", "n": {}})),
            error(json!({"prefix": "go", "n": 1, "who": [[]]}));
        UnknownArgument: error(json!({"prefix": "go", "n": 1, "x": 1}));
        BadValue:
            error(json!({"prefix": "go", "n": "x"})),
            error(json!({"prefix": "go", "n": 9}));
        Missing:
            error(json!({"prefix": "go"})),
            error(json!({"prefix": "go", "n": 1, "pair": [1]}));
    });
}
