//! Exposing commands, responses, formats.

use super::probing;
use integration_tests::{Setup, TestManager};
use serde_json::json;

const WORMHOLES: &str = include_str!("../modules/wormholes.py");
const KINDS: &str = include_str!("../modules/kinds.py");

fn start(name: &str, text: &str) -> TestManager {
    let daemon = Setup::new().python(name, text).start();
    daemon.await_running(name);
    daemon
}

/// Text with every run of blanks and line breaks as one blank, as columns of help break anywhere.
fn flowed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_examples_of_the_guide_work_unchanged() {
    let daemon = start("antigravity", WORMHOLES);
    let send = "antigravity send to blackhole";
    assert_eq!(daemon.ok(&format!("{send} apple")), "the black hole swallowed 'apple'\n");
    let gone = daemon.run(&format!("{send} pear")).fails(2);
    assert_eq!(gone, "Error ENOENT: object 'pear' not found\n");
    let sealed =
        |password: &str| daemon.ctl(&format!("{send} apple m87 -i -")).input(password).run();
    assert_eq!(sealed("sesame\n").ok(), "the black hole swallowed 'apple'\n");
    assert_eq!(sealed("hello\n").fails(22), "Error EINVAL: unable to decrypt location\n");

    let list = "antigravity list wormholes";
    assert_eq!(daemon.json(&format!("{list} apple")), json!([{"name": "w1"}]));
    let details = daemon.ok(&format!("{list} apple --details -f yaml"));
    assert_eq!(details, "- age: 7\n  destination: andromeda\n  name: w1\n");
    assert_eq!(daemon.json("antigravity clever"), json!({"gravitons": 999, "tachyons": 404}));
    let unknown = daemon.run(&format!("{list} pear")).fails(2);
    assert_eq!(unknown, "Error ENOENT: Unknown oid: pear\n");
    let torn = daemon.run(&format!("{list} torn")).fails(22);
    assert_eq!(torn, "Error EINVAL: the database is torn\n");

    assert_eq!(daemon.ok("antigravity dump config apple"), "raw\n\nblob\n");
    let blob = daemon.run("antigravity dump config pear").fails(2);
    assert_eq!(blob, "Error ENOENT: Blob does not exist\n");

    let create = daemon.run("antigravity create wormhole apple w2");
    assert_eq!((create.status, create.text().as_str(), create.stderr.as_str()), (Some(0), "", ""));
    let again = daemon.run("antigravity create wormhole apple w2").fails(17);
    assert_eq!(again, "Error EEXIST: there is a wormhole 'w2' already\n");
}

#[test]
fn formats_are_those_that_the_object_offers() {
    let daemon = start("antigravity", WORMHOLES);
    let list = |format: &str| daemon.run(&format!("antigravity list wormholes apple -f {format}"));
    let pretty = "[\n  {\n    \"name\": \"w1\"\n  }\n]\n";
    assert_eq!((list("json").ok().as_str(), list("json-pretty").ok().as_str()), (pretty, pretty));
    assert_eq!(list("yaml").ok(), "- name: w1\n");
    assert_eq!(list("xml").fails(22), "Error EINVAL: Unsupported format: xml\n");
    assert_eq!(list("plain").fails(22), "Error EINVAL: Unsupported format: plain\n");
}

#[test]
fn the_usage_is_made_from_the_declaration() {
    let daemon = start("antigravity", WORMHOLES);
    let usage = "antigravity send to blackhole <oid> [<blackhole>]";
    let incomplete = daemon.run("antigravity send to blackhole").fails(22);
    let line = format!("{usage} : Send the specified object to black hole\n");
    assert!(incomplete.contains(&line), "{incomplete}");
    let help = flowed(&daemon.ok("-h antigravity send to blackhole"));
    let columns = "antigravity send to blackhole <oid> Send the specified object to black hole \
                   [<blackhole>]";
    assert!(help.contains(columns), "{help}");
    assert!(flowed(&daemon.ok("--help")).contains(columns));
}

#[test]
fn the_older_way_gets_the_arguments_as_a_dict_and_is_polled() {
    let daemon = start("antigravity", WORMHOLES);
    let polled = daemon.ok("foobar hello -p 0");
    let got = "[('myarg', 'hello'), ('poll', True), ('prefix', 'foobar'), ('print_header', True), \
               ('target', ['mon-mgr', '']), ('width', 80)]";
    assert_eq!(polled.trim_end(), got);
    assert!(flowed(&daemon.ok("-h foobar")).contains("foobar <myarg> Do something awesome"));
}

#[test]
fn arguments_of_every_kind_are_converted_and_checked() {
    let daemon = start("kinds", KINDS);
    for (words, got) in [
        ("basic x 0x10 1.5", "('x', 16, 1.5, False, None, 'dflt')"),
        ("basic x -3 2 --b --o 7 --d z", "('x', -3, 2.0, True, 7, 'z')"),
        ("basic x 1 2 --b=false", "('x', 1, 2.0, False, None, 'dflt')"),
        ("lists 1 2 --numbers=3,4", "((1, 2), [3, 4], None)"),
        ("lists 1 2 3 --words a,b", "((1, 2), [3], ['a', 'b'])"),
        ("choices green 2 q", "('green', 'two', 'q')"),
        ("checked pool 2.1f", "('pool', '2.1f', 3, 'w', None, None)"),
        (
            "checked pool 2.1f 10 abc osd.4 v1:1.2.3.4:5",
            "('pool', '2.1f', 10, 'abc', 4, '1.2.3.4:5')",
        ),
        ("named a --b 3", "('a', 3)"),
        ("poll -p 0", "tick"),
    ] {
        assert_eq!(daemon.ok(&format!("kinds {words}")).trim_end(), got, "{words}");
    }
    for (words, why) in [
        ("basic x y 1", "y doesn't represent an int"),
        ("basic x 1 z", "z doesn't represent a float"),
        ("basic x 1 1 --b=maybe", "maybe"),
        ("basic x 1", "missing required parameter f(<float>)"),
        ("lists 1", "expected 2"),
        ("choices blue 1 p", "blue not in red|green"),
        ("choices red 3 p", "3 not in 1|2"),
        ("choices red 1 r", "r not in p|q"),
        ("checked pool 2", "2 is not a placement group"),
        ("checked pool 2.1f 11", "11 not in range [1, 10]"),
        ("checked pool 2.1f --word ABC", "invalid chars ABC in ABC"),
        ("checked pool 2.1f --addr nowhere", "nowhere is not a valid IP address"),
        ("named a 3", "unused arguments: ['3']"),
    ] {
        let said = daemon.run(&format!("kinds {words}")).fails(22);
        assert!(said.contains(why), "{words}: {said}");
    }
    let help = flowed(&daemon.ok("-h kinds"));
    for usage in [
        "kinds basic <s> <i:int> <f:float> [--b] The basic ones [--o <int>] [--d <value>]",
        "kinds named <a> [--b <int>] Only by name",
    ] {
        assert!(help.contains(usage), "{help}");
    }
}

#[test]
fn a_file_reaches_the_handler_as_inbuf() {
    let daemon = start("kinds", KINDS);
    let with =
        |words: &str, input: &[u8]| daemon.ctl(&format!("kinds {words} -i -")).input(input).run();
    assert_eq!(daemon.ok("kinds input"), "None\n");
    assert_eq!(with("input", b"").ok(), "''\n");
    assert_eq!(with("input", "zwölf\n\n".as_bytes()).ok(), "'zwölf\\n\\n'\n");
    assert!(with("input", b"\xff").fails(22).contains("not UTF-8"));
    assert_eq!(with("rules a", b"one\n\n").ok(), "a: 'one'\n");
    let none = daemon.run("kinds rules a").fails(22);
    let missing =
        "Input file not specified: Please specify the file containing the rules with \"-i\" option";
    assert_eq!(none, format!("Error EINVAL: {missing}\n"));
    let empty = with("rules a", b"\n").fails(22);
    assert_eq!(empty, "Error EINVAL: Empty input file: Please add the rules to the file\n");
    let refused = with("named a", b"x").fails(22);
    assert!(refused.contains("Input file data (-i) not supported"), "{refused}");
}

#[test]
fn an_invalid_answer_is_an_error_that_names_it() {
    let daemon = start("kinds", KINDS);
    for (how, part) in [
        ("nothing", "returned NoneType None instead of (retval, stdout, stderr)"),
        ("a pair", "returned tuple (0, '')"),
        ("a list", "returned list [0, '', '']"),
        ("a number", "returned int 0"),
        ("a text", "returned str 'x'"),
        ("a number as stdout", "returned int 5 as stdout, which must be str"),
        ("nothing as stdout", "returned NoneType None as stdout"),
        ("nothing as stderr", "returned NoneType None as stderr"),
        ("text as retval", "returned str '0' as retval"),
        ("unheard of", "KeyError: 'unheard of'"),
    ] {
        let said = daemon.ctl("kinds return").word(how).run().fails(22);
        assert!(said.contains(part), "{how}: {said}");
    }
    let positive = daemon.run("kinds return positive");
    let said = (positive.status, positive.text(), positive.stderr.as_str());
    assert_eq!(said, (Some(0), "out\n".to_owned(), "err\n"));
    assert_eq!(daemon.run("kinds return lines").ok(), "a\n\nb\n");
}

#[test]
fn an_output_larger_than_a_message_ends_only_its_command() {
    let daemon = probing(&["probe"]);
    let pid = daemon.await_running("probe");
    let huge = daemon.ctl("mgr probe eval -i -").input("print('x' * 80_000_000)").run();
    assert!(huge.fails(27).contains("80000"), "says how large it was");
    assert_eq!(daemon.await_running("probe"), pid);
}
